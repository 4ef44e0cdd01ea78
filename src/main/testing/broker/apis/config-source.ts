/** Where the value of a topic's or a node's config comes from, in DescribeConfigs' numbers, and what else it could have come from. */
import type { Broker } from '../broker.ts'
import type { Topic } from '../topic.ts'
import { topicConfigs } from '../topic-configs.ts'
import type { NodeConfig } from './node-configs.ts'

const ConfigSource = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_GROUP_CONFIG: 8,
} as const

/** Kafka sets this one for the whole cluster as soon as it has eligible leader replicas (KIP-966). */
export const SET_BY_CLUSTER = 'min.insync.replicas'

export interface Synonym {
  name: string
  /** Null where nobody is to see it. */
  value: string | null
  source: number
}

export function sourceOf(topic: Topic, name: string): number {
  if (topic.configs.has(name)) return ConfigSource.DYNAMIC_TOPIC_CONFIG
  if (name === SET_BY_CLUSTER) return ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG
  return topic.brokerConfigs.has(name) ? ConfigSource.STATIC_BROKER_CONFIG : ConfigSource.DEFAULT_CONFIG
}

/** All that could give the value, the one that does first. Below the topic they go by the names of the broker's configs. */
export function synonymsOf(topic: Topic, name: string): Synonym[] {
  const { value: fallback, synonym, instead } = topicConfigs.get(name)!
  const own = topic.configs.get(name)
  const set = topic.brokerConfigs.get(name)
  const synonyms: Synonym[] = []
  if (own !== undefined) synonyms.push({ name, value: own, source: ConfigSource.DYNAMIC_TOPIC_CONFIG })
  const of = synonym ?? (set === undefined ? undefined : `log.${name}`)
  if (of === undefined) return synonyms
  if (name === SET_BY_CLUSTER)
    synonyms.push({ name: of, value: set ?? fallback, source: ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG })
  if (set !== undefined) synonyms.push({ name: of, value: set, source: ConfigSource.STATIC_BROKER_CONFIG })
  if (synonym === undefined) return synonyms
  if (instead === undefined) synonyms.push({ name: of, value: fallback, source: ConfigSource.DEFAULT_CONFIG })
  else if (set !== undefined) synonyms.push({ ...instead, source: ConfigSource.DEFAULT_CONFIG })
  return synonyms
}

/** All that could give the value of a node's config, the one that does first; none: it has no value. */
export function synonymsOfNode({ name, default: fallback, instead, isSensitive, told }: NodeConfig, node: Broker): Synonym[] {
  const set = told(node)
  const synonyms: Synonym[] = []
  const add = (value: string | null | undefined, source: number): void => {
    if (value !== undefined && value !== null) synonyms.push({ name, value: isSensitive ? null : value, source })
  }
  if (name === SET_BY_CLUSTER) add(set ?? fallback, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
  add(set, ConfigSource.STATIC_BROKER_CONFIG)
  add(fallback, ConfigSource.DEFAULT_CONFIG)
  if (instead && set !== undefined) synonyms.push({ ...instead, source: ConfigSource.DEFAULT_CONFIG })
  return synonyms
}

/** The same of a group's config, whose name on nodes begins with `group.`. */
export function synonymsOfGroup(name: string, own: string | undefined, config: NodeConfig, node: Broker): Synonym[] {
  const above = synonymsOfNode(config, node)
  return own === undefined ? above : [{ name, value: own, source: ConfigSource.DYNAMIC_GROUP_CONFIG }, ...above]
}

/** The source of a value with these synonyms. */
export const sourceAmong = (synonyms: readonly Synonym[]): number => synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG
