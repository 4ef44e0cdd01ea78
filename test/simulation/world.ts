/** What a run consists of, as its faults, writers and readers see it. Decides nothing. */
import type { Kafka } from '../../src/main/index.ts'
import type { Cluster } from '../../src/main/testing/broker/cluster.ts'
import type { Partition } from '../../src/main/testing/broker/partition.ts'
import type { Topic } from '../../src/main/testing/broker/topic.ts'
import type { SimEnv } from '../support/sim-env.ts'
import type { Chance } from './chance.ts'
import type { Wire } from './wire.ts'

export interface World {
  readonly env: SimEnv
  readonly cluster: Cluster
  readonly kafka: Kafka
  /** What responses turn into on their way. */
  readonly wire: Wire
  /** For the choices of the fault that strikes now. */
  chance: Chance
  /** Every topic there ever was: a deleted one keeps its log here. */
  readonly topics: Topic[]
  /** Nodes that are stopped. */
  readonly down: Set<number>
  /** What must not be, as it is found. */
  readonly problems: Set<string>
  /** When the last effect of a fault is over. */
  quietAt: number
}

/** One kind of trouble. */
export interface Fault {
  readonly name: string
  /** How often it is chosen, relative to the others. */
  readonly weight: number
  /** Causes it once, and says what happened; undefined when it could not. */
  strike(world: World): string | undefined
}

/** Topics under this name are deleted and made again. */
export const FLEETING = 'fleeting'

/** What a fault did lasts so much longer from now. */
export function lasts(world: World, ms: number): void {
  world.quietAt = Math.max(world.quietAt, world.env.now() + ms)
}

export function sleep(world: Pick<World, 'env'>, ms: number): Promise<void> {
  return new Promise((resolve) => world.env.setTimeout(resolve, ms))
}

export function anyPartition({ cluster, chance }: World): Partition | undefined {
  const topics = [...cluster.topics.values()]
  return topics.length > 0 ? chance.oneOf(chance.oneOf(topics).partitions) : undefined
}

export function anyNode({ chance, cluster }: World): number {
  return 1 + chance.pick(cluster.nodes.length)
}

export function portOf({ cluster }: World, node: number): number {
  return cluster.nodes[node - 1]!.port
}
