/** CreateTopics. Any node does it, as with KRaft. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopics,
} from '../../../../shared/protocol/generated/create-topics.ts'
import type { TopicSpec } from '../cluster-options.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { topicConfigs } from '../topic-configs.ts'
import { sourceOf } from './config-source.ts'

type Creatable = CreateTopicsRequest['topics'][number]
type Result = NonNullable<Draft<CreateTopicsResponse>['topics']>[number]

export const createTopicsHandler: Handler<CreateTopicsRequest, CreateTopicsResponse> = {
  api: createTopics,
  handle(request, context) {
    const names = new Map<string, number>()
    for (const { name } of request.topics) names.set(name, (names.get(name) ?? 0) + 1)
    const repeated = [...names].filter(([, count]) => count > 1).map(([name]) => refused(name, DUPLICATE))
    const once = request.topics.filter(({ name }) => names.get(name) === 1)
    return { topics: [...repeated, ...once.map((wanted) => create(wanted, request.validateOnly, context))] }
  },
}

const DUPLICATE = new Refusal(ErrorCode.INVALID_REQUEST, 'The request names this topic more than once')

function create(wanted: Creatable, validateOnly: boolean, { cluster, faults }: RequestContext): Result {
  const fault = faults.failureOf(wanted.name)
  if (fault && !fault.afterAppend) return { name: wanted.name, errorCode: fault.error ?? 0, errorMessage: null }
  try {
    cluster.topics.checkName(wanted.name)
    const topic = cluster.topics.create(specOf(wanted), assignmentOf(wanted), validateOnly)
    return { ...created(topic), ...(fault && { errorCode: fault.error }) }
  } catch (error) {
    if (error instanceof Refusal) return refused(wanted.name, error)
    throw error
  }
}

function specOf({ name, numPartitions, replicationFactor, configs }: Creatable): TopicSpec {
  for (const config of configs) {
    if (config.value === null) throw new Refusal(ErrorCode.INVALID_CONFIG, `The topic config ${config.name} cannot be null`)
  }
  const entries = configs.map((config): [string, string] => [config.name, config.value ?? ''])
  return { topic: name, partitions: numPartitions, replicationFactor, configs: new Map(entries) }
}

function assignmentOf({ assignments, numPartitions, replicationFactor }: Creatable): number[][] | undefined {
  if (assignments.length === 0) return undefined
  if (numPartitions !== -1 || replicationFactor !== -1) {
    throw new Refusal(
      ErrorCode.INVALID_REQUEST,
      'With replicas given by hand, the partition count and the replication factor must be -1',
    )
  }
  const sorted = [...assignments].sort((a, b) => a.partitionIndex - b.partitionIndex)
  if (sorted.some(({ partitionIndex }, i) => partitionIndex !== i)) {
    throw new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, 'The partitions must be numbered from 0 without gaps')
  }
  return sorted.map(({ brokerIds }) => brokerIds)
}

function created(topic: Topic): Result {
  const configs = Array.from(topicConfigs.keys(), (name) => {
    return { name, value: topic.config(name), readOnly: false, configSource: sourceOf(topic, name), isSensitive: false }
  })
  return {
    name: topic.name,
    topicId: topic.id,
    errorMessage: null,
    numPartitions: topic.partitions.length,
    replicationFactor: topic.partitions[0]?.replicas.length ?? -1,
    configs,
  }
}

function refused(name: string, { errorCode, message }: Refusal): Result {
  return { name, errorCode, errorMessage: message }
}
