/** When a record counts as written: what each value of `acks` asks of the brokers, waits for and says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { hold } from '../chaos/actions.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers, onEmbedded } from './on-brokers.ts'
import { EAGER, onChaos } from './on-chaos.ts'

const MODES = [
  { name: 'all', options: { acks: 'all' }, onWire: -1 },
  { name: 'one', options: { acks: 1, idempotent: false }, onWire: 1 },
  { name: 'none', options: { acks: 0, idempotent: false }, onWire: 0 },
] as const

onChaos(
  'acks',
  (chaos) => {
    it('what is asked of brokers is what the option says, and each waits for its answer, or for none', async () => {
      const topic = await chaos.world.topic(3)
      // small requests leave although one is in flight
      const kafka = chaos.client({ ...EAGER, pipelineBytes: 0 })
      const producers = MODES.map(({ name, options }) => kafka.producer({ name, ...options }))
      const send = (value: string) =>
        producers.map((producer, partition) => producer.produce({ topic, partition, value: `${producer.name} ${value}` }))
      await Promise.all(send('open'))
      const { promise: release, resolve } = Promise.withResolvers<void>()
      const asked: number[] = []
      chaos.proxy.requests({ api: 'Produce', times: Number.POSITIVE_INFINITY }, (frame, exchange) => {
        asked.push(exchange.request(produce)!.acks)
        return [frame]
      })
      // the brokers do their work at once and are late to tell
      chaos.proxy.answers({ api: 'Produce', times: Number.POSITIVE_INFINITY }, hold(release))
      const settled: string[] = []
      const sends = send('held').map(async (sent, i) => {
        const { offset } = await sent
        settled.push(`${MODES[i]!.name} ${offset}`)
      })
      await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(3)
      expect(new Set(asked)).toEqual(new Set([-1, 0, 1]))
      await expect.poll(async () => chaos.world.log(topic), { timeout: 10_000 }).toHaveLength(6)
      await sleep(200)
      expect(settled).toEqual(['none -1'])
      resolve()
      await Promise.all(sends)
      expect(settled.toSorted()).toEqual(['all 1', 'none -1', 'one 1'])
    })

    it('0 waits for nobody: records are done although not a byte comes through', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client(EAGER)
      const producer = kafka.producer({ acks: 0, idempotent: false })
      expect(await producer.produce({ topic, value: 'open' })).toMatchObject({ offset: -1 })
      chaos.proxy.partition()
      let confirmed = false
      const careful = kafka.producer({ name: 'careful' }).produce({ topic, value: 'careful' })
      void careful.then(() => (confirmed = true))
      const values = Array.from({ length: 10 }, (_, i) => `${i}`)
      const where = await Promise.all(values.map((value) => producer.produce({ topic, value })))
      expect(where.map(({ offset }) => offset)).toEqual(values.map(() => -1))
      await producer.flush()
      expect(confirmed).toBe(false)
      chaos.proxy.heal()
      await careful
      await expect.poll(async () => chaos.world.log(topic), { timeout: 10_000 }).toHaveLength(12)
    })
  },
  ['embedded-1', 'real-1'],
)

onBrokers('acks', (world) => {
  it('0: what a broker refuses nobody hears of, and later records arrive', async () => {
    const topic = await world.topic(1, { configs: { 'max.message.bytes': '2000' } })
    const producer = world.client(EAGER).producer({ acks: 0, idempotent: false })
    await producer.produce({ topic, value: 'before' })
    expect(await producer.produce({ topic, value: 'x'.repeat(5_000) })).toMatchObject({ offset: -1 })
    // it costs the connection, which is how a broker says no to somebody who does not listen
    let count = 0
    const arrived = async () => {
      await producer.produce({ topic, value: `after ${count++}` })
      return valuesByPartition(await world.log(topic)).get(0)
    }
    await expect.poll(arrived, { timeout: 20_000, interval: 100 }).toContainEqual(expect.stringContaining('after'))
    expect((await world.log(topic)).filter(({ value }) => value!.length > 2_000)).toEqual([])
  })

  it("min.insync.replicas above the number of replicas counts as that number, so that acks 'all' works", async () => {
    const topic = world.freshName()
    const kafka = world.client()
    await kafka.admin.createTopics([{ topic, replicationFactor: 1, configs: { 'min.insync.replicas': '2' } }])
    expect(await kafka.producer().produce({ topic, value: 'x' })).toMatchObject({ offset: 0 })
  })
})

onEmbedded('acks with too few replicas', 3, (world) => {
  it("F36: 1 goes on with one replica of two down, where acks 'all' waits for min.insync.replicas", async () => {
    const topic = world.freshName()
    const kafka = world.client(EAGER)
    await kafka.admin.createTopics([{ topic, assignments: [[1, 2]], configs: { 'min.insync.replicas': '2' } }])
    const [careful, quick] = [kafka.producer(), kafka.producer({ name: 'quick', acks: 1, idempotent: false })]
    await careful.produce({ topic, value: 'both' })
    await world.broker.kill(2)
    expect(await quick.produce({ topic, value: 'quick' })).toMatchObject({ offset: 1 })
    // what fewer than min.insync.replicas have is not shown to readers
    const position = { topic, partition: 0, offset: 1 }
    expect(await kafka.fetch([position], { maxWaitMs: 300 })).toMatchObject([{ highWatermark: 1, records: [] }])
    expect(await kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }])).toMatchObject([{ offset: 1 }])
    const shown = kafka.fetch([position], { maxWaitMs: 20_000 })
    let written = false
    const waiting = careful.produce({ topic, value: 'careful' })
    void waiting.then(() => (written = true))
    const impatient = kafka.producer({ name: 'impatient', deliveryTimeoutMs: 700 }).produce({ topic, value: 'impatient' })
    await expect(impatient).rejects.toMatchObject({
      code: 'DELIVERY_TIMEOUT',
      outcome: 'not-written',
      context: { brokerError: 'NOT_ENOUGH_REPLICAS' },
    })
    expect(written).toBe(false)
    await world.broker.revive(2)
    expect((await shown)[0]!.records.map(({ value }) => String(value))[0]).toBe('quick')
    expect(await waiting).toMatchObject({ offset: 2 })
    expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['both', 'quick', 'careful'])
  })
})
