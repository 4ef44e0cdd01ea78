/**
 * What main tells an I/O worker through the submission ring: records, read credits, flushes. Both ends of the format live here.
 *
 * A record is written as its *tail*, the part of Kafka's record format from the key length on (see `tail.ts`), so that the
 * worker moves it into a batch with one copy and never looks inside.
 */
import { copyBytes } from './copy-bytes.ts'
import { align8, RingReader, type RingWriter } from './ring.ts'
import { tailSize, writeTail } from './tail.ts'
import type { Bytes, HeaderInput } from './types.ts'

/** int32 lane, int32 tail bytes, float64 timestamp, tail. */
const RECORD = 1
/** The same for a tail larger than an entry: its first bytes; {@link MORE} entries bring the rest. */
const RECORD_START = 2
/** int32 bytes, int32 unused, the bytes. */
const MORE = 3
/**
 * int32 ticket, int32 handle, float64 offset, int32 max bytes, int32 max wait ms, int32 min bytes, int32 fetcher, int32 last fetched epoch,
 * int32 flags.
 */
const CREDIT = 4
/** int32 producer: do not linger for what came before. */
const FLUSH = 5
/** int32 ticket: nobody wants this credit's answer any more. */
const CANCEL = 6

/** int32 ms: the record that follows was handed in so long ago. */
const WAITED = 7

/** Bytes of a record's entry before its tail. */
export const RECORD_HEAD = 24
const MORE_HEAD = 16
const CREDIT_BYTES = 48
const SHORT_BYTES = 16

/** Flags of a {@link CREDIT}. */
const READ_COMMITTED = 1
const PATIENT = 2

/** A large record is kept in the ring until it is complete, unless it takes more than this share of it. */
const HELD_SHARE = 4

/** Publish at the latest after this many bytes, so that the worker starts while main goes on writing; in a small ring more often. */
const PUBLISH_EVERY = 128 * 1024
const SPILL_CHUNK = 256 * 1024
/** What is published within so many milliseconds counts as equally old. */
const MARK_EVERY_MS = 50

/** Entries that found no room in the ring, in the same layout, waiting in ordinary memory. */
class SpillChunk {
  readonly bytes: Buffer
  readonly int32: Int32Array
  readonly float64: Float64Array
  start = 0
  end = 0

  constructor(size: number) {
    const memory = new ArrayBuffer(size)
    this.bytes = Buffer.from(memory)
    this.int32 = new Int32Array(memory)
    this.float64 = new Float64Array(memory)
  }
}

function roomIn(chunks: SpillChunk[], size: number): SpillChunk {
  const last = chunks.at(-1)
  if (last && last.bytes.length - last.end >= size) return last
  const chunk = new SpillChunk(Math.max(SPILL_CHUNK, size))
  chunks.push(chunk)
  return chunk
}

/** What one answer of a partition is to be. */
export interface CreditTerms {
  /** The first offset wanted. */
  offset: number
  maxBytes: number
  maxWaitMs: number
  minBytes: number
  /** Credits of one fetcher share Fetch requests. */
  fetcher: number
  /** The same for all credits of a fetcher. */
  readCommitted: boolean
  /** The leader epoch of the batch before `offset`; −1: unknown. */
  lastFetchedEpoch: number
  /** Not answered before there is news of this partition or its time is up; else when there is news of any that was asked for with it. */
  patient: boolean
}

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

/** What a record takes of the caller's budget, also in fragments: their heads would not be in what was checked before (IP8). */
export function budgetOf(tailBytes: number): number {
  return align8(RECORD_HEAD + tailBytes)
}

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
