/** Heartbeat 0–4: a classic member is alive, and learns of a rebalance. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type HeartbeatRequest, type HeartbeatResponse, heartbeat } from '../../../../shared/protocol/generated/heartbeat.ts'
import type { Handler } from '../handler.ts'
import { atCoordinator } from './at-coordinator.ts'

export const heartbeatHandler: Handler<HeartbeatRequest, HeartbeatResponse> = {
  api: heartbeat,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    if (request.groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID }
    return atCoordinator<Draft<HeartbeatResponse>>(
      context,
      request.groupId,
      // Whoever loads groups lets their sessions begin anew anyway.
      (errorCode, refusal) => ({
        errorCode: refusal && errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : errorCode,
      }),
      (coordinator) => {
        coordinator.heartbeat(request)
        return { errorCode: ErrorCode.NONE }
      },
    )
  },
}
