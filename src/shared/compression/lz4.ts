/**
 * LZ4 frames; the blocks in them come from and go to the package lz4-napi. Written as Kafka's own producer does: blocks that do
 * not depend on each other, no checksums but the header's, since the batch has its own. Read as anyone writes them, except with a
 * dictionary from elsewhere. What blocks inflate to is counted before anything is allocated for them.
 *
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
import type * as Lz4 from 'lz4-napi'
import { copyBytes } from '../copy-bytes.ts'
import { type Codec, InflatesTooFar, NotOfCodec } from './codec.ts'
import { optionalPackage } from './native.ts'
import { xxhash32Short } from './xxhash32.ts'

const MAGIC = 0x184d2204
/** The first of sixteen magics of frames that are there to be passed over. */
const SKIPPABLE_MAGIC = 0x184d2a50
const HEADER_BYTES = 7
const VERSION_1 = 0x40
const STORED = 0x8000_0000
/** How far back a block may point into the ones before. */
const WINDOW_BYTES = 64 * 1024

/** Bits of the first descriptor byte. */
const Flag = { dictionary: 0x01, contentChecksum: 0x04, contentSize: 0x08, blockChecksums: 0x10, independent: 0x20 } as const

const load = optionalPackage<typeof Lz4>('lz4', 'lz4-napi')

interface Block {
  start: number
  end: number
  stored: boolean
  size: number
  /** How many bytes of output before it it may point into. */
  reach: number
}

export const lz4: Codec = {
  load,
  compress(bytes) {
    const { compressSync } = load()
    const code = blockSizeCode(bytes.length)
    const blockBytes = maxBlockBytes(code)
    const parts: Uint8Array[] = [frameHeader(code)]
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = bytes.subarray(at, at + blockBytes)
      // the package writes the size in front, which a frame does not have there: its four bytes become the block's length
      const packed = compressSync(block as Buffer)
      const stored = packed.length - 4 >= block.length
      if (stored) parts.push(uint32(block.length | STORED), block)
      else {
        writeUint32(packed, 0, packed.length - 4)
        parts.push(packed)
      }
    }
    parts.push(uint32(0))
    return Buffer.concat(parts)
  },
  decompress(bytes, maxBytes) {
    load()
    // numbers only, since there may be a block for every five bytes
    const sizes: number[] = []
    let total = 0
    for (const { size } of blocksOf(bytes, maxBytes)) {
      sizes.push(size)
      total += size
    }
    const whole = Buffer.allocUnsafe(total)
    let at = 0
    for (const block of blocksOf(bytes, maxBytes, sizes)) {
      if (block.size > 0) inflateBlock(bytes, block, whole, at)
      at += block.size
    }
    return whole
  },
}

/** As Kafka's own, larger where there is more: 64 KiB, 256 KiB, 1 MiB, 4 MiB are 4 to 7. */
function blockSizeCode(bytes: number): number {
  return [4, 5, 6].find((code) => bytes <= maxBlockBytes(code)) ?? 7
}

function maxBlockBytes(code: number): number {
  return 1 << (8 + 2 * code)
}

function frameHeader(code: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  writeUint32(header, 0, MAGIC)
  header[4] = VERSION_1 | Flag.independent
  header[5] = code << 4
  header[6] = xxhash32Short(header, 4, 6) >>> 8
  return header
}

function inflateBlock(bytes: Uint8Array, { start, end, stored, size, reach }: Block, whole: Buffer, at: number): void {
  if (stored) {
    copyBytes(bytes, start, end, whole, at)
    return
  }
  const packed = Buffer.allocUnsafe(4 + end - start)
  writeUint32(packed, 0, size)
  copyBytes(bytes, start, end, packed, 4)
  const made = load().uncompressSync(packed, reach > 0 ? whole.subarray(at - reach, at) : undefined)
  if (made.length !== size) throw new NotOfCodec(`a block of ${size} bytes became ${made.length}`)
  made.copy(whole, at)
}

/**
 * The blocks of all frames, which hold `most` bytes at most. Every length and header is checked before a block is given out; so is
 * every offset in it, unless `sizes` tells that this was done.
 */
function* blocksOf(bytes: Uint8Array, most: number, sizes?: readonly number[]): Generator<Block> {
  if (bytes.length === 0) throw new NotOfCodec('it is empty')
  let left = most
  let count = 0
  for (let at = 0; at < bytes.length; ) {
    const skipped = skippableFrame(bytes, at)
    if (skipped > 0) {
      at += skipped
      continue
    }
    const frame = readHeader(bytes, at)
    if (frame.contentSize > left) throw new InflatesTooFar()
    let size = 0
    at = frame.end
    for (let block = readBlock(bytes, at, frame, size, sizes?.[count++]); block; ) {
      size += block.size
      if (size > left) throw new InflatesTooFar()
      yield block
      at = block.end + (frame.flags & Flag.blockChecksums ? 4 : 0)
      block = readBlock(bytes, at, frame, size, sizes?.[count++])
    }
    // what `sizes` had at the end mark is of the next frame
    count--
    at += 4
    if (frame.contentSize >= 0 && frame.contentSize !== size)
      throw new NotOfCodec(`it claims ${frame.contentSize} bytes and holds ${size}`)
    left -= size
    if (frame.flags & Flag.contentChecksum) {
      need(bytes, at, 4)
      at += 4
    }
  }
}

/** The length of the skippable frame at `at`, 0 when it is none. */
function skippableFrame(bytes: Uint8Array, at: number): number {
  need(bytes, at, HEADER_BYTES)
  if ((readUint32(bytes, at) & ~0xf) !== SKIPPABLE_MAGIC) return 0
  need(bytes, at, 8)
  const length = readUint32(bytes, at + 4)
  need(bytes, at + 8, length)
  return 8 + length
}

interface FrameHeader {
  flags: number
  maxBlock: number
  /** −1: not said. */
  contentSize: number
  end: number
}

function readHeader(bytes: Uint8Array, at: number): FrameHeader {
  if (readUint32(bytes, at) !== MAGIC) throw new NotOfCodec('it does not begin as a frame')
  const flags = bytes[at + 4]!
  const code = bytes[at + 5]! >>> 4
  if ((flags & 0xc2) !== VERSION_1 || bytes[at + 5]! & 0x8f || code < 4)
    throw new NotOfCodec(`a frame header with the unknown bits ${flags} and ${bytes[at + 5]}`)
  if (flags & Flag.dictionary) throw new NotOfCodec('it was made with a dictionary that is not in it')
  const end = at + HEADER_BYTES + (flags & Flag.contentSize ? 8 : 0)
  need(bytes, at, end - at)
  if (((xxhash32Short(bytes, at + 4, end - 1) >>> 8) & 0xff) !== bytes[end - 1])
    throw new NotOfCodec('the checksum of a frame header does not match')
  const contentSize = flags & Flag.contentSize ? readUint32(bytes, at + 6) + readUint32(bytes, at + 10) * 2 ** 32 : -1
  return { flags, maxBlock: maxBlockBytes(code), contentSize, end }
}

/** The block at `at`, behind `before` bytes of output of its frame; undefined at the frame's end. `known` is its size. */
function readBlock(bytes: Uint8Array, at: number, frame: FrameHeader, before: number, known?: number): Block | undefined {
  need(bytes, at, 4)
  const word = readUint32(bytes, at)
  if (word === 0) return undefined
  const stored = word >= STORED
  const length = stored ? word - STORED : word
  const start = at + 4
  const end = start + length
  if (length > frame.maxBlock) throw new NotOfCodec(`a block of ${length} bytes where ${frame.maxBlock} are the most`)
  need(bytes, start, length + (frame.flags & Flag.blockChecksums ? 4 : 0))
  const reach = frame.flags & Flag.independent ? 0 : Math.min(before, WINDOW_BYTES)
  const size = stored ? length : (known ?? inflatedSize(bytes, start, end, reach, frame.maxBlock))
  return { start, end, stored, size, reach }
}

/** What a block inflates to, found by walking through its sequences. */
function inflatedSize(bytes: Uint8Array, start: number, end: number, reach: number, most: number): number {
  let size = 0
  for (let at = start; at < end; ) {
    const token = bytes[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more = 255
      while (more === 255 && at < end) literals += more = bytes[at++]!
    }
    if (literals > end - at) throw new NotOfCodec(`a literal of ${literals} bytes where ${end - at} are left`)
    at += literals
    size += literals
    if (at === end) break
    if (end - at < 2) throw new NotOfCodec('a block ends within a match')
    const offset = bytes[at]! | (bytes[at + 1]! << 8)
    at += 2
    if (offset === 0 || offset > size + reach) throw new NotOfCodec(`a match from ${offset} bytes back after ${size + reach}`)
    let match = (token & 15) + 4
    if (match === 19) {
      let more = 255
      while (more === 255 && at < end) match += more = bytes[at++]!
    }
    size += match
    // the last sequence has literals only
    if (at === end) throw new NotOfCodec('a block ends with a match')
  }
  if (size > most) throw new NotOfCodec(`a block inflates to ${size} bytes where ${most} are the most`)
  return size
}

function need(bytes: Uint8Array, at: number, count: number): void {
  if (count > bytes.length - at)
    throw new NotOfCodec(`it is cut off: ${count} bytes at ${at} where ${bytes.length - at} are left`)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  writeUint32(bytes, 0, value)
  return bytes
}

function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value
  target[at + 1] = value >>> 8
  target[at + 2] = value >>> 16
  target[at + 3] = value >>> 24
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
