import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align8, createRing, RingReader, RingWriter } from '../../src/shared/ring.ts'

const KIND = 7

function put(writer: RingWriter, size: number, stamp: number): boolean {
  const at = writer.reserve(size)
  if (at < 0) return false
  writer.int32[at >> 2] = size
  writer.int32[(at >> 2) + 1] = KIND
  writer.int32[(at >> 2) + 2] = stamp
  writer.int32[(at + size - 4) >> 2] = stamp
  writer.commit(size)
  return true
}

function take(reader: RingReader): { size: number; first: number; last: number } | undefined {
  const at = reader.next()
  if (at < 0) return undefined
  const size = reader.int32[at >> 2]!
  const entry = { size, first: reader.int32[(at >> 2) + 2]!, last: reader.int32[(at + size - 4) >> 2]! }
  reader.advance(size)
  return entry
}

describe('a ring', () => {
  it('refuses a capacity that is not a power of two', () => {
    expect(() => createRing(3000)).toThrow(RangeError)
    expect(() => createRing(512)).toThrow(RangeError)
  })

  it('F31: shows the reader nothing before it is published, and all of it afterwards', () => {
    const memory = createRing(1024)
    const writer = new RingWriter(memory)
    const reader = new RingReader(memory)
    put(writer, 16, 1)
    expect(reader.next()).toBe(-1)
    expect(reader.empty).toBe(true)
    writer.publish()
    expect(reader.empty).toBe(false)
    expect(take(reader)).toEqual({ size: 16, first: 1, last: 1 })
    expect(take(reader)).toBeUndefined()
  })

  it('is full until the reader releases, not merely reads', () => {
    const memory = createRing(1024)
    const writer = new RingWriter(memory)
    const reader = new RingReader(memory)
    let written = 0
    while (put(writer, 64, written)) written++
    expect(written).toBe(16)
    writer.publish()
    expect(take(reader)?.first).toBe(0)
    expect(put(writer, 64, 99)).toBe(false)
    reader.release()
    expect(put(writer, 64, 99)).toBe(true)
  })

  it('never lets an entry straddle its end', () => {
    const memory = createRing(1024)
    const writer = new RingWriter(memory)
    const reader = new RingReader(memory)
    for (let stamp = 0; stamp < 500; stamp++) {
      const size = align8(16 + ((stamp * 37) % 100))
      const at = writer.reserve(size)
      expect(at + size).toBeLessThanOrEqual(writer.capacity)
      put(writer, size, stamp)
      writer.publish()
      expect(take(reader)).toEqual({ size, first: stamp, last: stamp })
      reader.release()
    }
  })

  property.prop([
    fc.array(
      fc.record({ write: fc.array(fc.integer({ min: 2, max: 16 }), { maxLength: 12 }), read: fc.nat(12), release: fc.boolean() }),
      {
        maxLength: 200,
      },
    ),
  ])('gives back every entry once, in order, whatever the interleaving', (steps) => {
    const memory = createRing(1024)
    const writer = new RingWriter(memory)
    const reader = new RingReader(memory)
    const expected: number[] = []
    let stamp = 0
    for (const { write, read, release } of steps) {
      for (const words of write) if (put(writer, words * 8, stamp)) expected.push(stamp++)
      writer.publish()
      for (let i = 0; i < read; i++) {
        const entry = take(reader)
        if (!entry) break
        expect(entry.first).toBe(expected.shift())
        expect(entry.last).toBe(entry.first)
      }
      if (release) reader.release()
    }
    for (let entry = take(reader); entry; entry = take(reader)) expect(entry.first).toBe(expected.shift())
    expect(expected).toEqual([])
  })

  it('counts on when its positions pass 2^31 and 2^32', () => {
    const memory = createRing(1024)
    const head = new Int32Array(memory, 0, 64)
    for (const start of [0x7fff_ff80 | 0, 0xffff_ff80 | 0]) {
      head[0] = head[16] = start
      const writer = new RingWriter(memory)
      const reader = new RingReader(memory)
      for (let stamp = 0; stamp < 64; stamp++) {
        expect(put(writer, 48, stamp)).toBe(true)
        expect(writer.used).toBeLessThanOrEqual(1024)
        writer.publish()
        expect(take(reader)?.last).toBe(stamp)
        reader.release()
      }
    }
  })
})
