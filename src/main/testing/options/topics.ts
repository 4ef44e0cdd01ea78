/** The options of topics that a broker begins with, and topic configs as callers write them. */
import * as v from 'valibot'
import { KafkaError } from '../../../shared/errors.ts'
import { checkOptions, integer, optionalInteger, passed, textType } from '../../../shared/options.ts'
import type { TopicSpec } from '../broker/cluster-options.ts'
import { configProblem, topicConfigs } from '../broker/topic-configs.ts'
import { nearest } from '../nearest.ts'
import { isObject } from './kinds.ts'

/** Topic configs by Kafka's names, such as `{ 'message.timestamp.type': 'LogAppendTime' }`. */
export type TopicConfigs = Readonly<Record<string, string | number | boolean>>

/** A topic to begin with. */
export interface BrokerTopic {
  topic: string
  partitions?: number
  replicationFactor?: number
  configs?: TopicConfigs
}

export const configsRow = (description: string) =>
  passed<TopicConfigs>(isObject, 'object', 'an object of topic configs', description)

export const topicSchema = v.strictObject({
  topic: textType({ min: 1, max: 249 }, 'The name.'),
  partitions: integer(1, { min: 1, max: 10_000 }, 'How many partitions it has.'),
  replicationFactor: optionalInteger(
    { min: 1, max: 9 },
    'How many nodes have each partition. Default: 3, or all nodes when there are fewer.',
  ),
  configs: configsRow("The topic's own configs."),
})

/** A topic as the cluster makes it; `where` says which one it is. Throws INVALID_OPTION. */
export function topicSpec(input: unknown, nodes: number, where: string): TopicSpec {
  const { topic, partitions, replicationFactor, configs } = checkOptions(topicSchema, input, where)
  if (replicationFactor !== undefined && replicationFactor > nodes) {
    const why = `option 'replicationFactor' is ${replicationFactor}, but there are only ${nodes} nodes`
    throw new KafkaError('INVALID_OPTION', `${where}: ${why}.`, { option: 'replicationFactor' })
  }
  return {
    topic,
    partitions,
    ...(replicationFactor && { replicationFactor }),
    configs: checkConfigs(configs, `${where}.configs`),
  }
}

/** Topic configs as the cluster wants them. Throws INVALID_OPTION. */
export function checkConfigs(configs: TopicConfigs | undefined, where: string): Map<string, string> {
  const checked = new Map<string, string>()
  for (const [name, value] of Object.entries(configs ?? {})) {
    const known = topicConfigs.has(name)
    const problem = known
      ? configProblem(name, String(value))
      : `unknown topic config '${name}'; did you mean '${nearest(name, topicConfigs.keys())}'?`
    if (problem) throw new KafkaError('INVALID_OPTION', `${where}: ${problem}`, { option: name })
    checked.set(name, String(value))
  }
  return checked
}
