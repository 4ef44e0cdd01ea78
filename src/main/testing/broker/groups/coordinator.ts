/**
 * The group coordinator of all nodes: which node coordinates which group, what it does with requests, and what happens when that
 * node changes. A group belongs to the leader of its partition of `__consumer_offsets`; nothing is written to that topic, groups
 * live in the {@link GroupStore}, which outlives nodes as a replicated log would.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { HeartbeatRequest } from '../../../../shared/protocol/generated/heartbeat.ts'
import type { JoinGroupRequest } from '../../../../shared/protocol/generated/join-group.ts'
import type { LeaveGroupRequest } from '../../../../shared/protocol/generated/leave-group.ts'
import type { SyncGroupRequest } from '../../../../shared/protocol/generated/sync-group.ts'
import type { Cluster } from '../cluster.ts'
import { InternalTopic } from '../internal-topic.ts'
import { NO_LEADER, type Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { OFFSETS_TOPIC } from '../topic-name.ts'
import { ClassicGroup } from './classic-group.ts'
import { ClassicInConsumer } from './classic-in-consumer.ts'
import type { Answerer, JoinAnswer, SyncAnswer } from './classic-member.ts'
import { ClassicRebalancing } from './classic-rebalance.ts'
import { ClassicRequests, type LeftMember } from './classic-requests.ts'
import { ConsumerMembership } from './consumer-heartbeat.ts'
import { Migration } from './migration.ts'
import { type Caller, defaultGroupSettings, type GroupSettings } from './settings.ts'
import { type Group, GroupStore } from './store.ts'
import { Timers } from './timers.ts'

const offsetsConfigs: ReadonlyMap<string, string> = new Map([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'producer'],
  ['segment.bytes', '104857600'],
])

export class GroupCoordinator {
  readonly store: GroupStore
  readonly membership: ConsumerMembership
  readonly #cluster: Cluster
  readonly #rebalancing: ClassicRebalancing
  readonly #classic: ClassicRequests
  readonly #mixed: ClassicInConsumer
  readonly #topic: InternalTopic
  /** Partitions whose new leader is not ready yet. */
  readonly #loading: Timers
  #loadingMs = 0

  constructor(cluster: Cluster, settings: Partial<GroupSettings> = {}) {
    this.#cluster = cluster
    this.#topic = new InternalTopic(cluster, OFFSETS_TOPIC, offsetsConfigs)
    this.store = new GroupStore(cluster, { ...defaultGroupSettings, ...settings })
    this.#loading = new Timers(cluster)
    this.#rebalancing = new ClassicRebalancing(this.store)
    const migration = new Migration(this.store, this.#rebalancing)
    this.membership = new ConsumerMembership(this.store, migration)
    this.#classic = new ClassicRequests(this.store, this.#rebalancing)
    this.#mixed = new ClassicInConsumer(this.store, this.membership, migration)
  }

  get settings(): GroupSettings {
    return this.store.settings
  }

  /** The partition that a group belongs to; undefined while there is no offsets topic. */
  partitionOf(group: string): Partition | undefined {
    return this.#topic.partitionOf(group)
  }

  /** As {@link partitionOf}; makes the topic when there is none. */
  findPartition(group: string): Partition {
    return this.#topic.findPartition(group)
  }

  /** Why a node does not coordinate a group, or NONE. */
  errorAt(node: number, group: string): number {
    const partition = this.partitionOf(group)
    // it takes itself for the coordinator, and can write nothing down
    if (this.#cluster.isolation.isCut(node) && partition?.seenBy(node).leader === node) return ErrorCode.COORDINATOR_NOT_AVAILABLE
    if (partition?.leader !== node) return ErrorCode.NOT_COORDINATOR
    return this.isLoading(partition) ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE
  }

  /** Whether the leader of a partition does not know its groups yet. */
  isLoading({ index }: Partition): boolean {
    return this.#loading.has(String(index))
  }

  /** The groups that a node coordinates. Throws COORDINATOR_LOAD_IN_PROGRESS while it does not know them all. */
  groupsAt(node: number): Group[] {
    const groups = [...this.store.groups.values()]
    for (const partition of this.#topic.topic?.partitions ?? []) {
      const loads = partition.leader === node && this.isLoading(partition)
      if (loads) throw new Refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    }
    return groups.filter(({ id }) => this.partitionOf(id)?.leader === node)
  }

  /** Moves a group, and all others of its partition, to a live node, which needs `loadingMs` before it answers. */
  move(group: string, node: number, loadingMs: number): void {
    const partition = this.findPartition(group)
    this.#loadingMs = loadingMs
    partition.moveTo(node)
    this.#loadingMs = 0
  }

  /** To be called when a topic was deleted. */
  topicDeleted(topic: Topic): void {
    this.store.topicDeleted(topic.name, topic.id)
    if (topic.name === OFFSETS_TOPIC) this.close()
  }

  /** Ends all groups. */
  close(): void {
    for (const group of this.store.groups.values()) {
      if (group.type === 'classic') this.#rebalancing.abandon(group, ErrorCode.NOT_COORDINATOR)
    }
    this.store.clear()
    this.#loading.cancelAll()
  }

  /** Throws a {@link Refusal} or calls `answer`, now or later. */
  join(request: JoinGroupRequest, caller: Caller, answer: Answerer<JoinAnswer>): void {
    const group = this.store.groups.get(request.groupId)
    if (group?.type === 'consumer' && !group.isEmpty) answer(this.#mixed.join(group, request, caller))
    else this.#classic.join(request, caller, answer)
  }

  /** Throws a {@link Refusal} or calls `answer`, now or later. */
  sync(request: SyncGroupRequest, answer: Answerer<SyncAnswer>): void {
    const group = this.#occupied(request.groupId)
    if (group.type === 'consumer') answer(this.#mixed.sync(group, request))
    else this.#classic.sync(group, request, answer)
  }

  /** Throws a {@link Refusal}. */
  heartbeat(request: HeartbeatRequest): void {
    const group = this.#known(request.groupId)
    if (group.type === 'consumer') this.#mixed.heartbeat(group, request)
    else this.#classic.heartbeat(group, request)
  }

  /** Throws a {@link Refusal}. */
  leave(groupId: string, members: LeaveGroupRequest['members']): LeftMember[] {
    const group = this.#known(groupId)
    return group.type === 'consumer' ? this.#mixed.leave(group, members) : this.#classic.leave(group, members)
  }

  /** A group that somebody commits to without being a member. */
  simpleGroup(id: string): ClassicGroup {
    const group = new ClassicGroup(this.#cluster, id)
    this.store.groups.set(id, group)
    return group
  }

  /** A classic member that commits is alive. */
  committed(group: ClassicGroup, memberId: string): void {
    const member = group.members.get(memberId)
    if (member && (group.state === 'Stable' || group.state === 'PreparingRebalance'))
      this.#rebalancing.startSession(group, member)
  }

  #known(id: string): Group {
    const group = this.store.groups.get(id)
    if (group === undefined) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
    return group
  }

  #occupied(id: string): Group {
    const group = this.#known(id)
    if (group.isEmpty) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
    return group
  }

  /** The transaction of a producer has ended in a partition of the offsets topic. */
  completeOffsets({ index }: Partition, producerId: number, commit: boolean): void {
    this.store.completeOffsets(producerId, (group) => this.#topic.indexOf(group) === index, commit)
  }

  /** To be called when there is an offsets topic: from now on its leaders are followed. */
  follow(topic: Topic): void {
    this.#topic.follow(topic, (partition) => this.#leaderChanged(partition))
  }

  #leaderChanged({ index, leader }: Partition): void {
    this.#loading.cancel(String(index))
    const ids = [...this.store.ids()].filter((id) => this.#topic.indexOf(id) === index)
    for (const id of ids) this.#unload(id)
    if (leader === NO_LEADER) return
    const load = (): void => {
      for (const id of ids) this.#load(id)
    }
    if (this.#loadingMs > 0) this.#loading.set(String(index), this.#loadingMs, load)
    else load()
  }

  /** The old coordinator lets go: nobody waits for it any longer, and what it had not written down is lost. */
  #unload(id: string): void {
    const group = this.store.groups.get(id)
    if (group === undefined) return
    group.timers.cancelAll()
    if (group.type === 'consumer') return
    this.#rebalancing.abandon(group, ErrorCode.NOT_COORDINATOR)
    const hasOffsets = this.store.offsetsOf(id) !== undefined || this.store.pending.hasGroup(id)
    const reloaded = group.reloaded(this.#cluster) ?? (hasOffsets ? new ClassicGroup(this.#cluster, id) : undefined)
    if (reloaded) this.store.groups.set(id, reloaded)
    else this.store.groups.delete(id)
  }

  /** The new coordinator takes over: sessions start anew. */
  #load(id: string): void {
    const group = this.store.groups.get(id)
    if (group?.type === 'consumer') this.membership.loaded(group)
    else for (const member of group?.members.values() ?? []) this.#rebalancing.startSession(group as ClassicGroup, member)
  }
}
