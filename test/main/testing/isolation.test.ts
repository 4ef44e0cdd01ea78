/** Nodes that are cut off from the others or from their clients: what is lost, what is kept, and who is told what. */
import { describe, expect, test } from 'vitest'
import { Kafka } from '../../../src/main/index.ts'
import { startBroker } from '../../../src/main/testing/index.ts'
import { consumerGroupHeartbeat } from '../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { createTopics } from '../../../src/shared/protocol/generated/create-topics.ts'
import { findCoordinator } from '../../../src/shared/protocol/generated/find-coordinator.ts'
import { listOffsets } from '../../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { offsetForLeaderEpoch } from '../../../src/shared/protocol/generated/offset-for-leader-epoch.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { makeBatch, recordsIn } from './batches.ts'
import type { RawClient } from './client.ts'
import { Fixture, type FixtureOptions, fetchFrom } from './fixture.ts'

const Code = { NOT_LEADER: 6, TIMED_OUT: 7, NOT_AVAILABLE: 15, NOT_COORDINATOR: 16, NOT_ENOUGH_REPLICAS: 19 }

/** Three nodes; `t` is led by node 1, node 2 is next. */
const start = (options: FixtureOptions = {}) => Fixture.start({ nodes: 3, topics: [{ topic: 't' }], ...options })

/** Not awaited: what comes of it is asked for later. */
function send(fixture: Fixture, client: RawClient, value: string, acks = -1, timeoutMs = 30_000) {
  const partitionData = [{ index: 0, records: makeBatch({ values: [value] }) }]
  const call = client.call(produce, 13, { acks, timeoutMs, topicData: [{ topicId: fixture.id(), partitionData }] })
  const answer = call.then(({ responses }) => responses[0]!.partitionResponses[0]!)
  answer.catch(() => {})
  return answer
}

async function values(fixture: Fixture, client: RawClient, offset = 0) {
  const { responses } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset }]))
  const [answer] = responses[0]!.partitions
  return { error: answer!.errorCode, end: answer!.highWatermark, values: recordsIn(answer!.records).map(([, value]) => value) }
}

async function leaders(fixture: Fixture, client: RawClient) {
  const { brokers, topics } = await fixture.after(client.call(metadata, 12, { topics: [{ name: 't' }] }))
  const { leaderId, leaderEpoch, isrNodes } = topics[0]!.partitions[0]!
  return { nodes: brokers.map(({ nodeId }) => nodeId), leaderId, leaderEpoch, isrNodes }
}

describe('T3 a leader that is cut off from the other nodes', () => {
  test('goes on under its old epoch, and another one leads for everybody else', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    fixture.cluster.isolate(1, 'nodes', 0)
    expect(await leaders(fixture, one)).toEqual({ nodes: [1, 2, 3], leaderId: 1, leaderEpoch: 0, isrNodes: [1, 2, 3] })
    expect(await leaders(fixture, two)).toEqual({ nodes: [2, 3], leaderId: 2, leaderEpoch: 1, isrNodes: [2, 3] })
    const epochs = { topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: 1, leaderEpoch: 0 }] }] }
    const ask = async (client: RawClient) =>
      (await fixture.after(client.call(offsetForLeaderEpoch, 4, epochs))).topics[0]!.partitions[0]!.errorCode
    expect([await ask(one), await ask(two)]).toEqual([75, 0]) // UNKNOWN_LEADER_EPOCH
    fixture.cluster.heal(1)
    expect(await leaders(fixture, one)).toEqual({ nodes: [1, 2, 3], leaderId: 2, leaderEpoch: 1, isrNodes: [2, 3, 1] })
  })

  test("acks 'all' waits in vain, acks 1 is told that it is well, readers see nothing new; all that is gone when it is back", async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    await fixture.after(send(fixture, one, 'before'))
    fixture.cluster.isolate(1, 'nodes', 0)
    expect(await fixture.after(send(fixture, one, 'lost', 1))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await fixture.after(send(fixture, one, 'late', -1, 500), 500)).toMatchObject({
      errorCode: Code.TIMED_OUT,
      baseOffset: -1,
    })
    expect(await values(fixture, one)).toEqual({ error: 0, end: 1, values: ['before'] })
    expect(fixture.cluster.factsAt('t', 0, 1)).toMatchObject({ highWatermark: 1, leader: 1, leaderEpoch: 0 })
    expect(await fixture.after(send(fixture, two, 'kept'))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    const waiting = send(fixture, await fixture.client(1), 'told')
    await fixture.env.advance(10)
    fixture.cluster.heal(1)
    expect(await fixture.after(waiting)).toMatchObject({
      errorCode: Code.NOT_LEADER,
      currentLeader: { leaderId: 2, leaderEpoch: 1 },
    })
    expect(await fixture.after(send(fixture, one, 'no'))).toMatchObject({ errorCode: Code.NOT_LEADER })
    expect(await values(fixture, two)).toEqual({ error: 0, end: 2, values: ['before', 'kept'] })
    expect(await values(fixture, one)).toEqual({ error: 0, end: 2, values: ['before', 'kept'] })
    expect(fixture.bugs).toEqual([])
  })

  test('nothing is lost, and what waited is acknowledged, when it is back before the others have noticed', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    fixture.cluster.isolate(1, 'nodes', 9_000)
    const waiting = send(fixture, one, 'waits')
    await fixture.env.advance(8_000)
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ highWatermark: 0, leader: 1, leaderEpoch: 0 })
    expect((await leaders(fixture, two)).leaderId).toBe(1)
    fixture.cluster.heal(1)
    expect(await fixture.after(waiting)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    await fixture.env.advance(9_000)
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ highWatermark: 1, leader: 1, leaderEpoch: 0 })
  })

  test('after a while the others notice: what it had appended alone is not theirs', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    fixture.cluster.isolate(1, 'nodes', 9_000)
    expect(await fixture.after(send(fixture, one, 'lost', 1))).toMatchObject({ errorCode: 0 })
    const waiting = send(fixture, one, 'waits')
    await fixture.env.advance(9_000)
    expect(await fixture.isPending(waiting, 1_000)).toBe(true)
    expect(await leaders(fixture, two)).toMatchObject({ leaderId: 2, leaderEpoch: 1 })
    expect(await values(fixture, two)).toMatchObject({ end: 0, values: [] })
    expect(await fixture.after(waiting, 30_000)).toMatchObject({ errorCode: Code.TIMED_OUT })
  })

  test('a batch that is sent again to the new leader is no duplicate of what is lost', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    const batch = { producerId: 5, producerEpoch: 0, baseSequence: 0 }
    await fixture.produce(one, batch)
    fixture.cluster.isolate(1, 'nodes', 1_000)
    await fixture.produce(one, { ...batch, baseSequence: 1 }, { acks: 1 })
    await fixture.env.advance(1_000)
    expect(await fixture.produce(two, { ...batch, baseSequence: 1 })).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await fixture.produce(two, batch)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(2)
  })

  test('the only replica in sync keeps what it takes; for the others there is no leader meanwhile', async () => {
    const fixture = await start({ topics: [{ topic: 't', replicationFactor: 1 }] })
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    fixture.cluster.isolate(1, 'nodes', 0)
    expect(await leaders(fixture, two)).toMatchObject({ leaderId: -1 })
    expect(await fixture.after(send(fixture, one, 'kept'))).toMatchObject({ errorCode: 0, baseOffset: 0 })
    fixture.cluster.heal(1)
    expect(await leaders(fixture, two)).toMatchObject({ leaderId: 1, leaderEpoch: 2 })
    expect(await values(fixture, one)).toMatchObject({ values: ['kept'] })
  })

  test('long polls at it end when it is back', async () => {
    const fixture = await start()
    const one = await fixture.client(1)
    fixture.cluster.isolate(1, 'nodes', 0)
    const poll = fetchFrom(one, [{ topicId: fixture.id(), currentLeaderEpoch: 0 }], { maxWaitMs: 60_000 })
    expect(await fixture.isPending(poll, 1_000)).toBe(true)
    fixture.cluster.heal(1)
    expect((await fixture.after(poll)).responses[0]!.partitions[0]!.errorCode).toBe(74) // FENCED_LEADER_EPOCH
  })
})

describe('T3 a follower that is cut off', () => {
  test('leaves the replicas in sync; without enough of them acks all is refused', async () => {
    const fixture = await start({ configs: { 'min.insync.replicas': '2' } })
    const one = await fixture.client(1)
    fixture.cluster.isolate(3, 'nodes', 0)
    expect(await fixture.after(send(fixture, one, 'a'))).toMatchObject({ errorCode: 0 })
    expect(await leaders(fixture, one)).toMatchObject({ leaderId: 1, leaderEpoch: 0, isrNodes: [1, 2] })
    fixture.cluster.isolate(2, 'nodes', 0)
    expect(await fixture.after(send(fixture, one, 'b'))).toMatchObject({ errorCode: Code.NOT_ENOUGH_REPLICAS })
    fixture.cluster.heal(2)
    expect(await fixture.after(send(fixture, one, 'c'))).toMatchObject({ errorCode: 0, baseOffset: 1 })
  })

  test('holds the leader up until that is noticed', async () => {
    const fixture = await start()
    const one = await fixture.client(1)
    fixture.cluster.isolate(3, 'nodes', 9_000)
    const waiting = send(fixture, one, 'a')
    expect(await fixture.isPending(waiting, 8_999)).toBe(true)
    expect(await values(fixture, await fixture.client(1))).toMatchObject({ end: 0, values: [] })
    expect(await fixture.after(waiting, 1)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(await values(fixture, one)).toMatchObject({ end: 1, values: ['a'] })
  })

  test('gives those who read from it what it has', async () => {
    const fixture = await start()
    const [one, three] = [await fixture.client(1), await fixture.client(3)]
    await fixture.after(send(fixture, one, 'old'))
    fixture.cluster.isolate(3, 'nodes', 0)
    await fixture.after(send(fixture, one, 'new'))
    expect(await values(fixture, three)).toEqual({ error: 0, end: 1, values: ['old'] })
    fixture.cluster.heal(3)
    expect(await values(fixture, three)).toEqual({ error: 0, end: 2, values: ['old', 'new'] })
  })
})

describe('T3 what else a node does that is cut off', () => {
  test('coordinates nothing any more, and somebody else does', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    fixture.cluster.coordinator.move('g', 1, 0)
    fixture.cluster.isolate(1, 'nodes', 0)
    const found = async (client: RawClient) =>
      (await fixture.after(client.call(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] }))).coordinators[0]!.nodeId
    const coordinator = await found(two)
    expect([await found(one), coordinator === 1]).toEqual([1, false])
    const beat = {
      groupId: 'g',
      memberId: 'm',
      memberEpoch: 0,
      rebalanceTimeoutMs: 9_000,
      subscribedTopicNames: ['t'],
      topicPartitions: [],
    }
    const heartbeat = async (client: RawClient) => (await fixture.after(client.call(consumerGroupHeartbeat, 1, beat))).errorCode
    expect([await heartbeat(one), await heartbeat(await fixture.client(coordinator))]).toEqual([Code.NOT_AVAILABLE, 0])
    fixture.cluster.heal(1)
    expect(await heartbeat(one)).toBe(Code.NOT_COORDINATOR)
  })

  test('has requests to the controller wait, and cannot be made a leader', async () => {
    const fixture = await start()
    const one = await fixture.client(1)
    fixture.cluster.isolate(1, 'nodes', 0)
    const made = one.call(createTopics, 7, { topics: [{ name: 'n', numPartitions: 1, replicationFactor: 1 }] })
    expect(await fixture.isPending(made, 60_000)).toBe(true)
    expect(fixture.cluster.topics.has('n')).toBe(false)
    expect(() => fixture.cluster.moveLeader('t', 0, 1)).toThrow('cut off')
    expect(() => fixture.cluster.moveCoordinator('g', 1, 0)).toThrow('cut off')
    fixture.cluster.heal(1)
    expect((await fixture.after(made)).topics[0]!.errorCode).toBe(0)
  })

  test('may be killed and revived: it is still cut off', async () => {
    const fixture = await start()
    await fixture.after(send(fixture, await fixture.client(1), 'a'))
    fixture.cluster.isolate(1, 'nodes', 0)
    fixture.cluster.kill(1)
    await fixture.cluster.revive(1)
    expect(await leaders(fixture, await fixture.client(1))).toMatchObject({ leaderId: 1, leaderEpoch: 0 })
    expect(await leaders(fixture, await fixture.client(2))).toMatchObject({ nodes: [2, 3], leaderId: 2, isrNodes: [2, 3] })
    fixture.cluster.heal(1)
    expect(await leaders(fixture, await fixture.client(1))).toMatchObject({ leaderId: 2, isrNodes: [2, 3, 1] })
  })
})

describe('T3 a node that is cut off from its clients', () => {
  test('hears and says nothing until it is healed; the cluster does not care', async () => {
    const fixture = await start()
    const [one, two] = [await fixture.client(1), await fixture.client(2)]
    const poll = fetchFrom(one, [{ topicId: fixture.id() }], { maxWaitMs: 500 })
    await fixture.env.advance(1)
    fixture.cluster.isolate(1, 'clients', 0)
    expect(await fixture.isPending(poll, 1_000)).toBe(true)
    const sent = send(fixture, one, 'v')
    const fresh = await fixture.client(1)
    const asked = fresh.call(listOffsets, 7, { replicaId: -1, topics: [{ name: 't', partitions: [{ timestamp: -1 }] }] })
    expect([await fixture.isPending(sent, 1_000), await fixture.isPending(asked)]).toEqual([true, true])
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(0)
    expect(await leaders(fixture, two)).toMatchObject({ nodes: [1, 2, 3], leaderId: 1 })
    fixture.cluster.heal(1)
    expect((await fixture.after(poll)).responses[0]!.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 0 })
    expect(await fixture.after(sent)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect((await fixture.after(asked)).topics[0]!.partitions[0]!.errorCode).toBe(0)
  })
})

test.each(['nodes', 'all'] as const)(
  'F3 P6 T3 the client finds the new leader when the old one is cut off from %s: what is acknowledged by all is kept, once, in order',
  async (from) => {
    await using broker = await startBroker({ nodes: 3, topics: [{ topic: 't' }] })
    const kafka = new Kafka({ brokers: broker.brokers, requestTimeoutMs: 1_000, metadataMaxAgeMs: 2_000 })
    const producer = kafka.producer()
    const acked: string[] = []
    let over = false
    const sending = (async () => {
      for (let i = 0; !over; i++) {
        await producer.produce({ topic: 't', partition: 0, value: `v${i}` })
        acked.push(`v${i}`)
      }
    })()
    await until(() => acked.length > 20)
    await broker.isolate(1, { from, electionMs: 200 })
    await until(async () => (await broker.log('t', 0)).leader === 2)
    const before = acked.length
    await until(() => acked.length > before + 20)
    await broker.heal(1)
    await until(async () => (await broker.log('t', 0, { node: 1 })).leader === 2)
    over = true
    await sending
    const [batch] = await kafka.fetch([{ topic: 't', partition: 0, offset: 0 }])
    const read = batch!.records.map(({ value }) => String(value))
    expect(read).toEqual(acked.slice(0, read.length))
    expect((await broker.log('t', 0)).highWatermark).toBe(acked.length)
    await expect(broker.isolate(1, { from: 'nobody' as 'nodes' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(broker.isolate(9)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await kafka.close()
  },
  60_000,
)

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}
