/** What is wrong from the start ends soon, with a code, a reason and a way on; and the client still works. */
import { createServer } from 'node:net'
import { expect, it, vi } from 'vitest'
import { Kafka, type KafkaError, type ProducerRecord } from '../../src/main/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'

async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  await new Promise((resolve) => server.close(resolve))
  return port
}

onBrokers('bad input', (world) => {
  it('no broker at the addresses: NO_BROKER soon, with the reason for each', async () => {
    const addresses = [`127.0.0.1:${await closedPort()}`, `127.0.0.1:${await closedPort()}`]
    await using kafka = new Kafka({ brokers: addresses })
    const started = performance.now()
    const error = (await kafka.connect().catch((thrown: unknown) => thrown)) as KafkaError
    expect(error).toMatchObject({ code: 'NO_BROKER', retriable: true })
    for (const address of addresses) expect(error.message).toContain(address)
    expect(error.message).toMatch(/ECONNREFUSED/)
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it('one dead address among good ones does not matter', async () => {
    const kafka = world.client({ brokers: [`127.0.0.1:${await closedPort()}`, ...world.brokers] })
    const topic = await world.topic(1)
    expect(await kafka.producer().produce({ topic, value: 'x' })).toMatchObject({ offset: 0 })
  })

  it('no broker: a record ends within deliveryTimeoutMs, certainly not written', async () => {
    await using kafka = new Kafka({ brokers: [`127.0.0.1:${await closedPort()}`] })
    const started = performance.now()
    const sent = kafka.producer({ deliveryTimeoutMs: 1500 }).produce({ topic: 't', value: 'x' })
    await expect(sent).rejects.toMatchObject({ outcome: 'not-written' })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('a topic that does not exist: UNKNOWN_TOPIC within its bound, and the client works afterwards', async () => {
    const kafka = world.client({ unknownTopicTimeoutMs: 400 })
    const missing = world.freshName()
    const started = performance.now()
    const expected = { code: 'UNKNOWN_TOPIC', context: { topic: missing } }
    await expect(kafka.producer().produce({ topic: missing, value: 'x' })).rejects.toMatchObject({
      ...expected,
      outcome: 'not-written',
    })
    await expect(kafka.fetch([{ topic: missing, partition: 0, offset: 0 }])).rejects.toMatchObject(expected)
    expect(performance.now() - started).toBeLessThan(10_000)
    const topic = await world.topic(1)
    expect(await kafka.producer().produce({ topic, value: 'x' })).toMatchObject({ offset: 0 })
  })

  it('F50: a record over the limit: RECORD_TOO_LARGE with its size and the limit, and the next one is written', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer({ batchBytes: 2000 })
    const tooLarge = { topic, value: 'x'.repeat(2000) }
    const expected = { code: 'RECORD_TOO_LARGE', outcome: 'not-written', context: { topic, limit: 2000 } }
    const error = (await producer.produce(tooLarge).catch((thrown: unknown) => thrown)) as KafkaError
    expect(error).toMatchObject(expected)
    expect(error.context.size).toBeGreaterThan(2000)
    expect(await producer.produce({ topic, value: 'small' })).toMatchObject({ offset: 0 })
  })

  it('a misspelt option: INVALID_OPTION with the right spelling', () => {
    const misspelt = { brokers: world.brokers, requestTimoutMs: 5 } as unknown as ConstructorParameters<typeof Kafka>[0]
    const thrown = expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('requestTimeoutMs') })
    expect(() => new Kafka(misspelt)).toThrow(thrown)
    expect(() => world.client().producer({ compresion: 'gzip' } as never)).toThrow(/compression/)
    expect(() => world.client().producer({ acks: 1 })).toThrow(/idempotent/)
  })

  it('an existing producer with other options: INVALID_OPTION', () => {
    const kafka = world.client()
    kafka.producer({ lingerMs: 5 })
    expect(() => kafka.producer({ lingerMs: 6 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })

  it('a closed client: CLOSED from every call', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const producer = kafka.producer()
    await producer.produce({ topic, value: 'x' })
    await kafka.close()
    await kafka.close()
    const closed = expect.objectContaining({ code: 'CLOSED' })
    await expect(kafka.connect()).rejects.toEqual(closed)
    await expect(kafka.fetch([{ topic, partition: 0, offset: 0 }])).rejects.toEqual(closed)
    await expect(kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }])).rejects.toEqual(closed)
    await expect(kafka.admin.createTopics([{ topic: world.freshName() }])).rejects.toEqual(closed)
    await expect(producer.produce({ topic, value: 'x' })).rejects.toEqual(closed)
    await expect(producer.produceBatch([{ topic, value: 'x' }])).rejects.toEqual(closed)
    expect(() => producer.produceAsync({ topic, value: 'x' })).toThrow(closed)
    await expect(producer.tryProduce({ topic, value: 'x' })).rejects.toEqual(closed)
    expect(() => producer.produceBatchAsync([{ topic }], () => {})).toThrow(closed)
    expect(() => kafka.producer()).toThrow(closed)
    await producer.flush()
    await producer.close()
  })

  const wrong: [what: string, record: unknown][] = [
    ['no record', undefined],
    ['text', 'record'],
    ['no topic', { value: 'x' }],
    ['a number as value', { topic: 't', value: 1 }],
    ['an object as key', { topic: 't', key: {} }],
    ['headers that are no list', { topic: 't', headers: { a: '1' } }],
    ['a header that is no pair', { topic: 't', headers: ['a'] }],
    ['a header value of a wrong type', { topic: 't', headers: [['a', true]] }],
    ['a timestamp that is no number', { topic: 't', timestamp: new Date() }],
    ['a negative timestamp', { topic: 't', timestamp: -1 }],
  ]
  it.each(wrong)('%s: INVALID_ARGUMENT, nothing sent', async (_what, record) => {
    const producer = world.client({ ioThreads: 0 }).producer()
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT', outcome: 'not-written' })
    await expect(producer.produce(record as ProducerRecord)).rejects.toEqual(invalid)
    expect(() => producer.produceAsync(record as ProducerRecord)).toThrow(invalid)
    expect(await producer.produceBatch([record as ProducerRecord])).toEqual([{ ok: false, error: invalid }])
    expect(producer.bufferedBytes).toBe(0)
  })

  it('a topic name that cannot be: refused at once, not asked for', async () => {
    const kafka = world.client({ unknownTopicTimeoutMs: 60_000 })
    await expect(kafka.producer().produce({ topic: 'no spaces', value: 'x' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('a partition that is not there: UNKNOWN_PARTITION, the same before and after the topic is known', async () => {
    const topic = await world.topic(2)
    const producer = world.client().producer()
    const heard: unknown[] = []
    const bad = { topic, partition: 2, value: 'x' }
    for (let round = 0; round < 2; round++) {
      await expect(producer.produce(bad)).rejects.toMatchObject({ code: 'UNKNOWN_PARTITION', outcome: 'not-written' })
      producer.produceAsync(bad, (error) => heard.push(error?.code))
      await producer.produce({ topic, partition: 1, value: 'good' })
    }
    expect(heard).toEqual(['UNKNOWN_PARTITION', 'UNKNOWN_PARTITION'])
  })

  it('a signal ends every waiting call with ABORTED', async () => {
    const topic = await world.topic(1)
    const missing = world.freshName()
    const kafka = world.client({ unknownTopicTimeoutMs: 60_000 })
    const producer = kafka.producer({ lingerMs: 30_000 })
    const silent = new Kafka({ brokers: [`127.0.0.1:${await closedPort()}`] })
    await kafka.connect()
    const calls: [string, (signal: AbortSignal) => Promise<unknown>][] = [
      ['connect', (signal) => silent.connect({ signal })],
      ['produce', (signal) => producer.produce({ topic: missing, value: 'x' }, { signal })],
      ['produce of a lingering record', (signal) => producer.produce({ topic, value: 'x' }, { signal })],
      ['produceBatch', (signal) => producer.produceBatch([{ topic: missing, value: 'x' }], { signal })],
      ['flush', (signal) => producer.flush({ signal })],
      ['fetch', (signal) => kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 60_000, timeoutMs: 90_000, signal })],
      [
        'fetch of a missing topic',
        (signal) => kafka.fetch([{ topic: missing, partition: 0, offset: 0 }], { timeoutMs: 90_000, signal }),
      ],
      [
        'listOffsets',
        (signal) =>
          kafka.admin.listOffsets([{ topic: missing, partition: 0, timestamp: 'latest' }], { timeoutMs: 90_000, signal }),
      ],
    ]
    for (const [what, call] of calls) {
      const before = AbortSignal.abort(new Error('no'))
      const now = await call(before).catch((error: unknown) => error)
      expect([what, (now as KafkaError).code]).toEqual([
        what,
        what === 'connect' && (now as KafkaError).code === 'NO_BROKER' ? '' : 'ABORTED',
      ])
      const controller = new AbortController()
      const waiting = call(controller.signal)
      setTimeout(() => controller.abort(new Error('changed my mind')), 30)
      const error = (await waiting.catch((thrown: unknown) => thrown)) as KafkaError
      if (what === 'connect' && error.code === 'NO_BROKER') continue // refused faster than aborted
      expect([what, error.code, (error.cause as Error).message]).toEqual([what, 'ABORTED', 'changed my mind'])
      if (what.startsWith('produce')) expect(error.outcome).toMatch(/written/)
    }
    await silent.close()
  })

  it('IX1: callbacks and listeners that throw harm nobody', async () => {
    const topic = await world.topic(1)
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    try {
      const producer = world.client({ unknownTopicTimeoutMs: 200 }).producer({ bufferMemory: 64 * 1024, batchBytes: 16 * 1024 })
      const bad = (what: string) => () => {
        throw new Error(what)
      }
      producer.on('error', bad('error listener'))
      producer.on('drain', bad('drain listener'))
      for (let i = 0; i < 100; i++) producer.produceAsync({ topic, value: Buffer.alloc(1000) }, bad('callback'))
      await producer.flush()
      producer.produceBatchAsync([{ topic, value: 'x' }], bad('batch callback'))
      producer.produceAsync({ topic: world.freshName(), value: 'x' })
      producer.produceAsync({ topic: world.freshName(), value: 'x' }, bad('refused callback'))
      await expect(producer.flush()).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC' })
      expect(await producer.produce({ topic, value: 'alive' })).toMatchObject({ topic })
      const heard = new Set(warned.mock.calls.map(([warning]) => (warning as Error).message))
      expect(heard).toEqual(new Set(['callback', 'batch callback', 'refused callback', 'error listener', 'drain listener']))
    } finally {
      warned.mockRestore()
    }
  })

  it('IP4: what a callback sends does not overtake what was sent before it', async () => {
    const topic = await world.topic(1)
    const producer = world.client().producer()
    producer.produceAsync({ topic, partition: 9, value: 'refused' }, () => producer.produceAsync({ topic, value: 'third' }))
    producer.produceAsync({ topic, value: 'first' })
    producer.produceAsync({ topic, value: 'second' })
    await producer.flush()
    await producer.flush()
    expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['first', 'second', 'third'])
  })

  it('failures that nobody observes reach the listeners and the next flush, once', async () => {
    const producer = world.client({ unknownTopicTimeoutMs: 200 }).producer()
    const missing = world.freshName()
    const heard: [string, number][] = []
    producer.on('error', (error, count) => heard.push([error.code, count]))
    producer.produceAsync({ topic: missing, value: 'x' })
    await expect(producer.flush()).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC' })
    expect(heard).toEqual([['UNKNOWN_TOPIC', 1]])
    await producer.flush()
  })
})
