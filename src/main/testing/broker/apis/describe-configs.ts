/** DescribeConfigs of topics and nodes. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigs,
} from '../../../../shared/protocol/generated/describe-configs.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Topic } from '../topic.ts'
import { configTypeCode, topicConfigs } from '../topic-configs.ts'
import { topicNameProblem } from '../topic-name.ts'
import { sourceOf, synonymsOf } from './config-source.ts'

type Resource = DescribeConfigsRequest['resources'][number]
type Result = NonNullable<Draft<DescribeConfigsResponse>['results']>[number]
type Config = NonNullable<Result['configs']>[number]

const ResourceType = { TOPIC: 2, BROKER: 4 } as const

export const describeConfigsHandler: Handler<DescribeConfigsRequest, DescribeConfigsResponse> = {
  api: describeConfigs,
  handle(request, context) {
    return { results: request.resources.map((resource) => describe(resource, request.includeSynonyms, context)) }
  },
}

function describe(resource: Resource, includeSynonyms: boolean, { cluster, faults }: RequestContext): Result {
  const { resourceType, resourceName } = resource
  const about = { resourceType, resourceName }
  const failed = (errorCode: number, errorMessage: string | null): Result => ({ ...about, errorCode, errorMessage, configs: [] })
  const fault = faults.failureOf(resourceName)
  if (fault) return failed(fault.error ?? 0, null)
  if (resourceType === ResourceType.BROKER) {
    // Topic configs are what a node here can be set to; a node's own settings are not configs.
    const known = resourceName === '' || cluster.nodes.some((node) => String(node.id) === resourceName)
    return known
      ? { ...about, errorMessage: null, configs: [] }
      : failed(ErrorCode.INVALID_REQUEST, `There is no node ${resourceName}`)
  }
  if (resourceType !== ResourceType.TOPIC) return failed(ErrorCode.INVALID_REQUEST, `Unsupported resource type ${resourceType}`)
  const topic = cluster.topics.get(resourceName)
  if (topic === undefined) {
    const problem = topicNameProblem(resourceName)
    return failed(problem ? ErrorCode.INVALID_TOPIC_EXCEPTION : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, problem ?? null)
  }
  const keys = resource.configurationKeys
  const names = [...topicConfigs.keys()].filter((name) => keys === null || keys.length === 0 || keys.includes(name))
  return { ...about, errorMessage: null, configs: names.map((name) => configOf(topic, name, includeSynonyms)) }
}

function configOf(topic: Topic, name: string, includeSynonyms: boolean): Config {
  const value = topic.config(name)
  const configSource = sourceOf(topic, name)
  return {
    name,
    value,
    readOnly: false,
    configSource,
    isSensitive: false,
    synonyms: includeSynonyms ? synonymsOf(topic, name) : [],
    configType: configTypeCode[topicConfigs.get(name)!.type],
    documentation: null,
  }
}
