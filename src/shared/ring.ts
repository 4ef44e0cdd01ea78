/**
 * A single-producer, single-consumer ring of entries on shared memory: the road for records between two threads.
 *
 * Positions are 32-bit counters that only grow (modulo 2^32) and sit on cache lines of their own. An entry is 8-byte aligned,
 * never straddles the end of the ring, and starts with two int32: its whole size and its kind. What an entry means is up to
 * `submission.ts` and `completion.ts`; what a bell does is up to `bell.ts`.
 */

/** The kind that fills the rest of the ring when the next entry does not fit before its end. */
export const PAD = 0

// int32 indices into the ring's head, one cache line each
const WRITTEN = 0
const GENERATION = 8
const READ = 16
export const READER_ASLEEP = 32
export const WRITER_WAITING = 48
const HEAD_BYTES = 256

/** `generation` tells it from the rings of the same two sides before a crash. */
export function createRing(capacity: number, generation = 0): SharedArrayBuffer {
  if (capacity < 1024 || (capacity & (capacity - 1)) !== 0)
    throw new RangeError(`ring capacity must be a power of two of at least 1024, not ${capacity}`)
  const ring = new SharedArrayBuffer(HEAD_BYTES + capacity)
  new Int32Array(ring)[GENERATION] = generation
  return ring
}

/** The views both ends share. */
class RingView {
  readonly head: Int32Array
  readonly bytes: Buffer
  readonly int32: Int32Array
  readonly float64: Float64Array
  readonly capacity: number

  constructor(ring: SharedArrayBuffer) {
    this.capacity = ring.byteLength - HEAD_BYTES
    this.head = new Int32Array(ring, 0, HEAD_BYTES / 4)
    this.bytes = Buffer.from(ring, HEAD_BYTES, this.capacity)
    this.int32 = new Int32Array(ring, HEAD_BYTES, this.capacity / 4)
    this.float64 = new Float64Array(ring, HEAD_BYTES, this.capacity / 8)
  }

  /** Refuses a ring of other times: what is in it was meant for somebody who crashed (F31). */
  check(generation: number): this {
    const found = this.head[GENERATION]!
    if (found !== generation) throw new RangeError(`this ring is of generation ${found}, not ${generation}`)
    return this
  }
}

export class RingWriter extends RingView {
  /** Largest entry: an eighth of the ring, so that entries never wait for an almost empty one. */
  readonly maxEntry: number
  #written: number
  #published: number
  #read: number
  #mask: number

  constructor(ring: SharedArrayBuffer) {
    super(ring)
    this.maxEntry = this.capacity >> 3
    this.#mask = this.capacity - 1
    this.#written = this.#published = Atomics.load(this.head, WRITTEN)
    this.#read = Atomics.load(this.head, READ)
  }

  /** Bytes that the reader has not taken yet, as far as this side knows. */
  get used(): number {
    this.#read = Atomics.load(this.head, READ)
    return (this.#written - this.#read) >>> 0
  }

  /** Up to where the reader can see, counted like its positions. */
  get published(): number {
    return this.#published
  }

  /** Up to where the reader has freed entries. */
  get read(): number {
    return (this.#read = Atomics.load(this.head, READ))
  }

  get unpublished(): number {
    return (this.#written - this.#published) >>> 0
  }

  /**
   * A place for an entry of up to `size` bytes (a multiple of 8, at most {@link maxEntry}); its byte position, or −1 when the ring
   * is full. Nothing is taken until {@link commit}.
   */
  reserve(size: number): number {
    const at = this.#written & this.#mask
    const tail = this.capacity - at
    const need = tail < size ? tail + size : size
    if (((this.#written - this.#read) >>> 0) + need > this.capacity) {
      this.#read = Atomics.load(this.head, READ)
      if (((this.#written - this.#read) >>> 0) + need > this.capacity) return -1
    }
    if (tail >= size) return at
    this.int32[at >> 2] = tail
    this.int32[(at >> 2) + 1] = PAD
    this.#written = (this.#written + tail) | 0
    return 0
  }

  /** Takes the entry written at the reserved place; `size` is its final size, a multiple of 8. */
  commit(size: number): void {
    this.#written = (this.#written + size) | 0
  }

  /** Lets the reader see what was committed. */
  publish(): void {
    if (this.#written === this.#published) return
    this.#published = this.#written
    Atomics.store(this.head, WRITTEN, this.#written)
  }
}

export class RingReader extends RingView {
  #read: number
  #released: number
  #written: number
  #mask: number

  constructor(ring: SharedArrayBuffer) {
    super(ring)
    this.#mask = this.capacity - 1
    this.#read = this.#released = Atomics.load(this.head, READ)
    this.#written = this.#read
  }

  /** Byte position of the next entry, or −1 when there is none. It stays valid until {@link release}. */
  next(): number {
    for (;;) {
      if (this.#read === this.#written) {
        this.#written = Atomics.load(this.head, WRITTEN)
        if (this.#read === this.#written) return -1
      }
      const at = this.#read & this.#mask
      if (this.int32[(at >> 2) + 1] !== PAD) return at
      this.#read = (this.#read + this.int32[at >> 2]!) | 0
    }
  }

  /** Steps over the entry that {@link next} gave. */
  advance(size: number): void {
    this.#read = (this.#read + size) | 0
  }

  /** Where the next entry is, counted like the ring's positions. */
  get position(): number {
    return this.#read
  }

  /** Gives the room of all entries stepped over back to the writer, or of those before `end`. */
  release(end: number = this.#read): void {
    if (end === this.#released) return
    this.#released = end
    Atomics.store(this.head, READ, end)
  }

  get empty(): boolean {
    return this.#read === Atomics.load(this.head, WRITTEN)
  }

  /** Bytes written but not yet stepped over. */
  get used(): number {
    return (Atomics.load(this.head, WRITTEN) - this.#read) >>> 0
  }
}

/** The next multiple of 8. */
export function align8(size: number): number {
  return (size + 7) & ~7
}
