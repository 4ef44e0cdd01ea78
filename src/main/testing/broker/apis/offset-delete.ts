/** OffsetDelete 0 (KIP-496): forgets offsets of topics that no member is subscribed to. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  offsetDelete,
} from '../../../../shared/protocol/generated/offset-delete.ts'
import type { GroupCoordinator } from '../groups/coordinator.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { atCoordinator } from './at-coordinator.ts'

type Answer = Draft<OffsetDeleteResponse>
type TopicAnswer = NonNullable<Answer['topics']>[number]

export const offsetDeleteHandler: Handler<OffsetDeleteRequest, OffsetDeleteResponse> = {
  api: offsetDelete,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    if (request.groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID }
    return atCoordinator<Answer>(
      context,
      request.groupId,
      (errorCode) => ({ errorCode }),
      (coordinator) => ({ topics: deleteOffsets(coordinator, request, context) }),
    )
  },
}

function deleteOffsets(
  { store }: GroupCoordinator,
  { groupId, topics }: OffsetDeleteRequest,
  { cluster, faults }: RequestContext,
): TopicAnswer[] {
  const group = store.groupOf(groupId)
  // Only consumers say what they are subscribed to in a way that brokers read.
  if (group.type === 'classic' && !group.isEmpty && !group.usesConsumerProtocol) throw new Refusal(ErrorCode.NON_EMPTY_GROUP)
  return topics.map(({ name, partitions }) => {
    const subscribed = group.isSubscribedTo(name)
    const answers = partitions.map(({ partitionIndex }) => {
      if (!cluster.partition(name, partitionIndex)) return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }
      const fault = faults.failureOf(name, partitionIndex, groupId)
      if (subscribed) return { partitionIndex, errorCode: ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC }
      if (!fault || fault.afterAppend) {
        store.offsetsOf(groupId)?.delete(name, partitionIndex)
        store.pending.delete(groupId, name, partitionIndex)
      }
      return { partitionIndex, errorCode: fault?.error ?? ErrorCode.NONE }
    })
    return { name, partitions: answers }
  })
}
