/** Groups whose members move from one protocol to the other, or cannot, on both brokers. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { consumerProtocolAssignment } from '../../../../src/shared/protocol/generated/consumer-protocol-assignment.ts'
import { consumerProtocolSubscription } from '../../../../src/shared/protocol/generated/consumer-protocol-subscription.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { type JoinGroupRequest, joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import { Writer } from '../../../../src/shared/protocol/writer.ts'
import type { BothGroups, Side } from './both.ts'

interface Named {
  topic: string
  partitions: number[]
}

function embedded(write: (writer: Writer) => void): Buffer {
  const writer = new Writer()
  write(writer)
  return writer.finish()
}

/** What a classic consumer says when it joins. */
const subscription = (topics: string[], ownedPartitions: Named[] = [], version = 3, userData: Buffer | null = null) =>
  embedded((w) => {
    w.int16(version)
    consumerProtocolSubscription.encode(w, version, { topics, ownedPartitions, generationId: -1, userData })
  })

/** What a classic leader assigns. */
const assignment = (assignedPartitions: Named[], userData: Buffer | null = null) =>
  embedded((w) => {
    w.int16(1)
    consumerProtocolAssignment.encode(w, 1, { assignedPartitions, userData })
  })

export function migrationParity(given: () => BothGroups): void {
  describe('KIP-848 migration', () => {
    let both: BothGroups
    let group: string
    let topic: string

    beforeEach(async () => {
      both = given()
      group = `g-${randomUUID()}`
      for (const side of both.sides) await side.reset('k', 'k2', 'l')
      topic = await both.topic(4)
    })

    const idOf = (side: Side, actor: string) => (side.knows(actor) ? side.id(actor) : '')
    const range = (metadata: Buffer) => [{ name: 'range', metadata }]

    /** A classic member joins; the answers may take a while. */
    const joining = (actor: string, fields: Draft<JoinGroupRequest> = {}, version = 3) =>
      both.ask(actor, joinGroup, version, (side) => ({
        groupId: group,
        sessionTimeoutMs: 20_000,
        rebalanceTimeoutMs: 20_000,
        memberId: idOf(side, actor),
        protocolType: 'consumer',
        protocols: range(subscription([topic])),
        ...fields,
      }))

    const joined = async (actor: string, answers: ReturnType<typeof joining>) =>
      both.equal(await answers, `JoinGroup of ${actor}`, ({ memberId }, side) => {
        if (memberId !== '') side.learn(memberId, actor)
      })

    const join = (actor: string, fields: Draft<JoinGroupRequest> = {}, version = 3) =>
      joined(actor, joining(actor, fields, version))

    const sync = (actor: string, generationId: number, assigned: Record<string, Buffer> = {}, fields: object = {}) =>
      both.same(actor, syncGroup, 5, (side) => ({
        groupId: group,
        generationId,
        memberId: idOf(side, actor),
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: Object.entries(assigned).map(([member, bytes]) => ({ memberId: idOf(side, member), assignment: bytes })),
        ...fields,
      }))

    const beat = (actor: string, generationId: number, groupInstanceId: string | null = null) =>
      both.same(actor, heartbeat, 4, (side) => ({ groupId: group, generationId, memberId: idOf(side, actor), groupInstanceId }))

    const leave = (...actors: string[]) =>
      both.same('leaver', leaveGroup, 5, (side) => ({
        groupId: group,
        members: actors.map((actor) => ({ memberId: idOf(side, actor) })),
      }))

    /** A member of the new protocol. */
    const heart = (memberId: string, memberEpoch: number, partitions: number[] | null = null, fields: object = {}) =>
      both.same(memberId, consumerGroupHeartbeat, 1, (side) => ({
        groupId: group,
        memberId,
        memberEpoch,
        topicPartitions: partitions && (partitions.length > 0 ? [{ topicId: side.id(topic), partitions }] : []),
        ...fields,
      }))

    const joinNew = (memberId: string, fields: object = {}) =>
      heart(memberId, 0, [], { rebalanceTimeoutMs: 20_000, subscribedTopicNames: [topic], ...fields })

    const described = async () => {
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
      await both.same('admin', describeGroups, 6, { groups: [group] })
    }

    test('empty groups change their type, and keep their offsets', async () => {
      const commit = () =>
        both.same('admin', offsetCommit, 9, {
          groupId: group,
          generationIdOrMemberEpoch: -1,
          topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 5 }] }],
        })
      await commit()
      await joinNew('n')
      await heart('n', -1)
      await described()
      await join('l', { memberId: 'nobody' })
      expect(await joinNew('n')).toMatchObject({ memberEpoch: 2 })
      await heart('n', -1)
      await join('k')
      await described()
      await leave('k')
      await heart('n', 2)
      await heart('n', -1)
      await joinNew('n')
      await described()
    })

    test('a classic group that cannot be moved', async () => {
      await join('k', { protocolType: 'connect' })
      await sync('k', 1, { k: assignment([]) }, { protocolType: 'connect' })
      await joinNew('n')
      await described()
    })

    test('a classic group whose assignor says what only it understands, and one that says nonsense', async () => {
      await join('k')
      await sync('k', 1, { k: assignment([{ topic, partitions: [0] }], Buffer.from('mine')) })
      await joinNew('n')
      await described()
      group = `g-${randomUUID()}`
      for (const side of both.sides) await side.reset('k')
      await join('k', { protocols: range(Buffer.from([0])) })
      await sync('k', 1)
      await joinNew('n')
      await described()
    })

    test('a classic group moves, member by member', async () => {
      await join('k')
      await sync('k', 1, { k: assignment([{ topic, partitions: [0, 1, 2, 3] }]) })
      expect(await joinNew('n')).toMatchObject({ errorCode: 0 })
      await described()
      expect(await beat('k', 1)).toMatchObject({ errorCode: 27 })
      await sync('k', 1)
      const owns = (partitions: number[]) => ({ protocols: range(subscription([topic], [{ topic, partitions }])) })
      await join('k', owns([0, 1, 2, 3]))
      await described()
      await sync('k', 1)
      await beat('k', 1)
      await join('k', owns([0, 1]))
      await sync('k', 2)
      await beat('k', 2)
      await beat('k', 1)
      await heart('n', 2, [])
      await described()
      await sync('k', 2, {}, { protocolType: 'other' })
      await sync('k', 2, {}, { protocolName: 'other' })
      await sync('n', 2, {}, { memberId: 'n' })
      await beat('l', 2)
      // the last classic member comes back by the new protocol
      const old = { groupId: group, sessionTimeoutMs: 20_000, rebalanceTimeoutMs: 20_000, protocolType: 'consumer' }
      await both.same('odd', joinGroup, 4, { ...old, memberId: '', protocols: [] })
      await both.same('odd', joinGroup, 4, { ...old, memberId: '', protocolType: 'connect', protocols: range(Buffer.from('x')) })
      await both.same('odd', joinGroup, 4, { ...old, memberId: '', protocols: [{ name: 'sticky', metadata: Buffer.from('x') }] })
      await both.samePart(
        'odd',
        joinGroup,
        4,
        { ...old, memberId: '', protocols: range(subscription([topic])) },
        ({ errorCode }) => errorCode,
      )
      await leave('k')
      await heart('n', 2, [2, 3])
      await described()
    })

    test('a consumer group takes a classic member in, and becomes classic when the last other one leaves', async () => {
      await joinNew('n')
      expect(await join('k')).toMatchObject({ errorCode: 0 })
      await sync('k', 3)
      await described()
      await heart('n', 2, [0, 1, 2, 3])
      await heart('n', 2, [0, 1])
      await beat('k', 3)
      await join('k')
      await sync('k', 3)
      await described()
      await leave('k', 'nobody')
      await described()
      await join('l')
      await sync('l', 5)
      await heart('n', -1)
      await described()
      await beat('l', 5)
      await join('l')
      await described()
      await sync('l', 6, { l: assignment([{ topic, partitions: [0, 1, 2, 3] }]) })
      await described()
    })

    test('static members that change the protocol', async () => {
      const instance = { groupInstanceId: 'i1' }
      await join('k', instance, 5)
      await sync('k', 1, { k: assignment([{ topic, partitions: [0, 1, 2, 3] }]) }, instance)
      await joinNew('n', { instanceId: 'i1' })
      await described()
      await beat('k', 1, 'i1')
      await join('k', instance, 5)
      await join('k2', { ...instance, memberId: '' }, 5)
      await described()
      await joinNew('m', { instanceId: 'i2' })
      await described()
    })
  })
}
