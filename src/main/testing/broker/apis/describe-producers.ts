/** DescribeProducers 0 (KIP-664): who wrote to a partition, and whose transactions are open there. Any replica answers. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeProducersRequest,
  type DescribeProducersResponse,
  describeProducers,
} from '../../../../shared/protocol/generated/describe-producers.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { topicNameProblem } from '../topic-name.ts'

type TopicAnswer = NonNullable<Draft<DescribeProducersResponse>['topics']>[number]
type Answer = NonNullable<TopicAnswer['partitions']>[number]

export const describeProducersHandler: Handler<DescribeProducersRequest, DescribeProducersResponse> = {
  api: describeProducers,
  handle({ topics }, context) {
    return {
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((index) => describe(name, index, context)),
      })),
    }
  },
}

function describe(topic: string, partitionIndex: number, { cluster, node, faults }: RequestContext): Answer {
  const failed = (errorCode: number): Answer => ({ partitionIndex, errorCode })
  const fault = faults.failureOf(topic, partitionIndex)
  if (fault) return failed(fault.error ?? 0)
  if (topicNameProblem(topic)) return failed(ErrorCode.INVALID_TOPIC_EXCEPTION)
  const partition = cluster.partition(topic, partitionIndex)
  if (partition === undefined) return failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  if (!partition.replicas.includes(node.id)) return failed(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  const activeProducers = partition.producers.list().map((facts) => {
    return { ...facts, currentTxnStartOffset: partition.transactions.firstOffsetOf(facts.producerId) ?? -1 }
  })
  return { partitionIndex, errorCode: ErrorCode.NONE, activeProducers }
}
