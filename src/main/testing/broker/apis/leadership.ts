/**
 * Whether the node that was asked leads a partition, and where to go when it does not (KIP-951: the answer names the leader
 * and its address, which saves the client a Metadata request).
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { RequestContext } from '../handler.ts'
import { NO_LEADER, type Partition } from '../partition.ts'

/** Fences outdated and premature clients (KIP-320), then asks for the leader. `epoch` −1: the client does not say. */
export function leaderError(partition: Partition, context: RequestContext, epoch = -1): number {
  const error = replicaError(partition, context, epoch)
  if (error !== ErrorCode.NONE) return error
  return partition.leader === context.node.id ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER
}

/** The same where any replica will do: consumers may read from followers (KIP-392). */
export function replicaError(partition: Partition, context: RequestContext, epoch = -1): number {
  if (!partition.replicas.includes(context.node.id)) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (epoch >= 0 && epoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH
  if (epoch > partition.leaderEpoch) return ErrorCode.UNKNOWN_LEADER_EPOCH
  return ErrorCode.NONE
}

export interface LeaderHint {
  leaderId: number
  leaderEpoch: number
}

interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

/** The hints of one response. */
export class LeaderHints {
  readonly #context: RequestContext
  readonly #enabled: boolean
  readonly #leaders = new Set<number>()

  constructor(context: RequestContext, sinceVersion: number) {
    this.#context = context
    this.#enabled = context.version >= sinceVersion
  }

  /** To be spread into a partition's answer. */
  of(partition: Partition): { currentLeader?: LeaderHint } {
    if (!this.#enabled) return {}
    const { leader: leaderId, leaderEpoch } = partition
    if (leaderId !== NO_LEADER) this.#leaders.add(leaderId)
    return { currentLeader: { leaderId, leaderEpoch } }
  }

  /** To be spread into the response: addresses of the leaders that were named. */
  endpoints(): { nodeEndpoints?: NodeEndpoint[] } {
    if (this.#leaders.size === 0) return {}
    const { cluster } = this.#context
    const nodeEndpoints = cluster.nodes
      .filter((node) => this.#leaders.has(node.id))
      .map(({ id, host, port }) => ({ nodeId: id, host, port, rack: cluster.rackOf(id) }))
    return { nodeEndpoints }
  }
}
