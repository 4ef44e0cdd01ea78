/**
 * Group offsets that were committed in transactions which are still open, by producer. They become committed offsets when the
 * transaction is committed and are dropped when it is aborted (KIP-447: until then the offset of their partition is not stable).
 */
import type { CommittedOffset } from '../groups/offsets.ts'

/** By topic and partition. */
type Offsets = Map<string, Map<number, CommittedOffset>>

export class PendingOffsets {
  /** By producer id and group. */
  readonly #producers = new Map<number, Map<string, Offsets>>()
  readonly #changed: () => void

  constructor(changed: () => void = () => {}) {
    this.#changed = changed
  }

  /** Everything, as plain data that is given back to {@link set}. */
  get saved(): ReadonlyMap<number, ReadonlyMap<string, Offsets>> {
    return this.#producers
  }

  set(producerId: number, group: string, topic: string, partition: number, committed: CommittedOffset): void {
    this.#changed()
    const groups = getOrMake(this.#producers, producerId, () => new Map<string, Offsets>())
    const topics = getOrMake(groups, group, (): Offsets => new Map())
    getOrMake(topics, topic, () => new Map<number, CommittedOffset>()).set(partition, committed)
  }

  has(group: string, topic: string, partition: number): boolean {
    for (const groups of this.#producers.values()) if (groups.get(group)?.get(topic)?.has(partition)) return true
    return false
  }

  hasGroup(group: string): boolean {
    for (const groups of this.#producers.values()) if (groups.has(group)) return true
    return false
  }

  /** Takes out what a producer committed for the groups that `isMeant`. */
  *take(
    producerId: number,
    isMeant: (group: string) => boolean,
  ): Generator<{ group: string; topic: string; partition: number; committed: CommittedOffset }> {
    const groups = this.#producers.get(producerId)
    if (groups) this.#changed()
    for (const [group, topics] of groups ?? []) {
      if (!isMeant(group)) continue
      groups!.delete(group)
      for (const [topic, partitions] of topics)
        for (const [partition, committed] of partitions) yield { group, topic, partition, committed }
    }
    if (groups?.size === 0) this.#producers.delete(producerId)
  }

  deleteGroup(group: string): void {
    this.#changed()
    for (const groups of this.#producers.values()) groups.delete(group)
  }

  delete(group: string, topic: string, partition: number): void {
    this.#changed()
    for (const groups of this.#producers.values()) {
      const topics = groups.get(group)
      const partitions = topics?.get(topic)
      partitions?.delete(partition)
      if (partitions?.size === 0) topics!.delete(topic)
      if (topics?.size === 0) groups.delete(group)
    }
  }

  /** Forgets a topic that was deleted. */
  topicDeleted(topic: string): void {
    this.#changed()
    for (const groups of this.#producers.values()) {
      for (const [group, topics] of groups) {
        topics.delete(topic)
        if (topics.size === 0) groups.delete(group)
      }
    }
  }

  clear(): void {
    this.#changed()
    this.#producers.clear()
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
