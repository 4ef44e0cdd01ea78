/**
 * OffsetCommit 2–10, by members of either protocol and by whoever is none while the group has no members. Topics have ids from version
 * 10 on (KIP-848). A commit's retention time is taken and means nothing: offsets do not expire here.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetCommit,
} from '../../../../shared/protocol/generated/offset-commit.ts'
import { ZERO_UUID } from '../../../../shared/protocol/uuid.ts'
import { type CommitCheck, commitCheck } from '../groups/commit-check.ts'
import type { GroupCoordinator } from '../groups/coordinator.ts'
import { MAX_OFFSET_METADATA } from '../groups/settings.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Topic } from '../topic.ts'
import { atCoordinator } from './at-coordinator.ts'

type Wanted = OffsetCommitRequest['topics'][number]
type WantedPartition = Wanted['partitions'][number]
type Answer = NonNullable<Draft<OffsetCommitResponse>['topics']>[number]
type PartitionAnswer = { partitionIndex: number; errorCode: number }

const TOPIC_IDS_SINCE = 10

/** What there is to commit of one topic. */
interface Commit {
  topic: Topic
  partitions: WantedPartition[]
}

export const offsetCommitHandler: Handler<OffsetCommitRequest, OffsetCommitResponse> = {
  api: offsetCommit,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    const answers = new Answers(context.version >= TOPIC_IDS_SINCE)
    const commits = request.topics.flatMap((wanted) => sort(wanted, answers, context))
    if (commits.length === 0) return { topics: answers.list() }
    const failed = (errorCode: number): void => {
      for (const { topic, partitions } of commits) {
        for (const { partitionIndex } of partitions) answers.add(topic.name, topic.id, { partitionIndex, errorCode })
      }
    }
    atCoordinator(context, request.groupId, failed, (coordinator) => {
      const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: epoch } = request
      const check = commitCheck(coordinator, { groupId, memberId, groupInstanceId, epoch, version: context.version })
      commit(coordinator, request, commits, check, answers, context)
    })
    return { topics: answers.list() }
  },
}

/** Answers for what is not there; gives what is. */
function sort({ name, topicId, partitions }: Wanted, answers: Answers, { cluster, version }: RequestContext): Commit[] {
  const byId = version >= TOPIC_IDS_SINCE
  const topic = byId ? cluster.topics.byId(topicId) : cluster.topics.get(name)
  const missing = byId && topic === undefined ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  const present: WantedPartition[] = []
  for (const partition of partitions) {
    if (topic?.partitions[partition.partitionIndex]) present.push(partition)
    else answers.add(name, topic?.id ?? topicId, { partitionIndex: partition.partitionIndex, errorCode: missing })
  }
  return topic && present.length > 0 ? [{ topic, partitions: present }] : []
}

function commit(
  coordinator: GroupCoordinator,
  { groupId }: OffsetCommitRequest,
  commits: readonly Commit[],
  check: CommitCheck,
  answers: Answers,
  { faults }: RequestContext,
): void {
  const tooLong = ({ committedMetadata }: WantedPartition): boolean => (committedMetadata?.length ?? 0) > MAX_OFFSET_METADATA
  // One partition that the member may not commit refuses all.
  for (const { topic, partitions } of commits) {
    for (const partition of partitions) if (!tooLong(partition)) check(topic, partition.partitionIndex)
  }
  for (const { topic, partitions } of commits) {
    for (const partition of partitions) {
      const { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata } = partition
      const fault = faults.failureOf(topic.name, partitionIndex, groupId)
      const error = tooLong(partition) ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE
      if (error === ErrorCode.NONE && (!fault || fault.afterAppend)) {
        const order = coordinator.store.nextOrder()
        const committed = { offset, leaderEpoch, metadata: committedMetadata ?? '', topicId: topic.id, order }
        coordinator.store.offsetsFor(groupId).set(topic.name, partitionIndex, committed)
      }
      answers.add(topic.name, topic.id, { partitionIndex, errorCode: fault?.error ?? error })
    }
  }
}

/** The answers by topic, in the order in which topics came up first. */
class Answers {
  readonly #byId: boolean
  readonly #topics = new Map<string, Answer & { partitions: PartitionAnswer[] }>()

  constructor(byId: boolean) {
    this.#byId = byId
  }

  add(name: string, topicId: string, partition: PartitionAnswer): void {
    const key = this.#byId ? topicId : name
    const topic = this.#topics.get(key)
    if (topic) topic.partitions.push(partition)
    else this.#topics.set(key, { name, topicId: this.#byId ? topicId : ZERO_UUID, partitions: [partition] })
  }

  list(): Answer[] {
    return [...this.#topics.values()]
  }
}
