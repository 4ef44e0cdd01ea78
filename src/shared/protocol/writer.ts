/**
 * Writes Kafka's wire types, forward; lengths that are known late are patched in. Large byte fields are not copied: the frame
 * is a list of chunks, for one writev.
 */
import { writeUuid } from './uuid.ts'

/** The bytes of a field, or several pieces that follow each other. */
export type ByteField = Uint8Array | readonly Uint8Array[]

/** From this size on bytes are spliced in rather than copied. */
const SPLICE_BYTES = 4096
const FIRST_BYTES = 512

export class Writer {
  #buffer: Buffer
  #at = 0
  /** Where the bytes that are not in {@link #chunks} yet begin. */
  #start = 0
  #chunks: Uint8Array[] = []
  #chunkBytes = 0

  constructor(size = FIRST_BYTES) {
    this.#buffer = Buffer.allocUnsafe(size)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#chunkBytes + this.#at - this.#start
  }

  int8(value: number): void {
    if (value !== (value << 24) >> 24) throw outOfRange(value, 'int8')
    this.#room(1)
    this.#buffer[this.#at++] = value
  }

  int16(value: number): void {
    if (value !== (value << 16) >> 16) throw outOfRange(value, 'int16')
    this.#room(2)
    this.#buffer[this.#at++] = value >> 8
    this.#buffer[this.#at++] = value
  }

  uint16(value: number): void {
    if (value !== (value & 0xffff)) throw outOfRange(value, 'uint16')
    this.#room(2)
    this.#buffer[this.#at++] = value >> 8
    this.#buffer[this.#at++] = value
  }

  int32(value: number): void {
    if (value !== (value | 0)) throw outOfRange(value, 'int32')
    this.#room(4)
    this.#put32(value)
  }

  uint32(value: number): void {
    if (value !== value >>> 0) throw outOfRange(value, 'uint32')
    this.#room(4)
    this.#put32(value)
  }

  /** The largest int64 is read as 2^63, as there is no number next to it, and written back as what it was. */
  int64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000)
    const low = value - high * 0x1_0000_0000
    const isLargest = value === 2 ** 63
    if (!isLargest && (high !== (high | 0) || low !== low >>> 0)) throw outOfRange(value, 'int64')
    this.#room(8)
    this.#put32(isLargest ? 0x7fffffff : high)
    this.#put32(isLargest ? -1 : low)
  }

  float64(value: number): void {
    this.#room(8)
    this.#at = this.#buffer.writeDoubleBE(value, this.#at)
  }

  boolean(value: boolean): void {
    this.#room(1)
    this.#buffer[this.#at++] = value ? 1 : 0
  }

  uuid(value: string): void {
    this.#room(16)
    writeUuid(this.#buffer, this.#at, value)
    this.#at += 16
  }

  unsignedVarint(value: number): void {
    this.#room(5)
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#buffer[this.#at++] = rest
  }

  varint(value: number): void {
    this.unsignedVarint((value << 1) ^ (value >> 31))
  }

  string(value: string): void {
    const length = Buffer.byteLength(value)
    if (length > 0x7fff) throw new RangeError(`a string of ${length} bytes; the protocol allows 32767`)
    this.int16(length)
    this.#text(value, length)
  }

  nullableString(value: string | null): void {
    if (value === null) this.int16(-1)
    else this.string(value)
  }

  compactString(value: string): void {
    const length = Buffer.byteLength(value)
    this.unsignedVarint(length + 1)
    this.#text(value, length)
  }

  compactNullableString(value: string | null): void {
    if (value === null) this.unsignedVarint(0)
    else this.compactString(value)
  }

  bytes(value: ByteField): void {
    this.int32(byteLength(value))
    this.raw(value)
  }

  nullableBytes(value: ByteField | null): void {
    if (value === null) this.int32(-1)
    else this.bytes(value)
  }

  compactBytes(value: ByteField): void {
    this.unsignedVarint(byteLength(value) + 1)
    this.raw(value)
  }

  compactNullableBytes(value: ByteField | null): void {
    if (value === null) this.unsignedVarint(0)
    else this.compactBytes(value)
  }

  arrayLength(length: number): void {
    this.int32(length)
  }

  compactArrayLength(length: number): void {
    this.unsignedVarint(length + 1)
  }

  /** Bytes as they are, without a length; large ones are borrowed until the frame was sent. */
  raw(value: ByteField): void {
    if (value instanceof Uint8Array) this.#piece(value)
    else for (const piece of value) this.#piece(piece)
  }

  /** What `write` writes, with its length in front as a tagged field's value needs it (KIP-482). */
  tag(tag: number, write: (w: Writer) => void): void {
    const value = new Writer()
    write(value)
    this.unsignedVarint(tag)
    this.unsignedVarint(value.length)
    this.raw(value.chunks())
  }

  /** Puts the size of everything behind it into the four bytes that a frame begins with. */
  patchSize(): void {
    const first = this.#chunks[0]
    const size = this.length - 4
    if (first) Buffer.from(first.buffer, first.byteOffset, 4).writeInt32BE(size, 0)
    else this.#buffer.writeInt32BE(size, this.#start)
  }

  /** All bytes in order; the writer must not be used again while somebody holds them. */
  chunks(): Uint8Array[] {
    this.#seal()
    return this.#chunks
  }

  /** All bytes in one piece, copied. */
  finish(): Buffer {
    return Buffer.concat(this.chunks())
  }

  /** Empty again, with memory of its own. */
  reset(): void {
    this.#buffer = Buffer.allocUnsafe(FIRST_BYTES)
    this.#at = this.#start = this.#chunkBytes = 0
    this.#chunks = []
  }

  #piece(bytes: Uint8Array): void {
    if (bytes.length >= SPLICE_BYTES) {
      this.#seal()
      this.#chunks.push(bytes)
      this.#chunkBytes += bytes.length
      return
    }
    this.#room(bytes.length)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** There is room for it. */
  #put32(value: number): void {
    const at = this.#at
    this.#buffer[at] = value >> 24
    this.#buffer[at + 1] = value >> 16
    this.#buffer[at + 2] = value >> 8
    this.#buffer[at + 3] = value
    this.#at = at + 4
  }

  #text(value: string, length: number): void {
    this.#room(length)
    this.#buffer.write(value, this.#at, length, 'utf8')
    this.#at += length
  }

  #seal(): void {
    if (this.#at === this.#start) return
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#at))
    this.#chunkBytes += this.#at - this.#start
    this.#start = this.#at
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const open = this.#at - this.#start
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, open + bytes))
    // sealed chunks keep the old memory
    this.#buffer.copy(grown, 0, this.#start, this.#at)
    this.#buffer = grown
    this.#start = 0
    this.#at = open
  }
}

function outOfRange(value: number, type: string): RangeError {
  return new RangeError(`not an ${type}: ${value}`)
}

function byteLength(value: ByteField): number {
  if (value instanceof Uint8Array) return value.length
  let length = 0
  for (const piece of value) length += piece.length
  return length
}
