/** Sets of partitions by topic id: what a member is to have, and what it has with the member epoch at which it got each. */

/** By topic id. No topic is there without partitions. */
export type PartitionSets = ReadonlyMap<string, ReadonlySet<number>>

/** By topic id, then partition: the member epoch at which the member got it. No topic is there without partitions. */
export type HeldPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>

export interface TopicPartitions {
  topicId: string
  partitions: number[]
}

export const NO_PARTITIONS: PartitionSets = new Map()
export const NOTHING_HELD: HeldPartitions = new Map()

/** As messages have it, in ascending order of partitions. */
export function listed(partitions: ReadonlyMap<string, ReadonlySet<number> | ReadonlyMap<number, number>>): TopicPartitions[] {
  return Array.from(partitions, ([topicId, indexes]) => ({ topicId, partitions: [...indexes.keys()].sort((a, b) => a - b) }))
}

/** The same partitions at the same epochs. */
export function sameHeld(a: HeldPartitions, b: HeldPartitions): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [topicId, epochs] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== epochs.size) return false
    for (const [partition, epoch] of epochs) if (others.get(partition) !== epoch) return false
  }
  return true
}

/** All at one epoch. */
export function heldAt(partitions: PartitionSets, epoch: number): HeldPartitions {
  return new Map(
    Array.from(partitions, ([topicId, indexes]) => [topicId, new Map(Array.from(indexes, (index) => [index, epoch]))]),
  )
}

export function withoutEpochs(held: HeldPartitions): PartitionSets {
  return new Map(Array.from(held, ([topicId, epochs]) => [topicId, new Set(epochs.keys())]))
}

export function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}
