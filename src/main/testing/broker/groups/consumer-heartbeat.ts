/**
 * ConsumerGroupHeartbeat (KIP-848): joining, reconciling, leaving, and what happens to members that fall silent. All checks of a
 * request come before its first change, so a refused request leaves no trace.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../../../shared/protocol/generated/consumer-group-heartbeat.ts'
import { Refusal } from '../refusal.ts'
import {
  type HeldPartitions,
  heldAt,
  listed,
  NOTHING_HELD,
  sameHeld,
  sameSet,
  type TopicPartitions,
  withoutEpochs,
} from './assignment.ts'
import { type ConsumerGroup, timerOf } from './consumer-group.ts'
import { type ConsumerMember, isReconciledTo, LEFT, LEFT_FOR_A_WHILE, newConsumerMember } from './consumer-member.ts'
import { changeRegex, checkRegex, forgetRegexes } from './consumer-regex.ts'
import type { Migration } from './migration.ts'
import { reconcile } from './reconcile.ts'
import type { Caller } from './settings.ts'
import type { GroupStore } from './store.ts'

type Answer = Draft<ConsumerGroupHeartbeatResponse>

/** Who is meant by a request: the member as it was, and the static member that it replaces. */
export interface Candidate {
  member: ConsumerMember
  replaces: ConsumerMember | undefined
}

export class ConsumerMembership {
  readonly #store: GroupStore
  readonly #migration: Migration

  constructor(store: GroupStore, migration: Migration) {
    this.#store = store
    this.#migration = migration
  }

  /** Throws a {@link Refusal}. */
  heartbeat(request: ConsumerGroupHeartbeatRequest, caller: Caller): Answer {
    const { memberEpoch, topicPartitions } = request
    if (memberEpoch === LEFT || memberEpoch === LEFT_FOR_A_WHILE) return this.#leave(request)
    const joins = memberEpoch === 0
    const group = this.#groupFor(request.groupId, joins)
    this.checkRoom(group, request.memberId)
    const memberId = request.memberId || this.#store.cluster.ids.newId()
    const { member, replaces } = this.#candidate(group, memberId, request)
    const updated = updatedBy(request, member, caller)
    checkRegex(group, member, updated.regex)
    // From here on nothing is refused.
    this.#install(group)
    if (replaces) group.replace(replaces, member)
    const now = this.settle(group, member, updated, topicPartitions)
    const { sessionTimeoutMs, heartbeatIntervalMs } = this.#store.configs.settingsOf(group.id)
    this.startSession(group, memberId, sessionTimeoutMs)
    const subscribes = request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null
    const tellsAll = request.rebalanceTimeoutMs !== -1 && subscribes && topicPartitions !== null
    return {
      memberId,
      memberEpoch: now.epoch,
      heartbeatIntervalMs,
      assignment:
        joins || tellsAll || !sameHeld(member.assigned, now.assigned) ? { topicPartitions: listed(now.assigned) } : null,
    }
  }

  /** Puts a member's new self into the group: epochs, target and what it is to have follow. Gives the member as it then is. */
  settle(
    group: ConsumerGroup,
    before: ConsumerMember,
    updated: ConsumerMember,
    owned: readonly TopicPartitions[] | null,
  ): ConsumerMember {
    const changed = this.subscribe(group, before, updated)
    this.#assign(group, updated.id)
    return this.reconcile(group, updated, owned, changed)
  }

  /** Puts a member's new self into the group; a new subscription is a new epoch. Says whether the subscription is another one. */
  subscribe(group: ConsumerGroup, before: ConsumerMember, updated: ConsumerMember): boolean {
    const changedNames = !sameSet(before.topicNames, updated.topicNames)
    const regex = changeRegex(this.#store, group, before, updated)
    group.members.set(updated.id, updated)
    // What an expression matches is not known at once; a classic member can only give one up.
    this.#advanceEpoch(group, changedNames || (regex.changed && (regex.known || updated.classic !== undefined)))
    return changedNames || regex.changed
  }

  /** Tells a member what it is to have now. */
  reconcile(
    group: ConsumerGroup,
    member: ConsumerMember,
    owned: readonly TopicPartitions[] | null,
    subscriptionChanged: boolean,
  ): ConsumerMember {
    if (!subscriptionChanged && isReconciledTo(member, group.assignmentEpoch)) return member
    const next = reconcile(member, {
      targetEpoch: group.assignmentEpoch,
      target: group.targetOf(member.id),
      owned,
      subscriptionChanged,
      subscribedTopicIds: group.subscribedTopicIds(member),
      heldByOther: (topicId, partition) => group.isHeldByOther(member.id, topicId, partition),
    })
    if (next === member) return member
    group.members.set(next.id, next)
    const timer = timerOf('rebalance', next.id)
    if (next.classic === undefined && next.state === 'unrevoked') {
      group.timers.set(timer, next.rebalanceTimeoutMs, () => this.#notRevoked(group, next))
    } else if (next.classic === undefined) group.timers.cancel(timer)
    return next
  }

  /** Members leave or are thrown out. */
  fence(group: ConsumerGroup, members: readonly ConsumerMember[]): void {
    if (members.length === 0 || this.#migration.downgradeWithout(group, members)) return
    for (const member of members) group.remove(member)
    forgetRegexes(group)
    group.bump()
  }

  /** The session starts anew. */
  startSession(group: ConsumerGroup, memberId: string, timeoutMs: number): void {
    group.timers.set(timerOf('session', memberId), timeoutMs, () => this.fenceById(group, memberId))
  }

  fenceById(group: ConsumerGroup, memberId: string): void {
    const member = group.members.get(memberId)
    if (member) this.fence(group, [member])
  }

  /** Goes on with a group whose coordinator was elsewhere before. */
  loaded(group: ConsumerGroup): void {
    group.topicsSeen = undefined
    const { sessionTimeoutMs } = this.#store.configs.settingsOf(group.id)
    for (const member of group.members.values()) {
      this.startSession(group, member.id, sessionTimeoutMs)
      if (member.state === 'unrevoked') {
        group.timers.set(timerOf('rebalance', member.id), member.rebalanceTimeoutMs, () => this.#notRevoked(group, member))
      }
    }
  }

  checkRoom(group: ConsumerGroup, memberId: string): void {
    const { maxSize } = this.#store.settings
    if (group.members.size < maxSize || group.members.has(memberId)) return
    const text = `The consumer group has reached its maximum capacity of ${maxSize} members.`
    throw new Refusal(ErrorCode.GROUP_MAX_SIZE_REACHED, text)
  }

  /** The group, perhaps a new one that is not in the store yet. */
  #groupFor(id: string, joins: boolean): ConsumerGroup {
    const group = this.#store.groups.get(id)
    if (group?.type === 'consumer') return group
    if (!joins) {
      const what = group ? `Group ${id} is not a consumer group.` : `Consumer group ${id} not found.`
      throw new Refusal(ErrorCode.GROUP_ID_NOT_FOUND, what)
    }
    return group === undefined ? this.#store.newConsumerGroup(id) : this.#migration.upgrade(group)
  }

  /** Puts a new group in the place of what had its id; members that came from a classic group keep their sessions. */
  #install(group: ConsumerGroup): void {
    const { groups } = this.#store
    const before = groups.get(group.id)
    if (before === group) return
    if (before) this.#store.drop(before)
    groups.set(group.id, group)
    for (const { id, classic } of group.members.values()) if (classic) this.startSession(group, id, classic.sessionTimeoutMs)
  }

  #candidate(group: ConsumerGroup, memberId: string, request: ConsumerGroupHeartbeatRequest): Candidate {
    const { memberEpoch, instanceId, topicPartitions } = request
    const joins = memberEpoch === 0
    if (instanceId === null) {
      const member = joins ? (group.members.get(memberId) ?? newConsumerMember(memberId)) : group.memberOf(memberId)
      checkEpoch(member, memberEpoch, topicPartitions)
      return { member, replaces: undefined }
    }
    const known = group.staticMember(instanceId)
    if (!joins) {
      const member = checkInstance(known, memberId, instanceId)
      checkEpoch(member, memberEpoch, topicPartitions)
      return { member, replaces: undefined }
    }
    if (known && known.classic === undefined && known.epoch !== LEFT_FOR_A_WHILE) {
      const text = `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${known.id} member.`
      throw new Refusal(ErrorCode.UNRELEASED_INSTANCE_ID, text)
    }
    return newcomer(group, memberId, known)
  }

  #advanceEpoch(group: ConsumerGroup, bumps: boolean): void {
    const { version } = this.#store.cluster.topics
    if (!bumps && group.topicsSeen === version) return
    if (bumps || group.hashTopics() !== group.topicsHash) group.bump()
    group.topicsSeen = version
  }

  #assign(group: ConsumerGroup, memberId: string): void {
    if (group.assignmentEpoch >= group.epoch) return
    const { assignmentIntervalMs } = this.#store.configs.settingsOf(group.id)
    if (group.assignedAt !== undefined && this.#store.cluster.env.now() < group.assignedAt + assignmentIntervalMs) return
    group.assign(memberId)
  }

  #notRevoked(group: ConsumerGroup, { id, epoch }: ConsumerMember): void {
    const member = group.members.get(id)
    if (member?.epoch === epoch) this.fence(group, [member])
  }

  #leave({ groupId, memberId, memberEpoch, instanceId }: ConsumerGroupHeartbeatRequest): Answer {
    const group = this.#store.consumerGroupOf(groupId)
    const member =
      instanceId === null ? group.memberOf(memberId) : checkInstance(group.staticMember(instanceId), memberId, instanceId)
    if (instanceId !== null && memberEpoch === LEFT_FOR_A_WHILE) {
      const assigned: HeldPartitions = heldAt(withoutEpochs(member.assigned), 0)
      group.members.set(member.id, { ...member, epoch: LEFT_FOR_A_WHILE, assigned, revoking: NOTHING_HELD })
    } else this.fence(group, [member])
    return { memberId: member.id, memberEpoch }
  }
}

/** A static member that joins: new, or in the place of the one that had the instance id before. */
export function newcomer(group: ConsumerGroup, memberId: string, known: ConsumerMember | undefined): Candidate {
  if (known === undefined) {
    return { member: group.members.get(memberId) ?? newConsumerMember(memberId), replaces: undefined }
  }
  return { member: { ...known, id: memberId, epoch: 0, previousEpoch: 0 }, replaces: known }
}

/** Throws UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID unless the instance id is this member's. */
export function checkInstance(known: ConsumerMember | undefined, memberId: string, instanceId: string): ConsumerMember {
  if (known === undefined) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`)
  if (known.id === memberId) return known
  throw new Refusal(
    ErrorCode.FENCED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${known.id}.`,
  )
}

/** A member may be one epoch behind, if its last answer was lost and it has no more than it was given. */
function checkEpoch(member: ConsumerMember, epoch: number, owned: readonly TopicPartitions[] | null): void {
  if (epoch === 0 || epoch === member.epoch) return
  const owns = owned?.every(({ topicId, partitions }) => partitions.every((one) => member.assigned.get(topicId)?.has(one)))
  if (epoch < member.epoch && epoch === member.previousEpoch && owns) return
  const which = epoch > member.epoch ? 'greater' : 'smaller'
  throw new Refusal(
    ErrorCode.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${which} member epoch (${epoch}) than the one known by the group coordinator (${member.epoch}). The member must abandon all its partitions and rejoin.`,
  )
}

function updatedBy(request: ConsumerGroupHeartbeatRequest, member: ConsumerMember, caller: Caller): ConsumerMember {
  const { rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex } = request
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    assignor: request.serverAssignor ?? member.assignor,
    topicNames: subscribedTopicNames ? new Set(subscribedTopicNames) : member.topicNames,
    regex: subscribedTopicRegex ?? member.regex,
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    classic: undefined,
  }
}
