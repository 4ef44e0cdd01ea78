/** Membership as tables of events: what is done about each, and what holds whatever happens. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { step } from '../../../src/main/group/membership.ts'
import {
  type IdPartition,
  keyOf,
  type Membership,
  type MembershipAction,
  type MembershipEvent,
  type MembershipSettings,
  newMembership,
  waitsFor,
} from '../../../src/main/group/membership-state.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import { ErrorCode } from '../../../src/shared/protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponse } from '../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'

const settings: MembershipSettings = {
  groupId: 'g',
  memberId: 'me',
  instanceId: null,
  rackId: 'rack-1',
  topics: ['a', 'b'],
  topicRegex: null,
  serverAssignor: 'range',
  rebalanceTimeoutMs: 30_000,
  maxProcessingMs: 60_000,
  instancePatienceMs: 60_000,
}

type Assignment = Record<string, number[]>

const topicsOf = (assignment: Assignment) => Object.entries(assignment).map(([topicId, partitions]) => ({ topicId, partitions }))

function response(epoch: number, assignment: Assignment | null, errorCode = 0): ConsumerGroupHeartbeatResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage: errorCode === 0 ? null : 'said the broker',
    memberId: 'me',
    memberEpoch: epoch,
    heartbeatIntervalMs: 5_000,
    assignment: assignment && { topicPartitions: topicsOf(assignment) },
  }
}

const lost = (code: 'CONNECTION_LOST' | 'UNSUPPORTED' = 'CONNECTION_LOST') =>
  new KafkaError(code, 'the connection was lost', { retriable: code !== 'UNSUPPORTED' })

/** One member, to be told what happens; says in short what it does. */
class Story {
  state: Membership
  now = 0
  readonly actions: MembershipAction[] = []

  constructor(changed: Partial<MembershipSettings> = {}) {
    this.state = newMembership({ ...settings, ...changed })
  }

  take(event: MembershipEvent): string[] {
    const [state, actions] = step(this.state, event)
    this.state = state
    this.actions.push(...actions)
    return actions.map(short)
  }

  start(nodeId = 1): string[] {
    return [...this.take({ type: 'start' }), ...this.take({ type: 'found', nodeId })]
  }

  answer(epoch: number, assignment: Assignment | null = null, { seq = this.state.seq, nodeId = 1 } = {}): string[] {
    return this.take({ type: 'answer', now: this.now, seq, nodeId, broker: 'b:1', response: response(epoch, assignment) })
  }

  refusal(error: keyof typeof ErrorCode, { seq = this.state.seq, nodeId = 1 } = {}): string[] {
    const answer = response(0, null, ErrorCode[error])
    return this.take({ type: 'answer', now: this.now, seq, nodeId, broker: 'b:1', response: answer })
  }

  fail(error = lost(), { seq = this.state.seq, nodeId = 1 } = {}): string[] {
    return this.take({ type: 'failed', seq, nodeId, error })
  }

  resolve(topicId: string, partitions = 10): string[] {
    return this.take({ type: 'resolved', topicId, partitions })
  }

  release(...names: string[]): string[] {
    return this.take({ type: 'released', partitions: names.map(partitionOf) })
  }

  /** A member that owns these. */
  member(assignment: Assignment): this {
    this.start()
    this.answer(1, assignment)
    for (const topicId of Object.keys(assignment)) this.resolve(topicId)
    this.answer(1)
    this.actions.length = 0
    return this
  }

  last<T extends MembershipAction['type']>(type: T): Extract<MembershipAction, { type: T }> {
    return this.actions.findLast((action) => action.type === type) as Extract<MembershipAction, { type: T }>
  }
}

function partitionOf(name: string): IdPartition {
  const [topicId, partition] = name.split('-')
  return { topicId: topicId!, partition: Number(partition) }
}

const names = (partitions: readonly IdPartition[]) =>
  partitions.map(({ topicId, partition }) => `${topicId}-${partition}`).join(' ')

function short(action: MembershipAction): string {
  switch (action.type) {
    case 'order': {
      const { changes, everything, nodeId } = action
      const named = changes.topicPartitions?.flatMap(({ topicId, partitions }) => partitions.map((p) => `${topicId}-${p}`))
      const what = changes === everything ? 'all' : 'changes'
      return `order ${what} @${nodeId} epoch ${changes.memberEpoch} ${named ? `[${named.join(' ')}]` : 'nothing new'}`
    }
    case 'pause':
      return `pause ${action.failures}`
    case 'resolve':
      return `resolve ${action.topicId} ${action.partitions}`
    case 'assign':
      return `assign ${names(action.partitions)}`
    case 'revoke':
      return `revoke ${names(action.partitions)} by ${action.deadline}`
    case 'lose':
      return `lose ${names(action.partitions)} ${action.error.code}`
    case 'leave':
      return `leave @${action.nodeId} ${action.body.memberEpoch}`
    case 'fatal':
      return `fatal ${action.error.code}`
    default:
      return action.type
  }
}

describe('C10 joining', () => {
  it('says all on joining, names what it gets, and has it when that was answered', () => {
    const story = new Story()
    expect(story.start()).toEqual(['find', 'order all @1 epoch 0 []'])
    expect(story.last('order').everything).toEqual({
      groupId: 'g',
      memberId: 'me',
      memberEpoch: 0,
      instanceId: null,
      rackId: 'rack-1',
      rebalanceTimeoutMs: 35_000,
      subscribedTopicNames: ['a', 'b'],
      subscribedTopicRegex: null,
      serverAssignor: 'range',
      topicPartitions: [],
    })
    expect(story.answer(3, { A: [0, 1], B: [0] })).toEqual(['resolve A 2', 'resolve B 1'])
    expect(story.resolve('A')).toEqual(['order changes @1 epoch 3 [A-0 A-1]'])
    expect(story.resolve('B')).toEqual(['order changes @1 epoch 3 [A-0 A-1 B-0]'])
    // the first of the two orders
    expect(story.answer(3, null, { seq: 2 })).toEqual(['assign A-0 A-1'])
    expect(story.answer(3)).toEqual(['assign B-0', 'joined'])
    expect(story.answer(3)).toEqual([])
  })

  it('says only what has changed: no subscription, no timeout, no rack again', () => {
    const story = new Story()
    story.start()
    story.answer(3, { A: [0] })
    story.resolve('A')
    expect(story.last('order').changes).toEqual({
      ...story.last('order').everything,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
    })
  })

  it('is a member without partitions, when there are none for it', () => {
    const story = new Story()
    story.start()
    expect(story.answer(1, {})).toEqual(['joined'])
  })

  it('a topic that cannot be resolved holds nobody up, and is assigned when it is known', () => {
    const story = new Story()
    story.start()
    story.answer(1, { A: [0] })
    expect(story.take({ type: 'unresolved', topicId: 'A' })).toEqual(['joined'])
    expect(story.resolve('A')).toEqual(['order changes @1 epoch 1 [A-0]'])
    expect(story.answer(1)).toEqual(['assign A-0'])
  })

  it('a topic that has grown is looked up again', () => {
    const story = new Story().member({ A: [0] })
    expect(story.answer(2, { A: [0, 12] })).toEqual(['resolve A 13'])
    expect(story.resolve('A', 13)).toEqual(['order changes @1 epoch 2 [A-0 A-12]'])
    expect(story.answer(2)).toEqual(['assign A-12'])
  })

  it('C11 with an expression and names, with an expression alone', () => {
    const both = new Story({ topicRegex: 'x.*' })
    both.start()
    expect(both.last('order').everything).toMatchObject({ subscribedTopicNames: ['a', 'b'], subscribedTopicRegex: 'x.*' })
    const alone = new Story({ topicRegex: 'x.*', topics: [] })
    alone.start()
    expect(alone.last('order').everything).toMatchObject({ subscribedTopicNames: null, subscribedTopicRegex: 'x.*' })
  })

  it('F43 what a coordinator says that cannot be true is left out', () => {
    const story = new Story()
    story.start()
    expect(story.answer(0)).toEqual(['find'])
    story.take({ type: 'found', nodeId: 1 })
    story.answer(1, { A: [-1, 0, 0] })
    expect(story.resolve('A')).toEqual(['order changes @1 epoch 1 [A-0]'])
  })
})

describe('IC4 handing over', () => {
  it('what is taken away is named until it is released; then the rest, and what is new', () => {
    const story = new Story().member({ A: [0, 1, 2] })
    story.now = 1_000
    expect(story.answer(1, { A: [0, 3] })).toEqual(['revoke A-1 A-2 by 31000'])
    // what is new waits
    expect(story.state.held.has('A 3')).toBe(false)
    expect(story.answer(1)).toEqual([])
    expect(story.release('A-1')).toEqual(['order changes @1 epoch 1 [A-0 A-2]'])
    expect(story.release('A-2')).toEqual(['order changes @1 epoch 1 [A-0 A-3]'])
    expect(story.answer(2)).toEqual(['assign A-3'])
  })

  it('what was named and is taken away before the answer is never given to the owner', () => {
    const story = new Story().member({ A: [0] })
    story.answer(2, { A: [0, 1] })
    expect(story.last('order').changes.topicPartitions).toEqual([{ topicId: 'A', partitions: [0, 1] }])
    expect(story.answer(3, { A: [0] })).toEqual(['order changes @1 epoch 3 [A-0]'])
    expect(story.answer(3)).toEqual([])
  })

  it('a revocation wins over an assignment that crosses it', () => {
    const story = new Story().member({ A: [0] })
    story.answer(1, {})
    // back again, before the owner has released it
    expect(story.answer(1, { A: [0] })).toEqual([])
    expect(story.release('A-0')).toEqual(['order changes @1 epoch 1 []'])
    // a heartbeat that was under way says nothing about it
    expect(story.answer(1, null, { seq: story.state.seq - 1 })).toEqual([])
    expect(story.answer(2)).toEqual(['order changes @1 epoch 2 [A-0]'])
    expect(story.answer(2)).toEqual(['assign A-0'])
  })

  it('a release of what was not taken away changes nothing', () => {
    const story = new Story().member({ A: [0] })
    expect(story.release('A-0', 'B-7')).toEqual([])
  })

  it('changes that no answer has confirmed are said again with the next ones', () => {
    const story = new Story().member({ A: [0, 1] })
    story.answer(1, {})
    story.release('A-0')
    expect(story.release('A-1')).toEqual(['order changes @1 epoch 1 []'])
    expect(story.answer(1)).toEqual([])
    expect(story.state.held.size).toBe(0)
  })
})

describe('F23 put out of the group', () => {
  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID', 'GROUP_ID_NOT_FOUND'] as const)(
    '%s: all is lost at once, and it joins anew',
    (error) => {
      const story = new Story().member({ A: [0, 1] })
      story.answer(1, { A: [0] })
      expect(story.refusal(error)).toEqual(['lose A-0 A-1 MEMBER_LOST', 'order all @1 epoch 0 []'])
      // released too late
      expect(story.release('A-1')).toEqual([])
      expect(story.answer(5, { A: [1] })).toEqual(['order changes @1 epoch 5 [A-1]'])
      expect(story.answer(5)).toEqual(['assign A-1'])
    },
  )

  it('again and again: with pauses, which end with real progress', () => {
    const story = new Story().member({ A: [0] })
    story.refusal('FENCED_MEMBER_EPOCH')
    story.answer(2, {})
    expect(story.refusal('FENCED_MEMBER_EPOCH')).toEqual(['pause 2'])
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 1 })
    expect(story.refusal('UNKNOWN_MEMBER_ID')).toEqual(['pause 3'])
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 1 })
    story.answer(3, {})
    story.answer(3)
    expect(story.refusal('FENCED_MEMBER_EPOCH')).toEqual(['order all @1 epoch 0 []'])
  })

  it('answers about the membership that ended mean nothing', () => {
    const story = new Story().member({ A: [0] })
    const { seq } = story.state
    story.refusal('FENCED_MEMBER_EPOCH')
    expect(story.answer(1, { A: [0] }, { seq })).toEqual([])
    expect(story.refusal('FENCED_MEMBER_EPOCH', { seq })).toEqual([])
    expect(story.fail(lost(), { seq })).toEqual([])
    // also before the next one has begun
    const latest = story.state.seq
    expect(story.refusal('FENCED_MEMBER_EPOCH')).toEqual(['pause 2'])
    expect(story.answer(1, { A: [0] }, { seq: latest })).toEqual([])
    expect(story.state).toMatchObject({ phase: 'joining', epoch: 0 })
  })

  it('F26 the owner keeps others waiting: all is lost, it leaves, and joins again only when the owner returns', () => {
    const story = new Story().member({ A: [0] })
    const error = new KafkaError('MEMBER_LOST', 'too long', { retriable: true })
    expect(story.take({ type: 'withdraw', error })).toEqual(['lose A-0 MEMBER_LOST', 'silence', 'leave @1 -1'])
    expect(waitsFor(story.state)).toBe('return')
    // what was under way says nothing any more, and a new I/O thread has nothing to say
    expect(story.answer(2, { A: [0, 1] })).toEqual([])
    expect(story.take({ type: 'restarted' })).toEqual([])
    expect(story.take({ type: 'withdraw', error })).toEqual([])
    expect(story.take({ type: 'leave-answered' })).toEqual([])
    expect(story.take({ type: 'return' })).toEqual(['order all @1 epoch 0 []'])
    expect(story.take({ type: 'return' })).toEqual([])
    story.answer(3, { A: [0] })
    expect(story.answer(3)).toEqual(['assign A-0'])
  })

  it('F26 the word that it leaves does not arrive: said again; then it returns, or is stopped', () => {
    const error = new KafkaError('MEMBER_LOST', 'too long', { retriable: true })
    for (const end of ['return', 'stop'] as const) {
      const story = new Story().member({ A: [0] })
      story.take({ type: 'withdraw', error })
      expect(story.take({ type: 'leave-failed', error: lost() })).toEqual(['pause 1'])
      expect(story.take({ type: 'paused' })).toEqual(['find'])
      expect(story.take({ type: 'found', nodeId: 2 })).toEqual(['leave @2 -1'])
      const [last] = story.take({ type: end }).slice(-1)
      expect(last).toBe(end === 'return' ? 'order all @2 epoch 0 []' : 'leave @2 -1')
    }
  })

  it('F27 the I/O thread has left in our name: all is lost, with the reason, and it joins anew', () => {
    const story = new Story().member({ A: [0] })
    expect(story.take({ type: 'left', seq: story.state.seq, silentMs: 61_000 })).toEqual([
      'lose A-0 MEMBER_LOST',
      'order all @1 epoch 0 []',
    ])
    expect(story.last('lose').error.message).toMatch(/did not react for 61000 ms.*maxProcessingMs \(60000\)/)
  })
})

describe('F8 trouble with the coordinator', () => {
  const troubles: [string, (story: Story) => string[]][] = [
    ['NOT_COORDINATOR', (story) => story.refusal('NOT_COORDINATOR')],
    ['COORDINATOR_NOT_AVAILABLE', (story) => story.refusal('COORDINATOR_NOT_AVAILABLE')],
    ['COORDINATOR_LOAD_IN_PROGRESS', (story) => story.refusal('COORDINATOR_LOAD_IN_PROGRESS')],
    [
      'an error of the future',
      (story) => {
        const answer = { ...response(0, null), errorCode: 9_999 }
        return story.take({ type: 'answer', now: 0, seq: story.state.seq, nodeId: 1, broker: 'b:1', response: answer })
      },
    ],
    ['a lost connection', (story) => story.fail()],
    ['what a commit was told', (story) => story.take({ type: 'disowned', nodeId: 1 })],
  ]
  it.each(troubles)('%s: looks for it, pauses, and keeps what it has', (_, trouble) => {
    const story = new Story().member({ A: [0] })
    expect(trouble(story)).toEqual(['find'])
    expect(story.take({ type: 'found', nodeId: 2 })).toEqual(['order all @2 epoch 1 [A-0]'])
    expect(story.fail(lost(), { nodeId: 2 })).toEqual(['pause 2'])
    // told twice
    expect(story.fail(lost(), { nodeId: 2 })).toEqual([])
    expect(story.take({ type: 'paused' })).toEqual(['find'])
    expect(story.take({ type: 'not-found', error: lost() })).toEqual(['pause 3'])
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 3 })
    expect(story.answer(1, { A: [0] }, { nodeId: 3 })).toEqual([])
    expect(story.state).toMatchObject({ failures: 0, coordinator: { nodeId: 3 } })
    expect(story.actions.some(({ type }) => type === 'lose' || type === 'revoke')).toBe(false)
  })

  it('a failure of an older heartbeat is none, when a newer one is under way', () => {
    const story = new Story().member({ A: [0] })
    const { seq } = story.state
    story.answer(2, { A: [0, 1] })
    expect(story.fail(lost(), { seq })).toEqual([])
    expect(story.refusal('NOT_COORDINATOR', { seq })).toEqual([])
  })

  it('an assignment whose answer was lost comes with the answer to all there is to say', () => {
    const story = new Story().member({ A: [0] })
    story.answer(1, { A: [0, 1] })
    story.fail()
    expect(story.take({ type: 'found', nodeId: 1 })).toEqual(['order all @1 epoch 1 [A-0 A-1]'])
    expect(story.answer(2, { A: [0, 1] })).toEqual(['assign A-1'])
  })

  it('F28 after a crash of the I/O thread all is said again', () => {
    const story = new Story().member({ A: [0] })
    expect(story.take({ type: 'restarted' })).toEqual(['order all @1 epoch 1 [A-0]'])
  })

  it('the I/O thread may have found the new coordinator alone', () => {
    const story = new Story().member({ A: [0] })
    story.answer(1, null, { nodeId: 3 })
    expect(story.state.coordinator).toEqual({ is: 'known', nodeId: 3 })
  })
})

describe('C10 what cannot be helped', () => {
  const finals = [
    ['GROUP_AUTHORIZATION_FAILED', 'GROUP_ERROR', /READ the group/],
    ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_ERROR', /DESCRIBE and READ every topic/],
    ['UNSUPPORTED_ASSIGNOR', 'GROUP_ERROR', /no assignor 'range'.*'uniform' and 'range'/],
    ['INVALID_REGULAR_EXPRESSION', 'GROUP_ERROR', /RE2\/J/],
    ['GROUP_MAX_SIZE_REACHED', 'GROUP_ERROR', /group\.consumer\.max\.size/],
    ['INVALID_REQUEST', 'GROUP_ERROR', /said the broker/],
    ['FENCED_INSTANCE_ID', 'GROUP_ERROR', /instanceId/],
    ['GROUP_ID_NOT_FOUND', 'GROUP_ERROR', /another kind/],
    ['INCONSISTENT_GROUP_PROTOCOL', 'GROUP_ERROR', /another kind/],
    ['INVALID_GROUP_ID', 'GROUP_ERROR', /another name/],
    ['UNSUPPORTED_VERSION', 'UNSUPPORTED', /Apache Kafka 4\.0/],
  ] as const
  it.each(finals)('%s ends it with %s, and says what to do', (error, code, text) => {
    const story = new Story()
    story.start()
    expect(story.refusal(error)).toEqual(['silence', `fatal ${code}`])
    expect(story.last('fatal').error).toMatchObject({ retriable: false, context: { group: 'g', brokerError: error } })
    expect(story.last('fatal').error.message).toMatch(text)
    expect(waitsFor(story.state)).toBeUndefined()
    expect(story.take({ type: 'paused' })).toEqual([])
  })

  it('whatever it had is lost before', () => {
    const story = new Story().member({ A: [0] })
    expect(story.refusal('GROUP_AUTHORIZATION_FAILED')).toEqual(['lose A-0 GROUP_ERROR', 'silence', 'fatal GROUP_ERROR'])
  })

  it('a broker without the API: UNSUPPORTED, which names the version that is needed', () => {
    const story = new Story()
    story.start()
    expect(story.fail(lost('UNSUPPORTED'))).toEqual(['silence', 'fatal UNSUPPORTED'])
    expect(story.last('fatal').error.message).toContain('KIP-848 need Apache Kafka 4.0')
  })

  it('no coordinator may be told: final errors end it, others do not', () => {
    const story = new Story()
    story.take({ type: 'start' })
    expect(story.take({ type: 'not-found', error: lost() })).toEqual(['pause 1'])
    story.take({ type: 'paused' })
    const error = new KafkaError('GROUP_ERROR', 'no right', {})
    expect(story.take({ type: 'not-found', error })).toEqual(['silence', 'fatal GROUP_ERROR'])
  })

  it('C11 an instance id that is taken is waited for, as its last user may have crashed, but not for ever', () => {
    const story = new Story({ instanceId: 'i' })
    story.start()
    expect(story.refusal('UNRELEASED_INSTANCE_ID')).toEqual(['free-instance', 'pause 1'])
    // only if it is ours, since it names this member
    expect(story.last('free-instance').body).toMatchObject({ memberId: 'me', instanceId: 'i', memberEpoch: -2 })
    story.now = 59_999
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 1 })
    expect(story.refusal('UNRELEASED_INSTANCE_ID')).toEqual(['free-instance', 'pause 2'])
    story.now = 60_000
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 1 })
    expect(story.refusal('UNRELEASED_INSTANCE_ID')).toEqual(['silence', 'fatal GROUP_ERROR'])
    expect(story.last('fatal').error.message).toMatch(/instanceId 'i' is in use, which is waited for up to 60 s/)
  })

  it('C11 one that becomes free in time is had', () => {
    const story = new Story({ instanceId: 'i' })
    story.start()
    story.refusal('UNRELEASED_INSTANCE_ID')
    story.take({ type: 'paused' })
    story.take({ type: 'found', nodeId: 1 })
    expect(story.answer(1, {})).toEqual(['joined'])
    expect(story.state.takenSince).toBeUndefined()
  })
})

describe('C10 leaving', () => {
  it.each([
    [null, -1],
    ['i', -2],
  ])('instance id %s leaves with %s', (instanceId, epoch) => {
    const story = new Story({ instanceId }).member({ A: [0] })
    expect(story.take({ type: 'stop' })).toEqual(['silence', `leave @1 ${epoch}`])
    expect(story.take({ type: 'leave-answered' })).toEqual(['ended'])
  })

  it('before anybody knew of it there is nobody to tell', () => {
    expect(new Story().take({ type: 'stop' })).toEqual(['ended'])
    const story = new Story()
    story.take({ type: 'start' })
    expect(story.take({ type: 'stop' })).toEqual(['ended'])
  })

  it('a join that is under way is taken back', () => {
    const story = new Story()
    story.start()
    expect(story.take({ type: 'stop' })).toEqual(['silence', 'leave @1 -1'])
  })

  it('with the coordinator looked for first, when it is not known or does not answer', () => {
    const story = new Story().member({ A: [0] })
    story.fail()
    expect(story.take({ type: 'stop' })).toEqual(['silence'])
    expect(story.take({ type: 'not-found', error: lost() })).toEqual(['pause 2'])
    expect(story.take({ type: 'paused' })).toEqual(['find'])
    expect(story.take({ type: 'found', nodeId: 2 })).toEqual(['leave @2 -1'])
    expect(story.take({ type: 'leave-failed', error: lost() })).toEqual(['pause 3'])
    story.take({ type: 'paused' })
    expect(story.take({ type: 'found', nodeId: 3 })).toEqual(['leave @3 -1'])
    expect(story.take({ type: 'leave-answered' })).toEqual(['ended'])
  })

  it('late heartbeats mean nothing any more', () => {
    const story = new Story().member({ A: [0] })
    story.take({ type: 'stop' })
    expect(story.answer(2, { A: [0, 1] })).toEqual([])
    expect(story.refusal('FENCED_MEMBER_EPOCH')).toEqual([])
    expect(story.fail()).toEqual([])
  })
})

/** What the world around a member may do next, by the number of a choice. */
class Chance {
  readonly story = new Story()
  /** What the owner has. */
  readonly owned = new Set<string>()
  readonly revoking = new Set<string>()
  /** What heartbeats have named and had answered. */
  readonly named = new Set<string>()
  orders: Extract<MembershipAction, { type: 'order' }>[] = []
  asked: Extract<MembershipAction, { type: 'resolve' }>[] = []
  epoch = 1
  over = false

  do(event: MembershipEvent): void {
    const before = this.story.actions.length
    this.story.take(event)
    for (const action of this.story.actions.slice(before)) this.#check(action)
    const { state } = this.story
    const waits = waitsFor(state)
    if (!this.over && state.phase !== 'idle') expect(waits).toBeDefined()
    if (waits === 'heartbeat') expect(this.orders).not.toEqual([])
    if (state.phase !== 'leaving' && state.phase !== 'ended') {
      const held = [...state.held.values()].filter(({ state }) => state === 'owned' || state === 'revoking')
      expect(new Set(held.map(keyOf))).toEqual(this.owned)
    }
  }

  #check(action: MembershipAction): void {
    switch (action.type) {
      case 'order':
        this.orders = [...this.orders.slice(-1), action]
        if (action.changes.memberEpoch === 0) this.named.clear()
        break
      case 'resolve':
        this.asked.push(action)
        break
      case 'assign':
        for (const partition of action.partitions) {
          expect(this.owned.has(keyOf(partition)), 'assigned twice').toBe(false)
          expect(this.named.has(keyOf(partition)), 'acknowledged').toBe(true)
          this.owned.add(keyOf(partition))
        }
        break
      case 'revoke':
        for (const partition of action.partitions) {
          expect(this.owned.has(keyOf(partition)) && !this.revoking.has(keyOf(partition)), 'revoked once').toBe(true)
          this.revoking.add(keyOf(partition))
        }
        break
      case 'lose':
        expect(new Set(action.partitions.map(keyOf))).toEqual(this.owned)
        this.owned.clear()
        this.revoking.clear()
        break
      case 'ended':
      case 'fatal':
        this.over = true
    }
  }

  /** Any of the last orders is answered, sent as it was meant or with all there is to say. */
  answer(which: number, assignment: number, moves: boolean): MembershipEvent | undefined {
    const order = this.orders[which % this.orders.length]
    if (!order) return undefined
    const { topicPartitions } = which % 3 === 0 ? order.everything : order.changes
    if (order.seq >= this.story.state.joinSeq && topicPartitions !== null) {
      this.named.clear()
      for (const { topicId, partitions } of topicPartitions)
        for (const partition of partitions) this.named.add(keyOf({ topicId, partition }))
    }
    const target: Assignment = {}
    for (let bit = 0; bit < 6; bit++) if (assignment & (1 << bit)) (target[bit < 3 ? 'A' : 'B'] ??= []).push(bit % 3)
    const { seq, nodeId } = order
    return { type: 'answer', now: 0, seq, nodeId, broker: 'b', response: response(++this.epoch, moves ? target : null) }
  }

  release(which: number): MembershipEvent {
    const some = [...this.revoking].filter((_, index) => which & (1 << index))
    for (const key of some) {
      this.revoking.delete(key)
      this.owned.delete(key)
    }
    return { type: 'released', partitions: some.map((key) => partitionOf(key.replace(' ', '-'))) }
  }

  resolve(which: number, known: boolean): MembershipEvent | undefined {
    const [asked] = this.asked.splice(which % Math.max(1, this.asked.length), 1)
    if (!asked) return undefined
    const { topicId, partitions } = asked
    return known ? { type: 'resolved', topicId, partitions } : { type: 'unresolved', topicId }
  }

  coordinator(which: number): MembershipEvent {
    if (this.story.state.coordinator.is === 'pausing') return { type: 'paused' }
    return which === 0 ? { type: 'not-found', error: lost() } : { type: 'found', nodeId: which }
  }

  refusal(ago: number, error: keyof typeof ErrorCode): MembershipEvent | undefined {
    const order = this.orders.at(-1)
    if (!order || error === 'NONE') return undefined
    const { seq, nodeId } = order
    return { type: 'answer', now: 0, seq: seq - ago, nodeId, broker: 'b', response: response(0, null, ErrorCode[error]) }
  }

  event(type: (typeof troubles)[number] | (typeof ends)[number]): MembershipEvent {
    const { seq, nodeId } = this.orders.at(-1) ?? { seq: 1, nodeId: 1 }
    switch (type) {
      case 'failed':
        return { type, seq, nodeId, error: lost() }
      case 'left':
        return { type, seq, silentMs: 1 }
      case 'disowned':
        return { type, nodeId }
      case 'leave-failed':
      case 'withdraw':
        return { type, error: lost() }
      default:
        return { type }
    }
  }
}

const codes = Object.keys(ErrorCode) as (keyof typeof ErrorCode)[]
const often = ['FENCED_MEMBER_EPOCH', 'NOT_COORDINATOR', 'UNRELEASED_INSTANCE_ID'] as const
const troubles = ['failed', 'left', 'restarted', 'disowned', 'withdraw', 'return', 'return'] as const
const ends = ['stop', 'leave-answered', 'leave-failed'] as const
type Happening = (chance: Chance) => MembershipEvent | undefined
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(5), fc.nat(63), fc.boolean()).map(
      (how): Happening =>
        (chance) =>
          chance.answer(...how),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(63).map(
      (which): Happening =>
        (chance) =>
          chance.release(which),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(3), fc.boolean()).map(
      (how): Happening =>
        (chance) =>
          chance.resolve(...how),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(3).map(
      (which): Happening =>
        (chance) =>
          chance.coordinator(which),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(1), fc.oneof(fc.constantFrom(...codes), fc.constantFrom(...often))).map(
      (how): Happening =>
        (chance) =>
          chance.refusal(...how),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...troubles).map(
      (type): Happening =>
        (chance) =>
          chance.event(type),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...ends).map(
      (type): Happening =>
        (chance) =>
          chance.event(type),
    ),
  },
)

describe('IC4 whatever happens', () => {
  test.prop([fc.array(happening, { minLength: 10, maxLength: 120 })], { numRuns: 1_000 })(
    'nothing is assigned twice or before it was acknowledged, and something is always under way',
    (happenings) => {
      const chance = new Chance()
      chance.do({ type: 'start' })
      for (const happens of happenings) {
        const event = happens(chance)
        if (event) chance.do(event)
      }
    },
  )
})
