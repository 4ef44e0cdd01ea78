import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { murmur2, partitionForKey } from '../../src/main/murmur2.ts'

interface Golden {
  seed: number
  maxLength: number
  keysPerLength: number
  /** By length, then the hashes of that length's keys. */
  binary: number[][] | number[]
  /** The key, its hash, and its partition among each of `PARTITIONS`. */
  text: [string, number, ...number[]][]
}

const PARTITIONS = [1, 2, 3, 6, 7, 64, 1000]
const golden = JSON.parse(readFileSync(new URL('../golden/murmur2.json', import.meta.url), 'utf8')) as Golden

describe('murmur2', () => {
  it(`agrees with Kafka's own on binary keys of every length`, () => {
    let state = golden.seed
    const hashes: number[] = []
    for (let length = 0; length <= golden.maxLength; length++) {
      for (let i = 0; i < golden.keysPerLength; i++) {
        const key = new Uint8Array(length)
        for (let at = 0; at < length; at++) {
          state = (Math.imul(state, 1664525) + 1013904223) | 0
          key[at] = state >>> 24
        }
        hashes.push(murmur2(key))
      }
    }
    expect(hashes).toHaveLength(3240)
    expect(hashes).toEqual(golden.binary.flat())
  })

  it.each(golden.text)(`agrees with Kafka's own on the text %j`, (key, hash, ...partitions) => {
    expect(murmur2(key)).toBe(hash)
    expect(murmur2(Buffer.from(key))).toBe(hash)
    expect(PARTITIONS.map((count) => partitionForKey(key, count))).toEqual(partitions)
    expect(PARTITIONS.map((count) => partitionForKey(Buffer.from(key), count))).toEqual(partitions)
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 600, size: 'max' })])(
    'hashes text as its UTF-8 bytes, whatever was hashed before',
    (key) => {
      expect(murmur2(key)).toBe(murmur2(Buffer.from(key)))
    },
  )

  test.prop([fc.uint8Array({ maxLength: 100, size: 'max' }), fc.integer({ min: 1, max: 5000 })])(
    'places every key in one of the partitions',
    (key, count) => {
      const partition = partitionForKey(key, count)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(count)
    },
  )
})
