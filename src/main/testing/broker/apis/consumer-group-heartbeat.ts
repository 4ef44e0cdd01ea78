/**
 * ConsumerGroupHeartbeat 0–1 (KIP-848): joining, reconciling and leaving by the consumer protocol, static members, subscriptions by
 * regular expression (KIP-848, version 1), the assignors `uniform` and `range`. From version 1 on members make their own ids (KIP-1082).
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeat,
} from '../../../../shared/protocol/generated/consumer-group-heartbeat.ts'
import { assignors } from '../groups/assignors.ts'
import { LEFT, LEFT_FOR_A_WHILE } from '../groups/consumer-member.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { atCoordinator, callerOf, textOf } from './at-coordinator.ts'

type Answer = Draft<ConsumerGroupHeartbeatResponse>

const OWN_MEMBER_ID_SINCE = 1

export const consumerGroupHeartbeatHandler: Handler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> = {
  api: consumerGroupHeartbeat,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    const problem = problemOf(request, context.version)
    if (problem) return { errorCode: problem.errorCode, errorMessage: problem.message }
    return atCoordinator<Answer>(
      context,
      request.groupId,
      (errorCode, refusal) => ({ errorCode, errorMessage: textOf(refusal) }),
      ({ membership }) => membership.heartbeat(request, callerOf(context)),
    )
  },
}

/** What can be seen to be wrong without looking at the group. */
function problemOf(request: ConsumerGroupHeartbeatRequest, version: number): Refusal | undefined {
  const { memberId, memberEpoch, groupId, instanceId, rackId, serverAssignor } = request
  const invalid = (text: string): Refusal => new Refusal(ErrorCode.INVALID_REQUEST, text)
  const empty = (text: string | null): boolean => text !== null && text.trim() === ''
  const needsMemberId = version >= OWN_MEMBER_ID_SINCE || memberEpoch > 0 || memberEpoch === LEFT
  if (needsMemberId && empty(memberId)) return invalid("MemberId can't be empty.")
  if (empty(groupId)) return invalid("GroupId can't be empty.")
  if (empty(instanceId)) return invalid("InstanceId can't be empty.")
  if (empty(rackId)) return invalid("RackId can't be empty.")
  if (memberEpoch === 0) {
    const { rebalanceTimeoutMs, topicPartitions, subscribedTopicNames, subscribedTopicRegex } = request
    if (rebalanceTimeoutMs === -1) return invalid('RebalanceTimeoutMs must be provided in first request.')
    if (topicPartitions === null || topicPartitions.length > 0) return invalid('TopicPartitions must be empty when (re-)joining.')
    if (subscribedTopicNames === null && subscribedTopicRegex === null) {
      return invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.')
    }
  } else if (memberEpoch === LEFT_FOR_A_WHILE) {
    if (instanceId === null) return invalid("InstanceId can't be null.")
  } else if (memberEpoch < LEFT_FOR_A_WHILE) return invalid('MemberEpoch is invalid.')
  if (serverAssignor !== null && !assignors.has(serverAssignor)) {
    const known = [...assignors.keys()].join(', ')
    const text = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${known}.`
    return new Refusal(ErrorCode.UNSUPPORTED_ASSIGNOR, text)
  }
  return undefined
}
