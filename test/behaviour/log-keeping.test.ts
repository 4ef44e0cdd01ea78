/** What brokers do with old records: retention by size and age, compaction, deletion by order; and how they store what comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { deleteRecords } from '../../src/shared/protocol/generated/delete-records.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { type BatchHeader, readBatchHeader } from '../../src/shared/record-batch.ts'
import { type RealKafka, startKafka } from '../kafka/index.ts'
import { makeBatch } from '../main/testing/batches.ts'
import { ask, setTopicConfig } from '../support/raw-calls.ts'
import { Site, type TargetName, type World } from './on-brokers.ts'

const DAY_MS = 86_400_000

/** Brokers that look after their logs every half second. */
function onTidyBrokers(suite: (world: World) => void): void {
  for (const target of ['embedded-1', 'real-1'] satisfies TargetName[]) {
    const missing = target === 'real-1' && inject('realKafka1') === null
    const why = missing ? ` (skipped: ${inject('realKafkaMissing')})` : ''
    describe.skipIf(missing)(`old records on ${target}${why}`, () => {
      let cluster: RealKafka | EmbeddedBroker | undefined
      const site = new Site(target)
      beforeAll(async () => {
        const configs = {
          'log.retention.check.interval.ms': 500,
          'log.initial.task.delay.ms': 500,
          'log.cleaner.backoff.ms': 100,
        }
        const via = process.env['KAFKA_BROKERS'] ? 'maven' : 'auto'
        const embedded = () => startBroker({ retentionCheckIntervalMs: 500, retentionBytes: -1 })
        cluster = target === 'real-1' ? await startKafka({ nodes: 1, via, configs }) : await embedded()
        site.brokers = cluster.brokers
      }, 120_000)
      afterEach(() => site.endTest())
      afterAll(async () => {
        await site.end()
        await (cluster && ('stop' in cluster ? cluster.stop() : cluster.close()))
      })
      suite(site)
    })
  }
}

const startOf = async (world: World, topic: string): Promise<number> => {
  const [start] = await world.client().admin.listOffsets([{ topic, partition: 0, timestamp: 'earliest' }])
  return start!.offset
}

/** `key=value` at its offset; `key` alone is a tombstone. */
const written = async (world: World, topic: string): Promise<string[]> => {
  const log = await world.log(topic)
  return log.map(({ offset, key, value }) => `${offset} ${key}${value === null ? '' : `=${value}`}`)
}

async function write(world: World, topic: string, ...records: string[]): Promise<void> {
  const producer = world.client().producer()
  for (const record of records) {
    const [key, value] = record.split('=')
    await producer.produce({ topic, partition: 0, key: key!, value: value ?? null })
  }
}

/** The batches of the log as they are, header by header. */
async function headers(world: World, topic: string): Promise<BatchHeader[]> {
  const found: BatchHeader[] = []
  for (let fetchOffset = 0; ; ) {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1e6, currentLeaderEpoch: -1 }]
    const answer = await ask(world.brokers[0]!, fetch, 4, { maxBytes: 1e6, topics: [{ topic, partitions }] })
    const bytes = answer.responses[0]!.partitions[0]!.records!
    if (bytes.length === 0) return found
    for (let at = 0; at < bytes.length; at += found.at(-1)!.batchLength) found.push(readBatchHeader(bytes, at) as BatchHeader)
    fetchOffset = found.at(-1)!.baseOffset + found.at(-1)!.lastOffsetDelta + 1
  }
}

/** Segments end after 50 ms, so that they can be cleaned. */
const compacting = (more: Record<string, string> = {}) => ({
  configs: { 'cleanup.policy': 'compact', 'segment.ms': '50', 'min.cleanable.dirty.ratio': '0.01', ...more },
})

onTidyBrokers((world) => {
  it('T1 retention.ms: records that are too old go, and the log begins later', async () => {
    const topic = await world.topic(1, { configs: { 'retention.ms': '60000' } })
    const producer = world.client().producer()
    for (const age of [3, 2, 1]) await producer.produce({ topic, value: 'old', timestamp: Date.now() - age * DAY_MS })
    await expect.poll(() => startOf(world, topic), { timeout: 20_000 }).toBe(3)
    expect(await producer.produce({ topic, value: 'new' })).toMatchObject({ offset: 3 })
    await sleep(1_200)
    const [batch] = await world.client().fetch([{ topic, partition: 0, offset: 3 }])
    expect(batch!.records.map(({ value }) => String(value))).toEqual(['new'])
    await expect(world.client().fetch([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
    })
  })

  it('T1 retention.bytes: the oldest records go as long as enough is left', async () => {
    const topic = await world.topic(1, { configs: { 'retention.bytes': '1048576', 'segment.bytes': '1048576' } })
    const producer = world.client().producer()
    for (let i = 0; i < 6; i++) await producer.produce({ topic, value: Buffer.alloc(700_000, i) })
    await expect.poll(() => startOf(world, topic), { timeout: 20_000 }).toBe(4)
    await setTopicConfig(world.brokers, topic, 'retention.bytes', '0')
    await expect.poll(() => startOf(world, topic), { timeout: 20_000 }).toBe(6)
  })

  it('T1 cleanup.policy compact: the newest record of each key stays, at its offset', async () => {
    const topic = await world.topic(1, compacting())
    await write(world, topic, 'a=1', 'b=1', 'a=2', 'c=1', 'b', 'a=3')
    await sleep(120)
    await write(world, topic, 'roll=1')
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['3 c=1', '4 b', '5 a=3', '6 roll=1'])
    expect(await startOf(world, topic)).toBe(0)
    const [batch] = await world.client().fetch([{ topic, partition: 0, offset: 0 }])
    expect(batch!.records[0]).toMatchObject({ offset: 3 })
    await sleep(120)
    await write(world, topic, 'c=2', 'roll=2')
    await sleep(120)
    await write(world, topic, 'd=1')
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['4 b', '5 a=3', '7 c=2', '8 roll=2', '9 d=1'])
  })

  it('T1 compaction leaves batches with gaps, and a tombstone its time', async () => {
    const topic = await world.topic(1, compacting({ 'delete.retention.ms': '600000' }))
    const send = async (values: [string, string | null][]) => {
      const records = values.map(([key, value]) => ({ topic, partition: 0, key, value }))
      await Promise.all(records.map((record) => producer.produce(record)))
    }
    const producer = world.client().producer({ lingerMs: 50 })
    const before = Date.now()
    await send([
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
      ['b', null],
      ['a', '2'],
    ])
    await sleep(120)
    await send([['roll', '1']])
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['2 c=1', '3 b', '4 a=2', '5 roll=1'])
    const [first] = await headers(world, topic)
    expect(first).toMatchObject({ baseOffset: 0, lastOffsetDelta: 4, recordCount: 3, baseSequence: 0, attributes: 64 })
    expect(first!.baseTimestamp).toBeGreaterThanOrEqual(before + 600_000)
    expect(first!.baseTimestamp).toBeLessThan(Date.now() + 600_000)
    const log = await world.log(topic)
    for (const { timestamp } of log) expect(Math.abs(timestamp - before)).toBeLessThan(30_000)
  })

  it('T1 delete.retention.ms: tombstones go when their time is over', async () => {
    const topic = await world.topic(1, compacting({ 'delete.retention.ms': '0' }))
    await write(world, topic, 'a=1', 'a', 'b=1')
    for (let i = 0; i < 40; i++) {
      await sleep(100)
      await write(world, topic, `roll=${i}`)
      const keys = (await written(world, topic)).filter((line) => !line.includes('roll'))
      if (keys.join() === '2 b=1') break
    }
    expect((await written(world, topic))[0]).toBe('2 b=1')
  })

  it('T1 a producer whose records were all compacted away is still known', async () => {
    const topic = await world.topic(1, compacting())
    const producer = world.client().producer()
    await producer.produce({ topic, partition: 0, key: 'a', value: '1' })
    await sleep(100)
    await write(world, topic, 'a=2')
    await sleep(100)
    await write(world, topic, 'roll=1')
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['1 a=2', '2 roll=1'])
    expect((await headers(world, topic)).map(({ recordCount }) => recordCount)).toEqual([0, 1, 1])
    expect(await producer.produce({ topic, partition: 0, key: 'a', value: '3' })).toMatchObject({ offset: 3 })
  })

  it('T1 min.compaction.lag.ms: young records are left alone', async () => {
    const topic = await world.topic(1, compacting({ 'min.compaction.lag.ms': '3000' }))
    await write(world, topic, 'a=1', 'a=2')
    await sleep(100)
    await write(world, topic, 'roll=1')
    await sleep(1_000)
    expect(await written(world, topic)).toEqual(['0 a=1', '1 a=2', '2 roll=1'])
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['1 a=2', '2 roll=1'])
  })

  it('T1 min.cleanable.dirty.ratio: what is mostly clean is left alone', async () => {
    const topic = await world.topic(1, compacting({ 'min.cleanable.dirty.ratio': '1' }))
    await write(world, topic, 'a=1', 'a=2')
    await sleep(100)
    await write(world, topic, 'roll=1')
    await sleep(1_000)
    expect(await written(world, topic)).toEqual(['0 a=1', '1 a=2', '2 roll=1'])
    await setTopicConfig(world.brokers, topic, 'min.cleanable.dirty.ratio', '0.1')
    await expect.poll(() => written(world, topic), { timeout: 20_000 }).toEqual(['1 a=2', '2 roll=1'])
  })

  it('T1 cleanup.policy compact,delete: both happen', async () => {
    const topic = await world.topic(1, compacting({ 'cleanup.policy': 'compact,delete', 'retention.ms': '60000' }))
    const producer = world.client().producer()
    await producer.produce({ topic, key: 'a', value: 'old', timestamp: Date.now() - DAY_MS })
    await write(world, topic, 'b=1', 'b=2')
    await sleep(100)
    await write(world, topic, 'roll=1')
    await expect.poll(() => startOf(world, topic), { timeout: 20_000 }).toBeGreaterThanOrEqual(1)
    const left = async () => {
      const [batch] = await world.client().fetch([{ topic, partition: 0, offset: await startOf(world, topic) }])
      return `${batch!.records[0]!.offset} ${batch!.records[0]!.value}`
    }
    await expect.poll(left, { timeout: 20_000 }).toBe('2 2')
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('T1 compaction keeps the codec %s', async (compression) => {
    const topic = await world.topic(1, compacting())
    const producer = world.client().producer({ compression, lingerMs: 50 })
    const big = 'x'.repeat(500)
    await Promise.all(['a', 'b', 'a'].map((key, i) => producer.produce({ topic, partition: 0, key, value: `${big}${i}` })))
    await sleep(120)
    await write(world, topic, 'roll=1')
    const left = async () =>
      (await world.log(topic)).map(({ offset, key, codec, value }) => [offset, String(key), codec, String(value).at(-1)])
    await expect.poll(left, { timeout: 20_000 }).toEqual([
      [1, 'b', compression, '1'],
      [2, 'a', compression, '2'],
      [3, 'roll', 'none', '1'],
    ])
  })

  it.each(['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'])('T1 compression.type %s: batches get that codec', async (type) => {
    const topic = await world.topic(1, { configs: { 'compression.type': type } })
    const codec = type === 'uncompressed' ? 'none' : type
    for (const compression of ['none', 'gzip', 'lz4'] as const)
      await world
        .client()
        .producer({ compression })
        .produce({ topic, key: compression, value: 'v'.repeat(300) })
    const log = await world.log(topic)
    expect(log.map((record) => [String(record.key), record.codec])).toEqual([
      ['none', codec],
      ['gzip', codec],
      ['lz4', codec],
    ])
  })

  it('T1 LogAppendTime holds with a codec of the topic too', async () => {
    const configs = { 'compression.type': 'zstd', 'message.timestamp.type': 'LogAppendTime' }
    const topic = await world.topic(1, { configs })
    const records = makeBatch({ values: ['a', 'b'], timestamp: 5 })
    const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
    const answer = await ask(world.brokers[0]!, produce, 9, { acks: -1, timeoutMs: 5000, topicData })
    const { logAppendTimeMs, errorCode } = answer.responses[0]!.partitionResponses[0]!
    expect([errorCode, Math.abs(Date.now() - logAppendTimeMs) < 5000]).toEqual([0, true])
    const [header] = await headers(world, topic)
    expect(header).toMatchObject({ attributes: 8 | 4, maxTimestamp: logAppendTimeMs, recordCount: 2 })
    expect((await world.log(topic)).map(({ timestamp }) => timestamp)).toEqual([logAppendTimeMs, logAppendTimeMs])
  })

  it('T1 DeleteRecords: the log begins where it was told, also within a batch, and readers notice', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer({ lingerMs: 50 })
    await Promise.all(['a', 'b', 'c'].map((value) => producer.produce({ topic, partition: 0, value })))
    const remove = async (offset: number) => {
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }]
      return (await ask(world.brokers[0]!, deleteRecords, 2, { topics, timeoutMs: 5000 })).topics[0]!.partitions[0]
    }
    expect(await remove(2)).toMatchObject({ errorCode: 0, lowWatermark: 2 })
    const kafka = world.client()
    await expect(kafka.fetch([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 2 }])
    expect(batch!.records.map(({ offset, value }) => [offset, String(value)])).toEqual([[2, 'c']])
    expect(await remove(-1)).toMatchObject({ errorCode: 0, lowWatermark: 3 })
    expect(await producer.produce({ topic, partition: 0, value: 'd' })).toMatchObject({ offset: 3 })
    expect(await startOf(world, topic)).toBe(3)
  })
})
