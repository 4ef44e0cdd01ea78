/**
 * The options of the client, its fetches and admin calls; those of producers are in `producer-options.ts`. Each is one row; `docs/configuration.md` is made from them.
 * Knows what is allowed, not what it does.
 */
import * as v from 'valibot'
import { allowedHostProblem } from '../shared/allowed-hosts.ts'
import type { BrokerAddress } from '../shared/io-api.ts'
import {
  byteCount,
  choice,
  integer,
  milliseconds,
  passed,
  powerOfTwo,
  signalOption,
  subTable,
  text,
  textType,
} from '../shared/options.ts'
import { securityRows } from './security/security-options.ts'
import { transactionPoolOptions } from './transactions/transaction-options.ts'

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const DEFAULT_PORT = 9092

/** A list of strings, each checked by a function that says what is wrong with it. */
function stringsWithout(problemOf: (text: string) => string | undefined) {
  return v.array(
    v.pipe(
      v.string(),
      v.rawCheck(({ dataset, addIssue }) => {
        const why = dataset.typed ? problemOf(dataset.value) : undefined
        if (why !== undefined) addIssue({ message: why })
      }),
    ),
  )
}

export const kafkaOptions = v.strictObject({
  brokers: v.pipe(
    stringsWithout(brokerProblem),
    v.minLength(1),
    v.description('Addresses to start from and to come back to when no other broker answers; the cluster names the rest.'),
    v.metadata({
      type: 'string[]',
      bounds: "'host', 'host:port' or '[ipv6]:port'; at least one",
      allowed: "a list of at least one 'host:port'",
    }),
  ),
  clientId: text('odradek', { min: 1, max: 249 }, 'The name under which brokers log, meter and throttle this client.'),
  rackId: v.optional(
    textType(
      { min: 1, max: 249 },
      'Where this client is, as `broker.rack` names it: it then reads from a replica there, if the brokers allow it (KIP-392).',
    ),
  ),
  allowedHosts: v.optional(
    v.pipe(
      stringsWithout(allowedHostProblem),
      v.description(
        'The only hosts to connect to besides those in `brokers`, whatever brokers say of each other: names, addresses, `*.example.com`.',
      ),
      v.metadata({
        type: 'string[]',
        bounds: "host names, addresses or '*.example.com'",
        allowed: "a list of host names, addresses or '*.example.com'",
      }),
    ),
  ),
  tls: securityRows.tls,
  sasl: securityRows.sasl,
  ioThreads: integer(1, { min: 0, max: 64 }, 'How many threads do the network work; 0 does it on the thread of the caller.'),
  connectTimeoutMs: milliseconds(10_000, { min: 1 }, 'How long a connection may take, handshakes included.'),
  requestTimeoutMs: milliseconds(
    30_000,
    { min: 1 },
    'How long a broker may take to answer one request before its connection is given up.',
  ),
  reconnectBackoffMs: milliseconds(
    100,
    { min: 1 },
    'The first pause before connecting again; it doubles with each failure, ± 20 %.',
  ),
  reconnectBackoffMaxMs: milliseconds(10_000, { min: 1 }, 'The longest pause before connecting again.'),
  retryBackoffMs: milliseconds(
    100,
    { min: 1 },
    'The first pause before a failed request is made again; it doubles with each failure, ± 20 %.',
  ),
  retryBackoffMaxMs: milliseconds(1_000, { min: 1 }, 'The longest pause before a failed request is made again.'),
  metadataMaxAgeMs: milliseconds(
    300_000,
    { min: 1_000 },
    'How old the view of the cluster may become before it is fetched again without cause.',
  ),
  unknownTopicTimeoutMs: milliseconds(
    5_000,
    { min: 0 },
    'How long a topic that the cluster does not know is asked for before calls fail with UNKNOWN_TOPIC.',
  ),
  maxInFlightRequests: integer(
    5,
    { min: 1, max: 5 },
    'How many produce requests may wait for the answer of one broker; brokers recognise duplicates among the last five only.',
  ),
  pipelineBytes: byteCount(
    128 * KIB,
    { min: 0, max: GIB },
    'While produce requests wait for the answer of a broker, the next one leaves when this many bytes wait for each of them; 0: at once.',
  ),
  maxRequestBytes: byteCount(
    MIB,
    { min: 16 * KIB, max: GIB },
    'The largest request; what is due for one broker is split above it.',
  ),
  maxResponseBytes: byteCount(
    100 * MIB,
    { min: 16 * KIB, max: GIB },
    'The largest response that is accepted; a broker that announces more loses the connection.',
  ),
  maxInflatedBatchBytes: byteCount(
    64 * MIB,
    { min: MIB, max: GIB },
    'The most that a compressed batch may inflate to; one that would be larger is not read, as it may be a decompression bomb.',
  ),
  submissionRingBytes: powerOfTwo(
    4 * MIB,
    { min: 64 * KIB, max: GIB },
    'Shared memory for records on the way to one network thread.',
  ),
  completionRingBytes: powerOfTwo(
    8 * MIB,
    { min: 64 * KIB, max: GIB },
    'Shared memory for results and fetched records on the way back from one network thread.',
  ),
  batchStoreBytes: powerOfTwo(
    64 * MIB,
    { min: 64 * KIB, max: GIB },
    'Shared memory for batches on one network thread, used as needed: what is in it survives a crash of the thread.',
  ),
  ioThreadCrashLimit: integer(
    3,
    { min: 1, max: 1_000_000 },
    'A network thread that crashes is replaced, but this many crashes within 10 s end the client with WORKER_DIED.',
  ),
  transactionPool: v.optional(
    subTable(
      transactionPoolOptions,
      { type: 'TransactionPoolOptions', what: 'an object with size, idPrefix, timeoutMs or producer' },
      'The transactional ids that `kafka.transaction` and transactional topics of groups use.',
    ),
  ),
  ioThreadStallMs: milliseconds(
    3_000,
    { min: 100 },
    'A network thread that does not react for so long is reported by the event `ioThread`; after ten times that it is replaced.',
  ),
})

export const fetchOptions = v.strictObject({
  maxWaitMs: milliseconds(
    500,
    { max: 60_000 },
    'How long the broker may wait for minBytes to be there before it answers with less.',
  ),
  minBytes: integer(
    1,
    { min: 0, max: GIB, unit: 'bytes' },
    'How many bytes a broker collects before it answers; 0 answers at once, also with nothing.',
  ),
  isolationLevel: choice(
    'read_uncommitted',
    ['read_uncommitted', 'read_committed'],
    'Which records of transactions are read: all as they come, or only those that were committed, up to the first open transaction.',
  ),
  timeoutMs: milliseconds(30_000, { min: 1 }, 'How long the call may take, retries included.'),
  signal: signalOption(),
})

export const adminOptions = v.strictObject({
  timeoutMs: milliseconds(
    30_000,
    { min: 1 },
    'How long the call may take, retries and the wait for the outcome to show included.',
  ),
  signal: signalOption(),
})

export const listOffsetsOptions = v.strictObject({
  ...adminOptions.entries,
  isolationLevel: choice(
    'read_uncommitted',
    ['read_uncommitted', 'read_committed'],
    "Where 'latest' is: after the last replicated record, or before the first record of an open transaction.",
  ),
})

function nodeLists(description: string) {
  return v.optional(
    v.pipe(
      v.array(v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1))),
      v.minLength(1),
      v.description(description),
      v.metadata({
        type: 'number[][]',
        bounds: 'one list of node ids a partition',
        allowed: 'a list with a list of node ids for each partition',
      }),
    ),
  )
}

/** One topic of `createTopics`. */
export const newTopicOptions = v.pipe(
  v.strictObject({
    topic: textType({ min: 1, max: 249 }, 'The name of the topic: letters, digits, dots, underscores and hyphens.'),
    partitions: integer(1, { min: 1, max: 1_000_000 }, 'How many partitions the topic gets.'),
    replicationFactor: integer(
      -1,
      { min: -1, max: 32_767 },
      "How many brokers hold each partition; −1 leaves it to the brokers' default.",
    ),
    configs: passed<Readonly<Record<string, string>> | ReadonlyMap<string, string>>(
      isTextTable,
      'Record<string, string> | Map<string, string>',
      'an object or a Map from names to strings',
      'Topic settings by the names that brokers give them, such as retention.ms.',
    ),
    assignments: nodeLists(
      'The node ids of the replicas of each partition, first its preferred leader; replaces partitions and replicationFactor.',
    ),
  }),
  v.forward(
    v.partialCheck([['replicationFactor']], ({ replicationFactor }) => replicationFactor !== 0, 'must be −1 or at least 1'),
    ['replicationFactor'],
  ),
)

/** One topic of `createPartitions`. */
export const newPartitionsOptions = v.strictObject({
  topic: textType({ min: 1, max: 249 }, 'The name of the topic.'),
  count: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.maxValue(1_000_000),
    v.description(
      'How many partitions the topic has afterwards; more than it has now. Keys may go to other partitions from then on.',
    ),
    v.metadata({ type: 'number', bounds: '1 to 1_000_000', allowed: 'a whole number from 1 to 1_000_000' }),
  ),
  assignments: nodeLists(
    'The node ids of the replicas of each new partition, first its preferred leader; left out, the brokers choose.',
  ),
})

export const closeOptions = v.strictObject({
  timeoutMs: milliseconds(
    30_000,
    { min: 0 },
    'How long producers may take to finish; what is not settled by then fails with code CLOSED.',
  ),
})

/** What a caller of the client hands in. */
export type KafkaOptions = v.InferInput<typeof kafkaOptions>
export type FetchOptions = v.InferInput<typeof fetchOptions>
export type CloseOptions = v.InferInput<typeof closeOptions>
export type AdminOptions = v.InferInput<typeof adminOptions>
export type ListOffsetsOptions = v.InferInput<typeof listOffsetsOptions>
export type NewPartitions = v.InferInput<typeof newPartitionsOptions>
export type NewTopic = v.InferInput<typeof newTopicOptions>

/** The same with every default filled in. */
export type CheckedKafkaOptions = Readonly<v.InferOutput<typeof kafkaOptions>>
export type CheckedFetchOptions = Readonly<v.InferOutput<typeof fetchOptions>>
export type CheckedNewPartitions = Readonly<v.InferOutput<typeof newPartitionsOptions>>
export type CheckedNewTopic = Readonly<v.InferOutput<typeof newTopicOptions>>

/** Where the client may connect to; undefined: anywhere. */
export function connectableHosts({
  brokers,
  allowedHosts,
}: Pick<CheckedKafkaOptions, 'brokers' | 'allowedHosts'>): string[] | undefined {
  return allowedHosts && [...allowedHosts, ...bootstrapAddresses(brokers).map(({ host }) => host)]
}

/** The `brokers` option as addresses. Their node ids go down from −2, since −1 means "no leader" everywhere in the protocol. */
export function bootstrapAddresses(brokers: readonly string[]): BrokerAddress[] {
  return brokers.map((broker, index) => {
    const parts = splitAddress(broker)
    if (parts === undefined) throw new RangeError(`not a broker address: ${broker}`)
    return { nodeId: -2 - index, ...parts }
  })
}

/** `host`, `host:port`, `[ipv6]` or `[ipv6]:port`; undefined for anything else. */
function splitAddress(address: string): { host: string; port: number } | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.~-]+)?)\]|([^\s:/[\]@,]+))(?::(\d{1,5}))?$/.exec(address)
  const host = parts?.[1] ?? parts?.[2]
  const port = parts?.[3] === undefined ? DEFAULT_PORT : Number(parts[3])
  if (host === undefined || port < 1 || port > 65_535) return undefined
  if (parts?.[1] !== undefined && !host.includes(':')) return undefined
  return { host, port }
}

/** Why a string is no broker address, as the end of "option brokers[0] …". */
function brokerProblem(address: string): string | undefined {
  if (splitAddress(address) !== undefined) return undefined
  // what stands before it may be a password
  const shown = address.includes('@') ? 'an address with a user name' : `'${address.slice(0, 60)}'`
  if (address.includes('://')) return `must be 'host:port' without a scheme, but is ${shown}`
  if (address.includes(',')) return `must be one address, but is ${shown}; give each its own place in the list`
  if (!address.startsWith('[') && address.split(':').length > 2)
    return `must have an IPv6 address in brackets, such as '[::1]:9092', but is ${shown}`
  return `must be 'host:port' or '[ipv6]:port' with a port from 1 to 65535, but is ${shown}`
}

function isTextTable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value)
  for (const [name, setting] of entries) if (typeof name !== 'string' || typeof setting !== 'string') return false
  return true
}
