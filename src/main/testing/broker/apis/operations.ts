/** What everybody may do here, as the bit fields of "authorized operations": without an authorizer Kafka permits all there is. */

const Operation = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
} as const

type OperationName = keyof typeof Operation

const bits = (...names: OperationName[]): number => names.reduce((all, name) => all | (1 << Operation[name]), 0)

export const TOPIC_OPERATIONS = bits(
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
)
export const GROUP_OPERATIONS = bits('READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS')
export const CLUSTER_OPERATIONS = bits(
  'CREATE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
)
