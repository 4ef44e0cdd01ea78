/** The worker's end of the submission ring: hands what main told to a sink. */
import { copyBytes } from './copy-bytes.ts'
import type { RingReader } from './ring.ts'
import {
  budgetOf,
  CANCEL,
  CREDIT,
  type CreditTerms,
  FLUSH,
  HELD_SHARE,
  MORE,
  MORE_HEAD,
  PATIENT,
  READ_COMMITTED,
  RECORD,
  RECORD_HEAD,
  RECORD_START,
  WAITED,
} from './submission-format.ts'

/** What the I/O core does with each entry. Byte ranges are borrowed: they are gone when the call returns. */
export interface SubmissionSink {
  /** `bytes` are what the entry takes of the caller's buffer budget. */
  onRecord(lane: number, timestamp: number, source: Buffer, tailStart: number, tailEnd: number, bytes: number): void
  onCredit(ticket: number, handle: number, terms: CreditTerms): void
  onCancel(ticket: number): void
  onWaited(ms: number): void
  onFlush(producer: number): void
  /** Entries handed over so far will be freed: what they said must be kept safe now. */
  onDrained(): void
}

export class SubmissionReader {
  readonly #ring: RingReader
  // a large record on its way, put together from its fragments
  #large: Buffer | undefined
  #largeFilled = 0
  #largeLane = 0
  #largeTimestamp = 0
  /** Its entries stay in the ring until it is complete, so that none is lost with this side. */
  #holding = false
  #holdFrom = 0

  constructor(ring: RingReader) {
    this.#ring = ring
  }

  get empty(): boolean {
    return this.#ring.empty
  }

  /** Hands entries to the sink until the ring is empty or about `budget` bytes were read; true when something was. */
  drain(sink: SubmissionSink, budget: number): boolean {
    const { int32, float64, bytes } = this.#ring
    let taken = 0
    for (let at = this.#ring.next(); at >= 0; at = this.#ring.next()) {
      const word = at >> 2
      const size = int32[word]!
      switch (int32[word + 1]) {
        case RECORD: {
          const start = at + RECORD_HEAD
          sink.onRecord(int32[word + 2]!, float64[(at + 16) >> 3]!, bytes, start, start + int32[word + 3]!, size)
          break
        }
        case RECORD_START:
          this.#large = Buffer.allocUnsafeSlow(int32[word + 3]!)
          this.#holding = int32[word + 3]! * HELD_SHARE <= this.#ring.capacity
          this.#holdFrom = this.#ring.position
          this.#largeLane = int32[word + 2]!
          this.#largeTimestamp = float64[(at + 16) >> 3]!
          this.#largeFilled = 0
          this.#fragment(sink, at + RECORD_HEAD, Math.min(int32[word + 3]!, size - RECORD_HEAD))
          break
        case MORE:
          this.#fragment(sink, at + MORE_HEAD, int32[word + 2]!)
          break
        case CREDIT:
          sink.onCredit(int32[word + 2]!, int32[word + 3]!, {
            offset: float64[(at + 16) >> 3]!,
            maxBytes: int32[word + 6]!,
            maxWaitMs: int32[word + 7]!,
            minBytes: int32[word + 8]!,
            fetcher: int32[word + 9]!,
            lastFetchedEpoch: int32[word + 10]!,
            readCommitted: (int32[word + 11]! & READ_COMMITTED) !== 0,
            patient: (int32[word + 11]! & PATIENT) !== 0,
          })
          break
        case CANCEL:
          sink.onCancel(int32[word + 2]!)
          break
        case WAITED:
          sink.onWaited(int32[word + 2]!)
          break
        case FLUSH:
          sink.onFlush(int32[word + 2]!)
          break
      }
      this.#ring.advance(size)
      if ((taken += size) >= budget) break
    }
    if (taken > 0) sink.onDrained()
    this.#ring.release(this.#holding ? this.#holdFrom : undefined)
    return taken > 0
  }

  #fragment(sink: SubmissionSink, start: number, length: number): void {
    const large = this.#large!
    copyBytes(this.#ring.bytes, start, start + length, large, this.#largeFilled)
    this.#largeFilled += length
    if (this.#largeFilled < large.length) return
    this.#large = undefined
    this.#holding = false
    sink.onRecord(this.#largeLane, this.#largeTimestamp, large, 0, large.length, budgetOf(large.length))
  }
}
