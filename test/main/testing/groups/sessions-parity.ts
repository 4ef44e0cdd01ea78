/** Members that fall silent or do not do what they are told, in real time, on both brokers. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { describeGroups } from '../../../../src/shared/protocol/generated/describe-groups.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { incrementalAlterConfigs } from '../../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import type { BothGroups, Side } from './both.ts'

const SESSION = 2_000
const HEARTBEAT = 500
const INTERVAL = 700
const UNKNOWN_MEMBER_ID = 25
const GROUP_RESOURCE = 32

export function sessionsParity(given: () => BothGroups): void {
  describe('silence', { timeout: 60_000 }, () => {
    let both: BothGroups
    let group: string
    let topic: string

    // Only the real broker has settings for a single group, so the embedded one is another.
    beforeAll(async () => {
      both = await given().variant({ sessionTimeoutMs: SESSION, heartbeatIntervalMs: HEARTBEAT, assignmentIntervalMs: INTERVAL })
    })

    afterAll(() => both?.stopVariant())

    beforeEach(async () => {
      group = `g-${randomUUID()}`
      for (const side of both.sides) await side.reset('a', 'b')
      topic = await both.topic(2)
      const configs = Object.entries({
        'consumer.session.timeout.ms': SESSION,
        'consumer.heartbeat.interval.ms': HEARTBEAT,
        'consumer.assignment.interval.ms': INTERVAL,
      })
      await both.sides[0].call('admin', incrementalAlterConfigs, 1, {
        resources: [
          {
            resourceType: GROUP_RESOURCE,
            resourceName: group,
            configs: configs.map(([name, value]) => ({ name, value: String(value), configOperation: 0 })),
          },
        ],
      })
    })

    const body =
      (memberId: string, memberEpoch: number, owned: number[] | null = null, fields: object = {}) =>
      (side: Side) => ({
        groupId: group,
        memberId,
        memberEpoch,
        topicPartitions: owned && (owned.length > 0 ? [{ topicId: side.id(topic), partitions: owned }] : []),
        ...fields,
      })

    const beat = (...args: Parameters<typeof body>) => both.same(args[0], consumerGroupHeartbeat, 1, body(...args))

    const join = async (memberId: string, rebalanceTimeoutMs = 60_000) => {
      const fields = { rebalanceTimeoutMs, subscribedTopicNames: [topic] }
      const answer = await both.same(memberId, consumerGroupHeartbeat, 1, body(memberId, 0, [], fields))
      expect(answer.heartbeatIntervalMs).toBe(HEARTBEAT)
      return answer
    }

    /** One that joins when the last assignment is old enough for a new one. */
    const joinLater = async (memberId: string) => {
      await sleep(INTERVAL + 50)
      return join(memberId)
    }

    test('a second assignment waits until the first is old enough', async () => {
      await join('a')
      expect(await join('b')).toMatchObject({ memberEpoch: 2 })
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
      await sleep(INTERVAL)
      expect(await beat('b', 2, [])).toMatchObject({ memberEpoch: 3 })
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
    })

    test('a member of the consumer protocol that is silent is thrown out, and what it had goes on', async () => {
      await join('a')
      await joinLater('b')
      const rest = await both.eventuallySame('b', consumerGroupHeartbeat, 1, body('b', 3), (answer) => answer.memberEpoch === 4)
      expect(rest.assignment!.topicPartitions[0]!.partitions).toEqual([0, 1])
      expect(await beat('a', 2)).toMatchObject({ errorCode: UNKNOWN_MEMBER_ID })
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
    })

    test('a member that keeps what it is to give up is thrown out in the middle of its heartbeats', async () => {
      await join('a', 1_500)
      await joinLater('b')
      await both.eventuallySame(
        'a',
        consumerGroupHeartbeat,
        1,
        body('a', 2, [0, 1]),
        (answer) => answer.errorCode === UNKNOWN_MEMBER_ID,
      )
      await both.eventuallySame('b', consumerGroupHeartbeat, 1, body('b', 3), (answer) => answer.memberEpoch === 4)
      await both.same('admin', consumerGroupDescribe, 1, { groupIds: [group] })
    })

    const joining = (actor: string, rebalanceTimeoutMs = 60_000) =>
      both.ask(actor, joinGroup, 3, (side) => ({
        groupId: group,
        sessionTimeoutMs: SESSION,
        rebalanceTimeoutMs,
        memberId: side.knows(actor) ? side.id(actor) : '',
        protocolType: 'test',
        protocols: [{ name: 'p', metadata: Buffer.from('p') }],
      }))

    const joined = async (actor: string, answers: ReturnType<typeof joining>) =>
      both.equal(await answers, `JoinGroup of ${actor}`, ({ memberId }, side) => side.learn(memberId, actor))

    const sync = (actor: string, generationId: number) =>
      both.same(actor, syncGroup, 3, (side) => ({
        groupId: group,
        generationId,
        memberId: side.id(actor),
        assignments: [{ memberId: side.id(actor), assignment: Buffer.from('all') }],
      }))

    const classicBeat = (actor: string, generationId: number) => (side: Side) => ({
      groupId: group,
      generationId,
      memberId: side.id(actor),
    })

    test('a classic member that is silent is thrown out, and the other one has to join again', async () => {
      await joined('a', joining('a'))
      await sync('a', 1)
      const b = joining('b')
      // `a` says nothing, so `b` is alone when its session is over
      expect(await joined('b', b)).toMatchObject({ errorCode: 0, generationId: 2 })
      await sync('b', 2)
      expect((await both.same('a', heartbeat, 4, classicBeat('a', 1))).errorCode).toBe(UNKNOWN_MEMBER_ID)
      await both.same('admin', describeGroups, 6, { groups: [group] })
      await both.eventuallySame('b2', heartbeat, 4, classicBeat('b', 2), ({ errorCode }) => errorCode === 0)
      await both.eventuallySame(
        'admin',
        describeGroups,
        6,
        { groups: [group] },
        ({ groups }) => groups[0]!.groupState === 'Empty',
      )
    })

    test('a classic member that heartbeats but does not join again in time is taken out', async () => {
      await joined('a', joining('a', 1_500))
      await sync('a', 1)
      const b = joining('b', 1_500)
      await both.eventuallySame('a', heartbeat, 4, classicBeat('a', 1), ({ errorCode }) => errorCode === UNKNOWN_MEMBER_ID)
      expect(await joined('b', b)).toMatchObject({ errorCode: 0, generationId: 2, members: [{}] })
      // and one that joins but never asks for its assignment
      await both.eventuallySame('b2', heartbeat, 4, classicBeat('b', 2), ({ errorCode }) => errorCode === UNKNOWN_MEMBER_ID)
      await both.same('admin', describeGroups, 6, { groups: [group] })
    })
  })
}
