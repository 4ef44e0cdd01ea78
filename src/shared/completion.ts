/**
 * What an I/O worker tells main through the completion ring: verdicts on sends and bytes read. Both ends of the format.
 *
 * Verdicts of one lane come in the order of its sends, so that main needs no ticket numbers: `count` says how many of the
 * oldest waiting sends are meant.
 */
import { copyBytes } from './copy-bytes.ts'
import { KafkaError, type WireError } from './errors.ts'
import { align8, type RingReader, type RingWriter } from './ring.ts'

/** int32 lane, int32 count, float64 base offset, float64 log append time, float64 bytes. */
const ACKED = 1
/** int32 lane, int32 count, float64 bytes, int32 JSON bytes, int32 unused, JSON of a WireError. */
const FAILED = 2
/** int32 ticket, int32 total bytes, float64 next offset, int32 last fetched epoch, int32 unused, then the first bytes; {@link MORE} entries bring the rest. */
const FETCHED = 3
/** int32 bytes, int32 unused, the bytes. */
const MORE = 4
/** int32 ticket, int32 JSON bytes, JSON of a WireError. */
const FETCH_FAILED = 5

const ACKED_BYTES = 40
const FAILED_HEAD = 32
const FETCHED_HEAD = 32
const MORE_HEAD = 16
const FETCH_FAILED_HEAD = 16

/** An answer of this size is worth a wake-up of its own. */
const SHOWN_AT_ONCE = 64 * 1024

/** One thing to say that found no room yet. */
type Pending = () => boolean

export class CompletionWriter {
  readonly #ring: RingWriter
  readonly #wake: () => void
  readonly #pending: Pending[] = []

  constructor(ring: RingWriter, wake: () => void) {
    this.#ring = ring
    this.#wake = wake
  }

  /** True while something waits for main to make room. */
  get blocked(): boolean {
    return this.#pending.length > 0
  }

  acked(lane: number, count: number, baseOffset: number, logAppendTime: number, bytes: number): void {
    this.#say(() => {
      const at = this.#entry(ACKED, ACKED_BYTES)
      if (at < 0) return false
      this.#ring.int32[(at >> 2) + 2] = lane
      this.#ring.int32[(at >> 2) + 3] = count
      this.#ring.float64[(at + 16) >> 3] = baseOffset
      this.#ring.float64[(at + 24) >> 3] = logAppendTime
      this.#ring.float64[(at + 32) >> 3] = bytes
      return true
    })
  }

  failed(lane: number, count: number, bytes: number, error: KafkaError): void {
    const json = errorBytes(error)
    this.#say(() => {
      const at = this.#entry(FAILED, align8(FAILED_HEAD + json.length))
      if (at < 0) return false
      this.#ring.int32[(at >> 2) + 2] = lane
      this.#ring.int32[(at >> 2) + 3] = count
      this.#ring.float64[(at + 16) >> 3] = bytes
      this.#ring.int32[(at >> 2) + 6] = json.length
      this.#ring.bytes.set(json, at + FAILED_HEAD)
      return true
    })
  }

  /**
   * Whole record batches for a credit. The chunks are borrowed until they fit into the ring; `onCopied` says when they are free.
   * No chunks: the position is all the news.
   */
  fetched(
    ticket: number,
    nextOffset: number,
    lastFetchedEpoch: number,
    chunks: readonly Uint8Array[],
    onCopied?: () => void,
  ): void {
    let total = 0
    for (const chunk of chunks) total += chunk.length
    let index = 0
    let from = 0
    let left = total
    let begun = false
    this.#say(() => {
      do {
        const head = begun ? MORE_HEAD : FETCHED_HEAD
        const length = Math.min(left, this.#ring.maxEntry - head)
        const at = this.#entry(begun ? MORE : FETCHED, align8(head + length))
        if (at < 0) return false
        const word = at >> 2
        if (begun) {
          this.#ring.int32[word + 2] = length
        } else {
          this.#ring.int32[word + 2] = ticket
          this.#ring.int32[word + 3] = total
          this.#ring.float64[(at + 16) >> 3] = nextOffset
          this.#ring.int32[word + 6] = lastFetchedEpoch
          begun = true
        }
        let to = at + head
        for (let room = length; room > 0; ) {
          const chunk = chunks[index]!
          const part = Math.min(room, chunk.length - from)
          to = copyBytes(chunk, from, from + part, this.#ring.bytes, to)
          room -= part
          from += part
          if (from === chunk.length) {
            index++
            from = 0
          }
        }
        left -= length
      } while (left > 0)
      onCopied?.()
      // main begins with it while the next one is being checked
      if (total >= SHOWN_AT_ONCE) this.#show()
      return true
    })
  }

  fetchFailed(ticket: number, error: KafkaError): void {
    const json = errorBytes(error)
    this.#say(() => {
      const at = this.#entry(FETCH_FAILED, align8(FETCH_FAILED_HEAD + json.length))
      if (at < 0) return false
      this.#ring.int32[(at >> 2) + 2] = ticket
      this.#ring.int32[(at >> 2) + 3] = json.length
      this.#ring.bytes.set(json, at + FETCH_FAILED_HEAD)
      return true
    })
  }

  /** Says what waits, as far as there is room, and shows main everything; true when nothing is left to say. */
  flush(): boolean {
    while (this.#pending.length > 0) {
      if (!this.#pending[0]!()) break
      this.#pending.shift()
    }
    this.#show()
    return this.#pending.length === 0
  }

  #show(): void {
    if (this.#ring.unpublished === 0) return
    this.#ring.publish()
    this.#wake()
  }

  /** In order: what cannot be said at once waits, and everything after it. */
  #say(pending: Pending): void {
    if (this.#pending.length > 0 || !pending()) this.#pending.push(pending)
  }

  #entry(kind: number, size: number): number {
    const at = this.#ring.reserve(size)
    if (at < 0) return -1
    this.#ring.int32[at >> 2] = size
    this.#ring.int32[(at >> 2) + 1] = kind
    this.#ring.commit(size)
    return at
  }
}

function errorBytes(error: KafkaError): Buffer {
  return Buffer.from(JSON.stringify(error.toWire()))
}

/** What main does with each entry. `bytes` of a fetch are the receiver's own. */
export interface CompletionSink {
  onAcked(lane: number, count: number, baseOffset: number, logAppendTime: number, bytes: number): void
  onFailed(lane: number, count: number, bytes: number, error: KafkaError): void
  onFetched(ticket: number, nextOffset: number, lastFetchedEpoch: number, bytes: Buffer): void
  onFetchFailed(ticket: number, error: KafkaError): void
}

const NOTHING = Buffer.alloc(0)

export class CompletionReader {
  readonly #ring: RingReader
  // a fetch on its way, put together from its entries
  #bytes: Buffer | undefined
  #filled = 0
  #ticket = 0
  #nextOffset = 0
  #lastFetchedEpoch = 0

  constructor(ring: RingReader) {
    this.#ring = ring
  }

  get empty(): boolean {
    return this.#ring.empty
  }

  /** Bytes waiting in the ring. */
  get used(): number {
    return this.#ring.used
  }

  /** Hands entries to the sink until there are none or about so many verdicts were given; true when there were some. */
  drain(sink: CompletionSink, verdicts = Number.POSITIVE_INFINITY): boolean {
    const { int32, float64, bytes } = this.#ring
    let some = false
    let given = 0
    for (let at = this.#ring.next(); at >= 0; at = this.#ring.next()) {
      some = true
      const word = at >> 2
      const size = int32[word]!
      const first = int32[word + 2]!
      switch (int32[word + 1]) {
        case ACKED:
          given += int32[word + 3]!
          sink.onAcked(first, int32[word + 3]!, float64[(at + 16) >> 3]!, float64[(at + 24) >> 3]!, float64[(at + 32) >> 3]!)
          break
        case FAILED:
          given += int32[word + 3]!
          sink.onFailed(first, int32[word + 3]!, float64[(at + 16) >> 3]!, this.#error(at + FAILED_HEAD, int32[word + 6]!))
          break
        case FETCHED: {
          const total = int32[word + 3]!
          this.#ticket = first
          this.#nextOffset = float64[(at + 16) >> 3]!
          this.#lastFetchedEpoch = int32[word + 6]!
          this.#filled = 0
          // its own memory, not a slice of Node's pool: a kept record must not keep strangers alive
          this.#bytes = total === 0 ? NOTHING : Buffer.allocUnsafeSlow(total)
          this.#fill(sink, at + FETCHED_HEAD, Math.min(total, size - FETCHED_HEAD))
          break
        }
        case MORE:
          this.#fill(sink, at + MORE_HEAD, first)
          break
        case FETCH_FAILED:
          sink.onFetchFailed(first, this.#error(at + FETCH_FAILED_HEAD, int32[word + 3]!))
          break
      }
      this.#ring.advance(size)
      // room for the worker as soon as a large piece was copied out
      if (bytes.length < size * 32) this.#ring.release()
      if (given >= verdicts) break
    }
    this.#ring.release()
    return some
  }

  #fill(sink: CompletionSink, start: number, length: number): void {
    const target = this.#bytes!
    copyBytes(this.#ring.bytes, start, start + length, target, this.#filled)
    this.#filled += length
    if (this.#filled < target.length) return
    this.#bytes = undefined
    sink.onFetched(this.#ticket, this.#nextOffset, this.#lastFetchedEpoch, target)
  }

  #error(start: number, length: number): KafkaError {
    return KafkaError.fromWire(JSON.parse(this.#ring.bytes.toString('utf8', start, start + length)) as WireError)
  }
}
