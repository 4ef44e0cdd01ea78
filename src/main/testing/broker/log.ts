/**
 * One partition's log in memory: whole batches in offset order, never looked into. Owns their bytes and patches the base
 * offset and leader epoch into them. Knows no producers, topics, requests or files.
 */
import { BatchField, type BatchHeader, writeInt32, writeInt64 } from '../../../shared/record-batch.ts'

/** Smaller batches are copied together, so that a fetch of many is one chunk and a log of many does not pin many frames. */
const SMALL_BATCH_BYTES = 4096
const MIN_SLAB_BYTES = 8 * 1024
const MAX_SLAB_BYTES = 256 * 1024
/** Dropped batches at the front are cut off the array once there are this many. */
const COMPACT_FROM = 1024

/** A batch and where its bytes are: a view of each would take as much memory as a small batch itself. */
class Held implements StoredBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly leaderEpoch: number
  readonly memory: Uint8Array
  readonly at: number
  readonly size: number

  constructor(place: Omit<StoredBatch, 'bytes' | 'size'>, memory: Uint8Array, at: number, size: number) {
    this.baseOffset = place.baseOffset
    this.lastOffset = place.lastOffset
    this.maxTimestamp = place.maxTimestamp
    this.leaderEpoch = place.leaderEpoch
    this.memory = memory
    this.at = at
    this.size = size
  }

  get bytes(): Uint8Array {
    return this.size === this.memory.length ? this.memory : this.memory.subarray(this.at, this.at + this.size)
  }
}

const nowhere = { baseOffset: -1, lastOffset: -1, maxTimestamp: -1, leaderEpoch: -1 }
const GONE = new Held(nowhere, new Uint8Array(0), 0, 0)

export interface StoredBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly leaderEpoch: number
  readonly bytes: Uint8Array
  /** Of `bytes`. */
  readonly size: number
}

export interface SavedLog {
  readonly start: number
  readonly end: number
  readonly epochs: readonly { epoch: number; startOffset: number }[]
}

export class PartitionLog {
  #batches: Held[] = []
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
    this.#batches.push(this.#hold({ baseOffset, lastOffset, maxTimestamp, leaderEpoch }, bytes))
    this.#sizeInBytes += bytes.length
    this.#logEndOffset = lastOffset + 1
    return baseOffset
  }

  /** Takes a batch back that was in a log before, at its offset. */
  restore(bytes: Uint8Array, { baseOffset, lastOffsetDelta, maxTimestamp, partitionLeaderEpoch }: BatchHeader): void {
    this.startEpoch(partitionLeaderEpoch)
    const lastOffset = baseOffset + lastOffsetDelta
    this.#batches.push(this.#hold({ baseOffset, lastOffset, maxTimestamp, leaderEpoch: partitionLeaderEpoch }, bytes))
    this.#sizeInBytes += bytes.length
    this.#logEndOffset = lastOffset + 1
  }

  /** What is to be known of a log besides its batches. */
  get saved(): SavedLog {
    return { start: this.#logStartOffset, end: this.#logEndOffset, epochs: this.#epochs.map((entry) => ({ ...entry })) }
  }

  /** To be called when its batches are there again. */
  restoreMarks({ start, end, epochs }: SavedLog): void {
    this.#logEndOffset = end
    this.#epochs.splice(0, this.#epochs.length, ...epochs)
    this.deleteBefore(start)
  }

  /**
   * Drops the oldest batches while at least `bytes` are left without them, as Kafka does with segments; nothing that readers cannot see
   * yet. Says whether any was dropped.
   */
  retain(bytes: number): boolean {
    let head = this.#head
    for (let left = this.#sizeInBytes; head < this.#batches.length; head++) {
      const batch = this.#batches[head]!
      left -= batch.size
      if (left < bytes || batch.lastOffset >= this.highWatermark) break
    }
    return this.#dropBefore(head)
  }

  /** Drops the oldest batches whose newest record is older than `time`. One without a timestamp goes with the next one that has one. */
  expire(time: number): boolean {
    let until = this.#head
    for (let i = this.#head; i < this.#batches.length; i++) {
      const { maxTimestamp, lastOffset } = this.#batches[i]!
      if (lastOffset >= this.highWatermark || maxTimestamp >= time) break
      if (maxTimestamp >= 0) until = i + 1
    }
    return this.#dropBefore(until)
  }

  /** The greatest timestamp of the first batch that has one; undefined when none has. */
  oldestTimestamp(): number | undefined {
    for (let i = this.#head; i < this.#batches.length; i++) {
      if (this.#batches[i]!.maxTimestamp >= 0) return this.#batches[i]!.maxTimestamp
    }
    return undefined
  }

  /** The log begins at `offset` from now on, which may be within a batch. */
  deleteBefore(offset: number): void {
    if (offset <= this.#logStartOffset) return
    this.#dropBefore(this.#indexOf(offset))
    this.#moveStart(offset)
  }

  /** Puts cleaned batches in the place of all that end before `offset`. */
  replaceBefore(offset: number, cleaned: readonly StoredBatch[]): void {
    const rest = this.#batches.slice(this.#indexOf(offset))
    const kept = cleaned.map((batch) => (batch instanceof Held ? batch : this.#hold(batch, batch.bytes)))
    this.#batches = [...kept, ...rest]
    this.#head = 0
    this.#sizeInBytes = this.#batches.reduce((sum, { size }) => sum + size, 0)
  }

  /** Drops the batches that hold `offset` or come after it. */
  truncate(offset: number): void {
    const from = Math.max(this.#head, this.#indexOf(offset))
    for (let i = from; i < this.#batches.length; i++) this.#sizeInBytes -= this.#batches[i]!.size
    this.#logEndOffset = this.#batches[from]?.baseOffset ?? this.#logEndOffset
    this.#batches.length = from
    if (this.#heldAt !== undefined) this.#heldAt = Math.min(this.#heldAt, this.#logEndOffset)
    while (this.#epochs.length > 1 && this.#epochs.at(-1)!.startOffset >= this.#logEndOffset) this.#epochs.pop()
  }

  #dropBefore(head: number): boolean {
    if (head === this.#head) return false
    for (let i = this.#head; i < head; i++) this.#sizeInBytes -= this.#batches[i]!.size
    const start = this.#batches[head]?.baseOffset ?? this.#logEndOffset
    if (head >= COMPACT_FROM && head * 2 >= this.#batches.length) {
      this.#batches = this.#batches.slice(head)
      head = 0
    } else {
      // The array still has the entries; their bytes must not stay with them.
      for (let i = this.#head; i < head; i++) this.#batches[i] = GONE
    }
    this.#head = head
    this.#moveStart(Math.max(start, this.#logStartOffset))
    return true
  }

  #moveStart(offset: number): void {
    this.#logStartOffset = offset
    while (this.#epochs.length > 1 && this.#epochs[1]!.startOffset <= offset) this.#epochs.shift()
    if (this.#epochs[0] && this.#epochs[0].startOffset < offset) this.#epochs[0].startOffset = offset
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
    // batches that lie behind each other are one chunk
    let memory: Uint8Array | undefined
    let from = 0
    let to = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      const batch = this.#batches[i]!
      if (batch.baseOffset >= end) break
      if (length + batch.size > maxBytes && (length > 0 || !firstAlways)) break
      length += batch.size
      if (batch.memory !== memory || batch.at !== to) {
        if (memory) chunks.push(memory.subarray(from, to))
        memory = batch.memory
        from = batch.at
      }
      to = batch.at + batch.size
    }
    if (memory) chunks.push(memory.subarray(from, to))
    return { chunks, length }
  }

  /** The offset of the first batch that begins `bytes` or more behind the one that holds `offset`, or the end of the log. */
  offsetBehind(offset: number, bytes: number): number {
    let behind = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      if (behind >= bytes) return this.#batches[i]!.baseOffset
      behind += this.#batches[i]!.size
    }
    return this.#logEndOffset
  }

  /** The batches that readers can see and that say they have a record at or after `timestamp`. */
  *batchesSince(timestamp: number): Generator<StoredBatch> {
    // Not a binary search: timestamps that clients set come in any order.
    for (let i = this.#head; i < this.#batches.length; i++) {
      const batch = this.#batches[i]!
      if (batch.baseOffset >= this.highWatermark) break
      if (batch.maxTimestamp >= timestamp) yield batch
    }
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

  #hold(place: Omit<StoredBatch, 'bytes' | 'size'>, bytes: Uint8Array): Held {
    if (bytes.length >= SMALL_BATCH_BYTES) return new Held(place, bytes, 0, bytes.length)
    if (this.#slab === undefined || this.#slab.length - this.#slabUsed < bytes.length) {
      const size = this.#slab === undefined ? MIN_SLAB_BYTES : Math.min(this.#slab.length * 2, MAX_SLAB_BYTES)
      this.#slab = Buffer.allocUnsafeSlow(size)
      this.#slabUsed = 0
    }
    const at = this.#slabUsed
    this.#slab.set(bytes, at)
    this.#slabUsed += bytes.length
    return new Held(place, this.#slab, at, bytes.length)
  }
}
