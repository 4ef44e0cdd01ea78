/**
 * The typed calls between main and an I/O worker: everything that is not a record. Records go through the rings; these are
 * a few calls a second. Plain data only, since it crosses threads.
 */
import type { FoundBlock } from './batch-store.ts'
import type { WireError } from './errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from './protocol/generated/consumer-group-heartbeat.ts'
import type { SecuritySettings } from './security.ts'

/** Settings of the I/O core; see main's options for meaning and defaults. */
export interface IoOptions {
  clientId: string
  connectTimeoutMs: number
  requestTimeoutMs: number
  reconnectBackoffMs: number
  reconnectBackoffMaxMs: number
  retryBackoffMs: number
  retryBackoffMaxMs: number
  maxInFlightRequests: number
  pipelineBytes: number
  maxRequestBytes: number
  maxResponseBytes: number
  maxInflatedBatchBytes: number
  metadataMaxAgeMs: number
  rackId?: string | undefined
  /** The only hosts to connect to; left out: any. */
  allowedHosts?: readonly string[] | undefined
  /** Left out: neither TLS nor SASL. */
  security?: SecuritySettings | undefined
}

/** Bootstrap addresses carry negative node ids until metadata names the real ones. */
export interface BrokerAddress {
  nodeId: number
  host: string
  port: number
}

/** What a worker must know of a topic-partition; `handle` is its small number on this client. */
export interface PartitionLeader {
  handle: number
  topic: string
  topicId: string
  partition: number
  /** −1: none at present, wait. */
  leader: number
  /** −1: unknown. */
  leaderEpoch: number
}

/** What a worker makes of brokers' hints about the leader of a partition (KIP-951). */
export interface LeaderHint {
  handle: number
  topic: string
  partition: number
  /** What it follows as long as metadata knows nothing newer; undefined: nothing any more. */
  hint: { leader: number; leaderEpoch: number; broker: BrokerAddress } | undefined
}

/** A producer's settings on the worker. */
export interface ProducerSettings {
  producer: number
  acks: -1 | 0 | 1
  idempotent: boolean
  /** Every codec that its lanes may use. */
  codecs: readonly CompressionName[]
  /** A batch is sealed before it grows past this many bytes. */
  batchBytes: number
  lingerMs: number
  deliveryTimeoutMs: number
  /** What it produces belongs to transactions of this id (KIP-98): nothing is sent before {@link IoApi.setTransaction}. */
  transactionalId?: string
}

/** Whose a transaction is (KIP-98). */
export interface TransactionIdentity {
  producerId: number
  producerEpoch: number
}

/** Under which identity a transactional producer writes from now on. */
export interface TransactionTerms extends TransactionIdentity {
  /** Brokers add partitions to the transaction by themselves (KIP-890, `transaction.version` 2); else each one waits to be admitted. */
  byBrokers: boolean
}

export type CompressionName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** How batches are compressed. */
export interface Packing {
  compression: CompressionName
  /** Left out: the codec's own default. */
  compressionLevel?: number | undefined
}

/** A lane is one producer's queue for one partition. */
export interface LaneOpening extends Packing {
  lane: number
  /** Tells lanes apart that have the same number one after the other. */
  serial: number
  producer: number
  handle: number
  /** How many of its records an earlier I/O core took; 0 for a new lane. */
  taken: number
}

/** What a crashed I/O core left of a lane, in order; its successor goes on with it. */
export interface LaneRemains {
  lane: number
  batches: (Omit<FoundBlock, 'bytes'> | LostRecords)[]
  /** The block of a batch that was settled while a broker may still take it. */
  ghost: Omit<FoundBlock, 'bytes'> | undefined
}

/** Records that went down with an I/O core. */
export interface LostRecords {
  firstOrdinal: number
  count: number
  budget: number
  lost: WireError
}

/** Which broker a call goes to: a node id, or whichever is at hand. */
export type CallTarget = number | 'any'

export interface CallResult {
  /** The version spoken, negotiated with that broker. */
  version: number
  /** The decoded response. */
  body: unknown
  nodeId: number
  broker: string
}

export interface CallOptions {
  /** Left out: `requestTimeoutMs`. */
  timeoutMs?: number
  /**
   * Which connection to the broker: what belongs to a group must not wait behind records and metadata, nor one transaction behind
   * another, so that each transactional producer has its own. Default `control`.
   */
  link?: 'control' | 'group' | { producer: number }
  /** A broker that speaks older versions only is asked nothing: UNSUPPORTED. */
  minVersion?: number
  /** Newer versions mean something else than what is wanted. */
  maxVersion?: number
  /** The transactional producer that this EndTxn is for: it goes on under the identity that the answer names, without being told. */
  endsTransactionOf?: number
}

/**
 * What main wants to be said for a member of a consumer group (KIP-848). The worker says it at once, and from then on that the member is
 * there, whenever the interval that the broker named is over.
 */
export interface HeartbeatOrder {
  /** The number of the member on this client. */
  member: number
  /** Grows with each order for a member; the answers say which order they are about. */
  seq: number
  /** The coordinator. */
  nodeId: number
  /** What is new, the rest null. An epoch of 0 joins anew; otherwise the worker may know a newer one from an answer. */
  changes: ConsumerGroupHeartbeatRequest
  /** All there is to say, for when an answer may have been lost. */
  everything: ConsumerGroupHeartbeatRequest
  /** Until the broker names another one. */
  intervalMs: number
  /** When main has shown no sign of life for so long, the worker leaves the group in its name. */
  maxProcessingMs: number
}

/** What came of heartbeats. */
export type HeartbeatEvent =
  | { type: 'heartbeat'; member: number; seq: number; nodeId: number; broker: string; response: ConsumerGroupHeartbeatResponse }
  /** There was no answer. */
  | { type: 'heartbeat-failed'; member: number; seq: number; nodeId: number; error: WireError }
  /** The worker left the group, since main had been silent for so long. */
  | { type: 'heartbeat-left'; member: number; seq: number; silentMs: number }

/** Main → worker. Every promise rejects with a {@link KafkaError}. */
export interface IoApi {
  /** Replaces the broker list. Brokers that are gone lose their connections at once; what they had not answered is sent again elsewhere. */
  setBrokers(brokers: BrokerAddress[]): void | Promise<void>
  /** Adds partitions or changes their leaders. */
  setPartitions(partitions: PartitionLeader[]): void | Promise<void>
  /** Partitions that no longer exist: what waits for them ends with `error`. */
  dropPartitions(handles: number[], error: WireError): void | Promise<void>
  openProducer(settings: ProducerSettings): void | Promise<void>
  /** Forgets a producer that has nothing under way. */
  closeProducer(producer: number): void | Promise<void>
  openLanes(lanes: LaneOpening[]): void | Promise<void>
  /** A new transaction of a producer that has nothing under way. */
  setTransaction(producer: number, terms: TransactionTerms): void | Promise<void>
  /** The transaction of `ended` is over, and the next one begins with `terms`; what was said of another identity since stands. */
  nextTransaction(producer: number, ended: TransactionIdentity, terms: TransactionTerms): void | Promise<void>
  /** The coordinator of the transaction knows these partitions: records may go there. */
  admitPartitions(producer: number, handles: number[]): void | Promise<void>
  /** The transaction is lost: what is under way ends with `error` at once, and what still comes, until the next one begins. */
  dropRecords(producer: number, error: WireError): void | Promise<void>
  /**
   * The last word to the successor of a crashed core, after it was told of brokers, partitions, producers and lanes: what is left to
   * do. Only now does it read the submission ring.
   */
  adopt(remains: LaneRemains[]): void | Promise<void>
  /** One request to one broker, no retry. With 'any', each broker is tried once. */
  call(target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<CallResult>
  /** Sends heartbeats for a member from now on; the latest order of a member counts. */
  heartbeat(order: HeartbeatOrder): void | Promise<void>
  /** Sends no more heartbeats for a member; says nothing to the broker. */
  endHeartbeats(member: number): void | Promise<void>
  /** Fails what is pending, closes sockets and timers. */
  close(): void | Promise<void>
}

/** Worker → main, one way. */
export type IoEvent =
  | HeartbeatEvent
  /** Records of a transaction wait until its coordinator knows their partitions. */
  | { type: 'unadmitted'; producer: number; handle: number; topic: string; partition: number }
  /** A broker disowned these topics' partitions, or none leads them: fetch metadata. */
  | { type: 'metadata-stale'; topics: string[]; reason: string }
  /** Where brokers said that leaders are. */
  | { type: 'leader-hints'; hints: LeaderHint[] }
  /** A connection changed its state; for diagnostics. */
  | { type: 'connection'; nodeId: number; broker: string; state: 'connected' | 'disconnected'; error: WireError | undefined }
  /** A broker holds the client back by a quota. */
  | { type: 'throttle'; nodeId: number; broker: string; api: string; throttleTimeMs: number }
  /** The broker lost acknowledged data of this partition: a sequence gap at the head of the line, or a log that ends before what was read. */
  | { type: 'data-loss'; topic: string; partition: number; detail: string }
