/**
 * Leaders that move while brokers say where they went (KIP-951): on both kinds of cluster of three nodes, through a proxy that counts
 * requests and lies. Judged by the log, and by the Metadata requests that were not made.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { type FetchResponse, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { type ProduceResponse, produce } from '../../src/shared/protocol/generated/produce.ts'
import { hold } from '../chaos/actions.ts'
import type { Exchange } from '../chaos/exchange.ts'
import type { TargetName } from './on-brokers.ts'
import { type ChaosWorld, type Ledger, onChaos, readAll } from './on-chaos.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const CLUSTERS: readonly TargetName[] = ['embedded-3', 'real-3']
const NO_HINT = { leaderId: -1, leaderEpoch: -1 }

const countOf = ({ proxy }: ChaosWorld, api: string, node?: number): number => proxy.traffic.times(api, node).length

/** Sends to every partition until it is told to stop. */
function traffic(ledger: Ledger, partitions: number): () => Promise<void> {
  let over = false
  const running = (async () => {
    while (!over) {
      for (let partition = 0; partition < partitions; partition++) void ledger.send(partition)
      await sleep(3)
    }
  })()
  return async () => {
    over = true
    await running
  }
}

/** Reads a partition from its beginning until it has seen so many; every record once and in order, or it fails. */
function follow(kafka: Kafka, topic: string, partition: number): { values: string[]; seen: (count: number) => Promise<void> } {
  const values: string[] = []
  let wanted = Number.POSITIVE_INFINITY
  const reading = (async () => {
    for (let offset = 0; values.length < wanted; ) {
      const [batch] = await kafka.fetch([{ topic, partition, offset }], { maxWaitMs: 200 })
      for (const record of batch!.records) {
        expect(record.offset).toBe(values.length)
        values.push(String(record.value))
      }
      offset = batch!.nextOffset
    }
  })()
  return {
    values,
    async seen(count) {
      wanted = count
      await reading
    },
  }
}

onChaos(
  'leader hints',
  (chaos) => {
    const { world } = chaos

    it('F5, N1, P7: leaders move under writers and readers: no Metadata request, nothing lost, repeated or reordered', async () => {
      const topic = await world.topic(3)
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(6, 3)
      const readers = [0, 1, 2].map((partition) => follow(kafka, topic, partition))
      const end = traffic(ledger, 3)
      await sleep(300)
      const asked = countOf(chaos, 'Metadata')
      for (let round = 0; round < 6; round++) {
        await world.moveLeader(topic, round % 3, 1 + ((round + 1 + Math.floor(round / 3)) % 3))
        await sleep(150)
      }
      await end()
      await ledger.settle()
      for (const [partition, reader] of readers.entries()) {
        const sent = ledger.sent.get(partition)!
        await reader.seen(sent.length)
        expect(reader.values).toEqual(sent)
      }
      // a real broker that has not heard of the move itself cannot say where the leader is
      expect(countOf(chaos, 'Metadata') - asked).toBeLessThanOrEqual(world.target === 'real-3' ? 2 : 0)
    })

    it('F5, N1: a long poll outlives a move of its leader without a Metadata request', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      expect((await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 0 }))[0]!.records).toEqual([])
      const asked = countOf(chaos, 'Metadata')
      const poll = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 20_000, timeoutMs: 40_000 })
      await sleep(200)
      await world.moveLeader(topic, 0, 2)
      await sleep(300)
      expect(countOf(chaos, 'Fetch', 2)).toBeGreaterThan(0)
      expect(countOf(chaos, 'Metadata') - asked).toBe(0)
      await chaos.client({ clientId: 'other' }).producer().produce({ topic, value: 'moved' })
      expect((await poll)[0]!.records.map(({ value }) => String(value))).toEqual(['moved'])
    })

    it('F5, N1: what one producer was told every caller of the client knows, on every thread', async () => {
      const topic = await world.topic(2)
      const kafka = chaos.client({ ioThreads: 2 })
      await chaos.ledger(topic, kafka.producer()).burst(2, 2)
      for (const partition of [0, 1]) await world.moveLeader(topic, partition, 3)
      const asked = countOf(chaos, 'Metadata')
      for (const partition of [0, 1]) await kafka.producer().produce({ topic, partition, value: 'told' })
      const [elsewhere, there] = [countOf(chaos, 'Produce', 1) + countOf(chaos, 'Produce', 2), countOf(chaos, 'Produce', 3)]
      for (const partition of [0, 1]) await kafka.producer({ name: 'other' }).produce({ topic, partition, value: 'knows' })
      const latest = await kafka.admin.listOffsets([0, 1].map((partition) => ({ topic, partition, timestamp: 'latest' })))
      expect(latest.map(({ offset }) => offset)).toEqual([3, 3])
      expect(countOf(chaos, 'Produce', 1) + countOf(chaos, 'Produce', 2)).toBe(elsewhere)
      expect(countOf(chaos, 'Produce', 3)).toBeGreaterThan(there)
      expect([1, 2, 3].map((node) => countOf(chaos, listOffsets.name, node))).toEqual([0, 0, 1])
      expect(countOf(chaos, 'Metadata') - asked).toBe(0)
    })

    it('N1: a broker that only a hint names is found where the hint says, by every thread', async () => {
      const topic = await world.topic(1)
      chaos.proxy.rewrite(metadata, (body) => void (body.brokers = body.brokers.filter(({ nodeId }) => nodeId !== 3)), {
        times: ALWAYS,
      })
      // the partition lives on one of the threads, calls are made by the first
      const kafka = chaos.client({ ioThreads: 3 })
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      await world.moveLeader(topic, 0, 3)
      const asked = countOf(chaos, 'Metadata')
      await ledger.burst(2)
      expect(await readAll(kafka, topic, 4)).toEqual(['0', '1', '2', '3'])
      expect(await kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }])).toMatchObject([{ offset: 4 }])
      expect(countOf(chaos, 'Metadata') - asked).toBe(0)
      await ledger.settle()
    })

    it('F6: metadata that was on its way when the hint came is older than it, and nobody goes back', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client({ metadataMaxAgeMs: 1_000 })
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const names = (exchange: Exchange) => exchange.request(metadata)!.topics!.some(({ name }) => name === topic)
      const held = chaos.proxy.answers({ api: 'Metadata', when: names }, hold(released))
      await held.reached()
      await world.moveLeader(topic, 0, 2)
      await ledger.burst(2)
      const elsewhere = () => countOf(chaos, 'Produce', 1) + countOf(chaos, 'Produce', 3)
      const [there, before] = [countOf(chaos, 'Produce', 2), elsewhere()]
      expect(there).toBeGreaterThan(0)
      release()
      for (let i = 0; i < 10; i++) {
        await sleep(10)
        await ledger.burst(1)
      }
      expect(elsewhere()).toBe(before)
      await ledger.settle()
    })

    const silent: [what: string, silence: () => void][] = [
      [
        'the answers lose their hints',
        () => {
          const strip = (body: ProduceResponse | FetchResponse) => {
            body.nodeEndpoints = []
            for (const topic of body.responses) for (const one of partitionsOf(topic)) one.currentLeader = NO_HINT
          }
          chaos.proxy.rewrite(produce, strip, { times: ALWAYS })
          chaos.proxy.rewrite(fetch, strip, { times: ALWAYS })
        },
      ],
      [
        'the brokers are older than hints',
        () => {
          const newest = new Map([
            [produce.key, 9],
            [fetch.key, 15],
          ])
          chaos.proxy.rewrite(
            apiVersions,
            ({ apiKeys }) => {
              for (const range of apiKeys) range.maxVersion = newest.get(range.apiKey) ?? range.maxVersion
            },
            { times: ALWAYS },
          )
        },
      ],
    ]
    it.each(silent)('F5, N1: %s: metadata finds the leader as ever', async (_what, silence) => {
      const topic = await world.topic(1)
      silence()
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      const reader = follow(kafka, topic, 0)
      const asked = countOf(chaos, 'Metadata')
      await world.moveLeader(topic, 0, 2)
      await ledger.burst(4)
      await reader.seen(6)
      expect(countOf(chaos, 'Metadata') - asked).toBeGreaterThan(0)
      await ledger.settle()
    })
  },
  CLUSTERS,
)

function partitionsOf(topic: ProduceResponse['responses'][number] | FetchResponse['responses'][number]) {
  return 'partitionResponses' in topic ? topic.partitionResponses : topic.partitions
}
