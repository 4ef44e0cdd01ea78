/**
 * Members of a consumer group that speak the classic protocol, while its members are moved from one to the other (KIP-848): they
 * join, sync and heartbeat as ever, but it is the coordinator that assigns.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { ConsumerProtocolSubscription } from '../../../../shared/protocol/generated/consumer-protocol-subscription.ts'
import type { HeartbeatRequest } from '../../../../shared/protocol/generated/heartbeat.ts'
import type { JoinGroupRequest } from '../../../../shared/protocol/generated/join-group.ts'
import type { LeaveGroupRequest } from '../../../../shared/protocol/generated/leave-group.ts'
import type { SyncGroupRequest } from '../../../../shared/protocol/generated/sync-group.ts'
import { MalformedFrame } from '../../../../shared/protocol/reader.ts'
import { Refusal } from '../refusal.ts'
import { type TopicPartitions, withoutEpochs } from './assignment.ts'
import type { JoinAnswer, SyncAnswer } from './classic-member.ts'
import { type LeftMember, MEMBER_ID_REQUIRED_SINCE, RefusedJoin } from './classic-requests.ts'
import { type ConsumerGroup, timerOf } from './consumer-group.ts'
import { type ConsumerMembership, checkInstance, newcomer } from './consumer-heartbeat.ts'
import { type ClassicProtocol, type ClassicSide, type ConsumerMember, newConsumerMember } from './consumer-member.ts'
import { CONSUMER_PROTOCOL, decodeSubscription, embeddedVersion, encodeAssignment } from './consumer-protocol.ts'
import type { Migration } from './migration.ts'
import type { Caller } from './settings.ts'
import type { GroupStore } from './store.ts'

type ClassicMember = ConsumerMember & { readonly classic: ClassicSide }

export class ClassicInConsumer {
  readonly #store: GroupStore
  readonly #membership: ConsumerMembership
  readonly #migration: Migration

  constructor(store: GroupStore, membership: ConsumerMembership, migration: Migration) {
    this.#store = store
    this.#membership = membership
    this.#migration = migration
  }

  /** Throws a {@link Refusal}. */
  join(group: ConsumerGroup, request: JoinGroupRequest, caller: Caller): JoinAnswer {
    const { groupInstanceId: instanceId, protocols, sessionTimeoutMs, rebalanceTimeoutMs } = request
    const memberId = request.memberId || this.#store.cluster.ids.newId()
    this.#membership.checkRoom(group, memberId)
    if (!fits(group, request.protocolType, protocols)) {
      throw new Refusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, `Member ${memberId}'s protocols are not supported.`)
    }
    if (request.memberId === '' && instanceId === null && caller.version >= MEMBER_ID_REQUIRED_SINCE) {
      throw new RefusedJoin(ErrorCode.MEMBER_ID_REQUIRED, memberId)
    }
    const { member, replaces } = candidate(group, memberId, request)
    const subscription = subscriptionOf(protocols)
    const updated: ConsumerMember = {
      ...member,
      instanceId: instanceId ?? member.instanceId,
      rackId: subscription.rackId || member.rackId,
      rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
      topicNames: new Set(subscription.topics),
      regex: '',
      clientId: caller.clientId,
      clientHost: caller.clientHost,
      classic: { sessionTimeoutMs, protocols },
    }
    const owned = this.#byId(subscription.ownedPartitions)
    const known = instanceId === null ? undefined : group.staticMember(instanceId)
    const downgrades = this.#migration.isDowngradedBy(group, known)
    if (replaces) group.replace(replaces, member)
    const now = downgrades
      ? this.#joinLast(group, member, updated, owned)
      : this.#membership.settle(group, member, updated, owned)
    if (!downgrades) this.#awaitSync(group, now, sessionTimeoutMs)
    return { memberId, generationId: now.epoch, protocolType: CONSUMER_PROTOCOL, protocolName: protocols[0]!.name }
  }

  /** Throws a {@link Refusal}. */
  sync(group: ConsumerGroup, request: SyncGroupRequest): SyncAnswer {
    const { protocolType, protocolName } = request
    const member = this.#memberAt(group, request)
    const [protocol] = member.classic.protocols
    const otherType = protocolType !== null && protocolType !== CONSUMER_PROTOCOL
    if (otherType || (protocolName !== null && protocolName !== protocol!.name)) {
      throw new Refusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL)
    }
    if (group.assignmentEpoch > member.epoch && member.state !== 'unrevoked') {
      this.#awaitJoin(group, member)
      throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS)
    }
    group.timers.cancel(timerOf('sync', member.id))
    this.#membership.startSession(group, member.id, member.classic.sessionTimeoutMs)
    const assigned = this.#migration.namedPartitions(withoutEpochs(member.assigned))
    return { protocolType, protocolName, assignment: encodeAssignment(assigned, embeddedVersion(protocol!.metadata)) }
  }

  /** Throws a {@link Refusal}, REBALANCE_IN_PROGRESS among them. */
  heartbeat(group: ConsumerGroup, request: HeartbeatRequest): void {
    const member = this.#memberAt(group, request)
    this.#membership.startSession(group, member.id, member.classic.sessionTimeoutMs)
    const news =
      member.epoch < group.assignmentEpoch ||
      member.state === 'unrevoked' ||
      (member.state === 'unreleased' && !isBlocked(group, member))
    if (!news) return
    this.#awaitJoin(group, member)
    throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS)
  }

  leave(group: ConsumerGroup, members: LeaveGroupRequest['members']): LeftMember[] {
    const leaving = new Set<ConsumerMember>()
    const left = members.map(({ memberId, groupInstanceId }) => {
      try {
        leaving.add(leaver(group, memberId, groupInstanceId))
        return { memberId, groupInstanceId, errorCode: ErrorCode.NONE }
      } catch (error) {
        if (error instanceof Refusal) return { memberId, groupInstanceId, errorCode: error.errorCode }
        throw error
      }
    })
    this.#membership.fence(group, [...leaving])
    return left
  }

  /** The last member of the new protocol is replaced: the group becomes a classic one. */
  #joinLast(group: ConsumerGroup, member: ConsumerMember, updated: ConsumerMember, owned: TopicPartitions[]): ConsumerMember {
    const changed = this.#membership.subscribe(group, member, updated)
    const rebalances = group.assignmentEpoch < group.epoch
    const now = rebalances ? updated : this.#membership.reconcile(group, updated, owned, changed)
    this.#migration.downgrade(group, rebalances)
    return now
  }

  #awaitSync(group: ConsumerGroup, { id, rebalanceTimeoutMs }: ConsumerMember, sessionTimeoutMs: number): void {
    group.timers.cancel(timerOf('join', id))
    this.#membership.startSession(group, id, sessionTimeoutMs)
    group.timers.set(timerOf('sync', id), rebalanceTimeoutMs, () => this.#membership.fenceById(group, id))
  }

  /** The member is to join again; the first time that it is told counts. */
  #awaitJoin(group: ConsumerGroup, { id, rebalanceTimeoutMs }: ConsumerMember): void {
    const timer = timerOf('join', id)
    if (!group.timers.has(timer)) group.timers.set(timer, rebalanceTimeoutMs, () => this.#membership.fenceById(group, id))
  }

  #memberAt(group: ConsumerGroup, request: HeartbeatRequest | SyncGroupRequest): ClassicMember {
    const { memberId, groupInstanceId, generationId } = request
    const member =
      groupInstanceId === null
        ? group.memberOf(memberId)
        : checkInstance(group.staticMember(groupInstanceId), memberId, groupInstanceId)
    if (!isClassic(member)) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
    if (member.epoch !== generationId) throw new Refusal(ErrorCode.ILLEGAL_GENERATION)
    return member
  }

  #byId(partitions: readonly { topic: string; partitions: number[] }[]): TopicPartitions[] {
    return partitions.flatMap(({ topic, partitions: indexes }) => {
      const found = this.#store.cluster.topics.get(topic)
      return found ? [{ topicId: found.id, partitions: indexes }] : []
    })
  }
}

function isClassic(member: ConsumerMember): member is ClassicMember {
  return member.classic !== undefined
}

function subscriptionOf([protocol]: readonly ClassicProtocol[]): ConsumerProtocolSubscription {
  try {
    return decodeSubscription(protocol!.metadata)
  } catch (error) {
    if (error instanceof MalformedFrame) throw new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR)
    throw error
  }
}

/** A classic member must share a protocol with all other classic members. */
function fits(group: ConsumerGroup, protocolType: string, protocols: readonly ClassicProtocol[]): boolean {
  if (protocolType !== CONSUMER_PROTOCOL || protocols.length === 0) return false
  const others = [...group.members.values()].filter(isClassic)
  return protocols.some(({ name }) => others.every(({ classic }) => classic.protocols.some((one) => one.name === name)))
}

function candidate(group: ConsumerGroup, memberId: string, { memberId: given, groupInstanceId }: JoinGroupRequest) {
  if (groupInstanceId === null) {
    return { member: group.members.get(memberId) ?? newConsumerMember(memberId), replaces: undefined }
  }
  const known = group.staticMember(groupInstanceId)
  if (given === '') return newcomer(group, memberId, known)
  return { member: checkInstance(known, memberId, groupInstanceId), replaces: undefined }
}

function leaver(group: ConsumerGroup, memberId: string, instanceId: string | null): ConsumerMember {
  if (instanceId === null) return group.memberOf(memberId)
  const member = group.staticMember(instanceId)
  // An administrator names a static member by its instance id alone.
  return checkInstance(member, memberId === '' && member ? member.id : memberId, instanceId)
}

/** Whether something that the member is to have is still another's. */
function isBlocked(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.targetOf(member.id)) {
    const has = member.assigned.get(topicId)
    for (const partition of partitions) {
      if (!has?.has(partition) && group.isHeldByOther(member.id, topicId, partition)) return true
    }
  }
  return false
}
