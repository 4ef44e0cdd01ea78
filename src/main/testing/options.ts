/** The options of the embedded broker: one row each, with type, default, bounds and one sentence. */
import * as v from 'valibot'
import { KafkaError } from '../../shared/errors.ts'
import {
  byteCount,
  checkOptions,
  choice,
  flag,
  integer,
  optionalInteger,
  optionalText,
  passed,
  text,
  textType,
} from '../../shared/options.ts'
import { handledApis } from './broker/apis/names.ts'
import { type ClusterOptions, EVERYWHERE, type TopicSpec } from './broker/cluster.ts'
import { defaultGroupSettings } from './broker/groups/settings.ts'
import type { ThreadOptions } from './broker/here.ts'
import { type SaslMechanism, saslMechanisms } from './broker/security/exchange.ts'
import { configProblem, topicConfigs } from './broker/topic-configs.ts'
import { defaultTransactionSettings } from './broker/transactions/settings.ts'
import type { TransactionVersion } from './broker/transactions/transaction.ts'
import { nearest } from './nearest.ts'
import type { ValidateToken } from './security.ts'

/** Topic configs by Kafka's names, such as `{ 'message.timestamp.type': 'LogAppendTime' }`. */
export type TopicConfigs = Readonly<Record<string, string | number | boolean>>

/** A topic to begin with. */
export interface BrokerTopic {
  topic: string
  partitions?: number
  replicationFactor?: number
  configs?: TopicConfigs
}

/** The latest version of APIs by Kafka's names; null: not there. */
export type MaxVersions = Readonly<Record<string, number | null>>

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

/** Which certificate the broker shows, and which it wants to see; docs/testing.md has the table. */
export interface BrokerTls {
  cert?: string
  key?: string
  hosts?: readonly string[]
  ca?: string
  clientAuth?: 'none' | 'requested' | 'required'
}

/** Who may come in; docs/testing.md has the table. */
export interface BrokerSasl {
  mechanisms?: readonly SaslMechanism[]
  users?: Readonly<Record<string, string>> | ReadonlyMap<string, string>
  validateToken?: ValidateToken
  connectionsMaxReauthMs?: number
}

/** Text for `passed` rows that hold objects. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The last moment that a Date can be. */
const MAX_DATE_MS = 8_640_000_000_000_000

const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name.length > 0 && name.length <= 255)

function isUsers(value: unknown): boolean {
  if (!isObject(value)) return false
  const entries = value instanceof Map ? [...value] : Object.entries(value as object)
  return entries.every(
    ([name, password]) => typeof name === 'string' && name !== '' && typeof password === 'string' && password !== '',
  )
}

const configsRow = (description: string) => passed<TopicConfigs>(isObject, 'object', 'an object of topic configs', description)

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

const pem = { min: 1, max: 1024 * 1024 }

export const tlsSchema = v.strictObject({
  cert: optionalText(
    pem,
    "The nodes' certificate as PEM, with those between it and its authority. Default: one that is made at start.",
  ),
  key: optionalText(pem, 'Its key as PEM.'),
  hosts: passed<readonly string[]>(
    isNames,
    'string[]',
    'a list of names and addresses',
    'The host names and IP addresses that the certificate made at start is good for. Default: localhost, 127.0.0.1, ::1 and `host`.',
  ),
  ca: optionalText(
    pem,
    'Whose client certificates are taken, as PEM. Default: those of the authority made at start, from `broker.issueCertificate()`.',
  ),
  clientAuth: choice(
    'none',
    ['none', 'requested', 'required'],
    'Whether clients are to show a certificate (`ssl.client.auth`). `requested`: who has none comes in as well.',
  ),
})

export const saslSchema = v.strictObject({
  mechanisms: passed<readonly SaslMechanism[]>(
    (value) => isNames(value) && (value as SaslMechanism[]).every((name) => saslMechanisms.includes(name)),
    'string[]',
    `a list of ${saslMechanisms.join(', ')}`,
    `Which mechanisms there are (\`sasl.enabled.mechanisms\`): ${saslMechanisms.join(', ')}. Default: all of them.`,
  ),
  users: passed<Readonly<Record<string, string>> | ReadonlyMap<string, string>>(
    isUsers,
    'object | Map',
    'an object or a Map with a password for each user',
    'The password of each user, for PLAIN and SCRAM. More SCRAM users come by `admin.alterUserScramCredentials()`.',
  ),
  validateToken: passed<ValidateToken>(
    (value) => typeof value === 'function',
    'function',
    'a function',
    'Judges the tokens of OAUTHBEARER: gives `{ principal, expiresAtMs? }`, or nothing (or throws) to keep somebody out. Default: tokens without a signature are taken when they have not expired, as by a Kafka without validator.',
  ),
  connectionsMaxReauthMs: integer(
    0,
    { min: 0, max: 86_400_000 },
    'How long a session lasts before the client has to log in again (`connections.max.reauth.ms`, KIP-368); 0: for ever. With OAUTHBEARER it never lasts longer than the token.',
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

export type CheckedTls = v.InferOutput<typeof tlsSchema>
export type CheckedSasl = v.InferOutput<typeof saslSchema>

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

/** Versions by the keys of the APIs. */
export function versionLimits(versions: MaxVersions, where: string): Map<number, number | null> {
  const limits = new Map<number, number | null>()
  for (const [api, version] of Object.entries(versions)) {
    const key = handledApis.get(api)
    const isVersion = version === null || (Number.isInteger(version) && version >= 0 && version < 2 ** 15)
    if (key !== undefined && isVersion) limits.set(key, version)
    else {
      const problem =
        key === undefined
          ? `the embedded broker has no API '${api}'; did you mean '${nearest(api, handledApis.keys())}'?`
          : `the version of ${api} must be a whole number or null, but is ${version}`
      throw new KafkaError('INVALID_OPTION', `${where}: maxVersions: ${problem}`, { option: 'maxVersions' })
    }
  }
  return limits
}

/** What the caller wants of TLS and SASL, checked. Throws INVALID_OPTION. */
export function securityOptions(input: { tls?: unknown; sasl?: unknown }): {
  tls: CheckedTls | undefined
  sasl: CheckedSasl | undefined
} {
  const { tls: wishes, sasl: login } = input
  const tls = wishes === undefined ? undefined : checkOptions(tlsSchema, wishes === true ? {} : wishes, `${WHERE}: tls`)
  if (tls && (tls.cert === undefined) !== (tls.key === undefined)) {
    const option = tls.cert === undefined ? 'cert' : 'key'
    throw new KafkaError('INVALID_OPTION', `${WHERE}: tls: 'cert' and 'key' belong together, but '${option}' is missing.`, {
      option,
    })
  }
  return { tls, sasl: login === undefined ? undefined : checkOptions(saslSchema, login, `${WHERE}: sasl`) }
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
