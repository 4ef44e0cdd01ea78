/** DeleteAcls 1–3, of a cluster without an authorizer. */
import { type DeleteAclsRequest, type DeleteAclsResponse, deleteAcls } from '../../../../shared/protocol/generated/delete-acls.ts'
import type { Handler } from '../handler.ts'
import { areReadable, NO_AUTHORIZER } from './no-acls.ts'

export const deleteAclsHandler: Handler<DeleteAclsRequest, DeleteAclsResponse> = {
  api: deleteAcls,
  handle({ filters }, context) {
    const fault = context.faults.failureOf()
    const codes = filters.flatMap((one) => [one.resourceTypeFilter, one.patternTypeFilter, one.operation, one.permissionType])
    if (!areReadable(codes, context)) return undefined
    return { filterResults: filters.map(() => (fault ? { errorCode: fault.error, errorMessage: null } : NO_AUTHORIZER)) }
  },
}
