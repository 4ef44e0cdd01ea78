import { describe, expect, test } from 'vitest'
import { MalformedFrame, Reader } from '../../../src/shared/protocol/reader.ts'
import { codecOf, codecs, type GoldenMessage, goldenMessages } from './golden.ts'

// hundreds of thousands of errors are made here, and nobody reads where
Error.stackTraceLimit = 0

/** Of each decoder, over all of its versions. */
const MUTANTS = 500
const SEED = 20261122

/** Numbers that lie about lengths and counts. */
const LIES = ['7fffffff', 'ffffffff', '80000000', 'ffffffff0f', 'ffff', '7fff', '00', '01', 'ff', '80', 'ffffffffffff'].map(
  (hex) => Buffer.from(hex, 'hex'),
)

/** mulberry32: the same mutants in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

function mutant(frame: Buffer, random: (below: number) => number): Buffer {
  if (frame.length === 0) return Buffer.from([random(256)])
  const at = random(frame.length)
  const lie = LIES[random(LIES.length)]!
  switch (random(5)) {
    case 0: {
      const flipped = Buffer.from(frame)
      flipped[at]! ^= 1 << random(8)
      return flipped
    }
    case 1:
      return Buffer.concat([frame.subarray(0, at), lie, frame.subarray(at + lie.length)])
    case 2:
      return Buffer.concat([frame.subarray(0, at), lie, frame.subarray(at)])
    case 3:
      return Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1 + random(8))])
    default:
      return Buffer.from(frame.map((byte) => (random(8) === 0 ? random(256) : byte)))
  }
}

/** How many elements all arrays of a value have. */
function elements(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0
  const inner = Object.values(value).reduce((sum: number, each) => sum + elements(each), 0)
  return Array.isArray(value) ? inner + value.length : inner
}

/** Decodes; a frame that is not what it should be must be called so. */
function attempt(m: string, v: number, frame: Buffer): void {
  const reader = new Reader(frame)
  let value: unknown
  try {
    value = codecOf(m).decode(reader, v)
  } catch (error) {
    if (!(error instanceof MalformedFrame)) throw new Error(`${m} version ${v}, ${frame.toString('hex')}`, { cause: error })
    return
  }
  expect(reader.offset, `${m} version ${v} read past the end of ${frame.toString('hex')}`).toBeLessThanOrEqual(frame.length)
  expect(elements(value), `${m} version ${v} made too much of ${frame.toString('hex')}`).toBeLessThanOrEqual(frame.length)
}

const frames = goldenMessages.filter(({ m, v, mode }) => v <= codecOf(m).maxVersion && mode === 'unknown')

describe.each([...codecs.keys()])('%s', (name) => {
  const mine: GoldenMessage[] = frames.filter(({ m }) => m === name)

  test('F15, IX2: a frame that was cut is malformed wherever it was cut, and not a byte behind the cut is read', () => {
    for (const { m, v, hex } of mine) {
      const frame = Buffer.from(hex, 'hex')
      for (let end = 0; end < frame.length; end++) {
        const reader = new Reader(frame, 0, end)
        let failure: unknown
        try {
          codecOf(m).decode(reader, v)
        } catch (error) {
          failure = error
        }
        if (!(failure instanceof MalformedFrame)) throw new Error(`version ${v} cut at ${end}: ${failure ?? 'was read'}`)
      }
    }
  })

  test('a frame with other bytes in it ends as a value or as malformed', () => {
    const random = randomOf(SEED)
    const begin = performance.now()
    for (const { m, v, hex } of mine) {
      for (let i = 0; i < MUTANTS / mine.length; i++) attempt(m, v, mutant(Buffer.from(hex, 'hex'), random))
    }
    expect(performance.now() - begin).toBeLessThan(5000)
  })
})
