/**
 * OffsetFetch 1–10: committed offsets of some topics or (from version 2 on) all, of several groups from version 8 on. With
 * `requireStable` (KIP-447) what an open transaction has committed to is not told. Members say who they are from version 9, topics have ids from version 10 on.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type OffsetFetchRequest,
  type OffsetFetchRequestGroup,
  type OffsetFetchRequestTopics,
  type OffsetFetchResponse,
  offsetFetch,
} from '../../../../shared/protocol/generated/offset-fetch.ts'
import { ZERO_UUID } from '../../../../shared/protocol/uuid.ts'
import type { CommittedOffset, GroupOffsets } from '../groups/offsets.ts'
import type { Group } from '../groups/store.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { atCoordinator } from './at-coordinator.ts'

type GroupAnswer = NonNullable<Draft<OffsetFetchResponse>['groups']>[number]
type TopicAnswer = NonNullable<GroupAnswer['topics']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

const GROUP_ERROR_SINCE = 2
const SEVERAL_GROUPS_SINCE = 8
const TOPIC_IDS_SINCE = 10

export const offsetFetchHandler: Handler<OffsetFetchRequest, OffsetFetchResponse> = {
  api: offsetFetch,
  groupsOf: ({ groupId, groups }) => (groups.length > 0 ? groups.map((group) => group.groupId) : [groupId]),
  handle(request, context) {
    if (context.version >= SEVERAL_GROUPS_SINCE)
      return { groups: request.groups.map((group) => fetch(group, request.requireStable, context)) }
    const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
    const answer = fetch({ groupId: request.groupId, memberId: null, memberEpoch: -1, topics }, request.requireStable, context)
    return { errorCode: answer.errorCode, topics: answer.topics }
  },
}

function fetch(wanted: OffsetFetchRequestGroup, requireStable: boolean, context: RequestContext): GroupAnswer {
  const { groupId } = wanted
  return atCoordinator<GroupAnswer>(
    context,
    groupId,
    (errorCode) => failed(wanted, errorCode, context.version),
    ({ store }) => {
      const group = store.groups.get(groupId)
      if (group) checkMember(group, wanted)
      const offsets = group && store.offsetsOf(groupId)
      const isUnstable: IsUnstable = (topic, partition) => requireStable && store.pending.has(groupId, topic, partition)
      if (wanted.topics === null) return { groupId, topics: all(offsets, isUnstable, context) }
      return { groupId, topics: some(groupId, wanted.topics, offsets, isUnstable, context) }
    },
  )
}

/** Before there was a place for the error of a group, each partition had it. */
function failed({ groupId, topics }: OffsetFetchRequestGroup, errorCode: number, version: number): GroupAnswer {
  if (version >= GROUP_ERROR_SINCE) return { groupId, errorCode }
  return {
    groupId,
    topics: topics?.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({ ...answerOf(partitionIndex, undefined), errorCode })),
    })),
  }
}

/** Whoever says that he is a member must be one, at its epoch. */
function checkMember(group: Group, { memberId, memberEpoch }: OffsetFetchRequestGroup): void {
  if (group.type === 'classic' || (memberId === null && memberEpoch < 0)) return
  const member = group.memberOf(memberId ?? '')
  if (memberEpoch === member.epoch) return
  throw new Refusal(member.classic ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH)
}

/** Whether an open transaction has committed to the partition. */
type IsUnstable = (topic: string, partition: number) => boolean

function all(offsets: GroupOffsets | undefined, isUnstable: IsUnstable, { cluster, version }: RequestContext): TopicAnswer[] {
  return Array.from(offsets?.list() ?? []).flatMap(({ topic: name, partitions }) => {
    const topicId = version >= TOPIC_IDS_SINCE ? cluster.topics.get(name)?.id : ZERO_UUID
    const answers = partitions.map(([index, committed]) =>
      isUnstable(name, index) ? unstable(index) : answerOf(index, committed),
    )
    return topicId === undefined ? [] : [{ name, topicId, partitions: answers }]
  })
}

function some(
  groupId: string,
  topics: readonly OffsetFetchRequestTopics[],
  offsets: GroupOffsets | undefined,
  isUnstable: IsUnstable,
  { cluster, version, faults }: RequestContext,
): TopicAnswer[] {
  const unknown: TopicAnswer[] = []
  const known: TopicAnswer[] = []
  for (const { name, topicId, partitionIndexes } of topics) {
    const byId = version >= TOPIC_IDS_SINCE
    const topic = byId ? cluster.topics.byId(topicId)?.name : name
    if (topic === undefined) {
      const partitions = partitionIndexes.map((index) => ({ partitionIndex: index, ...UNKNOWN_TOPIC }))
      unknown.push({ name, topicId, partitions })
      continue
    }
    const partitions = partitionIndexes.map((index) => {
      const fault = faults.failureOf(topic, index, groupId)
      if (fault) return { ...answerOf(index, undefined), errorCode: fault.error ?? 0 }
      if (isUnstable(topic, index)) return unstable(index)
      return answerOf(index, offsets?.get(topic, index, byId ? topicId : ZERO_UUID))
    })
    known.push({ name: topic, topicId, partitions })
  }
  return [...known, ...unknown]
}

const UNKNOWN_TOPIC = { committedOffset: -1, errorCode: ErrorCode.UNKNOWN_TOPIC_ID }

function answerOf(partitionIndex: number, committed: CommittedOffset | undefined): PartitionAnswer {
  const { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata } = committed ?? NOTHING
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode: ErrorCode.NONE }
}

function unstable(partitionIndex: number): PartitionAnswer {
  return { ...answerOf(partitionIndex, undefined), errorCode: ErrorCode.UNSTABLE_OFFSET_COMMIT }
}

const NOTHING = { offset: -1, leaderEpoch: -1, metadata: '' }
