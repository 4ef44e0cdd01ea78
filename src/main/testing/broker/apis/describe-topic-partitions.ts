/**
 * DescribeTopicPartitions: what Metadata says of topics, page by page, with the replicas that may be elected (KIP-966).
 *
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-966%3A+Eligible+Leader+Replicas
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  describeTopicPartitions,
} from '../../../../shared/protocol/generated/describe-topic-partitions.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { NO_LEADER, type Partition } from '../partition.ts'
import { OFFSETS_TOPIC, topicNameProblem } from '../topic-name.ts'
import { TOPIC_OPERATIONS } from './operations.ts'

type TopicAnswer = NonNullable<Draft<DescribeTopicPartitionsResponse>['topics']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

/** Kafka's `max.request.partition.size.limit`. */
const MOST_PARTITIONS = 2000

export const describeTopicPartitionsHandler: Handler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> = {
  api: describeTopicPartitions,
  handle({ topics, responsePartitionLimit, cursor }, context) {
    const all = topics.length === 0
    const lost = cursor !== null && !all && topics.every(({ name }) => name !== cursor.topicName)
    // The answer has no place for an error of the whole request, so Kafka says it of each topic that was named.
    if (lost || (cursor !== null && cursor.partitionIndex < 0)) return { topics: topics.map(({ name }) => invalid(name)) }
    const named = all ? context.cluster.topics.keys() : topics.map(({ name }) => name)
    const names = [...new Set(named)].filter((name) => cursor === null || name >= cursor.topicName).sort()
    const startOf = (name: string): number => (name === cursor?.topicName ? cursor.partitionIndex : 0)
    return page(names, startOf, Math.max(Math.min(responsePartitionLimit, MOST_PARTITIONS), 1), context)
  },
}

function invalid(name: string): TopicAnswer {
  return { errorCode: ErrorCode.INVALID_REQUEST, name, partitions: [] }
}

/** As many topics and partitions as fit, and where the next page begins. */
function page(
  names: string[],
  startOf: (name: string) => number,
  most: number,
  context: RequestContext,
): Draft<DescribeTopicPartitionsResponse> {
  const topics: TopicAnswer[] = []
  let room = most
  for (const name of names) {
    if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
    const topic = context.cluster.topics.get(name)
    const fault = context.faults.failureOf(name)
    if (topic === undefined || fault) {
      topics.push({ ...missing(name), ...(fault && { errorCode: fault.error }) })
      continue
    }
    const start = startOf(name)
    const partitions = topic.partitions.slice(start, start + room)
    topics.push({
      name,
      topicId: topic.id,
      isInternal: name === OFFSETS_TOPIC,
      partitions: partitions.map((partition) => describe(partition, context)),
      topicAuthorizedOperations: TOPIC_OPERATIONS,
    })
    const next = start + partitions.length
    if (next < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: next } }
    room -= partitions.length
  }
  return { topics, nextCursor: null }
}

function missing(name: string): TopicAnswer {
  const errorCode = topicNameProblem(name) ? ErrorCode.INVALID_TOPIC_EXCEPTION : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  return { errorCode, name, isInternal: name === OFFSETS_TOPIC, topicAuthorizedOperations: TOPIC_OPERATIONS }
}

function describe({ index, leader, leaderEpoch, replicas, isr }: Partition, { cluster }: RequestContext): PartitionAnswer {
  return {
    errorCode: leader === NO_LEADER ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
    partitionIndex: index,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    // Replication is immediate: whoever is not in sync is dead, and nobody else has what the last one in sync has.
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: replicas.filter((id) => !cluster.isLive(id)),
  }
}
