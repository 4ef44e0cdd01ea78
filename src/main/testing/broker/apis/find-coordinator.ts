/**
 * FindCoordinator 0–6: the leader of a group's partition of `__consumer_offsets` or of a transactional id's of `__transaction_state`,
 * which are made when they are first asked for. For share groups a live node, the same one as long as the same nodes live.
 */
import { crc32c } from '../../../../shared/crc32c.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinator,
} from '../../../../shared/protocol/generated/find-coordinator.ts'
import type { Broker } from '../broker.ts'
import type { Cluster } from '../cluster.ts'
import type { Handler, RequestContext } from '../handler.ts'

/** From here on one request asks for several keys. */
const BATCHED_SINCE = 4
/** Of what a coordinator is wanted; of share groups from version 6 on. */
const KeyType = { GROUP: 0, TRANSACTION: 1, SHARE: 2 } as const

interface Found {
  errorCode: number
  nodeId: number
  host: string
  port: number
}

export const findCoordinatorHandler: Handler<FindCoordinatorRequest, FindCoordinatorResponse> = {
  api: findCoordinator,
  groupsOf: ({ key, keyType, coordinatorKeys }) => (keyType === KeyType.GROUP ? [key, ...coordinatorKeys] : []),
  handle({ key, keyType, coordinatorKeys }, context) {
    const one = (name: string): Found => find(name, keyType, context)
    if (context.version < BATCHED_SINCE) return { ...one(key), errorMessage: null }
    return { coordinators: coordinatorKeys.map((name) => ({ key: name, ...one(name), errorMessage: null })) }
  },
}

function find(key: string, keyType: number, context: RequestContext): Found {
  const isGroup = keyType === KeyType.GROUP
  const fault = context.faults.failureOf(undefined, undefined, isGroup ? key : undefined)
  if (fault) return nowhere(fault.error ?? 0)
  if (keyType < 0 || keyType > KeyType.SHARE || (keyType === KeyType.SHARE && context.version < 6))
    return nowhere(ErrorCode.INVALID_REQUEST)
  const node = keyType === KeyType.SHARE ? anyNode(key, context.cluster) : coordinatorOf(key, keyType, context)
  if (node === undefined) return nowhere(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  return { errorCode: ErrorCode.NONE, nodeId: node.id, host: node.host, port: node.port }
}

function coordinatorOf(key: string, keyType: number, { cluster, node }: RequestContext): Broker | undefined {
  const { coordinator, transactions } = cluster
  const { leader } = (keyType === KeyType.GROUP ? coordinator : transactions).findPartition(key).seenBy(node.id)
  return cluster.nodes.find(({ id }) => id === leader)
}

function anyNode(key: string, { liveNodes }: Cluster): Broker | undefined {
  return liveNodes[crc32c(Buffer.from(key)) % liveNodes.length]
}

function nowhere(errorCode: number): Found {
  return { errorCode, nodeId: -1, host: '', port: -1 }
}
