/** P1 and IP4: many callers share requests, and each partition has the records in the order of the calls. */
import { expect, it } from 'vitest'
import { valuesByPartition } from './log-reader.ts'
import { allTargets, onBrokers, onEmbedded } from './on-brokers.ts'

onBrokers(
  'order',
  (world) => {
    it('IP4: concurrent sends of all sizes that nobody awaits are in order, once each, on every partition', async () => {
      const topic = await world.topic(4)
      const producer = world.client().producer()
      const sent = new Map<number, string[]>()
      const sends: Promise<unknown>[] = []
      // small ones, some larger than a ring entry (512 KiB), some that fill a batch alone
      const sizes = [10, 100, 700_000, 20, 5_000, 990_000, 30, 60_000, 15, 540_000]
      for (let i = 0; i < 120; i++) {
        const partition = i % 4
        const value = `${i}:`.padEnd(sizes[(i >> 2) % sizes.length]!, String.fromCharCode(97 + (i % 26)))
        sent.set(partition, [...(sent.get(partition) ?? []), value])
        sends.push(producer.produce({ topic, value, partition }))
      }
      await Promise.all(sends)
      const log = valuesByPartition(await world.log(topic))
      for (const [partition, values] of sent) {
        expect(log.get(partition)!.map((value) => value.slice(0, 12))).toEqual(values.map((value) => value.slice(0, 12)))
        expect(log.get(partition)!.every((value, i) => value === values[i])).toBe(true)
      }
    })

    it('IP4: bursts of async records from many callers keep their order', async () => {
      const topic = await world.topic(3)
      const producer = world.client().producer()
      const sent = new Map<number, string[]>([0, 1, 2].map((partition) => [partition, []]))
      let failures = 0
      const caller = async (name: number): Promise<void> => {
        for (let burst = 0; burst < 10; burst++) {
          for (let i = 0; i < 30; i++) {
            const partition = (name + i) % 3
            const value = `${name}/${burst}/${i}`
            sent.get(partition)!.push(value)
            producer.produceAsync({ topic, partition, value }, (error) => error && failures++)
          }
          await new Promise((resolve) => setTimeout(resolve, (name * burst) % 4))
        }
      }
      await Promise.all(Array.from({ length: 10 }, (_, name) => caller(name)))
      await producer.flush()
      expect(failures).toBe(0)
      expect(valuesByPartition(await world.log(topic))).toEqual(sent)
    })

    it('IP1: what several producers send to one partition at once is all written, each producer in its order', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const producers = ['a', 'b', 'c', 'd'].map((name) => kafka.producer({ name, lingerMs: 20 }))
      for (const producer of producers) await producer.produce({ topic, value: `${producer.name} open` })
      const sends = Array.from({ length: 200 }, (_, i) =>
        producers.map((producer) => producer.produce({ topic, value: `${producer.name} ${i}` })),
      )
      const where = await Promise.all(sends.flat())
      expect(new Set(where.map(({ offset }) => offset)).size).toBe(800)
      const values = (await world.log(topic)).map(({ value }) => String(value))
      for (const { name } of producers) {
        const own = values.filter((value) => value.startsWith(name)).slice(1)
        expect(own).toEqual(Array.from({ length: 200 }, (_, i) => `${name} ${i}`))
      }
    })

    it('P1: thousands of records over many topics and partitions all arrive', async () => {
      const topics = await Promise.all(Array.from({ length: 3 }, () => world.topic(5)))
      const producer = world.client().producer()
      const results = await producer.produceBatch(
        Array.from({ length: 15_000 }, (_, i) => ({ topic: topics[i % 3]!, partition: i % 5, value: `${i}` })),
      )
      expect(results.filter(({ ok }) => !ok)).toEqual([])
      for (const [t, topic] of topics.entries()) {
        const log = valuesByPartition(await world.log(topic))
        for (let partition = 0; partition < 5; partition++) {
          const expected = Array.from({ length: 15_000 }, (_, i) => i).filter((i) => i % 3 === t && i % 5 === partition)
          expect(log.get(partition)).toEqual(expected.map(String))
        }
      }
    })
  },
  allTargets,
)

for (const nodes of [1, 3] as const) {
  onEmbedded('requests', nodes, (world) => {
    const produceRequests = async () => (await world.broker.requestCounts('Produce')).toSorted((a, b) => a.node - b.node)
    const total = async () => (await produceRequests()).reduce((sum, { requests }) => sum + requests, 0)

    it('P1: one Produce request per broker carries many topics and partitions', async () => {
      const topics = await Promise.all(Array.from({ length: 4 }, () => world.topic(6)))
      const producer = world.client().producer({ lingerMs: 100 })
      const everywhere = topics.flatMap((topic) =>
        Array.from({ length: 6 }, (_, partition) => ({ topic, partition, value: 'v' })),
      )
      await producer.produceBatch(everywhere)
      const before = await produceRequests()
      await producer.produceBatch(everywhere)
      const after = await produceRequests()
      expect(after.map(({ requests }, i) => requests - before[i]!.requests)).toEqual(new Array(nodes).fill(1))
      expect(after.map(({ partitions }) => partitions.at(-1))).toEqual(new Array(nodes).fill(24 / nodes))
    })

    it('P1: a thousand concurrent callers share requests', async () => {
      const topic = await world.topic(6)
      const producer = world.client().producer()
      await producer.produce({ topic, value: 'open' })
      const before = await total()
      const where = await Promise.all(
        Array.from({ length: 1000 }, async (_, i) => producer.produce({ topic, partition: i % 6, value: `${i}` })),
      )
      expect(where).toHaveLength(1000)
      expect((await total()) - before).toBeLessThanOrEqual(40)
    })

    it('P1: while a broker is slow, what waits for it grows into few requests', async () => {
      const topic = await world.topic(1)
      const producer = world.client().producer()
      await producer.produce({ topic, value: 'open' })
      const before = await total()
      await world.broker.faults.delay('Produce', { ms: 200, times: 1 })
      const sends: Promise<unknown>[] = []
      for (let i = 0; i < 40; i++) {
        sends.push(producer.produce({ topic, value: `${i}` }))
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      await Promise.all(sends)
      expect((await total()) - before).toBeLessThanOrEqual(10)
    })

    it('P2: one connection per broker for producing, however many producers there are', async () => {
      const topic = await world.topic(3)
      const kafka = world.client()
      const up: string[] = []
      kafka.on('connection', ({ broker, state }) => state === 'connected' && up.push(broker))
      await Promise.all(
        Array.from({ length: 5 }, (_, i) => kafka.producer({ name: `p${i}` })).flatMap((producer) =>
          [0, 1, 2].map((partition) => producer.produce({ topic, partition, value: 'v' })),
        ),
      )
      // the address a client starts from is one more way to the same broker
      expect(up.length).toBeLessThanOrEqual(nodes + 1)
    })
  })
}
