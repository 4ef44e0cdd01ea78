/** Rows of the fault catalogue that the embedded broker's fault desk can bring about, each judged by what the log has afterwards. */
import { expect, it } from 'vitest'
import type { DataLossEvent, Kafka, KafkaError, Producer } from '../../src/main/index.ts'
import type { FailOptions } from '../../src/main/testing/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { type EmbeddedWorld, onEmbedded } from './on-brokers.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends that nobody awaits, a few at a time; what was sent to each partition, in the order of the calls. */
class Traffic {
  readonly sent = new Map<number, string[]>()
  readonly #sends: Promise<void>[] = []
  readonly errors: KafkaError[] = []
  readonly #producer: Producer
  readonly #topic: string
  #count = 0

  constructor(producer: Producer, topic: string) {
    this.#producer = producer
    this.#topic = topic
  }

  burst(count: number, partitions: number): void {
    for (let i = 0; i < count; i++) {
      const partition = i % partitions
      const value = `${this.#count++}`
      this.sent.set(partition, [...(this.sent.get(partition) ?? []), value])
      const sent = this.#producer.produce({ topic: this.#topic, partition, value })
      this.#sends.push(
        sent.then(
          () => {},
          (error: KafkaError) => void this.errors.push(error),
        ),
      )
    }
  }

  async run(bursts: number, partitions: number): Promise<void> {
    for (let i = 0; i < bursts; i++) {
      this.burst(12, partitions)
      await sleep(5)
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#sends)
    expect(this.errors).toEqual([])
  }
}

for (const nodes of [1, 3] as const) {
  onEmbedded('faults', nodes, (world) => {
    async function expectExactlyOnce(traffic: Traffic, topic: string): Promise<void> {
      await traffic.end()
      expect(valuesByPartition(await world.log(topic))).toEqual(traffic.sent)
    }

    it.each([
      ['before it took effect', false],
      ['after it took effect', true],
    ])('F13: the connection is lost with a Produce request, %s: exactly once, in order', async (_when, afterApply) => {
      const topic = await world.topic(3)
      const traffic = new Traffic(world.client().producer(), topic)
      traffic.burst(3, 3)
      for (let round = 0; round < 3; round++) {
        const drop = await world.broker.faults.drop('Produce', { afterApply })
        await traffic.run(8, 3)
        await expect.poll(() => drop.hits(), { timeout: 10_000 }).toBe(1)
      }
      await expectExactlyOnce(traffic, topic)
    })

    it('F13: the connection is lost with a Fetch request: nothing missing, nothing twice', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.producer().produceBatch(Array.from({ length: 30 }, (_, i) => ({ topic, value: `${i}` })))
      const drop = await world.broker.faults.drop('Fetch', { times: 2 })
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
      expect(await drop.hits()).toBe(2)
      expect(batch!.records.map(({ value }) => String(value))).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`))
    })

    const retried: [what: string, options: FailOptions][] = [
      ['NOT_LEADER_OR_FOLLOWER', { error: 'NOT_LEADER_OR_FOLLOWER' }],
      ['LEADER_NOT_AVAILABLE', { error: 'LEADER_NOT_AVAILABLE' }],
      ['NOT_ENOUGH_REPLICAS (F36)', { error: 'NOT_ENOUGH_REPLICAS' }],
      [
        'NOT_ENOUGH_REPLICAS_AFTER_APPEND, in the log already (F36)',
        { error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', afterAppend: true },
      ],
      ['REQUEST_TIMED_OUT, in the log already', { error: 'REQUEST_TIMED_OUT', afterAppend: true }],
      ['KAFKA_STORAGE_ERROR (F35)', { error: 'KAFKA_STORAGE_ERROR' }],
      ['UNKNOWN_TOPIC_ID', { error: 'UNKNOWN_TOPIC_ID' }],
    ]
    it.each(retried)('a Produce answer %s is tried again: exactly once, in order', async (_what, options) => {
      const topic = await world.topic(3)
      const traffic = new Traffic(world.client().producer(), topic)
      traffic.burst(3, 3)
      const fault = await world.broker.faults.fail('Produce', { ...options, topic, partition: 1, times: 4 })
      await traffic.run(10, 3)
      await expectExactlyOnce(traffic, topic)
      expect(await fault.hits()).toBe(4)
    })

    it('IP5: an error that is not retriable fails these records only, and no hole is left', async () => {
      const topic = await world.topic(2)
      const producer = world.client().producer()
      await producer.produce({ topic, partition: 0, value: 'before' })
      await world.broker.faults.fail('Produce', { error: 'TOPIC_AUTHORIZATION_FAILED', topic, partition: 0 })
      const results = await producer.produceBatch([
        { topic, partition: 0, value: 'refused' },
        { topic, partition: 1, value: 'fine' },
      ])
      expect(results[0]).toMatchObject({
        ok: false,
        error: {
          code: 'BROKER_ERROR',
          outcome: 'not-written',
          context: { brokerError: 'TOPIC_AUTHORIZATION_FAILED', topic, partition: 0 },
        },
      })
      expect(results[1]).toMatchObject({ ok: true })
      expect(await producer.produce({ topic, partition: 0, value: 'after' })).toMatchObject({ offset: 1 })
      expect(valuesByPartition(await world.log(topic))).toEqual(
        new Map([
          [0, ['before', 'after']],
          [1, ['fine']],
        ]),
      )
    })

    it.each(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'])(
      'F37: %s at the head of the line is told as data loss, and the producer goes on under a new epoch',
      async (error) => {
        const topic = await world.topic(2)
        const kafka = world.client()
        const lost: DataLossEvent[] = []
        kafka.on('dataLoss', (event) => lost.push(event))
        const producer = kafka.producer()
        const traffic = new Traffic(producer, topic)
        traffic.burst(2, 2)
        // the broker can only lose what it has acknowledged
        await producer.flush()
        const fault = await world.broker.faults.fail('Produce', { error, topic, partition: 0 })
        await traffic.run(10, 2)
        await expectExactlyOnce(traffic, topic)
        expect(await fault.hits()).toBe(1)
        expect(lost).toEqual([expect.objectContaining({ topic, partition: 0, detail: expect.stringContaining(error) })])
      },
    )

    it('F37: DUPLICATE_SEQUENCE_NUMBER is success without an offset', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer()
      await producer.produce({ topic, value: 'open' })
      await world.broker.faults.fail('Produce', { error: 'DUPLICATE_SEQUENCE_NUMBER', topic, afterAppend: true })
      expect(await producer.produce({ topic, value: 'twice' })).toMatchObject({ topic, partition: 0, offset: -1 })
      await producer.produce({ topic, value: 'next' })
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['open', 'twice', 'next'])
    })

    it('IP2: a delivery timeout before any broker could have the record: not-written', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const producer = kafka.producer({ deliveryTimeoutMs: 1_500 })
      await producer.produce({ topic, value: 'open' })
      const fault = await world.broker.faults.fail('Produce', {
        error: 'NOT_ENOUGH_REPLICAS',
        topic,
        times: Number.POSITIVE_INFINITY,
      })
      const started = performance.now()
      const error = (await producer.produce({ topic, value: 'never' }).catch((thrown: unknown) => thrown)) as KafkaError
      expect(error).toMatchObject({ code: 'DELIVERY_TIMEOUT', outcome: 'not-written', context: { topic, partition: 0 } })
      expect(error.message).toContain('NOT_ENOUGH_REPLICAS')
      expect(performance.now() - started).toBeGreaterThan(1_300)
      expect(performance.now() - started).toBeLessThan(8_000)
      await fault.remove()
      expect(await producer.produce({ topic, value: 'after' })).toMatchObject({ offset: 1 })
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['open', 'after'])
    })

    it('IP2: a delivery timeout while a broker may have the record: possibly-written, and later ones are in order', async () => {
      const topic = await world.topic(1)
      const kafka = world.client({ requestTimeoutMs: 2_500 })
      const producer = kafka.producer({ deliveryTimeoutMs: 1_500 })
      await producer.produce({ topic, value: 'open' })
      await world.broker.faults.hang('Produce', { afterApply: true })
      await expect(producer.produce({ topic, value: 'maybe' })).rejects.toMatchObject({
        code: 'DELIVERY_TIMEOUT',
        outcome: 'possibly-written',
      })
      const after = kafka.producer({ name: 'patient' }).produce({ topic, value: 'other producer' })
      expect(await after).toMatchObject({ offset: 2 })
      expect(await producer.produce({ topic, value: 'same producer' })).toMatchObject({ offset: 3 })
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['open', 'maybe', 'other producer', 'same producer'])
    })

    it('F12: a broker that stops answering loses the connection after requestTimeoutMs, and the records arrive once', async () => {
      const topic = await world.topic(2)
      const traffic = new Traffic(world.client({ requestTimeoutMs: 800 }).producer(), topic)
      traffic.burst(2, 2)
      await sleep(50)
      const hang = await world.broker.faults.hang('Produce', { afterApply: true })
      await traffic.run(6, 2)
      await expectExactlyOnce(traffic, topic)
      expect(await hang.hits()).toBe(1)
    })

    it.each(['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH'])(
      'F47: the fetch session is lost (%s): reading goes on without gap or repetition',
      async (error) => {
        const kafka = world.client()
        const topic = await world.topic(1)
        const producer = kafka.producer()
        const read: string[] = []
        for (let i = 0; i < 6; i++) {
          await producer.produce({ topic, value: `${i}` })
          if (i % 2 === 1) await world.broker.faults.fail('Fetch', { error })
          const [batch] = await kafka.fetch([{ topic, partition: 0, offset: i }])
          read.push(...batch!.records.map(({ value }) => String(value)))
        }
        expect(read).toEqual(['0', '1', '2', '3', '4', '5'])
      },
    )

    it('F10: a topic deleted under traffic: every send settles with UNKNOWN_TOPIC or success, other topics go on', async () => {
      const topic = await world.topic(2)
      const other = await world.topic(2)
      const kafka = world.client({ unknownTopicTimeoutMs: 400 })
      const producer = kafka.producer({ deliveryTimeoutMs: 20_000 })
      const ends = new Map<string, number>()
      const traffic = new Traffic(producer, other)
      const sends: Promise<unknown>[] = []
      const started = performance.now()
      const round = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) {
          const sent = producer.produce({ topic, partition: i % 2, value: 'x' })
          const end = (how: string) => ends.set(how, (ends.get(how) ?? 0) + 1)
          sends.push(
            sent.then(
              () => end('ok'),
              (error: KafkaError) => end(error.code),
            ),
          )
          traffic.burst(2, 2)
          await sleep(10)
        }
      }
      await producer.produce({ topic, partition: 0, value: 'first' })
      await round(10)
      await Promise.all(sends)
      const deletion = world.client().admin.deleteTopics([topic])
      await round(10)
      await deletion
      await round(10)
      await Promise.all(sends)
      await expectExactlyOnce(traffic, other)
      expect([...ends.keys()].toSorted()).toEqual(['UNKNOWN_TOPIC', 'ok'])
      expect([...ends.values()].reduce((sum, count) => sum + count)).toBe(30)
      expect(performance.now() - started).toBeLessThan(15_000)
    })

    it('F20: a slow answer holds up its broker only as long as it lasts', async () => {
      const topic = await world.topic(3)
      const traffic = new Traffic(world.client().producer(), topic)
      traffic.burst(3, 3)
      const delay = await world.broker.faults.delay('Produce', { ms: 300, node: 1 })
      await traffic.run(10, 3)
      await expectExactlyOnce(traffic, topic)
      expect(await delay.hits()).toBe(1)
    })

    it('the first calls survive lost connections and refusals of every request they need', async () => {
      const topic = await world.topic(1)
      const { faults } = world.broker
      for (const api of ['ApiVersions', 'Metadata', 'InitProducerId', 'Produce', 'Fetch']) await faults.drop(api)
      await faults.fail('InitProducerId', { error: 'COORDINATOR_NOT_AVAILABLE' })
      const kafka = world.client()
      expect(await kafka.producer().produce({ topic, value: 'through' })).toMatchObject({ offset: 0 })
      expect((await kafka.fetch([{ topic, partition: 0, offset: 0 }]))[0]!.records).toHaveLength(1)
    })
  })
}

onEmbedded('faults of a cluster', 3, (world: EmbeddedWorld) => {
  async function readAll(kafka: Kafka, topic: string, count: number): Promise<string[]> {
    const read: string[] = []
    for (let offset = 0; offset < count; ) {
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset }])
      read.push(...batch!.records.map(({ value }) => String(value)))
      offset = batch!.nextOffset
    }
    return read
  }

  it('F5: the leader moves during traffic, again and again: exactly once, in order, for writers and readers', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    const traffic = new Traffic(kafka.producer(), topic)
    for (let round = 0; round < 9; round++) {
      await traffic.run(4, 3)
      await world.broker.moveLeader(topic, round % 3, 1 + ((round * 2) % 3))
    }
    await traffic.end()
    expect(valuesByPartition(await world.log(topic))).toEqual(traffic.sent)
    expect(await readAll(kafka, topic, traffic.sent.get(0)!.length)).toEqual(traffic.sent.get(0))
  })

  it('F5: a long poll outlives a move of its leader', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const poll = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 20_000, timeoutMs: 40_000 })
    await sleep(200)
    await world.broker.moveLeader(topic, 0, 2)
    await sleep(200)
    await kafka.producer().produce({ topic, value: 'moved' })
    const [batch] = await poll
    expect(batch!.records.map(({ value }) => String(value))).toEqual(['moved'])
  })

  it('F1: a node dies and comes back during traffic: exactly once, in order', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    const traffic = new Traffic(kafka.producer(), topic)
    await traffic.run(5, 3)
    for (const node of [1, 2, 3]) {
      await world.broker.kill(node)
      await traffic.run(10, 3)
      await world.broker.revive(node)
      await traffic.run(5, 3)
    }
    await traffic.end()
    expect(valuesByPartition(await world.log(topic))).toEqual(traffic.sent)
    expect(await readAll(kafka, topic, traffic.sent.get(0)!.length)).toEqual(traffic.sent.get(0))
  })

  it('F4: all nodes go away and come back: nothing fails before its time, nothing is lost', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    const traffic = new Traffic(kafka.producer(), topic)
    await traffic.run(2, 3)
    for (const node of [1, 2, 3]) await world.broker.kill(node)
    await traffic.run(20, 3)
    expect(traffic.errors).toEqual([])
    for (const node of [3, 1, 2]) await world.broker.revive(node)
    await traffic.end()
    expect(valuesByPartition(await world.log(topic))).toEqual(traffic.sent)
  })

  it('F6: a partition without a leader waits for one', async () => {
    const topic = world.freshName()
    const kafka = world.client()
    await kafka.admin.createTopics([{ topic, assignments: [[2], [1]] }])
    const traffic = new Traffic(kafka.producer(), topic)
    await traffic.run(2, 2)
    await world.broker.kill(2)
    await traffic.run(10, 2)
    await world.broker.revive(2)
    await traffic.end()
    expect(valuesByPartition(await world.log(topic))).toEqual(traffic.sent)
  })

  it('F11: one slow broker does not hold up the others', async () => {
    const topic = await world.topic(3)
    const producer = world.client().producer()
    await producer.produceBatch([0, 1, 2].map((partition) => ({ topic, partition, value: 'open' })))
    const hang = await world.broker.faults.delay('Produce', { ms: 4_000, node: 1 })
    const slow = producer.produce({ topic, partition: 0, value: 'slow' })
    let over = false
    void slow.then(() => (over = true))
    for (let i = 0; i < 20; i++) await producer.produce({ topic, partition: 1 + (i % 2), value: `${i}` })
    expect(over).toBe(false)
    await slow
    expect(await hang.hits()).toBe(1)
  })
})
