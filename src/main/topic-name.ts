/** What Kafka accepts as the name of a topic. */
import { KafkaError } from '../shared/errors.ts'
import { show } from '../shared/options.ts'

export function isTopicName(topic: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(topic) && topic !== '.' && topic !== '..'
}

/** Throws INVALID_ARGUMENT for a name that no broker would take, which would otherwise be asked for again and again. */
export function checkTopicName(topic: unknown): asserts topic is string {
  if (typeof topic === 'string' && isTopicName(topic)) return
  throw new KafkaError(
    'INVALID_ARGUMENT',
    `${show(topic)} cannot name a topic: use 1 to 249 letters, digits, '.', '_' and '-', but neither '.' nor '..'.`,
    typeof topic === 'string' ? { topic } : {},
  )
}
