/** T3: the fault desk and requests about groups. On a virtual clock. */
import { describe, expect, test } from 'vitest'
import { handlers } from '../../../../src/main/testing/broker/apis/index.ts'
import { groupApis, handledApis } from '../../../../src/main/testing/broker/apis/names.ts'
import type { FaultRule } from '../../../../src/main/testing/broker/fault-desk.ts'
import type { Api } from '../../../../src/shared/protocol/api.ts'
import { addOffsetsToTxn } from '../../../../src/shared/protocol/generated/add-offsets-to-txn.ts'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../../src/shared/protocol/generated/delete-groups.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../../../src/shared/protocol/generated/find-coordinator.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { listGroups } from '../../../../src/shared/protocol/generated/list-groups.ts'
import { offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { offsetDelete } from '../../../../src/shared/protocol/generated/offset-delete.ts'
import { offsetFetch } from '../../../../src/shared/protocol/generated/offset-fetch.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import { txnOffsetCommit } from '../../../../src/shared/protocol/generated/txn-offset-commit.ts'
import { GROUP, GroupFixture } from './group-fixture.ts'

const ERROR = 14
const rule = (api: string, fields: Partial<FaultRule> = {}): FaultRule => ({
  kind: 'fail',
  apiKey: handledApis.get(api)!,
  times: 1,
  error: ERROR,
  ...fields,
})

/** A request about a group for each API, and where its answer says what went wrong. */
const requests: [Api, number, (group: string) => object, (answer: never) => number][] = [
  [
    offsetCommit,
    9,
    commitOf,
    (answer: ReturnType<typeof offsetCommit.decodeResponse>) => answer.topics[0]!.partitions[0]!.errorCode,
  ],
  [offsetFetch, 9, fetchOf, (answer: ReturnType<typeof offsetFetch.decodeResponse>) => answer.groups[0]!.errorCode],
  [
    findCoordinator,
    4,
    (key) => ({ coordinatorKeys: [key] }),
    (answer: ReturnType<typeof findCoordinator.decodeResponse>) => answer.coordinators[0]!.errorCode,
  ],
  [joinGroup, 9, (groupId) => ({ groupId, sessionTimeoutMs: 6_000 }), errorOf],
  [heartbeat, 4, (groupId) => ({ groupId }), errorOf],
  [leaveGroup, 4, (groupId) => ({ groupId }), errorOf],
  [syncGroup, 4, (groupId) => ({ groupId }), errorOf],
  [
    describeGroups,
    5,
    (group) => ({ groups: [group] }),
    (answer: ReturnType<typeof describeGroups.decodeResponse>) => answer.groups[0]!.errorCode,
  ],
  [
    deleteGroups,
    2,
    (group) => ({ groupsNames: [group] }),
    (answer: ReturnType<typeof deleteGroups.decodeResponse>) => answer.results[0]!.errorCode,
  ],
  [addOffsetsToTxn, 4, (groupId) => ({ groupId, transactionalId: 'x' }), errorOf],
  [
    txnOffsetCommit,
    5,
    (groupId) => ({ ...commitOf(groupId), transactionalId: 'x' }),
    (answer: ReturnType<typeof txnOffsetCommit.decodeResponse>) => answer.topics[0]!.partitions[0]!.errorCode,
  ],
  [offsetDelete, 0, (groupId) => ({ groupId, topics: [] }), errorOf],
  [consumerGroupHeartbeat, 1, (groupId) => ({ groupId, memberId: 'm', memberEpoch: 1 }), errorOf],
  [
    consumerGroupDescribe,
    1,
    (group) => ({ groupIds: [group] }),
    (answer: ReturnType<typeof consumerGroupDescribe.decodeResponse>) => answer.groups[0]!.errorCode,
  ],
]

function errorOf(answer: { errorCode: number }): number {
  return answer.errorCode
}

function commitOf(groupId: string, name = 't', partition = 0, offset = 9) {
  const partitions = [{ partitionIndex: partition, committedOffset: offset }]
  return { groupId, generationIdOrMemberEpoch: -1, topics: [{ name, partitions }] }
}

function fetchOf(...groupIds: string[]) {
  return { groups: groupIds.map((groupId) => ({ groupId, topics: [{ name: 't', partitionIndexes: [0, 1] }] })) }
}

test('faults can name the group of exactly the APIs whose requests do', () => {
  expect(requests.map(([{ name }]) => name).sort()).toEqual([...groupApis].sort())
  const named = Array.from(handlers.values()).filter(({ groupsOf }) => groupsOf)
  expect(named.map(({ api }) => api.name).sort()).toEqual([...groupApis].sort())
})

describe('T3 faults of one group', () => {
  test.each(requests)('$name fails for the group and for no other', async (api, version, body, errorCode) => {
    const group = await GroupFixture.start()
    const client = await group.client('x')
    const id = group.cluster.desk.add(rule(api.name, { group: GROUP }))
    const ask = async (name: string) => errorCode((await group.now(client.call(api, version, body(name)))) as never)
    expect(await ask('other')).not.toBe(ERROR)
    expect(group.cluster.desk.hits(id)).toBe(0)
    expect(await ask(GROUP)).toBe(ERROR)
    expect(await ask(GROUP)).not.toBe(ERROR)
    expect(group.cluster.desk.hits(id)).toBe(1)
  })

  test.each(requests)('$name is lost, late or hangs for the group and for no other', async (api, version, body) => {
    const group = await GroupFixture.start()
    for (const kind of ['drop', 'hang', 'delay'] as const) {
      const client = await group.fixture.client()
      group.cluster.desk.add(rule(api.name, { group: GROUP, kind, ms: 500 }))
      await group.now(client.call(api, version, body('other')))
      const call = client.call(api, version, body(GROUP))
      if (kind === 'drop') await expect(group.now(call)).rejects.toThrow('connection closed')
      else expect(await group.isPending(call)).toBe(true)
      if (kind === 'delay') await group.fixture.after(call, 500)
      client.close()
    }
  })

  test('of several groups in a request only the one that is meant fails', async () => {
    const group = await GroupFixture.start()
    const client = await group.client('x')
    group.cluster.desk.add(rule('OffsetFetch', { group: 'second' }))
    group.cluster.desk.add(rule('FindCoordinator', { group: 'second' }))
    const fetched = await group.now(client.call(offsetFetch, 9, fetchOf('first', 'second', 'third')))
    expect(fetched.groups.map(({ errorCode }) => errorCode)).toEqual([0, ERROR, 0])
    const found = await group.now(client.call(findCoordinator, 4, { coordinatorKeys: ['first', 'second'] }))
    expect(found.coordinators.map(({ errorCode }) => errorCode)).toEqual([0, ERROR])
  })

  test('one partition of a commit, a fetch or a deletion fails, the rest does not', async () => {
    const group = await GroupFixture.start()
    const client = await group.client('x')
    const commit = (partition: number) => group.now(client.call(offsetCommit, 9, commitOf(GROUP, 't', partition)))
    const about = { group: GROUP, topic: 't', partition: 1 }
    group.cluster.desk.add(rule('OffsetCommit', about))
    expect((await commit(0)).topics[0]!.partitions[0]!.errorCode).toBe(0)
    expect((await commit(1)).topics[0]!.partitions[0]!.errorCode).toBe(ERROR)
    const offsets = async () => {
      const { groups } = await group.now(client.call(offsetFetch, 9, fetchOf(GROUP)))
      return groups[0]!.topics[0]!.partitions.map(({ errorCode, committedOffset }) => errorCode || committedOffset)
    }
    expect(await offsets()).toEqual([9, -1])
    await commit(1)
    group.cluster.desk.add(rule('OffsetFetch', about))
    expect(await offsets()).toEqual([9, ERROR])
    group.cluster.desk.add(rule('OffsetDelete', about))
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }]
    const deleted = await group.now(client.call(offsetDelete, 0, { groupId: GROUP, topics }))
    expect(deleted.topics[0]!.partitions.map(({ errorCode }) => errorCode)).toEqual([0, ERROR])
    expect(await offsets()).toEqual([-1, 9])
  })

  test('fail after it took effect: the offset is committed, the member has joined, the answer says otherwise', async () => {
    const group = await GroupFixture.start()
    group.cluster.desk.add(rule('OffsetCommit', { group: GROUP, afterAppend: true }))
    expect(await group.commit(4)).toBe(ERROR)
    expect(await group.committed()).toBe(4)
    group.cluster.desk.add(rule('ConsumerGroupHeartbeat', { afterAppend: true }))
    expect(await group.join('a')).toMatchObject({ errorCode: ERROR })
    expect(await group.beat('a', 2)).toMatchObject({ errorCode: 0, epoch: 2 })
  })

  test('ListGroups fails as a whole, at the node that is meant', async () => {
    const group = await GroupFixture.start({ nodes: 2 })
    group.cluster.desk.add(rule('ListGroups', { node: 2 }))
    const errors = await Promise.all([1, 2].map((node) => group.client('admin', node))).then(async (clients) => {
      const codes: number[] = []
      for (const client of clients) codes.push((await group.now(client.call(listGroups, 5, {}))).errorCode)
      return codes
    })
    expect(errors).toEqual([0, ERROR])
  })
})
