/** The consumer protocol (KIP-848) on the embedded broker and on real Kafka: the same requests, the same answers, step by step. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import { type Assignment, consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeat,
} from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import type { BothGroups, Side } from './both.ts'

type Fields = Draft<ConsumerGroupHeartbeatRequest>
/** Partitions by topic name. */
type Owned = Record<string, number[]>

export function consumerParity(given: () => BothGroups): void {
  describe('KIP-848', () => {
    let both: BothGroups
    let group: string

    beforeEach(() => {
      both = given()
      group = `g-${randomUUID()}`
    })

    const owned = (side: Side, partitions: Owned) =>
      Object.entries(partitions).map(([topic, indexes]) => ({ topicId: side.id(topic), partitions: indexes }))

    function beat(memberId: string, memberEpoch: number, partitions: Owned | null = null, fields: Fields = {}, version = 1) {
      const body = (side: Side) => ({
        groupId: group,
        memberId,
        memberEpoch,
        topicPartitions: partitions && owned(side, partitions),
        ...fields,
      })
      return both.same(memberId || 'nobody', consumerGroupHeartbeat, version, body)
    }

    const join = (memberId: string, topics: string[] | null, fields: Fields = {}, version = 1) =>
      beat(memberId, 0, {}, { rebalanceTimeoutMs: 2_000, subscribedTopicNames: topics, ...fields }, version)

    const described = () => both.same('admin', consumerGroupDescribe, 1, { groupIds: [group], includeAuthorizedOperations: true })

    /** Which partitions of several topics go to whom hangs on the topics' ids: only how many each member is to have is compared. */
    const describedInNumbers = async () => {
      const count = (assignment: Assignment) => assignment.topicPartitions.flatMap(({ partitions }) => partitions).length
      const [real, embedded] = (await both.ask('admin', consumerGroupDescribe, 1, { groupIds: [group] })).map(({ groups }) => ({
        ...groups[0]!,
        members: groups[0]!.members.map((member) => ({
          ...member,
          assignment: count(member.assignment),
          targetAssignment: count(member.targetAssignment),
        })),
      }))
      both.equal([real!, embedded!], 'the group in numbers')
    }

    const held = ({ assignment }: ConsumerGroupHeartbeatResponse) =>
      assignment?.topicPartitions.flatMap(({ partitions }) => partitions).sort((a, b) => a - b)

    test('requests that can be seen to be wrong', async () => {
      const topic = await both.topic(1)
      for (const version of [0, 1]) {
        await join('', [topic], {}, 1)
        await beat('', 1, null, {}, version)
        await beat('', -1, null, {}, version)
        await beat('', -2, null, { instanceId: 'i' }, 0)
        await join('a', [topic], { groupId: '' }, version)
        await join('a', [topic], { instanceId: '' }, version)
        await join('a', [topic], { rackId: '' }, version)
        await join('a', [topic], { rebalanceTimeoutMs: -1 }, version)
        await join('a', [topic], { topicPartitions: null }, version)
        await join('a', null, {}, version)
        await beat('a', 0, { [topic]: [0] }, { rebalanceTimeoutMs: 1000, subscribedTopicNames: [topic] }, version)
        await beat('a', -2, null, {}, version)
        await beat('a', -3, null, {}, version)
        await join('a', [topic], { serverAssignor: 'sticky' }, version)
        await join(' ', [topic], {}, version)
      }
      await beat('a', 1)
      await beat('a', -1)
      await beat('a', -2, null, { instanceId: 'i' })
    })

    test('one member: joins, heartbeats, asks again, leaves', async () => {
      const topic = await both.topic(3)
      expect(await join('a', [topic, 'nothing-of-that-name'])).toMatchObject({
        errorCode: 0,
        memberEpoch: 2,
        heartbeatIntervalMs: 5000,
      })
      await described()
      await beat('a', 2)
      await beat('a', 2, { [topic]: [0, 1, 2] })
      await described()
      await beat('a', 2, { [topic]: [0, 1, 2] }, { rebalanceTimeoutMs: 2_000, subscribedTopicNames: [topic] })
      await beat('a', 1)
      await beat('a', 1, { [topic]: [0] })
      await beat('a', 4)
      await join('a', [topic])
      await beat('b', 3)
      await beat('a', -1)
      await beat('a', -1)
      await described()
    })

    test('a second member: what it gets has to be given up first', async () => {
      const topic = await both.topic(4)
      await join('a', [topic])
      expect(held(await join('b', [topic]))).toEqual([])
      await described()
      expect(held(await beat('a', 2, { [topic]: [0, 1, 2, 3] }))).toEqual([0, 1])
      await described()
      await beat('b', 3, {})
      // still says that it has them all
      await beat('a', 2, { [topic]: [0, 1, 2, 3] })
      await beat('b', 3, {})
      expect(await beat('a', 2, { [topic]: [0, 1] })).toMatchObject({ memberEpoch: 3 })
      expect(held(await beat('b', 3, {}))).toEqual([2, 3])
      await described()
      await beat('b', 3, { [topic]: [2, 3] })
      await beat('a', 3, { [topic]: [0, 1] })
      // the answer to `a` is lost: it comes again with the epoch before, which is good while it owns no more than it may
      await beat('a', 2, { [topic]: [0, 1] })
      await beat('a', 2, { [topic]: [0, 1, 2] })
      await beat('a', 2, null)
      await beat('a', -1)
      expect(held(await beat('b', 3, { [topic]: [2, 3] }))).toEqual([0, 1, 2, 3])
      await described()
    })

    test('four members, more than partitions, and a fifth that finds no room', async () => {
      const topic = await both.topic(3)
      const epochs = new Map<string, number>()
      const assigned = new Map<string, Owned>()
      const one = async (id: string, joins = false) => {
        const answer = joins ? await join(id, [topic]) : await beat(id, epochs.get(id)!, assigned.get(id)!)
        epochs.set(id, answer.memberEpoch)
        const now = held(answer)
        if (now) assigned.set(id, now.length > 0 ? { [topic]: now } : {})
      }
      for (const id of ['a', 'b', 'c', 'd']) {
        await one(id, true)
        for (let round = 0; round < 3; round++) for (const member of epochs.keys()) await one(member)
        await described()
      }
      await join('e', [topic])
      await beat('b', -1)
      epochs.delete('b')
      for (let round = 0; round < 3; round++) for (const member of epochs.keys()) await one(member)
      await described()
      expect([...epochs.keys()].flatMap((id) => assigned.get(id)![topic] ?? []).sort()).toEqual([0, 1, 2])
    })

    test.each(['range', 'uniform'])('the assignor %s', async (serverAssignor) => {
      const [first, second] = [await both.topic(5), await both.topic(4)]
      const topics = [first, second]
      const describe = serverAssignor === 'range' ? described : describedInNumbers
      await join('m1', topics, { serverAssignor })
      await join('m2', topics, { serverAssignor })
      await describe()
      if (serverAssignor === 'range') await beat('m1', 2, { [first]: [0, 1, 2, 3, 4], [second]: [0, 1, 2, 3] })
      await describe()
      await join('m3', topics)
      await describe()
    })

    test('members that want different assignors, and different topics', async () => {
      const [first, second] = [await both.topic(2), await both.topic(2)]
      await join('m1', [first, second], { serverAssignor: 'range' })
      await describedInNumbers()
      await join('m2', [second], { serverAssignor: 'uniform' })
      await describedInNumbers()
      await join('m3', [second], { serverAssignor: 'uniform' })
      await describedInNumbers()
      await beat('m1', 2, null, { subscribedTopicNames: [first] })
      await describedInNumbers()
      await beat('m1', 2, { [first]: [0, 1] })
      await describedInNumbers()
    })

    test('subscriptions change: nothing, to nothing, to something that is not there', async () => {
      const [first, second] = [await both.topic(2), await both.topic(2)]
      await join('a', [first])
      await beat('a', 2, null, { subscribedTopicNames: [first] })
      await beat('a', 2, { [first]: [0, 1] }, { subscribedTopicNames: [second] })
      await described()
      await beat('a', 2, {})
      await described()
      await beat('a', 3, { [second]: [0, 1] }, { subscribedTopicNames: [] })
      await beat('a', 3, {})
      await beat('a', 4, {}, { subscribedTopicNames: ['not-there'] })
      await described()
      await beat('a', 5, {}, { rackId: 'r1', instanceId: 'late' })
      await described()
    })

    test('topics come, grow and go', async () => {
      const first = await both.topic(1)
      const name = `later-${randomUUID()}`
      await join('a', [first, name])
      await both.topic(2, name)
      expect(await beat('a', 2, { [first]: [0] })).toMatchObject({ memberEpoch: 3 })
      await both.grow(first, 3)
      await beat('a', 3, { [first]: [0], [name]: [0, 1] })
      await described()
      await both.deleteTopic(name)
      await beat('a', 4, { [first]: [0, 1, 2], [name]: [0, 1] })
      await beat('a', 4, { [first]: [0, 1, 2] })
      await described()
      await both.topic(1, name)
      await beat('a', 5, { [first]: [0, 1, 2] })
      await described()
    })

    test('KIP-345 static members: leave for a while, come back, are fenced', async () => {
      const topic = await both.topic(4)
      const instance = (instanceId: string) => ({ instanceId })
      await join('a', [topic], instance('i1'))
      await join('a2', [topic], instance('i1'))
      await join('a', [topic], instance('i1'))
      await beat('b', 2, null, instance('i1'))
      await beat('a', 2, null, instance('i9'))
      await beat('a', -2, null, instance('i9'))
      await beat('b', -2, null, instance('i1'))
      expect(await beat('a', -2, null, instance('i1'))).toMatchObject({ errorCode: 0, memberEpoch: -2 })
      await described()
      await beat('a', 2, null, instance('i1'))
      // its partitions stay its own
      await join('b', [topic], instance('i2'))
      await described()
      expect(await join('a2', [topic], instance('i1'))).toMatchObject({ errorCode: 0 })
      await described()
      await beat('a', 3, null, instance('i1'))
      await beat('a2', 3, { [topic]: [0, 1] }, instance('i1'))
      await beat('b', 3, {}, instance('i2'))
      await described()
      await beat('b', -1, null, instance('i2'))
      await beat('b', -1, null, instance('i2'))
      await beat('a2', 3, { [topic]: [0, 1] })
      await beat('a2', -2, null, instance('i1'))
      await join('a2', [topic, 'other'], instance('i1'))
      await described()
    })

    test.each([
      ...[
        '(',
        ')',
        '[',
        '[a',
        '*',
        '+',
        'a**',
        'a++',
        'a??',
        'a*?',
        '\\',
        'a{2,1}',
        'a{2,}',
        'a{,2}',
        'a{1001}',
        'a{',
        '}',
        ']',
        '[]',
        '[]a]',
      ],
      ...[
        '[b-a]',
        '[a-\\d]',
        '(?=a)',
        '(?!a)',
        '(?<=a)',
        '(?<!a)',
        '(?>a)',
        '(?#x)',
        '(a)\\1',
        '\\k<x>',
        '(?P<n>x)',
        '(?<n>x)',
        '(?P<1>a)',
        '(?P=n)',
      ],
      ...[
        '(?i)a',
        '(?i:a)',
        '(?s-i:a)',
        '(?U)a+',
        '(?x)a',
        '(?i',
        '\\Qa',
        '\\Qa\\E',
        '\\A',
        '\\z',
        '\\Z',
        '\\G',
        '\\b',
        '\\C',
        '\\R',
        '\\y',
      ],
      ...[
        '\\pN',
        '\\p{Lu}',
        '\\p{Greek}',
        '\\p{^Greek}',
        '\\p{Nope}',
        '\\p',
        '\\p{',
        '\\x41',
        '\\x{41}',
        '\\x4',
        '\\u0041',
        '\\07',
        '\\8',
        '\\_',
        '\\-',
        '\\é',
      ],
      ...[
        '[[:alpha:]]',
        '[[:^alpha:]]',
        '[[:nope:]]',
        '[:alpha:]',
        '',
        '|',
        '()',
        'a||b',
        '^a$',
        '$^',
        '.',
        'é',
        '\\t',
        '\\a',
        '\\e',
        '\\c',
      ],
    ])('the expression %s', async (subscribedTopicRegex) => {
      const fields = { rebalanceTimeoutMs: 2_000, topicPartitions: [], subscribedTopicRegex, subscribedTopicNames: [] }
      const body = { groupId: group, memberId: 'x', memberEpoch: 0, ...fields }
      await both.samePart('x', consumerGroupHeartbeat, 1, body, ({ errorCode }) => errorCode)
    })

    test('subscriptions by regular expression', async () => {
      const prefix = `rx-${randomUUID().slice(0, 8)}`
      await both.topic(1, `${prefix}-a`)
      await both.topic(2, `${prefix}-b`)
      const regex = (subscribedTopicRegex: string) => ({ subscribedTopicRegex })
      await join('m', null, regex(`${prefix}-[ab]`))
      const again = {
        groupId: group,
        memberId: 'm',
        memberEpoch: 0,
        rebalanceTimeoutMs: 2000,
        topicPartitions: [],
        ...regex(`${prefix}-[ab]`),
      }
      const settled = await both.eventuallySame(
        'm',
        consumerGroupHeartbeat,
        1,
        again,
        (answer) => (held(answer)?.length ?? 0) > 0,
      )
      expect(held(settled)).toEqual([0, 0, 1])
      await described()
      await join('n', [`${prefix}-a`], regex(`${prefix}-[ab]`))
      await described()
      await beat('n', -1)
      await beat('m', settled.memberEpoch, null, { subscribedTopicRegex: '', subscribedTopicNames: [`${prefix}-b`] })
      await described()
    })
  })
}
