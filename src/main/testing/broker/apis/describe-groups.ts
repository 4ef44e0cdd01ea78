/** DescribeGroups 0–6: classic groups. From version 6 on one that is not there is an error (KIP-1043), before it is "Dead". */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  describeGroups,
} from '../../../../shared/protocol/generated/describe-groups.ts'
import type { ClassicGroup } from '../groups/classic-group.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { atCoordinator, textOf } from './at-coordinator.ts'
import { GROUP_OPERATIONS } from './operations.ts'

type Described = NonNullable<Draft<DescribeGroupsResponse>['groups']>[number]

const MISSING_IS_ERROR_SINCE = 6

export const describeGroupsHandler: Handler<DescribeGroupsRequest, DescribeGroupsResponse> = {
  api: describeGroups,
  groupsOf: ({ groups }) => groups,
  handle({ groups, includeAuthorizedOperations }, context) {
    return { groups: groups.map((groupId) => describe(groupId, includeAuthorizedOperations, context)) }
  },
}

function describe(groupId: string, operations: boolean, context: RequestContext): Described {
  const allowed = operations ? { authorizedOperations: GROUP_OPERATIONS } : {}
  return atCoordinator<Described>(
    context,
    groupId,
    (errorCode, refusal) => {
      if (!refusal || errorCode !== ErrorCode.GROUP_ID_NOT_FOUND) return { groupId, errorCode, errorMessage: null }
      const dead = { groupId, groupState: 'Dead', errorMessage: null }
      return context.version >= MISSING_IS_ERROR_SINCE
        ? { ...dead, errorCode, errorMessage: textOf(refusal) }
        : { ...dead, ...allowed }
    },
    ({ store }) => {
      const group = store.groupOf(groupId)
      if (group.type === 'classic') return { ...described(group), ...allowed }
      throw new Refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a classic group.`)
    },
  )
}

function described(group: ClassicGroup): Described {
  const { id: groupId, state: groupState, protocolType = '', protocolName = '' } = group
  const stable = groupState === 'Stable'
  const members = Array.from(group.members.values(), (member) => ({
    memberId: member.id,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberAssignment: member.assignment,
    // Until a protocol is agreed upon nobody knows which metadata counts.
    ...(stable && { memberMetadata: member.metadata(protocolName) }),
  }))
  return { groupId, groupState, errorMessage: null, protocolType, protocolData: stable ? protocolName : '', members }
}
