/**
 * When one partition's log is to be compacted, and how much of it: its segments as far as that decides it, and what was cleaned
 * already. Kafka never cleans the segment that is being written to, so there are segments here too, though only as numbers.
 */
import type { BatchHeader } from '../../../shared/record-batch.ts'
import { compacted } from './compaction.ts'
import type { PartitionLog, StoredBatch } from './log.ts'
import type { TopicSettings } from './topic-configs.ts'

/** What the cleaner must know of transactions and producers. */
export interface CleaningFacts {
  /** Records from here on may still be aborted. */
  lastStableOffset: number
  isLastOfProducer(header: BatchHeader, lastOffset: number): boolean
  isAborted(header: BatchHeader): boolean
}

export class Cleaner {
  readonly #log: PartitionLog
  /** Where the segment begins that is written to. */
  #activeFrom = 0
  #activeBytes = 0
  /** The first timestamp in it; −1: none. */
  #activeSince = -1
  #activeMadeAt: number
  #firstDirty = 0

  constructor(log: PartitionLog, now: number) {
    this.#log = log
    this.#activeMadeAt = now
  }

  /** To be called before a batch is appended. Says whether a new segment begins with it, so that there may be something to clean. */
  before(bytes: number, maxTimestamp: number, now: number, settings: TopicSettings): boolean {
    const longest = settings.compacted ? Math.min(settings.segmentMs, settings.maxCompactionLagMs) : settings.segmentMs
    const age = this.#activeSince >= 0 && maxTimestamp >= 0 ? maxTimestamp - this.#activeSince : now - this.#activeMadeAt
    const rolls = this.#activeBytes > 0 && (this.#activeBytes + bytes > settings.segmentBytes || age > longest)
    if (rolls) {
      this.#activeFrom = this.#log.logEndOffset
      this.#activeBytes = 0
      this.#activeSince = -1
    }
    if (this.#activeBytes === 0) {
      this.#activeSince = maxTimestamp
      this.#activeMadeAt = now
    }
    this.#activeBytes += bytes
    return rolls
  }

  /** The log's end was cut off. */
  truncated(): void {
    const { logEndOffset } = this.#log
    this.#activeFrom = Math.min(this.#activeFrom, logEndOffset)
    this.#firstDirty = Math.min(this.#firstDirty, logEndOffset)
  }

  /** Compacts the log if that is worth it. Says up to where it did, and when to ask again though nothing was written. */
  run(now: number, settings: TopicSettings, facts: CleaningFacts): { cleanedBefore?: number; again: number } {
    const { deleteRetentionMs, minCompactionLagMs, maxCompactionLagMs, minCleanableRatio } = settings
    const limit = Math.min(this.#activeFrom, facts.lastStableOffset)
    const all = [...this.#log.batches()]
    const ripe = minCompactionLagMs > 0 ? now - minCompactionLagMs : Number.POSITIVE_INFINITY
    const end = all.findIndex(({ lastOffset, maxTimestamp }) => lastOffset >= limit || maxTimestamp > ripe)
    const cleanable = end < 0 ? all : all.slice(0, end)
    const unripe = all[cleanable.length]
    const ripens = unripe && unripe.lastOffset < limit ? unripe.maxTimestamp + minCompactionLagMs : Number.POSITIVE_INFINITY
    const dirty = cleanable.filter(({ lastOffset }) => lastOffset >= this.#firstDirty)
    if (dirty.length === 0) return { again: ripens }
    const overdue = dirty[0]!.maxTimestamp + maxCompactionLagMs
    if (sizeOf(dirty) / sizeOf(cleanable) <= minCleanableRatio && now <= overdue) return { again: Math.min(ripens, overdue) }
    const upTo = cleanable.at(-1)!.lastOffset + 1
    const round = { firstDirty: this.#firstDirty, end: upTo, now, deleteRetentionMs, ...functionsOf(facts) }
    this.#log.replaceBefore(upTo, compacted(cleanable, round))
    this.#firstDirty = upTo
    return { cleanedBefore: upTo, again: ripens }
  }
}

const functionsOf = (facts: CleaningFacts) => ({
  isLastOfProducer: (header: BatchHeader, lastOffset: number) => facts.isLastOfProducer(header, lastOffset),
  isAborted: (header: BatchHeader) => facts.isAborted(header),
})

const sizeOf = (batches: readonly StoredBatch[]): number => batches.reduce((sum, { size }) => sum + size, 0)
