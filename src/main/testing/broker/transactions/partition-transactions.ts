/**
 * What one partition knows of transactions: which are open, where they began, which were aborted, and so up to where a reader of
 * committed records may go. Knows no bytes, no coordinator and no requests.
 */

/** As an answer to a fetch has it. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

interface EndedTransaction extends AbortedTransaction {
  /** That of the marker. */
  readonly lastOffset: number
}

/** A producer that the coordinator was asked about, and has not written since. */
export interface Verification {
  epoch: number
  /** The lowest sequence that it came with: a later one must not be written first. */
  lowestSequence: number
  /** The request added the partition (KIP-890, version 2). */
  readonly adds: boolean
}

interface LogEnds {
  readonly logStartOffset: number
  readonly highWatermark: number
}

export interface SavedTransactions {
  readonly open: readonly (readonly [producerId: number, firstOffset: number])[]
  readonly aborted: readonly EndedTransaction[]
}

export class PartitionTransactions {
  /** Where the open transaction of each producer began; the oldest first. */
  readonly #open = new Map<number, number>()
  /** In the order of their markers. */
  #aborted: EndedTransaction[] = []
  /** Ended, but not every replica has the marker. */
  #unreplicated: EndedTransaction[] = []
  readonly #verifications = new Map<number, Verification>()

  /** Where the producer's open transaction began. */
  firstOffsetOf(producerId: number): number | undefined {
    return this.#open.get(producerId)
  }

  /** The first offset that is not decided, or the high watermark. */
  lastStableOffset({ logStartOffset, highWatermark }: LogEnds): number {
    let first = this.#open.size === 0 ? highWatermark : this.#open.values().next().value!
    if (this.#unreplicated.length > 0) {
      this.#unreplicated = this.#unreplicated.filter(({ lastOffset }) => lastOffset >= highWatermark)
      for (const { firstOffset } of this.#unreplicated) first = Math.min(first, firstOffset)
    }
    return Math.min(highWatermark, Math.max(first, logStartOffset))
  }

  /** Those that reach into `[from, to)`. */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    const found = this.#aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to)
    return found.map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
  }

  /** Whether the batch at this offset belongs to a transaction that was aborted. */
  isAborted(producerId: number, offset: number): boolean {
    return this.#aborted.some((one) => one.producerId === producerId && one.firstOffset <= offset && offset <= one.lastOffset)
  }

  /** What the batches of a log say of its transactions, for when they are not there any more. */
  get saved(): SavedTransactions {
    return { open: [...this.#open], aborted: [...this.#aborted] }
  }

  restore({ open, aborted }: SavedTransactions): void {
    this.forget()
    for (const [producerId, offset] of open) this.#open.set(producerId, offset)
    this.#aborted = [...aborted]
  }

  get hasAborted(): boolean {
    return this.#aborted.length > 0
  }

  /** A batch of a transaction was appended. */
  appended(producerId: number, offset: number): void {
    if (!this.#open.has(producerId)) this.#open.set(producerId, offset)
    this.#verifications.delete(producerId)
  }

  /** A marker was appended. One without a transaction changes nothing. */
  ended(producerId: number, epoch: number, lastOffset: number, commit: boolean, log: LogEnds): void {
    const verification = this.#verifications.get(producerId)
    // The producer may be at its next transaction already, under the epoch of this marker.
    if (!(verification?.adds && verification.epoch === epoch)) this.#verifications.delete(producerId)
    const firstOffset = this.#open.get(producerId)
    if (firstOffset === undefined) return
    this.#open.delete(producerId)
    const ended = { producerId, firstOffset, lastOffset }
    if (lastOffset >= log.highWatermark) this.#unreplicated.push(ended)
    if (commit) return
    const gone = this.#aborted.findIndex((aborted) => aborted.lastOffset >= log.logStartOffset)
    if (gone !== 0) this.#aborted = gone < 0 ? [] : this.#aborted.slice(gone)
    this.#aborted.push(ended)
  }

  /** The coordinator is about to be asked about a producer. */
  verifying(producerId: number, epoch: number, sequence: number, adds: boolean): void {
    const known = this.#verifications.get(producerId)
    if (known === undefined) this.#verifications.set(producerId, { epoch, lowestSequence: sequence, adds })
    else if (epoch > known.epoch) {
      known.epoch = epoch
      known.lowestSequence = sequence
    } else if (epoch === known.epoch) known.lowestSequence = Math.min(known.lowestSequence, sequence)
  }

  verificationOf(producerId: number): Verification | undefined {
    return this.#verifications.get(producerId)
  }

  forget(): void {
    this.#open.clear()
    this.#aborted = []
    this.#unreplicated = []
    this.#verifications.clear()
  }
}
