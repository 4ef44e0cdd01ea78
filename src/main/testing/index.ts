/**
 * odradek/testing: an embedded Kafka for development and tests. It speaks the real protocol on loopback, in a thread of its
 * own, so that any Kafka client in any language can use it.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MessagePort, Worker } from 'node:worker_threads'
import { KafkaError } from '../../shared/errors.ts'
import { connect, local, type Remote } from '../../shared/rpc.ts'
import type { ClientFacts } from './broker/clients.ts'
import type { CutFrom, LogFacts } from './broker/cluster.ts'
import type { ControlApi } from './broker/control-api.ts'
import type { ThreadOptions } from './broker/here.ts'
import type { ReceivedRequest, RequestCount, RequestFilter } from './broker/request-log.ts'
import type { CertificateOptions, KeyPair } from './certificates.ts'
import { BrokerClock } from './clock.ts'
import { FaultDesk } from './faults.ts'
import type { GroupOptions, TransactionOptions } from './options/coordination.ts'
import type { BrokerSasl, BrokerTls } from './options/security.ts'
import type { BrokerTopic, TopicConfigs } from './options/topics.ts'
import { type MaxVersions, versionLimits } from './options/versions.ts'
import { threadOptions } from './options.ts'
import { BrokerSecurity } from './security.ts'

export type { CutFrom, LogFacts } from './broker/cluster.ts'
export type { ReceivedBatch, ReceivedRequest, RequestCount, RequestFilter } from './broker/request-log.ts'
export type { SaslMechanism } from './broker/security/exchange.ts'
export type { CertificateOptions, KeyPair } from './certificates.ts'
export { CertificateAuthority } from './certificates.ts'
export type { BrokerClock } from './clock.ts'
export type { ClusterAccess } from './cluster-access.ts'
export type { ExpectedBytes, ExpectedRecord } from './expected-record.ts'
export type {
  CorruptOptions,
  DelayOptions,
  FailOptions,
  Fault,
  FaultDesk,
  FaultTarget,
  HitOptions,
  LossOptions,
  PendingFault,
  ThrottleOptions,
  TruncateOptions,
} from './faults.ts'
export { brokerFixture, createTopicFor, startBrokerFor, type TestScope } from './for-test.ts'
export { type LagQuestion, waitForLag0 } from './lag.ts'
export { type Mark, mark, producedSince, type WaitOptions, waitForProduced, wasProduced } from './marks.ts'
export type { GroupOptions, TransactionOptions } from './options/coordination.ts'
export type { BrokerSasl, BrokerTls } from './options/security.ts'
export type { BrokerTopic, TopicConfigs } from './options/topics.ts'
export type { MaxVersions } from './options/versions.ts'
export type { HandlerRecord } from './run-handler/log.ts'
export type { RunHandlerOptions } from './run-handler/options.ts'
export type { HandledRecord, HandlerCommit, HandlerRun, RunnableHandler } from './run-handler/run.ts'
export type { HandlerCall } from './run-handler/watched-host.ts'
export { runHandler } from './run-handler.ts'
export type { TokenOwner, ValidateToken } from './security.ts'

/** See docs/testing.md for the table. */
export interface BrokerOptions {
  nodes?: number
  topics?: readonly BrokerTopic[]
  host?: string
  advertisedHost?: string
  port?: number
  autoCreateTopics?: boolean
  maxMessageBytes?: number
  retentionBytes?: number
  retentionCheckIntervalMs?: number
  dataDir?: string
  thread?: boolean
  configs?: TopicConfigs
  groups?: GroupOptions
  transactions?: TransactionOptions
  transactionVersion?: 0 | 1 | 2
  rack?: string
  racks?: readonly string[]
  producerIdExpirationMs?: number
  maxVersions?: MaxVersions
  recordedRequests?: number
  seed?: number
  clock?: 'real' | 'virtual'
  clockStartMs?: number
  tls?: true | BrokerTls
  sasl?: BrokerSasl
}

export interface IsolateOptions {
  /** From whom. Default 'nodes'. */
  from?: CutFrom
  /** How long it takes the other nodes to notice. Default 0. */
  electionMs?: number
}

const cuts: ReadonlySet<CutFrom> = new Set(['nodes', 'clients', 'all'])

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', message)
}

/** A running embedded Kafka. It keeps the process alive until `close()`. */
export class EmbeddedBroker implements AsyncDisposable {
  /** `host:port` of each node. */
  readonly brokers: string[]
  /** What is to go wrong. */
  readonly faults: FaultDesk
  /** Its time. */
  readonly clock: BrokerClock
  readonly #remote: Remote<ControlApi>
  readonly #thread: Thread
  readonly #security: BrokerSecurity
  #closing: Promise<void> | undefined

  constructor(brokers: string[], remote: Remote<ControlApi>, thread: Thread, security: BrokerSecurity) {
    this.#security = security
    this.brokers = brokers
    this.faults = new FaultDesk(() => this.#live())
    this.clock = new BrokerClock(() => this.#live())
    this.#remote = remote
    this.#thread = thread
  }

  /** How many requests arrived, by API and node; of one API or of all. */
  async requestCounts(api?: string): Promise<RequestCount[]> {
    return this.#live().requestCounts(api)
  }

  /**
   * The requests that arrived, decoded, oldest first; of the last 1 000 (`recordedRequests`). Rejects with INVALID_ARGUMENT when some
   * after the mark `since` are forgotten already.
   */
  async requests(filter: RequestFilter = {}): Promise<ReceivedRequest[]> {
    return this.#live().requests(filter)
  }

  /** A place to count requests from: `requests({ since })` gives those that arrive from now on. */
  async requestMark(): Promise<number> {
    return this.#live().requestMark()
  }

  /**
   * From now on APIs are spoken up to these versions only, as by an older broker; null: not at all. What is not named is spoken as far
   * as the embedded broker can. Later requests end their connection, as with Kafka. `node`: at this one only, as amid an upgrade.
   */
  async setMaxVersions(versions: MaxVersions, { node }: { node?: number } = {}): Promise<void> {
    return this.#live().limitVersions(versionLimits(versions, 'setMaxVersions()'), node)
  }

  /** Where a partition's log begins and ends, and who leads it. `node`: as this node knows it, which may be cut off from the others. */
  async log(topic: string, partition: number, { node }: { node?: number } = {}): Promise<LogFacts> {
    if (node !== undefined) return this.#live().logFactsAt(topic, partition, node)
    return this.#live().logFacts(topic, partition)
  }

  /** Makes a live node the leader; it becomes a replica if it was none. */
  async moveLeader(topic: string, partition: number, nodeId: number): Promise<void> {
    return this.#live().moveLeader(topic, partition, nodeId)
  }

  /** The node that coordinates a consumer group; −1 when none can at present. */
  async coordinator(group: string): Promise<number> {
    return this.#live().coordinator(group)
  }

  /**
   * Makes a live node the coordinator of a group, and of the groups that share its partition of `__consumer_offsets`. For `loadingMs` it
   * answers COORDINATOR_LOAD_IN_PROGRESS; default 0. What the old coordinator had not written down (a rebalance that is under way) is lost.
   */
  async moveCoordinator(group: string, nodeId: number, { loadingMs = 0 }: { loadingMs?: number } = {}): Promise<void> {
    if (!(loadingMs >= 0))
      throw new KafkaError('INVALID_ARGUMENT', `moveCoordinator(): loadingMs must be 0 or more, but is ${loadingMs}`)
    return this.#live().moveCoordinator(group, nodeId, loadingMs)
  }

  /** The node that coordinates a transactional id; −1 when none can at present. */
  async transactionCoordinator(transactionalId: string): Promise<number> {
    return this.#live().transactionCoordinator(transactionalId)
  }

  /**
   * Makes a live node the coordinator of a transactional id, and of those that share its partition of `__transaction_state`. For
   * `loadingMs` it answers COORDINATOR_LOAD_IN_PROGRESS; default 0. What was decided by then is carried out, what is open goes on.
   */
  async moveTransactionCoordinator(
    transactionalId: string,
    nodeId: number,
    { loadingMs = 0 }: { loadingMs?: number } = {},
  ): Promise<void> {
    if (!(loadingMs >= 0))
      throw new KafkaError('INVALID_ARGUMENT', `moveTransactionCoordinator(): loadingMs must be 0 or more, but is ${loadingMs}`)
    return this.#live().moveTransactionCoordinator(transactionalId, nodeId, loadingMs)
  }

  /**
   * The end of a partition's log is lost, from the batch on that holds `offset`, as after an unclean election: another live replica
   * leads, under a new epoch, and knows nothing of what was acknowledged since.
   */
  async loseRecords(topic: string, partition: number, offset: number): Promise<void> {
    return this.#live().loseRecords(topic, partition, offset)
  }

  /** Kills a node: its connections break, other in-sync replicas take over its partitions. */
  async kill(nodeId: number): Promise<void> {
    return this.#live().kill(nodeId)
  }

  /**
   * Cuts a node off, until `heal()`. From the other nodes (default): it goes on as before, but nothing it appends is replicated, so acks
   * 'all' waits in vain and readers see nothing new; after `electionMs` (default 0) the others give it up, and one of them leads where it
   * led. From `'clients'`: connections to it stay, and nothing comes through in either direction. From `'all'`: both.
   */
  async isolate(nodeId: number, { from = 'nodes', electionMs = 0 }: IsolateOptions = {}): Promise<void> {
    if (!cuts.has(from)) throw invalid(`isolate(): from must be 'nodes', 'clients' or 'all', but is '${from}'`)
    if (!(electionMs >= 0)) throw invalid(`isolate(): electionMs must be 0 or more, but is ${electionMs}`)
    return this.#live().isolate(nodeId, from, electionMs)
  }

  /**
   * Ends the isolation of a node. Where another one leads by now, it follows, and what it alone had appended is gone, acks 1 or not. What
   * clients sent to it meanwhile arrives.
   */
  async heal(nodeId: number): Promise<void> {
    return this.#live().heal(nodeId)
  }

  /** Brings a killed node back on the same port, caught up. */
  async revive(nodeId: number): Promise<void> {
    return this.#live().revive(nodeId)
  }

  /** @internal Clients that connected since the last call; waits for the next one. For the command line. */
  async nextClients(): Promise<ClientFacts[]> {
    return this.#live().nextClients()
  }

  /** The certificate, as PEM, of the authority that signed the broker's: what clients are to trust. Throws without the option `tls`. */
  get ca(): string {
    return this.#security.ca
  }

  /** A certificate of that authority, for a client that is to show one, or another one for the broker. Throws without the option `tls`. */
  issueCertificate(options: CertificateOptions): KeyPair {
    return this.#security.issue(options)
  }

  /** New connections of all nodes are shown this certificate; those that are there stay. Throws without the option `tls`. */
  async changeCertificate({ cert, key }: KeyPair): Promise<void> {
    return this.#live().changeCertificate(cert, key)
  }

  /** Ends all nodes and the thread. Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #live(): Remote<ControlApi> {
    if (this.#closing) throw new KafkaError('CLOSED', 'The embedded broker is closed')
    return this.#remote
  }

  async #close(): Promise<void> {
    try {
      await this.#remote.close()
    } catch (error) {
      // A thread that is dead already is as closed as it can be.
      if (!(error instanceof KafkaError && error.code === 'WORKER_DIED')) throw error
    } finally {
      this.#security.close()
      await this.#thread.terminate()
    }
  }
}

/** Starts an embedded Kafka and waits until it can be connected to. */
export async function startBroker(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const { cluster, ...others } = threadOptions(options)
  const security = new BrokerSecurity(options, cluster.host)
  const wanted = { ...others, cluster: { ...cluster, ...security.forThread } }
  const inThisThread = options.thread === false
  const { remote, thread } = await (inThisThread ? serveHere : serveInThread)(wanted, security.judgePort)
  try {
    return new EmbeddedBroker(await remote.start(), remote, thread, security)
  } catch (error) {
    security.close()
    await thread.terminate()
    throw error
  }
}

/** What ends with a broker. */
type Thread = Pick<Worker, 'terminate'>

interface Served {
  remote: Remote<ControlApi>
  thread: Thread
}

async function serveHere(options: ThreadOptions, judgePort: MessagePort | undefined): Promise<Served> {
  const { controlFor } = await import('./broker/here.ts')
  const remote = local(controlFor({ ...options, ...(judgePort && { judgePort }) }))
  const terminate = async (): Promise<number> => {
    judgePort?.close()
    return 0
  }
  return { remote, thread: { terminate } }
}

async function serveInThread(options: ThreadOptions, judgePort: MessagePort | undefined): Promise<Served> {
  const worker = startThread(options, judgePort)
  return { remote: connect<ControlApi>(worker), thread: worker }
}

function startThread(workerData: object, judgePort: MessagePort | undefined): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  return new Worker(new URL(`./broker/thread${isSource ? '.ts' : '.js'}`, import.meta.url), {
    workerData: { ...workerData, judgePort },
    ...(judgePort && { transferList: [judgePort] }),
    execArgv: [],
    name: 'embedded broker',
    // Stripping types takes longer than all the rest. Compiled code would gain nothing, so whoever installs this gets no cache.
    ...(isSource && { env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env } }),
  })
}
