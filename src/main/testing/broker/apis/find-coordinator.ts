/** FindCoordinator: a live node for each key, the same one as long as the same nodes live. */
import { crc32c } from '../../../../shared/crc32c.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinator,
} from '../../../../shared/protocol/generated/find-coordinator.ts'
import type { Handler, RequestContext } from '../handler.ts'

/** From here on one request asks for several keys. */
const BATCHED_SINCE = 4
/** Groups, transactions, and from version 6 on share groups. */
const MAX_KEY_TYPE = 2

interface Found {
  errorCode: number
  nodeId: number
  host: string
  port: number
}

export const findCoordinatorHandler: Handler<FindCoordinatorRequest, FindCoordinatorResponse> = {
  api: findCoordinator,
  handle({ key, keyType, coordinatorKeys }, context) {
    const one = (name: string): Found => find(name, keyType, context)
    if (context.version < BATCHED_SINCE) return { ...one(key), errorMessage: null }
    return { coordinators: coordinatorKeys.map((name) => ({ key: name, ...one(name), errorMessage: null })) }
  },
}

function find(key: string, keyType: number, { cluster, version, faults }: RequestContext): Found {
  const fault = faults.failureOf()
  if (fault) return nowhere(fault.error ?? 0)
  if (keyType < 0 || keyType > MAX_KEY_TYPE || (keyType === MAX_KEY_TYPE && version < 6))
    return nowhere(ErrorCode.INVALID_REQUEST)
  const { liveNodes } = cluster
  const node = liveNodes[crc32c(Buffer.from(key)) % liveNodes.length]
  if (node === undefined) return nowhere(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  return { errorCode: ErrorCode.NONE, nodeId: node.id, host: node.host, port: node.port }
}

function nowhere(errorCode: number): Found {
  return { errorCode, nodeId: -1, host: '', port: -1 }
}
