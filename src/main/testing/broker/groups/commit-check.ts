/** Who may commit offsets of a group: members at their epoch, and others while there are none. Transactions ask less. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { GroupCoordinator } from './coordinator.ts'

/** Who wants to commit. */
export interface Committer {
  groupId: string
  memberId: string
  groupInstanceId: string | null
  /** −1: no member. */
  epoch: number
  /** Of OffsetCommit; undefined: it is a commit in a transaction. */
  version: number | undefined
}

/** Throws a {@link Refusal} where the committer has no such partition. */
export type CommitCheck = (topic: Topic, partition: number) => void

/** Members of the consumer protocol speak at least this. */
const CONSUMER_PROTOCOL_SINCE = 9

/** Throws a {@link Refusal} unless the committer may commit at all. */
export function commitCheck(coordinator: GroupCoordinator, committer: Committer): CommitCheck {
  const { groupId, epoch, version, memberId } = committer
  let group = coordinator.store.groups.get(groupId)
  if (group === undefined) {
    if (epoch >= 0) {
      const isNew = version !== undefined && version >= CONSUMER_PROTOCOL_SINCE
      throw new Refusal(isNew ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION)
    }
    group = coordinator.simpleGroup(groupId)
  }
  if (group.type === 'consumer') return checkInConsumer(group, committer)
  checkInClassic(group, committer)
  if (version !== undefined) coordinator.committed(group, memberId)
  return () => {}
}

/** Whether nothing is said of the member. */
const isAnonymous = ({ memberId, groupInstanceId, epoch }: Committer): boolean =>
  epoch < 0 && memberId === '' && groupInstanceId === null

function checkInClassic(group: ClassicGroup, committer: Committer): void {
  const { memberId, groupInstanceId, epoch: generation, version } = committer
  if (generation < 0 && group.isEmpty) return
  if (isAnonymous(committer)) {
    // Producers need not say for which member they commit.
    if (version === undefined) return
    throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
  }
  group.memberOf(memberId, groupInstanceId)
  if (generation !== group.generation) throw new Refusal(ErrorCode.ILLEGAL_GENERATION)
  if (version !== undefined && group.state === 'CompletingRebalance') throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS)
}

/** A member that is some epochs behind may still commit what it has had since then (KIP-1251). */
function checkInConsumer(group: ConsumerGroup, committer: Committer): CommitCheck {
  const { memberId, epoch, version } = committer
  if (epoch < 0 && group.isEmpty) return () => {}
  if (version === undefined && isAnonymous(committer)) return () => {}
  const member = group.memberOf(memberId)
  const isOld = version !== undefined && version < CONSUMER_PROTOCOL_SINCE
  if (member.classic === undefined && isOld) throw new Refusal(ErrorCode.UNSUPPORTED_VERSION)
  if (epoch === member.epoch) return () => {}
  // Producers know no epochs of members.
  const asGeneration = member.classic !== undefined || version === undefined
  const stale = new Refusal(asGeneration ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH)
  if (epoch > member.epoch) throw stale
  return ({ id }, partition) => {
    const since = member.assigned.get(id)?.get(partition) ?? member.revoking.get(id)?.get(partition)
    if (since === undefined || epoch < since) throw stale
  }
}
