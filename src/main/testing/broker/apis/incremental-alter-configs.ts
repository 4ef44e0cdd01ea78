/** IncrementalAlterConfigs (KIP-339) of topics and groups. Of nodes nothing can be set, so there is nothing to take back either. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type AlterableConfig,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigs,
} from '../../../../shared/protocol/generated/incremental-alter-configs.ts'
import { groupConfigProblem } from '../groups/group-configs.ts'
import { inHashOrder } from '../groups/java-hash.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { configProblem, conflictOf, isList, topicConfigs } from '../topic-configs.ts'
import { topicNameProblem } from '../topic-name.ts'
import { checkOwnId, ResourceType } from './config-resource.ts'

type Resource = IncrementalAlterConfigsRequest['resources'][number]
type Result = NonNullable<Draft<IncrementalAlterConfigsResponse>['responses']>[number]

const Operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const
const OPERATIONS: ReadonlySet<number> = new Set(Object.values(Operation))

export const incrementalAlterConfigsHandler: Handler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> = {
  api: incrementalAlterConfigs,
  handle({ resources, validateOnly }, context) {
    const keys = resources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`)
    const responses = resources.map((resource, i): Result => {
      const { resourceType, resourceName } = resource
      try {
        if (keys.indexOf(keys[i]!) !== keys.lastIndexOf(keys[i]!))
          throw new Refusal(ErrorCode.INVALID_REQUEST, 'The request names this resource more than once')
        alter(resource, validateOnly, context)
        return { resourceType, resourceName, errorMessage: null }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return { resourceType, resourceName, errorCode: error.errorCode, errorMessage: error.message || null }
      }
    })
    return { responses }
  },
}

function alter(resource: Resource, validateOnly: boolean, context: RequestContext): void {
  const { resourceType, resourceName } = resource
  const fault = context.faults.failureOf(resourceName)
  if (fault) throw new Refusal(fault.error ?? 0)
  if (resourceType === ResourceType.TOPIC) alterTopic(resource, validateOnly, context)
  else if (resourceType === ResourceType.GROUP) alterGroup(resource, validateOnly, context)
  else takeBack(resource, context)
}

function checkNames(configs: readonly AlterableConfig[]): void {
  const names = new Set(configs.map(({ name }) => name))
  if (names.size < configs.length) throw new Refusal(ErrorCode.INVALID_REQUEST, 'The request names a config more than once')
  for (const { name, configOperation, value } of configs) {
    if (value === null && configOperation !== Operation.DELETE)
      throw new Refusal(ErrorCode.INVALID_REQUEST, `The config ${name} cannot be null`)
  }
}

function alterTopic({ resourceName, configs }: Resource, validateOnly: boolean, context: RequestContext): void {
  checkNames(configs)
  if (resourceName === '') throw new Refusal(ErrorCode.INVALID_REQUEST, 'There are no configs of all topics')
  const topic = context.cluster.topics.get(resourceName)
  const altered = new Map(topic?.configs)
  const byName = new Map(configs.map((config) => [config.name, config]))
  for (const name of inHashOrder(byName.keys())) checkOperation(byName.get(name)!)
  const problem = topicNameProblem(resourceName)
  if (problem) throw new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem)
  const before = (name: string): string => topic?.config(name) ?? topicConfigs.get(name)?.value ?? ''
  for (const config of configs) apply(altered, config, before)
  if (topic === undefined) throw new Refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const conflict = conflictOf((name) => topic.valueIn(altered, name))
  if (conflict !== undefined) throw new Refusal(ErrorCode.INVALID_CONFIG, conflict)
  if (!validateOnly) topic.alter(altered)
}

/** Members hear of it with their next heartbeat. */
function alterGroup({ resourceName, configs }: Resource, validateOnly: boolean, { cluster }: RequestContext): void {
  checkNames(configs)
  const { configs: all } = cluster.coordinator.store
  const altered = new Map(all.of(resourceName))
  for (const config of configs) checkOperation(config)
  if (resourceName === '') throw new Refusal(ErrorCode.INVALID_REQUEST, 'There are no configs of all groups')
  for (const { name, configOperation, value } of configs) {
    if (configOperation === Operation.DELETE) altered.delete(name)
    else altered.set(name, value!.trim())
  }
  for (const [name, value] of altered) {
    const problem = groupConfigProblem(name, value)
    if (problem !== undefined) throw new Refusal(ErrorCode.INVALID_CONFIG, problem)
  }
  const { sessionTimeoutMs, heartbeatIntervalMs } = all.settingsOf(resourceName, altered)
  if (sessionTimeoutMs <= heartbeatIntervalMs)
    throw new Refusal(
      ErrorCode.INVALID_CONFIG,
      `consumer.session.timeout.ms (${sessionTimeoutMs}) must be above consumer.heartbeat.interval.ms (${heartbeatIntervalMs})`,
    )
  if (!validateOnly) all.set(resourceName, altered)
}

/** Of what is neither topic nor group: what was never set is not set afterwards. */
function takeBack({ resourceType, resourceName, configs }: Resource, { node }: RequestContext): void {
  const isNode = resourceType === ResourceType.BROKER
  if (isNode && resourceName !== '') checkOwnId(resourceName, node)
  if (isNode && configs.every(({ configOperation }) => configOperation === Operation.DELETE)) return
  throw new Refusal(ErrorCode.INVALID_REQUEST, 'Only configs of topics and groups can be altered here')
}

/** What can be said before the values are looked at. */
function checkOperation({ name, configOperation }: AlterableConfig): void {
  // Kafka's controller stumbles over those that there are not.
  if (!OPERATIONS.has(configOperation)) throw new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR)
  const isPart = configOperation === Operation.APPEND || configOperation === Operation.SUBTRACT
  if (isPart && !isList(name)) throw new Refusal(ErrorCode.INVALID_CONFIG, `There is no config ${name} that is a list`)
}

function apply(
  altered: Map<string, string>,
  { name, configOperation, value }: AlterableConfig,
  before: (name: string) => string,
): void {
  switch (configOperation) {
    case Operation.SET:
      set(altered, name, value!)
      return
    case Operation.DELETE:
      altered.delete(name)
      return
    case Operation.APPEND:
    case Operation.SUBTRACT: {
      const there = before(name).split(',').filter(Boolean)
      const given = value!.split(',')
      if (configOperation === Operation.SUBTRACT) altered.set(name, there.filter((item) => !given.includes(item)).join(','))
      else set(altered, name, [...there, ...given.filter((item) => !there.includes(item))].join(','))
      return
    }
  }
}

function set(altered: Map<string, string>, name: string, value: string): void {
  const problem = configProblem(name, value)
  if (problem !== undefined) throw new Refusal(ErrorCode.INVALID_CONFIG, problem)
  altered.set(name, value.trim())
}
