import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../bench/values.ts'

const SIZE = 250

describe('values of the benchmarks', () => {
  test('random bytes do not compress, have their size and are the same each time', () => {
    const [value] = valuesOf({ values: 'random', size: 1000 })
    expect(value).toHaveLength(1000)
    expect(gzipSync(value!).length).toBeGreaterThan(1000)
    expect(valuesOf({ values: 'random', size: 1000 })).toEqual([value])
  })

  test('events are JSON of their size, none twice, and the same each time', () => {
    const values = valuesOf({ values: 'events', size: SIZE })
    expect(values.every((value) => value.length === SIZE)).toBe(true)
    expect(Object.keys(JSON.parse(values[17]!.toString()))).toEqual([
      'id',
      'type',
      'time',
      'user',
      'country',
      'agent',
      'amount',
      'note',
      'trace',
    ])
    for (const value of values) JSON.parse(value.toString())
    expect(new Set(values.map(String)).size).toBe(values.length)
    expect(valuesOf({ values: 'events', size: SIZE })).toEqual(values)
  })

  test('a codec makes about a third of a batch of events, a small one and a large one', () => {
    // every sixth: what one of six partitions gets
    const values = valuesOf({ values: 'events', size: SIZE }).filter((_, index) => index % 6 === 0)
    for (const count of [100, values.length])
      for (const compress of [gzipSync, zstdCompressSync]) {
        const batch = Buffer.concat(values.slice(0, count))
        const times = batch.length / compress(batch).length
        expect(times).toBeGreaterThan(2.7)
        expect(times).toBeLessThan(3.5)
      }
  })
})
