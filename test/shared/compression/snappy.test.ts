import native from 'snappy'
import { describe, expect, it } from 'vitest'
import { snappy } from '../../../src/shared/compression/snappy.ts'

const text = Buffer.alloc(70_000, 'snappy in frames and without ')
const HEADER = '82534e41505059000000000100000001'

describe('snappy', () => {
  it('is written as snappy-java writes it: a header, then blocks of 32 KiB behind their lengths', () => {
    const packed = Buffer.from(snappy.compress(text, undefined))
    expect(packed.toString('hex', 0, 16)).toBe(HEADER)
    const blocks: Buffer[] = []
    for (let at = 16; at < packed.length; at += 4 + packed.readUInt32BE(at)) {
      const block = packed.subarray(at + 4, at + 4 + packed.readUInt32BE(at))
      blocks.push(native.uncompressSync(block, { asBuffer: true }) as Buffer)
    }
    expect(blocks.map(({ length }) => length)).toEqual([32_768, 32_768, 70_000 - 65_536])
    expect(Buffer.concat(blocks).equals(text)).toBe(true)
  })

  it('is read without frames too, and in several streams behind each other', () => {
    expect(text.equals(snappy.decompress(native.compressSync(text), text.length))).toBe(true)
    const stream = snappy.compress(text, undefined)
    expect(Buffer.concat([text, text]).equals(snappy.decompress(Buffer.concat([stream, stream]), 140_000))).toBe(true)
  })

  it.each<[string, string, string]>([
    ['a block longer than what is left', `${HEADER}0000000a0100`, 'claims 10 bytes where 2 are left'],
    ['a length cut off', `${HEADER}0000`, 'before the length of a block'],
    ['a header cut off', `${HEADER}${HEADER.slice(0, 20)}`, 'within a header'],
    ['no length', '', 'begins with no length'],
    ['a length that does not end', 'ffffffffff', 'begins with no length'],
    ['more than it claims', '01044142', 'claims 1 bytes and holds more'],
    ['less than it claims', '03044142', 'claims 3 bytes and holds 2'],
    ['a literal over its end', '05104142', 'a literal of 5 bytes where 2 are left'],
    ['a literal whose length is cut off', '05f4ff', 'within the length of a literal'],
    ['a copy from before its beginning', '0600410109', 'a copy from 9 bytes back after 1'],
    ['a copy from nowhere', '0600410100', 'a copy from 0 bytes back'],
    ['a copy cut off', '06004102', 'within a copy'],
  ])('with %s is refused', (_what, hex, why) => {
    expect(() => snappy.decompress(Buffer.from(hex, 'hex'), 1 << 20)).toThrow(why)
  })
})
