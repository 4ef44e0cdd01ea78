import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { tailBound, tailSize, writeTail } from '../../src/shared/tail.ts'
import type { Bytes, HeaderInput } from '../../src/shared/types.ts'
import { VarintReader } from '../../src/shared/varint.ts'
import { anyText } from '../support/any-text.ts'

const GUARD = 0xcc

const text = fc.oneof(
  anyText(90, 'max'),
  fc.string({ maxLength: 90, size: 'max' }),
  // Lone surrogates too: written as the replacement character.
  fc.array(fc.integer({ min: 0xd700, max: 0xe100 }), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
  fc.nat(9000).map((n) => 'ä'.repeat(n % 70) + 'x'.repeat(n)),
)
const bytes: fc.Arbitrary<Bytes | undefined> = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 200, size: 'max' }),
  fc.constant(null),
  fc.constant(undefined),
)
const headers = fc.option(fc.array(fc.tuple(text, fc.oneof(text, fc.uint8Array(), fc.constant(null))), { maxLength: 70 }), {
  nil: undefined,
})

/** The bytes of a value by the documented rule. */
function asBytes(value: Bytes | undefined): Buffer | null {
  return value === null || value === undefined ? null : Buffer.from(value as string)
}

function write(
  shared: boolean,
  key: Bytes | undefined,
  value: Bytes | undefined,
  list: readonly HeaderInput[] | undefined,
): Buffer {
  const bound = tailBound(key, value, list)
  const target = Buffer.from(shared ? new SharedArrayBuffer(bound + 10) : new ArrayBuffer(bound + 10)).fill(GUARD)
  const end = writeTail(target, 5, key, value, list)
  expect(end - 5).toBeLessThanOrEqual(bound)
  expect(end - 5).toBe(tailSize(key, value, list))
  expect([...target.subarray(0, 5)]).toEqual(Array(5).fill(GUARD))
  expect([...target.subarray(bound + 5)]).toEqual(Array(5).fill(GUARD))
  return target.subarray(5, end)
}

function read(tail: Buffer): { key: Buffer | null; value: Buffer | null; headers: [string, Buffer | null][] } {
  const reader = new VarintReader(tail)
  const take = () => {
    const length = reader.varint()
    if (length === -1) return null
    reader.at += length
    return Buffer.from(tail.subarray(reader.at - length, reader.at))
  }
  const key = take()
  const value = take()
  const list = Array.from({ length: reader.varint() }, (): [string, Buffer | null] => [take()!.toString(), take()])
  expect(reader.at).toBe(tail.length)
  return { key, value, headers: list }
}

describe('a tail', () => {
  test.prop([bytes, bytes, headers, fc.boolean()])(
    'holds key, value and headers, within its bound and of its exact size',
    (key, value, list, shared) => {
      expect(read(write(shared, key, value, list))).toEqual({
        key: asBytes(key),
        value: asBytes(value),
        headers: (list ?? []).map(([name, bytes]) => [Buffer.from(name).toString(), asBytes(bytes)]),
      })
    },
  )

  it.each([12, 13, 21, 22, 31, 32, 63, 64, 2730, 2731, 4095, 4096, 8191, 8192])(
    'holds text of %d units, of one, two and three bytes each',
    (length) => {
      for (const unit of ['x', 'ä', '€']) {
        const value = unit.repeat(length)
        for (const mixed of [value, `${value.slice(1)}x`, `x${value.slice(1)}`]) {
          expect(read(write(true, mixed, mixed, [[mixed, mixed]])).value!.toString()).toBe(mixed)
        }
      }
    },
  )

  it('keeps header names that objects would mangle, in order and repeated', () => {
    const list: HeaderInput[] = [
      ['__proto__', 'a'],
      ['constructor', null],
      ['__proto__', 'b'],
    ]
    expect(read(write(false, null, '', list)).headers).toEqual([
      ['__proto__', Buffer.from('a')],
      ['constructor', null],
      ['__proto__', Buffer.from('b')],
    ])
  })
})
