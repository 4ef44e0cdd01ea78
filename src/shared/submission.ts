/** Main's end of the submission ring. What finds no room there waits in ordinary memory, in order. */
import { copyBytes } from './copy-bytes.ts'
import { align8, RingReader, type RingWriter } from './ring.ts'
import { roomIn, type SpillChunk } from './spill.ts'
import {
  budgetOf,
  CANCEL,
  CREDIT,
  CREDIT_BYTES,
  type CreditTerms,
  FLUSH,
  MORE,
  MORE_HEAD,
  PATIENT,
  READ_COMMITTED,
  RECORD,
  RECORD_HEAD,
  RECORD_START,
  SHORT_BYTES,
  WAITED,
} from './submission-format.ts'
import { tailSize, writeTail } from './tail.ts'
import type { Bytes, HeaderInput } from './types.ts'

/** Publish at the latest after this many bytes, so that the worker starts while main goes on writing; in a small ring more often. */
const PUBLISH_EVERY = 128 * 1024
/** What is published within so many milliseconds counts as equally old. */
const MARK_EVERY_MS = 50

/** Where an entry is written: the ring or a spill chunk. */
type Place = Pick<SpillChunk, 'bytes' | 'int32' | 'float64'>

/** What is still here of a lane. */
export interface LaneLeftovers {
  records: number
  /** What they take of the caller's buffer budget. */
  bytes: number
}

/** What lies in the ring from `from` on, up to the next mark, was published at `at`. */
interface Mark {
  from: number
  at: number
}

export class SubmissionWriter {
  /** Rings the worker's bell; called after each publication. */
  wake: () => void
  readonly #now: () => number
  /** How old the entries in the ring are, oldest first: after a crash it counts towards delivery timeouts (IP7). */
  #marks: Mark[] = []
  #ring: RingWriter
  #spill: SpillChunk[] = []
  #flushScheduled = false
  readonly #publishSoon = () => {
    this.#flushScheduled = false
    this.publish()
  }

  constructor(ring: RingWriter, wake: () => void, now: () => number) {
    this.#ring = ring
    this.wake = wake
    this.#now = now
  }

  /** Bytes of the ring in use, as a share of its capacity; what spilled does not count. */
  get fill(): number {
    return this.#ring.used / this.#ring.capacity
  }

  /**
   * Writes a record and returns the bytes it takes, which the worker reports back when it is settled. `tailBytes` is what its
   * tail takes at most, see `tailBound`.
   */
  record(
    lane: number,
    timestamp: number,
    key: Bytes | undefined,
    value: Bytes | undefined,
    headers: readonly HeaderInput[] | undefined,
    tailBytes: number,
  ): number {
    const bound = align8(RECORD_HEAD + tailBytes)
    if (bound > this.#ring.maxEntry) return this.#largeRecord(lane, timestamp, key, value, headers)
    let at = -1
    let place: Place = this.#ring
    if (this.#spill.length === 0) at = this.#ring.reserve(bound)
    let chunk: SpillChunk | undefined
    if (at < 0) {
      chunk = this.#spillRoom(bound)
      place = chunk
      at = chunk.end
    }
    const end = writeTail(place.bytes, at + RECORD_HEAD, key, value, headers)
    const size = align8(end - at)
    const word = at >> 2
    place.int32[word] = size
    place.int32[word + 1] = RECORD
    place.int32[word + 2] = lane
    place.int32[word + 3] = end - at - RECORD_HEAD
    place.float64[(at + 16) >> 3] = timestamp
    if (chunk) chunk.end += size
    else this.#ring.commit(size)
    this.#written()
    return size
  }

  /**
   * Allows the worker one answer for `ticket`: the partition's batches from `offset` on, at most `maxBytes` of them (more when one
   * batch is larger), or the news that there are none.
   */
  credit(ticket: number, handle: number, terms: CreditTerms): void {
    const { offset, maxBytes, maxWaitMs, minBytes, fetcher, readCommitted, lastFetchedEpoch, patient } = terms
    const [place, at] = this.#entry(CREDIT, CREDIT_BYTES)
    const word = at >> 2
    place.int32[word + 2] = ticket
    place.int32[word + 3] = handle
    place.float64[(at + 16) >> 3] = offset
    place.int32[word + 6] = maxBytes
    place.int32[word + 7] = maxWaitMs
    place.int32[word + 8] = minBytes
    place.int32[word + 9] = fetcher
    place.int32[word + 10] = lastFetchedEpoch
    place.int32[word + 11] = (readCommitted ? READ_COMMITTED : 0) | (patient ? PATIENT : 0)
    this.#written()
  }

  /** The next record has waited for room or metadata already: that counts towards its delivery timeout. */
  waited(ms: number): void {
    this.#short(WAITED, ms)
  }

  /** Takes a credit back; its answer may come all the same. */
  cancel(ticket: number): void {
    this.#short(CANCEL, ticket)
  }

  /** Ends the linger of everything this producer wrote before. */
  flush(producer: number): void {
    this.#short(FLUSH, producer)
  }

  /** Shows the worker everything written so far. */
  publish(): void {
    if (this.#ring.unpublished === 0) return
    this.#mark()
    this.#ring.publish()
    this.wake()
  }

  #mark(): void {
    const marks = this.#marks
    const at = this.#now()
    const newest = marks.at(-1)
    if (newest && at - newest.at < MARK_EVERY_MS) return
    const from = this.#ring.published
    marks.push({ from, at })
    // positions wrap round: only their distance tells which comes first
    const { read } = this.#ring
    while (marks.length > 1 && ((read - marks[1]!.from) | 0) >= 0) marks.shift()
  }

  /** Moves spilled entries into the ring as far as there is room; true when nothing is left. */
  unspill(): boolean {
    for (let chunk = this.#spill[0]; chunk; chunk = this.#spill[0]) {
      while (chunk.start < chunk.end) {
        const size = chunk.int32[chunk.start >> 2]!
        const at = this.#ring.reserve(size)
        if (at < 0) {
          this.publish()
          return false
        }
        copyBytes(chunk.bytes, chunk.start, chunk.start + size, this.#ring.bytes, at)
        this.#ring.commit(size)
        chunk.start += size
      }
      this.#spill.shift()
    }
    this.publish()
    return true
  }

  get spilled(): boolean {
    return this.#spill.length > 0
  }

  /** After a crash: the records that the reader of `old` had not freed, and those that spilled, by lane. */
  leftovers(old: SharedArrayBuffer): Map<number, LaneLeftovers> {
    const lanes = new Map<number, LaneLeftovers>()
    this.#walk(old, (place, at, _size, kind, lane) => {
      if (kind !== RECORD && kind !== RECORD_START) return
      let left = lanes.get(lane)
      if (!left) lanes.set(lane, (left = { records: 0, bytes: 0 }))
      left.records++
      left.bytes += budgetOf(place.int32[(at >> 2) + 3]!)
    })
    return lanes
  }

  /**
   * After a crash: goes on in a new ring with what was left in the old one, without the first `taken` records of each lane, which
   * the crashed core had safe, and without credits, which are given anew. Returns the bytes of the budget that were left out, by
   * lane.
   */
  moveTo(ring: RingWriter, old: SharedArrayBuffer, taken: ReadonlyMap<number, number>): Map<number, number> {
    const kept: SpillChunk[] = []
    const seen = new Map<number, number>()
    const leftOut = new Map<number, number>()
    const marks = this.#marks
    const now = this.#now()
    let mark = 0
    let skipping = false
    let waited = 0
    const keep = (place: Place, at: number, size: number): void => {
      const chunk = roomIn(kept, size)
      copyBytes(place.bytes, at, at + size, chunk.bytes, chunk.end)
      chunk.end += size
    }
    const keepAge = (ms: number): void => {
      const { int32, end } = roomIn(kept, SHORT_BYTES)
      int32.set([SHORT_BYTES, WAITED, ms, 0], end >> 2)
      kept.at(-1)!.end += SHORT_BYTES
    }
    this.#walk(old, (place, at, size, kind, lane, position) => {
      if (kind === CREDIT || kind === CANCEL) return
      if (kind === WAITED) {
        // it goes with the record behind it, or not at all
        waited = place.int32[(at >> 2) + 2]!
        return
      }
      if (kind === RECORD || kind === RECORD_START) {
        const index = seen.get(lane) ?? 0
        seen.set(lane, index + 1)
        skipping = index < (taken.get(lane) ?? 0)
        if (skipping) waited = 0
      }
      if (kind !== FLUSH && skipping) {
        if (kind !== MORE) leftOut.set(lane, (leftOut.get(lane) ?? 0) + budgetOf(place.int32[(at >> 2) + 3]!))
        return
      }
      if (kind === RECORD || kind === RECORD_START) {
        while (position !== undefined && mark + 1 < marks.length && ((position - marks[mark + 1]!.from) | 0) >= 0) mark++
        const since = position === undefined ? now : (marks[mark]?.at ?? now)
        const age = Math.floor(waited + now - since)
        if (age > 0) keepAge(age)
        waited = 0
      }
      keep(place, at, size)
    })
    this.#ring = ring
    this.#spill = kept
    this.#marks = []
    return leftOut
  }

  /** All entries in order, with their positions in the ring; `lane` is that of the record, also for its fragments. A fragment whose beginning is gone is left out. */
  #walk(
    old: SharedArrayBuffer,
    visit: (place: Place, at: number, size: number, kind: number, lane: number, position?: number) => void,
  ): void {
    this.#mark()
    this.#ring.publish()
    let lane = -1
    const step = (place: Place, at: number, position?: number): number => {
      const word = at >> 2
      const size = place.int32[word]!
      const kind = place.int32[word + 1]!
      if (kind === RECORD || kind === RECORD_START) lane = place.int32[word + 2]!
      if (kind !== MORE || lane >= 0) visit(place, at, size, kind, lane, position)
      return size
    }
    const reader = new RingReader(old)
    for (let at = reader.next(); at >= 0; at = reader.next()) reader.advance(step(reader, at, reader.position))
    for (const chunk of this.#spill) for (let at = chunk.start; at < chunk.end; ) at += step(chunk, at)
  }

  #short(kind: number, value: number): void {
    const [place, at] = this.#entry(kind, SHORT_BYTES)
    place.int32[(at >> 2) + 2] = value
    place.int32[(at >> 2) + 3] = 0
    this.#written()
  }

  /** A fixed-size entry's place; committed here, since nothing else is written before the fields are. */
  #entry(kind: number, size: number): [Place, number] {
    let at = this.#spill.length === 0 ? this.#ring.reserve(size) : -1
    let place: Place = this.#ring
    if (at < 0) {
      const chunk = this.#spillRoom(size)
      place = chunk
      at = chunk.end
      chunk.end += size
    } else {
      this.#ring.commit(size)
    }
    place.int32[at >> 2] = size
    place.int32[(at >> 2) + 1] = kind
    return [place, at]
  }

  #largeRecord(
    lane: number,
    timestamp: number,
    key: Bytes | undefined,
    value: Bytes | undefined,
    headers: readonly HeaderInput[] | undefined,
  ): number {
    const scratch = Buffer.allocUnsafeSlow(tailSize(key, value, headers))
    const total = writeTail(scratch, 0, key, value, headers)
    const fragment = this.#ring.maxEntry - RECORD_HEAD
    for (let from = 0; from < total; from += fragment) {
      const to = Math.min(total, from + fragment)
      const head = from === 0 ? RECORD_HEAD : MORE_HEAD
      const size = align8(head + to - from)
      const [place, at] = this.#entry(from === 0 ? RECORD_START : MORE, size)
      const word = at >> 2
      if (from === 0) {
        place.int32[word + 2] = lane
        place.int32[word + 3] = total
        place.float64[(at + 16) >> 3] = timestamp
      } else {
        place.int32[word + 2] = to - from
        place.int32[word + 3] = 0
      }
      copyBytes(scratch, from, to, place.bytes, at + head)
    }
    this.#written()
    return budgetOf(total)
  }

  #spillRoom(size: number): SpillChunk {
    return roomIn(this.#spill, size)
  }

  /** Publishes now when much is waiting, else at the end of the current turn. */
  #written(): void {
    const { unpublished, maxEntry } = this.#ring
    if (unpublished >= PUBLISH_EVERY || unpublished >= maxEntry) this.publish()
    else if (!this.#flushScheduled) {
      this.#flushScheduled = true
      // behind the microtasks: what many callers send because of one answer is seen as one, and not as its first record and the rest
      process.nextTick(this.#publishSoon)
    }
  }
}
