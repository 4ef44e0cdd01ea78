/**
 * The settings of a node as Kafka names them: type, default, and what it is here. Only such as there really are; all of them are given at the
 * start, none can be changed later. Knows no requests.
 */
import { resolve } from 'node:path'
import type { Broker } from '../broker.ts'
import type { Cluster } from '../cluster.ts'
import { configTexts } from '../config-texts.ts'
import { MAX_SESSIONS } from '../fetch-session.ts'
import { MAX_FRAME_BYTES } from '../frames.ts'
import { type GroupSettings, MAX_OFFSET_METADATA } from '../groups/settings.ts'
import { CLEANER_BACKOFF_MS } from '../housekeeping.ts'
import { INTERNAL_PARTITIONS, INTERNAL_REPLICAS } from '../internal-topic.ts'
import { DEFAULT_REPLICATION } from '../placement.ts'
import { type ConfigType, topicConfigs } from '../topic-configs.ts'
import { MAX_RESPONSE_BYTES } from './fetch.ts'

export interface NodeConfig {
  readonly name: string
  readonly type: ConfigType
  /** Kafka's; null: none. */
  readonly default: string | null
  /** Another config that has a default in its stead, named when this one was set. */
  readonly instead?: { readonly name: string; readonly value: string }
  /** Whether Kafka takes no other value while a node runs. */
  readonly readOnly: boolean
  /** Nobody is shown the value. */
  readonly isSensitive: boolean
  /** What it is for, in a sentence. */
  readonly text: string
  /** What it is here when it was set; undefined: it was not, so the default holds. */
  told(node: Broker): string | undefined
}

/** The most that an int can say, for what has no bound here. */
const MAX_INT = 2 ** 31 - 1

/** Where Kafka keeps its logs when nothing is said. */
const DEFAULT_LOG_DIR = '/tmp/kafka-logs'

/** Where a node says that its logs are: where they are with `dataDir`, else where Kafka has them. */
export function logDirOf({ options: { dataDir } }: Cluster): string {
  return dataDir === undefined ? DEFAULT_LOG_DIR : resolve(dataDir)
}

type Told = NodeConfig['told']

const row = (name: string, type: ConfigType, fallback: string | null, text: string, told: Told): NodeConfig => {
  return { name, type, default: fallback, readOnly: true, isSensitive: type === 'password', text, told }
}
/** One that Kafka can change while a node runs. */
const changeable = (...args: Parameters<typeof row>): NodeConfig => ({ ...row(...args), readOnly: false })
/** Of a value that is always known: it was set when it is another one than Kafka's. */
const number =
  (fallback: string, value: (node: Broker) => number): Told =>
  (node) => {
    const text = String(value(node))
    return text === fallback ? undefined : text
  }
const int = (name: string, fallback: string, text: string, value: (node: Broker) => number): NodeConfig =>
  row(name, 'int', fallback, text, number(fallback, value))

function addresses({ cluster, host, port }: Broker, of: 'listen' | 'advertise'): string {
  const { tls, sasl } = cluster.options
  const protocol = `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`
  const address = of === 'listen' ? cluster.options.host : host
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Internal topics cannot have more replicas than there are nodes. */
const upTo =
  (replicas: number) =>
  ({ cluster }: Broker): number =>
    Math.min(replicas, cluster.nodes.length)

const identity: readonly NodeConfig[] = [
  row('node.id', 'int', null, 'The number of this node.', ({ id }) => String(id)),
  row('broker.id', 'int', '-1', 'The older name of node.id.', ({ id }) => String(id)),
  row(
    'broker.rack',
    'string',
    null,
    'The rack that this node says it is in.',
    ({ cluster, id }) => cluster.rackOf(id) ?? undefined,
  ),
  changeable('listeners', 'list', 'PLAINTEXT://:9092', 'Where this node listens.', (node) => addresses(node, 'listen')),
  row('advertised.listeners', 'list', null, 'Where clients are told to find this node.', (node) => addresses(node, 'advertise')),
  row('log.dir', 'list', DEFAULT_LOG_DIR, 'Where logs are when log.dirs says nothing.', () => undefined),
  row('log.dirs', 'list', null, 'Where logs are.', ({ cluster }) =>
    cluster.options.dataDir === undefined ? undefined : logDirOf(cluster),
  ),
]

const limits: readonly NodeConfig[] = [
  changeable('max.connections', 'int', '2147483647', 'How many connections a node has at most.', ({ maxConnections }) =>
    String(maxConnections),
  ),
  int('socket.request.max.bytes', '104857600', 'The largest request that is read.', () => MAX_FRAME_BYTES),
  int('fetch.max.bytes', '57671680', 'The largest answer to a Fetch request.', () => MAX_RESPONSE_BYTES),
  int('max.incremental.fetch.session.cache.slots', '1000', 'How many fetch sessions a node remembers.', () => MAX_SESSIONS),
  int('offset.metadata.max.bytes', '4096', 'How long the text beside a committed offset may be.', () => MAX_OFFSET_METADATA),
]

const topics: readonly NodeConfig[] = [
  row('auto.create.topics.enable', 'boolean', 'true', 'Whether asking for a topic makes it.', ({ cluster }) =>
    cluster.options.autoCreateTopics ? undefined : 'false',
  ),
  row('delete.topic.enable', 'boolean', 'true', 'Whether topics can be deleted.', () => undefined),
  int('num.partitions', '1', 'How many partitions a topic has that names no number.', () => 1),
  int('default.replication.factor', '1', 'How many replicas a topic has that names no number.', upTo(DEFAULT_REPLICATION)),
  int('offsets.topic.num.partitions', '50', 'How many partitions __consumer_offsets has.', () => INTERNAL_PARTITIONS),
  row(
    'offsets.topic.replication.factor',
    'short',
    '3',
    'How many replicas __consumer_offsets has.',
    number('3', upTo(INTERNAL_REPLICAS)),
  ),
  int('transaction.state.log.num.partitions', '50', 'How many partitions __transaction_state has.', () => INTERNAL_PARTITIONS),
  row(
    'transaction.state.log.replication.factor',
    'short',
    '3',
    'How many replicas __transaction_state has.',
    number('3', upTo(INTERNAL_REPLICAS)),
  ),
  row('log.retention.check.interval.ms', 'long', '300000', 'How often old records are looked for, in milliseconds.', (node) =>
    number('300000', ({ cluster }) => cluster.world.retentionCheckMs)(node),
  ),
  changeable('log.cleaner.backoff.ms', 'long', '15000', 'How long a log waits to be compacted, in milliseconds.', () =>
    String(CLEANER_BACKOFF_MS),
  ),
  row('log.retention.hours', 'int', '168', 'How long records stay when log.retention.ms says nothing.', () => undefined),
  row('log.roll.hours', 'int', '168', 'With what age a segment ends when log.roll.ms says nothing.', () => undefined),
  row('replica.selector.class', 'string', null, 'Who decides which replica a reader is sent to.', ({ cluster }) =>
    cluster.options.racks ? 'org.apache.kafka.common.replica.RackAwareReplicaSelector' : undefined,
  ),
]

/** What holds where a topic says nothing. */
const ofTopics: readonly NodeConfig[] = [...topicConfigs].flatMap(([name, { type, value, synonym, instead }]) => {
  if (synonym === undefined) return []
  const told: Told = ({ cluster }) => cluster.options.configs.get(name)
  const config = changeable(synonym, type, instead ? null : value, configTexts.get(name)!, told)
  return [instead ? { ...config, instead } : config]
})

const group = (name: string, fallback: string, text: string, value: (settings: GroupSettings) => number): NodeConfig =>
  int(`group.${name}`, fallback, text, ({ cluster }) => value(cluster.coordinator.store.settings))

const coordination: readonly NodeConfig[] = [
  group(
    'initial.rebalance.delay.ms',
    '3000',
    'How long a new classic group waits for more members.',
    (settings) => settings.initialRebalanceDelayMs,
  ),
  group(
    'min.session.timeout.ms',
    '6000',
    'The shortest session of a classic member.',
    (settings) => settings.minSessionTimeoutMs,
  ),
  group(
    'max.session.timeout.ms',
    '1800000',
    'The longest session of a classic member.',
    (settings) => settings.maxSessionTimeoutMs,
  ),
  group('max.size', '2147483647', 'How many members a classic group may have.', (settings) => settings.maxSize),
  group('consumer.max.size', '2147483647', 'How many members a consumer group may have.', (settings) => settings.maxSize),
  group('consumer.session.timeout.ms', '45000', 'How long a member may be silent.', (settings) => settings.sessionTimeoutMs),
  group(
    'consumer.heartbeat.interval.ms',
    '5000',
    'How often members send heartbeats.',
    (settings) => settings.heartbeatIntervalMs,
  ),
  {
    ...group(
      'consumer.assignment.interval.ms',
      '1000',
      'The shortest time between two assignments of a group.',
      (settings) => settings.assignmentIntervalMs,
    ),
    readOnly: false,
  },
  row('group.consumer.assignors', 'list', 'uniform,range', 'Who decides which member gets which partitions.', () => undefined),
  row('group.consumer.migration.policy', 'string', 'bidirectional', 'Which groups may change their protocol.', () => undefined),
  int(
    'transaction.max.timeout.ms',
    '900000',
    'The longest timeout of a transaction.',
    ({ cluster }) => cluster.transactions.settings.maxTimeoutMs,
  ),
  changeable(
    'transaction.partition.verification.enable',
    'boolean',
    'true',
    'Whether partitions ask whether a transaction is open.',
    () => undefined,
  ),
  changeable(
    'producer.id.expiration.ms',
    'int',
    '86400000',
    'How long a producer that is silent is remembered, in milliseconds.',
    (node) => number('86400000', ({ cluster }) => Math.min(cluster.options.producerIdExpirationMs ?? MAX_INT, MAX_INT))(node),
  ),
  row(
    'transaction.two.phase.commit.enable',
    'boolean',
    'false',
    'Whether transactions of two phases are taken.',
    () => undefined,
  ),
]

const security: readonly NodeConfig[] = [
  row('connections.max.reauth.ms', 'long', '0', 'How long a login lasts, in milliseconds; 0: for ever.', (node) =>
    number('0', ({ cluster }) => cluster.sasl?.connectionsMaxReauthMs ?? 0)(node),
  ),
  changeable('sasl.enabled.mechanisms', 'list', 'GSSAPI', 'How clients can log in.', ({ cluster }) =>
    cluster.sasl?.mechanisms.join(','),
  ),
  changeable('ssl.client.auth', 'string', 'none', 'Whether clients show a certificate.', ({ cluster }) =>
    cluster.tls === undefined || cluster.tls.clientAuth === 'none' ? undefined : cluster.tls.clientAuth,
  ),
  changeable(
    'ssl.keystore.type',
    'string',
    'JKS',
    'What the key and the certificate of a node are.',
    ({ cluster }) => cluster.tls && 'PEM',
  ),
  changeable('ssl.keystore.key', 'password', null, 'The key of a node.', ({ cluster }) => cluster.tls?.key),
  changeable(
    'ssl.keystore.certificate.chain',
    'password',
    null,
    'The certificate of a node.',
    ({ cluster }) => cluster.tls?.cert,
  ),
  changeable(
    'ssl.truststore.type',
    'string',
    'JKS',
    'What the certificates are that clients are trusted by.',
    ({ cluster }) => cluster.tls && 'PEM',
  ),
  changeable(
    'ssl.truststore.certificates',
    'password',
    null,
    'Whose certificates clients may show.',
    ({ cluster }) => cluster.tls?.ca,
  ),
]

/** In the order of their themes; nobody promises one. */
export const nodeConfigs: readonly NodeConfig[] = [...identity, ...limits, ...topics, ...ofTopics, ...coordination, ...security]
