/** Producers that go on where brokers changed their mind, forgot them, or lost what they had acknowledged (KIP-360). */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type DataLossEvent, Kafka, type KafkaError } from '../../src/main/index.ts'
import { startBroker } from '../../src/main/testing/index.ts'
import { describeProducers } from '../../src/shared/protocol/generated/describe-producers.ts'
import { startKafka } from '../kafka/index.ts'
import { ask, setTopicConfig } from '../support/raw-calls.ts'
import { readLog, valuesByPartition } from './log-reader.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

onBrokers('a limit that is lowered', (world) => {
  it.each(['none', 'lz4'] as const)(
    'F50, P10: max.message.bytes sinks below the batches under way: they go in smaller ones, once and in order, and only what is too large alone fails (%s)',
    async (compression) => {
      const topic = await world.topic(1)
      const producer = world.client().producer({ compression })
      await producer.produce({ topic, value: 'before' })
      await setTopicConfig(world.brokers, topic, 'max.message.bytes', '20000')
      const expected = ['before']
      const tooLarge: Promise<KafkaError>[] = []
      const sends: Promise<unknown>[] = []
      for (let i = 0; i < 400; i++) {
        const large = i % 100 === 50
        // no codec makes it much smaller
        const noise = Array.from({ length: large ? 4_000 : 60 }, () => Math.random().toString(36).slice(2)).join('')
        const value = `${i} ${noise}`
        if (!large) expected.push(value)
        const sent = producer.produce({ topic, value })
        if (large)
          tooLarge.push(
            sent.then(
              () => Promise.reject(new Error('it was written')),
              (error: KafkaError) => error,
            ),
          )
        else sends.push(sent)
      }
      await Promise.all(sends)
      for (const error of await Promise.all(tooLarge))
        expect(error).toMatchObject({ code: 'RECORD_TOO_LARGE', outcome: 'not-written', context: { topic, partition: 0 } })
      const log = await world.log(topic)
      expect(log.map(({ value }) => String(value))).toEqual(expected)
      expect(Math.max(...log.map(({ batchBytes }) => batchBytes))).toBeLessThanOrEqual(20_000)
    },
  )
})

const EXPIRATION_MS = 500

interface Forgetful {
  brokers: string[]
  stop(): Promise<unknown>
  /** Resolves when nobody remembers a producer of the topic. */
  forgotten(topic: string): Promise<void>
}

/** Clusters that remember idle producers for half a second. */
const forgetful: [target: string, start: () => Promise<Forgetful>][] = [
  [
    'embedded-1',
    async () => {
      const broker = await startBroker({ producerIdExpirationMs: EXPIRATION_MS })
      return { brokers: broker.brokers, stop: () => broker.close(), forgotten: () => sleep(EXPIRATION_MS + 100) }
    },
  ],
  [
    'real-1',
    async () => {
      const via = process.env['KAFKA_BROKERS'] ? 'maven' : 'auto'
      const configs = { 'producer.id.expiration.ms': EXPIRATION_MS, 'producer.id.expiration.check.interval.ms': 100 }
      const kafka = await startKafka({ nodes: 1, via, configs })
      const remembered = async (topic: string) => {
        const topics = [{ name: topic, partitionIndexes: [0] }]
        const answer = await ask(kafka.brokers[0]!, describeProducers, 0, { topics })
        return answer.topics[0]!.partitions[0]!.activeProducers.length
      }
      return {
        brokers: kafka.brokers,
        stop: () => kafka.stop(),
        forgotten: (topic) => expect.poll(() => remembered(topic), { timeout: 20_000 }).toBe(0),
      }
    },
  ],
]

for (const [target, start] of forgetful) {
  const missing = target === 'real-1' && inject('realKafka1') === null
  describe.skipIf(missing)(`forgetful brokers on ${target}${missing ? ` (skipped: ${inject('realKafkaMissing')})` : ''}`, () => {
    let cluster: Forgetful
    beforeAll(async () => {
      cluster = await start()
    })
    afterAll(() => cluster?.stop())

    it('F37, P7: a broker that forgot an idle producer takes its next records, and nothing is told as lost', async () => {
      await using kafka = new Kafka({ brokers: cluster.brokers })
      const lost: DataLossEvent[] = []
      kafka.on('dataLoss', (event) => lost.push(event))
      await kafka.admin.createTopics([{ topic: 'idle' }])
      const expected: string[] = []
      for (let round = 0; round < 3; round++) {
        const values = Array.from({ length: 20 }, (_, i) => `${round}-${i}`)
        expected.push(...values)
        const sent = await Promise.all(values.map((value) => kafka.producer().produce({ topic: 'idle', value })))
        expect(sent.map(({ offset }) => offset)).toEqual(values.map((_, i) => round * 20 + i))
        await cluster.forgotten('idle')
      }
      expect(valuesByPartition(await readLog(cluster.brokers, 'idle')).get(0)).toEqual(expected)
      expect(lost).toEqual([])
    })
  })
}

/** Acknowledged records vanish between the second and the third burst. */
async function loseAcknowledged(
  world: World,
  topic: string,
  before: () => Promise<void>,
  lose: () => Promise<void>,
): Promise<void> {
  const kafka = world.client()
  const lost: DataLossEvent[] = []
  kafka.on('dataLoss', (event) => lost.push(event))
  const producer = kafka.producer()
  const burst = (what: string) =>
    Array.from({ length: 30 }, (_, i) => producer.produce({ topic, partition: i % 2, value: `${what} ${i}` }))
  const half = (what: string, partition: number) => Array.from({ length: 15 }, (_, i) => `${what} ${2 * i + partition}`)
  await Promise.all(burst('kept'))
  await before()
  await Promise.all(burst('lost'))
  await lose()
  const afterwards = [...burst('after'), ...burst('later')]
  await Promise.all(afterwards)
  const [zero, one] = [0, 1].map((partition) => ['kept', 'after', 'later'].flatMap((what) => half(what, partition)))
  const log = valuesByPartition(await world.log(topic))
  expect(log.get(0)).toEqual(zero)
  expect(log.get(1)).toEqual([...one!.slice(0, 15), ...half('lost', 1), ...one!.slice(15)])
  const detail = expect.stringContaining('OUT_OF_ORDER_SEQUENCE_NUMBER')
  await expect.poll(() => lost).toEqual([{ topic, partition: 0, detail }])
}

onEmbedded('acknowledged records that are lost', 3, (world) => {
  it('F37, F7, IP4: a new leader without them: it is told, and the producer goes on under a new epoch, once and in order', async () => {
    const topic = await world.topic(2)
    const nothing = async () => {}
    await loseAcknowledged(world, topic, nothing, () => world.broker.loseRecords(topic, 0, 15))
  })
})

onPrivateCluster(
  'acknowledged records that are lost',
  (world) => {
    it('F37, F7, IP4: a new leader without them: it is told, and the producer goes on under a new epoch, once and in order', async () => {
      const controller = await world.controller()
      const [leader, follower] = [1, 2, 3].filter((node) => node !== controller) as [number, number]
      const topic = world.freshName()
      const configs = { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' }
      await world.client().admin.createTopics([
        {
          topic,
          assignments: [
            [leader, follower],
            [controller, leader],
          ],
          configs,
        },
      ])
      const pauseFollower = async () => {
        await world.kafka.kill(follower, 'SIGSTOP')
        await world.inSync(topic, [leader])
      }
      await loseAcknowledged(world, topic, pauseFollower, async () => {
        await world.kafka.kill(leader)
        await world.kafka.kill(follower, 'SIGCONT')
      })
    }, 120_000)
  },
  { 'replica.lag.time.max.ms': 1_500, 'broker.session.timeout.ms': 6_000 },
)
