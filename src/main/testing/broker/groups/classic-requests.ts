/** JoinGroup, SyncGroup, Heartbeat and LeaveGroup as a classic group takes them. Answers that have to wait come by callback. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { HeartbeatRequest } from '../../../../shared/protocol/generated/heartbeat.ts'
import type { JoinGroupRequest } from '../../../../shared/protocol/generated/join-group.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../../../../shared/protocol/generated/leave-group.ts'
import type { SyncGroupRequest } from '../../../../shared/protocol/generated/sync-group.ts'
import { Refusal } from '../refusal.ts'
import { ClassicGroup } from './classic-group.ts'
import { type Answerer, ClassicMember, type JoinAnswer, NO_ASSIGNMENT, type SyncAnswer } from './classic-member.ts'
import { type ClassicRebalancing, joinAnswer, NEW_MEMBER_TIMEOUT_MS, sessionOf, syncAnswer } from './classic-rebalance.ts'
import type { Caller } from './settings.ts'
import type { GroupStore } from './store.ts'

/** From here on a new member is first given an id and has to come back with it (KIP-394). */
export const MEMBER_ID_REQUIRED_SINCE = 4
/** From here on a static leader that comes back is told that there is nothing to assign (KIP-814). */
const SKIP_ASSIGNMENT_SINCE = 9

export type LeftMember = NonNullable<Draft<LeaveGroupResponse>['members']>[number]

export class ClassicRequests {
  readonly #store: GroupStore
  readonly #rebalancing: ClassicRebalancing

  constructor(store: GroupStore, rebalancing: ClassicRebalancing) {
    this.#store = store
    this.#rebalancing = rebalancing
  }

  /** `request.groupId` names a classic group, an empty one of the other type, or none yet. */
  join(request: JoinGroupRequest, caller: Caller, answer: Answerer<JoinAnswer>): void {
    const { groupId, memberId } = request
    const present = this.#store.groups.get(groupId)
    const isNew = present?.type !== 'classic'
    // As in Kafka, the empty group is gone even if the one who asks is then refused.
    if (isNew && present) this.#store.drop(present)
    if (isNew && memberId !== '') throw refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, memberId)
    const group = isNew ? new ClassicGroup(this.#store.cluster, groupId) : present
    this.#store.groups.set(groupId, group)
    try {
      this.#joinGroup(group, request, caller, answer)
    } finally {
      // A group is there for good once somebody asked for it, refused or not.
      if (isNew) group.saveEmpty()
    }
  }

  /** Throws a {@link Refusal}. */
  sync(group: ClassicGroup, request: SyncGroupRequest, answer: Answerer<SyncAnswer>): void {
    const { memberId, protocolType, protocolName } = request
    const member = group.memberOf(memberId, request.groupInstanceId)
    if (request.generationId !== group.generation) throw new Refusal(ErrorCode.ILLEGAL_GENERATION)
    if (differ(protocolType, group.protocolType) || differ(protocolName, group.protocolName)) {
      throw new Refusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL)
    }
    switch (group.state) {
      case 'PreparingRebalance':
        throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS)
      case 'CompletingRebalance':
        member.awaitingSync = answer
        this.#rebalancing.synced(group, memberId)
        if (group.leader === memberId) {
          this.#rebalancing.assign(group, new Map(request.assignments.map((one) => [one.memberId, one.assignment])))
        }
        return
      default:
        this.#rebalancing.synced(group, memberId)
        answer(syncAnswer(group, member))
    }
  }

  /** Throws a {@link Refusal}, REBALANCE_IN_PROGRESS among them. */
  heartbeat(group: ClassicGroup, { memberId, groupInstanceId, generationId }: HeartbeatRequest): void {
    const member = group.memberOf(memberId, groupInstanceId)
    if (generationId !== group.generation) throw new Refusal(ErrorCode.ILLEGAL_GENERATION)
    this.#rebalancing.startSession(group, member)
    if (group.state === 'PreparingRebalance') throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS)
  }

  leave(group: ClassicGroup, members: LeaveGroupRequest['members']): LeftMember[] {
    const left = members.map(({ memberId, groupInstanceId }) => {
      const errorCode = this.#leaveOne(group, memberId, groupInstanceId)
      return { memberId, groupInstanceId, errorCode }
    })
    if (left.some(({ errorCode }) => errorCode === ErrorCode.NONE) && group.state !== 'Empty') this.#rebalancing.changed(group)
    return left
  }

  #leaveOne(group: ClassicGroup, memberId: string, instanceId: string | null): number {
    if (group.pending.has(memberId)) {
      group.remove(memberId)
      group.timers.cancel(sessionOf(memberId))
      return ErrorCode.NONE
    }
    try {
      // An administrator names a static member by its instance id alone.
      const anonymous = memberId === '' && instanceId !== null
      const member = anonymous ? group.staticMember(instanceId) : group.memberOf(memberId, instanceId)
      if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID
      this.#rebalancing.removed(group, member)
      return ErrorCode.NONE
    } catch (error) {
      if (error instanceof Refusal) return error.errorCode
      throw error
    }
  }

  #joinGroup(group: ClassicGroup, request: JoinGroupRequest, caller: Caller, answer: Answerer<JoinAnswer>): void {
    const { memberId, groupInstanceId, protocolType, protocols } = request
    if (!this.#hasRoom(group, memberId)) {
      group.remove(memberId)
      throw refusedJoin(ErrorCode.GROUP_MAX_SIZE_REACHED)
    }
    if (!group.supports(protocolType, protocols)) throw refusedJoin(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, memberId)
    if (memberId !== '') {
      this.#joinWithId(group, request, caller, answer)
      return
    }
    const newId = `${groupInstanceId ?? caller.clientId}-${this.#store.cluster.ids.newUuid()}`
    const known = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId)
    if (known) this.#replaceStatic(group, request, known, newId, caller.version, answer)
    else if (groupInstanceId === null && caller.version >= MEMBER_ID_REQUIRED_SINCE) {
      group.pending.add(newId)
      group.timers.set(sessionOf(newId), request.sessionTimeoutMs, () => this.#rebalancing.expire(group, newId))
      throw refusedJoin(ErrorCode.MEMBER_ID_REQUIRED, newId)
    } else this.#add(group, request, newId, caller, answer)
  }

  #joinWithId(group: ClassicGroup, request: JoinGroupRequest, caller: Caller, answer: Answerer<JoinAnswer>): void {
    const { memberId, groupInstanceId } = request
    if (group.pending.has(memberId)) {
      // Kafka takes this for a mistake of its own.
      if (groupInstanceId !== null) throw refusedJoin(ErrorCode.UNKNOWN_SERVER_ERROR)
      this.#add(group, request, memberId, caller, answer)
      return
    }
    const member = this.#memberOf(group, memberId, groupInstanceId)
    const asBefore = member.matches(request.protocols)
    switch (group.state) {
      case 'Empty':
        throw refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, memberId)
      case 'CompletingRebalance':
        // Its answer was lost, it seems.
        if (asBefore) answer(joinAnswer(group, memberId))
        else this.#update(group, member, request, answer)
        return
      case 'Stable':
        // The leader comes to have partitions assigned anew.
        if (asBefore && group.leader !== memberId) answer(joinAnswer(group, memberId))
        else this.#update(group, member, request, answer)
        return
      default:
        this.#update(group, member, request, answer)
    }
  }

  #memberOf(group: ClassicGroup, memberId: string, instanceId: string | null): ClassicMember {
    try {
      return group.memberOf(memberId, instanceId)
    } catch (error) {
      if (error instanceof Refusal) throw refusedJoin(error.errorCode, memberId)
      throw error
    }
  }

  #hasRoom(group: ClassicGroup, memberId: string): boolean {
    const { maxSize } = this.#store.settings
    if (group.state === 'Empty') return true
    if (group.state !== 'PreparingRebalance') return group.members.has(memberId) || group.members.size < maxSize
    return group.members.get(memberId)?.awaitingJoin !== undefined || group.awaitingJoin < maxSize
  }

  #add(group: ClassicGroup, request: JoinGroupRequest, id: string, caller: Caller, answer: Answerer<JoinAnswer>): void {
    const { rebalanceTimeoutMs, sessionTimeoutMs, protocols, groupInstanceId: instanceId } = request
    const { clientId, clientHost } = caller
    const member = new ClassicMember({
      ...{ id, instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols },
      assignment: NO_ASSIGNMENT,
    })
    member.isNew = true
    member.awaitingJoin = answer
    if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true
    group.add(member, request.protocolType)
    this.#rebalancing.startSession(group, member, NEW_MEMBER_TIMEOUT_MS)
    this.#rebalancing.changed(group)
  }

  #update(group: ClassicGroup, member: ClassicMember, request: JoinGroupRequest, answer: Answerer<JoinAnswer>): void {
    updateMember(member, request, answer)
    this.#rebalancing.changed(group)
  }

  /** A static member that lost its id gets a new one; in a stable group that costs no rebalance. */
  #replaceStatic(
    group: ClassicGroup,
    request: JoinGroupRequest,
    old: ClassicMember,
    newId: string,
    version: number,
    answer: Answerer<JoinAnswer>,
  ): void {
    const leaderBefore = group.leader
    const member = new ClassicMember({ ...old, id: newId })
    old.answerJoin({ memberId: old.id, errorCode: ErrorCode.FENCED_INSTANCE_ID })
    old.answerSync({ errorCode: ErrorCode.FENCED_INSTANCE_ID })
    group.members.delete(old.id)
    group.timers.cancel(sessionOf(old.id))
    group.members.set(newId, member)
    if (group.leader === old.id) group.leader = newId
    this.#rebalancing.startSession(group, member)
    updateMember(member, request, answer)
    if (group.state === 'CompletingRebalance') this.#rebalancing.prepare(group)
    else if (group.state !== 'Stable') this.#rebalancing.maybeCompleteJoin(group)
    else if (group.selectProtocol() !== group.protocolName) this.#rebalancing.prepare(group)
    else {
      group.save()
      const skips = version >= SKIP_ASSIGNMENT_SINCE
      const told = joinAnswer(group, newId, skips && group.leader === newId)
      // Without the means to skip it, a leader is not told that it leads, lest it assigns.
      member.answerJoin(skips ? told : { ...told, leader: leaderBefore ?? '', members: [] })
    }
  }
}

function updateMember(member: ClassicMember, request: JoinGroupRequest, answer: Answerer<JoinAnswer>): void {
  member.protocols = request.protocols
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  member.sessionTimeoutMs = request.sessionTimeoutMs
  // A client that asks again has given up waiting for the first answer.
  member.awaitingJoin = answer
}

/** A refusal of a JoinGroup names a member id besides. */
export class RefusedJoin extends Refusal {
  readonly memberId: string

  constructor(errorCode: number, memberId: string) {
    super(errorCode)
    this.memberId = memberId
  }
}

function refusedJoin(errorCode: number, memberId = ''): RefusedJoin {
  return new RefusedJoin(errorCode, memberId)
}

function differ(said: string | null, is: string | undefined): boolean {
  return said !== null && is !== undefined && said !== is
}
