/** CreateAcls 1–3, of a cluster without an authorizer. */
import { type CreateAclsRequest, type CreateAclsResponse, createAcls } from '../../../../shared/protocol/generated/create-acls.ts'
import type { Handler } from '../handler.ts'
import { ResourceType } from './config-resource.ts'
import { areReadable, NO_AUTHORIZER } from './no-acls.ts'

export const createAclsHandler: Handler<CreateAclsRequest, CreateAclsResponse> = {
  api: createAcls,
  handle({ creations }, context) {
    const codes = creations.flatMap((one) => [one.resourceType, one.resourcePatternType, one.operation, one.permissionType])
    if (!areReadable(codes, context)) return undefined
    const results = creations.map(({ resourceType, resourceName }) => {
      const fault = context.faults.failureOf(resourceType === ResourceType.TOPIC ? resourceName : undefined)
      return fault ? { errorCode: fault.error, errorMessage: null } : NO_AUTHORIZER
    })
    return { results }
  },
}
