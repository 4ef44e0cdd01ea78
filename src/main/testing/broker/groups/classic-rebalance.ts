/**
 * Rebalances of classic groups: they begin, wait for members, end in a generation, and go on without members that fall silent.
 * Knows no requests; those are `classic-requests.ts`.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { ClassicGroup } from './classic-group.ts'
import { type ClassicMember, NO_ASSIGNMENT } from './classic-member.ts'
import type { GroupStore } from './store.ts'

const JOIN = 'join'
const SYNC = 'sync'
/** A member that never was in a generation may take so long, however short its session. */
export const NEW_MEMBER_TIMEOUT_MS = 300_000

export const sessionOf = (memberId: string): string => `session ${memberId}`

export class ClassicRebalancing {
  readonly #store: GroupStore

  constructor(store: GroupStore) {
    this.#store = store
  }

  /** The session starts anew. */
  startSession(group: ClassicGroup, member: ClassicMember, timeoutMs = member.sessionTimeoutMs): void {
    group.timers.set(sessionOf(member.id), timeoutMs, () => this.expire(group, member.id))
  }

  /** A member, or somebody who was only given an id, has not been heard of. */
  expire(group: ClassicGroup, memberId: string): void {
    if (group.pending.has(memberId)) {
      group.remove(memberId)
      if (group.state === 'PreparingRebalance' && group.hasAllJoined) this.completeJoin(group)
      return
    }
    const member = group.members.get(memberId)
    // Who waits for an answer is alive, once it has been in a generation.
    if (member === undefined || (!member.isNew && (member.awaitingJoin || member.awaitingSync))) return
    this.removed(group, member)
    if (group.state === 'Stable' || group.state === 'CompletingRebalance') this.prepare(group)
    else if (group.state === 'PreparingRebalance' && group.hasAllJoined) this.completeJoin(group)
  }

  /** Takes a member out and tells it so. */
  removed(group: ClassicGroup, member: ClassicMember): void {
    group.timers.cancel(sessionOf(member.id))
    member.answerJoin({ memberId: '', errorCode: ErrorCode.UNKNOWN_MEMBER_ID })
    group.remove(member.id)
  }

  /** Members changed: a rebalance begins, or goes on if there is one. */
  changed(group: ClassicGroup): void {
    if (group.state === 'PreparingRebalance') this.maybeCompleteJoin(group)
    else this.prepare(group)
  }

  /** The generation may be complete, but for the first one, whose end is a matter of time. */
  maybeCompleteJoin(group: ClassicGroup): void {
    if (group.state === 'PreparingRebalance' && group.previousState !== 'Empty' && group.hasAllJoined) this.completeJoin(group)
  }

  prepare(group: ClassicGroup): void {
    if (group.state === 'CompletingRebalance') this.resetAssignments(group, ErrorCode.REBALANCE_IN_PROGRESS)
    group.pendingSync.clear()
    group.timers.cancel(SYNC)
    const first = group.state === 'Empty'
    group.moveTo('PreparingRebalance')
    if (first) {
      const delay = this.#store.settings.initialRebalanceDelayMs
      this.#waitForFirst(group, delay, Math.max(group.rebalanceTimeoutMs - delay, 0))
    } else if (group.hasAllJoined) this.completeJoin(group)
    else group.timers.set(JOIN, group.rebalanceTimeoutMs, () => this.completeJoin(group))
  }

  completeJoin(group: ClassicGroup): void {
    group.timers.cancel(JOIN)
    for (const member of [...group.members.values()]) {
      if (member.awaitingJoin || member.instanceId !== null) continue
      group.remove(member.id)
      group.timers.cancel(sessionOf(member.id))
    }
    if (!group.electLeader() && group.members.size > 0) {
      // Static members only, and none of them has come back: they keep their places until their sessions end.
      group.timers.set(JOIN, group.rebalanceTimeoutMs, () => this.completeJoin(group))
      return
    }
    group.nextGeneration()
    if (group.members.size === 0) {
      group.save()
      return
    }
    for (const member of group.members.values()) {
      member.answerJoin(joinAnswer(group, member.id))
      this.startSession(group, member)
      member.isNew = false
      group.pendingSync.add(member.id)
    }
    const { generation } = group
    group.timers.set(SYNC, group.rebalanceTimeoutMs, () => this.#notSynced(group, generation))
  }

  /** A member has asked for its assignment. */
  synced(group: ClassicGroup, memberId: string): void {
    group.pendingSync.delete(memberId)
    if (group.pendingSync.size === 0) group.timers.cancel(SYNC)
  }

  /** Hands out the leader's assignment and ends the rebalance. */
  assign(group: ClassicGroup, assignments: ReadonlyMap<string, Uint8Array>): void {
    for (const member of group.members.values()) member.assignment = assignments.get(member.id) ?? NO_ASSIGNMENT
    group.save()
    for (const member of group.members.values())
      if (member.answerSync(syncAnswer(group, member))) this.startSession(group, member)
    group.moveTo('Stable')
  }

  resetAssignments(group: ClassicGroup, errorCode: number): void {
    for (const member of group.members.values()) {
      member.assignment = NO_ASSIGNMENT
      if (member.answerSync({ errorCode })) this.startSession(group, member)
    }
  }

  /** Nobody is kept waiting by a group that ends here. */
  abandon(group: ClassicGroup, errorCode: number): void {
    for (const member of group.members.values()) {
      member.answerJoin({ memberId: member.id, errorCode })
      member.answerSync({ errorCode })
    }
  }

  #waitForFirst(group: ClassicGroup, delayMs: number, remainingMs: number): void {
    group.timers.set(JOIN, delayMs, () => {
      if (!group.newMemberAdded || remainingMs === 0) {
        this.completeJoin(group)
        return
      }
      group.newMemberAdded = false
      const next = Math.min(this.#store.settings.initialRebalanceDelayMs, remainingMs)
      this.#waitForFirst(group, next, Math.max(remainingMs - delayMs, 0))
    })
  }

  #notSynced(group: ClassicGroup, generation: number): void {
    const underWay = group.state === 'CompletingRebalance' || group.state === 'Stable'
    if (generation !== group.generation || !underWay || group.pendingSync.size === 0) return
    for (const memberId of [...group.pendingSync]) {
      group.remove(memberId)
      group.timers.cancel(sessionOf(memberId))
    }
    this.prepare(group)
  }
}

/** What a member of the present generation is told; only the leader learns who is in it. */
export function joinAnswer(group: ClassicGroup, memberId: string, skipAssignment = false) {
  const { generation: generationId, protocolType = null, protocolName = null, leader = '' } = group
  const isLeader = leader === memberId
  const members = Array.from(group.members.values(), (member) => {
    return { memberId: member.id, groupInstanceId: member.instanceId, metadata: member.metadata(protocolName ?? '') }
  })
  return { generationId, protocolType, protocolName, leader, memberId, skipAssignment, members: isLeader ? members : [] }
}

export function syncAnswer(group: ClassicGroup, { assignment }: ClassicMember) {
  const { protocolType = null, protocolName = null } = group
  return { protocolType, protocolName, assignment, errorCode: ErrorCode.NONE }
}
