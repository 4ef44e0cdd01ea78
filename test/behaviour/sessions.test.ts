/** Sessions that end: authentication is renewed on connections in use (KIP-368), and nothing is lost or fails for it. */
import { expect, it } from 'vitest'
import type { Kafka, KafkaError, KafkaOptions, OAuthToken } from '../../src/main/index.ts'
import { unsecuredToken, users } from '../kafka/secure-kafka.ts'
import { onSecure, type SecureWorld, type Watched } from './on-secure.ts'

const login = (mechanism: string) => ({ mechanism, username: 'alice', password: users.get('alice')! })
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Several sessions long, with two seconds each. */
const RUN_MS = 7_000
const token = (): OAuthToken => ({ value: unsecuredToken() })

/** Writes one record after the other, reads them directly and in a group, all at once. */
async function work(world: SecureWorld, { kafka }: Watched, onBegin = () => {}) {
  const topic = await world.topic(kafka, 2)
  const errors: unknown[] = []
  const inGroup: string[] = []
  const group = kafka.consumerGroup({
    groupName: `g-${topic}`,
    topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
    handler: {
      handleRecordBatch: (_topic, _partition, records) => void inGroup.push(...records.map(({ value }) => String(value))),
    },
  })
  group.on('readError', (event) => errors.push(event))
  await group.start()
  await kafka.producer().produce({ topic, partition: 1, value: 'first' })
  onBegin()
  const end = performance.now() + RUN_MS
  const until = () => performance.now() > end
  const written: string[] = ['first']
  const read: string[] = []
  let slowest = 0
  const write = async (partition: number): Promise<void> => {
    for (let i = 0; !until(); i++) {
      const value = `${partition}-${i}`
      const from = performance.now()
      try {
        await kafka.producer().produce({ topic, partition, value })
        written.push(value)
      } catch (error) {
        errors.push(error)
      }
      slowest = Math.max(slowest, performance.now() - from)
      await pause(2)
    }
  }
  const readAll = async (): Promise<void> => {
    let offset = 0
    const last = () => written.filter((value) => value.startsWith('0-')).length
    while (!until() || offset < last()) {
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset }], { maxWaitMs: 100 })
      for (const { value } of batch!.records) read.push(String(value))
      offset = batch!.nextOffset
    }
  }
  await Promise.all([write(0), write(1), readAll()])
  await expect.poll(() => inGroup.length, { timeout: 20_000 }).toBe(written.length)
  await group.stop()
  return { written, read, inGroup, errors, slowest }
}

onSecure('F38 sessions', (world) => {
  const cases: [string, () => Partial<KafkaOptions>][] = [
    ['PLAIN', () => ({ sasl: login('PLAIN') })],
    ['SCRAM-SHA-512', () => ({ sasl: login('SCRAM-SHA-512') })],
    ['OAUTHBEARER', () => ({ sasl: { mechanism: 'OAUTHBEARER', token } })],
    ['a slow token', () => ({ sasl: { mechanism: 'OAUTHBEARER', token: () => pause(1_200).then(token) } })],
    ['PLAIN, on the thread of the caller', () => ({ ioThreads: 0, sasl: login('PLAIN') })],
  ]
  it.each(cases)(
    'N3, F38: connections outlive several sessions of %s, and no call fails',
    { timeout: 90_000 },
    async (_, options) => {
      const client = world.client('SASL_SHORT', options())
      const { written, read, inGroup, errors, slowest } = await work(world, client)
      expect(errors).toEqual([])
      // the broker ends connections whose session has ended when they ask for anything
      expect(client.connections.filter(({ error }) => error && error.code !== 'CLOSED')).toEqual([])
      expect(written.length).toBeGreaterThan(30)
      expect(read).toEqual(written.filter((value) => value.startsWith('0-')))
      expect(inGroup.toSorted()).toEqual(written.toSorted())
      expect(slowest).toBeLessThan(10_000)
    },
  )

  it('F38: a token that fails while a session lasts is asked for again, and costs nothing', { timeout: 90_000 }, async () => {
    let failed = 0
    let from = Number.POSITIVE_INFINITY
    const client = world.client('SASL_SHORT', {
      sasl: {
        mechanism: 'OAUTHBEARER',
        token: () => {
          // for a fifth of a second now and again, once all connections are there
          const now = performance.now() - from
          if (now > 2_000 && now % 500 < 150 && ++failed) throw new Error('the issuer is away')
          return token()
        },
      },
    })
    const { errors, written } = await work(world, client, () => {
      from = performance.now()
    })
    expect(errors).toEqual([])
    expect(failed).toBeGreaterThan(0)
    expect(written.length).toBeGreaterThan(30)
    expect(client.connections.filter(({ error }) => error && error.code !== 'CLOSED')).toEqual([])
  })

  it('F38: a token that never comes holds requests for a bounded time; all are sent when it comes again', {
    timeout: 90_000,
  }, async () => {
    let hangs = false
    const client = world.client('SASL_SHORT', {
      connectTimeoutMs: 1_500,
      sasl: { mechanism: 'OAUTHBEARER', token: () => (hangs ? new Promise<OAuthToken>(() => {}) : token()) },
    })
    const { kafka, connections } = client
    const topic = await world.topic(kafka)
    await kafka.producer().produce({ topic, value: 'a' })
    hangs = true
    await pause(2_500)
    const sent = Promise.all(Array.from({ length: 10 }, (_, i) => kafka.producer().produce({ topic, value: `b${i}` })))
    await expect
      .poll(() => connections.some(({ error }) => error?.code === 'AUTHENTICATION_FAILED' && error.retriable), {
        timeout: 15_000,
      })
      .toBe(true)
    expect(connections.find(({ error }) => error)!.error!.message).toMatch(/gave nothing within 1500 ms \(connectTimeoutMs\)/)
    hangs = false
    await sent
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 5_000 })
    expect(Array.from(batch!.records, ({ value }) => String(value)).toSorted()).toEqual(
      ['a', ...Array.from({ length: 10 }, (_, i) => `b${i}`)].toSorted(),
    )
  })

  it('F38: one token serves all connections, and is asked for again before it ends', { timeout: 60_000 }, async () => {
    let asked = 0
    const lifetimeMs = 6_000
    const { kafka } = world.client('SASL_SSL', {
      sasl: {
        mechanism: 'OAUTHBEARER',
        token: ({ broker, signal }) => {
          asked++
          expect(broker).toMatch(/^localhost:\d+$/)
          expect(signal).toBeInstanceOf(AbortSignal)
          return { value: unsecuredToken({ lifetimeMs }), expiresAt: Date.now() + lifetimeMs }
        },
      },
    })
    const topic = await world.topic(kafka)
    await kafka.producer().produce({ topic, value: 'a' })
    await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 5_000 })
    expect(asked).toBe(1)
    // the session ends with the token
    const end = performance.now() + lifetimeMs + 2_000
    while (performance.now() < end) {
      await kafka.producer().produce({ topic, value: 'b' })
      await pause(50)
    }
    expect(asked).toBeGreaterThanOrEqual(2)
    expect(asked).toBeLessThanOrEqual(4)
  })

  it('F38: a kept token that brokers no longer take is replaced, and no call fails', async () => {
    let asked = 0
    const expired = unsecuredToken({ lifetimeMs: -60_000 })
    const kafka: Kafka = world.client('SASL_SSL', {
      sasl: {
        mechanism: 'OAUTHBEARER',
        // kept, since it claims an hour; the broker sees that it has ended when the second connection shows it
        token: () => ({
          value: asked++ === 0 ? unsecuredToken({ lifetimeMs: 1_000 }) : unsecuredToken(),
          expiresAt: Date.now() + 3_600_000,
        }),
      },
    }).kafka
    const topic = await world.topic(kafka)
    await pause(1_500)
    await kafka
      .producer()
      .produce({ topic, value: 'a' })
      .catch((error: KafkaError) => expect.unreachable(`${expired.length} ${error}`))
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 5_000 })
    expect(batch!.records).toHaveLength(1)
    expect(asked).toBeGreaterThanOrEqual(2)
  })
})
