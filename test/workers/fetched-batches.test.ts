import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { compress } from '../../src/shared/compression/index.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  batchCrc,
  readRecords,
  writeInt32,
  writeInt64,
} from '../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../src/shared/types.ts'
import { type FetchedBatches, inspectBatches } from '../../src/workers/fetched-batches.ts'
import { compressBatch } from '../../src/workers/record-batch.ts'
import { goldenCase, goldenCases } from '../shared/golden-batches.ts'
import { makeBatch, plainRecords } from './batches.ts'

const limits = { maxBatchBytes: 64 * 1024 * 1024 }
const readable = goldenCases.filter(({ batches }) => batches.length > 0)

/** Copies the chunks into one buffer, as the completion ring does, and reads its records. */
function recordsOf({ chunks }: FetchedBatches, fromOffset = 0): FetchedRecord[] {
  const into: FetchedRecord[] = []
  readRecords('topic', 3, Buffer.concat(chunks), fromOffset, into)
  return into
}

function offsets(found: FetchedBatches, fromOffset = 0): number[] {
  return recordsOf(found, fromOffset).map(({ offset }) => offset)
}

/** `count` records from `baseOffset` on. */
function batchAt(baseOffset: number, count: number, codec: 'none' | 'gzip' = 'none'): Buffer {
  const plain = makeBatch(plainRecords(count))
  const batch = codec === 'none' ? plain : compressBatch(plain, 0, plain.length, codec, undefined)
  writeInt64(batch, BatchField.baseOffset, baseOffset)
  return batch
}

function resealed(batch: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(batch)
  change(copy)
  writeInt32(copy, BatchField.crc, batchCrc(copy, 0, copy.length))
  return copy
}

describe('fetched batches', () => {
  it.each(readable)('hold what Kafka wrote: $name', ({ bytes, records, nextOffset }) => {
    const found = inspectBatches(bytes, limits, 0)
    expect(found.error).toBeUndefined()
    expect(found.nextOffset).toBe(nextOffset)
    expect(found.totalBytes).toBe(found.chunks.reduce((sum, chunk) => sum + chunk.length, 0))
    expect(
      recordsOf(found).map(({ offset, timestamp, key, value, headers }) => ({ offset, timestamp, key, value, headers })),
    ).toEqual(records)
  })

  it('of neighbours are one view on the input, broken only by what is inflated or left out', () => {
    const parts = [
      batchAt(0, 2),
      batchAt(2, 1),
      batchAt(3, 4, 'gzip'),
      batchAt(7, 1),
      goldenMarkerAt(8),
      batchAt(9, 1),
      batchAt(20, 2),
    ]
    const bytes = new Uint8Array(Buffer.concat(parts)) // memory of its own, not the Buffer pool's
    const found = inspectBatches(bytes, limits, 0)
    expect(found.chunks).toHaveLength(4)
    expect(found.chunks.map((chunk) => chunk.buffer === bytes.buffer)).toEqual([true, false, true, true])
    expect(found.chunks[0]).toHaveLength(parts[0]!.length + parts[1]!.length)
    expect(found.nextOffset).toBe(22)
    expect(offsets(found)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9, 20, 21])
  })

  it('may be in shared memory', () => {
    const bytes = Buffer.concat([batchAt(0, 2), batchAt(2, 30, 'gzip'), batchAt(32, 1)])
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    expect(offsets(inspectBatches(shared, limits, 0))).toHaveLength(33)
  })

  it('below the offset wanted are left out, the one that holds it is whole', () => {
    const bytes = Buffer.concat([batchAt(0, 5), batchAt(5, 5), batchAt(10, 5)])
    const found = inspectBatches(bytes, limits, 7)
    expect(found.totalBytes).toBe(bytes.length - batchAt(0, 5).length)
    expect(offsets(found, 7)).toEqual([7, 8, 9, 10, 11, 12, 13, 14])
    expect(inspectBatches(bytes, limits, 15)).toEqual({ chunks: [], totalBytes: 0, nextOffset: 15, lastEpoch: -1 })
  })

  it('move the offset past control records, empty batches and gaps, so that a consumer does not wait before them for ever', () => {
    expect(inspectBatches(goldenCase('commit marker').bytes, limits, 5)).toMatchObject({
      chunks: [],
      totalBytes: 0,
      nextOffset: 6,
    })
    expect(inspectBatches(goldenCase('compacted: gaps within and between').bytes, limits, 0).nextOffset).toBe(25)
    const empty = goldenCase('compacted: a batch without records')
    expect(inspectBatches(empty.bytes, limits, 3).nextOffset).toBe(empty.nextOffset)
    expect(inspectBatches(new Uint8Array(0), limits, 9)).toEqual({ chunks: [], totalBytes: 0, nextOffset: 9, lastEpoch: -1 })
  })

  it('lose a cut-off last one, wherever it is cut', () => {
    const [first, second] = [batchAt(0, 3), batchAt(3, 3)]
    const bytes = Buffer.concat([first, second])
    for (let length = first.length; length < bytes.length; length++) {
      const found = inspectBatches(bytes.subarray(0, length), limits, 0)
      expect(found).toMatchObject({ nextOffset: 3, totalBytes: first.length })
      expect(found.error).toBeUndefined()
    }
  })

  it('are an error when already the first is cut: fetching on would never end', () => {
    const first = batchAt(4, 3)
    for (let length = 1; length < first.length; length++) {
      const found = inspectBatches(first.subarray(0, length), limits, 4)
      expect(found).toMatchObject({ chunks: [], nextOffset: 4, errorOffset: 4 })
      expect(found.error).toMatchObject({ code: 'CORRUPT_BATCH', retriable: true })
    }
  })

  it('ignore attribute bits of the future and the delete horizon', () => {
    const future = resealed(batchAt(0, 2), (copy) => (copy[BatchField.attributes] = 0xff))
    expect(offsets(inspectBatches(future, limits, 0))).toEqual([0, 1])
  })
})

describe('F17, IX2: a batch that cannot be read ends the walk with its offset; what came before is kept', () => {
  const bad = batchAt(5, 2)
  const cases: [string, Buffer, string][] = [
    ['a flipped bit', Buffer.from(bad).fill(0x55, BATCH_OVERHEAD + 3, BATCH_OVERHEAD + 4), 'CORRUPT_BATCH'],
    [
      'a last offset delta changed on its way',
      Buffer.from(bad).fill(0, BatchField.lastOffsetDelta, BatchField.lastOffsetDelta + 4),
      'CORRUPT_BATCH',
    ],
    ['magic 0', goldenCase('magic 0').bytes, 'UNSUPPORTED'],
    ['magic 1', goldenCase('magic 1').bytes, 'UNSUPPORTED'],
    ['magic 3', Buffer.from(bad).fill(3, BatchField.magic, BatchField.magic + 1), 'UNSUPPORTED'],
    ['an unknown codec', resealed(bad, (copy) => (copy[BatchField.attributes + 1] = 5)), 'UNSUPPORTED_COMPRESSION'],
    ['a length below any', Buffer.from(bad).fill(0, BatchField.length, BatchField.length + 4), 'CORRUPT_BATCH'],
    ['a negative offset', Buffer.from(bad).fill(0xff, 0, 8), 'CORRUPT_BATCH'],
    ['an offset that was there already', batchAt(4, 2), 'CORRUPT_BATCH'],
    ['gzip that is none', resealed(bad, (copy) => (copy[BatchField.attributes + 1] = 1)), 'CORRUPT_BATCH'],
    ['zstd that is none', resealed(bad, (copy) => (copy[BatchField.attributes + 1] = 4)), 'CORRUPT_BATCH'],
  ]

  it.each(cases)('%s', (name, batch, code) => {
    const found = inspectBatches(Buffer.concat([batchAt(0, 5), batch, batchAt(7, 2)]), limits, 0)
    expect(offsets(found)).toEqual([0, 1, 2, 3, 4])
    expect(found.nextOffset).toBe(5)
    expect(found.error).toBeInstanceOf(KafkaError)
    expect(found.error?.code).toBe(code)
    expect(found.errorOffset).toBe(5)
    expect(found.error?.context.offset).toBe(5)
    expect(found.error?.message).toContain('offset 5')
    // Asked again from there, the same error comes and nothing else.
    const again = inspectBatches(batch, limits, 5)
    if (name !== 'an offset that was there already') expect(again).toMatchObject({ chunks: [], nextOffset: 5, errorOffset: 5 })
  })

  it('checks also what it leaves out, since the header could lie about that', () => {
    const found = inspectBatches(Buffer.from(bad).fill(0, BatchField.lastOffsetDelta, BatchField.lastOffsetDelta + 4), limits, 6)
    expect(found).toMatchObject({ nextOffset: 6, errorOffset: 6, error: { code: 'CORRUPT_BATCH' } })
  })

  test.prop([fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }), fc.boolean()], {
    numRuns: 2000,
  })('whatever was changed, the end is a typed error, a shorter answer or readable records', (which, changes, reseal) => {
    const { bytes } = readable[which % readable.length]!
    const copy = Buffer.from(bytes)
    for (const [at, byte] of changes) copy[at % copy.length] = byte
    if (reseal) writeInt32(copy, BatchField.crc, batchCrc(copy, 0, copy.length))
    const found = inspectBatches(copy, { maxBatchBytes: 1 << 20 }, 0)
    if (found.error !== undefined) {
      expect(found.error).toBeInstanceOf(KafkaError)
      expect(found.error.code).not.toBe('INTERNAL')
      expect(found.errorOffset).toBeGreaterThanOrEqual(found.nextOffset)
    }
    try {
      for (const record of recordsOf(found)) JSON.stringify(record)
    } catch (error) {
      expect((error as KafkaError).code).toBe('CORRUPT_BATCH')
    }
  })
})

describe('compressed batches', () => {
  /** A batch whose records section is `bytes` of zeros: no records, but that shows only on main. */
  function zeros(bytes: number, baseOffset: number): Buffer {
    const records = compress('gzip', undefined, Buffer.alloc(bytes))
    const batch = resealed(Buffer.concat([batchAt(0, 1).subarray(0, BATCH_OVERHEAD), records]), (copy) => {
      writeInt32(copy, BatchField.length, copy.length - 12)
      copy[BatchField.attributes + 1] = attributes.make(1)
    })
    writeInt64(batch, BatchField.baseOffset, baseOffset)
    return batch
  }

  it('that inflate too far are an error with size and limit', () => {
    const bomb = zeros(3_000_000, 8)
    const found = inspectBatches(bomb, { maxBatchBytes: 1_000_000 }, 0)
    expect(found).toMatchObject({ chunks: [], nextOffset: 0, errorOffset: 8 })
    expect(found.error).toMatchObject({
      code: 'CORRUPT_BATCH',
      context: { limit: 1_000_000, size: bomb.length - BATCH_OVERHEAD, offset: 8 },
    })
  })

  it('F18: stop the walk once as much was inflated as one may: many small bombs are no larger than one', () => {
    const bytes = Buffer.concat(Array.from({ length: 20 }, (_, i) => zeros(600_000, i)))
    const found = inspectBatches(bytes, { maxBatchBytes: 1_000_000 }, 0)
    expect(found.error).toBeUndefined()
    expect(found).toMatchObject({ nextOffset: 2, totalBytes: 2 * (600_000 + BATCH_OVERHEAD) })
  })
})

function goldenMarkerAt(offset: number): Buffer {
  const marker = Buffer.from(goldenCase('commit marker').bytes)
  writeInt64(marker, BatchField.baseOffset, offset)
  return marker
}
