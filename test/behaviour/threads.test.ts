/** The same core of behaviour whatever number of I/O threads does the work. */
import { describe, expect, it } from 'vitest'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'

onBrokers('threads', (world) => {
  describe.each([0, 1, 2])('ioThreads %i', (ioThreads) => {
    it('writes in order, once, to partitions of every thread, and reads them back', async () => {
      const topic = await world.topic(6)
      const kafka = world.client({ ioThreads })
      const producer = kafka.producer()
      const sent = new Map<number, string[]>()
      const sends: Promise<unknown>[] = []
      for (let i = 0; i < 600; i++) {
        const partition = i % 6
        const value = `${i}`.padEnd(i % 97 === 0 ? 200_000 : i % 50, '.')
        sent.set(partition, [...(sent.get(partition) ?? []), value])
        sends.push(producer.produce({ topic, partition, value }))
      }
      await Promise.all(sends)
      expect(valuesByPartition(await world.log(topic))).toEqual(sent)
      const read = new Map<number, string[]>([...sent.keys()].map((partition) => [partition, []]))
      const offsets = new Map<number, number>([...sent.keys()].map((partition) => [partition, 0]))
      for (let rounds = 0; [...offsets.values()].some((offset) => offset < 100); rounds++) {
        expect(rounds).toBeLessThan(50)
        const batches = await kafka.fetch([...offsets].map(([partition, offset]) => ({ topic, partition, offset })))
        for (const { partition, records, nextOffset } of batches) {
          read.get(partition)!.push(...records.map(({ value }) => String(value)))
          offsets.set(partition, nextOffset)
        }
      }
      expect(read).toEqual(sent)
    })

    it('waits, lingers, flushes and ends', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ ioThreads })
      const poll = kafka.fetch([{ topic, partition: 2, offset: 0 }], { maxWaitMs: 20_000, timeoutMs: 40_000 })
      const producer = kafka.producer({ lingerMs: 30, bufferMemory: 64 * 1024, batchBytes: 16 * 1024 })
      const sends = Array.from({ length: 200 }, (_, i) =>
        producer.produce({ topic, partition: i % 3, value: Buffer.alloc(1000) }),
      )
      await producer.flush()
      expect(await Promise.all(sends)).toHaveLength(200)
      expect((await poll)[0]!.records.length).toBeGreaterThan(0)
      const last = producer.produce({ topic, partition: 0, value: 'last' })
      await kafka.close()
      expect(await last).toMatchObject({ partition: 0, offset: 67 })
      await expect(kafka.connect()).rejects.toMatchObject({ code: 'CLOSED' })
    })
  })
})
