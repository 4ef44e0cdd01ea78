/**
 * What becomes of a partition's records with time and size: which are too old or too many, and when the log is compacted. Owns when it has
 * to look again; what the records are, and who hears of it, is the partition's.
 */
import { attributes } from '../../../shared/record-batch.ts'
import { Cleaner, type CleaningFacts } from './cleaner.ts'
import { CLEANER_BACKOFF_MS, type Housekeeping, type Kept } from './housekeeping.ts'
import type { PartitionLog } from './log.ts'
import type { ProducerState } from './producer-state.ts'
import type { TopicSettings } from './topic-configs.ts'
import type { PartitionTransactions } from './transactions/partition-transactions.ts'

/** What the upkeep needs of the cluster. */
export interface UpkeepWorld {
  wallClock(): number
  readonly housekeeping: Housekeeping
  /** How often old records are looked for. */
  readonly retentionCheckMs: number
}

/** The partition as its upkeep knows it. */
export interface KeptLog {
  readonly log: PartitionLog
  readonly settings: TopicSettings
  readonly producers: ProducerState
  readonly transactions: PartitionTransactions
  readonly lastStableOffset: number
  /** The log begins later from now on. */
  begins(): void
  /** What is before this offset was compacted. */
  cleaned(before: number): void
  /** All is told, and readers are to learn that the log begins later. */
  disturb(): void
}

export class LogUpkeep implements Kept {
  readonly #partition: KeptLog
  readonly #world: UpkeepWorld
  readonly #cleaner: Cleaner
  /** By the wall clock: when something may expire next, as far as that was asked for. */
  #expiryAt = Number.POSITIVE_INFINITY

  constructor(partition: KeptLog, world: UpkeepWorld) {
    this.#partition = partition
    this.#world = world
    this.#cleaner = new Cleaner(partition.log, world.wallClock())
  }

  /** To be called before a batch is appended; what it gives is for {@link after}. */
  before(bytes: number, maxTimestamp: number, now: number): boolean {
    return this.#cleaner.before(bytes, maxTimestamp, now, this.#partition.settings)
  }

  /** To be called when the batch is in the log. */
  after(rolled: boolean, now: number): void {
    const settings = this.#partition.settings
    if (settings.retentionBytes >= 0 && this.#partition.log.retain(settings.retentionBytes)) this.#partition.begins()
    if (settings.retentionMs >= 0 && this.#expiryAt === Number.POSITIVE_INFINITY) this.#expectExpiry(now)
    if (rolled && settings.compacted) this.#world.housekeeping.at(this, now + CLEANER_BACKOFF_MS)
  }

  /** Lets records expire and compacts the log, where that is due. */
  keep(now: number): number {
    const settings = this.#partition.settings
    const start = this.#partition.log.logStartOffset
    this.#expiryAt = Number.POSITIVE_INFINITY
    if (settings.retentionMs >= 0) {
      if (this.#partition.log.expire(now - settings.retentionMs)) this.#partition.begins()
      this.#expectExpiry(now)
    }
    let cleanAgain = Number.POSITIVE_INFINITY
    if (settings.compacted) {
      const { cleanedBefore, again } = this.#cleaner.run(now, settings, this.#cleaningFacts())
      if (cleanedBefore !== undefined) this.#partition.cleaned(cleanedBefore)
      cleanAgain = Math.max(again, now + CLEANER_BACKOFF_MS)
    }
    if (this.#partition.log.logStartOffset !== start) this.#partition.disturb()
    return Math.min(this.#expiryAt, cleanAgain)
  }

  settingsChanged(): void {
    const { retentionBytes, retentionMs, compacted } = this.#partition.settings
    const start = this.#partition.log.logStartOffset
    if (retentionBytes >= 0 && this.#partition.log.retain(retentionBytes)) this.#partition.begins()
    const now = this.#world.wallClock()
    this.#expiryAt = Number.POSITIVE_INFINITY
    if (retentionMs >= 0) this.#expectExpiry(now)
    if (compacted) this.#world.housekeeping.at(this, now + CLEANER_BACKOFF_MS)
    if (this.#partition.log.logStartOffset !== start) this.#partition.disturb()
  }

  /** The log's end was cut off. */
  truncated(): void {
    this.#cleaner.truncated()
  }

  /** Nothing is looked after any more. */
  close(): void {
    this.#world.housekeeping.forget(this)
  }

  #cleaningFacts(): CleaningFacts {
    const { lastStableOffset, producers, transactions } = this.#partition
    return {
      lastStableOffset,
      isLastOfProducer: ({ producerId }, lastOffset) => producerId >= 0 && producers.lastOffsetOf(producerId) === lastOffset,
      isAborted: ({ attributes: flags, producerId, baseOffset }) =>
        attributes.transactional(flags) && transactions.isAborted(producerId, baseOffset),
    }
  }

  #expectExpiry(now: number): void {
    const oldest = this.#partition.log.oldestTimestamp()
    if (oldest === undefined) return
    const { retentionMs } = this.#partition.settings
    this.#expiryAt = Math.max(oldest + retentionMs + 1, now + this.#world.retentionCheckMs)
    this.#world.housekeeping.at(this, this.#expiryAt)
  }
}
