/** ListConfigResources 0–1 (KIP-1142): what has configs. In version 0 that is only what metrics of clients are asked for by, and nothing here. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
  listConfigResources,
} from '../../../../shared/protocol/generated/list-config-resources.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { RESOURCE_TYPES, ResourceType } from './config-resource.ts'

/** From this version on a request names types. */
const TYPES_SINCE = 1

export const listConfigResourcesHandler: Handler<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  api: listConfigResources,
  handle({ resourceTypes }, context) {
    const fault = context.faults.failureOf()
    if (fault) return { errorCode: fault.error }
    if (!resourceTypes.every((type) => RESOURCE_TYPES.has(type))) return { errorCode: ErrorCode.UNSUPPORTED_VERSION }
    if (context.version < TYPES_SINCE) return {}
    const types = resourceTypes.length === 0 ? [...RESOURCE_TYPES] : [...new Set(resourceTypes)]
    const configResources = types.flatMap((resourceType) =>
      namesOf(resourceType, context).map((resourceName) => ({ resourceName, resourceType })),
    )
    return { configResources }
  },
}

/** Nodes have no loggers here, and metrics of clients no configs. */
function namesOf(type: number, { cluster, node }: RequestContext): string[] {
  if (type === ResourceType.TOPIC) return [...cluster.topics.keys()]
  if (type === ResourceType.GROUP) return [...cluster.coordinator.store.configs.ids()]
  return type === ResourceType.BROKER ? cluster.nodesSeenBy(node.id).map(({ id }) => String(id)) : []
}
