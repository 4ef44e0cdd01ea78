/** DescribeConfigs of topics, of nodes, of what holds for all nodes, and of groups. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigs,
} from '../../../../shared/protocol/generated/describe-configs.ts'
import type { Broker } from '../broker.ts'
import { configTexts } from '../config-texts.ts'
import { groupConfigNames } from '../groups/group-configs.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { configTypeCode, topicConfigs } from '../topic-configs.ts'
import { topicNameProblem } from '../topic-name.ts'
import { checkOwnId, RESOURCE_TYPES, ResourceType } from './config-resource.ts'
import { SET_BY_CLUSTER, sourceAmong, sourceOf, synonymsOf, synonymsOfGroup, synonymsOfNode } from './config-source.ts'
import { type NodeConfig, nodeConfigs } from './node-configs.ts'

type Resource = DescribeConfigsRequest['resources'][number]
type Result = NonNullable<Draft<DescribeConfigsResponse>['results']>[number]
type Config = NonNullable<Result['configs']>[number]

export const describeConfigsHandler: Handler<DescribeConfigsRequest, DescribeConfigsResponse> = {
  api: describeConfigs,
  handle(request, context) {
    // Kafka cannot read what has another type, so all of the request fails
    const isReadable = request.resources.every(({ resourceType }) => RESOURCE_TYPES.has(resourceType))
    return { results: request.resources.map((resource) => describe(resource, isReadable, request, context)) }
  },
}

function describe(resource: Resource, isReadable: boolean, asked: DescribeConfigsRequest, context: RequestContext): Result {
  const { resourceType, resourceName, configurationKeys: keys } = resource
  const about = { resourceType, resourceName }
  const fault = context.faults.failureOf(resourceName)
  if (fault) return { ...about, errorCode: fault.error ?? 0, errorMessage: null, configs: [] }
  const isWanted = (name: string): boolean => keys === null || keys.length === 0 || keys.includes(name)
  try {
    if (!isReadable) throw new Refusal(ErrorCode.INVALID_REQUEST, 'The request names a type of resource that there is not')
    if (resourceType === ResourceType.TOPIC) {
      const topic = topicOf(resourceName, context)
      const names = [...topicConfigs.keys()].filter(isWanted)
      return { ...about, errorMessage: null, configs: names.map((name) => configOf(topic, name, asked)) }
    }
    const configs = nodeConfigsOf(resource, context.node).map((config) => nodeConfigOf(config, resource, context, asked))
    return { ...about, errorMessage: null, configs: configs.filter(({ name }) => isWanted(name!)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...about, errorCode: error.errorCode, errorMessage: error.message || null, configs: [] }
  }
}

function topicOf(name: string, { cluster }: RequestContext): Topic {
  const topic = cluster.topics.get(name)
  if (topic) return topic
  const problem = topicNameProblem(name)
  if (problem) throw new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem)
  throw new Refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
}

function configOf(topic: Topic, name: string, { includeSynonyms, includeDocumentation }: DescribeConfigsRequest): Config {
  return {
    name,
    value: topic.config(name),
    readOnly: false,
    configSource: sourceOf(topic, name),
    isSensitive: false,
    synonyms: includeSynonyms ? synonymsOf(topic, name) : [],
    configType: configTypeCode[topicConfigs.get(name)!.type],
    documentation: includeDocumentation ? configTexts.get(name)! : null,
  }
}

/** The whole cluster's: what was set for it, and not at the start. */
const OF_CLUSTER = ''
/** Of groups, by the names that nodes have. */
const GROUP_CONFIGS: ReadonlyMap<string, string> = new Map(groupConfigNames.map((name) => [`group.${name}`, name]))

/** What a node tells of itself, of all nodes, or of groups. */
function nodeConfigsOf({ resourceType, resourceName }: Resource, node: Broker): readonly NodeConfig[] {
  if (resourceType === ResourceType.BROKER) {
    if (resourceName === OF_CLUSTER) return nodeConfigs.filter(({ name }) => name === SET_BY_CLUSTER)
    checkOwnId(resourceName, node)
    return nodeConfigs
  }
  if (resourceType !== ResourceType.GROUP)
    throw new Refusal(ErrorCode.INVALID_REQUEST, `Resources of type ${resourceType} have no configs here`)
  if (resourceName === '') throw new Refusal(ErrorCode.INVALID_REQUEST, 'A group needs a name')
  return nodeConfigs.filter(({ name }) => GROUP_CONFIGS.has(name))
}

function nodeConfigOf(
  config: NodeConfig,
  { resourceType, resourceName }: Resource,
  { node }: RequestContext,
  { includeSynonyms, includeDocumentation }: DescribeConfigsRequest,
): Config {
  const groupName = resourceType === ResourceType.GROUP ? GROUP_CONFIGS.get(config.name) : undefined
  const { configs } = node.cluster.coordinator.store
  const all = groupName
    ? synonymsOfGroup(groupName, configs.of(resourceName).get(groupName), config, node)
    : synonymsOfNode(config, node)
  const synonyms = resourceName === OF_CLUSTER ? all.slice(0, 1) : all
  return {
    name: groupName ?? config.name,
    value: synonyms[0]?.value ?? null,
    readOnly: config.readOnly && groupName === undefined,
    configSource: sourceAmong(synonyms),
    isSensitive: config.isSensitive,
    synonyms: includeSynonyms ? synonyms : [],
    configType: configTypeCode[config.type],
    documentation: includeDocumentation ? config.text : null,
  }
}
