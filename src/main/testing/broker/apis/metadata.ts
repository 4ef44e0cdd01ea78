/** Metadata: the live nodes, and of each topic wanted who leads its partitions. Makes missing topics where that is allowed. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type MetadataRequest, type MetadataResponse, metadata } from '../../../../shared/protocol/generated/metadata.ts'
import type { Cluster } from '../cluster.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { NO_LEADER, type Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { isInternal, OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../topic-name.ts'
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from './operations.ts'

const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
/** From here on topics can be asked for by id. */
const IDS_SINCE = 12

type TopicAnswer = NonNullable<Draft<MetadataResponse>['topics']>[number]
type Wanted = { name: string | null; topicId: string }

export const metadataHandler: Handler<MetadataRequest, MetadataResponse> = {
  api: metadata,
  handle(request, context) {
    const { cluster, version } = context
    if (version < IDS_SINCE && request.topics?.some(usesId)) return { topics: request.topics.map(refused) }
    return {
      brokers: cluster
        .nodesSeenBy(context.node.id)
        .map(({ id, host, port }) => ({ nodeId: id, host, port, rack: cluster.rackOf(id) })),
      clusterId: cluster.id,
      controllerId: cluster.controllerId,
      topics: topicsOf(request, context),
      ...(request.includeClusterAuthorizedOperations && version <= 10 && { clusterAuthorizedOperations: CLUSTER_OPERATIONS }),
    }
  },
}

/** Two versions have ids in their requests and can do nothing with them. */
function usesId({ name, topicId }: Wanted): boolean {
  return name === null || topicId !== ZERO_ID
}

function refused({ name, topicId }: Wanted): TopicAnswer {
  return { errorCode: ErrorCode.INVALID_REQUEST, name: name ?? '', topicId }
}

function topicsOf(request: MetadataRequest, context: RequestContext): TopicAnswer[] {
  const { cluster, version } = context
  const operations = request.includeTopicAuthorizedOperations ? { topicAuthorizedOperations: TOPIC_OPERATIONS } : {}
  // Version 0 had no null list: an empty one meant all.
  if (request.topics === null || (version === 0 && request.topics.length === 0)) {
    return Array.from(cluster.topics.values(), (topic) => ({ ...describe(topic, context), ...operations }))
  }
  const once = new Map(request.topics.map((wanted) => [`${wanted.name === null} ${wanted.name ?? wanted.topicId}`, wanted]))
  return Array.from(once.values(), (wanted) => {
    const found = wanted.name === null ? cluster.topics.byId(wanted.topicId) : find(cluster, wanted.name, request)
    if (typeof found === 'object') return { ...describe(found, context), ...operations }
    // Nobody can say what may be done to an id.
    if (found === undefined) return missing(wanted, ErrorCode.UNKNOWN_TOPIC_ID)
    return { ...missing(wanted, found), ...operations }
  })
}

function find(cluster: Cluster, name: string, request: MetadataRequest): Topic | number {
  const topic = cluster.topics.get(name)
  if (topic) return topic
  try {
    const create = cluster.options.autoCreateTopics && request.allowAutoTopicCreation
    if (create && name === OFFSETS_TOPIC) return cluster.coordinator.findPartition('').topic
    if (create && name === TRANSACTIONS_TOPIC) return cluster.transactions.findPartition('').topic
    const made = cluster.topics.create({ topic: name }, undefined, !create)
    return create ? made : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  } catch (error) {
    if (error instanceof Refusal) return error.errorCode
    throw error
  }
}

function missing({ name, topicId }: Wanted, errorCode: number): TopicAnswer {
  return { errorCode, name, topicId: topicId ?? ZERO_ID }
}

function describe(topic: Topic, context: RequestContext): TopicAnswer {
  const fault = context.faults.failureOf(topic.name)
  if (fault) return { errorCode: fault.error ?? 0, name: topic.name, topicId: topic.id }
  return {
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternal(topic.name),
    partitions: topic.partitions.map((partition) => describePartition(partition.seenBy(context.node.id), context)),
  }
}

function describePartition(
  partition: Partition,
  { cluster, faults, node }: RequestContext,
): NonNullable<TopicAnswer['partitions']>[number] {
  const { index, leader, leaderEpoch, replicas, isr } = partition
  const fault = faults.failureOf(partition.topic.name, index)
  const seen = cluster.nodesSeenBy(node.id).map(({ id }) => id)
  return {
    errorCode: fault?.error ?? (leader === NO_LEADER ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE),
    partitionIndex: index,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas: replicas.filter((id) => !seen.includes(id)),
  }
}
