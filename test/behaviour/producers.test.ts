/** P12: several producers of one client, each with settings of its own, on connections and requests that they share. */
import { expect, it } from 'vitest'
import type { RecordMetadata } from '../../src/main/index.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import type { LogRecord } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'
import { onChaos } from './on-chaos.ts'

const textOf = ({ value }: LogRecord) => String(value)

onBrokers('producers of a client', (world) => {
  it('P12: one default for all who name none, one for each name', () => {
    const kafka = world.client()
    const shared = kafka.producer()
    const bulk = kafka.producer({ name: 'bulk', lingerMs: 20 })
    expect(kafka.producer()).toBe(shared)
    expect(kafka.producer({ name: 'default' })).toBe(shared)
    expect(kafka.producer({ name: 'bulk' })).toBe(bulk)
    expect(kafka.producer({ name: 'bulk', lingerMs: 20 })).toBe(bulk)
    expect(bulk).not.toBe(shared)
    expect([shared.name, bulk.name]).toEqual(['default', 'bulk'])
    expect(() => kafka.producer({ name: 'bulk', lingerMs: 21 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('lingerMs 21 where it has 20') }),
    )
    // names of what every object has are names like others
    const odd = ['__proto__', 'constructor', 'toString'].map((name) => kafka.producer({ name }))
    expect(new Set(odd).size).toBe(3)
    expect(kafka.producer({ name: '__proto__' })).toBe(odd[0])
  })

  it('P12: closing one ends what it has, and leaves the others and their records alone', async () => {
    const topic = await world.topic(2)
    const kafka = world.client()
    const [kept, ended] = [kafka.producer({ name: 'kept', lingerMs: 300 }), kafka.producer({ name: 'ended', lingerMs: 20_000 })]
    await Promise.all([kept.produce({ topic, partition: 0, value: 'kept open' }), kept.flush()])
    const waiting = kept.produce({ topic, partition: 0, value: 'kept waiting' })
    const last = ended.produce({ topic, partition: 0, value: 'ended last' })
    await ended.close()
    expect(await last).toMatchObject({ partition: 0 })
    await expect(ended.produce({ topic, value: 'too late' })).rejects.toMatchObject({ code: 'CLOSED', outcome: 'not-written' })
    expect(await waiting).toMatchObject({ partition: 0 })
    expect(kafka.producer({ name: 'kept' })).toBe(kept)
    await Promise.all([1, 2, 3].map((i) => kept.produce({ topic, partition: 1, value: `kept ${i}` })))
    const heir = kafka.producer({ name: 'ended' })
    expect(heir).not.toBe(ended)
    await heir.produce({ topic, partition: 0, value: 'heir' })
    const values = (await world.log(topic)).map(textOf)
    expect(values.slice(0, 1)).toEqual(['kept open'])
    expect(values.slice(1, 3).toSorted()).toEqual(['ended last', 'kept waiting'])
    expect(values.slice(3)).toEqual(['heir', 'kept 1', 'kept 2', 'kept 3'])
  })

  it.each([1, 2])('P12, IP4: on one partition each keeps its own order and sequence (ioThreads %i)', async (ioThreads) => {
    const topic = await world.topic(2)
    const kafka = world.client({ ioThreads })
    const producers = ['a', 'b', 'c'].map((name) => kafka.producer({ name }))
    const sends: Promise<RecordMetadata>[] = []
    for (let burst = 0; burst < 10; burst++) {
      for (let i = 0; i < 20; i++) {
        for (const producer of producers) {
          sends.push(producer.produce({ topic, partition: i % 2, value: `${producer.name} ${burst * 20 + i}` }))
        }
      }
      await new Promise((resolve) => setTimeout(resolve, burst % 3))
    }
    await Promise.all(sends)
    const log = await world.log(topic)
    const ids = new Set<number>()
    for (const { name } of producers) {
      for (const partition of [0, 1]) {
        const own = log.filter((record) => record.partition === partition && textOf(record).startsWith(name))
        expect(own.map(textOf)).toEqual(Array.from({ length: 100 }, (_, i) => `${name} ${2 * i + partition}`))
        expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i))
        const [id, ...others] = new Set(own.map(({ producerId }) => producerId))
        expect(others).toEqual([])
        ids.add(id!)
      }
    }
    // a producer has an identity of its own on each I/O thread
    expect(ids.size).toBe(3 * ioThreads)
  })
})

onChaos(
  'what producers of a client share',
  (chaos) => {
    it('P12, P1, P2: one connection and, where acks agree, one request carry the records of all', async () => {
      const topic = await chaos.world.topic(8)
      const kafka = chaos.client()
      const connections = new Set<number>()
      const requests: { acks: number; partitions: number[] }[] = []
      const strict = ['a', 'b', 'c', 'd'].map((name) => kafka.producer({ name, lingerMs: 100 }))
      const loose = ['e', 'f'].map((name) => kafka.producer({ name, lingerMs: 100, acks: 1, idempotent: false }))
      const unheard = ['g', 'h'].map((name) => kafka.producer({ name, lingerMs: 100, acks: 0, idempotent: false }))
      const send = () =>
        Promise.all(
          [...strict, ...loose, ...unheard].map((producer, partition) => producer.produce({ topic, partition, value: 'v' })),
        )
      await send()
      chaos.proxy.requests({ api: 'Produce', times: Number.POSITIVE_INFINITY }, (frame, exchange) => {
        const { acks, topicData } = exchange.request(produce)!
        const partitions = topicData.flatMap(({ partitionData }) => partitionData.map(({ index }) => index))
        requests.push({ acks, partitions: partitions.toSorted((a, b) => a - b) })
        connections.add(exchange.connection)
        return [frame]
      })
      await send()
      await expect.poll(() => chaos.world.log(topic), { timeout: 10_000 }).toHaveLength(16)
      expect(requests.toSorted((a, b) => a.acks - b.acks)).toEqual([
        { acks: -1, partitions: [0, 1, 2, 3] },
        { acks: 0, partitions: [6, 7] },
        { acks: 1, partitions: [4, 5] },
      ])
      expect(connections.size).toBe(1)
    })
  },
  ['embedded-1', 'real-1'],
)
