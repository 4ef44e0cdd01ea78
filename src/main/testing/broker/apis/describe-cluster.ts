/** DescribeCluster: the nodes, for admin clients. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  describeCluster,
} from '../../../../shared/protocol/generated/describe-cluster.ts'
import type { Handler } from '../handler.ts'
import { CLUSTER_OPERATIONS } from './operations.ts'

const BROKERS = 1
const CONTROLLERS = 2

export const describeClusterHandler: Handler<DescribeClusterRequest, DescribeClusterResponse> = {
  api: describeCluster,
  handle(request, { cluster, node, version, faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error, clusterId: '' }
    if (version >= 1 && request.endpointType !== BROKERS) {
      const known = request.endpointType === CONTROLLERS
      const errorCode = known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE
      return { errorCode, errorMessage: 'This endpoint is for brokers.', clusterId: '' }
    }
    return {
      clusterId: cluster.id,
      controllerId: cluster.controllerId,
      brokers: cluster.nodesSeenBy(node.id).map(({ id, host, port }) => ({ brokerId: id, host, port, rack: cluster.rackOf(id) })),
      ...(request.includeClusterAuthorizedOperations && { clusterAuthorizedOperations: CLUSTER_OPERATIONS }),
    }
  },
}
