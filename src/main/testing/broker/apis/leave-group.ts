/** LeaveGroup 0–5: members leave a group, one a request, from version 3 on several (KIP-345), by member or by instance id. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type LeaveGroupRequest, type LeaveGroupResponse, leaveGroup } from '../../../../shared/protocol/generated/leave-group.ts'
import type { Handler } from '../handler.ts'
import { atCoordinator } from './at-coordinator.ts'

type Answer = Draft<LeaveGroupResponse>

const BATCHED_SINCE = 3

export const leaveGroupHandler: Handler<LeaveGroupRequest, LeaveGroupResponse> = {
  api: leaveGroup,
  groupsOf: ({ groupId }) => [groupId],
  handle(request, context) {
    const { groupId, memberId } = request
    const batched = context.version >= BATCHED_SINCE
    const members = batched ? request.members : [{ memberId, groupInstanceId: null, reason: null }]
    if (groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID }
    const answer = atCoordinator<Answer>(
      context,
      groupId,
      (errorCode, refusal) => {
        if (!refusal || errorCode !== ErrorCode.UNKNOWN_MEMBER_ID) return { errorCode }
        return { members: members.map((one) => ({ memberId: one.memberId, groupInstanceId: one.groupInstanceId, errorCode })) }
      },
      (coordinator) => ({ members: coordinator.leave(groupId, members) }),
    )
    return batched ? answer : { errorCode: answer.errorCode || (answer.members?.[0]?.errorCode ?? ErrorCode.NONE) }
  },
}
