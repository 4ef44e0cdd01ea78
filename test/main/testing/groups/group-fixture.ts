/** A cluster on a virtual clock with raw clients at the coordinator of one group, for tests of time, moves and faults. */
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import {
  type Assignment,
  type ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeat,
} from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { findCoordinator } from '../../../../src/shared/protocol/generated/find-coordinator.ts'
import { heartbeat } from '../../../../src/shared/protocol/generated/heartbeat.ts'
import { type JoinGroupRequest, joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../../../src/shared/protocol/generated/offset-fetch.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import type { RawClient } from '../client.ts'
import { Fixture, type FixtureOptions } from '../fixture.ts'

export const GROUP = 'g'
const WAITING_ACTORS = ['a', 'b', 'c', 'lost']

export class GroupFixture {
  readonly fixture: Fixture
  /** At the coordinator; one that waits for an answer blocks its requests behind it, so each actor has one. */
  readonly #clients = new Map<string, RawClient>()

  private constructor(fixture: Fixture) {
    this.fixture = fixture
  }

  static async start(options: FixtureOptions = {}): Promise<GroupFixture> {
    const fixture = await Fixture.start({
      topics: [{ topic: 't', partitions: 4 }],
      ...options,
      groups: { assignmentIntervalMs: 0, ...options.groups },
    })
    fixture.cluster.coordinator.findPartition(GROUP)
    const group = new GroupFixture(fixture)
    await group.open()
    return group
  }

  /** Opens the connections of those whose requests wait: time must not be told to pass in two places at once. */
  async open(): Promise<void> {
    for (const actor of WAITING_ACTORS) await this.client(actor)
  }

  get cluster() {
    return this.fixture.cluster
  }

  get coordinator(): number {
    return this.cluster.coordinator.findPartition(GROUP).leader
  }

  /** A node that does not coordinate the group. */
  get other(): number {
    return this.cluster.liveNodes.find(({ id }) => id !== this.coordinator)!.id
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.fixture.env.advance(ms)
  }

  #opened(actor: string): RawClient {
    return this.#clients.get(`${actor} ${this.coordinator}`)!
  }

  async client(actor: string, node = this.coordinator): Promise<RawClient> {
    const key = `${actor} ${node}`
    let client = this.#clients.get(key)
    if (client === undefined) this.#clients.set(key, (client = await this.fixture.client(node)))
    return client
  }

  now<T>(call: Promise<T>): Promise<T> {
    return this.fixture.after(call)
  }

  isPending(call: Promise<unknown>): Promise<boolean> {
    return this.fixture.isPending(call)
  }

  /** A heartbeat of the consumer protocol; gives the answer with its partitions as a list. */
  async beat(
    memberId: string,
    memberEpoch: number,
    owned: number[] | null = null,
    fields: Draft<ConsumerGroupHeartbeatRequest> = {},
  ) {
    const topicPartitions = owned && (owned.length > 0 ? [{ topicId: this.fixture.id(), partitions: owned }] : [])
    const client = await this.client(memberId)
    const body = { groupId: GROUP, memberId, memberEpoch, topicPartitions, ...fields }
    const { errorCode, memberEpoch: epoch, assignment } = await this.now(client.call(consumerGroupHeartbeat, 1, body))
    return { errorCode, epoch, partitions: partitionsOf(assignment) }
  }

  join(memberId: string, fields: Draft<ConsumerGroupHeartbeatRequest> = {}) {
    return this.beat(memberId, 0, [], { rebalanceTimeoutMs: 30_000, subscribedTopicNames: ['t'], ...fields })
  }

  /** A classic member joins; the answer may take a while. */
  joinClassic(actor: string, fields: Draft<JoinGroupRequest> = {}, version = 5) {
    return this.#opened(actor).call(joinGroup, version, {
      groupId: GROUP,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocolType: 'test',
      protocols: [{ name: 'p', metadata: Buffer.from(actor) }],
      ...fields,
    })
  }

  sync(actor: string, memberId: string, generationId: number, assignments: Record<string, string> = {}) {
    const list = Object.entries(assignments).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) }))
    return this.#opened(actor).call(syncGroup, 3, { groupId: GROUP, generationId, memberId, assignments: list })
  }

  async classicBeat(memberId: string, generationId: number): Promise<number> {
    const client = await this.client(`${memberId} heartbeat`)
    return (await this.now(client.call(heartbeat, 4, { groupId: GROUP, generationId, memberId }))).errorCode
  }

  async leaveClassic(memberId: string): Promise<number> {
    const client = await this.client('leaver')
    return (await this.now(client.call(leaveGroup, 2, { groupId: GROUP, memberId }))).errorCode
  }

  /** A stable classic group of one member without a first round for its id; gives the id. */
  async stableClassic(fields: Draft<JoinGroupRequest> = {}): Promise<string> {
    const joining = this.joinClassic('a', fields, 3)
    await this.pass(0)
    const { memberId, generationId } = await this.now(joining)
    await this.now(this.sync('a', memberId, generationId, { [memberId]: 'all' }))
    return memberId
  }

  async commit(offset: number, node = this.coordinator, who: { memberId?: string; generationIdOrMemberEpoch?: number } = {}) {
    const client = await this.client('committer', node)
    const partitions = [{ partitionIndex: 0, committedOffset: offset }]
    const body = { groupId: GROUP, generationIdOrMemberEpoch: -1, topics: [{ name: 't', partitions }], ...who }
    return (await this.now(client.call(offsetCommit, 9, body))).topics[0]!.partitions[0]!.errorCode
  }

  /** The committed offset, or the error. */
  async committed(node = this.coordinator): Promise<number | string> {
    const client = await this.client('fetcher', node)
    const groups = [{ groupId: GROUP, topics: [{ name: 't', partitionIndexes: [0] }] }]
    const [answer] = (await this.now(client.call(offsetFetch, 9, { groups }))).groups
    return answer!.errorCode === 0 ? answer!.topics[0]!.partitions[0]!.committedOffset : `error ${answer!.errorCode}`
  }

  async find(keys: string[], node = 1) {
    const client = await this.client('finder', node)
    return (await this.now(client.call(findCoordinator, 6, { keyType: 0, coordinatorKeys: keys }))).coordinators
  }
}

function partitionsOf(assignment: Assignment | null): number[] | null {
  return assignment === null ? null : assignment.topicPartitions.flatMap(({ partitions }) => partitions)
}
