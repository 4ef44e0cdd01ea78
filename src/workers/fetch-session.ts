/**
 * What the broker remembers of our last Fetch on its connection (KIP-227): later requests name only what changed. Builds the
 * partition part of requests; knows no answers but the session's.
 */
import type { Partition } from './partition.ts'

/** One partition a Fetch asks for. */
export interface FetchPart {
  readonly partition: Partition
  readonly offset: number
  readonly maxBytes: number
  /** −1: unknown. */
  readonly lastFetchedEpoch: number
}

interface FetchPartition {
  partition: number
  currentLeaderEpoch: number
  fetchOffset: number
  lastFetchedEpoch: number
  partitionMaxBytes: number
}

/** The fields of a FetchRequest that depend on the session. */
export interface FetchAsk {
  sessionId: number
  sessionEpoch: number
  topics: { topic: string; topicId: string; partitions: FetchPartition[] }[]
  forgottenTopicsData: { topic: string; topicId: string; partitions: number[] }[]
}

const MAX_EPOCH = 0x7fff_ffff
/** Session epoch of a request that opens none. */
const SESSIONLESS = -1

/** A request that leaves no trace. `epochs`: whether the broker takes the epoch of what was read last. */
export function sessionlessAsk(parts: readonly FetchPart[], epochs: boolean): FetchAsk {
  return { sessionId: 0, sessionEpoch: SESSIONLESS, topics: byTopic(parts, epochs), forgottenTopicsData: [] }
}

export class FetchSession {
  #id = 0
  #epoch = 0
  /** By handle, what the broker believes we ask for. */
  #known = new Map<number, { part: FetchPart; leaderEpoch: number; topicId: string }>()

  /** Whether the broker has agreed to it; requests may follow each other then without waiting for answers. */
  get open(): boolean {
    return this.#id !== 0
  }

  /** The request for exactly these partitions, to be sent in this order. `epochs`: whether the broker takes the epoch of what was read last. */
  ask(parts: readonly FetchPart[], epochs: boolean): FetchAsk {
    const wanted = new Map(parts.map((part) => [part.partition.handle, part]))
    const changed = this.open ? parts.filter((part) => this.#differs(part)) : parts
    const forgotten = new Map<string, { topic: string; topicId: string; partitions: number[] }>()
    for (const [handle, { part, topicId }] of this.#known) {
      const still = wanted.get(handle)
      if (still && still.partition.topicId === topicId) continue
      const { topic, partition } = part.partition
      let entry = forgotten.get(topicId + topic)
      if (!entry) forgotten.set(topicId + topic, (entry = { topic, topicId, partitions: [] }))
      entry.partitions.push(partition)
    }
    const ask: FetchAsk = {
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: byTopic(changed, epochs),
      forgottenTopicsData: [...forgotten.values()],
    }
    if (this.open) this.#epoch = this.#epoch === MAX_EPOCH ? 1 : this.#epoch + 1
    this.#known = new Map(
      parts.map((part) => [
        part.partition.handle,
        { part, leaderEpoch: part.partition.leaderEpoch, topicId: part.partition.topicId },
      ]),
    )
    return ask
  }

  /** The broker's answer to {@link ask}: it opened, kept or declined the session. */
  answered(sessionId: number): void {
    if (sessionId === 0) this.reset()
    else if (!this.open) {
      this.#id = sessionId
      this.#epoch = 1
    }
  }

  /** The session is lost or in doubt: the next request opens a new one. */
  reset(): void {
    this.#id = this.#epoch = 0
    this.#known.clear()
  }

  #differs(part: FetchPart): boolean {
    const known = this.#known.get(part.partition.handle)
    return (
      !known ||
      known.part.offset !== part.offset ||
      known.part.maxBytes !== part.maxBytes ||
      known.part.lastFetchedEpoch !== part.lastFetchedEpoch ||
      known.leaderEpoch !== part.partition.leaderEpoch ||
      known.topicId !== part.partition.topicId
    )
  }
}

function byTopic(parts: readonly FetchPart[], epochs: boolean): FetchAsk['topics'] {
  const topics = new Map<string, FetchAsk['topics'][number]>()
  for (const { partition, offset, maxBytes, lastFetchedEpoch } of parts) {
    let entry = topics.get(partition.topic)
    if (!entry) topics.set(partition.topic, (entry = { topic: partition.topic, topicId: partition.topicId, partitions: [] }))
    entry.partitions.push({
      partition: partition.partition,
      currentLeaderEpoch: partition.leaderEpoch,
      fetchOffset: offset,
      lastFetchedEpoch: epochs ? lastFetchedEpoch : -1,
      partitionMaxBytes: maxBytes,
    })
  }
  return [...topics.values()]
}
