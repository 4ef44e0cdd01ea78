/** Coordinators are found, move, die, load and come back, and what becomes of their groups. On a virtual clock. */
import { describe, expect, test } from 'vitest'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../../src/shared/protocol/generated/delete-groups.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../../../src/shared/protocol/generated/find-coordinator.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { listGroups } from '../../../../src/shared/protocol/generated/list-groups.ts'
import { offsetDelete } from '../../../../src/shared/protocol/generated/offset-delete.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import { Fixture } from '../fixture.ts'
import { GROUP, GroupFixture } from './group-fixture.ts'

const LOADING = 14
const NOT_AVAILABLE = 15
const NOT_COORDINATOR = 16
const UNKNOWN_MEMBER_ID = 25

const three = () => GroupFixture.start({ nodes: 3 })

describe('T3 where the coordinator is', () => {
  test('all nodes name the same one, groups spread over the nodes, and it is the leader in the metadata', async () => {
    const group = await three()
    const keys = Array.from({ length: 30 }, (_, n) => `group-${n}`)
    const [one, two] = [await group.find(keys, 1), await group.find(keys, 2)]
    expect(two).toEqual(one)
    expect(new Set(one.map(({ nodeId }) => nodeId))).toEqual(new Set([1, 2, 3]))
    for (const { key, nodeId, errorCode } of one) {
      expect([errorCode, nodeId]).toEqual([0, group.cluster.coordinator.partitionOf(key)!.leader])
    }
  })

  test('every API that belongs to a coordinator is refused elsewhere', async () => {
    const group = await three()
    const client = await group.client('x', group.other)
    const ask = async () => ({
      heartbeat: (await group.now(client.call(heartbeat, 4, { groupId: GROUP }))).errorCode,
      join: (
        await group.now(
          client.call(joinGroup, 9, { groupId: GROUP, sessionTimeoutMs: 6000, protocolType: 'p', protocols: [{ name: 'p' }] }),
        )
      ).errorCode,
      sync: (await group.now(client.call(syncGroup, 4, { groupId: GROUP }))).errorCode,
      leave: (await group.now(client.call(leaveGroup, 4, { groupId: GROUP, members: [{ memberId: 'm' }] }))).errorCode,
      describe: (await group.now(client.call(describeGroups, 5, { groups: [GROUP] }))).groups[0]!.errorCode,
      consumerDescribe: (await group.now(client.call(consumerGroupDescribe, 1, { groupIds: [GROUP] }))).groups[0]!.errorCode,
      delete: (await group.now(client.call(deleteGroups, 2, { groupsNames: [GROUP] }))).results[0]!.errorCode,
      offsetDelete: (await group.now(client.call(offsetDelete, 0, { groupId: GROUP, topics: [] }))).errorCode,
      commit: await group.commit(1, group.other),
      fetch: await group.committed(group.other),
      consumerHeartbeat: (
        await group.now(client.call(consumerGroupHeartbeat, 1, { groupId: GROUP, memberId: 'm', memberEpoch: 1 }))
      ).errorCode,
    })
    const answers = await ask()
    expect(answers).toEqual({
      ...Object.fromEntries(Object.keys(answers).map((api) => [api, NOT_COORDINATOR])),
      fetch: 'error 16',
    })
  })

  test('there is no topic for it, and no coordinator, before somebody looks for one', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    expect((await fixture.after(client.call(heartbeat, 4, { groupId: GROUP }))).errorCode).toBe(NOT_COORDINATOR)
    expect(fixture.cluster.topics.has('__consumer_offsets')).toBe(false)
    const found = await fixture.after(client.call(findCoordinator, 3, { key: GROUP, keyType: 0 }))
    expect(found).toMatchObject({ errorCode: 0, nodeId: 1 })
    expect(fixture.cluster.topics.get('__consumer_offsets')!.partitions).toHaveLength(50)
  })

  test('T3 when its node dies another one takes over, and it stays there when the node comes back', async () => {
    const group = await three()
    await group.commit(7)
    const dead = group.coordinator
    group.cluster.kill(dead)
    expect(group.coordinator).not.toBe(dead)
    const [found] = await group.find([GROUP], group.coordinator)
    expect(found).toMatchObject({ errorCode: 0, nodeId: group.coordinator })
    expect(await group.committed()).toBe(7)
    const heir = group.coordinator
    const back = group.cluster.revive(dead)
    await group.pass(0)
    await back
    expect(group.coordinator).toBe(heir)
  })

  test('T3 when all its replicas are down there is none, until one of them is back', async () => {
    const group = await GroupFixture.start({ nodes: 4 })
    await group.commit(7)
    const { replicas } = group.cluster.coordinator.findPartition(GROUP)
    const bystander = [1, 2, 3, 4].find((id) => !replicas.includes(id))!
    for (const id of replicas) group.cluster.kill(id)
    const [found] = await group.find([GROUP], bystander)
    expect(found).toMatchObject({ errorCode: NOT_AVAILABLE, nodeId: -1 })
    expect(await group.commit(8, bystander)).toBe(NOT_COORDINATOR)
    // only who was in sync last may lead again
    const back = group.cluster.revive(replicas.at(-1)!)
    await group.pass(0)
    await back
    expect(await group.committed(replicas.at(-1))).toBe(7)
  })

  test('the offsets topic is deleted: all groups and offsets are gone', async () => {
    const group = await GroupFixture.start()
    await group.join('a')
    await group.commit(7)
    group.cluster.topics.delete(group.cluster.topics.get('__consumer_offsets')!)
    expect(group.fixture.env.pendingTasks).toBe(0)
    expect(await group.find([GROUP])).toMatchObject([{ errorCode: 0 }])
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: 69 })
    expect(await group.committed()).toBe(-1)
  })
})

describe('T3 what a move does to groups', () => {
  test('members of the consumer protocol keep their epochs and partitions, and sessions begin anew', async () => {
    const group = await three()
    await group.join('a', { rebalanceTimeoutMs: 300_000 })
    await group.join('b')
    await group.beat('a', 2, [0, 1, 2, 3])
    await group.pass(40_000)
    const before = group.coordinator
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    expect(await group.find([GROUP])).toMatchObject([{ nodeId: group.coordinator }])
    const old = await group.client('old', before)
    const late = old.call(consumerGroupHeartbeat, 1, { groupId: GROUP, memberId: 'a', memberEpoch: 2 })
    expect((await group.now(late)).errorCode).toBe(NOT_COORDINATOR)
    await group.pass(40_000)
    expect(await group.beat('a', 2, [0, 1])).toMatchObject({ errorCode: 0, epoch: 3 })
    expect(await group.beat('b', 3)).toEqual({ errorCode: 0, epoch: 3, partitions: [2, 3] })
    await group.pass(45_000)
    expect(group.cluster.coordinator.store.consumerGroupOf(GROUP).state).toBe('Empty')
  })

  test('a member that has to give up is given its time anew', async () => {
    const group = await three()
    await group.join('a', { rebalanceTimeoutMs: 10_000 })
    await group.join('b')
    await group.beat('a', 2, [0, 1, 2, 3])
    await group.pass(9_000)
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    await group.pass(9_000)
    expect(await group.beat('a', 2, [0, 1, 2, 3])).toMatchObject({ errorCode: 0, epoch: 2 })
    await group.pass(1_000)
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: UNKNOWN_MEMBER_ID })
  })

  test('a stable classic group goes on in its generation, and sessions begin anew', async () => {
    const group = await three()
    const id = await group.stableClassic()
    await group.pass(9_000)
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    await group.pass(9_000)
    expect(await group.classicBeat(id, 1)).toBe(0)
    await group.open()
    const synced = await group.now(group.sync('a', id, 1))
    expect(synced).toMatchObject({ errorCode: 0, assignment: Buffer.from('all') })
    await group.pass(10_000)
    expect(group.cluster.coordinator.store.groupOf(GROUP).state).toBe('Empty')
  })

  test('a rebalance that is under way is lost: who waits is told, and members find the last stable generation', async () => {
    const group = await three()
    const id = await group.stableClassic()
    const joining = group.joinClassic('b', {}, 3)
    await group.pass(0)
    expect(await group.isPending(joining)).toBe(true)
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    expect(await group.now(joining)).toMatchObject({ errorCode: NOT_COORDINATOR })
    expect(await group.classicBeat(id, 1)).toBe(0)
    await group.open()
    expect(await group.now(group.joinClassic('a', { memberId: id }, 3))).toMatchObject({ errorCode: 0, generationId: 2 })
  })

  test('who waits for an assignment is told, and the generation that nobody has seen is lost', async () => {
    const group = await three()
    const joining = group.joinClassic('a', {}, 3)
    await group.pass(0)
    const { memberId } = await group.now(joining)
    const b = group.joinClassic('b', {}, 3)
    await group.pass(0)
    const again = group.joinClassic('a', { memberId }, 3)
    await group.pass(0)
    await group.now(again)
    const second = await group.now(b)
    const syncing = group.sync('b', second.memberId, 2)
    expect(await group.isPending(syncing)).toBe(true)
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    expect(await group.now(syncing)).toMatchObject({ errorCode: NOT_COORDINATOR })
    // the only thing that was written down is that there is a group
    expect(await group.classicBeat(memberId, 2)).toBe(UNKNOWN_MEMBER_ID)
    expect(group.cluster.coordinator.store.groupOf(GROUP)).toMatchObject({ state: 'Empty', generation: 0 })
  })

  test('groups that only commit survive, and so do their offsets', async () => {
    const group = await three()
    await group.commit(11)
    group.cluster.moveCoordinator(GROUP, group.other, 0)
    expect(await group.committed()).toBe(11)
    expect(await group.commit(12)).toBe(0)
    const client = await group.client('admin')
    const { groups } = await group.now(client.call(listGroups, 5, {}))
    expect(groups).toMatchObject([{ groupId: GROUP, groupState: 'Empty', groupType: 'classic' }])
  })

  test('groups are listed by the node that coordinates them', async () => {
    const group = await three()
    await group.commit(1)
    for (const node of [1, 2, 3]) {
      const client = await group.client('admin', node)
      const { groups } = await group.now(client.call(listGroups, 5, {}))
      expect(groups.map(({ groupId }) => groupId)).toEqual(node === group.coordinator ? [GROUP] : [])
    }
  })
})

describe('T3 a coordinator that is still loading', () => {
  test('says so to everybody but to classic heartbeats, and then knows everything', async () => {
    const group = await three()
    await group.join('a')
    await group.commit(5, undefined, { memberId: 'a', generationIdOrMemberEpoch: 2 })
    group.cluster.moveCoordinator(GROUP, group.other, 1_000)
    expect(await group.find([GROUP])).toMatchObject([{ errorCode: 0, nodeId: group.coordinator }])
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: LOADING })
    expect(await group.commit(6)).toBe(LOADING)
    expect(await group.committed()).toBe('error 14')
    expect(await group.classicBeat('a', 2)).toBe(0)
    const client = await group.client('admin')
    expect((await group.now(client.call(listGroups, 5, {}))).errorCode).toBe(LOADING)
    await group.pass(1_000)
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: 0, epoch: 2 })
    expect(await group.committed()).toBe(5)
    expect((await group.now(client.call(listGroups, 5, {}))).errorCode).toBe(0)
  })

  test('sessions begin when it is done, however long that takes', async () => {
    const group = await three()
    await group.join('a')
    group.cluster.moveCoordinator(GROUP, group.other, 100_000)
    await group.pass(100_000)
    await group.pass(44_000)
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: 0 })
  })
})

test('a node that is stopped cannot be made the coordinator, nor one that is not there', async () => {
  const group = await three()
  const { other } = group
  group.cluster.kill(other)
  expect(() => group.cluster.moveCoordinator(GROUP, other, 0)).toThrow(/stopped/)
  expect(() => group.cluster.moveCoordinator(GROUP, 9, 0)).toThrow(/no node 9/)
})
