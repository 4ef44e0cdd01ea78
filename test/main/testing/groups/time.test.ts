/** What time does to groups, on a virtual clock: sessions, rebalances, and pauses between assignments. */
import { describe, expect, test } from 'vitest'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { incrementalAlterConfigs } from '../../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { GROUP, GroupFixture } from './group-fixture.ts'

const Error_ = { ILLEGAL_GENERATION: 22, UNKNOWN_MEMBER_ID: 25, REBALANCE_IN_PROGRESS: 27, MEMBER_ID_REQUIRED: 79 }

describe('members of the consumer protocol', () => {
  test('T2 a session ends when nothing was heard for so long, and a heartbeat makes it begin anew', async () => {
    const group = await GroupFixture.start({ groups: { sessionTimeoutMs: 45_000 } })
    await group.join('a')
    await group.pass(44_000)
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: 0 })
    await group.pass(44_999)
    expect(group.cluster.coordinator.store.consumerGroupOf(GROUP).state).toBe('Stable')
    await group.pass(1)
    expect(group.cluster.coordinator.store.consumerGroupOf(GROUP).state).toBe('Empty')
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: Error_.UNKNOWN_MEMBER_ID })
  })

  test('T2 a group may have a session, a heartbeat interval and a pause between assignments of its own', async () => {
    const group = await GroupFixture.start({ groups: { sessionTimeoutMs: 45_000, heartbeatIntervalMs: 5_000 } })
    const client = await group.client('admin', 1)
    const alter = async (value: Record<string, string | null>) => {
      const configs = Object.entries(value).map(([name, value]) => ({ name, value, configOperation: value === null ? 1 : 0 }))
      const body = { resources: [{ resourceType: 32, resourceName: GROUP, configs }], validateOnly: false }
      return (await group.now(client.call(incrementalAlterConfigs, 1, body))).responses[0]!
    }
    const session = 'consumer.session.timeout.ms'
    expect(await alter({ [session]: '3000' })).toMatchObject({ errorCode: 40, errorMessage: expect.stringContaining('5000') })
    expect(await alter({ [session]: '3000', 'consumer.heartbeat.interval.ms': '700' })).toMatchObject({ errorCode: 0 })
    const joined = await group.now(
      (await group.client('a')).call(consumerGroupHeartbeat, 1, {
        ...{ groupId: GROUP, memberId: 'a', memberEpoch: 0, rebalanceTimeoutMs: 30_000 },
        ...{ subscribedTopicNames: ['t'], topicPartitions: [] },
      }),
    )
    expect(joined).toMatchObject({ errorCode: 0, heartbeatIntervalMs: 700 })
    const { store } = group.cluster.coordinator
    await group.pass(2_999)
    expect(store.consumerGroupOf(GROUP).state).toBe('Stable')
    await group.pass(1)
    expect(store.consumerGroupOf(GROUP).state).toBe('Empty')
    // and as before, when it is taken back
    expect(await alter({ [session]: null, 'consumer.heartbeat.interval.ms': null })).toMatchObject({ errorCode: 0 })
    await group.join('a')
    await group.pass(44_999)
    expect(store.consumerGroupOf(GROUP).state).toBe('Stable')
    await group.pass(1)
    expect(store.consumerGroupOf(GROUP).state).toBe('Empty')
    expect(await alter({ 'consumer.assignment.interval.ms': '1000' })).toMatchObject({ errorCode: 0 })
    const { epoch } = await group.join('a')
    await group.pass(500)
    expect(await group.join('b')).toMatchObject({ errorCode: 0, partitions: [] })
    expect(await group.beat('a', epoch)).toMatchObject({ errorCode: 0, partitions: null })
    await group.pass(500)
    expect((await group.beat('a', epoch, [0, 1, 2, 3])).partitions).toHaveLength(2)
  })

  test('what a silent member had goes to the others', async () => {
    const group = await GroupFixture.start()
    await group.join('a')
    await group.pass(20_000)
    await group.join('b')
    await group.pass(30_000)
    expect(await group.beat('b', 3)).toEqual({ errorCode: 0, epoch: 4, partitions: [0, 1, 2, 3] })
  })

  test('a member that does not give up within its rebalance timeout is thrown out; one that does is not', async () => {
    for (const gives of [true, false]) {
      const group = await GroupFixture.start()
      await group.join('a', { rebalanceTimeoutMs: 5_000 })
      await group.join('b')
      expect(await group.beat('a', 2, [0, 1, 2, 3])).toEqual({ errorCode: 0, epoch: 2, partitions: [0, 1] })
      await group.pass(4_999)
      if (gives) expect(await group.beat('a', 2, [0, 1])).toMatchObject({ errorCode: 0, epoch: 3 })
      else expect(await group.beat('a', 2, [0, 1, 2, 3])).toMatchObject({ errorCode: 0, epoch: 2 })
      await group.pass(1)
      expect(await group.beat('a', gives ? 3 : 2)).toMatchObject({ errorCode: gives ? 0 : Error_.UNKNOWN_MEMBER_ID })
      const all = await group.beat('b', 3)
      expect(all.partitions).toEqual(gives ? [2, 3] : [0, 1, 2, 3])
    }
  })

  test('KIP-345 a static member that left for a while is waited for as long as its session lasts', async () => {
    const group = await GroupFixture.start()
    await group.join('a', { instanceId: 'i' })
    await group.beat('a', -2, null, { instanceId: 'i' })
    await group.pass(44_000)
    expect(await group.join('a2', { instanceId: 'i' })).toEqual({ errorCode: 0, epoch: 2, partitions: [0, 1, 2, 3] })
    await group.beat('a2', -2, null, { instanceId: 'i' })
    await group.pass(45_000)
    expect(group.cluster.coordinator.store.consumerGroupOf(GROUP).state).toBe('Empty')
  })

  test('a new assignment waits until the last one is old enough', async () => {
    const group = await GroupFixture.start({ groups: { assignmentIntervalMs: 1_000 } })
    expect(await group.join('a')).toEqual({ errorCode: 0, epoch: 2, partitions: [0, 1, 2, 3] })
    await group.pass(500)
    expect(await group.join('b')).toEqual({ errorCode: 0, epoch: 2, partitions: [] })
    expect(await group.beat('a', 2, [0, 1, 2, 3])).toMatchObject({ epoch: 2, partitions: null })
    await group.pass(500)
    expect(await group.beat('a', 2, [0, 1, 2, 3])).toEqual({ errorCode: 0, epoch: 2, partitions: [0, 1] })
  })

  test('topics that a regular expression matches are looked for anew, not too often', async () => {
    const group = await GroupFixture.start({ groups: { regexIntervalMs: 10_000 } })
    expect(await group.join('a', { subscribedTopicNames: null, subscribedTopicRegex: '(t|u)' })).toMatchObject({ epoch: 1 })
    await group.pass(1)
    const first = await group.beat('a', 1, [])
    expect(first).toEqual({ errorCode: 0, epoch: 2, partitions: [0, 1, 2, 3] })
    group.cluster.topics.create({ topic: 'u', partitions: 2 })
    await group.pass(9_000)
    expect(await group.beat('a', 2)).toMatchObject({ epoch: 2 })
    await group.pass(2_000)
    // the look begins with this heartbeat, so the next one sees its result
    expect(await group.beat('a', 2)).toMatchObject({ epoch: 2 })
    await group.pass(1)
    expect((await group.beat('a', 2)).partitions).toHaveLength(6)
  })
})

describe('classic members', () => {
  test('T2 a session ends when nothing was heard for so long; a commit counts as a sign of life', async () => {
    const group = await GroupFixture.start()
    const id = await group.stableClassic()
    await group.pass(9_000)
    expect(await group.classicBeat(id, 1)).toBe(0)
    await group.pass(9_000)
    expect(await group.commit(1, undefined, { memberId: id, generationIdOrMemberEpoch: 1 })).toBe(0)
    await group.pass(9_999)
    expect(group.cluster.coordinator.store.groupOf(GROUP).state).toBe('Stable')
    await group.pass(1)
    expect(group.cluster.coordinator.store.groupOf(GROUP).state).toBe('Empty')
    expect(await group.classicBeat(id, 1)).toBe(Error_.UNKNOWN_MEMBER_ID)
  })

  test('a rebalance waits for members as long as the longest of their rebalance timeouts', async () => {
    const group = await GroupFixture.start()
    const id = await group.stableClassic({ sessionTimeoutMs: 100_000 })
    const joining = group.joinClassic('b', { rebalanceTimeoutMs: 20_000 }, 3)
    await group.pass(59_999)
    expect(await group.classicBeat(id, 1)).toBe(Error_.REBALANCE_IN_PROGRESS)
    expect(await group.isPending(joining)).toBe(true)
    await group.pass(1)
    const joined = await group.now(joining)
    expect(joined).toMatchObject({ errorCode: 0, generationId: 2, leader: joined.memberId })
    expect(await group.classicBeat(id, 1)).toBe(Error_.UNKNOWN_MEMBER_ID)
  })

  test('KIP-394 who does not come back with the id that it was given holds a rebalance up for its session only', async () => {
    const group = await GroupFixture.start()
    const id = await group.stableClassic({ sessionTimeoutMs: 100_000 })
    const lost = await group.now(group.joinClassic('lost', { sessionTimeoutMs: 8_000 }))
    expect(lost.errorCode).toBe(Error_.MEMBER_ID_REQUIRED)
    const rejoining = group.joinClassic('a', {
      memberId: id,
      sessionTimeoutMs: 100_000,
      protocols: [{ name: 'p', metadata: Buffer.from('new') }],
    })
    await group.pass(7_999)
    expect(await group.isPending(rejoining)).toBe(true)
    await group.pass(1)
    expect(await group.now(rejoining)).toMatchObject({ errorCode: 0, generationId: 2 })
    const late = await group.now(group.joinClassic('lost', { memberId: lost.memberId }))
    expect(late.errorCode).toBe(Error_.UNKNOWN_MEMBER_ID)
  })

  test('a member that joins and never asks for its assignment is taken out', async () => {
    const group = await GroupFixture.start()
    const id = await group.stableClassic({ sessionTimeoutMs: 100_000, rebalanceTimeoutMs: 20_000 })
    const b = group.joinClassic('b', { sessionTimeoutMs: 100_000, rebalanceTimeoutMs: 20_000 }, 3)
    await group.pass(0)
    await group.now(group.joinClassic('a', { memberId: id, sessionTimeoutMs: 100_000, rebalanceTimeoutMs: 20_000 }, 3))
    await group.now(b)
    await group.now(group.sync('a', id, 2, { [id]: 'all' }))
    await group.pass(19_999)
    expect(await group.classicBeat(id, 2)).toBe(0)
    await group.pass(1)
    expect(await group.classicBeat(id, 2)).toBe(Error_.REBALANCE_IN_PROGRESS)
    expect(group.cluster.coordinator.store.groupOf(GROUP)).toMatchObject({ state: 'PreparingRebalance' })
    expect(await group.now(group.joinClassic('a', { memberId: id }, 3))).toMatchObject({ errorCode: 0, generationId: 3 })
  })

  test('the first rebalance of a group waits for more members, and longer while some come', async () => {
    const group = await GroupFixture.start({ groups: { initialRebalanceDelayMs: 3_000 } })
    const a = group.joinClassic('a', {}, 3)
    await group.pass(2_000)
    const b = group.joinClassic('b', {}, 3)
    await group.pass(3_999)
    expect(await group.isPending(a)).toBe(true)
    await group.pass(1)
    expect(await group.now(a)).toMatchObject({ errorCode: 0, generationId: 1, members: [{}, {}] })
    expect(await group.now(b)).toMatchObject({ errorCode: 0, generationId: 1, members: [] })
    const lone = await GroupFixture.start({ groups: { initialRebalanceDelayMs: 3_000 } })
    const only = lone.joinClassic('a', {}, 3)
    await lone.pass(2_999)
    expect(await lone.isPending(only)).toBe(true)
    await lone.pass(1)
    expect(await lone.now(only)).toMatchObject({ errorCode: 0, generationId: 1 })
  })

  test('a member that waits for others is not missed, however long it takes', async () => {
    const group = await GroupFixture.start()
    const id = await group.stableClassic({ sessionTimeoutMs: 2_000 })
    const rejoining = group.joinClassic('a', { memberId: id, sessionTimeoutMs: 2_000 }, 3)
    await group.pass(0)
    await group.now(rejoining)
    const syncing = group.sync('b', id, 2)
    void syncing
    expect(await group.classicBeat(id, 2)).toBe(0)
    const other = group.joinClassic('c', { sessionTimeoutMs: 2_000 }, 3)
    await group.pass(2_500)
    // `a` was silent; `c` waited and is the only one left
    expect(await group.now(other)).toMatchObject({ errorCode: 0, generationId: 3, members: [{}] })
  })
})

test('a group without members needs no time: nothing is scheduled', async () => {
  const group = await GroupFixture.start()
  await group.join('a')
  await group.beat('a', -1)
  const id = await group.stableClassic()
  await group.leaveClassic(id)
  await group.commit(3)
  expect(group.fixture.env.pendingTasks).toBe(0)
})
