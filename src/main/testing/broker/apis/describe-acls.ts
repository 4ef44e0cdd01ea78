/** DescribeAcls 1–3, of a cluster without an authorizer. */
import {
  type DescribeAclsRequest,
  type DescribeAclsResponse,
  describeAcls,
} from '../../../../shared/protocol/generated/describe-acls.ts'
import type { Handler } from '../handler.ts'
import { areReadable, NO_AUTHORIZER } from './no-acls.ts'

export const describeAclsHandler: Handler<DescribeAclsRequest, DescribeAclsResponse> = {
  api: describeAcls,
  handle({ resourceTypeFilter, patternTypeFilter, operation, permissionType }, context) {
    const fault = context.faults.failureOf()
    if (fault) return { errorCode: fault.error, errorMessage: null }
    return areReadable([resourceTypeFilter, patternTypeFilter, operation, permissionType], context) ? NO_AUTHORIZER : undefined
  },
}
