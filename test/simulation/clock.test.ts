/** F34: the wall clock jumps while all else goes on: only timestamps of records follow it (IX6). */
import { beforeAll, expect, it } from 'vitest'
import { Kafka, type KafkaError } from '../../src/main/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { SimEnv } from '../support/sim-env.ts'

const HOUR_MS = 3_600_000

class JumpingEnv extends SimEnv {
  offset = 0

  override wallClock(): number {
    return super.wallClock() + this.offset
  }
}

async function world() {
  const env = new JumpingEnv(1)
  const bugs: unknown[] = []
  // the broker has the same clock, and would refuse what comes from its future
  const configs = { 'message.timestamp.after.max.ms': `${Number.MAX_SAFE_INTEGER}` }
  const options = clusterOptions({ nodes: 1, topics: [{ topic: 't', partitions: 1, configs }] })
  const cluster = new Cluster(env, { ...options, onBug: (bug) => bugs.push(bug) })
  await env.run(cluster.start())
  const kafka = new Kafka({ brokers: cluster.addresses, ioThreads: 0 }, env)
  const disconnects: unknown[] = []
  kafka.on('connection', (event) => event.state === 'disconnected' && disconnects.push(event))
  const end = async () => {
    expect(disconnects).toEqual([])
    await env.run(kafka.close())
    cluster.close()
    expect(bugs).toEqual([])
  }
  return { env, cluster, kafka, end }
}

// code is loaded in real time, while virtual time runs on
beforeAll(async () => {
  const { env, kafka, end } = await world()
  await env.run(kafka.producer().produce({ topic: 't', value: 'x' }))
  await env.run(kafka.fetch([{ topic: 't', partition: 0, offset: 0 }]))
  await end()
})

it('F34: records carry the wall clock of their call, and nothing times out or is connected anew', async () => {
  const { env, kafka, end } = await world()
  const producer = kafka.producer({ deliveryTimeoutMs: 5_000 })
  const given: number[] = []
  for (const offset of [0, HOUR_MS, -HOUR_MS, 0]) {
    env.offset = offset
    // a long poll and sends are under way while the clock jumps back
    const read = kafka.fetch([{ topic: 't', partition: 0, offset: given.length }], { maxWaitMs: 2_000, timeoutMs: 4_000 })
    given.push(env.wallClock())
    const sent = producer.produce({ topic: 't', value: 'x' })
    env.offset = -offset
    const [{ timestamp }, [batch]] = await env.run(Promise.all([sent, read]))
    expect(timestamp).toBe(given.at(-1))
    expect(batch!.records.map((record) => record.timestamp)).toEqual([given.at(-1)])
  }
  await end()
})

it.each([HOUR_MS, -HOUR_MS])('F34: a jump of %i ms neither hurries nor delays the delivery timeout', async (jump) => {
  const { env, cluster, kafka, end } = await world()
  const producer = kafka.producer({ deliveryTimeoutMs: 5_000 })
  await env.run(producer.produce({ topic: 't', value: 'open' }))
  const error = ErrorCode.NOT_ENOUGH_REPLICAS
  cluster.desk.add({ kind: 'fail', apiKey: produce.key, times: Number.POSITIVE_INFINITY, error })
  const started = env.now()
  const sent = producer.produce({ topic: 't', value: 'stuck' }).catch((thrown: KafkaError) => thrown)
  await env.run(new Promise<void>((resolve) => env.setTimeout(resolve, 1_000)))
  env.offset = jump
  expect(await env.run(sent)).toMatchObject({ code: 'DELIVERY_TIMEOUT', outcome: 'not-written' })
  expect(env.now() - started).toBeGreaterThan(4_900)
  expect(env.now() - started).toBeLessThan(6_100)
  cluster.desk.clear()
  expect(await env.run(producer.produce({ topic: 't', value: 'after' }))).toMatchObject({ offset: 1 })
  await end()
})
