/** P10: what single records may be, and what becomes of those that a topic does not take. P5: of these and no others. */
import { describe, expect, it } from 'vitest'
import type { BatchResult, KafkaError, ProducerRecord } from '../../src/main/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'

const HOUR = 3_600_000
const shown = (results: readonly BatchResult[]) =>
  results.map((one) => (one.ok ? one.metadata.offset : [one.error.context.brokerError ?? one.error.code, one.error.outcome]))

onBrokers('records', (world) => {
  describe('P10: headers', () => {
    it('keep their order, their repetitions and the difference between nothing and null, whatever they are called', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const headers: ProducerRecord['headers'] = [
        ['', ''],
        ['', null],
        ['__proto__', 'polluted'],
        ['constructor', Buffer.from([0, 255])],
        ['a', '1'],
        ['A', '2'],
        ['a', '1'],
        ['a', null],
        ['a', ''],
        ['a\tb\n:c', '=,'],
        ['x'.repeat(40_000), 'y'.repeat(70_000)],
        ...Array.from({ length: 1_000 }, (_, i) => [`h${i % 7}`, `${i}`] as const),
      ]
      await kafka.producer().produce({ topic, value: 'v', headers })
      const expected = headers.map(([name, value]) => [name, value === null ? null : Buffer.from(value)])
      expect((await world.log(topic))[0]!.headers).toEqual(expected)
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
      expect(batch!.records[0]!.headers).toEqual(expected)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    })
  })

  it('that were read are written as they are, also by a client that has to learn of the topic first', async () => {
    const topic = await world.topic(3)
    const record = { topic, partition: 2, key: 'k', value: 'v', headers: [['h', 'x']] as const, timestamp: Date.now() - HOUR }
    await world.client().producer().produce(record)
    const [batch] = await world.client().fetch([{ topic, partition: 2, offset: 0 }])
    const again = await world.client().producer().produce(batch!.records[0]!)
    expect(again).toEqual({ topic, partition: 2, offset: 1, timestamp: record.timestamp })
    const [first, second] = await world.log(topic)
    const { key, value, headers } = first!
    expect(second).toMatchObject({ key, value, headers })
  })

  describe('P10: timestamps', () => {
    it('are kept from 1970 on, backwards too, and into the future as far as the topic allows', async () => {
      const topic = await world.topic(1, { configs: { 'message.timestamp.after.max.ms': '9223372036854775807' } })
      const producer = world.client().producer({ lingerMs: 50 })
      const timestamps = [0, 1, 1_700_000_000_000, 1_600_000_000_000, Date.UTC(3000, 0), 8_640_000_000_000_000, 5]
      const results = await producer.produceBatch(timestamps.map((timestamp) => ({ topic, value: `${timestamp}`, timestamp })))
      expect(results.map((one) => one.ok && one.metadata.timestamp)).toEqual(timestamps)
      expect((await world.log(topic)).map(({ timestamp }) => timestamp)).toEqual(timestamps)
    })

    it('do not matter where the topic stamps on append', async () => {
      const topic = await world.topic(1, { configs: { 'message.timestamp.type': 'LogAppendTime' } })
      const before = Date.now() - 1_000
      const producer = world.client().producer({ lingerMs: 50 })
      const results = await producer.produceBatch(
        [0, Date.UTC(3000, 0), 5].map((timestamp) => ({ topic, value: 'v', timestamp })),
      )
      const told = results.map((one) => (one.ok ? one.metadata.timestamp : -1))
      for (const timestamp of told) expect(timestamp).toBeGreaterThan(before)
      expect((await world.log(topic)).map(({ timestamp }) => timestamp)).toEqual(told)
    })

    it('too far in the future or the past: INVALID_TIMESTAMP, certainly not written, and the next record is', async () => {
      const topic = await world.topic(1, { configs: { 'message.timestamp.before.max.ms': `${24 * HOUR}` } })
      const producer = world.client().producer()
      for (const timestamp of [Date.now() + 2 * HOUR, 0]) {
        const error = (await producer
          .produce({ topic, value: 'bad', timestamp })
          .catch((thrown: unknown) => thrown)) as KafkaError
        expect(error).toMatchObject({
          code: 'BROKER_ERROR',
          outcome: 'not-written',
          retriable: false,
          context: { topic, partition: 0, brokerError: 'INVALID_TIMESTAMP' },
        })
      }
      expect(await producer.produce({ topic, value: 'good' })).toMatchObject({ offset: 0 })
    })
  })

  describe('P5: records that a broker refuses fail alone, although they share a batch with others', () => {
    it.each([
      ['none', true],
      ['gzip', true],
      ['none', false],
    ] as const)('for their timestamps (compression %s, idempotent %s)', async (compression, idempotent) => {
      const topic = await world.topic(2)
      const producer = world.client().producer({ lingerMs: 50, compression, idempotent })
      await producer.produceBatch([0, 1].map((partition) => ({ topic, partition, value: 'open' })))
      const bad = new Set([0, 7, 8, 9, 30, 59])
      const records = Array.from({ length: 60 }, (_, i): ProducerRecord[] => [
        { topic, partition: 0, value: `${i}`, ...(bad.has(i) && { timestamp: Date.now() + 3 * HOUR }) },
        { topic, partition: 1, value: `${i}` },
      ]).flat()
      const sent = producer.produceBatch(records)
      const behind = producer.produceBatch(Array.from({ length: 20 }, (_, i) => ({ topic, partition: 0, value: `behind ${i}` })))
      const results = await sent
      const good = Array.from({ length: 60 }, (_, i) => i).filter((i) => !bad.has(i))
      const expected = Array.from({ length: 60 }, (_, i) =>
        bad.has(i) ? ['INVALID_TIMESTAMP', 'not-written'] : 1 + good.indexOf(i),
      )
      expect(shown(results.filter((_, i) => i % 2 === 0))).toEqual(expected)
      expect(shown(results.filter((_, i) => i % 2 === 1))).toEqual(Array.from({ length: 60 }, (_, i) => 1 + i))
      expect((await behind).filter(({ ok }) => !ok)).toEqual([])
      const values = [...good.map(String), ...Array.from({ length: 20 }, (_, i) => `behind ${i}`)]
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['open', ...values])
    })

    it('for the key that a compacted topic wants; a tombstone with a key is welcome', async () => {
      const topic = await world.topic(1, { configs: { 'cleanup.policy': 'compact' } })
      const producer = world.client().producer({ lingerMs: 50 })
      const results = await producer.produceBatch([
        { topic, key: 'a', value: '1' },
        { topic, value: 'no key' },
        { topic, key: 'a', value: null },
        { topic, key: '', value: '' },
        { topic, key: null, value: null },
      ])
      const refused = ['INVALID_RECORD', 'not-written']
      expect(shown(results)).toEqual([0, refused, 1, 2, refused])
      expect((await world.log(topic)).map(({ key, value }) => [key?.toString(), value?.toString()])).toEqual([
        ['a', '1'],
        ['a', undefined],
        ['', ''],
      ])
    })
  })

  describe('P10: a record that is too large', () => {
    const limit = 5_000
    /** What a batch takes beside the value of its only record: header 61, lengths and deltas 2 + 3 × 1, no key, 2, no headers. */
    const beside = 61 + 2 + 3 + 1 + 2 + 1

    it.each(['none', 'gzip'] as const)(
      'ends before it is sent when it is over batchBytes, with its exact size and the limit (%s)',
      async (compression) => {
        const topic = await world.topic(1)
        const producer = world.client().producer({ batchBytes: limit, compression })
        const fits = { topic, value: 'x'.repeat(limit - beside) }
        expect(await producer.produce(fits)).toMatchObject({ offset: 0 })
        const over = { topic, value: 'x'.repeat(limit - beside + 1) }
        const expected = { code: 'RECORD_TOO_LARGE', outcome: 'not-written', context: { topic, size: limit + 1, limit } }
        await expect(producer.produce(over)).rejects.toMatchObject(expected)
        await expect(producer.produce(over)).rejects.toThrow(
          `takes ${limit + 1} bytes in a batch of its own, over the limit of ${limit}`,
        )
        // text beyond ASCII is counted in bytes, not guessed
        expect(await producer.produce({ topic, value: 'é'.repeat((limit - beside) >> 1) })).toMatchObject({ offset: 1 })
        const heard: unknown[] = []
        producer.produceAsync(over, (error) => heard.push(error?.code))
        expect(await producer.tryProduce(over)?.catch((error: KafkaError) => error.context.size)).toBe(limit + 1)
        expect(heard).toEqual(['RECORD_TOO_LARGE'])
        const [first] = await world.log(topic)
        if (compression === 'none') expect(first!.batchBytes).toBe(limit)
        expect(producer.bufferedBytes).toBe(0)
      },
    )

    it('ends by the answer of the broker when only that knows, with its size; what is as large as the topic takes is written', async () => {
      const topic = await world.topic(1, { configs: { 'max.message.bytes': `${limit}` } })
      const producer = world.client().producer()
      expect(await producer.produce({ topic, value: 'x'.repeat(limit - beside) })).toMatchObject({ offset: 0 })
      const error = (await producer
        .produce({ topic, value: 'x'.repeat(limit - beside + 1) })
        .catch((thrown: unknown) => thrown)) as KafkaError
      expect(error).toMatchObject({
        code: 'RECORD_TOO_LARGE',
        outcome: 'not-written',
        context: { topic, partition: 0, size: limit + 1, brokerError: 'MESSAGE_TOO_LARGE' },
      })
      expect(error.message).toContain('max.message.bytes')
      // not too large for the log when it is packed
      const packed = world.client().producer({ compression: 'gzip' })
      expect(await packed.produce({ topic, value: 'x'.repeat(limit * 10) })).toMatchObject({ offset: 1 })
    })
  })
})
