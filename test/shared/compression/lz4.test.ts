import lz4Napi from 'lz4-napi'
import { describe, expect, it } from 'vitest'
import { lz4 } from '../../../src/shared/compression/lz4.ts'
import { xxhash32Short } from '../../../src/shared/compression/xxhash32.ts'

/** 70,000 digits by the lz4 tool: linked blocks of 64 KiB, with a content size, a content checksum and block checksums. */
const LINKED = Buffer.from(
  'BCJNGFxAcBEBAAAAAADjFAEAAK8wMTIzNDU2Nzg5CgD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////3lAxMjM0NZfPOUAbAAAAD/r///////////////////////9pUDU2Nzg55aLL5wAAAABBxKnb',
  'base64',
)
const digits = Buffer.alloc(70_000, '0123456789')

/** A changed copy whose header checksum is right again. */
function reheaded(frame: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(frame)
  change(copy)
  const end = copy[4]! & 8 ? 14 : 6
  copy[end] = xxhash32Short(copy, 4, end) >>> 8
  return copy
}

describe('lz4 frames', () => {
  it('are what another reader reads, with the header that Kafka itself writes', () => {
    for (const length of [0, 10, 65_536, 70_000, 2_000_000]) {
      const bytes = Buffer.alloc(length, 'some text, some more text')
      const frame = Buffer.from(lz4.compress(bytes, undefined))
      expect(lz4Napi.decompressFrameSync(frame).equals(bytes)).toBe(true)
      if (length <= 65_536) expect(frame.toString('hex', 0, 7)).toBe('04224d18604082')
    }
  })

  it('may have linked blocks and every checksum', () => {
    expect(digits.equals(lz4.decompress(LINKED, digits.length))).toBe(true)
    const frame = lz4Napi.compressFrameSync(digits, { contentChecksum: true, blockChecksums: true })
    expect(digits.equals(lz4.decompress(frame, digits.length))).toBe(true)
  })

  it('may follow each other, and skippable ones between them', () => {
    const frame = lz4.compress(digits, undefined)
    const skippable = Buffer.from('532a4d1803000000aabbcc', 'hex')
    const twice = Buffer.concat([frame, skippable, frame])
    expect(Buffer.concat([digits, digits]).equals(lz4.decompress(twice, 2 * digits.length))).toBe(true)
    expect(() => lz4.decompress(twice, 2 * digits.length - 1)).toThrow('inflates too far')
  })

  it.each<[string, Buffer, string]>([
    ['a header whose checksum is wrong', Buffer.from(LINKED).fill(0, 14, 15), 'the checksum of a frame header'],
    ['another version', reheaded(LINKED, (copy) => (copy[4]! ^= 0xc0)), 'unknown bits'],
    ['a dictionary from elsewhere', reheaded(LINKED, (copy) => (copy[4]! |= 1)), 'dictionary'],
    ['a content size that is too small', reheaded(LINKED, (copy) => (copy[6]! ^= 1)), 'claims 70001 bytes and holds 70000'],
    ['linked blocks that say they are not', reheaded(LINKED, (copy) => (copy[4]! |= 0x20)), 'bytes back after'],
    ['no frame', Buffer.alloc(20), 'does not begin as a frame'],
    ['a block over the size agreed on', Buffer.from(LINKED).fill(0x7f, 15, 18), 'are the most'],
  ])('with %s are refused', (_what, frame, why) => {
    expect(() => lz4.decompress(frame, 1 << 20)).toThrow(why)
  })
})
