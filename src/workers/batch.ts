/**
 * A record batch on its way: filled by a lane, sealed and stamped when it is first sent, settled once. Owns its bytes until no
 * socket can need them.
 */
import type { KafkaError } from '../shared/errors.ts'
import type { ProducerSettings } from '../shared/io-api.ts'
import { BATCH_OVERHEAD } from '../shared/record-batch.ts'
import type { BufferPool } from './buffer-pool.ts'
import { compressBatch, recordSize, restampBatch, sealBatch, writeRecord } from './record-batch.ts'

/** The verdict on a whole batch; `error` undefined means it is in the log. */
export interface Verdict {
  error: KafkaError | undefined
  /** −1 when the broker did not say. */
  baseOffset: number
  /** −1 unless the topic stamps on append. */
  logAppendTime: number
}

/** Under which identity a batch is sent; the broker refuses repetitions and gaps (KIP-98). */
export interface Stamp {
  producerId: number
  producerEpoch: number
  baseSequence: number
}

/** Length, attributes, timestamp delta, offset delta. */
const MAX_RECORD_HEAD = 5 + 1 + 10 + 5

const UNSTAMPED: Stamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }

export class Batch {
  count = 0
  /** What its records take of the caller's buffer budget. */
  budget = 0
  /** When its first record arrived, on the monotonic clock. */
  readonly createdAt: number
  stamp: Stamp | undefined
  /** How often it was sent. */
  tries = 0
  inFlight = false
  /** A broker may have it: an earlier try ended without an answer (IP2). */
  possiblyWritten = false
  /** Why the last try failed. */
  lastError: KafkaError | undefined
  verdict: Verdict | undefined
  readonly #pool: BufferPool
  #buffer: Buffer
  #end = BATCH_OVERHEAD
  #baseTimestamp = 0
  #maxTimestamp = 0
  #sealed: Buffer | undefined

  constructor(pool: BufferPool, sizeHint: number, now: number) {
    this.#pool = pool
    this.#buffer = pool.take(sizeHint)
    this.createdAt = now
  }

  /** Bytes so far, or of the sealed batch. */
  get size(): number {
    return this.#sealed ? this.#sealed.length : this.#end
  }

  /** Whether a record with this tail fits below `limit`; an empty batch takes a record of any size. */
  fits(tailBytes: number, timestamp: number, limit: number): boolean {
    // a record's own head takes at most so much: no need to know exactly while there is room
    if (this.count === 0 || this.#end + tailBytes + MAX_RECORD_HEAD <= limit) return true
    return this.#end + recordSize(tailBytes, timestamp - this.#baseTimestamp, this.count) <= limit
  }

  append(timestamp: number, source: Buffer, tailStart: number, tailEnd: number, budget: number): void {
    if (this.count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp
    else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    const delta = timestamp - this.#baseTimestamp
    const most = this.#end + tailEnd - tailStart + MAX_RECORD_HEAD
    if (most > this.#buffer.length) this.#grow(most)
    this.#end = writeRecord(this.#buffer, this.#end, delta, this.count, source, tailStart, tailEnd)
    this.count++
    this.budget += budget
  }

  /** Header, compression, checksum: from here on the batch only changes its stamp. */
  seal(settings: ProducerSettings, stamp: Stamp = UNSTAMPED): void {
    sealBatch(this.#buffer, 0, this.#end, {
      recordCount: this.count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      attributes: 0,
      ...stamp,
    })
    this.stamp = stamp
    this.#sealed = this.#buffer.subarray(0, this.#end)
    if (settings.compression !== 'none') {
      this.#sealed = compressBatch(this.#sealed, 0, this.#end, settings.compression, settings.compressionLevel)
      this.#pool.give(this.#buffer)
      this.#buffer = EMPTY
    }
  }

  /** The same records under another identity; only when the broker certainly has not written them (IP3). */
  restamp(stamp: Stamp): void {
    const sealed = this.#sealed!
    restampBatch(sealed, 0, sealed.length, stamp)
    this.stamp = stamp
  }

  /** The bytes to send, borrowed. */
  get bytes(): Buffer {
    return this.#sealed!
  }

  /** Frees the memory once the batch is settled and no socket holds it (IP6). */
  release(): void {
    if (this.inFlight || !this.verdict) return
    this.#pool.give(this.#buffer)
    this.#buffer = EMPTY
    this.#sealed = undefined
  }

  #grow(size: number): void {
    const grown = this.#pool.take(size)
    this.#buffer.copy(grown, 0, 0, this.#end)
    this.#pool.give(this.#buffer)
    this.#buffer = grown
  }
}

const EMPTY = Buffer.alloc(0)
