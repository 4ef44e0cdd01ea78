/** What simulated runs have found, in its smallest form. */
import { describe, expect, it } from 'vitest'
import { Kafka, type KafkaError, type KafkaOptions, type ProducerOptions } from '../../src/main/index.ts'
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { apiCode } from '../../src/shared/protocol/registry.ts'
import { SimEnv } from '../support/sim-env.ts'

async function world(producerOptions: ProducerOptions, kafkaOptions: Partial<KafkaOptions> = {}) {
  for (const key of handlers.keys()) await apiCode(key)
  const env = new SimEnv(1)
  const topics = ['known', 'other'].map((topic) => ({ topic, partitions: 1, replicationFactor: 3 }))
  const cluster = new Cluster(env, { ...clusterOptions({ nodes: 3, topics }), onBug: (bug) => expect.unreachable(String(bug)) })
  await env.run(cluster.start())
  const kafka = new Kafka({ brokers: cluster.addresses, ioThreads: 0, submissionRingBytes: 65_536, ...kafkaOptions }, env)
  const producer = kafka.producer(producerOptions)
  const sleep = (ms: number) => env.run(new Promise<void>((resolve) => env.setTimeout(resolve, ms)))
  return { env, cluster, kafka, producer, sleep }
}

describe('F5: with acks 0, when the leader has moved', () => {
  it('the connection that the old leader closes makes the producer look for the new one', async () => {
    const { env, cluster, kafka, producer, sleep } = await world({ acks: 0, idempotent: false })
    await env.run(producer.produce({ topic: 'known', value: 'before' }))
    await sleep(100)
    cluster.moveLeader('known', 0, 1 + (cluster.logFacts('known', 0).leader % 3))
    await env.run(producer.produce({ topic: 'known', value: 'lost' }))
    await sleep(1_000)
    await env.run(producer.produce({ topic: 'known', value: 'after' }))
    await sleep(1_000)
    expect(cluster.logFacts('known', 0).highWatermark).toBe(2)
    await env.run(kafka.close())
  })
})

describe('IP7: the delivery timeout counts from the call', () => {
  const deliveryTimeoutMs = 1_000

  it.each([
    ['room in the budget', 'known'],
    ['room and then for metadata', 'other'],
  ])('for a record that waited for %s', async (_what, topic) => {
    const { env, cluster, kafka, producer, sleep } = await world({ deliveryTimeoutMs, bufferMemory: 65_536, batchBytes: 20_000 })
    await env.run(producer.produce({ topic: 'known', value: 'before' }))
    for (const { id } of cluster.nodes) cluster.kill(id)
    const value = 'x'.repeat(15_000)
    const full = Array.from({ length: 4 }, () => producer.produce({ topic: 'known', value }))
    for (const one of full) one.catch(() => {})
    await sleep(700)
    const called = env.now()
    const error = await env.run(producer.produce({ topic, value }).catch((thrown: KafkaError) => thrown))
    expect(error).toMatchObject({ outcome: 'not-written' })
    expect(env.now() - called).toBeLessThan(deliveryTimeoutMs + 50)
    await env.run(kafka.close({ timeoutMs: 0 }))
  })
})

describe('IP8: a record larger than an entry of the ring', () => {
  it('takes no more of the budget than there is', async () => {
    const bufferMemory = 131_072
    // what a single partition may hold of it
    const room = bufferMemory * 0.75
    const { env, kafka, producer } = await world({ bufferMemory, batchBytes: 100_000 })
    await env.run(producer.produce({ topic: 'known', value: 'before' }))
    const send = (bytes: number) => producer.tryProduce({ topic: 'known', value: 'x'.repeat(bytes) })
    const first = send(60_000)
    // all that is left, but for what the record's own head may take
    const second = send(room - producer.bufferedBytes - 40)
    expect(second).toBeDefined()
    expect(producer.bufferedBytes).toBeGreaterThan(room - 100)
    expect(producer.bufferedBytes).toBeLessThanOrEqual(room)
    await env.run(Promise.all([first, second]))
    expect(producer.bufferedBytes).toBe(0)
    await env.run(kafka.close())
  })
})

describe('IP1: a topic that brokers deny for a while and then know again', () => {
  it('gets records under a new identity, so that they are not taken for those before', async () => {
    const { env, cluster, kafka, producer, sleep } = await world({}, { metadataMaxAgeMs: 1_000, unknownTopicTimeoutMs: 500 })
    const first = await env.run(producer.produce({ topic: 'known', value: 'first' }))
    const error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    cluster.desk.add({ kind: 'fail', apiKey: metadata.key, times: Number.POSITIVE_INFINITY, error, topic: 'known' })
    await sleep(5_000)
    cluster.desk.clear()
    const second = await env.run(producer.produce({ topic: 'known', value: 'second' }))
    expect([first.offset, second.offset]).toEqual([0, 1])
    expect(cluster.logFacts('known', 0).highWatermark).toBe(2)
    await env.run(kafka.close())
  })
})

describe('F28: an I/O core that crashes after a record failed for good', () => {
  it('has a successor that does not take the hole for a loss of the broker', async () => {
    const { env, cluster, kafka, producer, sleep } = await world({}, { pipelineBytes: 0, retryBackoffMs: 500 })
    const losses: unknown[] = []
    kafka.on('dataLoss', (event) => losses.push(event))
    await env.run(producer.produce({ topic: 'known', value: 'first' }))
    cluster.desk.add({ kind: 'delay', apiKey: produce.key, ms: 100, times: 1 })
    const bad = producer.produce({ topic: 'known', value: 'bad', timestamp: Date.UTC(2200, 0) })
    bad.catch(() => {})
    await sleep(20)
    const behind = producer.produce({ topic: 'known', value: 'behind' })
    const error = await env.run(bad.catch((thrown: KafkaError) => thrown))
    expect(error).toMatchObject({ context: { brokerError: 'INVALID_TIMESTAMP' } })
    // its own try was refused, since the one before it is missing; it waits for the next
    await sleep(50)
    kafka.crashIoThread(0)
    expect(await env.run(behind)).toMatchObject({ offset: 1 })
    expect(losses).toEqual([])
    await env.run(kafka.close())
  })
})
