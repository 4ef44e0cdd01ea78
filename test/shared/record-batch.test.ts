import { inspect } from 'node:util'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../src/shared/errors.ts'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  batchCrc,
  checkCrc,
  readBatchHeader,
  readRecords,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../src/shared/types.ts'
import { writeVarint } from '../../src/shared/varint.ts'
import { makeBatch, plainRecords } from '../workers/batches.ts'
import { goldenCase, goldenCases } from './golden-batches.ts'

const readable = goldenCases.filter(({ batches }) => batches.length > 0 && batches.every(({ codec }) => codec === 'none'))

function read(bytes: Buffer, fromOffset = 0): FetchedRecord[] {
  const into: FetchedRecord[] = []
  readRecords('topic', 3, bytes, fromOffset, into)
  return into
}

function contents({ offset, timestamp, key, value, headers }: FetchedRecord): object {
  return { offset, timestamp, key, value, headers }
}

/** The batch with some of its bytes changed and its checksum made to fit. */
function tampered(batch: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(batch)
  change(copy)
  writeInt32(copy, BatchField.crc, batchCrc(copy, 0, copy.length))
  return copy
}

function failure(bytes: Buffer, into: FetchedRecord[] = []): KafkaError {
  try {
    readRecords('topic', 3, bytes, 0, into)
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    return error as KafkaError
  }
  throw new Error('nothing was thrown')
}

describe('a batch header', () => {
  it.each(goldenCases.filter(({ batches }) => batches.length > 0))(
    `says what Kafka's own classes read: $name`,
    ({ bytes, batches }) => {
      let at = 0
      for (const golden of batches) {
        const header = readBatchHeader(bytes, at)
        if (typeof header === 'string') throw new Error(header)
        const bits = header.attributes
        expect({
          baseOffset: header.baseOffset,
          sizeInBytes: header.batchLength,
          leaderEpoch: header.partitionLeaderEpoch,
          lastOffset: header.baseOffset + header.lastOffsetDelta,
          maxTimestamp: header.maxTimestamp,
          producerId: header.producerId,
          producerEpoch: header.producerEpoch,
          baseSequence: header.baseSequence,
          transactional: attributes.transactional(bits),
          control: attributes.control(bits),
          codec: ['none', 'gzip', 'snappy', 'lz4', 'zstd'][attributes.codec(bits)],
          timestampType: attributes.timestampType(bits) === 'createTime' ? 'CreateTime' : 'LogAppendTime',
          deleteHorizon: attributes.deleteHorizon(bits) ? header.baseTimestamp : null,
          crc: header.crc,
        }).toEqual(golden)
        expect(checkCrc(bytes, at, header)).toBe(true)
        at += header.batchLength
      }
      expect(at).toBe(bytes.length)
    },
  )

  it('is truncated at every length short of the whole batch', () => {
    const { bytes } = goldenCase('idempotent')
    for (let length = 0; length < bytes.length; length++) expect(readBatchHeader(bytes, 0, length)).toBe('truncated')
    expect(readBatchHeader(bytes, 0)).toMatchObject({ recordCount: 2 })
  })

  it('is refused with a length that no batch has', () => {
    for (const length of [-1, 0, 4, 48, -(2 ** 31)]) {
      const bytes = Buffer.from(goldenCase('idempotent').bytes)
      writeInt32(bytes, BatchField.length, length)
      expect(readBatchHeader(bytes, 0)).toBe('impossible-length')
    }
    const bytes = Buffer.from(goldenCase('idempotent').bytes)
    writeInt32(bytes, BatchField.length, 2 ** 31 - 1)
    expect(readBatchHeader(bytes, 0)).toBe('truncated')
  })

  it.each(['magic 0', 'magic 1'])('is refused in another format: %s', (name) => {
    expect(readBatchHeader(goldenCase(name).bytes, 0)).toBe('unknown-magic')
  })

  test.prop([fc.maxSafeInteger(), fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }), fc.integer()])(
    'holds every number exactly',
    (big, small, middle) => {
      const bytes = Buffer.from(goldenCase('idempotent').bytes)
      writeInt64(bytes, BatchField.producerId, big)
      writeInt16(bytes, BatchField.producerEpoch, small)
      writeInt32(bytes, BatchField.baseSequence, middle)
      expect(bytes.readBigInt64BE(BatchField.producerId)).toBe(BigInt(big))
      expect(readBatchHeader(bytes, 0)).toMatchObject({ producerId: big, producerEpoch: small, baseSequence: middle })
    },
  )
})

describe('the records of batches', () => {
  it.each(readable)(`are what Kafka's own classes read: $name`, ({ bytes, records, nextOffset }) => {
    const into: FetchedRecord[] = []
    expect(readRecords('topic', 3, bytes, 0, into)).toBe(nextOffset)
    expect(into.map(contents)).toEqual(records)
    expect(into.every(({ topic, partition }) => topic === 'topic' && partition === 3)).toBe(true)
  })

  it('begin at the offset asked for, in the middle of a batch too', () => {
    const { bytes, nextOffset } = goldenCase('a transaction with its marker, then plain records')
    for (let from = 0; from < 6; from++) {
      expect(read(bytes, from).map(({ offset }) => offset)).toEqual([0, 1, 3].filter((offset) => offset >= from))
      expect(readRecords('topic', 0, bytes, from, [])).toBe(Math.max(from, nextOffset))
    }
  })

  it('are appended to what is there', () => {
    const into = read(makeBatch(plainRecords(2)))
    readRecords('topic', 3, makeBatch(plainRecords(1)), 0, into)
    expect(into.map(({ value }) => `${value}`)).toEqual(['v0', 'v1', 'v0'])
  })

  it('are not given twice when batches overlap', () => {
    const batch = makeBatch(plainRecords(3))
    expect(read(Buffer.concat([batch, batch]))).toHaveLength(3)
  })

  it('show all their fields in JSON and when inspected', () => {
    const record = read(
      makeBatch([
        {
          timestamp: 5,
          key: 'k',
          value: Uint8Array.of(0xff),
          headers: [
            ['h', 'ä'],
            ['h', null],
          ],
        },
      ]),
    )[0]!
    expect(JSON.parse(JSON.stringify(record))).toEqual({
      topic: 'topic',
      partition: 3,
      offset: 0,
      timestamp: 5,
      key: 'k',
      value: { base64: '/w==' },
      headers: [
        ['h', 'ä'],
        ['h', null],
      ],
    })
    const shown = inspect(record)
    expect(shown).toMatch(/^FetchedRecord \{/)
    for (const part of [
      `topic: 'topic'`,
      'partition: 3',
      'offset: 0',
      'timestamp: 5',
      'key: <Buffer 6b>',
      'value: <Buffer ff>',
      `'h', <Buffer c3 a4>`,
    ]) {
      expect(shown).toContain(part)
    }
  })

  it('are views: nothing is copied', () => {
    const bytes = makeBatch([{ timestamp: 0, key: 'key', value: 'value' }])
    expect(read(bytes)[0]!.value!.buffer).toBe(bytes.buffer)
  })
})

describe('F17: a batch that lies', () => {
  const honest = makeBatch(plainRecords(3))

  it.each([2 ** 31 - 1, -1, -(2 ** 31), 1000, 4, 2])('about its number of records (%d) is corrupt, at no cost', (count) => {
    const started = performance.now()
    const error = failure(tampered(honest, (copy) => writeInt32(copy, BatchField.recordCount, count)))
    expect(performance.now() - started).toBeLessThan(50)
    expect(error.code).toBe('CORRUPT_BATCH')
    expect(error.context).toMatchObject({ topic: 'topic', partition: 3, offset: 0 })
  })

  it('keeps the records before the lie', () => {
    const into: FetchedRecord[] = []
    const second = makeBatch(plainRecords(2))
    writeInt64(second, BatchField.baseOffset, 3)
    failure(Buffer.concat([honest, tampered(second, (copy) => writeInt32(copy, BatchField.recordCount, 1))]), into)
    expect(into.map(({ offset }) => offset)).toEqual([0, 1, 2, 3])
    expect(failure(Buffer.concat([honest, second.subarray(0, -1)])).context).toMatchObject({ offset: 3 })
  })

  it('about its offsets is corrupt: they must rise and end where the header says', () => {
    const oneTooFar = tampered(honest, (copy) => writeInt32(copy, BatchField.lastOffsetDelta, 1))
    expect(failure(oneTooFar).message).toContain('offset delta 2')
    // The second record's offset delta is the fourth byte of the second record.
    const recordBytes = (honest.length - BATCH_OVERHEAD) / 3
    const twice = tampered(honest, (copy) => (copy[BATCH_OVERHEAD + recordBytes + 3] = 0))
    expect(failure(twice).message).toContain('offset delta 0')
  })

  it('about the length of a record is corrupt: it does not reach into the next batch', () => {
    const second = makeBatch(plainRecords(2))
    writeInt64(second, BatchField.baseOffset, 3)
    const last = honest.length - (honest.length - BATCH_OVERHEAD) / 3
    const into: FetchedRecord[] = []
    failure(Buffer.concat([tampered(honest, (copy) => (copy[last] = copy[last]! + 2)), second]), into)
    expect(into.map(({ offset }) => offset)).toEqual([0, 1])
    for (const length of [-1, 0, 5]) {
      expect(failure(tampered(honest, (copy) => writeVarint(copy, BATCH_OVERHEAD, length))).message).toContain(
        `claims ${length} bytes`,
      )
    }
  })

  it('about its own place is corrupt', () => {
    for (const change of [
      (bytes: Buffer) => writeInt64(bytes, BatchField.baseOffset, -1),
      (bytes: Buffer) => bytes.fill(0x7f, 0, 8),
      (bytes: Buffer) => writeInt32(bytes, BatchField.lastOffsetDelta, -1),
      (bytes: Buffer) => writeInt64(bytes, BatchField.baseOffset, Number.MAX_SAFE_INTEGER - 1),
    ]) {
      expect(failure(tampered(honest, change)).message).toContain('impossible')
    }
  })

  it('about being readable is corrupt: its records are compressed', () => {
    expect(failure(goldenCase('gzip').bytes).message).toContain('compressed')
  })

  it.each([-1, 1, 2 ** 31 - 1])('about the number of headers (%d) is corrupt, at no cost', (count) => {
    const batch = makeBatch([{ timestamp: 0, value: 'v', headers: [] }])
    const grown = Buffer.concat([batch.subarray(0, -1), Buffer.alloc(5)])
    const at = batch.length - 1
    const huge = count === 2 ** 31 - 1 ? [0xfe, 0xff, 0xff, 0xff, 0x0f] : [count * 2 + (count < 0 ? 3 : 0)]
    const lie = tampered(grown.subarray(0, at + huge.length), (copy) => {
      copy.set(huge, at)
      copy[BATCH_OVERHEAD] = (at + huge.length - BATCH_OVERHEAD - 1) * 2
      writeInt32(copy, BatchField.length, copy.length - 12)
    })
    expect(failure(lie).code).toBe('CORRUPT_BATCH')
  })

  test.prop([fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })], { numRuns: 3000 })(
    'anywhere ends in a typed error or in records that can be read',
    (which, changes) => {
      const { bytes } = readable[which % readable.length]!
      const first = readBatchHeader(bytes, 0)
      if (typeof first === 'string') throw new Error(first)
      const batch = bytes.subarray(0, first.batchLength)
      const bad = tampered(batch, (copy) => {
        for (const [at, byte] of changes) copy[BatchField.attributes + (at % (copy.length - BatchField.attributes))] = byte
      })
      const into: FetchedRecord[] = []
      try {
        readRecords('topic', 3, bad, 0, into)
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError)
        expect((error as KafkaError).code).toBe('CORRUPT_BATCH')
      }
      let last = -1
      for (const record of into) {
        expect(record.offset).toBeGreaterThan(last)
        last = record.offset
        JSON.stringify(record)
      }
    },
  )
})
