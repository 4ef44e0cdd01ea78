/**
 * A topic of the brokers' own whose leaders coordinate what belongs to its partitions: consumer groups by their ids, transactions by
 * theirs. Owns which partition that is and who is known to lead it. Nothing is written to such a topic.
 */
import type { Cluster } from './cluster.ts'
import { javaHashCode } from './groups/java-hash.ts'
import type { Partition } from './partition.ts'
import type { Topic } from './topic.ts'

/** `offsets.topic.num.partitions` and `transaction.state.log.num.partitions` */
export const INTERNAL_PARTITIONS = 50
/** As far as there are nodes. */
export const INTERNAL_REPLICAS = 3

export class InternalTopic {
  readonly name: string
  readonly #cluster: Cluster
  readonly #configs: ReadonlyMap<string, string>
  /** Who leads each partition, as far as was acted upon. */
  readonly #leaders = new Map<number, number>()
  #partitions = INTERNAL_PARTITIONS

  constructor(cluster: Cluster, name: string, configs: ReadonlyMap<string, string>) {
    this.name = name
    this.#cluster = cluster
    this.#configs = configs
  }

  get topic(): Topic | undefined {
    return this.#cluster.topics.get(this.name)
  }

  /** The partition that a key belongs to; undefined while there is no topic. */
  partitionOf(key: string): Partition | undefined {
    return this.topic?.partitions[this.indexOf(key)]
  }

  /** As {@link partitionOf}; makes the topic when there is none. */
  findPartition(key: string): Partition {
    const topic = this.topic ?? this.#makeTopic()
    return topic.partitions[this.indexOf(key)]!
  }

  indexOf(key: string): number {
    const hash = javaHashCode(key)
    // The smallest number has no positive counterpart in 32 bits.
    return (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % this.#partitions
  }

  /** To be called when the topic was made: from now on `changed` hears of new leaders. */
  follow(topic: Topic, changed: (partition: Partition) => void): void {
    // Partitions that are added later coordinate nothing: keys would change places.
    this.#partitions = topic.partitions.length
    for (const partition of topic.partitions) {
      const { index } = partition
      this.#leaders.set(index, partition.leader)
      const disturbed = (): void => {
        if (this.topic !== topic || this.#leaders.get(index) === partition.leader) return
        this.#leaders.set(index, partition.leader)
        changed(partition)
      }
      partition.watchers.add({ appended: () => {}, disturbed })
    }
  }

  #makeTopic(): Topic {
    const { nodes } = this.#cluster
    const factor = Math.min(INTERNAL_REPLICAS, nodes.length)
    const replicas = Array.from({ length: INTERNAL_PARTITIONS }, (_, p) =>
      Array.from({ length: factor }, (_, r) => nodes[(p + r) % nodes.length]!.id),
    )
    return this.#cluster.topics.create({ topic: this.name, configs: this.#configs }, replicas)
  }
}
