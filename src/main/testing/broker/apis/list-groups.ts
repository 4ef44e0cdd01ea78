/** ListGroups 0–5: the groups that the node coordinates, of some states (KIP-518, version 4) and types (KIP-848, version 5). */
import { type ListGroupsRequest, type ListGroupsResponse, listGroups } from '../../../../shared/protocol/generated/list-groups.ts'
import { CONSUMER_PROTOCOL } from '../groups/consumer-protocol.ts'
import type { Group } from '../groups/store.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'

export const listGroupsHandler: Handler<ListGroupsRequest, ListGroupsResponse> = {
  api: listGroups,
  handle({ statesFilter, typesFilter }, { cluster, node, faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error }
    const states = new Set(statesFilter.map((state) => state.toLowerCase().trim()))
    const types = new Set(typesFilter.map((type) => type.toLowerCase()))
    const isWanted = ({ state, type }: Group): boolean =>
      (states.size === 0 || states.has(state.toLowerCase())) && (types.size === 0 || types.has(type))
    try {
      return { groups: cluster.coordinator.groupsAt(node.id).filter(isWanted).map(listed) }
    } catch (error) {
      if (error instanceof Refusal) return { errorCode: error.errorCode }
      throw error
    }
  },
}

function listed(group: Group) {
  const protocolType = group.type === 'consumer' ? CONSUMER_PROTOCOL : (group.protocolType ?? '')
  return { groupId: group.id, protocolType, groupState: group.state, groupType: group.type }
}
