/** DeleteGroups 0–2: groups without members, with all their offsets. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  deleteGroups,
} from '../../../../shared/protocol/generated/delete-groups.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { atCoordinator } from './at-coordinator.ts'

type Result = NonNullable<Draft<DeleteGroupsResponse>['results']>[number]

export const deleteGroupsHandler: Handler<DeleteGroupsRequest, DeleteGroupsResponse> = {
  api: deleteGroups,
  groupsOf: ({ groupsNames }) => groupsNames,
  handle({ groupsNames }, context) {
    const results = Array.from(new Set(groupsNames), (groupId) =>
      atCoordinator<Result>(
        context,
        groupId,
        (errorCode) => ({ groupId, errorCode }),
        ({ store }) => {
          const group = store.groupOf(groupId)
          if (!group.isEmpty) throw new Refusal(ErrorCode.NON_EMPTY_GROUP)
          store.drop(group)
          store.deleteOffsets(groupId)
          return { groupId, errorCode: ErrorCode.NONE }
        },
      ),
    )
    return { results }
  },
}
