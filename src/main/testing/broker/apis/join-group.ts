/**
 * JoinGroup 0–9: a member joins a classic group and waits until the rebalance ends. New members are given an id first (KIP-394, version
 * 4), static members keep their places (KIP-345, version 5), a static leader that comes back may skip assigning (KIP-814, version 9).
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type JoinGroupRequest, type JoinGroupResponse, joinGroup } from '../../../../shared/protocol/generated/join-group.ts'
import { RefusedJoin } from '../groups/classic-requests.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Refusal } from '../refusal.ts'
import { atCoordinator, callerOf } from './at-coordinator.ts'

type Answer = Draft<JoinGroupResponse>

/** Before, a rebalance could take as long as a session. */
const REBALANCE_TIMEOUT_SINCE = 1
const NULLABLE_PROTOCOL_SINCE = 7

export const joinGroupHandler: Handler<JoinGroupRequest, JoinGroupResponse> = {
  api: joinGroup,
  groupsOf: ({ groupId }) => [groupId],
  async handle(request, context) {
    const answer = await answerTo(request, context)
    const { protocolName = null } = answer
    return { ...answer, protocolName: context.version < NULLABLE_PROTOCOL_SINCE ? (protocolName ?? '') : protocolName || null }
  },
}

function answerTo(request: JoinGroupRequest, context: RequestContext): Answer | Promise<Answer> {
  const { groupId, memberId, sessionTimeoutMs } = request
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = context.cluster.coordinator.settings
  if (groupId === '') return { memberId, generationId: -1, errorCode: ErrorCode.INVALID_GROUP_ID }
  if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    return { memberId, generationId: -1, errorCode: ErrorCode.INVALID_SESSION_TIMEOUT }
  }
  const rebalanceTimeoutMs = context.version < REBALANCE_TIMEOUT_SINCE ? sessionTimeoutMs : request.rebalanceTimeoutMs
  return atCoordinator<Answer | Promise<Answer>>(context, groupId, refused, (coordinator) => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    coordinator.join({ ...request, rebalanceTimeoutMs }, callerOf(context), resolve)
    return promise
  })
}

function refused(errorCode: number, refusal: Refusal | undefined): Answer {
  return { errorCode, generationId: -1, memberId: refusal instanceof RefusedJoin ? refusal.memberId : '' }
}
