/** The options of the embedded broker: one row each, with type, default, bounds and one sentence. */
import * as v from 'valibot'
import { KafkaError } from '../../shared/errors.ts'
import { byteCount, checkOptions, flag, integer, optionalInteger, passed, text, textType } from '../../shared/options.ts'
import type { ClusterOptions, TopicSpec } from './broker/cluster.ts'
import { defaultGroupSettings } from './broker/groups/settings.ts'
import { configProblem, topicConfigs } from './broker/topic-configs.ts'
import { defaultTransactionSettings } from './broker/transactions/settings.ts'
import type { TransactionVersion } from './broker/transactions/transaction.ts'
import { nearest } from './nearest.ts'

/** Topic configs by Kafka's names, such as `{ 'message.timestamp.type': 'LogAppendTime' }`. */
export type TopicConfigs = Readonly<Record<string, string | number | boolean>>

/** A topic to begin with. */
export interface BrokerTopic {
  topic: string
  partitions?: number
  replicationFactor?: number
  configs?: TopicConfigs
}

/** How groups behave; docs/testing.md has the table. */
export interface GroupOptions {
  initialRebalanceDelayMs?: number
  minSessionTimeoutMs?: number
  maxSize?: number
  sessionTimeoutMs?: number
  heartbeatIntervalMs?: number
  assignmentIntervalMs?: number
  regexIntervalMs?: number
}

/** How transactions behave; docs/testing.md has the table. */
export interface TransactionOptions {
  maxTimeoutMs?: number
  markerDelayMs?: number
}

/** Text for `passed` rows that hold objects. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name.length > 0 && name.length <= 255)

const configsRow = (description: string) => passed<TopicConfigs>(isObject, 'object', 'an object of topic configs', description)

export const brokerSchema = v.strictObject({
  nodes: integer(1, { min: 1, max: 9 }, 'How many nodes the cluster has; their ids are 1, 2, 3 and so on.'),
  topics: passed<readonly BrokerTopic[]>(Array.isArray, 'array', 'a list of topics', 'Topics that are there from the start.'),
  host: text(
    '127.0.0.1',
    { min: 1, max: 253 },
    'The address to listen on and to advertise. Others than loopback open the broker to the network.',
  ),
  port: integer(
    0,
    { min: 0, max: 65_527 },
    "The first node's port, the others take the next ones. 0: each node gets a free one.",
  ),
  autoCreateTopics: flag(false, 'Whether a Metadata request for an unknown topic makes it, with one partition.'),
  maxMessageBytes: byteCount(
    1_048_588,
    { min: 1024, max: 99 * 1024 * 1024 },
    'The largest batch that is taken; `max.message.bytes` of a topic goes before it.',
  ),
  retentionBytes: integer(
    268_435_456,
    { min: -1, max: Number.MAX_SAFE_INTEGER },
    'How many bytes a partition keeps in memory at least, the oldest batches go first; −1: all. `retention.bytes` of a topic goes before it; topics that are only compacted keep all.',
  ),
  dataDir: v.optional(
    textType(
      { min: 1, max: 4096 },
      'The folder where all is kept, so that the next broker goes on with it; it is made if need be. Left out: all is gone with the broker.',
    ),
  ),
  thread: flag(
    true,
    'Whether the broker has a thread of its own. Without one it shares the one that starts it: it is there at once and takes far less than a megabyte instead of some 20, so that hundreds fit into a process, but it waits while that thread computes.',
  ),
  retentionCheckIntervalMs: integer(
    300_000,
    { min: 1, max: 86_400_000 },
    'How often records older than `retention.ms` are looked for (`log.retention.check.interval.ms`).',
  ),
  configs: configsRow('Topic configs that hold where a topic says nothing.'),
  groups: passed<GroupOptions>(isObject, 'object', 'an object of group options', 'How consumer groups behave, see below.'),
  transactions: passed<TransactionOptions>(
    isObject,
    'object',
    'an object of transaction options',
    'How transactions behave, see below.',
  ),
  transactionVersion: integer(
    defaultTransactionSettings.version,
    { min: 0, max: 2 },
    'The level of the feature `transaction.version`. Below 2, clients do transactions as with brokers before Kafka 4.0 (KIP-890): they add partitions by requests of their own and keep their epoch.',
  ),
  rack: v.optional(textType({ min: 1, max: 255 }, 'The rack that all nodes say they are in.')),
  racks: passed<readonly string[]>(
    isNames,
    'string[]',
    'a list with a name for each node',
    'The rack of each node, in place of `rack`. Readers who say which rack they are in are then sent to a replica there, as by Kafka with `RackAwareReplicaSelector`.',
  ),
  producerIdExpirationMs: optionalInteger(
    { min: 1, max: Number.MAX_SAFE_INTEGER },
    'How long a partition remembers an idempotent producer after its last record, by the time of the record; left out, for ever.',
  ),
})

export const topicSchema = v.strictObject({
  topic: textType({ min: 1, max: 249 }, 'The name.'),
  partitions: integer(1, { min: 1, max: 10_000 }, 'How many partitions it has.'),
  replicationFactor: optionalInteger(
    { min: 1, max: 9 },
    'How many nodes have each partition. Default: 3, or all nodes when there are fewer.',
  ),
  configs: configsRow("The topic's own configs."),
})

const { initialRebalanceDelayMs, minSessionTimeoutMs, maxSize, ...consumer } = defaultGroupSettings
const DAY_MS = 86_400_000
const time = (fallback: number, min: number, description: string) => integer(fallback, { min, max: DAY_MS }, description)

export const groupSchema = v.strictObject({
  initialRebalanceDelayMs: time(
    initialRebalanceDelayMs,
    0,
    'How long the first rebalance of a classic group waits for more members. Kafka: 3 s (`group.initial.rebalance.delay.ms`).',
  ),
  minSessionTimeoutMs: time(
    minSessionTimeoutMs,
    1,
    'The shortest session timeout that classic members may ask for. Kafka: 6 s (`group.min.session.timeout.ms`).',
  ),
  maxSize: integer(
    maxSize,
    { min: 1, max: 2_147_483_647 },
    'How many members a group may have (`group.max.size`, `group.consumer.max.size`).',
  ),
  sessionTimeoutMs: time(
    consumer.sessionTimeoutMs,
    1,
    'How long a member of the consumer protocol may be silent (`group.consumer.session.timeout.ms`).',
  ),
  heartbeatIntervalMs: time(
    consumer.heartbeatIntervalMs,
    1,
    'How often members of the consumer protocol are told to send a heartbeat (`group.consumer.heartbeat.interval.ms`).',
  ),
  assignmentIntervalMs: time(
    consumer.assignmentIntervalMs,
    0,
    'The shortest time between two assignments of a group of the consumer protocol (`group.consumer.assignment.interval.ms`).',
  ),
  regexIntervalMs: time(
    consumer.regexIntervalMs,
    0,
    "The shortest time between two matchings of new topics against a group's regular expressions.",
  ),
})

export const transactionSchema = v.strictObject({
  maxTimeoutMs: time(
    defaultTransactionSettings.maxTimeoutMs,
    1,
    'The longest timeout that a transactional producer may ask for (`transaction.max.timeout.ms`).',
  ),
  markerDelayMs: time(
    defaultTransactionSettings.markerDelayMs,
    0,
    'How long after EndTxn the markers are written. Until then readers wait and the producer may hear CONCURRENT_TRANSACTIONS.',
  ),
})

const WHERE = 'startBroker()'

/** The caller's options as the cluster wants them. Throws INVALID_OPTION. */
export function clusterOptions(input: unknown): Omit<ClusterOptions, 'onBug'> {
  const options = checkOptions(brokerSchema, input, WHERE)
  const { nodes, host, port, autoCreateTopics, maxMessageBytes, retentionBytes, producerIdExpirationMs } = options
  const configs = new Map([
    ...(String(maxMessageBytes) === topicConfigs.get('max.message.bytes')!.value
      ? []
      : [['max.message.bytes', String(maxMessageBytes)] as const]),
    ['retention.bytes', String(retentionBytes)],
    ...checkConfigs(options.configs, `${WHERE}: configs`),
  ])
  const topics = (options.topics ?? []).map((topic, i) => topicSpec(topic, i, nodes))
  const groups = checkOptions(groupSchema, options.groups ?? {}, `${WHERE}: groups`)
  const transactions = {
    ...checkOptions(transactionSchema, options.transactions ?? {}, `${WHERE}: transactions`),
    version: options.transactionVersion as TransactionVersion,
  }
  const rack = options.rack ?? null
  const expiration = producerIdExpirationMs === undefined ? {} : { producerIdExpirationMs }
  const { racks } = options
  if (racks !== undefined && racks.length !== nodes) {
    const why = `option 'racks' has ${racks.length} names, but there are ${nodes} nodes`
    throw new KafkaError('INVALID_OPTION', `${WHERE}: ${why}.`, { option: 'racks' })
  }
  return {
    nodes,
    host,
    port,
    rack,
    topics,
    autoCreateTopics,
    configs,
    groups,
    ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
    retentionCheckMs: options.retentionCheckIntervalMs,
    transactions,
    ...expiration,
    ...(racks && { racks: [...racks] }),
  }
}

function topicSpec(input: unknown, index: number, nodes: number): TopicSpec {
  const where = `${WHERE}: topics[${index}]`
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

function checkConfigs(configs: TopicConfigs | undefined, where: string): Map<string, string> {
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
