/** F15: answers that are damaged or belong to nothing. F16: a peer whose first bytes are no size of an answer. */
import { expect, it } from 'vitest'
import { Kafka, KafkaError, type KafkaOptions } from '../../src/main/index.ts'
import * as harm from '../chaos/actions.ts'
import type { Exchange } from '../chaos/exchange.ts'
import { EAGER, type Ledger, onChaos, readAll } from './on-chaos.ts'

const MIB = 1024 * 1024
/** The count of the first array in an answer that carries tagged fields: behind size, correlation id, tags and what else is in front. */
const FIRST_COUNT = { Produce: 9, Metadata: 13, Fetch: 19 }

/** A client that notes why its connections ended. */
function watched(kafka: Kafka): { kafka: Kafka; ends: KafkaError[] } {
  const ends: KafkaError[] = []
  kafka.on('connection', ({ error }) => error && ends.push(error))
  return { kafka, ends }
}

onChaos('damaged answers', (chaos) => {
  async function opened(
    options: Partial<KafkaOptions> = {},
  ): Promise<{ kafka: Kafka; ends: KafkaError[]; topic: string; ledger: Ledger }> {
    const topic = await chaos.world.topic(1)
    const { kafka, ends } = watched(chaos.client({ ...EAGER, ...options }))
    const ledger = chaos.ledger(topic, kafka.producer())
    await ledger.burst(3)
    return { kafka, ends, topic, ledger }
  }

  const refused: [what: string, action: () => harm.Action][] = [
    ['shorter than its fields', () => harm.shorten(3)],
    ['longer than its fields', () => harm.extend(3)],
    ['noise', () => harm.noise(1)],
    ['the wrong correlation id', () => harm.otherCorrelationId((id) => id + 1)],
    ['a correlation id from the past', () => harm.otherCorrelationId((id) => id - 1)],
    ['said twice', () => harm.repeat()],
    ['followed by one that nobody asked for', () => harm.unsolicited()],
  ]
  it.each(refused)('F15: an answer %s ends its connection with PROTOCOL_ERROR; written and read once', async (_what, action) => {
    const { kafka, ends, topic, ledger } = await opened()
    for (const api of ['Produce', 'Fetch', 'Produce']) {
      ends.length = 0
      const rule = chaos.proxy.answers({ api, times: 2 }, action())
      while (rule.hits < 2) {
        await ledger.burst(2)
        await readAll(kafka, topic, 1)
      }
      // the harm may follow an answer that was good by itself
      await expect.poll(() => ends.filter(({ code }) => code === 'PROTOCOL_ERROR').length).toBe(2)
      expect(ends[0]).toMatchObject({ context: { broker: expect.stringMatching(/^127\.0\.0\.1:/) }, retriable: true })
    }
    expect(await readAll(kafka, topic, ledger.sent.get(0)!.length)).toEqual(ledger.sent.get(0))
    await ledger.settle()
  })

  it('F15: an answer truncated by a broker that falls silent ends with the request timeout', async () => {
    const { kafka, ends, topic, ledger } = await opened({ requestTimeoutMs: 600 })
    for (const api of ['Produce', 'Fetch']) {
      const rule = chaos.proxy.answers({ api }, harm.cut(-3, 'freeze'))
      await ledger.burst(2)
      const read = () => readAll(kafka, topic, ledger.sent.get(0)!.length)
      const first = await read().catch((error: unknown) => error)
      if (first instanceof Error) expect(first).toMatchObject({ code: 'TIMEOUT', retriable: true })
      expect(await read()).toEqual(ledger.sent.get(0))
      expect(rule.hits).toBe(1)
    }
    expect(ends.map(({ code }) => code)).toEqual(['TIMEOUT', 'TIMEOUT'])
    await ledger.settle()
  })

  it('F15: answers with swapped correlation ids acknowledge nothing', async () => {
    const { ends, topic, ledger, kafka } = await opened({ pipelineBytes: 0, requestTimeoutMs: 3_000 })
    const rule = chaos.proxy.answers({ api: 'Produce', times: 2 }, harm.swapped())
    const first = ledger.send(0)
    await rule.reached(1)
    await Promise.all([first, ledger.send(0)])
    expect(rule.hits).toBe(2)
    expect(ends[0]).toMatchObject({ code: 'PROTOCOL_ERROR', message: expect.stringContaining('correlation id') })
    expect(await readAll(kafka, topic, ledger.sent.get(0)!.length)).toEqual(ledger.sent.get(0))
    await ledger.settle()
  })

  it.each([
    ['2^32 − 2', [0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['null', [0]],
    ['a varint without end', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('F15, IX2: an array that claims %s elements costs a connection and no memory', async (_what, bytes) => {
    const { kafka, ends, topic, ledger } = await opened({ ioThreads: 0 })
    const before = process.memoryUsage().arrayBuffers
    for (const api of ['Produce', 'Fetch'] as const) {
      const rule = chaos.proxy.answers({ api }, harm.overwrite(FIRST_COUNT[api], bytes))
      await ledger.burst(1)
      await readAll(kafka, topic, 1)
      expect(rule.hits).toBe(1)
    }
    const mine = { api: 'Metadata', when: ({ clientId }: Exchange) => clientId === 'newcomer' }
    const metadata = chaos.proxy.answers(mine, harm.overwrite(FIRST_COUNT.Metadata, bytes))
    const newcomer = chaos.client({ brokers: [chaos.proxy.brokers[0]!], clientId: 'newcomer', batchStoreBytes: 65_536 })
    await expect(newcomer.connect()).rejects.toMatchObject({
      code: 'NO_BROKER',
      message: expect.stringContaining('Unreadable Metadata response'),
    })
    expect(metadata.hits).toBe(1)
    expect(ends.map(({ code }) => code)).toEqual(['PROTOCOL_ERROR', 'PROTOCOL_ERROR'])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB)
    await ledger.settle()
  })
})

onChaos(
  'noise on the line',
  (chaos) => {
    const SEEDS = 120

    it('F15, IX1: bits flip in Produce answers: every send settles once, what was acknowledged is in the log once, in order', async () => {
      const topic = await chaos.world.topic(1)
      const producer = chaos.client(EAGER).producer()
      const acked: string[] = []
      await producer.produce({ topic, value: 'open' })
      for (let seed = 0; seed < SEEDS; seed++) {
        // behind the partitions stands the throttle time, which would be believed
        const rule = chaos.proxy.answers({ api: 'Produce' }, harm.flipBit(seed, { to: -6 }))
        const outcome = await producer.produce({ topic, value: `${seed}` }).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(KafkaError)
        else acked.push(`${seed}`)
        expect(rule.hits).toBe(1)
      }
      const written = (await chaos.world.log(topic)).map(({ value }) => String(value)).slice(1)
      expect(new Set(written).size).toBe(written.length)
      expect(written.filter((value) => acked.includes(value))).toEqual(acked)
      expect(acked.length).toBeGreaterThan(SEEDS / 2)
    })

    it.each([
      ['one bit flipped', (seed: number) => harm.flipBit(seed, { from: 13 })],
      ['bytes missing or too many', harm.resize],
    ])('F15, IX1: Fetch answers with %s: typed errors or true records, and all of them afterwards', async (_what, action) => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client(EAGER)
      const values = Array.from({ length: 20 }, (_, i) => `value ${i}`)
      await kafka.producer().produceBatch(values.map((value) => ({ topic, value })))
      for (let seed = 0; seed < SEEDS; seed++) {
        const rule = chaos.proxy.answers({ api: 'Fetch' }, action(seed))
        const outcome = await kafka
          .fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 50 })
          .catch((error: unknown) => error)
        if (Array.isArray(outcome)) {
          const read = outcome[0].records.map(({ value }: { value: Buffer }) => String(value))
          expect(values.join('\n')).toContain(read.join('\n'))
        } else expect(outcome).toBeInstanceOf(KafkaError)
        rule.cancel()
      }
      expect(await readAll(kafka, topic, values.length)).toEqual(values)
    })

    it('F15, IX1: Metadata answers with bytes flipped, missing or too many: the client finds its way when they end', async () => {
      const topic = await chaos.world.topic(1)
      const ledger = chaos.ledger(topic, chaos.client().producer())
      await ledger.burst(1)
      for (let seed = 0; seed < SEEDS / 4; seed++) {
        await using kafka = new Kafka({ brokers: chaos.proxy.brokers, ioThreads: 0, ...EAGER, unknownTopicTimeoutMs: 0 })
        const action = seed % 2 === 0 ? harm.flipBit(seed, { from: 13 }) : harm.resize(seed)
        const rule = chaos.proxy.answers({ api: 'Metadata', times: 2 }, action)
        const error = await kafka.connect().catch((thrown: unknown) => thrown)
        if (error !== undefined) expect(error).toMatchObject({ code: 'NO_BROKER' })
        rule.cancel()
        // a lie about the topic is corrected by the next answer
        await expect.poll(() => readAll(kafka, topic, 1).catch(() => []), { timeout: 10_000 }).toEqual(['0'])
      }
      await ledger.settle()
    })
  },
  ['embedded-1', 'embedded-3', 'real-1'],
)

const strangers: [what: string, action: () => harm.Action, says: string][] = [
  ['−1', () => harm.claimSize(-1), 'response of -1 bytes'],
  ['0', () => harm.claimSize(0), 'response of 0 bytes'],
  ['3', () => harm.claimSize(3), 'response of 3 bytes'],
  ['1 GiB', () => harm.claimSize(2 ** 30), 'over the limit of 104857600'],
  ['2^31 − 1', () => harm.claimSize(2 ** 31 - 1), 'over the limit of 104857600'],
  ['a TLS alert', () => harm.tlsAlert(), 'TLS'],
  ['HTTP', () => harm.http(), 'HTTP'],
]

onChaos(
  'sizes that cannot be',
  (chaos) => {
    it.each(strangers)(
      'F16, IX2: %s in front of an answer is refused at once, unallocated, and told',
      async (_what, action, says) => {
        const topic = await chaos.world.topic(1)
        const { kafka, ends } = watched(chaos.client({ ...EAGER, ioThreads: 0 }))
        const ledger = chaos.ledger(topic, kafka.producer())
        await ledger.burst(1)
        const before = process.memoryUsage().arrayBuffers
        for (const api of ['Produce', 'Fetch']) {
          const rule = chaos.proxy.answers({ api }, action())
          await ledger.burst(1)
          await readAll(kafka, topic, 1)
          expect(rule.hits).toBe(1)
        }
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB)
        for (const end of ends) expect(end).toMatchObject({ code: 'PROTOCOL_ERROR', message: expect.stringContaining(says) })
        expect(ends).toHaveLength(2)
        await ledger.settle()
      },
    )

    it.each(strangers)('F16: %s as a first answer: connect() says what it looks like', async (_what, action, says) => {
      chaos.proxy.answers({ api: 'ApiVersions', times: Number.POSITIVE_INFINITY }, action())
      await expect(chaos.client().connect()).rejects.toMatchObject({ code: 'NO_BROKER', message: expect.stringContaining(says) })
    })

    it('IX2: memory grows with what arrives, not with what is announced', async () => {
      const topic = await chaos.world.topic(1)
      const { kafka, ends } = watched(chaos.client({ ...EAGER, ioThreads: 0, requestTimeoutMs: 500 }))
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(1)
      const before = process.memoryUsage().arrayBuffers
      let during = 0
      kafka.on('connection', () => (during = Math.max(during, process.memoryUsage().arrayBuffers - before)))
      chaos.proxy.answers({ api: 'Produce' }, harm.claimSize(90 * MIB))
      await ledger.burst(1)
      expect(ends).toMatchObject([{ code: 'TIMEOUT' }])
      expect(during).toBeLessThan(32 * MIB)
      await ledger.settle()
    })
  },
  ['embedded-1', 'embedded-3', 'real-1'],
)
