/** Brokers that fall silent, and topics that grow, move, vanish and come back while records are on their way to them and from them. */
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { RawClient } from '../main/testing/client.ts'
import { Load } from './load.ts'
import { valuesByPartition } from './log-reader.ts'
import { allTargets, onBrokers, onEmbedded } from './on-brokers.ts'

onEmbedded('a silent broker', 3, (world) => {
  it('F3: its leadership moves while it owes answers: sends and reads go on elsewhere long before requestTimeoutMs', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ requestTimeoutMs: 120_000 })
    const load = new Load(kafka.producer({ deliveryTimeoutMs: 300_000 }), topic, { partitions: 3, callers: 6, paceMs: 5 })
    await load.flowing()
    await world.broker.faults.hang('Fetch', { node: 1 })
    const read = kafka.fetch([{ topic, partition: 0, offset: 0 }], { timeoutMs: 120_000 })
    const hang = await world.broker.faults.hang('Produce', { node: 1, afterApply: true })
    await expect.poll(() => hang.hits()).toBe(1)
    const started = performance.now()
    await world.broker.moveLeader(topic, 0, 2)
    await load.flowing()
    expect((await read)[0]!.records.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(30_000)
    await load.expectExactlyOnce(world.brokers)
  })
})

onEmbedded('a leader that comes back as a follower', 3, (world) => {
  it('F1: what waited in its line goes to its successor, although its connection may not be made again for long', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ reconnectBackoffMs: 100_000, reconnectBackoffMaxMs: 100_000 })
    const lost = new Promise<void>((resolve) =>
      kafka.on('connection', ({ nodeId, state }) => nodeId === 1 && state === 'disconnected' && resolve()),
    )
    const load = new Load(kafka.producer(), topic, { partitions: 3, callers: 3, recordsEach: 1 })
    await load.done()
    await world.broker.kill(1)
    await world.broker.revive(1)
    await lost
    await load.flowing()
    await load.expectExactlyOnce(world.brokers)
  })
})

onBrokers(
  'topics that change',
  (world) => {
    /** Grows the topic, and waits until every node knows: a client asks any of them, and only once. */
    async function grow(topic: string, count: number): Promise<void> {
      await world.client({ clientId: 'grower' }).admin.createPartitions([{ topic, count }])
      for (const address of world.brokers) {
        const client = await RawClient.open(nodeEnv(), address)
        const known = async () => (await client.call(metadata, 9, { topics: [{ name: topic }] })).topics[0]!.partitions.length
        await expect.poll(known).toBe(count)
        client.close()
      }
    }

    it('F9: a topic grows under traffic: old and new partitions get every record once, in order, and are read from their beginning', async () => {
      const topic = await world.topic(2)
      const kafka = world.client()
      const load = new Load(kafka.producer(), topic, { partitions: 5, callers: 2, recordsEach: 60, paceMs: 5 })
      await load.flowing([0, 1])
      await grow(topic, 5)
      // named by number, they are found although this client did not make them
      for (let round = 0; round < 10; round++) await load.flowing([4, 3, 2])
      await load.done()
      await load.expectExactlyOnce(world.brokers)
      const [batch] = await kafka.fetch([{ topic, partition: 4, offset: 0 }])
      expect(batch!.records.map(({ offset }) => offset)).toEqual(Array.from(batch!.records, (_, index) => index))
      expect(batch!.records.length).toBeGreaterThan(0)
    })

    it('F9: a reader and a first send find a partition that is younger than the view', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 0 })
      await grow(topic, 2)
      await world.client().producer().produce({ topic, partition: 1, value: 'new' })
      const [batch] = await kafka.fetch([{ topic, partition: 1, offset: 0 }])
      expect(String(batch!.records[0]!.value)).toBe('new')
      await grow(topic, 3)
      expect(await kafka.producer().produce({ topic, partition: 2, value: 'first' })).toMatchObject({ partition: 2, offset: 0 })
    })

    it('F9: a partition that the cluster does not have is UNKNOWN_PARTITION after one look, and records behind it arrive in order', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const producer = kafka.producer()
      await producer.produce({ topic, value: '0' })
      const wrong = [7, 3].map((partition) =>
        producer.produce({ topic, partition, value: 'x' }).catch((error: KafkaError) => error),
      )
      const right = ['1', '2', '3'].map((value) => producer.produce({ topic, partition: 0, value }))
      for (const [index, error] of (await Promise.all(wrong)).entries())
        expect(error).toMatchObject({
          code: 'UNKNOWN_PARTITION',
          outcome: 'not-written',
          context: { topic, partition: [7, 3][index] },
        })
      expect((await Promise.all(right)).map(({ offset }) => offset)).toEqual([1, 2, 3])
      await expect(kafka.fetch([{ topic, partition: 7, offset: 0 }])).rejects.toMatchObject({ code: 'UNKNOWN_PARTITION' })
      expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['0', '1', '2', '3'])
    })

    it('F10: a topic is deleted and created again under traffic: every send settles once, and what was accepted is in the new one', async () => {
      const topic = world.freshName()
      const other = world.client()
      const made = [{ topic, partitions: 2 }]
      await other.admin.createTopics(made)
      const producer = world.client({ unknownTopicTimeoutMs: 10_000 }).producer({ deliveryTimeoutMs: 30_000 })
      const ends: string[] = []
      const accepted: string[] = []
      let sent = 0
      let over = false
      const callers = [0, 1].map(async (partition) => {
        while (!over) {
          const value = `${sent++}`
          await producer.produce({ topic, partition, value }).then(
            () => {
              ends.push('ok')
              accepted.push(value)
            },
            ({ code }: KafkaError) => ends.push(code),
          )
        }
      })
      await expect.poll(() => accepted.length).toBeGreaterThan(20)
      await other.admin.deleteTopics([topic])
      await other.admin.createTopics(made)
      const before = accepted.length
      await expect.poll(() => accepted.length, { timeout: 20_000 }).toBeGreaterThan(before + 20)
      over = true
      await Promise.all(callers)
      expect(ends).toHaveLength(sent)
      expect([...new Set(ends)].filter((end) => end !== 'ok' && end !== 'UNKNOWN_TOPIC')).toEqual([])
      const log = (await world.log(topic)).map(({ value }) => String(value))
      // the old log is gone with its topic; what the new one has was accepted, once, and nothing accepted last is missing
      expect(new Set(log).size).toBe(log.length)
      for (const value of accepted.slice(before + 5)) expect(log).toContain(value)
      for (const value of log) expect(accepted).toContain(value)
    })
  },
  allTargets,
)
