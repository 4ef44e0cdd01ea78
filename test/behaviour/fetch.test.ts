/** C17: reading from offsets without a group. */
import { expect, it } from 'vitest'
import type { FetchedRecord, Kafka } from '../../src/main/index.ts'
import { allTargets, onBrokers } from './on-brokers.ts'

const texts = (records: readonly FetchedRecord[]): string[] => records.map(({ value }) => String(value))
const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `${from + i}`)

onBrokers(
  'fetch',
  (world) => {
    async function filled(kafka: Kafka, partitions: number, count: number): Promise<string> {
      const topic = await world.topic(partitions)
      const records = Array.from({ length: partitions }, (_, partition) =>
        numbered(count).map((value) => ({ topic, partition, value })),
      )
      for (const result of await kafka.producer().produceBatch(records.flat())) if (!result.ok) throw result.error
      return topic
    }

    it('C17: begins at the offset asked for, also within a batch', async () => {
      const kafka = world.client()
      const topic = await filled(kafka, 1, 50)
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 37 }])
      expect(batch).toMatchObject({ topic, partition: 0, highWatermark: 50, nextOffset: 50 })
      expect(batch!.records.map(({ offset }) => offset)).toEqual(Array.from({ length: 13 }, (_, i) => 37 + i))
      expect(texts(batch!.records)).toEqual(numbered(13, 37))
    })

    it('C17: reads several partitions over several brokers in one call, in the order asked for', async () => {
      const kafka = world.client()
      const topic = await filled(kafka, 6, 10)
      const order = [4, 0, 5, 2, 1, 3]
      const read = new Map(order.map((partition) => [partition, [] as string[]]))
      const offsets = new Map(order.map((partition) => [partition, 0]))
      for (let rounds = 0; [...offsets.values()].some((offset) => offset < 10); rounds++) {
        expect(rounds).toBeLessThan(20)
        const positions = order.map((partition) => ({ topic, partition, offset: offsets.get(partition)! }))
        const batches = await kafka.fetch(positions)
        expect(batches.map(({ partition }) => partition)).toEqual(order)
        for (const { partition, records, nextOffset } of batches) {
          read.get(partition)!.push(...texts(records))
          offsets.set(partition, nextOffset)
        }
      }
      for (const values of read.values()) expect(values).toEqual(numbered(10))
    })

    it('C17: maxBytes bounds the answer, and nextOffset walks the whole log without gap or repetition', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      const producer = kafka.producer({ batchBytes: 4096 })
      const values = Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(300, '.'))
      await producer.produceBatch(values.map((value) => ({ topic, value })))
      const read: string[] = []
      let rounds = 0
      for (let offset = 0; offset < 200; rounds++) {
        const [batch] = await kafka.fetch([{ topic, partition: 0, offset, maxBytes: 10_000 }])
        expect(batch!.records.length).toBeGreaterThan(0)
        expect(batch!.records.length).toBeLessThanOrEqual(34)
        read.push(...texts(batch!.records))
        offset = batch!.nextOffset
      }
      expect(read).toEqual(values)
      expect(rounds).toBeGreaterThan(5)
    })

    it('C17: a batch larger than maxBytes still arrives whole', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.producer().produce({ topic, value: 'x'.repeat(900_000) })
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0, maxBytes: 100 }])
      expect(batch!.records[0]!.value).toHaveLength(900_000)
    })

    it('C17: many megabytes come through unharmed', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      const values = Array.from({ length: 24 }, (_, i) => Buffer.alloc(800_000, i + 1))
      await kafka.producer().produceBatch(values.map((value, i) => ({ topic, partition: i % 2, value })))
      for (const partition of [0, 1]) {
        let index = partition
        for (let offset = 0; offset < 12; ) {
          const [batch] = await kafka.fetch([{ topic, partition, offset, maxBytes: 20_000_000 }])
          for (const { value } of batch!.records) {
            expect(value!.equals(values[index]!)).toBe(true)
            index += 2
          }
          offset = batch!.nextOffset
        }
        expect(index).toBe(24 + partition)
      }
    })

    it('C17: a long poll wakes up when data arrives', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      const poll = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 30_000, timeoutMs: 60_000 })
      await new Promise((resolve) => setTimeout(resolve, 300))
      const started = Date.now()
      await kafka.producer().produce({ topic, value: 'news' })
      const [batch] = await poll
      expect(texts(batch!.records)).toEqual(['news'])
      expect(Date.now() - started).toBeLessThan(10_000)
    })

    it('C17: an empty result after maxWaitMs, not before and not much later', async () => {
      const kafka = world.client()
      const topic = await filled(kafka, 3, 5)
      const started = performance.now()
      const positions = [0, 1, 2].map((partition) => ({ topic, partition, offset: 5 }))
      const batches = await kafka.fetch(positions, { maxWaitMs: 700 })
      const took = performance.now() - started
      expect(batches.map(({ records, nextOffset, highWatermark }) => [records.length, nextOffset, highWatermark])).toEqual(
        new Array(3).fill([0, 5, 5]),
      )
      expect(took).toBeGreaterThan(600)
      expect(took).toBeLessThan(10_000)
    })

    it('C17: minBytes 0 answers at once with nothing', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await kafka.fetch([{ topic, partition: 0, offset: 0 }], { minBytes: 0 })
      const started = performance.now()
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { minBytes: 0, maxWaitMs: 20_000 })
      expect(batch!.records).toEqual([])
      expect(performance.now() - started).toBeLessThan(10_000)
    })

    it('C17: two fetches of one partition at different offsets both get what they asked for', async () => {
      const kafka = world.client()
      const topic = await filled(kafka, 1, 40)
      const offsets = [0, 10, 39, 10]
      const results = await Promise.all(offsets.map((offset) => kafka.fetch([{ topic, partition: 0, offset }])))
      expect(results.map(([batch]) => texts(batch!.records))).toEqual(offsets.map((offset) => numbered(40 - offset, offset)))
    })

    it('C17: a fetch is not held up by the long poll of another', async () => {
      const kafka = world.client()
      const full = await filled(kafka, 3, 3)
      const empty = await world.topic(3)
      const polls = [0, 1, 2].map((partition) =>
        kafka.fetch([{ topic: empty, partition, offset: 0 }], { maxWaitMs: 30_000, timeoutMs: 60_000 }),
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      const started = Date.now()
      for (const partition of [0, 1, 2]) {
        const [batch] = await kafka.fetch([{ topic: full, partition, offset: 0 }])
        expect(texts(batch!.records)).toEqual(numbered(3))
      }
      expect(Date.now() - started).toBeLessThan(10_000)
      await Promise.all([0, 1, 2].map((partition) => kafka.producer().produce({ topic: empty, partition, value: 'end' })))
      for (const [batch] of await Promise.all(polls)) expect(texts(batch!.records)).toEqual(['end'])
    })

    it('C17: repeated polls at the end of the log miss nothing and repeat nothing', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      const producer = kafka.producer()
      const read: string[][] = [[], []]
      const offsets = [0, 0]
      const writing = (async () => {
        for (let i = 0; i < 60; i++) {
          await producer.produce({ topic, partition: i % 2, value: `${i}` })
          if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 15))
        }
      })()
      const deadline = Date.now() + 30_000
      while (offsets[0]! + offsets[1]! < 60 && Date.now() < deadline) {
        const positions = [0, 1].map((partition) => ({ topic, partition, offset: offsets[partition]! }))
        for (const { partition, records, nextOffset } of await kafka.fetch(positions, { maxWaitMs: 100 })) {
          read[partition]!.push(...texts(records))
          offsets[partition] = nextOffset
        }
      }
      await writing
      expect(read).toEqual([0, 1].map((partition) => numbered(60).filter((_, i) => i % 2 === partition)))
    })

    it('an offset that is not in the log is an error that says so', async () => {
      const kafka = world.client()
      const topic = await filled(kafka, 1, 3)
      await expect(kafka.fetch([{ topic, partition: 0, offset: 1000 }])).rejects.toMatchObject({
        code: 'OFFSET_OUT_OF_RANGE',
        context: { topic, partition: 0, offset: 1000 },
      })
      expect(texts((await kafka.fetch([{ topic, partition: 0, offset: 1 }]))[0]!.records)).toEqual(['1', '2'])
    })

    it('a partition that the topic does not have is an error that says so', async () => {
      const topic = await world.topic(2)
      await expect(world.client().fetch([{ topic, partition: 2, offset: 0 }])).rejects.toMatchObject({
        code: 'UNKNOWN_PARTITION',
      })
    })

    it('no positions, no batches', async () => {
      expect(await world.client().fetch([])).toEqual([])
    })
  },
  allTargets,
)
