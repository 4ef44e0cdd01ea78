import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedFrame, Reader } from '../../../src/shared/protocol/reader.ts'
import { ZERO_UUID } from '../../../src/shared/protocol/uuid.ts'
import { type ByteField, Writer } from '../../../src/shared/protocol/writer.ts'

interface WireType<T> {
  name: string
  values: fc.Arbitrary<T>
  write(w: Writer, value: T): void
  read(r: Reader): T
}

function wireType<T>(
  name: string,
  values: fc.Arbitrary<T>,
  write: (w: Writer, value: T) => void,
  read: (r: Reader) => T,
): WireType<unknown> {
  return { name, values, write, read } as WireType<unknown>
}

const int = (min: number, max: number): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(min, max, 0), fc.integer({ min, max }))
const int64 = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-(2 ** 63), 2 ** 63, 2 ** 62, -1, 2 ** 32, -(2 ** 32), 2 ** 31))
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const bytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values)
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array) => Buffer.from(array).toString('base64url'))
const float64 = fc.double({ noNaN: true })

const types: WireType<unknown>[] = [
  wireType(
    'int8',
    int(-128, 127),
    (w, v) => w.int8(v),
    (r) => r.int8(),
  ),
  wireType(
    'int16',
    int(-32768, 32767),
    (w, v) => w.int16(v),
    (r) => r.int16(),
  ),
  wireType(
    'uint16',
    int(0, 65535),
    (w, v) => w.uint16(v),
    (r) => r.uint16(),
  ),
  wireType(
    'int32',
    int(-(2 ** 31), 2 ** 31 - 1),
    (w, v) => w.int32(v),
    (r) => r.int32(),
  ),
  wireType(
    'uint32',
    int(0, 2 ** 32 - 1),
    (w, v) => w.uint32(v),
    (r) => r.uint32(),
  ),
  wireType(
    'int64',
    int64,
    (w, v) => w.int64(v),
    (r) => r.int64(),
  ),
  wireType(
    'float64',
    float64,
    (w, v) => w.float64(v),
    (r) => r.float64(),
  ),
  wireType(
    'boolean',
    fc.boolean(),
    (w, v) => w.boolean(v),
    (r) => r.boolean(),
  ),
  wireType(
    'uuid',
    uuid,
    (w, v) => w.uuid(v),
    (r) => r.uuid(),
  ),
  wireType(
    'unsigned varint',
    int(0, 2 ** 32 - 1),
    (w, v) => w.unsignedVarint(v),
    (r) => r.unsignedVarint(),
  ),
  wireType(
    'varint',
    int(-(2 ** 31), 2 ** 31 - 1),
    (w, v) => w.varint(v),
    (r) => r.varint(),
  ),
  wireType(
    'string',
    text,
    (w, v) => w.string(v),
    (r) => r.string(),
  ),
  wireType(
    'nullable string',
    orNull(text),
    (w, v) => w.nullableString(v),
    (r) => r.nullableString(),
  ),
  wireType(
    'compact string',
    text,
    (w, v) => w.compactString(v),
    (r) => r.compactString(),
  ),
  wireType(
    'compact nullable string',
    orNull(text),
    (w, v) => w.compactNullableString(v),
    (r) => r.compactNullableString(),
  ),
  wireType(
    'bytes',
    bytes,
    (w, v) => w.bytes(v),
    (r) => r.bytes(),
  ),
  wireType(
    'nullable bytes',
    orNull(bytes),
    (w, v) => w.nullableBytes(v),
    (r) => r.nullableBytes(),
  ),
  wireType(
    'compact bytes',
    bytes,
    (w, v) => w.compactBytes(v),
    (r) => r.compactBytes(),
  ),
  wireType(
    'compact nullable bytes',
    orNull(bytes),
    (w, v) => w.compactNullableBytes(v),
    (r) => r.compactNullableBytes(),
  ),
]

/** Some fields, one after the other. */
const fields = fc.array(
  fc.constantFrom(...types).chain((type) => type.values.map((value) => ({ type, value }))),
  { minLength: 1, maxLength: 20 },
)

function frameOf(list: { type: WireType<unknown>; value: unknown }[]): Buffer {
  const writer = new Writer(1)
  for (const { type, value } of list) type.write(writer, value)
  expect(writer.length).toBe(writer.finish().length)
  return writer.finish()
}

describe('reader and writer', () => {
  test('every type comes back as it was written', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const reader = new Reader(frameOf(list))
        expect(list.map(({ type }) => type.read(reader))).toEqual(list.map(({ value }) => value))
        expect(reader.remaining).toBe(0)
      }),
    )
  })

  test('no read goes past the end, wherever it is: there is a MalformedFrame instead', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const frame = frameOf(list)
        for (let end = 0; end < frame.length; end++) {
          // the bytes behind the end are there, and must not be looked at
          const reader = new Reader(frame, 0, end)
          expect(() => {
            for (const { type } of list) type.read(reader)
          }).toThrow(MalformedFrame)
          expect(reader.offset).toBeLessThanOrEqual(end)
        }
      }),
      { numRuns: 50 },
    )
  })

  test.each(types)('$name: garbage is a value or a MalformedFrame', ({ read }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (garbage) => {
        const reader = new Reader(garbage)
        try {
          read(reader)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame)
        }
        expect(reader.remaining).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test.each([
    ['int8', (w: Writer, v: number) => w.int8(v), [-129, 128, 0.5, Number.NaN]],
    ['int16', (w: Writer, v: number) => w.int16(v), [-32769, 32768, 0.5, Number.NaN]],
    ['uint16', (w: Writer, v: number) => w.uint16(v), [-1, 65536, 0.5, Number.NaN]],
    ['int32', (w: Writer, v: number) => w.int32(v), [-(2 ** 31) - 1, 2 ** 31, 0.5, Number.NaN, Number.POSITIVE_INFINITY]],
    ['uint32', (w: Writer, v: number) => w.uint32(v), [-1, 2 ** 32, 0.5, Number.NaN]],
    [
      'int64',
      (w: Writer, v: number) => w.int64(v),
      [2 ** 63 + 2048, -(2 ** 63) - 2048, 0.5, Number.NaN, Number.NEGATIVE_INFINITY],
    ],
  ] as const)('%s: a number that does not fit is refused', (_, write, values) => {
    for (const value of values) expect(() => write(new Writer(), value), String(value)).toThrow(RangeError)
  })

  test('the largest and the smallest int64 are written back as they were read', () => {
    for (const hex of ['7fffffffffffffff', '8000000000000000', 'ffffffffffffffff', '001fffffffffffff']) {
      const writer = new Writer()
      writer.int64(new Reader(Buffer.from(hex, 'hex')).int64())
      expect(writer.finish().toString('hex')).toBe(hex)
    }
  })

  test('a uuid that is none is refused', () => {
    expect(new Reader(Buffer.alloc(16)).uuid()).toBe(ZERO_UUID)
    for (const wrong of ['', 'short', 'A'.repeat(23), ' '.repeat(22), '*'.repeat(22), '00000000-0000-0000-0000-000000000000'])
      expect(() => new Writer().uuid(wrong), wrong).toThrow(TypeError)
  })

  test('a string of more than 32767 bytes is refused where its length is an int16', () => {
    new Writer().string('a'.repeat(32767))
    expect(() => new Writer().string('ä'.repeat(16384))).toThrow(RangeError)
  })

  test('a varint ends after five bytes', () => {
    expect(() => new Reader(Buffer.alloc(10, 0xff)).unsignedVarint()).toThrow(MalformedFrame)
  })

  test('IX2: an array has no more elements than the bytes that are left can hold', () => {
    const array = (count: number, left: number): Reader => {
      const frame = Buffer.alloc(4 + left)
      frame.writeInt32BE(count)
      return new Reader(frame)
    }
    expect(array(3, 12).arrayLength(4)).toBe(3)
    expect(array(-1, 0).arrayLength(4)).toBe(-1)
    for (const count of [4, 2 ** 31 - 1, -2, -(2 ** 31)]) expect(() => array(count, 12).arrayLength(4)).toThrow(MalformedFrame)
    const compact = (...frame: number[]): number => new Reader(Buffer.from(frame)).compactArrayLength(1)
    expect(compact(3, 0, 0)).toBe(2)
    expect(compact(0)).toBe(-1)
    expect(() => compact(4, 0, 0)).toThrow(MalformedFrame)
    expect(() => compact(0xff, 0xff, 0xff, 0xff, 0x0f)).toThrow(MalformedFrame)
  })

  test('null where it is not allowed is called so', () => {
    expect(() => new Reader(Buffer.from([0xff, 0xff])).string()).toThrow(/null at byte 2/)
    expect(() => new Reader(Buffer.from([0])).compactString()).toThrow(/null/)
    expect(() => new Reader(Buffer.alloc(0)).notNull(-1)).toThrow(/null/)
  })

  test('a tagged field ends within the frame and where its size said', () => {
    expect(() => new Reader(Buffer.from([5, 1, 2])).tagEnd()).toThrow(MalformedFrame)
    const reader = new Reader(Buffer.from([2, 1, 2]))
    const end = reader.tagEnd()
    expect(() => reader.expectAt(end)).toThrow(MalformedFrame)
    reader.skip(2)
    reader.expectAt(end)
  })

  test('byte fields are views on what was read', () => {
    const frame = Buffer.from([0, 0, 0, 2, 7, 8])
    const view = new Reader(frame).bytes()
    frame[4] = 9
    expect([...view]).toEqual([9, 8])
  })

  test('a reader outside of its bytes cannot be made', () => {
    expect(() => new Reader(Buffer.alloc(4), 0, 5)).toThrow(RangeError)
    expect(() => new Reader(Buffer.alloc(4), 3, 2)).toThrow(RangeError)
  })
})

describe('writer', () => {
  const piece = fc.integer({ min: 0, max: 6000 }).map((length) => Buffer.alloc(length, length & 0xff))
  const field: fc.Arbitrary<ByteField> = fc.oneof(piece, fc.array(piece, { maxLength: 4 }))

  test('large byte fields are spliced in, small ones copied, and the bytes are the same', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), (list) => {
        const writer = new Writer()
        writer.int32(0)
        const expected: Uint8Array[] = []
        const pieces: Uint8Array[] = []
        for (const value of list) {
          const parts = value instanceof Uint8Array ? [value] : value
          const size = Buffer.alloc(4)
          size.writeInt32BE(parts.reduce((sum, { length }) => sum + length, 0))
          expected.push(size, ...parts)
          pieces.push(...parts)
          writer.bytes(value)
        }
        writer.patchSize()
        const body = Buffer.concat(expected)
        const head = Buffer.alloc(4)
        head.writeInt32BE(body.length)
        expect(writer.length).toBe(4 + body.length)
        expect(writer.finish().equals(Buffer.concat([head, body]))).toBe(true)
        for (const large of pieces.filter(({ length }) => length >= 4096)) expect(writer.chunks()).toContain(large)
      }),
    )
  })

  test('after a reset it begins anew and leaves alone what it wrote before', () => {
    const writer = new Writer()
    writer.string('first')
    const [first] = writer.chunks()
    const before = Buffer.from(first!)
    writer.reset()
    writer.string('other')
    expect(first).toEqual(before)
    expect(new Reader(writer.finish()).string()).toBe('other')
  })

  test('a tagged field has its number and its size in front', () => {
    const writer = new Writer()
    writer.tag(300, (w) => w.int16(1))
    expect([...writer.finish()]).toEqual([0xac, 0x02, 2, 0, 1])
  })
})
