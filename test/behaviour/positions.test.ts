/** Where a member of a group begins: asked of real coordinators and leaders, through the client's own threads. */
import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { findPositions, type GroupCoordinates, type ResetPolicy, type StartResult } from '../../src/main/group/positions.ts'
import { Io } from '../../src/main/io.ts'
import { Metadata } from '../../src/main/metadata.ts'
import { bootstrapAddresses, kafkaOptions } from '../../src/main/options.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { checkOptions } from '../../src/shared/options.ts'
import type { ConsumerGroupHeartbeatResponse } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import type { FindCoordinatorResponse } from '../../src/shared/protocol/generated/find-coordinator.ts'
import type { OffsetCommitResponse } from '../../src/shared/protocol/generated/offset-commit.ts'
import { allTargets, onBrokers, onEmbedded, type World } from './on-brokers.ts'

const FIND_COORDINATOR = 10
const OFFSET_COMMIT = 8
const HEARTBEAT = 68

/** One member of a new group of the consumer protocol, by hand. */
class Member implements GroupCoordinates {
  readonly groupId = `g-${randomUUID()}`
  readonly id = randomUUID()
  readonly io: Io
  readonly metadata: Metadata
  readonly context: Parameters<typeof findPositions>[0]
  readonly abort = new AbortController()
  readonly failures: KafkaError[] = []
  epoch = 0
  /** How far behind it believes its epoch to be. */
  behind = 0
  #coordinator: number | undefined

  constructor({ brokers }: World) {
    const env = nodeEnv()
    const options = checkOptions(kafkaOptions, { brokers }, 'the test')
    const nothing = () => {}
    const events = { onNews: nothing, onAcked: nothing, onFailed: nothing, onFetched: nothing, onFetchFailed: nothing }
    this.io = new Io(env, options, () => ({
      ...events,
      tallies: () => [],
      onRestart: nothing,
      onRoom: nothing,
      onDeath: nothing,
      onEvent: (event) => {
        if (event.type === 'metadata-stale') this.metadata.stale(event.topics, event.reason)
      },
    }))
    this.metadata = new Metadata({ env, io: this.io, options, bootstrap: bootstrapAddresses(options.brokers) })
    this.context = { env, io: this.io, metadata: this.metadata, options }
  }

  memberId(): string {
    return this.id
  }

  memberEpoch(): number {
    return this.epoch - this.behind
  }

  async coordinator(): Promise<number> {
    while (this.#coordinator === undefined) {
      const { body } = await this.io.call('any', FIND_COORDINATOR, { keyType: 0, coordinatorKeys: [this.groupId] })
      const [found] = (body as FindCoordinatorResponse).coordinators
      if (found!.errorCode === 0) this.#coordinator = found!.nodeId
      else await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return this.#coordinator
  }

  coordinatorFailed(nodeId: number, error: KafkaError): void {
    this.failures.push(error)
    if (this.#coordinator === nodeId) this.#coordinator = undefined
  }

  /** Joins, or says that it is still there. */
  async heartbeat(topic?: string): Promise<void> {
    for (;;) {
      const joining = { rebalanceTimeoutMs: 30_000, subscribedTopicNames: [topic], topicPartitions: [] }
      const request = { groupId: this.groupId, memberId: this.id, memberEpoch: this.epoch, ...(topic !== undefined && joining) }
      const { body } = await this.io.call(await this.coordinator(), HEARTBEAT, request)
      const { errorCode, memberEpoch } = body as ConsumerGroupHeartbeatResponse
      this.epoch = errorCode === 0 ? memberEpoch : this.epoch
      if (errorCode === 0) return
      this.#coordinator = undefined
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async commit(topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const view = await this.metadata.topic(topic)
    const partitions = Array.from(offsets, ([partitionIndex, committedOffset]) => ({
      partitionIndex,
      committedOffset,
      committedLeaderEpoch: 0,
      committedMetadata: `from ${partitionIndex}`,
    }))
    const topics = [{ name: topic, topicId: view.topicId, partitions }]
    const request = { groupId: this.groupId, memberId: this.id, generationIdOrMemberEpoch: this.epoch, topics }
    const { body } = await this.io.call(await this.coordinator(), OFFSET_COMMIT, request)
    const codes = (body as OffsetCommitResponse).topics.flatMap((one) => one.partitions.map(({ errorCode }) => errorCode))
    expect(codes.filter((code) => code !== 0)).toEqual([])
  }

  async find(topic: string, partitions: number[], policy: ResetPolicy, bornLater = false): Promise<StartResult[]> {
    const { topicId } = await this.metadata.topic(topic)
    const places = partitions.map((partition) => ({ topic, topicId, partition, bornLater }))
    const policyOf = () => ({ offsetResetPolicy: policy, isolationLevel: 'read_committed' }) as const
    return Promise.all(findPositions(this.context, places, this, policyOf, { signal: this.abort.signal }))
  }

  async end(): Promise<void> {
    this.metadata.close()
    await this.io.close()
  }
}

const members: Member[] = []
afterEach(async () => {
  for (const member of members.splice(0)) await member.end()
})

/** A topic of three partitions with 5 records each, and a member of a group that has committed in partition 1 only. */
async function joined(world: World): Promise<{ member: Member; topic: string }> {
  const topic = await world.topic(3)
  const records = [0, 1, 2].flatMap((partition) =>
    ['a', 'b', 'c', 'd', 'e'].map((value, i) => ({ topic, partition, value, timestamp: Date.now() - 100_000 + i * 20_000 })),
  )
  for (const result of await world.client().producer().produceBatch(records)) if (!result.ok) throw result.error
  const member = new Member(world)
  members.push(member)
  await member.metadata.connect()
  await member.heartbeat(topic)
  await member.commit(topic, new Map([[1, 3]]))
  return { member, topic }
}

const at = (result: StartResult) => (result.ok ? result.offset : result.error.code)

onBrokers(
  'positions',
  (world) => {
    it('C5, C9: a committed offset goes before every policy; without one the policy decides', async () => {
      const { member, topic } = await joined(world)
      const found = await member.find(topic, [0, 1, 2], 'earliest')
      expect(found.map(at)).toEqual([0, 3, 0])
      expect(found[1]).toEqual({ ok: true, offset: 3, leaderEpoch: 0, committed: { metadata: 'from 1' } })
      expect((await member.find(topic, [0, 1, 2], 'latest')).map(at)).toEqual([5, 3, 5])
      expect((await member.find(topic, [0, 1, 2], 'error')).map(at)).toEqual(['NO_OFFSET', 3, 'NO_OFFSET'])
      expect((await member.find(topic, [0, 1, 2], { byDuration: 50_000 })).map(at)).toEqual([3, 3, 3])
      expect((await member.find(topic, [0, 1, 2], { byDuration: 0 })).map(at)).toEqual([5, 3, 5])
      expect((await member.find(topic, [0, 1], 'latest', true)).map(at)).toEqual([0, 3])
      expect(member.failures).toEqual([])
    })

    it('F49, IC2: with a stale member epoch it waits until it has the right one, whatever the policy', async () => {
      const { member, topic } = await joined(world)
      member.behind = 1
      const finding = member.find(topic, [0, 1], 'latest')
      const early = await Promise.race([finding, new Promise((resolve) => setTimeout(resolve, 700, 'waits'))])
      expect(early).toBe('waits')
      member.behind = 0
      expect((await finding).map(at)).toEqual([5, 3])
    })

    it('a search that is aborted ends at once', async () => {
      const { member, topic } = await joined(world)
      member.behind = 1
      const finding = member.find(topic, [0, 1], 'latest')
      await new Promise((resolve) => setTimeout(resolve, 300))
      member.abort.abort()
      expect((await finding).map(at)).toEqual(['ABORTED', 'ABORTED'])
    })
  },
  allTargets,
)

onEmbedded('positions', 3, (world) => {
  it.each([
    'UNSTABLE_OFFSET_COMMIT',
    'COORDINATOR_LOAD_IN_PROGRESS',
    'NOT_COORDINATOR',
    'STALE_MEMBER_EPOCH',
    'REQUEST_TIMED_OUT',
  ])('F49, IC2: OffsetFetch fails with %s: asked again, never taken for nothing', async (error) => {
    const { member, topic } = await joined(world)
    const fault = await world.broker.faults.fail('OffsetFetch', { error, times: 3, group: member.groupId })
    expect((await member.find(topic, [0, 1, 2], 'latest')).map(at)).toEqual([5, 3, 5])
    expect(await fault.hits()).toBe(3)
  })

  it('F49: an OffsetFetch for one partition fails: the others do not wait', async () => {
    const { member, topic } = await joined(world)
    const { topicId } = await member.metadata.topic(topic)
    const fault = await world.broker.faults.fail('OffsetFetch', {
      error: 'UNSTABLE_OFFSET_COMMIT',
      times: 1_000,
      topic,
      partition: 1,
    })
    const places = [0, 1, 2].map((partition) => ({ topic, topicId, partition, bornLater: false }))
    const policyOf = () => ({ offsetResetPolicy: 'latest', isolationLevel: 'read_committed' }) as const
    const [first, second, third] = findPositions(member.context, places, member, policyOf, { signal: member.abort.signal })
    expect([await first, await third].map((result) => at(result!))).toEqual([5, 5])
    await fault.remove()
    expect(at((await second)!)).toBe(3)
  })

  it.each(['drop', 'delay'] as const)('F49: the answer to an OffsetFetch is lost (%s)', async (kind) => {
    const { member, topic } = await joined(world)
    const target = { times: 2, group: member.groupId }
    const { faults } = world.broker
    const fault = await (kind === 'drop'
      ? faults.drop('OffsetFetch', target)
      : faults.delay('OffsetFetch', { ...target, ms: 500 }))
    expect((await member.find(topic, [0, 1], 'latest')).map(at)).toEqual([5, 3])
    expect(await fault.hits()).toBeGreaterThan(0)
  })

  it('F8: the coordinator moves and loads: it is found again, and the committed offset with it', async () => {
    const { member, topic } = await joined(world)
    const old = await world.broker.coordinator(member.groupId)
    await world.broker.moveCoordinator(member.groupId, (old % 3) + 1, { loadingMs: 400 })
    expect((await member.find(topic, [0, 1], 'latest')).map(at)).toEqual([5, 3])
    expect(member.failures).not.toEqual([])
  })

  it('F8: the coordinator dies', async () => {
    const { member, topic } = await joined(world)
    const old = await world.broker.coordinator(member.groupId)
    await world.broker.kill(old)
    try {
      expect((await member.find(topic, [1], 'error')).map(at)).toEqual([3])
    } finally {
      await world.broker.revive(old)
    }
  })

  it('F5: leaders move while ListOffsets is asked', async () => {
    const { member, topic } = await joined(world)
    const { leader } = await world.broker.log(topic, 0)
    await world.moveLeader(topic, 0, (leader % 3) + 1)
    const fault = await world.broker.faults.fail('ListOffsets', { error: 'LEADER_NOT_AVAILABLE', topic, partition: 2, times: 2 })
    expect((await member.find(topic, [0, 1, 2], 'earliest')).map(at)).toEqual([0, 3, 0])
    expect(await fault.hits()).toBe(2)
  })
})
