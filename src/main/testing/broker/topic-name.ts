/** The names of topics: which are the brokers' own, and which can be none. */

/** The leaders of its partitions coordinate the consumer groups. */
export const OFFSETS_TOPIC = '__consumer_offsets'
/** The leaders of its partitions coordinate the transactions. */
export const TRANSACTIONS_TOPIC = '__transaction_state'
const MAX_NAME_LENGTH = 249

/** Whether a topic is the brokers' own. */
export const isInternal = (topic: string): boolean => topic === OFFSETS_TOPIC || topic === TRANSACTIONS_TOPIC

/** Why a topic cannot have this name, or undefined when it can. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return `'${name}' is not one`
  if (name.length > MAX_NAME_LENGTH) return `'${name}' has ${name.length} characters, ${MAX_NAME_LENGTH} are allowed`
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' has characters other than a-z, A-Z, 0-9, '.', '_' and '-'`
  }
  return undefined
}
