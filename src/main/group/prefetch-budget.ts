/**
 * The bytes of fetched records that a group may hold: divided among its partitions, so that none waits for another's. Batches that are
 * larger than a share come whole (KIP-74); when those have used the budget up, partitions ask in turn, each when there is room for it.
 */

/** Below this a fetch is not worth its request; a batch that is larger arrives whole all the same (KIP-74). */
const LEAST_BYTES = 1_024

/** A partition that asks for records. */
export interface Asker {
  /** It has asked, and there is no room any more: it takes that back and waits. */
  withdraw(): void
  /** It may look again. */
  wake(): void
}

export class PrefetchBudget {
  readonly limit: number
  /** Bytes held now. */
  used = 0
  /** The most that were held. */
  peak = 0
  /** How many partitions share it. */
  partitions = 0
  /** Who has asked, or may. */
  readonly #asking = new Set<Asker>()
  /** Who would ask if there were room, the one who has waited longest first. */
  readonly #waiting = new Set<Asker>()
  /** It was used up, and is not half empty yet. */
  #scarce = false
  #largest = LEAST_BYTES

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
    return !this.#scarce && this.used + bytes <= this.limit
  }

  /** Whether it may ask now; if not, it is woken. To be followed by {@link answered} or {@link leave}. */
  admit(asker: Asker): boolean {
    if (!this.#asking.has(asker)) {
      if (this.#scarce) this.#waiting.add(asker)
      else this.#asking.add(asker)
      this.#serve()
    }
    return this.#asking.has(asker)
  }

  answered(asker: Asker): void {
    this.#asking.delete(asker)
    this.#serve()
  }

  /** It does not want to ask any more. */
  leave(asker: Asker): void {
    this.#waiting.delete(asker)
    if (this.#asking.delete(asker)) this.#serve()
  }

  take(bytes: number): void {
    this.used += bytes
    if (this.used > this.peak) this.peak = this.used
    if (bytes > this.#largest) this.#largest = bytes
    if (this.used < this.limit) return
    this.#scarce = true
    // what all of them might bring would be far too much
    for (const asker of [...this.#asking]) {
      this.#asking.delete(asker)
      this.#waiting.add(asker)
      asker.withdraw()
    }
  }

  give(bytes: number): void {
    this.used -= bytes
    if (this.#scarce && this.used <= this.limit / 2) {
      this.#scarce = false
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const asker of waiting) asker.wake()
    } else this.#serve()
  }

  /** While it is scarce: as many at a time as there is room for if each brings the most that was seen, and one at least. */
  #serve(): void {
    if (!this.#scarce) return
    for (const asker of this.#waiting) {
      const room = this.used + (this.#asking.size + 1) * this.#largest <= this.limit
      if (this.used >= this.limit || !(room || this.#asking.size === 0)) return
      this.#waiting.delete(asker)
      this.#asking.add(asker)
      asker.wake()
    }
  }
}
