/**
 * A record batch on its way: filled by a lane, sealed and stamped when it is first sent, settled once. Owns its bytes until no
 * socket can need them, and keeps the batch store informed, so that a successor of this I/O core could go on with it.
 */
import { BatchSlot, type BatchStore, BlockFlag, BlockState, type FoundBlock } from '../shared/batch-store.ts'
import { CODECS, decompress } from '../shared/compression/index.ts'
import { copyBytes } from '../shared/copy-bytes.ts'
import type { KafkaError } from '../shared/errors.ts'
import type { LostRecords, Packing } from '../shared/io-api.ts'
import { attributes, BATCH_OVERHEAD, type BatchHeader, readBatchHeader } from '../shared/record-batch.ts'
import { VarintReader } from '../shared/varint.ts'
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

/** What all batches of an I/O core share. */
export interface BatchContext {
  readonly store: BatchStore
  /** Batches with records that the store does not count yet. */
  readonly unsaved: Batch[]
  /** Memory of batches whose verdicts main may not have yet: if this core crashed before, nobody would know what became of them. */
  readonly settled: BatchSlot[]
  /** Milliseconds from the core's clock to the one that all threads share. */
  readonly clockOrigin: number
}

/** Whose records a batch holds, for who finds it after a crash. */
export interface BatchHome {
  readonly id: number
  readonly serial: number
  /** Its records belong to transactions. */
  readonly isTransactional?: boolean
}

/** Length, attributes, timestamp delta, offset delta. */
const MAX_RECORD_HEAD = 5 + 1 + 10 + 5

const SEQUENCES = 0x8000_0000
/** What this client compressed itself needs no bound. */
const OWN_BYTES = 1 << 30

/** Sequence numbers wrap from 2^31 − 1 to 0. */
export function addSequence(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCES
}

const UNSTAMPED: Stamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
/** Holds nothing. */
const NO_SLOT = new BatchSlot(Buffer.alloc(0), -1, -1)

export class Batch {
  count = 0
  /** What its records take of the caller's buffer budget. */
  budget = 0
  /** When the oldest of its records was handed in, on the monotonic clock. */
  createdAt: number
  stamp: Stamp | undefined
  /** How often it was sent. */
  tries = 0
  inFlight = false
  /** Why the last try failed. */
  lastError: KafkaError | undefined
  verdict: Verdict | undefined
  /** Which of its lane's records is the first. */
  readonly firstOrdinal: number
  readonly #context: BatchContext
  readonly #home: BatchHome
  #unsaved = false
  #slot: BatchSlot
  #end = BATCH_OVERHEAD
  #filled = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  #sealed: Buffer | undefined
  #possiblyWritten = false

  constructor(context: BatchContext, home: BatchHome, firstOrdinal: number, sizeHint: number, now: number, slot?: BatchSlot) {
    this.#context = context
    this.#home = home
    this.firstOrdinal = firstOrdinal
    this.createdAt = now
    this.#slot = slot ?? context.store.take(sizeHint)
    if (!slot) this.#assign()
  }

  /** Goes on with what a crashed core left. */
  static revive(context: BatchContext, home: BatchHome, found: Omit<FoundBlock, 'bytes'>): Batch {
    const slot = context.store.slotOf(found.block)
    const batch = new Batch(context, home, found.firstOrdinal, 0, found.createdAt - context.clockOrigin, slot)
    batch.count = found.count
    batch.budget = found.budget
    batch.tries = found.tries
    batch.#end = batch.#filled = found.end
    batch.#baseTimestamp = found.baseTimestamp
    batch.#maxTimestamp = found.maxTimestamp
    batch.#possiblyWritten = (found.flags & (BlockFlag.possiblyWritten | BlockFlag.inFlight)) !== 0
    if (found.state !== BlockState.open) batch.#sealed = slot.buffer.subarray(0, found.end)
    if (found.state === BlockState.sealed) {
      batch.stamp = (found.flags & BlockFlag.stamped) !== 0 ? Batch.stampIn(slot) : UNSTAMPED
    }
    batch.#mark()
    return batch
  }

  /** The identity that the batch in this block carries. */
  static stampIn({ buffer }: BatchSlot): Stamp {
    const header = readBatchHeader(buffer, 0)
    if (typeof header === 'string') throw new TypeError(`a batch that cannot be read: ${header}`)
    const { producerId, producerEpoch, baseSequence } = header
    return { producerId, producerEpoch, baseSequence }
  }

  /** Stands for records that a crashed core took with it; only good for its verdict. */
  static lost(context: BatchContext, home: BatchHome, records: LostRecords, error: KafkaError): Batch {
    const batch = new Batch(context, home, records.firstOrdinal, 0, 0, NO_SLOT)
    batch.count = records.count
    batch.budget = records.budget
    batch.verdict = { error, baseOffset: -1, logAppendTime: -1 }
    return batch
  }

  /** Bytes so far, or of the sealed batch. */
  get size(): number {
    return this.#sealed ? this.#sealed.length : this.#end
  }

  /** Bytes before compression. */
  get filled(): number {
    return this.#filled
  }

  /** A broker may have it: an earlier try ended without an answer (IP2). */
  get possiblyWritten(): boolean {
    return this.#possiblyWritten
  }

  set possiblyWritten(value: boolean) {
    this.#possiblyWritten = value
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
    if (most > this.#slot.buffer.length) this.#grow(most)
    this.#end = writeRecord(this.#slot.buffer, this.#end, delta, this.count, source, tailStart, tailEnd)
    this.count++
    this.budget += budget
    if (this.#unsaved) return
    this.#unsaved = true
    this.#context.unsaved.push(this)
  }

  /** From here on its records are safe from a crash: their entries in the ring may be freed. */
  save(): void {
    if (this.#unsaved && this.#slot !== NO_SLOT) this.#save(BlockState.open)
    this.#unsaved = false
  }

  /** Header, compression, checksum: from here on the batch only changes its stamp. */
  seal({ compression, compressionLevel }: Packing, stamp: Stamp = UNSTAMPED): void {
    if (this.#sealed) {
      this.restamp(stamp)
      return
    }
    const { buffer } = this.#slot
    this.#filled = this.#end
    sealBatch(buffer, 0, this.#end, {
      recordCount: this.count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      attributes: attributes.make(0, { transactional: this.#home.isTransactional ?? false }),
      ...stamp,
    })
    if (compression !== 'none') {
      const small = compressBatch(buffer.subarray(0, this.#end), 0, this.#end, compression, compressionLevel)
      this.#move(small.length, (target) => copyBytes(small, 0, small.length, target, 0), BlockState.unstamped)
    }
    this.#sealed = this.#slot.buffer.subarray(0, this.#end)
    this.#setStamp(stamp)
    this.#save(BlockState.sealed)
    this.#unsaved = false
  }

  /** The same records under another identity; only when the broker certainly has not written them (IP3). */
  restamp(stamp: Stamp): void {
    const sealed = this.#sealed!
    this.#context.store.setState(this.#slot, BlockState.unstamped)
    restampBatch(sealed, 0, sealed.length, stamp)
    this.#setStamp(stamp)
    this.#context.store.setState(this.#slot, BlockState.sealed)
  }

  /** Its identity is void: it gets another one before it is sent. */
  unstamp(): void {
    this.stamp = undefined
    this.#context.store.setState(this.#slot, BlockState.unstamped)
  }

  /** A socket gets it. */
  sent(): void {
    this.inFlight = true
    this.tries++
    this.#mark()
  }

  /**
   * The socket is done with it. What that means is not known yet, so the store goes on counting it as in flight until
   * {@link understood}.
   */
  landed(): void {
    this.inFlight = false
    this.release()
  }

  /** How its last try ended is known: it goes again. */
  understood(): void {
    this.#mark()
  }

  /**
   * The same records in several batches, which begin at the front and at each of `cuts`, with the same sequence numbers: for a broker
   * that refused the whole and so has none of it. This batch is gone then.
   */
  split(packing: Packing, cuts: readonly number[]): Batch[] {
    const sealed = this.#sealed!
    const header = readBatchHeader(sealed, 0) as BatchHeader
    const codec = CODECS[attributes.codec(header.attributes)]!
    const records = Buffer.from(decompress(codec, sealed.subarray(BATCH_OVERHEAD), OWN_BYTES))
    const starts = [0, ...cuts]
    const parts = starts.map((from, i) => this.#part(from, starts[i + 1] ?? this.count, records.length))
    const reader = new VarintReader(records)
    let part = 0
    for (let index = 0; index < this.count; index++) {
      if (index === starts[part + 1]) part++
      const length = reader.varint()
      const end = reader.at + length
      reader.at++ // attributes
      const timestamp = header.baseTimestamp + reader.varlong()
      reader.varint() // offset delta
      parts[part]!.append(timestamp, records, reader.at, end, 0)
      reader.at = end
    }
    const { stamp } = this
    for (const one of parts) {
      const offset = one.firstOrdinal - this.firstOrdinal
      one.seal(
        packing,
        stamp && { ...stamp, baseSequence: stamp.baseSequence < 0 ? -1 : addSequence(stamp.baseSequence, offset) },
      )
    }
    // only now: after a crash in between the whole is split again
    this.#context.store.give(this.#slot)
    this.#slot = NO_SLOT
    return parts
  }

  #part(from: number, to: number, sizeHint: number): Batch {
    const share = (amount: number, upTo: number) => Math.floor((amount * upTo) / this.count)
    const size = BATCH_OVERHEAD + Math.ceil((sizeHint * (to - from)) / this.count)
    const part = new Batch(this.#context, this.#home, this.firstOrdinal + from, size, this.createdAt)
    part.budget = share(this.budget, to) - share(this.budget, from)
    part.tries = this.tries
    part.lastError = this.lastError
    return part
  }

  /** The bytes to send, borrowed. */
  get bytes(): Buffer {
    return this.#sealed!
  }

  /** Gives up the memory once the batch is settled and no socket holds it (IP6); it is freed when main has the verdict. */
  release(): void {
    if (this.inFlight || !this.verdict || this.#slot === NO_SLOT) return
    this.#context.settled.push(this.#slot)
    this.#slot = NO_SLOT
    this.#sealed = undefined
  }

  /** A record that waited elsewhere is older than those before it (IP7). */
  growOlder(since: number): void {
    if (since >= this.createdAt) return
    this.createdAt = since
    this.#context.store.age(this.#slot, since + this.#context.clockOrigin)
  }

  #setStamp(stamp: Stamp): void {
    this.stamp = stamp
    this.#mark()
  }

  #assign(): void {
    const { store, clockOrigin } = this.#context
    store.assign(this.#slot, this.#home.id, this.#home.serial, this.firstOrdinal, this.createdAt + clockOrigin)
  }

  #save(state: number): void {
    this.#context.store.save(this.#slot, state, this.count, this.#end, this.budget, this.#baseTimestamp, this.#maxTimestamp)
  }

  #mark(): void {
    const flags =
      (this.#possiblyWritten ? BlockFlag.possiblyWritten : 0) |
      (this.inFlight ? BlockFlag.inFlight : 0) |
      (this.stamp && this.stamp !== UNSTAMPED ? BlockFlag.stamped : 0)
    this.#context.store.mark(this.#slot, flags, this.tries)
  }

  #grow(size: number): void {
    this.#move(
      size,
      (target) => {
        const end = this.#end
        copyBytes(this.#slot.buffer, 0, end, target, 0)
        return end
      },
      BlockState.open,
    )
  }

  /** To another block, which counts before the old one stops to. */
  #move(size: number, fill: (target: Buffer) => number, state: number): void {
    const old = this.#slot
    const slot = this.#context.store.take(size)
    this.#end = fill(slot.buffer)
    this.#slot = slot
    this.#assign()
    if (this.count > 0) this.#save(state)
    this.#context.store.give(old)
  }
}
