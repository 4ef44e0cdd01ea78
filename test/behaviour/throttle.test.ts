/** Brokers that hold a client back (KIP-219): what waits, for how long, and what goes on meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Kafka, ThrottleEvent } from '../../src/main/index.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import type { Exchange } from '../chaos/exchange.ts'
import { ask, setQuotas } from '../support/raw-calls.ts'
import { type EmbeddedWorld, onBrokers, type World } from './on-brokers.ts'
import { type ChaosWorld, onChaos, readAll } from './on-chaos.ts'

const QUIET_MS = 2_000
/** What was sent before the client heard of it may arrive so much later on a busy machine. */
const SLACK_MS = 600
/** Two clocks. */
const ROUNDING_MS = 10

function throttles(kafka: Kafka): ThrottleEvent[] {
  const events: ThrottleEvent[] = []
  kafka.on('throttle', (event) => events.push(event))
  return events
}

/** The next answer to `api` asks for quiet; resolves with when it left for the client, and on which connection. */
async function throttled(
  { proxy }: ChaosWorld,
  api: Api<never, { throttleTimeMs: number }>,
): Promise<{ from: number; connection: number }> {
  let connection = -1
  const quiet = proxy.rewrite(api, (body, exchange) => {
    body.throttleTimeMs = QUIET_MS
    connection = exchange.connection
  })
  await quiet.reached()
  return { from: performance.now(), connection }
}

/** Every request that goes out from now on. */
function overhear({ proxy }: ChaosWorld): { connection: number; api: string; at: number }[] {
  const heard: { connection: number; api: string; at: number }[] = []
  const note = ({ connection, api }: Exchange): boolean => {
    heard.push({ connection, api, at: performance.now() })
    return false
  }
  proxy.requests({ times: Number.POSITIVE_INFINITY, when: note }, () => [])
  return heard
}

onChaos(
  'throttling',
  (chaos) => {
    it.each([
      ['Produce', produce],
      ['Metadata', metadata],
      ['ListOffsets', listOffsets],
    ])('F20: %s is answered with a throttle time: that connection is quiet, and others go on', async (name, api) => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client(api === metadata ? { metadataMaxAgeMs: 1_000 } : {})
      const events = throttles(kafka)
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      let over = false
      const reading = (async () => {
        while (!over) await kafka.fetch([{ topic, partition: 0, offset: 2 }], { maxWaitMs: 50 })
      })()
      const heard = overhear(chaos)
      const quiet = throttled(chaos, api as never)
      if (api === produce) void ledger.send(0)
      if (api === listOffsets) await kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }])
      const { from, connection } = await quiet
      const told = { nodeId: expect.any(Number), broker: expect.any(String), api: name, throttleTimeMs: QUIET_MS }
      await expect.poll(() => events[0]).toEqual(told)
      const sends = ledger.burst(3)
      const listed = kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'earliest' }])
      await Promise.all([sends, listed, sleep(QUIET_MS)])
      over = true
      await reading
      const during = heard.filter(({ at }) => at > from + SLACK_MS && at < from + QUIET_MS - ROUNDING_MS)
      expect(during.filter((one) => one.connection === connection)).toEqual([])
      expect(during.length).toBeGreaterThan(0)
      // metadata comes from whoever is at hand
      const after = heard.filter((one) => one.connection === connection && one.at > from + QUIET_MS - ROUNDING_MS)
      if (api !== metadata) expect(after.length).toBeGreaterThan(0)
      await ledger.settle()
    })

    it('F20: Fetch is answered with a throttle time: the next one waits, and sends go on', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      const heard = overhear(chaos)
      const quiet = throttled(chaos, fetch as never)
      const first = kafka.fetch([{ topic, partition: 0, offset: 0 }])
      const { from } = await quiet
      expect((await first)[0]!.records).toHaveLength(2)
      const second = kafka.fetch([{ topic, partition: 0, offset: 2 }], { maxWaitMs: 5_000 })
      await ledger.burst(1)
      expect((await second)[0]!.records).toHaveLength(1)
      const [produced] = heard.filter(({ api, at }) => api === 'Produce' && at > from)
      const [fetched] = heard.filter(({ api, at }) => api === 'Fetch' && at > from)
      expect(fetched!.at - from).toBeGreaterThan(QUIET_MS - ROUNDING_MS)
      expect(produced!.at).toBeLessThan(fetched!.at)
    })

    it.each([-5, -(2 ** 31)])('F20: a throttle time of %i is none', async (ms) => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client()
      const events = throttles(kafka)
      const ledger = chaos.ledger(topic, kafka.producer())
      const lied = [produce, fetch, metadata].map((api) =>
        chaos.proxy.rewrite(api as never, (body: { throttleTimeMs: number }) => void (body.throttleTimeMs = ms), { times: 100 }),
      )
      await ledger.burst(2)
      for (let i = 0; i < 3; i++) await ledger.send(0)
      expect(await readAll(kafka, topic, 5)).toHaveLength(5)
      expect(lied.every(({ hits }) => hits > 0)).toBe(true)
      expect(events).toEqual([])
      await ledger.settle()
    })

    it('F20, IX4: a throttle time of 2^31−1: calls say why they fail, sends wait, and close() does not', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client()
      const events = throttles(kafka)
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(1)
      chaos.proxy.rewrite(produce, (body) => void (body.throttleTimeMs = 2 ** 31 - 1))
      await ledger.send(0)
      const told = expect.objectContaining({ api: 'Produce', throttleTimeMs: 60_000 })
      await expect.poll(() => events).toEqual([told])
      const impatient = kafka.producer({ name: 'impatient', deliveryTimeoutMs: 500 })
      const refused = expect.objectContaining({ message: expect.stringContaining('quota') })
      await expect(impatient.produce({ topic, value: 'x' })).rejects.toEqual(refused)
      const started = performance.now()
      await kafka.close({ timeoutMs: 100 })
      expect(performance.now() - started).toBeLessThan(3_000)
    })
  },
  ['embedded-1', 'real-1'],
)

/** Real brokers by a quota of the client id, the embedded one as if there were such a quota. */
async function limit(world: World, clientId: string, what: 'producer' | 'consumer', bytesPerSecond: number): Promise<void> {
  if (world.target.startsWith('real')) {
    await setQuotas(world.brokers, clientId, { [`${what}_byte_rate`]: bytesPerSecond })
    return
  }
  const { faults } = (world as EmbeddedWorld).broker
  await faults.throttle(what === 'producer' ? 'Produce' : 'Fetch', { ms: 300, times: 8 })
}

onBrokers(
  'quotas',
  (world) => {
    it('F20: a quota for sends: they take their time, all arrive once and in order, and other clients do not notice', async () => {
      const topic = await world.topic(1)
      const clientId = world.freshName()
      const kafka = world.client({ clientId })
      const events = throttles(kafka)
      await kafka.producer().produce({ topic, value: 'first' })
      await limit(world, clientId, 'producer', 20_000)
      const sent = ['first']
      for (let i = 0; events.length < 2; i++) {
        expect(i, 'records without a throttled answer').toBeLessThan(2_000)
        const value = `${i}`.padEnd(5_000, '.')
        sent.push(value)
        await kafka.producer().produce({ topic, value })
      }
      expect(events[0]).toMatchObject({ nodeId: 1, api: 'Produce' })
      expect(events[0]!.throttleTimeMs).toBeGreaterThan(0)
      if (world.target.startsWith('embedded')) await (world as EmbeddedWorld).broker.faults.clear()
      const other = world.client()
      const others = throttles(other)
      await other.producer().produce({ topic, value: 'other' })
      sent.push('other')
      expect(others).toEqual([])
      expect((await world.log(topic)).map(({ value }) => String(value))).toEqual(sent)
    })

    it('F20: a quota for reads: an answer without records is not the end of the log', async () => {
      const topic = await world.topic(1)
      const values = Array.from({ length: 60 }, (_, i) => `${i}`.padEnd(20_000, '.'))
      await world
        .client()
        .producer({ batchBytes: 25_000 })
        .produceBatch(values.map((value) => ({ topic, value })))
      const clientId = world.freshName()
      const kafka = world.client({ clientId })
      const events = throttles(kafka)
      await kafka.fetch([{ topic, partition: 0, offset: 0, maxBytes: 1_000 }])
      // real brokers look at the last ten seconds
      await limit(world, clientId, 'consumer', 80_000)
      const read: string[] = []
      for (let offset = 0; read.length < values.length; ) {
        const [batch] = await kafka.fetch([{ topic, partition: 0, offset, maxBytes: 100_000 }], { maxWaitMs: 0 })
        // whoever reads to the end takes an empty answer for it
        expect(batch!.records).not.toEqual([])
        read.push(...batch!.records.map(({ value }) => String(value)))
        offset = batch!.nextOffset
      }
      expect(read).toEqual(values)
      expect(events[0]).toMatchObject({ nodeId: 1, api: 'Fetch' })
    })

    it('F20, T5: a Fetch that is throttled gets nothing, neither records nor a session', async () => {
      const topic = await world.topic(1)
      await world
        .client()
        .producer()
        .produce({ topic, value: 'x'.repeat(500_000) })
      const clientId = world.freshName()
      await limit(world, clientId, 'consumer', 1_000)
      const [address] = world.brokers
      const { topics } = await ask(address!, metadata, 12, { topics: [{ name: topic }] })
      const partitions = [{ partition: 0, partitionMaxBytes: 1_000_000, currentLeaderEpoch: -1 }]
      const wish = { maxBytes: 1e7, minBytes: 1, sessionEpoch: 0, topics: [{ topicId: topics[0]!.topicId, partitions }] }
      for (let tries = 0; ; tries++) {
        const answer = await ask(address!, fetch, 17, wish, clientId)
        if (answer.throttleTimeMs === 0 && tries < 50) continue
        const nothing = { errorCode: 0, sessionId: 0, responses: [], nodeEndpoints: [] }
        expect(answer).toEqual({ throttleTimeMs: expect.any(Number), ...nothing })
        break
      }
    })
  },
  ['embedded-1', 'real-1'],
)
