/**
 * Snappy, from the package of that name. Written in the framing of snappy-java, as Kafka's own producer does; read in that
 * framing and without any, as other clients write it. What a block claims is counted before anything is allocated for it.
 *
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
import type * as Snappy from 'snappy'
import { readInt32, writeInt32 } from '../record-batch.ts'
import { type Codec, InflatesTooFar, NotOfCodec } from './codec.ts'
import { optionalPackage } from './native.ts'

/** The magic of snappy-java, its version, and the oldest version that can read it. */
const HEADER = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex')
const MAGIC_BYTES = 8
/** The first bytes of the magic where a block's length should be: another stream begins. */
const MAGIC_AS_LENGTH = readInt32(HEADER, 0)
/** Bytes of input in a block, as in snappy-java. */
const BLOCK_BYTES = 32 * 1024

/** Without this the output lives outside of the heap's accounting. */
const COPIED = { copyOutputData: true } as const
const COPIED_BUFFER = { asBuffer: true, copyOutputData: true } as const

const load = optionalPackage<typeof Snappy>('snappy', 'snappy')

export const snappy: Codec = {
  load,
  compress(bytes) {
    const { compressSync } = load()
    const parts: Uint8Array[] = [HEADER]
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const block = compressSync(bytes.subarray(at, at + BLOCK_BYTES), COPIED)
      const length = Buffer.allocUnsafe(4)
      writeInt32(length, 0, block.length)
      parts.push(length, block)
    }
    return Buffer.concat(parts)
  },
  decompress(bytes, maxBytes) {
    const { uncompressSync } = load()
    // numbers only, since there may be a block for every five bytes
    const sizes: number[] = []
    let total = 0
    for (const block of blocksOf(bytes)) {
      const size = inflatedSize(block, maxBytes - total)
      sizes.push(size)
      total += size
    }
    const whole = Buffer.allocUnsafe(total)
    let at = 0
    let index = 0
    for (const block of blocksOf(bytes)) {
      const size = sizes[index++]!
      if (size === 0) continue
      const made = uncompressSync(block, COPIED_BUFFER) as Buffer
      if (made.length !== size) throw new NotOfCodec(`a block of ${size} bytes became ${made.length}`)
      made.copy(whole, at)
      at += size
    }
    return whole
  },
}

function isFramed(bytes: Uint8Array): boolean {
  for (let i = 0; i < MAGIC_BYTES; i++) if (bytes[i] !== HEADER[i]) return false
  return true
}

function* blocksOf(bytes: Uint8Array): Generator<Uint8Array> {
  if (!isFramed(bytes)) {
    yield bytes
    return
  }
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new NotOfCodec('it is cut off before the length of a block')
    const length = readInt32(bytes, at)
    if (length === MAGIC_AS_LENGTH) {
      if (at + HEADER.length > bytes.length) throw new NotOfCodec('it is cut off within a header')
      at += HEADER.length
      continue
    }
    at += 4
    if (length <= 0 || length > bytes.length - at)
      throw new NotOfCodec(`a block claims ${length} bytes where ${bytes.length - at} are left`)
    yield bytes.subarray(at, at + length)
    at += length
  }
}

/** What a block inflates to, found by walking through it; what it claims must be that. Never more than `most`. */
function inflatedSize(block: Uint8Array, most: number): number {
  const [claimed, start] = claimedSize(block)
  if (claimed > most) throw new InflatesTooFar()
  let size = 0
  for (let at = start; at < block.length && size <= claimed; ) {
    const tag = block[at++]!
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >>> 2
      const extra = short < 60 ? 0 : short - 59
      if (extra > block.length - at) throw new NotOfCodec('it ends within the length of a literal')
      const length = (extra === 0 ? short : littleEndian(block, at, extra)) + 1
      at += extra
      if (length > block.length - at) throw new NotOfCodec(`a literal of ${length} bytes where ${block.length - at} are left`)
      at += length
      size += length
      continue
    }
    const extra = kind === 3 ? 4 : kind
    if (extra > block.length - at) throw new NotOfCodec('it ends within a copy')
    const offset = kind === 1 ? ((tag & 0xe0) << 3) | block[at]! : littleEndian(block, at, extra)
    at += extra
    if (offset === 0 || offset > size) throw new NotOfCodec(`a copy from ${offset} bytes back after ${size}`)
    size += kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
  }
  if (size !== claimed) throw new NotOfCodec(`a block claims ${claimed} bytes and holds ${size > claimed ? 'more' : size}`)
  return size
}

/** The length at the front of a block, and where it ends. */
function claimedSize(block: Uint8Array): [size: number, end: number] {
  for (let at = 0, size = 0, scale = 1; at < 5 && at < block.length; scale *= 128) {
    const byte = block[at++]!
    size += (byte & 0x7f) * scale
    if (byte < 0x80) return [size, at]
  }
  throw new NotOfCodec('it begins with no length')
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = count; i > 0; i--) value = value * 256 + bytes[at + i - 1]!
  return value
}
