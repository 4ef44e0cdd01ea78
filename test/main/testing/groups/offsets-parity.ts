/** Committed offsets, and groups as administrators see them, on both brokers. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../../src/shared/protocol/generated/delete-groups.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../../../src/shared/protocol/generated/find-coordinator.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { type ListGroupsRequest, listGroups } from '../../../../src/shared/protocol/generated/list-groups.ts'
import { metadata } from '../../../../src/shared/protocol/generated/metadata.ts'
import { type OffsetCommitRequest, offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { offsetDelete } from '../../../../src/shared/protocol/generated/offset-delete.ts'
import { offsetFetch } from '../../../../src/shared/protocol/generated/offset-fetch.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import type { BothGroups, Side } from './both.ts'

const NOWHERE_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

export function offsetsParity(given: () => BothGroups): void {
  describe('offsets and administration', () => {
    let both: BothGroups
    let group: string
    let topic: string

    beforeEach(async () => {
      both = given()
      group = `g-${randomUUID()}`
      topic = await both.topic(3)
    })

    type Partition = OffsetCommitRequest['topics'][number]['partitions'][number]
    const part = (partitionIndex: number, committedOffset: number, more: Draft<Partition> = {}) => ({
      partitionIndex,
      committedOffset,
      ...more,
    })

    const commit = (version: number, partitions: object[], fields: Draft<OffsetCommitRequest> = {}, name = topic) =>
      both.same('committer', offsetCommit, version, (side) => ({
        groupId: group,
        generationIdOrMemberEpoch: -1,
        topics: [{ ...(version >= 10 ? { topicId: side.id(name) } : { name }), partitions }],
        ...fields,
      }))

    /** Some partitions of the topic, or all that there is. */
    const fetch = (version: number, indexes: number[] | null, who: object = {}, more: object = {}) =>
      both.same('fetcher', offsetFetch, version, (side) => {
        const topics = indexes && [{ name: topic, partitionIndexes: indexes }]
        if (version < 8) return { groupId: group, topics, ...more }
        const byId = indexes && [{ topicId: side.id(topic), partitionIndexes: indexes }]
        return { groups: [{ groupId: group, topics: version >= 10 ? byId : topics, ...who }], ...more }
      })

    const heartbeat = (memberId: string, memberEpoch: number, fields: object = {}) =>
      both.same(memberId, consumerGroupHeartbeat, 1, { groupId: group, memberId, memberEpoch, ...fields })

    const joinConsumer = (memberId: string, names = [topic]) =>
      heartbeat(memberId, 0, { rebalanceTimeoutMs: 5_000, subscribedTopicNames: names, topicPartitions: [] })

    /** The only member of a classic group; gives how to leave. */
    async function joinClassic(protocolType: string, metadata_: Buffer): Promise<() => Promise<unknown>> {
      const protocols = [{ name: 'range', metadata: metadata_ }]
      const body = { groupId: group, sessionTimeoutMs: 20_000, rebalanceTimeoutMs: 20_000, protocolType, protocols }
      const answers = await both.ask('classic', joinGroup, 3, body)
      for (const [i, { memberId }] of answers.entries()) both.sides[i]!.learn(memberId, 'member')
      const id = (side: Side) => side.id('member')
      await both.same('classic', syncGroup, 3, (side) => ({
        groupId: group,
        generationId: 1,
        memberId: id(side),
        assignments: [],
      }))
      return () => both.same('classic', leaveGroup, 2, (side) => ({ groupId: group, memberId: id(side) }))
    }

    const subscription = (...topics: string[]) => {
      const names = topics.map((name) => Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name)]))
      return Buffer.concat([Buffer.from([0, 0, 0, 0, 0, topics.length]), ...names, Buffer.from([255, 255, 255, 255])])
    }

    test.each(from(2, 10))('commits without a group, version %i', async (version) => {
      await fetch(Math.min(version, 9), [0, 1])
      await commit(version, [
        part(0, 5, version >= 6 ? { committedLeaderEpoch: 3 } : {}),
        part(1, 7, { committedMetadata: 'm' }),
        part(9, 1),
      ])
      await commit(version, [part(0, 6, { committedMetadata: null }), part(2, 0, { committedMetadata: 'x'.repeat(4096) })])
      await commit(version, [part(0, 7), part(2, 1, { committedMetadata: 'x'.repeat(4097) })])
      await commit(version, [part(0, -1)])
      await commit(version, [part(8, 1)])
      await commit(version, [part(0, 1)], { generationIdOrMemberEpoch: 0 })
      await commit(version, [part(0, 2)], { memberId: 'somebody' })
      if (version >= 7) await commit(version, [part(0, 3)], { groupInstanceId: 'i' })
      await commit(version, [part(0, 4)], { groupId: 'none-yet', generationIdOrMemberEpoch: 1 })
      await commit(version, [part(0, 4)], { groupId: '' })
      const other = version >= 10 ? { topicId: NOWHERE_ID } : { name: 'not there' }
      await commit(version, [], { topics: [{ ...other, partitions: [part(0, 1)] }] })
      await commit(version, [], { topics: [] })
      for (const fetched of from(1, 10)) {
        await fetch(fetched, [2, 1, 0, 9])
        if (fetched >= 2) await fetch(fetched, null)
      }
    })

    test('OffsetFetch of several groups, of what is not there, and requireStable', async () => {
      await commit(9, [part(0, 5)])
      const second = `g-${randomUUID()}`
      await commit(9, [part(1, 6)], { groupId: second })
      for (const version of [8, 9]) {
        const topics = [
          { name: topic, partitionIndexes: [0, 1] },
          { name: 'none', partitionIndexes: [0] },
        ]
        for (const requireStable of [true, false]) {
          const groups = [group, second, 'none', ''].map((groupId) => ({ groupId, topics }))
          await both.same('fetcher', offsetFetch, version, { groups, requireStable })
          await both.same('fetcher', offsetFetch, version, {
            groups: groups.map((one) => ({ ...one, topics: null })),
            requireStable,
          })
        }
      }
      await both.same('fetcher', offsetFetch, 10, (side) => ({
        groups: [
          {
            groupId: group,
            topics: [
              { topicId: NOWHERE_ID, partitionIndexes: [0, 1] },
              { topicId: side.id(topic), partitionIndexes: [0] },
            ],
          },
        ],
      }))
      for (const version of [1, 2, 7]) await fetch(version, [0], {}, version >= 7 ? { requireStable: true } : {})
      await both.same('fetcher', offsetFetch, 1, { groupId: 'none', topics: [{ name: topic, partitionIndexes: [0] }] })
    })

    test('offsets of a topic that is deleted and made again', async () => {
      await commit(9, [part(0, 5)])
      await commit(9, [part(0, 6)], {}, await both.topic(1))
      await both.deleteTopic(topic)
      await both.eventuallySame(
        'fetcher',
        offsetFetch,
        9,
        { groups: [{ groupId: group, topics: [{ name: topic, partitionIndexes: [0] }] }] },
        ({ groups }) => groups[0]!.topics[0]!.partitions[0]!.committedOffset === -1,
      )
      await both.topic(1, topic)
      for (const version of [9, 10]) await fetch(version, [0])
      await fetch(9, null)
      await commit(10, [part(0, 1)])
      for (const version of [9, 10]) await fetch(version, [0])
    })

    test('commits and fetches of members of the consumer protocol', async () => {
      const as = (memberId: string, generationIdOrMemberEpoch: number) => ({ memberId, generationIdOrMemberEpoch })
      const who = (memberId: string | null, memberEpoch: number) => ({ memberId, memberEpoch })
      await joinConsumer('a')
      for (const version of [2, 8, 9, 10]) {
        await commit(version, [part(0, 5)], as('a', 2))
        await commit(version, [part(0, 5)], as('a', 3))
        await commit(version, [part(0, 5)], as('a', 1))
        await commit(version, [part(0, 5)], as('b', 2))
        await commit(version, [part(0, 5)], as('', -1))
      }
      for (const version of [9, 10]) {
        await fetch(version, [0], who('a', 2))
        await fetch(version, [0], who('a', 1))
        await fetch(version, [0], who('a', 3))
        await fetch(version, [0], who('b', 2))
        await fetch(version, [0], who(null, -1))
        await fetch(version, null, who('b', 2))
      }
      await fetch(8, [0])
      // epoch 3: `a` gives a partition up, and has what it keeps since epoch 2
      await joinConsumer('b')
      const owned = (partitions: number[]) => (side: Side) => [{ topicId: side.id(topic), partitions }]
      const beatWith = (memberEpoch: number, partitions: number[]) =>
        both.same('a', consumerGroupHeartbeat, 1, (side) => ({
          groupId: group,
          memberId: 'a',
          memberEpoch,
          topicPartitions: owned(partitions)(side),
        }))
      await beatWith(2, [0, 1, 2])
      await commit(9, [part(0, 6), part(2, 7)], as('a', 2))
      await beatWith(2, [0, 1])
      await commit(9, [part(0, 8)], as('a', 2))
      await commit(9, [part(0, 9), part(2, 9)], as('a', 2))
      await commit(9, [part(2, 9)], as('a', 2))
      await commit(9, [part(1, 9)], as('a', 3))
      await fetch(9, null)
      await heartbeat('a', -1)
      await heartbeat('b', -1)
      await commit(9, [part(2, 11)])
      await commit(9, [part(2, 12)], as('b', 4))
      await fetch(9, null)
    })

    test('OffsetDelete', async () => {
      const remove = (partitions: number[], names = [topic], groupId = group) =>
        both.same('admin', offsetDelete, 0, {
          groupId,
          topics: names.map((name) => ({ name, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) })),
        })
      await remove([0])
      await remove([0], [topic], '')
      await commit(9, [part(0, 5), part(1, 6), part(2, 7)])
      await remove([0, 9], [topic, 'none'])
      await fetch(9, null)
      await joinConsumer('a')
      await remove([1])
      await heartbeat('a', -1)
      await remove([1])
      await fetch(9, null)
      const leave = await joinClassic('consumer', subscription('something-else'))
      await remove([2])
      await fetch(9, null)
      await leave()
      await commit(9, [part(2, 7)])
      const leaveAgain = await joinClassic('consumer', subscription(topic))
      await remove([2])
      await leaveAgain()
      await remove([2])
      await joinClassic('other', Buffer.from('x'))
      await remove([2])
    })

    test('DeleteGroups: empty ones, with their offsets', async () => {
      const second = `g-${randomUUID()}`
      for (const version of from(0, 2)) {
        await commit(9, [part(0, 5)])
        await commit(9, [part(0, 5)], { groupId: second })
        await both.same('admin', deleteGroups, version, { groupsNames: [group, 'none', second, group, ''] })
        await fetch(9, null)
        await both.same('admin', describeGroups, 6, { groups: [group] })
      }
      await joinConsumer('a')
      await both.same('admin', deleteGroups, 2, { groupsNames: [group] })
      await heartbeat('a', -1)
      await both.same('admin', deleteGroups, 2, { groupsNames: [group] })
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
      const leave = await joinClassic('other', Buffer.from('x'))
      await both.same('admin', deleteGroups, 2, { groupsNames: [group] })
      await leave()
      await both.same('admin', deleteGroups, 2, { groupsNames: [group] })
    })

    test('DescribeGroups, ConsumerGroupDescribe and ListGroups of every type and state', async () => {
      const [consumer, classic, simple, emptied] = ['consumer', 'classic', 'simple', 'emptied'].map(
        (kind) => `${kind}-${randomUUID()}`,
      )
      group = emptied!
      await joinConsumer('e')
      await heartbeat('e', -1)
      group = simple!
      await commit(9, [part(0, 5)])
      group = classic!
      await joinClassic('consumer', subscription(topic))
      group = consumer!
      await joinConsumer('c')
      const ours = new Set([consumer, classic, simple, emptied])
      const list = (version: number, filters: Draft<ListGroupsRequest> = {}) =>
        both.samePart('admin', listGroups, version, filters, ({ errorCode, groups }) => ({
          errorCode,
          groups: groups.filter(({ groupId }) => ours.has(groupId)),
        }))
      for (const version of from(0, 5)) {
        await list(version)
        if (version < 4) continue
        for (const states of [['Stable'], ['empty', ' STABLE '], ['Nonsense'], ['Dead'], ['Assigning']])
          await list(version, { statesFilter: states })
        if (version < 5) continue
        for (const types of [['classic'], ['CONSUMER'], ['consumer', 'classic'], ['share'], ['nonsense']])
          await list(version, { typesFilter: types })
        await list(version, { statesFilter: ['Empty'], typesFilter: ['Consumer'] })
      }
      for (const version of from(0, 6)) {
        const operations = version >= 3 ? { includeAuthorizedOperations: true } : {}
        await both.same('admin', describeGroups, version, { groups: [...ours, 'none', ''] as string[], ...operations })
      }
      for (const version of [0, 1]) {
        for (const includeAuthorizedOperations of [true, false]) {
          await both.same('admin', consumerGroupDescribe, version, {
            groupIds: [...ours, 'none', ''] as string[],
            includeAuthorizedOperations,
          })
        }
      }
    })

    test('FindCoordinator, and the topic that makes coordinators', async () => {
      for (const version of from(0, 6)) {
        if (version < 4) await both.same('admin', findCoordinator, version, { key: group, ...(version >= 1 && { keyType: 0 }) })
        else await both.same('admin', findCoordinator, version, { keyType: 0, coordinatorKeys: [group, '', 'another'] })
        if (version >= 1)
          await both.same(
            'admin',
            findCoordinator,
            version,
            version < 4 ? { key: '', keyType: 0 } : { coordinatorKeys: [], keyType: 0 },
          )
      }
      await both.samePart('admin', metadata, 12, { topics: [{ name: '__consumer_offsets' }] }, ({ topics }) =>
        topics.map(({ errorCode, isInternal, partitions }) => ({ errorCode, isInternal, leader: partitions[0]!.leaderId })),
      )
      expect(await both.embedded.coordinator(group)).toBe(1)
    })
  })
}
