import { execFileSync } from 'node:child_process'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/shared/errors.ts'
import { CODECS, codecId, compress, DEFAULT_MAX_INFLATED_BYTES, decompress } from '../../../src/workers/compression/index.ts'

const MIB = 1024 * 1024

function failure(action: () => unknown): KafkaError {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    return error as KafkaError
  }
  throw new Error('nothing was thrown')
}

describe('codecs', () => {
  it('have the numbers that Kafka gave them', () => {
    expect(CODECS.map((codec) => codecId(codec))).toEqual([0, 1, 2, 3, 4])
    expect(CODECS[1]).toBe('gzip')
    expect(CODECS[4]).toBe('zstd')
  })

  test.prop([fc.uint8Array({ maxLength: 5000, size: 'max' }), fc.constantFrom('none', 'gzip', 'zstd'), fc.boolean()])(
    'give back what they got',
    (bytes, codec, shared) => {
      const input = shared ? new Uint8Array(new SharedArrayBuffer(bytes.length)) : new Uint8Array(bytes.length)
      input.set(bytes)
      const packed = compress(codec as 'gzip', undefined, input)
      expect([...decompress(codec as 'gzip', packed, Math.max(1, bytes.length))]).toEqual([...bytes])
    },
  )

  it('that are not built in are named', () => {
    const missing = CODECS.filter((codec) => !['none', 'gzip', 'zstd'].includes(codec))
    for (const codec of missing) {
      for (const action of [() => compress(codec, undefined, new Uint8Array(1)), () => decompress(codec, new Uint8Array(1))]) {
        const error = failure(action)
        expect(error.code).toBe('UNSUPPORTED_COMPRESSION')
        expect(error.message).toContain(codec)
      }
    }
  })
})

describe.each(['gzip', 'zstd'] as const)('%s', (codec) => {
  const packed = compress(codec, undefined, Buffer.alloc(MIB, 'abc'))

  it('inflates up to the limit exactly, and no byte further', () => {
    expect(decompress(codec, packed, MIB)).toHaveLength(MIB)
    const error = failure(() => decompress(codec, packed, MIB - 1))
    expect(error).toMatchObject({ code: 'CORRUPT_BATCH', context: { size: packed.length, limit: MIB - 1 } })
    expect(error.message).toContain('bomb')
  })

  it('refuses what inflates further than honest data does', () => {
    const bomb = compress(codec, undefined, Buffer.alloc(60 * MIB))
    const limit = bomb.length * 200 + 16 * MIB
    expect(limit).toBeLessThan(DEFAULT_MAX_INFLATED_BYTES)
    expect(failure(() => decompress(codec, bomb)).context).toMatchObject({ size: bomb.length, limit })
  })

  it('refuses a cut-off and a damaged stream', () => {
    for (const length of [0, 1, 5, packed.length - 1]) {
      expect(failure(() => decompress(codec, packed.subarray(0, length))).code).toBe('CORRUPT_BATCH')
    }
    expect(failure(() => decompress(codec, Buffer.from(packed).fill(0, 0, 4))).code).toBe('CORRUPT_BATCH')
  })

  // In a process of its own, for a peak that is not the test runner's.
  it('F18: a bomb of 512 MiB in half a one is refused within a second and 96 MiB', () => {
    const script = `
      import { gzipSync, zstdCompressSync } from 'node:zlib'
      const { decompress } = await import(${JSON.stringify(new URL('../../../src/workers/compression/index.ts', import.meta.url).href)})
      const piece = ${codec === 'gzip' ? 'gzipSync' : 'zstdCompressSync'}(Buffer.alloc(${codec === 'gzip' ? MIB : 512 * MIB}))
      const bomb = ${codec === 'gzip' ? 'Buffer.concat(Array(512).fill(piece))' : 'Buffer.concat([piece, Buffer.alloc(450_000)])'}
      globalThis.gc()
      const before = process.memoryUsage().rss
      const started = performance.now()
      let peak = 0
      try {
        decompress('${codec}', bomb)
      } catch (error) {
        peak = process.memoryUsage().rss
        console.log(JSON.stringify({ code: error.code, limit: error.context.limit, mib: (peak - before) / 2 ** 20, ms: performance.now() - started }))
      }`
    const printed = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' })
    const result = JSON.parse(printed) as { code: string; limit: number; mib: number; ms: number }
    expect(result).toMatchObject({ code: 'CORRUPT_BATCH', limit: DEFAULT_MAX_INFLATED_BYTES })
    expect(result.mib).toBeLessThan(96)
    expect(result.ms).toBeLessThan(1000)
  })
})
