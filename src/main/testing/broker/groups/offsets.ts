/** The offsets that one group has committed, by topic name and partition. Nothing expires. Knows no members and no requests. */
import { ZERO_UUID } from '../../../../shared/protocol/uuid.ts'

export interface CommittedOffset {
  readonly offset: number
  /** −1: not said. */
  readonly leaderEpoch: number
  readonly metadata: string
  /** Of the topic as it was then: one that was deleted and made again has none of its offsets. */
  readonly topicId: string
  /** Of all commits, the later one has the greater number. */
  readonly order: number
}

export type OffsetListener = (topic: string, partition: number, committed: CommittedOffset | undefined) => void

export class GroupOffsets {
  readonly #topics = new Map<string, Map<number, CommittedOffset>>()
  readonly #changed: OffsetListener

  /** `changed` is told of every offset that is committed or, undefined, forgotten. */
  constructor(changed: OffsetListener = () => {}) {
    this.#changed = changed
  }

  get isEmpty(): boolean {
    return this.#topics.size === 0
  }

  /** The offset, unless it belongs to another topic of that name. A zero id fits all. */
  get(topic: string, partition: number, topicId = ZERO_UUID): CommittedOffset | undefined {
    const found = this.#topics.get(topic)?.get(partition)
    return found && topicId !== ZERO_UUID && found.topicId !== topicId ? undefined : found
  }

  set(topic: string, partition: number, committed: CommittedOffset): void {
    this.#changed(topic, partition, committed)
    const partitions = this.#topics.get(topic)
    if (partitions) partitions.set(partition, committed)
    else this.#topics.set(topic, new Map([[partition, committed]]))
  }

  delete(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic)
    if (partitions?.delete(partition)) this.#changed(topic, partition, undefined)
    if (partitions?.size === 0) this.#topics.delete(topic)
  }

  /** Forgets a topic that was deleted. */
  topicDeleted(topic: string, topicId: string): void {
    for (const [partition, committed] of this.#topics.get(topic) ?? []) {
      if (committed.topicId === topicId) this.delete(topic, partition)
    }
  }

  /** Everything, by topic, in ascending order of partitions. */
  *list(): Generator<{ topic: string; partitions: [partition: number, committed: CommittedOffset][] }> {
    for (const [topic, partitions] of this.#topics) yield { topic, partitions: [...partitions].sort(([a], [b]) => a - b) }
  }
}
