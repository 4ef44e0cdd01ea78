/** Reading in times of change, through the public API: fetchers side by side, truncated logs, topics that come again. */
import { describe, expect, it } from 'vitest'
import type { DataLossEvent } from '../../src/main/index.ts'
import { allTargets, onBrokers, onEmbedded } from './on-brokers.ts'

onBrokers(
  'reading',
  (world) => {
    it('C7, F11: a long poll at one isolation level does not hold up reads at the other', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await kafka.producer().produce({ topic, partition: 1, value: 'there' })
      const waiting = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 30_000, timeoutMs: 60_000 })
      await new Promise((resolve) => setTimeout(resolve, 200))
      const started = performance.now()
      const committed = { isolationLevel: 'read_committed' } as const
      const [batch] = await kafka.fetch([{ topic, partition: 1, offset: 0 }], committed)
      expect(batch!.records.map(({ value }) => String(value))).toEqual(['there'])
      expect(performance.now() - started).toBeLessThan(10_000)
      // the same place at both levels at once
      const both = kafka.fetch([{ topic, partition: 0, offset: 0 }], { ...committed, maxWaitMs: 30_000, timeoutMs: 60_000 })
      await kafka.producer().produce({ topic, partition: 0, value: 'news' })
      for (const [found] of await Promise.all([waiting, both])) expect(String(found!.records[0]!.value)).toBe('news')
    })

    it('C19: each batch says the leader epoch to go on with, and going on with it reads all', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.producer().produceBatch(['a', 'b'].map((value) => ({ topic, value })))
      const [first] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
      expect(first!.lastFetchedEpoch).toBeGreaterThanOrEqual(0)
      if (world.nodes > 1) await world.moveLeader(topic, 0, 2)
      await kafka.producer().produce({ topic, value: 'c' })
      const position = { topic, partition: 0, offset: 2, lastFetchedEpoch: first!.lastFetchedEpoch }
      const [second] = await kafka.fetch([position], { maxWaitMs: 10_000 })
      expect(second!.records.map(({ value }) => String(value))).toEqual(['c'])
      if (world.nodes > 1) expect(second!.lastFetchedEpoch).toBeGreaterThan(first!.lastFetchedEpoch)
      const [nothing] = await kafka.fetch([{ ...position, offset: 3, lastFetchedEpoch: second!.lastFetchedEpoch }], {
        maxWaitMs: 100,
      })
      expect(nothing).toMatchObject({ nextOffset: 3, lastFetchedEpoch: second!.lastFetchedEpoch, records: [] })
    })

    it('F7: a leader epoch that the log knows otherwise is LOG_TRUNCATED with the place, or out of range', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.producer().produceBatch(['a', 'b'].map((value) => ({ topic, value })))
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
      const { lastFetchedEpoch } = batch!
      // a later epoch than there is: of a leader that the cluster has lost without a trace
      const lost = kafka.fetch([{ topic, partition: 0, offset: 2, lastFetchedEpoch: lastFetchedEpoch + 5 }])
      await expect(lost).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
      if (world.nodes === 1) return
      await world.moveLeader(topic, 0, 2)
      await kafka.producer().produce({ topic, value: 'c' })
      // under the first epoch there never was a record 2
      const losses: DataLossEvent[] = []
      kafka.on('dataLoss', (event) => losses.push(event))
      const diverged = kafka.fetch([{ topic, partition: 0, offset: 3, lastFetchedEpoch }])
      await expect(diverged).rejects.toMatchObject({
        code: 'LOG_TRUNCATED',
        retriable: false,
        context: { topic, partition: 0, offset: 2 },
      })
      await expect.poll(() => losses).toMatchObject([{ topic, partition: 0 }])
    })

    it('F10: a topic that is deleted and made again under a waiting read: UNKNOWN_TOPIC, never a record of the new one', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.producer().produceBatch(['a', 'b', 'c'].map((value) => ({ topic, value })))
      const read = kafka.fetch([{ topic, partition: 0, offset: 3 }], { maxWaitMs: 30_000, timeoutMs: 60_000 })
      const outcome = read.then(
        ([batch]) => batch!.records.map(({ value }) => String(value)),
        (error) => error,
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      await kafka.admin.deleteTopics([topic])
      await kafka.admin.createTopics([{ topic, partitions: 1, replicationFactor: 1 }])
      await kafka.producer({ name: 'next' }).produceBatch(['1', '2', '3', '4', '5'].map((value) => ({ topic, value })))
      expect(await outcome).toMatchObject({ code: 'UNKNOWN_TOPIC', context: { topic } })
      const [fresh] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 10_000 })
      expect(String(fresh!.records[0]!.value)).toBe('1')
    })

    it('bad positions and isolation levels are errors that say so', async () => {
      const kafka = world.client()
      for (const lastFetchedEpoch of [-2, 1.5, 2 ** 31, '1' as unknown as number]) {
        const fetched = kafka.fetch([{ topic: 't', partition: 0, offset: 0, lastFetchedEpoch }])
        await expect(fetched).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      }
      const isolationLevel = 'read_commited' as 'read_committed'
      await expect(kafka.fetch([], { isolationLevel })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    })
  },
  allTargets,
)

onEmbedded('reading', 3, (world) => {
  it('F7, IC1: acknowledged records that a cluster loses are told to who has read them, and not read again as others', async () => {
    const kafka = world.client()
    const topic = await world.topic(1)
    const produce = (values: string[]) =>
      kafka.producer({ name: `${values}`, acks: 1, idempotent: false }).produceBatch(values.map((value) => ({ topic, value })))
    await produce(['a', 'b'])
    await produce(['c', 'd'])
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 2 }])
    await world.broker.loseRecords(topic, 0, 2)
    await produce(['x', 'y', 'z'])
    const { nextOffset: offset, lastFetchedEpoch } = batch!
    const read = kafka.fetch([{ topic, partition: 0, offset, lastFetchedEpoch }], { maxWaitMs: 5_000 })
    await expect(read).rejects.toMatchObject({ code: 'LOG_TRUNCATED', context: { offset: 2 } })
    // without the epoch nobody notices
    const [blind] = await kafka.fetch([{ topic, partition: 0, offset }])
    expect(blind!.records.map(({ value }) => String(value))).toEqual(['z'])
  })
})

describe('C11: rackId', () => {
  onEmbedded(
    'racks',
    3,
    (world) => {
      it('C11: reads go to the replica in the rack of the client, and to the leader when it is down', async () => {
        const topic = await world.topic(1)
        const kafka = world.client({ rackId: 'third' })
        await kafka.producer().produce({ topic, value: 'a' })
        const requests = async () => (await world.broker.requestCounts('Fetch')).filter(({ node }) => node === 3).length
        const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
        expect(String(batch!.records[0]!.value)).toBe('a')
        expect(await requests()).toBe(1)
        const waiting = kafka.fetch([{ topic, partition: 0, offset: 1 }], { maxWaitMs: 20_000 })
        await new Promise((resolve) => setTimeout(resolve, 200))
        await world.broker.kill(3)
        await kafka.producer().produce({ topic, value: 'b' })
        expect(String((await waiting)[0]!.records[0]!.value)).toBe('b')
        await world.broker.revive(3)
      })
    },
    { racks: ['first', 'second', 'third'] },
  )
})
