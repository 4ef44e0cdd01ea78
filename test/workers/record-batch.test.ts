import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { decompress } from '../../src/shared/compression/index.ts'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  checkCrc,
  readBatchHeader,
  readRecords,
  writeInt64,
} from '../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../src/shared/types.ts'
import { compressBatch, restampBatch } from '../../src/workers/record-batch.ts'
import { goldenCases } from '../shared/golden-batches.ts'
import { makeBatch, plainRecords } from './batches.ts'

/** Batches as a producer sends them: one, uncompressed, stamped by the client, not yet by a broker. */
const producible = goldenCases.filter(({ batches }) => {
  const [batch] = batches
  return (
    batches.length === 1 &&
    batch!.codec === 'none' &&
    !batch!.control &&
    batch!.leaderEpoch === -1 &&
    batch!.deleteHorizon === null
  )
})

function header(batch: Buffer) {
  const found = readBatchHeader(batch, 0)
  if (typeof found === 'string') throw new Error(found)
  expect(checkCrc(batch, 0, found)).toBe(true)
  return found
}

describe('a sealed batch', () => {
  it('is compared with a dozen of Kafka batches', () => {
    expect(producible.length).toBeGreaterThanOrEqual(12)
  })

  it.each(producible)(`is byte for byte what Kafka's own producer makes: $name`, ({ bytes, batches, records }) => {
    const [golden] = batches
    const batch = makeBatch(records, {
      producerId: golden!.producerId,
      producerEpoch: golden!.producerEpoch,
      baseSequence: golden!.baseSequence,
      attributes: attributes.make(0, { transactional: golden!.transactional }),
    })
    writeInt64(batch, BatchField.baseOffset, golden!.baseOffset) // not under the checksum: brokers set it
    expect(batch.toString('hex')).toBe(bytes.toString('hex'))
  })

  const bytes = fc.option(fc.uint8Array({ maxLength: 150, size: 'max' }))
  const record = fc.record({
    timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    key: bytes,
    value: bytes,
    headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), bytes), { maxLength: 5 }),
  })

  test.prop([fc.array(record, { minLength: 1, maxLength: 30 })])('gives back what was written', (records) => {
    const batch = makeBatch(records)
    const into: FetchedRecord[] = []
    readRecords('t', 0, batch, 0, into)
    const expected = records.map(({ timestamp, key, value, headers }, offset) => ({
      offset,
      timestamp,
      key: key && Buffer.from(key),
      value: value && Buffer.from(value),
      headers: headers.map(([name, content]) => [name, content && Buffer.from(content)]),
    }))
    expect(into.map(({ offset, timestamp, key, value, headers }) => ({ offset, timestamp, key, value, headers }))).toEqual(
      expected,
    )
    expect(header(batch)).toMatchObject({ recordCount: records.length, lastOffsetDelta: records.length - 1 })
  })

  it('can be part of a larger buffer', () => {
    const alone = makeBatch(plainRecords(3))
    const large = Buffer.alloc(alone.length + 20, 0xee)
    large.set(alone, 7)
    restampBatch(large, 7, 7 + alone.length, { producerId: -1, producerEpoch: -1, baseSequence: -1 })
    expect(large.subarray(7, 7 + alone.length).equals(alone)).toBe(true)
    expect([...large.subarray(0, 7), ...large.subarray(7 + alone.length)]).toEqual(Array(20).fill(0xee))
  })
})

describe('a batch stamped again', () => {
  it('is the batch that another producer would have made', () => {
    const identity = { producerId: 2 ** 53 - 1, producerEpoch: 7, baseSequence: 2 ** 31 - 1 }
    const batch = makeBatch(plainRecords(4))
    restampBatch(batch, 0, batch.length, identity)
    expect(batch.equals(makeBatch(plainRecords(4), identity))).toBe(true)
  })
})

describe.each(['gzip', 'zstd'] as const)('a batch compressed by %s', (codec) => {
  it('has the same header but for codec, length and checksum, and inflates to the same records', () => {
    const plain = makeBatch(plainRecords(500), {
      attributes: attributes.make(0, { transactional: true }),
      producerId: 5,
      producerEpoch: 0,
    })
    const padded = Buffer.concat([Buffer.alloc(9), plain, Buffer.alloc(9)])
    const batch = compressBatch(padded, 9, 9 + plain.length, codec, undefined)
    expect(batch.length).toBeLessThan(plain.length)
    const { batchLength, crc, attributes: bits, ...same } = header(batch)
    expect(header(plain)).toMatchObject(same)
    expect(batchLength).toBe(batch.length)
    expect(attributes.codec(bits)).toBe(codec === 'gzip' ? 1 : 4)
    expect(attributes.transactional(bits)).toBe(true)
    expect(crc).not.toBe(header(plain).crc)
    expect(plain.subarray(BATCH_OVERHEAD).equals(decompress(codec, batch.subarray(BATCH_OVERHEAD), plain.length))).toBe(true)
  })

  it('obeys the level', () => {
    const plain = makeBatch(
      Array.from({ length: 3000 }, (_, i) => ({ timestamp: 0, value: `{"id":${i ** 2},"name":"n${i % 77}"}` })),
    )
    const sizes = [1, 9].map((level) => compressBatch(plain, 0, plain.length, codec, level).length)
    expect(sizes[1]).toBeLessThan(sizes[0]!)
  })
})
