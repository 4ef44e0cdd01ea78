/** The bytes of fetched records that a group may hold: divided among its partitions, so that none waits for another's. */

/** Below this a fetch is not worth its request; a batch that is larger arrives whole all the same (KIP-74). */
const LEAST_BYTES = 1_024

export class PrefetchBudget {
  readonly limit: number
  /** Bytes held now. */
  used = 0
  /** The most that were held. */
  peak = 0
  /** How many partitions share it. */
  partitions = 0

  constructor(limit: number) {
    this.limit = limit
  }

  /**
   * What one fetch of a partition may bring. Each partition may hold one such answer at any time, so half of the budget is for these;
   * the other half is for answers that are there before the last one is used up.
   */
  share(wanted: number): number {
    return Math.max(LEAST_BYTES, Math.min(wanted, Math.floor(this.limit / (2 * Math.max(1, this.partitions)))))
  }

  /** Whether a partition that has records already may ask for more. */
  hasRoom(bytes: number): boolean {
    return this.used + bytes <= this.limit
  }

  take(bytes: number): void {
    this.used += bytes
    if (this.used > this.peak) this.peak = this.used
  }

  give(bytes: number): void {
    this.used -= bytes
  }
}
