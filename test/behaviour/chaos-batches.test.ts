/** F17: record batches that lie, in Fetch answers that are true otherwise. F47: fetch sessions and answers that say things twice. */
import { describe, expect, it } from 'vitest'
import type { Kafka, KafkaError } from '../../src/main/index.ts'
import { codecId, compress, decompress } from '../../src/shared/compression/index.ts'
import { type FetchResponse, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { BATCH_OVERHEAD } from '../../src/shared/record-batch.ts'
import {
  type BatchLie,
  batchLength,
  byteAt,
  codec,
  lieAt,
  magic,
  recordBytes,
  recordCount,
  wrongChecksum,
} from '../chaos/batches.ts'
import { EAGER, numbered, onChaos, readAll } from './on-chaos.ts'

const MIB = 1024 * 1024
/** Three batches of as many records; the middle one lies. */
const PER_BATCH = 3
const LYING_AT = PER_BATCH

const PACKINGS = ['gzip', 'snappy', 'lz4', 'zstd'] as const
type PackingName = (typeof PACKINGS)[number]

const lies: [what: string, lie: BatchLie, code: string][] = [
  ['a checksum that does not match', wrongChecksum, 'CORRUPT_BATCH'],
  ['magic 3', magic(3), 'UNSUPPORTED'],
  ['magic 1', magic(1), 'UNSUPPORTED'],
  ['codec 7', codec(7), 'UNSUPPORTED_COMPRESSION'],
  ['codec 1 over bytes that are not compressed', codec(1), 'CORRUPT_BATCH'],
  ['a length of −1', batchLength(-1), 'CORRUPT_BATCH'],
  ['a length of 2^31 − 1', batchLength(2 ** 31 - 1), 'CORRUPT_BATCH'],
  ['2^31 − 1 records', recordCount(2 ** 31 - 1), 'CORRUPT_BATCH'],
  ['no records', recordCount(0), 'CORRUPT_BATCH'],
  ['−1 records', recordCount(-1), 'CORRUPT_BATCH'],
  ['a record too many', recordCount(PER_BATCH + 1), 'CORRUPT_BATCH'],
  ['a record too few', recordCount(PER_BATCH - 1), 'CORRUPT_BATCH'],
  ['a record longer than the batch', byteAt(BATCH_OVERHEAD, 0x7e), 'CORRUPT_BATCH'],
  ['a record of length −1', byteAt(BATCH_OVERHEAD, 1), 'CORRUPT_BATCH'],
  ['63 headers where there are none', byteAt(-1, 0x7e), 'CORRUPT_BATCH'],
  ['−1 headers', byteAt(-1, 1), 'CORRUPT_BATCH'],
  ['a varint that runs over the end', byteAt(-1, 0xff), 'CORRUPT_BATCH'],
]

/** What can be wrong with compressed records in a batch whose header and checksum are right. */
const packedLies: [what: string, lie: (codec: PackingName) => BatchLie][] = [
  ['cut off', () => recordBytes((packed) => packed.subarray(0, -5))],
  ['cut off after a few bytes', () => recordBytes((packed) => packed.subarray(0, 6))],
  ['not there', () => recordBytes(() => Buffer.alloc(0))],
  ['damaged at the front', () => recordBytes((packed) => Buffer.from(packed).fill(0, 0, 4))],
  ['of another codec', (name) => codec((codecId(name) % 4) + 1)],
  ['fewer bytes than the records take', (name) => repacked(name, (records) => records.subarray(0, -3))],
  ['more bytes than the records take', (name) => repacked(name, (records) => Buffer.concat([records, Buffer.alloc(9, 1)]))],
  ['fewer than the header says', () => recordCount(PER_BATCH + 1)],
]

function repacked(name: PackingName, change: (records: Uint8Array) => Uint8Array): BatchLie {
  return recordBytes((packed) => compress(name, undefined, change(decompress(name, packed, MIB))))
}

type Part = FetchResponse['responses'][number]['partitions'][number]

/** A change of every partition in an answer that has records. */
const eachPartition = (change: (part: Part, records: Buffer) => void) => (body: FetchResponse) => {
  for (const { partitions } of body.responses) for (const part of partitions) if (part.records) change(part, part.records)
}

onChaos(
  'what Fetch answers contain',
  (chaos) => {
    async function threeBatches(kafka: Kafka, compression: PackingName | 'none' = 'none'): Promise<string> {
      const topic = await chaos.world.topic(1)
      const producer = kafka.producer({ lingerMs: 50, compression })
      const values = numbered(3 * PER_BATCH)
      for (let at = 0; at < values.length; at += PER_BATCH) {
        await producer.produceBatch(values.slice(at, at + PER_BATCH).map((value) => ({ topic, value })))
      }
      return topic
    }

    /** The middle batch lies in every answer: what is before it is read, it is refused with its place, and nothing is passed over. */
    async function refused(kafka: Kafka, topic: string, lie: BatchLie, code: string): Promise<KafkaError> {
      const untilTheLie = eachPartition((part, records) => (part.records = lieAt(records, LYING_AT, lie)))
      chaos.proxy.rewrite(fetch, untilTheLie, { times: Number.POSITIVE_INFINITY })
      const before = process.memoryUsage().rss
      expect(await readAll(kafka, topic, PER_BATCH)).toEqual(numbered(PER_BATCH))
      let error: KafkaError | undefined
      for (let tries = 0; tries < 2; tries++) {
        error = (await kafka.fetch([{ topic, partition: 0, offset: LYING_AT }]).catch((thrown: unknown) => thrown)) as KafkaError
        expect(error).toMatchObject({ code, context: { topic, partition: 0, offset: LYING_AT } })
        expect(error.message).toContain(`offset ${LYING_AT}`)
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(96 * MIB)
      chaos.proxy.clear()
      expect(await readAll(kafka, topic, 3 * PER_BATCH)).toEqual(numbered(3 * PER_BATCH))
      return error!
    }

    it.each(lies)('F17, IC7: %s is a typed error at that offset; nothing is passed over', async (_what, lie, code) => {
      const kafka = chaos.client(EAGER)
      await refused(kafka, await threeBatches(kafka), lie, code)
    })

    describe.each(PACKINGS)('records in %s', (name) => {
      it.each(packedLies)(
        'F17, IC7: that are %s are a typed error at that offset; nothing is passed over',
        async (_what, lie) => {
          const kafka = chaos.client(EAGER)
          await refused(kafka, await threeBatches(kafka, name), lie(name), 'CORRUPT_BATCH')
        },
      )
    })

    it('F17: damage on the way is repaired by fetching again, unnoticed', async () => {
      const kafka = chaos.client(EAGER)
      const topic = await threeBatches(kafka)
      const damaged = chaos.proxy.rewrite(
        fetch,
        eachPartition((part, records) => (part.records = lieAt(records, 0, wrongChecksum))),
        { times: 2 },
      )
      expect(await readAll(kafka, topic, 3 * PER_BATCH)).toEqual(numbered(3 * PER_BATCH))
      expect(damaged.hits).toBe(2)
    })

    const repetitions: [what: string, change: (body: FetchResponse) => void][] = [
      ['a partition', ({ responses }) => responses.forEach(({ partitions }) => void partitions.push(...partitions))],
      ['a topic', ({ responses }) => void responses.push(...responses)],
      ['a batch', eachPartition((part, records) => (part.records = Buffer.concat([records, records])))],
    ]
    it.each(repetitions)('F47: %s that comes twice in a Fetch answer is delivered once', async (_what, change) => {
      const kafka = chaos.client(EAGER)
      const topic = await threeBatches(kafka)
      const twice = chaos.proxy.rewrite(fetch, change, { times: Number.POSITIVE_INFINITY })
      expect(await readAll(kafka, topic, 3 * PER_BATCH)).toEqual(numbered(3 * PER_BATCH))
      expect(await readAll(kafka, topic, 4, 0, 5)).toEqual(['5', '6', '7', '8'])
      expect(twice.hits).toBeGreaterThan(1)
    })

    it.each([
      ['FETCH_SESSION_ID_NOT_FOUND', 70],
      ['INVALID_FETCH_SESSION_EPOCH', 71],
    ])('F47: %s again and again: reading goes on without gap or repetition', async (_name, errorCode) => {
      const kafka = chaos.client(EAGER)
      const topic = await chaos.world.topic(1)
      const producer = kafka.producer()
      const read: string[] = []
      for (let i = 0; i < 8; i++) {
        await producer.produce({ topic, value: `${i}` })
        const lost = chaos.proxy.rewrite(fetch, (body) => void Object.assign(body, { errorCode, sessionId: 0, responses: [] }), {
          times: i % 3,
        })
        read.push(...(await readAll(kafka, topic, 1, 0, i)))
        expect(lost.hits).toBe(i % 3)
      }
      expect(read).toEqual(numbered(8))
    })
  },
  ['embedded-1', 'real-1'],
)
