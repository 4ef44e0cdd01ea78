/**
 * AlterPartitionReassignments 0–1 (KIP-455, KIP-860): other nodes get the replicas of a partition. It is over at once, since a replica has
 * everything as soon as it is one.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  alterPartitionReassignments,
} from '../../../../shared/protocol/generated/alter-partition-reassignments.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'

type Wanted = AlterPartitionReassignmentsRequest['topics'][number]['partitions'][number]
type Topic = NonNullable<Draft<AlterPartitionReassignmentsResponse>['responses']>[number]
type Result = NonNullable<Topic['partitions']>[number]

export const alterPartitionReassignmentsHandler: Handler<
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse
> = {
  api: alterPartitionReassignments,
  handle({ topics, allowReplicationFactorChange }, context) {
    const fault = context.faults.failureOf()
    if (fault) return { errorCode: fault.error, errorMessage: null, allowReplicationFactorChange }
    const responses = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((wanted) => resultOf(name, wanted, allowReplicationFactorChange, context)),
    }))
    return { errorMessage: null, allowReplicationFactorChange, responses }
  },
}

function resultOf(topic: string, wanted: Wanted, mayChangeFactor: boolean, context: RequestContext): Result {
  const { partitionIndex } = wanted
  try {
    const fault = context.faults.failureOf(topic, partitionIndex)
    if (fault) throw new Refusal(fault.error ?? 0)
    reassign(topic, wanted, mayChangeFactor, context)
    return { partitionIndex, errorMessage: null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { partitionIndex, errorCode: error.errorCode, errorMessage: error.message || null }
  }
}

function reassign(topic: string, { partitionIndex, replicas }: Wanted, mayChangeFactor: boolean, { cluster }: RequestContext) {
  const partition = cluster.partition(topic, partitionIndex)
  if (partition === undefined)
    throw new Refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no partition ${partitionIndex} of '${topic}'`)
  // to call off what is under way
  if (replicas === null) throw new Refusal(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
  const refused = (why: string): Refusal => new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, why)
  if (replicas.length === 0) throw refused('A partition needs a replica')
  if (new Set(replicas).size !== replicas.length) throw refused(`The replicas [${replicas.join(', ')}] name a node twice`)
  const unknown = replicas.find((id) => cluster.nodes[id - 1] === undefined)
  if (unknown !== undefined) throw refused(`There is no node ${unknown}`)
  if (!mayChangeFactor && replicas.length !== partition.replicas.length) {
    const text = `${topic}-${partitionIndex} has ${partition.replicas.length} replicas, and the request says that this is to stay so`
    throw new Refusal(ErrorCode.INVALID_REPLICATION_FACTOR, text)
  }
  const isThere = (id: number): boolean => cluster.isLive(id) && !cluster.isolation.isCut(id)
  if (!replicas.some(isThere)) throw refused(`None of the nodes ${replicas.join(', ')} is there to take the log`)
  partition.reassign(replicas, isThere)
}
