/**
 * Reads Kafka's wire types, forward. Everything is checked against the bytes that are there before it is believed or allocated
 * (IX2): what lies or runs over the end is a {@link MalformedFrame}. Byte fields are views on the input, borrowed.
 */
import { uuidText } from './uuid.ts'

/** The bytes are not what their sender's version of the protocol says. */
export class MalformedFrame extends Error {
  readonly code = 'MALFORMED_FRAME'
}

export class Reader {
  readonly buffer: Buffer
  offset: number
  readonly end: number

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    if (offset < 0 || offset > end || end > bytes.length) throw new RangeError(`bytes ${offset} to ${end} of ${bytes.length}`)
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.offset = offset
    this.end = end
  }

  get remaining(): number {
    return this.end - this.offset
  }

  int8(): number {
    return (this.buffer[this.#take(1)]! << 24) >> 24
  }

  int16(): number {
    const at = this.#take(2)
    return ((this.buffer[at]! << 24) >> 16) | this.buffer[at + 1]!
  }

  uint16(): number {
    const at = this.#take(2)
    return (this.buffer[at]! << 8) | this.buffer[at + 1]!
  }

  int32(): number {
    return this.#int32At(this.#take(4))
  }

  uint32(): number {
    return this.#int32At(this.#take(4)) >>> 0
  }

  /** Exact to 2^53; beyond, rounded as numbers are. */
  int64(): number {
    const at = this.#take(8)
    return this.#int32At(at) * 0x1_0000_0000 + (this.#int32At(at + 4) >>> 0)
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8))
  }

  boolean(): boolean {
    return this.buffer[this.#take(1)] !== 0
  }

  uuid(): string {
    return uuidText(this.buffer, this.#take(16))
  }

  /** At most 32 bits; what a fifth byte says beyond them is not looked at, as in Kafka. */
  unsignedVarint(): number {
    const first = this.buffer[this.#take(1)]!
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new MalformedFrame(`varint of more than five bytes before byte ${this.offset}`)
  }

  varint(): number {
    const value = this.unsignedVarint()
    return (value >>> 1) ^ -(value & 1)
  }

  string(): string {
    return this.#text(this.int16())
  }

  nullableString(): string | null {
    const length = this.int16()
    return length === -1 ? null : this.#text(length)
  }

  compactString(): string {
    return this.#text(this.unsignedVarint() - 1)
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1
    return length === -1 ? null : this.#text(length)
  }

  /** A view, as all byte fields. */
  bytes(): Buffer {
    return this.#view(this.int32())
  }

  nullableBytes(): Buffer | null {
    const length = this.int32()
    return length === -1 ? null : this.#view(length)
  }

  compactBytes(): Buffer {
    return this.#view(this.unsignedVarint() - 1)
  }

  compactNullableBytes(): Buffer | null {
    const length = this.unsignedVarint() - 1
    return length === -1 ? null : this.#view(length)
  }

  /** The number of elements, −1 for null; `elementBytes` is the least that one takes. */
  arrayLength(elementBytes: number): number {
    return this.#count(this.int32(), elementBytes)
  }

  compactArrayLength(elementBytes: number): number {
    return this.#count(this.unsignedVarint() - 1, elementBytes)
  }

  /** Steps over tagged fields that nobody here knows (KIP-482). */
  skipTags(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint()
      this.skip(this.unsignedVarint())
    }
  }

  skip(length: number): void {
    this.#take(length)
  }

  /** Reads a tagged field's size; returns where the field ends. */
  tagEnd(): number {
    const size = this.unsignedVarint()
    if (size > this.remaining)
      throw new MalformedFrame(`a tagged field of ${size} bytes at byte ${this.offset}, where ${this.remaining} are left`)
    return this.offset + size
  }

  /** A tagged field must end where its size said. */
  expectAt(end: number): void {
    if (this.offset !== end) throw new MalformedFrame(`a tagged field ends at byte ${this.offset} instead of ${end}`)
  }

  /** For fields that must not be null. */
  notNull(length: number): number {
    if (length < 0) throw new MalformedFrame(`null before byte ${this.offset}, where it is not allowed`)
    return length
  }

  #count(count: number, elementBytes: number): number {
    if (count < -1 || count * elementBytes > this.remaining) {
      throw new MalformedFrame(
        `${count} elements announced before byte ${this.offset}, each of at least ${elementBytes} bytes, where ${this.remaining} bytes are left`,
      )
    }
    return count
  }

  #text(length: number): string {
    const start = this.#take(length)
    return this.buffer.toString('utf8', start, start + length)
  }

  #view(length: number): Buffer {
    const start = this.#take(length)
    return this.buffer.subarray(start, start + length)
  }

  #int32At(at: number): number {
    const { buffer } = this
    return (buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!
  }

  /** Steps over bytes that are there; returns where they begin. */
  #take(length: number): number {
    const start = this.offset
    if (length < 0 || length > this.end - start) throw this.#missing(length)
    this.offset = start + length
    return start
  }

  #missing(length: number): MalformedFrame {
    const what = length === -1 ? 'null' : `a field of ${length} bytes`
    return new MalformedFrame(
      `${what} at byte ${this.offset}, where ${length === -1 ? 'it is not allowed' : `${this.remaining} are left`}`,
    )
  }
}
