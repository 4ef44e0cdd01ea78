/** The classic protocol on the embedded broker and on real Kafka: the same requests, the same answers, step by step. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { type JoinGroupRequest, type JoinGroupResponse, joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { listGroups } from '../../../../src/shared/protocol/generated/list-groups.ts'
import { offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { type SyncGroupRequest, type SyncGroupResponse, syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import type { BothGroups, Pair, Side } from './both.ts'

type Pending = Promise<Pair<JoinGroupResponse>>

/** Who of several leads is a matter of whose request came first. */
const withoutMembers = (answers: Pair<JoinGroupResponse>) =>
  answers.map(({ errorCode, generationId, protocolName }) => ({ errorCode, generationId, protocolName })) as Pair<object>

const protocol = (name: string, metadata = name) => ({ name, metadata: Buffer.from(metadata) })

export function classicParity(given: () => BothGroups): void {
  describe('classic groups', () => {
    let both: BothGroups
    let group: string

    beforeEach(async () => {
      both = given()
      group = `g-${randomUUID()}`
      for (const side of both.sides) await side.reset('a', 'a2', 'a3', 'b', 'b2', 'c', 'd', 'e', 'f', 'x', 'y')
    })

    /** The member's id at a broker; before it has one, none. */
    const idOf = (side: Side, actor: string) => (side.knows(actor) ? side.id(actor) : '')

    const joinBody = (actor: string, fields: Draft<JoinGroupRequest>) => (side: Side) => ({
      groupId: group,
      sessionTimeoutMs: 20_000,
      rebalanceTimeoutMs: 20_000,
      memberId: idOf(side, actor),
      protocolType: 'test',
      protocols: [protocol('p')],
      ...fields,
    })

    /** A JoinGroup whose answers may take a while. */
    const joining = (actor: string, version = 9, fields: Draft<JoinGroupRequest> = {}) =>
      both.ask(actor, joinGroup, version, joinBody(actor, fields))

    const joined = async (actor: string, answers: Promise<Pair<JoinGroupResponse>>) =>
      both.equal(await answers, `JoinGroup of ${actor}`, ({ memberId }, side) => {
        if (memberId !== '') side.learn(memberId, actor)
      })

    const join = (actor: string, version = 9, fields: Draft<JoinGroupRequest> = {}) =>
      joined(actor, joining(actor, version, fields))

    /** First without an id, then with the one that it was given. */
    const joinTwice = async (actor: string, fields: Draft<JoinGroupRequest> = {}) => {
      expect((await join(actor, 9, fields)).errorCode).toBe(79)
      return joining(actor, 9, fields)
    }

    const syncing = (
      actor: string,
      generationId: number,
      assigned: Record<string, string> = {},
      fields: Draft<SyncGroupRequest> = {},
      version = 5,
    ) =>
      both.ask(actor, syncGroup, version, (side) => ({
        groupId: group,
        generationId,
        memberId: idOf(side, actor),
        protocolType: 'test',
        protocolName: 'p',
        assignments: Object.entries(assigned).map(([member, assignment]) => ({
          memberId: idOf(side, member),
          assignment: Buffer.from(assignment),
        })),
        ...fields,
      }))

    const synced = async (actor: string, answers: Promise<Pair<SyncGroupResponse>>) =>
      both.equal(await answers, `SyncGroup of ${actor}`)

    const sync = (...args: Parameters<typeof syncing>) => synced(args[0], syncing(...args))

    const beat = (actor: string, generationId: number, groupInstanceId: string | null = null, version = 4) =>
      both.same(`${actor}-heartbeat`, heartbeat, version, (side) => ({
        groupId: group,
        generationId,
        memberId: idOf(side, actor),
        groupInstanceId,
      }))

    const leave = (...members: { actor: string; groupInstanceId?: string }[]) =>
      both.same('leaver', leaveGroup, 5, (side) => ({
        groupId: group,
        members: members.map(({ actor, groupInstanceId = null }) => ({ memberId: idOf(side, actor), groupInstanceId })),
      }))

    const described = (version = 6) =>
      both.same('admin', describeGroups, version, {
        groups: [group],
        ...(version >= 3 && { includeAuthorizedOperations: true }),
      })

    const settled = async (what: Promise<unknown>, ms = 150) =>
      Promise.race([what.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), ms))])

    test('requests that can be seen to be wrong', async () => {
      for (const version of [0, 4, 9]) {
        await join('x', version, { groupId: '' })
        await join('x', version, { sessionTimeoutMs: 999 })
        await join('x', version, { sessionTimeoutMs: 1_800_001 })
        await join('x', version, { protocolType: '' })
        await join('x', version, { protocols: [] })
        await join('x', version, { memberId: 'unknown' })
      }
      for (const version of [0, 4, 5]) {
        await sync('y', 1, {}, { groupId: '' }, version)
        await sync('y', 1, {}, { memberId: 'nobody' }, version)
      }
      await sync('y', 1, {}, { protocolType: null })
      await sync('y', 1, {}, { protocolName: null })
      for (const version of [0, 4]) {
        await both.same('z', heartbeat, version, { groupId: '', generationId: 1, memberId: 'm' })
        await both.same('z', heartbeat, version, { groupId: group, generationId: 1, memberId: 'm' })
        await both.same('z', heartbeat, version, { groupId: 'never-heard-of', generationId: 1, memberId: 'm' })
      }
      for (const version of [0, 1, 2]) {
        await both.same('z', leaveGroup, version, { groupId: '', memberId: 'm' })
        await both.same('z', leaveGroup, version, { groupId: 'never-heard-of', memberId: 'm' })
        await both.same('z', leaveGroup, version, { groupId: group, memberId: 'm' })
      }
      for (const version of [3, 5]) {
        for (const groupId of ['', 'never-heard-of', group]) {
          await both.same('z', leaveGroup, version, {
            groupId,
            members: [{ memberId: 'm' }, { memberId: '', groupInstanceId: 'i' }],
          })
        }
      }
      await described()
    })

    test.each([0, 3, 4, 6, 7, 9])('one member, JoinGroup version %i', async (version) => {
      const first = await join('a', version)
      if (version >= 4) {
        expect(first.errorCode).toBe(79)
        await described()
        await join('a', version)
      }
      await described()
      await beat('a', 1)
      await sync('a', 1, { a: 'all' }, {}, Math.min(5, version))
      await described()
      await beat('a', 1, null, 0)
      await beat('a', 0)
      await beat('a', 2)
      await beat('b', 1)
      await sync('a', 1)
      await sync('a', 1, {}, { protocolType: 'other' })
      await sync('a', 1, {}, { protocolName: 'other' })
      await sync('a', 7)
      // the leader joins again: a new generation
      await join('a', version)
      await sync('a', 2, { a: 'again' })
      await leave({ actor: 'a' })
      await leave({ actor: 'a' })
      await described()
      await both.samePart('admin', listGroups, 5, {}, ({ groups }) => groups.filter(({ groupId }) => groupId === group))
    })

    test('two members: the rebalance waits for both, the leader assigns, one leaves', async () => {
      await joined('a', joinTwice('a'))
      await sync('a', 1, { a: 'all' })
      const b = joinTwice('b')
      expect(await settled(b)).toBe(false)
      await described()
      await beat('a', 1)
      const a = joining('a')
      await joined('a', a)
      await joined('b', b)
      await described()
      const waiting = syncing('b', 2)
      expect(await settled(waiting)).toBe(false)
      await beat('b', 2)
      await sync('a', 2, { a: 'half', b: 'other half', c: 'nobody' })
      await synced('b', waiting)
      await described()
      // a follower that joins again unchanged is told what it knows
      await join('b')
      const changed = joining('b', 9, { protocols: [protocol('p', 'changed')] })
      expect(await settled(changed)).toBe(false)
      await beat('a', 2)
      await joined('a', joining('a'))
      await joined('b', changed)
      await sync('a', 3, { a: '1' })
      await sync('b', 3)
      await leave({ actor: 'b' })
      await beat('a', 3)
      await join('a')
      await sync('a', 4, { a: 'all' })
      await described()
    })

    test('joining, syncing and leaving out of turn', async () => {
      await joined('a', joinTwice('a'))
      // an answer that was lost: the same again
      await join('a')
      const b = joinTwice('b')
      expect(await settled(b)).toBe(false)
      await sync('a', 1, { a: 'all' })
      const aJoins = joining('a')
      await joined('a', aJoins)
      await joined('b', b)
      // while the assignment is awaited a third one comes: those who wait are sent back
      const bSyncs = syncing('b', 2)
      expect(await settled(bSyncs)).toBe(false)
      const c = joinTwice('c')
      await synced('b', bSyncs)
      expect(await settled(c)).toBe(false)
      await leave({ actor: 'a' }, { actor: 'nobody' }, { actor: 'b' })
      await joined('c', c)
      await described()
      await sync('c', 3, { c: 'x' })
      await leave({ actor: 'c' })
      await described()
    })

    test('protocols: what all have, what most prefer, and who does not fit', async () => {
      const [p, q, r] = [protocol('p'), protocol('q'), protocol('r')]
      await joined('a', joinTwice('a', { protocols: [p, q, r] }))
      await join('b', 9, { protocols: [protocol('s')] })
      await join('b', 9, { protocolType: 'other' })
      const b = joinTwice('b', { protocols: [r, q] })
      expect(await settled(b)).toBe(false)
      await joined('a', joining('a', 9, { protocols: [p, q, r] }))
      await joined('b', b)
      const c = joinTwice('c', { protocols: [q, r] })
      expect(await settled(c)).toBe(false)
      const again = ['a', 'b'].map((actor) => joining(actor, 9, { protocols: actor === 'a' ? [p, q, r] : [r, q] }))
      await joined('a', again[0]!)
      await joined('b', again[1]!)
      await joined('c', c)
      await described()
      await join('d', 9, { protocols: [p, q, r] })
    })

    test("a group that is full, and one in which a newcomer takes an old member's place", async () => {
      const soon = { rebalanceTimeoutMs: 1_000 }
      await joined('a', joinTwice('a', soon))
      await sync('a', 1, { a: 'all' })
      const [b, c, d, e] = ['b', 'c', 'd', 'e'].map((actor) => joinTwice(actor, soon)) as [Pending, Pending, Pending, Pending]
      expect(await settled(Promise.race([b, c, d, e]))).toBe(false)
      await join('a')
      for (const [actor, answers] of Object.entries({ b, c, d, e })) {
        both.equal(withoutMembers(await answers), `JoinGroup of ${actor}`)
      }
      await join('f')
      await join('f', 3)
    })

    test('KIP-345 static members: come back without a rebalance, are fenced, are removed by an administrator', async () => {
      const instance = (groupInstanceId: string) => ({ groupInstanceId })
      await join('a', 9, instance('i1'))
      await sync('a', 1, { a: 'all' }, instance('i1'))
      const b = joining('b', 9, instance('i2'))
      expect(await settled(b)).toBe(false)
      await joined('a', joining('a', 9, instance('i1')))
      await joined('b', b)
      await sync('a', 2, { a: '1', b: '2' }, instance('i1'))
      await sync('b', 2, {}, instance('i2'))
      await described()
      // the follower, then the leader, lose their ids
      await join('b2', 9, instance('i2'))
      await beat('b', 2, 'i2')
      await beat('b', 2)
      await beat('b2', 2, 'i2')
      await beat('b2', 2, 'unknown')
      await sync('b', 2, {}, instance('i2'))
      await sync('b2', 2, {}, instance('i2'))
      await join('b', 9, instance('i2'))
      await join('a2', 9, instance('i1'))
      await join('a3', 8, instance('i1'))
      await described()
      await leave(
        { actor: 'a', groupInstanceId: 'i1' },
        { actor: 'nobody', groupInstanceId: 'i2' },
        { actor: 'nobody', groupInstanceId: 'i3' },
      )
      await described()
      await join('a3', 9, instance('i1'))
      await leave({ actor: 'a3', groupInstanceId: 'i1' })
      await described()
    })

    test('KIP-345 a static member that comes back with other protocols, and while a rebalance is under way', async () => {
      const instance = (groupInstanceId: string) => ({ groupInstanceId })
      const many = [protocol('p'), protocol('q')]
      await join('a', 9, { ...instance('i1'), protocols: many })
      await sync('a', 1, { a: 'all' }, instance('i1'))
      await join('a2', 9, { ...instance('i1'), protocols: [protocol('q')] })
      await described()
      const old = joining('a', 9, { ...instance('i1'), memberId: '', protocols: [protocol('q')] })
      await old
      const b = joining('b', 9, { ...instance('i2'), protocols: [protocol('q')] })
      expect(await settled(b)).toBe(false)
      // whoever waits under the same instance id is told that another has come
      const b2 = joining('b2', 9, { ...instance('i2'), protocols: [protocol('q')] })
      await joined('b', b)
      expect(await settled(b2)).toBe(false)
      await described()
    })

    test('commits of members', async () => {
      const topic = await both.topic(1)
      const commit = (actor: string, generationIdOrMemberEpoch: number, version = 9, groupInstanceId: string | null = null) =>
        both.same('committer', offsetCommit, version, (side) => ({
          groupId: group,
          memberId: idOf(side, actor),
          generationIdOrMemberEpoch,
          groupInstanceId,
          topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
        }))
      for (const version of [2, 8, 9]) await commit('nobody', 1, version)
      await joined('a', joinTwice('a'))
      await commit('a', 1)
      await sync('a', 1, { a: 'all' })
      for (const version of [2, 7, 9]) {
        await commit('a', 1, version)
        await commit('a', 0, version)
        await commit('a', 2, version)
        await commit('nobody', 1, version)
        await commit('nobody', -1, version)
      }
      await commit('a', 1, 9, 'i1')
      const b = joinTwice('b')
      expect(await settled(b)).toBe(false)
      // before it joins again a member may still commit
      await commit('a', 1)
      await leave({ actor: 'a' }, { actor: 'b' })
      await b
      await commit('nobody', -1)
      await commit('nobody', 3)
    })
  })
}
