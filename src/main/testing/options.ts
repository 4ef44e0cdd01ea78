/**
 * The options of the embedded broker: one row each, with type, default, bounds and one sentence, and what the cluster is told of them. Those
 * that are objects have tables of their own in `options/`.
 */
import * as v from 'valibot'
import { KafkaError } from '../../shared/errors.ts'
import { byteCount, checkOptions, choice, flag, integer, optionalInteger, passed, text, textType } from '../../shared/options.ts'
import { type ClusterOptions, EVERYWHERE } from './broker/cluster-options.ts'
import type { ThreadOptions } from './broker/here.ts'
import { topicConfigs } from './broker/topic-configs.ts'
import { defaultTransactionSettings } from './broker/transactions/settings.ts'
import type { TransactionVersion } from './broker/transactions/transaction.ts'
import { type GroupOptions, groupSchema, type TransactionOptions, transactionSchema } from './options/coordination.ts'
import { isNames, isObject } from './options/kinds.ts'
import { type BrokerSasl, type BrokerTls, type CheckedSasl, type CheckedTls, checkSecurity } from './options/security.ts'
import { type BrokerTopic, checkConfigs, configsRow, topicSpec } from './options/topics.ts'
import { type MaxVersions, versionLimits } from './options/versions.ts'

/** The last moment that a Date can be. */
const MAX_DATE_MS = 8_640_000_000_000_000

export const brokerSchema = v.strictObject({
  nodes: integer(1, { min: 1, max: 9 }, 'How many nodes the cluster has; their ids are 1, 2, 3 and so on.'),
  topics: passed<readonly BrokerTopic[]>(Array.isArray, 'array', 'a list of topics', 'Topics that are there from the start.'),
  host: text(
    '127.0.0.1',
    { min: 1, max: 253 },
    'The address to listen on and to advertise. Others than loopback open the broker to the network.',
  ),
  advertisedHost: v.optional(
    textType(
      { min: 1, max: 253 },
      'The name or address that clients are told instead of `host` (`advertised.listeners`), such as that of this machine as containers see it; needed where `host` stands for all addresses, 0.0.0.0 or ::.',
    ),
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
  maxVersions: passed<MaxVersions>(
    isObject,
    'object',
    'an object of versions by API',
    'The latest version that is spoken of an API, such as `{ Produce: 9 }`, to imitate an older broker; `null`: the API is not there.',
  ),
  recordedRequests: integer(
    1_000,
    { min: 0, max: 1_000_000 },
    'How many of the last requests `requests()` can tell of. Their fields are kept, not their batches.',
  ),
  seed: optionalInteger(
    { min: 0, max: 2 ** 32 - 1 },
    'Decides all that is drawn by chance: ids, members, probable faults. Left out: every run has its own.',
  ),
  clock: choice(
    'real',
    ['real', 'virtual'],
    "Whose time it is: the machine's, or one that stands still until `broker.clock` is told to go on.",
  ),
  clockStartMs: optionalInteger(
    { min: 0, max: MAX_DATE_MS },
    'What a virtual clock shows at first, in milliseconds since 1970. Left out: the time of the start.',
  ),
  tls: passed<true | BrokerTls>(
    (value) => value === true || isObject(value),
    'true | object',
    'true or an object of TLS options',
    'All nodes speak TLS, with a certificate made at start (`broker.ca` says whom to trust) or a given one, see below.',
  ),
  sasl: passed<BrokerSasl>(isObject, 'object', 'an object of SASL options', 'Clients have to log in, see below.'),
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
  const topics = (options.topics ?? []).map((topic, i) => topicSpec(topic, nodes, `${WHERE}: topics[${i}]`))
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
  const { advertisedHost } = options
  if (EVERYWHERE.has(host) && advertisedHost === undefined) {
    const why = `option 'advertisedHost' must say by what name clients reach this machine, since '${host}' stands for all of its addresses`
    throw new KafkaError('INVALID_OPTION', `${WHERE}: ${why}.`, { option: 'advertisedHost' })
  }
  return {
    nodes,
    host,
    ...(advertisedHost !== undefined && { advertisedHost }),
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
    recordedRequests: options.recordedRequests,
    ...(options.maxVersions && { maxVersions: versionLimits(options.maxVersions, WHERE) }),
  }
}

/** The caller's options as the broker's thread wants them. Throws INVALID_OPTION. */
export function threadOptions(input: unknown): ThreadOptions {
  const cluster = clusterOptions(input)
  const { seed, clock, clockStartMs } = checkOptions(brokerSchema, input, WHERE)
  if (clockStartMs !== undefined && clock !== 'virtual') {
    const why = `option 'clockStartMs' is for clock: 'virtual'`
    throw new KafkaError('INVALID_OPTION', `${WHERE}: ${why}.`, { option: 'clockStartMs' })
  }
  return {
    cluster,
    ...(seed !== undefined && { seed }),
    ...(clock === 'virtual' && { clock: { startMs: clockStartMs } }),
  }
}

/** What the caller wants of TLS and SASL, checked. Throws INVALID_OPTION. */
export function securityOptions(input: { tls?: unknown; sasl?: unknown }): {
  tls: CheckedTls | undefined
  sasl: CheckedSasl | undefined
} {
  return checkSecurity(input, WHERE)
}
