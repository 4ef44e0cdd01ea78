/** P9 and IP8: memory is bounded, whatever is full waits or refuses, and everything settles. */
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers, onEmbedded } from './on-brokers.ts'

const SMALL = { bufferMemory: 64 * 1024, batchBytes: 16 * 1024 }

onBrokers('bounds', (world) => {
  it('P9, IP8: produce waits for room, keeps the order, and never holds more than bufferMemory', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer(SMALL)
    const values = Array.from({ length: 400 }, (_, i) => `${i}`.padEnd(1000, '.'))
    let most = 0
    const sends = values.map((value) => {
      const sent = producer.produce({ topic, value })
      most = Math.max(most, producer.bufferedBytes)
      return sent.then(({ offset }) => {
        most = Math.max(most, producer.bufferedBytes)
        return offset
      })
    })
    expect(await Promise.all(sends)).toEqual(values.map((_, i) => i))
    expect(most).toBeLessThanOrEqual(SMALL.bufferMemory)
    expect(most).toBeGreaterThan(SMALL.bufferMemory / 2)
    expect(producer.bufferedBytes).toBe(0)
    expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(values)
  })

  it('P9: tryProduce refuses when it is full and takes again when there is room', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer(SMALL)
    const value = Buffer.alloc(1000, 'x')
    const sends: Promise<unknown>[] = []
    for (let sent = producer.tryProduce({ topic, value }); sent; sent = producer.tryProduce({ topic, value })) {
      sends.push(sent)
      expect(sends.length).toBeLessThan(100)
    }
    expect(sends.length).toBeGreaterThan(40)
    await Promise.all(sends)
    expect(await producer.tryProduce({ topic, value })).toMatchObject({ offset: sends.length })
    expect(await world.log(topic)).toHaveLength(sends.length + 1)
  })

  it('P9: produceAsync says false, then fails with BUFFER_FULL; each record is settled once and only the good ones are written', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer(SMALL)
    const outcomes = new Map<number, string[]>()
    let saidFalse = -1
    for (let i = 0; i < 150; i++) {
      const room = producer.produceAsync({ topic, value: `${i}`.padEnd(1000, '.') }, (error) => {
        outcomes.set(i, [...(outcomes.get(i) ?? []), error ? `${error.code} ${error.outcome}` : 'ok'])
      })
      if (!room && saidFalse < 0) saidFalse = i
    }
    expect(saidFalse).toBeGreaterThan(10)
    await producer.flush()
    expect(outcomes.size).toBe(150)
    const good = [...outcomes].filter(([, all]) => all.join() === 'ok').map(([i]) => i)
    const full = [...outcomes].filter(([, all]) => all.join() === 'BUFFER_FULL not-written').map(([i]) => i)
    expect(good.length + full.length).toBe(150)
    expect(full.length).toBeGreaterThan(50)
    expect(Math.min(...full)).toBeGreaterThan(saidFalse)
    const log = (await world.log(topic)).map(({ value }) => Number.parseInt(String(value), 10))
    expect(log).toEqual(good.toSorted((a, b) => a - b))
    expect(() => {
      for (let i = 0; i < 150; i++) producer.produceAsync({ topic, value: 'x'.repeat(1000) })
    }).toThrow(expect.objectContaining({ code: 'BUFFER_FULL', retriable: true }))
  })

  it('P9: batches beyond the room wait or fail record by record', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer(SMALL)
    const records = Array.from({ length: 200 }, (_, i) => ({ topic, value: `${i}`.padEnd(1000, '.') }))
    const results = await producer.produceBatch(records)
    expect(results.map((result) => result.ok && result.metadata.offset)).toEqual(records.map((_, i) => i))
    const { promise, resolve } = Promise.withResolvers<string[]>()
    const room = producer.produceBatchAsync(records, (all) => resolve(all.map((one) => (one.ok ? 'ok' : one.error.code))))
    expect(room).toBe(false)
    const outcomes = await promise
    const good = outcomes.filter((outcome) => outcome === 'ok').length
    expect(outcomes).toEqual([...new Array(good).fill('ok'), ...new Array(200 - good).fill('BUFFER_FULL')])
    expect(await world.log(topic)).toHaveLength(200 + good)
  })

  it('P9: what waits behind records for a topic that is not there gets its turn', async () => {
    const topic = await world.topic(1)
    const producer = world.client({ unknownTopicTimeoutMs: 500 }).producer(SMALL)
    const missing = world.freshName()
    const lost = Array.from({ length: 100 }, () => producer.produce({ topic: missing, value: 'x'.repeat(1000) }))
    const kept = producer.produce({ topic, value: 'patience' })
    for (const outcome of await Promise.allSettled(lost)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNKNOWN_TOPIC', outcome: 'not-written' } })
    }
    expect(await kept).toMatchObject({ topic, offset: 0 })
    expect(producer.bufferedBytes).toBe(0)
  })

  it('P9: records that fill rings smaller than themselves arrive', async () => {
    const topic = await world.topic(2)
    const kafka = world.client({ submissionRingBytes: 64 * 1024, completionRingBytes: 64 * 1024 })
    const producer = kafka.producer()
    const values = Array.from({ length: 60 }, (_, i) => Buffer.alloc(i % 3 === 0 ? 300_000 : 3_000 * (i % 5), i))
    await Promise.all(values.map((value, i) => producer.produce({ topic, value, partition: i % 2 })))
    for (const partition of [0, 1]) {
      const expected = values.filter((_, i) => i % 2 === partition)
      const read: Buffer[] = []
      for (let offset = 0; offset < expected.length; ) {
        const [batch] = await kafka.fetch([{ topic, partition, offset }])
        for (const { value } of batch!.records) read.push(value!)
        offset = batch!.nextOffset
      }
      expect(read.map((value, i) => value.equals(expected[i]!))).toEqual(expected.map(() => true))
    }
  })
})

onEmbedded('bounds under faults', 1, (world) => {
  it('P9: a record that finds no room within deliveryTimeoutMs says so and was not written', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const producer = kafka.producer({ ...SMALL, deliveryTimeoutMs: 1000 })
    await producer.produce({ topic, value: 'open' })
    const hang = await world.broker.faults.delay('Produce', { ms: 3000, times: Number.POSITIVE_INFINITY })
    const started = performance.now()
    const sends = Array.from({ length: 150 }, () => producer.produce({ topic, value: Buffer.alloc(1000) }))
    const errors = (await Promise.allSettled(sends)).map((one) => (one.status === 'rejected' ? (one.reason as KafkaError) : null))
    expect(performance.now() - started).toBeLessThan(10_000)
    await hang.remove()
    for (const error of errors) expect(error).toMatchObject({ code: 'DELIVERY_TIMEOUT' })
    expect(errors.at(-1)).toMatchObject({ outcome: 'not-written' })
    expect(errors[0]).toMatchObject({ outcome: 'possibly-written' })
    const possibly = errors.filter((error) => error!.outcome === 'possibly-written').length
    expect(await kafka.producer({ name: 'patient' }).produce({ topic, value: 'after' })).toMatchObject({ topic })
    const log = await world.log(topic)
    // the one before, the one after, and nothing that was called not written
    expect(log.length).toBeGreaterThanOrEqual(2)
    expect(log.length).toBeLessThanOrEqual(2 + possibly)
  })
})
