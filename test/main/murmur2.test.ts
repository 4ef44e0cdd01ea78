import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { murmur2, partitionForKey } from '../../src/main/murmur2.ts'
import { anyText } from '../support/any-text.ts'

/** Of keys that the test makes again: hashes as int32, partitions as int16, both in base64. */
interface Summary {
  hashes: string
  partitions: string
}

interface Golden {
  seed: number
  maxLength: number
  keysPerLength: number
  longLengths: number[]
  texts: number
  /** The n-th key is placed among the n-th of these, and over again. */
  counts: number[]
  binary: Summary
  text: Summary
  /** The key, its hash, and its partition among each of the counts. */
  named: [string, number, ...number[]][]
  /** A key with half a character, its hash with U+FFFD and with a question mark in its place. */
  halves: [string, number, number][]
}

const golden = JSON.parse(readFileSync(new URL('../golden/murmur2.json', import.meta.url), 'utf8')) as Golden
const RANGES = [
  [0, 0x80],
  [0x80, 0x800],
  [0x800, 0xd800],
  [0x10000, 0x110000],
] as const

/** The keys as `golden/java/Murmur2Vectors.java` makes them. */
function goldenKeys(): { binary: Uint8Array[]; texts: string[] } {
  let state = golden.seed
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >>> 8
  const key = (length: number) => Uint8Array.from({ length }, () => next() >>> 16)
  const lengths = Array.from({ length: (golden.maxLength + 1) * golden.keysPerLength }, (_, i) =>
    Math.floor(i / golden.keysPerLength),
  )
  const binary = [...lengths, ...golden.longLengths].map(key)
  const texts = Array.from({ length: golden.texts }, (_, n) => {
    let text = ''
    for (let i = 0; i < n >> 2; i++) {
      const [from, upTo] = RANGES[n % 5 < 4 ? n % 5 : next() % 4]!
      text += String.fromCodePoint(from + (next() % (upTo - from)))
    }
    return text
  })
  return { binary, texts }
}

const hashesIn = ({ hashes }: Summary) => {
  const bytes = Buffer.from(hashes, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32BE(i * 4))
}
const partitionsIn = ({ partitions }: Summary) => {
  const bytes = Buffer.from(partitions, 'base64')
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16BE(i * 2))
}
const placed = (keys: readonly (string | Uint8Array)[]) =>
  keys.map((key, i) => partitionForKey(key, golden.counts[i % golden.counts.length]!))

describe('P6: murmur2', () => {
  const { binary, texts } = goldenKeys()

  it(`agrees with Kafka's own on binary keys of every length up to 600 and some far longer, and so do the partitions`, () => {
    expect(new Set(binary.map(({ length }) => length)).size).toBe(607)
    expect(binary.map((key) => murmur2(key))).toEqual(hashesIn(golden.binary))
    expect(placed(binary)).toEqual(partitionsIn(golden.binary))
    expect(binary.map((key) => murmur2(Buffer.from(key)))).toEqual(hashesIn(golden.binary))
  })

  it(`agrees with Kafka's own on text of one to four bytes a character, short and long, and so do the partitions`, () => {
    expect(Math.max(...texts.map((text) => text.length))).toBeGreaterThan(1100)
    expect(new Set(texts.map((text) => Buffer.byteLength(text) % 4)).size).toBe(4)
    expect(texts.map((text) => murmur2(text))).toEqual(hashesIn(golden.text))
    expect(placed(texts)).toEqual(partitionsIn(golden.text))
    expect(texts.map((text) => murmur2(Buffer.from(text)))).toEqual(hashesIn(golden.text))
  })

  it.each(golden.named)(`agrees with Kafka's own on the text %j`, (key, hash, ...partitions) => {
    expect(murmur2(key)).toBe(hash)
    expect(golden.counts.map((count) => partitionForKey(key, count))).toEqual(partitions)
    expect(golden.counts.map((count) => partitionForKey(Buffer.from(key), count))).toEqual(partitions)
  })

  it.each(golden.halves)('half a character counts as U+FFFD, as it is written: %j', (key, asWritten, asJavaWrites) => {
    expect(murmur2(key)).toBe(asWritten)
    expect(murmur2(Buffer.from(key))).toBe(asWritten)
    // in Java it is another key, because its text has a question mark there
    expect(asJavaWrites).not.toBe(asWritten)
    expect(murmur2(key.replace(/\p{Surrogate}/gu, '?'))).toBe(asJavaWrites)
  })

  test.prop([anyText(600, 'max')])('hashes text as its UTF-8 bytes, whatever was hashed before', (key) => {
    expect(murmur2(key)).toBe(murmur2(Buffer.from(key)))
  })

  test.prop([fc.uint8Array({ maxLength: 100, size: 'max' }), fc.integer({ min: 1, max: 5000 })])(
    'places every key in one of the partitions',
    (key, count) => {
      const partition = partitionForKey(key, count)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(count)
    },
  )
})
