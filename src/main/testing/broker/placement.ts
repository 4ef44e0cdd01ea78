/** Which nodes get the replicas of new partitions, the preferred leader first. Owns whose turn it is; knows no topics. */
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import type { TopicSpec } from './cluster-options.ts'
import { Refusal } from './refusal.ts'

const MAX_PARTITIONS = 10_000
/** Of a topic that names none, as far as there are nodes. */
export const DEFAULT_REPLICATION = 3

/** What there is to choose from. */
export interface PlacementNodes {
  has(node: number): boolean
  live(): number[]
}

export class Placement {
  readonly #nodes: PlacementNodes
  /** Where the next topic's first replica goes, so that leaders spread. */
  #nextReplica = 0

  constructor(nodes: PlacementNodes) {
    this.#nodes = nodes
  }

  /** Replicas of a new topic's or of further partitions, in turn over the live nodes; throws a {@link Refusal} when there are too few. */
  choose({ topic, partitions = -1, replicationFactor = -1 }: TopicSpec): number[][] {
    const nodes = this.#nodes.live()
    const factor = replicationFactor === -1 ? Math.min(DEFAULT_REPLICATION, nodes.length) : replicationFactor
    const badFactor = (): Refusal =>
      new Refusal(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        `Replication factor of '${topic}' was ${factor}; it must be 1 to the number of live nodes, ${nodes.length}.`,
      )
    if (factor < 1) throw badFactor()
    const count = partitions === -1 ? 1 : partitions
    if (count < 1 || count > MAX_PARTITIONS) {
      throw new Refusal(
        ErrorCode.INVALID_PARTITIONS,
        `Number of partitions of '${topic}' was ${count}; it must be 1 to ${MAX_PARTITIONS}.`,
      )
    }
    if (factor > nodes.length) throw badFactor()
    const start = this.#nextReplica++
    return Array.from({ length: count }, (_, p) =>
      Array.from({ length: factor }, (_, r) => nodes[(start + p + r) % nodes.length]!),
    )
  }

  /** The replicas that somebody chose himself; throws a {@link Refusal} when they cannot be. */
  check(assignment: number[][]): number[][] {
    const factor = assignment[0]?.length ?? 0
    for (const replicas of assignment) {
      const known = replicas.every((id) => this.#nodes.has(id))
      if (!known || replicas.length === 0 || replicas.length !== factor || new Set(replicas).size !== replicas.length) {
        throw new Refusal(
          ErrorCode.INVALID_REPLICA_ASSIGNMENT,
          `The replicas [${replicas.join(', ')}] must be ${factor} known nodes, each once`,
        )
      }
    }
    return assignment
  }
}
