/** What Kafka accepts as the name of a topic. */
import * as v from 'valibot'
import { KafkaError } from '../shared/errors.ts'
import { show, textType } from '../shared/options.ts'

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

/** The row of an option that names a topic. */
export function topicNameType(description: string) {
  return v.pipe(
    textType({ min: 1, max: 249 }, description),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || isTopicName(dataset.value)) return
      addIssue({ message: `must be the name of a topic (letters, digits, '.', '_' and '-'), but is ${show(dataset.value)}` })
    }),
  )
}
