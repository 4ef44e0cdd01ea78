/**
 * One partition's log in memory: whole batches in offset order, never looked into. Owns their bytes and patches the base
 * offset and leader epoch into them. Knows no producers, topics or requests.
 */
import { BatchField, type BatchHeader, writeInt32, writeInt64 } from '../../../shared/record-batch.ts'

/** Smaller batches are copied together, so that a fetch of many is one chunk and a log of many does not pin many frames. */
const SMALL_BATCH_BYTES = 4096
const MIN_SLAB_BYTES = 8 * 1024
const MAX_SLAB_BYTES = 256 * 1024
/** Dropped batches at the front are cut off the array once there are this many. */
const COMPACT_FROM = 1024

export interface StoredBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly leaderEpoch: number
  readonly bytes: Uint8Array
}

export class PartitionLog {
  #batches: StoredBatch[] = []
  /** Batches before this one are dropped. */
  #head = 0
  #logStartOffset = 0
  #logEndOffset = 0
  /** Where the high watermark stays for the time being. */
  #heldAt: number | undefined
  #sizeInBytes = 0
  #slab: Uint8Array | undefined
  #slabUsed = 0
  /** Where each leader epoch begins, ascending. */
  readonly #epochs: { epoch: number; startOffset: number }[] = []

  get logStartOffset(): number {
    return this.#logStartOffset
  }

  get logEndOffset(): number {
    return this.#logEndOffset
  }

  /** Replication is immediate, so all that is in the log is below the high watermark, unless that is held. */
  get highWatermark(): number {
    return this.#heldAt ?? this.#logEndOffset
  }

  /** While it is held, readers see nothing new. */
  get held(): boolean {
    return this.#heldAt !== undefined
  }

  set held(held: boolean) {
    this.#heldAt = held ? this.highWatermark : undefined
  }

  get sizeInBytes(): number {
    return this.#sizeInBytes
  }

  /** The epoch of the last batch or the last election, −1 when there was none. */
  get latestEpoch(): number {
    return this.#epochs.at(-1)?.epoch ?? -1
  }

  /** The batches that are there, oldest first. */
  *batches(): Generator<StoredBatch> {
    for (let i = this.#head; i < this.#batches.length; i++) yield this.#batches[i]!
  }

  /** Becomes a copy of another log; the batches are the same bytes, which nobody changes. */
  copyFrom(other: PartitionLog): void {
    this.#batches = other.#batches.slice()
    this.#head = other.#head
    this.#logStartOffset = other.#logStartOffset
    this.#logEndOffset = other.#logEndOffset
    this.#heldAt = other.#heldAt
    this.#sizeInBytes = other.#sizeInBytes
    // each has memory of its own for what comes
    this.#slab = undefined
    this.#epochs.splice(0, this.#epochs.length, ...other.#epochs.map((entry) => ({ ...entry })))
  }

  /** A new leader: from here on batches carry its epoch. */
  startEpoch(epoch: number): void {
    if (epoch <= this.latestEpoch) return
    // An epoch without a batch leaves no trace but its successor.
    if (this.#epochs.at(-1)?.startOffset === this.#logEndOffset) this.#epochs.pop()
    this.#epochs.push({ epoch, startOffset: this.#logEndOffset })
  }

  /**
   * Appends a batch and takes ownership of `bytes`, which are changed in place: base offset and leader epoch are outside of
   * the checksum. Returns the base offset.
   */
  append(bytes: Uint8Array, header: BatchHeader, maxTimestamp: number, leaderEpoch: number): number {
    const baseOffset = this.#logEndOffset
    writeInt64(bytes, BatchField.baseOffset, baseOffset)
    writeInt32(bytes, BatchField.partitionLeaderEpoch, leaderEpoch)
    this.startEpoch(leaderEpoch)
    const lastOffset = baseOffset + header.lastOffsetDelta
    const stored = bytes.length < SMALL_BATCH_BYTES ? this.#intoSlab(bytes) : bytes
    this.#batches.push({ baseOffset, lastOffset, maxTimestamp, leaderEpoch, bytes: stored })
    this.#sizeInBytes += stored.length
    this.#logEndOffset = lastOffset + 1
    return baseOffset
  }

  /** Drops the oldest batches until at most `bytes` are left; the last batch always stays. Says whether any was dropped. */
  retain(bytes: number): boolean {
    if (this.#sizeInBytes <= bytes) return false
    const last = this.#batches.length - 1
    let head = this.#head
    while (this.#sizeInBytes > bytes && head < last) this.#sizeInBytes -= this.#batches[head++]!.bytes.length
    return this.#dropBefore(head)
  }

  /** Drops the batches that hold `offset` or come after it. */
  truncate(offset: number): void {
    const from = Math.max(this.#head, this.#indexOf(offset))
    for (let i = from; i < this.#batches.length; i++) this.#sizeInBytes -= this.#batches[i]!.bytes.length
    this.#logEndOffset = this.#batches[from]?.baseOffset ?? this.#logEndOffset
    this.#batches.length = from
    if (this.#heldAt !== undefined) this.#heldAt = Math.min(this.#heldAt, this.#logEndOffset)
    while (this.#epochs.length > 1 && this.#epochs.at(-1)!.startOffset >= this.#logEndOffset) this.#epochs.pop()
  }

  #dropBefore(head: number): boolean {
    if (head === this.#head) return false
    this.#logStartOffset = this.#batches[head]!.baseOffset
    if (head >= COMPACT_FROM && head * 2 >= this.#batches.length) {
      this.#batches = this.#batches.slice(head)
      head = 0
    } else {
      // The array still has the entries; their bytes must not stay with them.
      for (let i = this.#head; i < head; i++) this.#batches[i] = GONE
    }
    this.#head = head
    while (this.#epochs.length > 1 && this.#epochs[1]!.startOffset <= this.#logStartOffset) this.#epochs.shift()
    if (this.#epochs[0] && this.#epochs[0].startOffset < this.#logStartOffset) this.#epochs[0].startOffset = this.#logStartOffset
    return true
  }

  /**
   * Whole batches below `end` from the one that holds `offset` on, as chunks to be written one after the other. The first batch comes
   * however large it is if `firstAlways` (KIP-74), others while they fit into `maxBytes`.
   */
  read(
    offset: number,
    maxBytes: number,
    firstAlways: boolean,
    end = this.highWatermark,
  ): { chunks: Uint8Array[]; length: number } {
    const chunks: Uint8Array[] = []
    let length = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      const { bytes, baseOffset } = this.#batches[i]!
      if (baseOffset >= end) break
      if (length + bytes.length > maxBytes && (length > 0 || !firstAlways)) break
      length += bytes.length
      appendChunk(chunks, bytes)
    }
    return { chunks, length }
  }

  /** The offset of the first batch that begins `bytes` or more behind the one that holds `offset`, or the end of the log. */
  offsetBehind(offset: number, bytes: number): number {
    let behind = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      if (behind >= bytes) return this.#batches[i]!.baseOffset
      behind += this.#batches[i]!.bytes.length
    }
    return this.#logEndOffset
  }

  /** The first batch with a record at or after `timestamp`. */
  firstBatchSince(timestamp: number): StoredBatch | undefined {
    // Not a binary search: timestamps that clients set come in any order.
    for (let i = this.#head; i < this.#batches.length; i++) {
      const batch = this.#batches[i]!
      if (batch.baseOffset >= this.highWatermark) break
      if (batch.maxTimestamp >= timestamp) return batch
    }
    return undefined
  }

  /** The first of the batches with the highest timestamp. */
  batchOfMaxTimestamp(): StoredBatch | undefined {
    let best: StoredBatch | undefined
    for (let i = this.#head; i < this.#batches.length; i++) {
      const batch = this.#batches[i]!
      if (batch.baseOffset >= this.highWatermark) break
      if (best === undefined || batch.maxTimestamp > best.maxTimestamp) best = batch
    }
    return best
  }

  /** The epoch of the record at `offset`. */
  epochAt(offset: number): number {
    let found = -1
    for (const { epoch, startOffset } of this.#epochs) if (startOffset <= offset) found = epoch
    return found
  }

  /** Where `epoch` or the greatest epoch before it ends (KIP-320); both −1 when the log does not know. */
  endOfEpoch(epoch: number): { leaderEpoch: number; endOffset: number } {
    const latest = this.latestEpoch
    if (epoch < 0 || epoch > latest) return { leaderEpoch: -1, endOffset: -1 }
    if (epoch === latest) return { leaderEpoch: epoch, endOffset: this.#logEndOffset }
    const next = this.#epochs.findIndex((entry) => entry.epoch > epoch)
    return { leaderEpoch: this.#epochs[next - 1]?.epoch ?? epoch, endOffset: this.#epochs[next]!.startOffset }
  }

  /** The index of the batch that holds `offset` or is the first after it. */
  #indexOf(offset: number): number {
    let low = this.#head
    let high = this.#batches.length
    // Most reads are at the end.
    if (high > low && this.#batches[high - 1]!.lastOffset < offset) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#batches[middle]!.lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #intoSlab(bytes: Uint8Array): Uint8Array {
    if (this.#slab === undefined || this.#slab.length - this.#slabUsed < bytes.length) {
      const size = this.#slab === undefined ? MIN_SLAB_BYTES : Math.min(this.#slab.length * 2, MAX_SLAB_BYTES)
      this.#slab = Buffer.allocUnsafeSlow(size)
      this.#slabUsed = 0
    }
    const stored = this.#slab.subarray(this.#slabUsed, this.#slabUsed + bytes.length)
    stored.set(bytes)
    this.#slabUsed += bytes.length
    return stored
  }
}

const GONE: StoredBatch = { baseOffset: -1, lastOffset: -1, maxTimestamp: -1, leaderEpoch: -1, bytes: new Uint8Array(0) }

/** Adds `bytes` to the list, joined to the last chunk where they lie right behind it. */
function appendChunk(chunks: Uint8Array[], bytes: Uint8Array): void {
  const last = chunks.at(-1)
  if (last?.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset) {
    chunks[chunks.length - 1] = new Uint8Array(last.buffer as ArrayBuffer, last.byteOffset, last.length + bytes.length)
  } else chunks.push(bytes)
}
