/** Where a topic config's value comes from, in DescribeConfigs' numbers. */
import type { Topic } from '../topic.ts'

const ConfigSource = { DYNAMIC_TOPIC_CONFIG: 1, STATIC_BROKER_CONFIG: 4, DEFAULT_CONFIG: 5 } as const

export function sourceOf(topic: Topic, name: string): number {
  if (topic.configs.has(name)) return ConfigSource.DYNAMIC_TOPIC_CONFIG
  return topic.brokerConfigs.has(name) ? ConfigSource.STATIC_BROKER_CONFIG : ConfigSource.DEFAULT_CONFIG
}
