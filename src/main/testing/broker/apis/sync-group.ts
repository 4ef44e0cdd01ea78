/** SyncGroup 0–5: the leader hands its assignment in, everybody waits for their part of it. From version 5 on the protocol is named. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type SyncGroupRequest, type SyncGroupResponse, syncGroup } from '../../../../shared/protocol/generated/sync-group.ts'
import type { Handler } from '../handler.ts'
import { atCoordinator } from './at-coordinator.ts'

type Answer = Draft<SyncGroupResponse>

const PROTOCOL_NAMED_SINCE = 5

export const syncGroupHandler: Handler<SyncGroupRequest, SyncGroupResponse> = {
  api: syncGroup,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    const { groupId, protocolType, protocolName } = request
    if (context.version >= PROTOCOL_NAMED_SINCE && (protocolType === null || protocolName === null)) {
      return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL }
    }
    if (groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID }
    return atCoordinator<Answer | Promise<Answer>>(
      context,
      groupId,
      (errorCode) => ({ errorCode }),
      (coordinator) => {
        const { promise, resolve } = Promise.withResolvers<Answer>()
        coordinator.sync(request, resolve)
        return promise
      },
    )
  },
}
