/** The broker's own time and chance: a clock that tests move, ids that a seed decides. */
import { afterEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../src/main/testing/broker/virtual-clock.ts'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import { consumerGroupHeartbeat } from '../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { findCoordinator } from '../../../src/shared/protocol/generated/find-coordinator.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { joinGroup } from '../../../src/shared/protocol/generated/join-group.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { quickBroker } from '../../support/quick.ts'
import { makeBatch } from './batches.ts'
import { RawClient } from './client.ts'
import { fetchFrom } from './fixture.ts'

const env = nodeEnv()
const open: { close(): unknown }[] = []
const START_MS = Date.UTC(2030, 0, 1)

async function start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const topics = [{ topic: 't', partitions: 4, configs: { 'message.timestamp.type': 'LogAppendTime' } }]
  const broker = await startBroker({ ...quickBroker, clock: 'virtual', topics, ...options })
  open.push(broker)
  return broker
}

async function client(broker: EmbeddedBroker): Promise<RawClient> {
  const raw = await RawClient.open(env, broker.brokers[0]!)
  open.push(raw)
  return raw
}

const write = (raw: RawClient) =>
  raw.call(produce, 12, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: makeBatch({ values: ['v'], timestamp: START_MS }) }] }],
  })

async function isPending(call: Promise<unknown>, ms = 30): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(resolve, ms, 'pending'))
  return (await Promise.race([call, late])) === 'pending'
}

const joining = { groupId: 'g', memberEpoch: 0, rebalanceTimeoutMs: 300_000, subscribedTopicNames: ['t'], topicPartitions: [] }

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('T3 the virtual clock', () => {
  test('stands still until it is told to go on, and gives records their time', async () => {
    const broker = await start({ clockStartMs: START_MS })
    const raw = await client(broker)
    const stamp = async () => (await write(raw)).responses[0]!.partitionResponses[0]!.logAppendTimeMs
    expect([await broker.clock.now(), await stamp()]).toEqual([START_MS, START_MS])
    expect(await broker.clock.advance(86_400_000)).toBe(START_MS + 86_400_000)
    expect(await stamp()).toBe(START_MS + 86_400_000)
    expect(await broker.clock.advanceTo(new Date(START_MS + 86_400_001))).toBe(START_MS + 86_400_001)
    expect(await stamp()).toBe(START_MS + 86_400_001)
    expect((await broker.requests({ api: 'Produce' })).map(({ at }) => at - START_MS)).toEqual([0, 86_400_000, 86_400_001])
  })

  test('starts with the time of the machine', async () => {
    const broker = await start()
    expect(Math.abs((await broker.clock.now()) - Date.now())).toBeLessThan(10_000)
  })

  test('ends the session of a member that a day of real time would not, and gives what it had to the next one', async () => {
    const broker = await start({ groups: { sessionTimeoutMs: 86_400_000, assignmentIntervalMs: 0 } })
    const raw = await client(broker)
    await raw.call(findCoordinator, 6, { keyType: 0, coordinatorKeys: ['g'] })
    const first = await raw.call(consumerGroupHeartbeat, 1, { ...joining, memberId: 'first' })
    expect(first.assignment?.topicPartitions[0]?.partitions).toEqual([0, 1, 2, 3])
    await broker.clock.advance(86_399_999)
    const beat = {
      groupId: 'g',
      memberId: 'first',
      memberEpoch: first.memberEpoch,
      rebalanceTimeoutMs: -1,
      topicPartitions: null,
    }
    const unaware = { ...beat, subscribedTopicNames: null }
    expect(await raw.call(consumerGroupHeartbeat, 1, unaware)).toMatchObject({ errorCode: 0 })
    await broker.clock.advance(86_400_000)
    expect(await raw.call(consumerGroupHeartbeat, 1, unaware)).toMatchObject({ errorCode: 25 })
    const second = await raw.call(consumerGroupHeartbeat, 1, { ...joining, memberId: 'second' })
    expect(second.assignment?.topicPartitions[0]?.partitions).toEqual([0, 1, 2, 3])
  })

  test('ends a rebalance that waits for more members', async () => {
    const broker = await start({ groups: { initialRebalanceDelayMs: 3_000 } })
    const raw = await client(broker)
    await raw.call(findCoordinator, 6, { keyType: 0, coordinatorKeys: ['k'] })
    const join = { groupId: 'k', sessionTimeoutMs: 9_000, rebalanceTimeoutMs: 9_000, protocolType: 'consumer' }
    const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
    const { memberId } = await raw.call(joinGroup, 9, { ...join, memberId: '', protocols })
    const joined = raw.call(joinGroup, 9, { ...join, memberId, protocols })
    expect(await isPending(joined)).toBe(true)
    await broker.clock.advance(2_999)
    expect(await isPending(joined)).toBe(true)
    await broker.clock.advance(1)
    expect(await joined).toMatchObject({ errorCode: 0, generationId: 1, leader: memberId })
  })

  test('holds delays of the fault desk, and not the long polls of clients', async () => {
    const broker = await start()
    const raw = await client(broker)
    await broker.faults.delay('Metadata', { ms: 300 })
    const late = raw.call(metadata, 12, { topics: [] })
    expect(await isPending(late)).toBe(true)
    await broker.clock.advance(300)
    await late
    const before = performance.now()
    await fetchFrom(raw, [{ topic: 't' }], { version: 12, maxWaitMs: 60 })
    expect(performance.now() - before).toBeGreaterThan(55)
  })

  test('times may only come', async () => {
    const broker = await start({ clockStartMs: START_MS })
    await expect(broker.clock.advance(-1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(broker.clock.advanceTo(START_MS - 1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await broker.close()
    await expect(broker.clock.advance(1)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test("the machine's clock cannot be moved", async () => {
    const broker = await start({ clock: 'real' })
    expect(Math.abs((await broker.clock.now()) - Date.now())).toBeLessThan(10_000)
    await expect(broker.clock.advance(1)).rejects.toMatchObject({ message: expect.stringContaining("clock: 'virtual'") })
    await expect(startBroker({ clockStartMs: 5 })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  test('timers run in their order, those that others set included, one after the other', async () => {
    const clock = new VirtualClock(env, 0)
    const world = clock.env()
    const ran: string[] = []
    const at = (name: string) => ran.push(`${name} at ${world.now()}`)
    world.setTimeout(() => at('c'), 20)
    world.setTimeout(() => {
      at('a')
      Promise.resolve().then(() => at('soon after a'))
      world.setTimeout(() => at('b'), 5)
    }, 10)
    const cancelled = world.setTimeout(() => at('never'), 12)
    world.clearTimeout(cancelled)
    expect(await Promise.all([clock.advance(15), clock.advance(5)])).toEqual([15, 20])
    expect(ran).toEqual(['a at 10', 'soon after a at 10', 'b at 15', 'c at 20'])
  })
})

describe('T3 a seed', () => {
  /** All that the broker makes up by itself. */
  const madeUp = async (seed?: number) => {
    const options = { clockStartMs: START_MS, ...(seed !== undefined && { seed }) }
    const broker = await start(options)
    const raw = await client(broker)
    const { clusterId, topics } = await raw.call(metadata, 12, { topics: [{ name: 't' }] })
    const { producerId } = await raw.call(initProducerId, 5, { transactionalId: null, transactionTimeoutMs: 1 })
    await raw.call(findCoordinator, 6, { keyType: 0, coordinatorKeys: ['k'] })
    const join = { groupId: 'k', sessionTimeoutMs: 9_000, rebalanceTimeoutMs: 9_000, protocolType: 'consumer', memberId: '' }
    const { memberId } = await raw.call(joinGroup, 9, { ...join, protocols: [{ name: 'range', metadata: Buffer.alloc(0) }] })
    const fetched = await fetchFrom(raw, [{ topic: 't' }], { version: 12, sessionEpoch: 0 })
    const written = await write(raw)
    return JSON.stringify({ clusterId, topicId: topics[0]!.topicId, producerId, memberId, session: fetched.sessionId, written })
  }

  test('decides every id and every answer', async () => {
    const [once, again, other, unseeded] = [await madeUp(5), await madeUp(5), await madeUp(6), await madeUp()]
    expect(again).toBe(once)
    expect(other).not.toBe(once)
    expect(unseeded).not.toBe(once)
  })
})
