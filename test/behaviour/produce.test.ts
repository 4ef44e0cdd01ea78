/** What a producer promises about single records and batches of them. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BatchResult, KafkaError, ProducerRecord, RecordMetadata } from '../../src/main/index.ts'
import { partitionForKey } from '../../src/main/murmur2.ts'
import { valuesByPartition } from './log-reader.ts'
import { allTargets, onBrokers } from './on-brokers.ts'

/** Everything a record can be. */
const kinds: [what: string, record: Omit<ProducerRecord, 'topic'>][] = [
  ['key, value and headers', { key: 'k', value: 'v', headers: [['h', '1']] }],
  ['nothing but a topic', {}],
  ['a tombstone', { key: 'gone', value: null }],
  ['empty strings', { key: '', value: '', headers: [['', '']] }],
  ['empty buffers', { key: Buffer.alloc(0), value: new Uint8Array(0), headers: [['e', Buffer.alloc(0)]] }],
  [
    'repeated and null headers in order',
    {
      value: 'h',
      headers: [
        ['b', '1'],
        ['a', null],
        ['b', '2'],
        ['__proto__', 'x'],
        ['b', Buffer.from([0, 255])],
      ],
    },
  ],
  ['text beyond ASCII', { key: 'clé-日本-🦊', value: 'ĉeval\u0000o\ud83e\udd8a', headers: [['заголовок', 'ñ']] }],
  ['any bytes', { key: Buffer.from([0, 1, 255]), value: Buffer.from(Array.from({ length: 256 }, (_, i) => i)) }],
  ['a timestamp of its own', { value: 't', timestamp: 1_600_000_000_123 }],
  ['the beginning of time', { value: 't0', timestamp: 0 }],
]

const bytes = (value: string | Uint8Array | null | undefined): Buffer | null =>
  value === undefined || value === null ? null : Buffer.from(value as Uint8Array)

onBrokers(
  'produce',
  (world) => {
    describe('P3: what produce says is where the record is', () => {
      it.each(kinds)('with %s', async (_what, record) => {
        const topic = await world.topic(2)
        const kafka = world.client()
        const before = Date.now()
        const where = await kafka.producer().produce({ topic, ...record })
        const [batch] = await kafka.fetch([where])
        const found = batch!.records[0]!
        expect({ topic: found.topic, partition: found.partition, offset: found.offset, timestamp: found.timestamp }).toEqual(
          where,
        )
        expect(found.key).toEqual(bytes(record.key))
        expect(found.value).toEqual(bytes(record.value))
        expect(found.headers).toEqual((record.headers ?? []).map(([key, value]) => [key, bytes(value)]))
        if (record.timestamp !== undefined) expect(where.timestamp).toBe(record.timestamp)
        else expect(where.timestamp).toBeGreaterThanOrEqual(before)
        const log = await world.log(topic)
        expect(log).toEqual([
          expect.objectContaining({
            partition: where.partition,
            offset: where.offset,
            timestamp: where.timestamp,
            value: found.value,
          }),
        ])
        expect(log[0]!.headers).toEqual(found.headers)
      })
    })

    it('P3: each of many records is at its own offset', async () => {
      const topic = await world.topic(3)
      const producer = world.client().producer()
      const values = Array.from({ length: 300 }, (_, i) => `v${i}`)
      const where = await Promise.all(values.map((value, i) => producer.produce({ topic, value, partition: i % 3 })))
      const log = await world.log(topic)
      expect(log).toHaveLength(300)
      for (const { partition, offset, value } of log) {
        const index = where.findIndex((one) => one.partition === partition && one.offset === offset)
        expect(String(value)).toBe(values[index])
      }
    })

    it('P3: the broker stamps the time where the topic says so', async () => {
      const topic = await world.topic(1, { configs: { 'message.timestamp.type': 'LogAppendTime' } })
      const kafka = world.client()
      const before = Date.now() - 1_000
      const where = await kafka.producer().produce({ topic, value: 'x', timestamp: 5 })
      expect(where.timestamp).toBeGreaterThan(before)
      const [batch] = await kafka.fetch([where])
      expect(batch!.records[0]!.timestamp).toBe(where.timestamp)
    })

    it('P4: produceAsync tells each callback once, in order, and says drain after it said false', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer({ bufferMemory: 64 * 1024, batchBytes: 16 * 1024 })
      const heard: number[] = []
      let refusals = 0
      for (let i = 0; i < 600; i++) {
        const value = `${i}`.padEnd(500, '.')
        const room = producer.produceAsync({ topic, value }, (error, metadata) => heard.push(error ? -1 : metadata!.offset))
        if (room) continue
        refusals++
        await new Promise<void>((resolve) => producer.once('drain', resolve))
      }
      await producer.flush()
      expect(heard).toEqual(Array.from({ length: 600 }, (_, i) => i))
      expect(refusals).toBeGreaterThan(0)
      const values = (await world.log(topic)).map(({ value }) => Number.parseInt(String(value), 10))
      expect(values).toEqual(heard)
    })

    it('P4: produceAsync needs no callback', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer()
      expect(producer.produceAsync({ topic, value: 'a' })).toBe(true)
      expect(producer.produceAsync({ topic, value: 'b' })).toBe(true)
      await producer.flush()
      expect(valuesByPartition(await world.log(topic))).toEqual(new Map([[0, ['a', 'b']]]))
    })

    it('P4: produceBatchAsync calls back once with all results in input order', async () => {
      const topic = await world.topic(3)
      const producer = world.client().producer()
      const calls: BatchResult[][] = []
      const records = Array.from({ length: 30 }, (_, i) => ({ topic, value: `${i}`, partition: i % 3 }))
      expect(producer.produceBatchAsync(records, (results) => calls.push(results))).toBe(true)
      await producer.flush()
      expect(calls).toHaveLength(1)
      expect(calls[0]!.map((result) => result.ok && [result.metadata.partition, result.metadata.offset])).toEqual(
        records.map((_, i) => [i % 3, Math.floor(i / 3)]),
      )
    })

    it('P4: produceBatchAsync never calls back before it returns, knows empty lists, and says drain after it said false', async () => {
      const topic = await world.topic(2)
      const producer = world.client().producer({ bufferMemory: 64 * 1024, batchBytes: 16 * 1024 })
      const calls: string[] = []
      const call = (name: string, records: readonly ProducerRecord[]) => {
        const heard = Promise.withResolvers<BatchResult[]>()
        const room = producer.produceBatchAsync(records, (results) => {
          calls.push(name)
          heard.resolve(results)
        })
        calls.push(`${name} returned`)
        return { room, results: heard.promise }
      }
      const empty = call('empty', [])
      expect(await empty.results).toEqual([])
      const bad = call('bad', [
        { topic, partition: 9 },
        { topic, value: 1 as unknown as string },
        { topic, partition: 1, value: 'good' },
      ])
      expect((await bad.results).map((one) => (one.ok ? one.metadata.offset : one.error.code))).toEqual([
        'UNKNOWN_PARTITION',
        'INVALID_ARGUMENT',
        0,
      ])
      const many = call(
        'many',
        Array.from({ length: 30 }, () => ({ topic, partition: 0, value: Buffer.alloc(1_000) })),
      )
      expect([empty.room, bad.room, many.room]).toEqual([true, true, false])
      await new Promise<void>((resolve) => producer.once('drain', resolve))
      expect((await many.results).map((one) => one.ok && one.metadata.offset)).toEqual(Array.from({ length: 30 }, (_, i) => i))
      expect(calls).toEqual(['empty returned', 'empty', 'bad returned', 'bad', 'many returned', 'many'])
      const noList = expect.objectContaining({ code: 'INVALID_ARGUMENT', outcome: 'not-written' })
      expect(() => producer.produceBatchAsync('records' as never, () => {})).toThrow(noList)
      await expect(producer.produceBatch({} as never)).rejects.toEqual(noList)
    })

    it('P5: produceBatch gives results in input order, and one failure leaves the others alone', async () => {
      const topic = await world.topic(2)
      const other = await world.topic(1)
      const missing = world.freshName()
      const producer = world.client({ unknownTopicTimeoutMs: 300 }).producer({ batchBytes: 2048 })
      const results = await producer.produceBatch([
        { topic, value: 'first', partition: 0 },
        { topic: missing, value: 'nowhere' },
        { topic, value: 'no such partition', partition: 2 },
        { topic: other, value: 'second' },
        { topic, value: 'x'.repeat(3000), partition: 0 },
        { topic, value: 42 as unknown as string },
        { topic, value: 'third', partition: 0 },
      ])
      const shown = results.map((result) => (result.ok ? result.metadata.offset : result.error.code))
      expect(shown).toEqual([0, 'UNKNOWN_TOPIC', 'UNKNOWN_PARTITION', 0, 'RECORD_TOO_LARGE', 'INVALID_ARGUMENT', 1])
      for (const result of results) if (!result.ok) expect(result.error.outcome).toBe('not-written')
      expect(valuesByPartition(await world.log(topic))).toEqual(new Map([[0, ['first', 'third']]]))
      expect(await producer.produceBatch([])).toEqual([])
    })

    it('P6: keyed records go to the partition that the Java client would choose', async () => {
      const topic = await world.topic(7)
      const producer = world.client().producer()
      const keys = ['', 'a', 'order-17', 'ключ', '日本', Buffer.from([0, 255, 128]), 'x'.repeat(100)]
      const where = await Promise.all(keys.map((key) => producer.produce({ topic, key, value: 'v' })))
      expect(where.map(({ partition }) => partition)).toEqual(keys.map((key) => partitionForKey(key, 7)))
      const log = await world.log(topic)
      for (const [index, key] of keys.entries()) {
        const found = log.find((record) => record.key!.equals(Buffer.from(key as Uint8Array)))
        expect(found?.partition).toBe(where[index]!.partition)
      }
    })

    it('P6: a partitioner of one’s own decides, and a named partition comes before it', async () => {
      const topic = await world.topic(5)
      const producer = world.client().producer({ partitioner: (record, count) => Number(String(record.value)) % count })
      const where = await Promise.all(['3', '9', '10'].map((value) => producer.produce({ topic, key: 'same', value })))
      expect(where.map(({ partition }) => partition)).toEqual([3, 4, 0])
      expect(await producer.produce({ topic, value: '3', partition: 1 })).toMatchObject({ partition: 1 })
    })

    it('P6: records without a key reach all partitions', async () => {
      const topic = await world.topic(3)
      const producer = world.client().producer()
      await Promise.all(Array.from({ length: 300 }, () => producer.produce({ topic, value: 'x'.repeat(1000) })))
      expect([...valuesByPartition(await world.log(topic)).keys()]).toEqual([0, 1, 2])
    })

    it('tryProduce sends when there is room', async () => {
      const topic = await world.topic(1)
      const sent = world.client().producer().tryProduce({ topic, value: 'now' })
      expect(await sent).toMatchObject({ topic, partition: 0, offset: 0 })
    })

    it('flush waits for all that was accepted, whoever sent it', async () => {
      const topic = await world.topic(2)
      const producer = world.client().producer({ lingerMs: 20_000 })
      let settled = 0
      for (let i = 0; i < 20; i++) producer.produceAsync({ topic, value: `${i}`, partition: i % 2 }, () => settled++)
      void producer.produce({ topic, value: 'p', partition: 0 }).then(() => settled++)
      await producer.flush()
      // a promise's reaction runs a moment after it is settled
      await Promise.resolve()
      expect(settled).toBe(21)
      expect(producer.bufferedBytes).toBe(0)
      expect(await world.log(topic)).toHaveLength(21)
    })

    it('close of a producer sends what it took, and its name is free again', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const producer = kafka.producer({ name: 'short', lingerMs: 10_000 })
      const sent = producer.produce({ topic, value: 'last words' })
      await producer.close()
      expect(await sent).toMatchObject({ offset: 0 })
      await expect(producer.produce({ topic, value: 'too late' })).rejects.toMatchObject({
        code: 'CLOSED',
        outcome: 'not-written',
      })
      const next = kafka.producer({ name: 'short', lingerMs: 5 })
      expect(next).not.toBe(producer)
      expect(await next.produce({ topic, value: 'again' })).toMatchObject({ offset: 1 })
    })

    it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
      'P8: compression %s is what the log has, and it reads back',
      async (compression) => {
        const topic = await world.topic(1)
        const kafka = world.client()
        const producer = kafka.producer({ compression })
        const values = Array.from({ length: 200 }, (_, i) => `${i}-${'compress me '.repeat(20)}`)
        await producer.produceBatch(values.map((value) => ({ topic, value })))
        const log = await world.log(topic)
        expect(log.map(({ value }) => String(value))).toEqual(values)
        expect(new Set(log.map(({ codec }) => codec))).toEqual(new Set([compression]))
        const read: string[] = []
        for (let offset = 0; offset < 200; ) {
          const [batch] = await kafka.fetch([{ topic, partition: 0, offset }])
          for (const record of batch!.records) read.push(String(record.value))
          offset = batch!.nextOffset
        }
        expect(read).toEqual(values)
      },
    )

    it('P12: named producers keep to their own settings on the same connection', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const plain = kafka.producer()
      const zipped = kafka.producer({ name: 'zipped', compression: 'gzip' })
      expect(kafka.producer()).toBe(plain)
      expect(kafka.producer({ name: 'zipped' })).toBe(zipped)
      const sends: Promise<RecordMetadata>[] = []
      for (let i = 0; i < 50; i++) {
        sends.push(plain.produce({ topic, value: `plain ${i}` }), zipped.produce({ topic, value: `zipped ${i}` }))
      }
      await Promise.all(sends)
      const log = await world.log(topic)
      expect(log).toHaveLength(100)
      for (const [codec, name] of [
        ['none', 'plain'],
        ['gzip', 'zipped'],
      ]) {
        const own = log.filter((record) => record.codec === codec).map(({ value }) => String(value))
        expect(own).toEqual(Array.from({ length: 50 }, (_, i) => `${name} ${i}`))
      }
      expect(new Set(log.map(({ producerId }) => producerId)).size).toBe(2)
    })

    it.each([
      ["acks 'all' without idempotence", { idempotent: false }],
      ['acks 1', { acks: 1, idempotent: false }],
    ] as const)('%s writes each record once, with its offset', async (_what, options) => {
      const topic = await world.topic(2)
      const producer = world.client().producer(options)
      const where = await Promise.all(
        Array.from({ length: 100 }, (_, i) => producer.produce({ topic, value: `${i}`, partition: i % 2 })),
      )
      expect(where.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => Math.floor(i / 2)))
      // with acks 1 followers may still be copying, and readers see only what they have
      await expect.poll(() => world.log(topic), { timeout: 10_000 }).toHaveLength(100)
      const log = await world.log(topic)
      expect(log.map(({ producerId }) => producerId)).toEqual(new Array(100).fill(-1))
      expect(valuesByPartition(log).get(1)).toEqual(Array.from({ length: 50 }, (_, i) => `${2 * i + 1}`))
    })

    it('acks 0 resolves at once without an offset, and the records arrive', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer({ acks: 0, idempotent: false })
      const where = await Promise.all(Array.from({ length: 50 }, (_, i) => producer.produce({ topic, value: `${i}` })))
      expect(new Set(where.map(({ offset }) => offset))).toEqual(new Set([-1]))
      await expect
        .poll(async () => valuesByPartition(await world.log(topic)).get(0), { timeout: 10_000 })
        .toEqual(Array.from({ length: 50 }, (_, i) => `${i}`))
    })

    it('bytes may be changed as soon as the call has returned', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer()
      const value = Buffer.from('first')
      const sends = [producer.produce({ topic, value })]
      value.write('SECND')
      sends.push(producer.produce({ topic, value }))
      value.fill(0)
      await Promise.all(sends)
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['first', 'SECND'])
    })

    it.each(['none', 'gzip'] as const)(
      'F50: of a batch over what the topic takes only records that are too large themselves fail, the others are written once and in order (%s)',
      async (compression) => {
        const topic = await world.topic(1, { configs: { 'max.message.bytes': '20000' } })
        const producer = world.client().producer({ batchBytes: 500_000, compression })
        await producer.produce({ topic, value: 'open' })
        const errors: (KafkaError | null)[] = []
        const expected: string[] = ['open']
        for (let i = 0; i < 100; i++) {
          const large = i % 30 === 10
          // random bytes, which no codec makes smaller
          const value = randomBytes(large ? 30_000 : 750).toString('base64')
          if (!large) expected.push(value)
          producer.produce({ topic, value }).then(
            () => errors.push(null),
            (error: KafkaError) => errors.push(error),
          )
        }
        await producer.flush()
        const failed = errors.filter((error) => error !== null)
        expect(failed.map(({ code, outcome }) => [code, outcome])).toEqual(
          new Array(failed.length).fill(['RECORD_TOO_LARGE', 'not-written']),
        )
        expect(failed).toHaveLength(3)
        expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(expected)
      },
    )
  },
  allTargets,
)
