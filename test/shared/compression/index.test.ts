import { execFileSync } from 'node:child_process'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { CODECS, codecId, compress, decompress } from '../../../src/shared/compression/index.ts'
import { optionalPackage } from '../../../src/shared/compression/native.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import { bombs } from './bombs.ts'

const MIB = 1024 * 1024
const LIMIT = 64 * MIB
const packing = ['gzip', 'snappy', 'lz4', 'zstd'] as const

function failure(action: () => unknown): KafkaError {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    return error as KafkaError
  }
  throw new Error('nothing was thrown')
}

/** Bytes that no codec makes smaller, the same in every run. */
function noise(length: number): Buffer {
  let state = 1
  return Buffer.from(Uint8Array.from({ length }, () => (state = Math.imul(state, 1_664_525) + 1_013_904_223) >>> 24))
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

describe('codecs', () => {
  it('have the numbers that Kafka gave them', () => {
    expect(CODECS.map((codec) => [codec, codecId(codec)])).toEqual([
      ['none', 0],
      ['gzip', 1],
      ['snappy', 2],
      ['lz4', 3],
      ['zstd', 4],
    ])
  })

  test.prop([fc.uint8Array({ maxLength: 5000, size: 'max' }), fc.constantFrom(...CODECS), fc.boolean()])(
    'give back what they got, from shared memory too',
    (bytes, codec, inShared) => {
      const packed = compress(codec, undefined, inShared ? shared(bytes) : bytes)
      const inflated = decompress(codec, inShared ? shared(packed) : packed, Math.max(1, bytes.length))
      expect([...inflated]).toEqual([...bytes])
    },
  )

  it.each(['snappy', 'lz4'])('%s without its package says which is missing, and where', (codec) => {
    const absent = (name: string) => {
      throw new Error(`Cannot find module '${name}'`)
    }
    const error = failure(optionalPackage(codec, 'the-package', absent))
    expect(error.code).toBe('UNSUPPORTED_COMPRESSION')
    for (const part of [codec, "'the-package'", process.platform, process.arch, 'gzip']) expect(error.message).toContain(part)
  })
})

describe.each(packing)('%s', (codec) => {
  const packed = compress(codec, undefined, Buffer.alloc(MIB, 'abc'))

  it.each([1, 100, 32_768, 32_769, 65_536, 65_537, 300_000, 5 * MIB])('gives back %d bytes that do not compress', (length) => {
    const bytes = noise(length)
    const made = compress(codec, undefined, bytes)
    expect(made.length).toBeLessThan(length + 100 + length / 1000)
    expect(bytes.equals(decompress(codec, made, length))).toBe(true)
  })

  it('inflates up to the limit exactly, and no byte further', () => {
    expect(decompress(codec, packed, MIB)).toHaveLength(MIB)
    const error = failure(() => decompress(codec, packed, MIB - 1))
    const context = { size: packed.length, limit: MIB - 1, option: 'maxInflatedBatchBytes' }
    expect(error).toMatchObject({ code: 'CORRUPT_BATCH', context })
    expect(error.message).toContain('give the client a larger maxInflatedBatchBytes')
  })

  it('reads honest data at any ratio', () => {
    const equal = Buffer.alloc(40 * MIB, '{"status":"alive","node":7}')
    expect(decompress(codec, compress(codec, undefined, equal), LIMIT)).toHaveLength(equal.length)
  })

  it('refuses a cut-off and a damaged stream', () => {
    for (const length of [1, 5, packed.length - 1]) {
      expect(failure(() => decompress(codec, packed.subarray(0, length), LIMIT)).code).toBe('CORRUPT_BATCH')
    }
    expect(failure(() => decompress(codec, new Uint8Array(0), LIMIT)).code).toBe('CORRUPT_BATCH')
    expect(failure(() => decompress(codec, Buffer.from(packed).fill(0, 0, 4), LIMIT)).code).toBe('CORRUPT_BATCH')
  })
})

describe('levels', () => {
  const line = (i: number) => ({
    id: i,
    user: `user-${(i * 7919) % 5000}`,
    amount: (i * i) % 10_007,
    note: 'the same again '.repeat(i % 4),
  })
  const text = Buffer.from(Array.from({ length: 8_000 }, (_, i) => JSON.stringify(line(i))).join())
  const packed = (codec: 'gzip' | 'zstd', level?: number) => compress(codec, level, text)

  it.each([
    ['gzip', [1, 2, 3, 4, 5, 6, 7, 8, 9], 6],
    ['zstd', [-131_072, -1_000, -100, -20, -5, -2, -1, 1, 3, 5, 9, 12, 15, 19], 3],
  ] as const)(
    'P8: each level of %s makes something else of the same bytes; the ends are furthest apart',
    (codec, levels, standard) => {
      const all = levels.map((level) => packed(codec, level))
      for (const one of all) expect(text.equals(decompress(codec, one, text.length))).toBe(true)
      expect(new Set(all.map((one) => Buffer.from(one).toString('base64'))).size).toBe(levels.length)
      const sizes = all.map(({ length }) => length)
      expect(sizes[0]).toBe(Math.max(...sizes))
      expect(sizes.at(-1)).toBe(Math.min(...sizes))
      expect(Buffer.from(packed(codec)).equals(packed(codec, standard))).toBe(true)
    },
  )

  it('P8: the levels of zstd below zero go on evenly, −1 included, which Node takes for no level at all', () => {
    const sizes = [-3, -2, -1, 1].map((level) => packed('zstd', level).length)
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one))
    expect(new Set(sizes).size).toBe(4)
    expect(packed('zstd', 0)).toEqual(packed('zstd', 3))
    const part = text.subarray(0, 100_000)
    expect(compress('zstd', 22, part).length).toBeLessThanOrEqual(compress('zstd', 19, part).length)
  })
})

it('zstd that says how much it inflates to is believed before anything is taken for it', () => {
  for (const length of [0, 200, 300, 70_000]) {
    const sized = Buffer.from(compress('zstd', undefined, Buffer.alloc(length, 'ab')))
    expect(decompress('zstd', sized, Math.max(1, length))).toHaveLength(length)
  }
  // a single segment of 2^40 bytes, of which none is there
  const claim = Buffer.from('28b52ffde00000000000010000', 'hex')
  expect(failure(() => decompress('zstd', claim, LIMIT))).toMatchObject({ code: 'CORRUPT_BATCH', context: { limit: LIMIT } })
})

// Each in a process of its own, for a peak that is not the test runner's. The time is the processor's, not the clock's.
it.each(bombs)('F18: a bomb of $codec, $name, is refused within a second and 96 MiB', ({ codec, name }) => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const script = `
    const { decompress } = await import(${module('../../../src/shared/compression/index.ts')})
    const { peakMemory, restartPeak } = await import(${module('../../support/peak-memory.ts')})
    const { bombs } = await import(${module('./bombs.ts')})
    const bomb = bombs.find(({ codec, name }) => codec === '${codec}' && name === '${name}').make()
    const before = restartPeak()
    const started = process.cpuUsage()
    try {
      decompress('${codec}', bomb, ${LIMIT})
    } catch ({ code }) {
      const { user, system } = process.cpuUsage(started)
      const mib = (peakMemory() - before) / 2 ** 20
      console.log(JSON.stringify({ code, mib, ms: (user + system) / 1000 }))
    }`
  const printed = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' })
  const result = JSON.parse(printed) as { code: string; mib: number; ms: number }
  expect(result.code).toBe('CORRUPT_BATCH')
  expect(result.mib).toBeLessThan(96)
  expect(result.ms).toBeLessThan(1000)
})
