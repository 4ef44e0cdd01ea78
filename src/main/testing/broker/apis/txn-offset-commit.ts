/**
 * TxnOffsetCommit 0–5: offsets of a group that count once the transaction is committed (KIP-98), by a member of the group or by
 * somebody who does not say (KIP-447, version 3). From version 5 on it puts the group's partition into the transaction (KIP-890).
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitRequestPartition,
  type TxnOffsetCommitResponse,
  txnOffsetCommit,
} from '../../../../shared/protocol/generated/txn-offset-commit.ts'
import { commitCheck } from '../groups/commit-check.ts'
import type { GroupCoordinator } from '../groups/coordinator.ts'
import { MAX_OFFSET_METADATA } from '../groups/settings.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { Verification, type VerificationMode } from '../transactions/verification.ts'
import { atCoordinator } from './at-coordinator.ts'

type TopicAnswer = NonNullable<Draft<TxnOffsetCommitResponse>['topics']>[number]
type PartitionAnswer = { partitionIndex: number; errorCode: number }

/** Older clients do not know COORDINATOR_LOAD_IN_PROGRESS (KAFKA-7296). */
const LOADING_SINCE = 2
const NO_SEQUENCE = -1

/** What there is to commit of one topic. */
interface Commit {
  topic: Topic
  partitions: TxnOffsetCommitRequestPartition[]
}

function modeOf(version: number): VerificationMode {
  if (version >= 5) return 'add'
  return version === 4 ? 'verify' : 'verify-old'
}

export const txnOffsetCommitHandler: Handler<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  api: txnOffsetCommit,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    const answers = new Map<string, PartitionAnswer[]>()
    const commits = sort(request, answers, context)
    if (commits.length === 0) return answer(answers)
    const failed = (errorCode: number): void => {
      const isOld = errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && context.version < LOADING_SINCE
      const told = isOld ? ErrorCode.COORDINATOR_NOT_AVAILABLE : errorCode
      for (const { topic, partitions } of commits) {
        for (const { partitionIndex } of partitions) add(answers, topic.name, { partitionIndex, errorCode: told })
      }
    }
    if (request.groupId === '') failed(ErrorCode.INVALID_GROUP_ID)
    else
      atCoordinator(context, request.groupId, failed, (coordinator) => {
        verify(request, coordinator.findPartition(request.groupId), context)
        for (const [name, partition] of commit(coordinator, request, commits, context)) add(answers, name, partition)
      })
    return answer(answers)
  },
}

const answer = (answers: ReadonlyMap<string, PartitionAnswer[]>): Draft<TxnOffsetCommitResponse> => ({
  topics: Array.from(answers, ([name, partitions]): TopicAnswer => ({ name, partitions })),
})

function add(answers: Map<string, PartitionAnswer[]>, topic: string, partition: PartitionAnswer): void {
  const partitions = answers.get(topic)
  if (partitions) partitions.push(partition)
  else answers.set(topic, [partition])
}

/** Answers for what is not there; gives what is. */
function sort(request: TxnOffsetCommitRequest, answers: Map<string, PartitionAnswer[]>, { cluster }: RequestContext): Commit[] {
  return request.topics.flatMap(({ name, partitions }) => {
    const topic = cluster.topics.get(name)
    const present: TxnOffsetCommitRequestPartition[] = []
    for (const partition of partitions) {
      const { partitionIndex } = partition
      if (topic?.partitions[partitionIndex]) present.push(partition)
      else add(answers, name, { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION })
    }
    return topic && present.length > 0 ? [{ topic, partitions: present }] : []
  })
}

/** Throws a {@link Refusal} unless the group's partition is in the transaction. */
function verify(request: TxnOffsetCommitRequest, partition: Partition, { cluster, version }: RequestContext): void {
  const { transactionalId, producerId, producerEpoch: epoch } = request
  const verification = new Verification(cluster, transactionalId, { producerId, epoch }, modeOf(version))
  const errorCode = verification.once([{ partition, sequence: NO_SEQUENCE }]).get(partition)
  if (errorCode !== undefined) throw new Refusal(errorCode)
}

/** Throws a {@link Refusal}; one partition that the member may not commit refuses all. */
function commit(
  coordinator: GroupCoordinator,
  request: TxnOffsetCommitRequest,
  commits: readonly Commit[],
  { cluster, faults }: RequestContext,
): [topic: string, answer: PartitionAnswer][] {
  const { groupId, memberId, groupInstanceId, generationId, producerId, producerEpoch } = request
  const { store } = coordinator
  const check = commitCheck(coordinator, { groupId, memberId, groupInstanceId, epoch: generationId, version: undefined })
  const all = commits.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, ...partition })))
  const tooLong = (metadata: string | null): boolean => (metadata?.length ?? 0) > MAX_OFFSET_METADATA
  for (const { topic, partitionIndex, committedMetadata } of all) {
    if (!tooLong(committedMetadata)) check(topic, partitionIndex)
  }
  const offsets = coordinator.findPartition(groupId)
  return all.map(({ topic, partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata }) => {
    const fault = faults.failureOf(topic.name, partitionIndex, groupId)
    const error = tooLong(committedMetadata) ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE
    if (error === ErrorCode.NONE && (!fault || fault.afterAppend)) {
      const committed = { offset, leaderEpoch, metadata: committedMetadata ?? '', topicId: topic.id, order: store.nextOrder() }
      store.pending.set(producerId, groupId, topic.name, partitionIndex, committed)
      offsets.producers.seen(producerId, producerEpoch, cluster.env.wallClock())
      offsets.transactions.appended(producerId, offsets.log.logEndOffset)
    }
    return [topic.name, { partitionIndex, errorCode: fault?.error ?? error }]
  })
}
