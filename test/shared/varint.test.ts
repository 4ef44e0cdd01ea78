import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MalformedVarint, VarintReader, varintSize, varlongSize, writeVarint, writeVarlong } from '../../src/shared/varint.ts'

const safeInteger = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -70, max: 70 }))

/** The encoding by definition, with BigInt. */
function reference(value: number): number[] {
  let bits = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  const bytes: number[] = []
  while (bits > 0x7fn) {
    bytes.push(Number(bits & 0x7fn) | 0x80)
    bits >>= 7n
  }
  return [...bytes, Number(bits)]
}

describe('varint', () => {
  test.prop([fc.integer()])('is written as defined and read back', (value) => {
    const bytes = new Uint8Array(8)
    const end = writeVarint(bytes, 1, value)
    expect([...bytes.subarray(1, end)]).toEqual(reference(value))
    expect(varintSize(value)).toBe(end - 1)
    const reader = new VarintReader(bytes, 1, end)
    expect(reader.varint()).toBe(value)
    expect(reader.at).toBe(end)
  })

  it.each([0, -1, 1, 63, 64, -64, -65, 8191, 8192, -8192, -8193, 2 ** 31 - 1, -(2 ** 31)])(
    'takes as many bytes as it needs: %d',
    (value) => {
      expect(varintSize(value)).toBe(reference(value).length)
      expect(varlongSize(value)).toBe(reference(value).length)
    },
  )

  it('refuses more than 32 bits', () => {
    expect(() => new VarintReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10)).varint()).toThrow(MalformedVarint)
    expect(() => new VarintReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0)).varint()).toThrow(MalformedVarint)
    expect(new VarintReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)).varint()).toBe(-(2 ** 31))
  })

  test.prop([safeInteger])('ends in an error when cut short, even if bytes follow', (value) => {
    const bytes = new Uint8Array(12)
    const end = writeVarlong(bytes, 0, value)
    expect(() => new VarintReader(bytes, 0, end - 1).varlong()).toThrow(MalformedVarint)
  })
})

describe('varlong', () => {
  test.prop([safeInteger])('is exact for every safe integer', (value) => {
    const bytes = new Uint8Array(12)
    const end = writeVarlong(bytes, 2, value)
    expect([...bytes.subarray(2, end)]).toEqual(reference(value))
    expect(varlongSize(value)).toBe(end - 2)
    const reader = new VarintReader(bytes, 2)
    expect(reader.varlong()).toBe(value)
    expect(reader.at).toBe(end)
  })

  it.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 52, -(2 ** 52)])(
    'is exact at the border %d',
    (value) => {
      const bytes = new Uint8Array(10)
      const end = writeVarlong(bytes, 0, value)
      expect([...bytes.subarray(0, end)]).toEqual(reference(value))
      expect(varlongSize(value)).toBe(end)
      expect(new VarintReader(bytes).varlong()).toBe(value)
    },
  )

  it('reads the ends of int64 as the nearest numbers, and no more than 64 bits', () => {
    const most = [0xfe, ...Array<number>(8).fill(0xff)]
    expect(new VarintReader(Uint8Array.from([...most, 1])).varlong()).toBe(2 ** 63)
    expect(() => new VarintReader(Uint8Array.from([...most, 2])).varlong()).toThrow(MalformedVarint)
    expect(() => new VarintReader(Uint8Array.from([...most, 0x81, 0])).varlong()).toThrow(MalformedVarint)
  })
})
