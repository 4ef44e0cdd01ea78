/** Topics that a producer treats in a way of their own: what it changes is in the log, read past the client. */
import { expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import type { LogRecord } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const codecsOf = (log: readonly LogRecord[]) => [...new Set(log.map(({ codec }) => codec))]

/** As many records to each topic, in batches of ten. */
async function fill(producer: ReturnType<Kafka['producer']>, topics: readonly string[], count = 50): Promise<void> {
  for (let at = 0; at < count; at += 10) {
    const values = Array.from({ length: 10 }, (_, i) => `${at + i} ${'compress me '.repeat(20)}`)
    const results = await producer.produceBatch(topics.flatMap((topic) => values.map((value) => ({ topic, value }))))
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  }
}

onBrokers('topics of a producer', (world) => {
  it.each([1, 0, 2])(
    "P8: a topic's codec is what its batches have, all others the producer's (ioThreads %i)",
    async (ioThreads) => {
      const own = await Promise.all(CODECS.map(() => world.topic(2)))
      const [plain, named] = [await world.topic(2), await world.topic(2)]
      const producer = world.client({ ioThreads }).producer({
        compression: 'lz4',
        topics: [...CODECS.map((compression, i) => ({ name: own[i]!, compression })), { name: named }],
      })
      await fill(producer, [...own, plain, named])
      for (const [i, codec] of CODECS.entries()) expect(codecsOf(await world.log(own[i]!))).toEqual([codec])
      for (const topic of [plain, named]) expect(codecsOf(await world.log(topic))).toEqual(['lz4'])
    },
  )

  it("P8: a topic's level is its own; the producer's goes with the producer's codec only", async () => {
    const topics = await Promise.all(Array.from({ length: 4 }, () => world.topic(1)))
    const [harder, same, other, rest] = topics as [string, string, string, string]
    const producer = world.client().producer({
      compression: 'gzip',
      compressionLevel: 1,
      topics: [
        { name: harder, compressionLevel: 9 },
        { name: same, compression: 'gzip' },
        // 1 would be another level of zstd than its default
        { name: other, compression: 'zstd' },
      ],
    })
    const alone = world.client().producer({ name: 'alone', compression: 'zstd' })
    const reference = await world.topic(1)
    const value = Array.from({ length: 3_000 }, (_, i) => `${i ** 3} and ${i % 17} `).join('')
    for (const topic of topics) await producer.produce({ topic, value })
    await alone.produce({ topic: reference, value })
    const size = async (topic: string) => (await world.log(topic))[0]!.batchBytes
    expect(await size(harder)).toBeLessThan(await size(rest))
    expect(await size(same)).toBe(await size(rest))
    expect(await size(other)).toBe(await size(reference))
  })

  it("P6: a topic's partitioner decides for it alone, before the producer's and before the key", async () => {
    const [own, rest, packed] = [await world.topic(5), await world.topic(5), await world.topic(5)]
    const seen: [string, number][] = []
    const producer = world.client().producer({
      partitioner: () => 4,
      topics: [
        {
          name: own,
          partitioner: (record, partitionCount) => {
            seen.push([record.topic, partitionCount])
            return Number(record.key) % partitionCount
          },
        },
        { name: packed, compression: 'gzip' },
      ],
    })
    const keys = ['3', '6', '10']
    const where = await Promise.all(
      [own, rest, packed].map((topic) => Promise.all(keys.map((key) => producer.produce({ topic, key, value: 'v' })))),
    )
    expect(where.map((some) => some.map(({ partition }) => partition))).toEqual([
      [3, 1, 0],
      [4, 4, 4],
      [4, 4, 4],
    ])
    expect(seen).toEqual(keys.map(() => [own, 5]))
    const log = await world.log(own)
    expect(log.map(({ partition, key }) => [String(key), partition])).toEqual([
      ['10', 0],
      ['6', 1],
      ['3', 3],
    ])
    expect(await producer.produce({ topic: own, key: '3', partition: 2 })).toMatchObject({ partition: 2 })
  })

  it("P6: what a topic's partitioner gets wrong fails that record and no other", async () => {
    const topic = await world.topic(2)
    const producer = world.client().producer({
      topics: [{ name: topic, partitioner: ({ key }) => (key === 'throw' ? JSON.parse('{') : Number(key)) }],
    })
    const results = await producer.produceBatch(['0', '2', 'throw', '1'].map((key) => ({ topic, key, value: 'v' })))
    expect(results.map((one) => (one.ok ? one.metadata.partition : [one.error.code, one.error.outcome]))).toEqual([
      0,
      ['UNKNOWN_PARTITION', 'not-written'],
      ['INVALID_ARGUMENT', 'not-written'],
      1,
    ])
    expect(await world.log(topic)).toHaveLength(2)
  })

  it('P8, F28: the successor of an I/O thread that crashed compresses each topic as it should', async () => {
    const [own, rest] = [await world.topic(1), await world.topic(1)]
    const kafka = world.client()
    const producer = kafka.producer({ compression: 'gzip', topics: [{ name: own, compression: 'zstd' }] })
    await fill(producer, [own, rest])
    kafka.crashIoThread(0)
    await fill(producer, [own, rest])
    expect(codecsOf(await world.log(own))).toEqual(['zstd'])
    expect(codecsOf(await world.log(rest))).toEqual(['gzip'])
    expect(await world.log(own)).toHaveLength(100)
  })
})
