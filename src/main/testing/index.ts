/**
 * odradek/testing: an embedded Kafka for development and tests. It speaks the real protocol on loopback, in a thread of its
 * own, so that any Kafka client in any language can use it.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KafkaError } from '../../shared/errors.ts'
import { connect, type Remote } from '../../shared/rpc.ts'
import type { ClientFacts } from './broker/clients.ts'
import type { LogFacts } from './broker/cluster.ts'
import type { RequestCount } from './broker/control.ts'
import type { ControlApi } from './broker/control-api.ts'
import { FaultDesk } from './faults.ts'
import { type BrokerTopic, clusterOptions, type GroupOptions, type TopicConfigs, type TransactionOptions } from './options.ts'

export type { LogFacts } from './broker/cluster.ts'
export type { RequestCount } from './broker/control.ts'
export type { ClusterAccess } from './cluster-access.ts'
export type { ExpectedBytes, ExpectedRecord } from './expected-record.ts'
export type {
  DelayOptions,
  FailOptions,
  Fault,
  FaultDesk,
  FaultTarget,
  LossOptions,
  PendingFault,
  ThrottleOptions,
} from './faults.ts'
export { brokerFixture, createTopicFor, startBrokerFor, type TestScope } from './for-test.ts'
export { type LagQuestion, waitForLag0 } from './lag.ts'
export { type Mark, mark, producedSince, type WaitOptions, waitForProduced, wasProduced } from './marks.ts'
export type { BrokerTopic, GroupOptions, TopicConfigs, TransactionOptions } from './options.ts'
export type { HandlerRecord } from './run-handler/log.ts'
export type { RunHandlerOptions } from './run-handler/options.ts'
export type { HandledRecord, HandlerCommit, HandlerRun, RunnableHandler } from './run-handler/run.ts'
export type { HandlerCall } from './run-handler/watched-host.ts'
export { runHandler } from './run-handler.ts'

/** See docs/testing.md for the table. */
export interface BrokerOptions {
  nodes?: number
  topics?: readonly BrokerTopic[]
  host?: string
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
}

/** A running embedded Kafka. It keeps the process alive until `close()`. */
export class EmbeddedBroker implements AsyncDisposable {
  /** `host:port` of each node. */
  readonly brokers: string[]
  /** What is to go wrong. */
  readonly faults: FaultDesk
  readonly #remote: Remote<ControlApi>
  readonly #thread: Thread
  #closing: Promise<void> | undefined

  constructor(brokers: string[], remote: Remote<ControlApi>, thread: Thread) {
    this.brokers = brokers
    this.faults = new FaultDesk(() => this.#live())
    this.#remote = remote
    this.#thread = thread
  }

  /** How many requests arrived, by API and node; of one API or of all. */
  async requests(api?: string): Promise<RequestCount[]> {
    return this.#live().requests(api)
  }

  /** Where a partition's log begins and ends, and who leads it. */
  async log(topic: string, partition: number): Promise<LogFacts> {
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
  async stopNode(nodeId: number): Promise<void> {
    return this.#live().stopNode(nodeId)
  }

  /** Brings a stopped node back on the same port. */
  async startNode(nodeId: number): Promise<void> {
    return this.#live().startNode(nodeId)
  }

  /** @internal Clients that connected since the last call; waits for the next one. For the command line. */
  async nextClients(): Promise<ClientFacts[]> {
    return this.#live().nextClients()
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
      await this.#thread.terminate()
    }
  }
}

/** Starts an embedded Kafka and waits until it can be connected to. */
export async function startBroker(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const checked = clusterOptions(options)
  const { remote, thread } = options.thread === false ? await inThisThread(checked) : inThreadOfItsOwn(checked)
  try {
    return new EmbeddedBroker(await remote.start(), remote, thread)
  } catch (error) {
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

async function inThisThread(options: ReturnType<typeof clusterOptions>): Promise<Served> {
  const { serveHere } = await import('./broker/here.ts')
  return { remote: serveHere(options), thread: { terminate: async () => 0 } }
}

function inThreadOfItsOwn(options: ReturnType<typeof clusterOptions>): Served {
  const worker = startThread(options)
  return { remote: connect<ControlApi>(worker), thread: worker }
}

function startThread(workerData: unknown): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  return new Worker(new URL(`./broker/thread${isSource ? '.ts' : '.js'}`, import.meta.url), {
    workerData,
    execArgv: [],
    name: 'embedded broker',
    // Stripping types takes longer than all the rest. Compiled code would gain nothing, so whoever installs this gets no cache.
    ...(isSource && { env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env } }),
  })
}
