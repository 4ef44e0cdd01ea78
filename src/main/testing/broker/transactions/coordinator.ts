/**
 * The transaction coordinator of all nodes: which node coordinates which transactional id, what it does with requests, what happens
 * when a transaction times out or that node changes. An id belongs to the leader of its partition of `__transaction_state`;
 * nothing is written to that topic, the transactions here outlive nodes as a replicated log would.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Cluster } from '../cluster.ts'
import { Timers } from '../groups/timers.ts'
import { InternalTopic } from '../internal-topic.ts'
import { NO_LEADER, type Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import { TRANSACTIONS_TOPIC } from '../topic-name.ts'
import { writeMarker } from './markers.ts'
import { defaultTransactionSettings, type TransactionSettings } from './settings.ts'
import { type EndRequest, keyOf, type ProducerIdentity, Transaction, type TransactionVersion } from './transaction.ts'

/** Markers that cannot be written, for want of a leader, are tried again so often. */
const RETRY_MS = 20

const topicConfigs: ReadonlyMap<string, string> = new Map([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'uncompressed'],
  ['min.insync.replicas', '2'],
  ['segment.bytes', '104857600'],
  ['unclean.leader.election.enable', 'false'],
])

/** What a producer says when it begins. */
export interface InitRequest {
  timeoutMs: number
  /** Who it was (KIP-360). */
  expected: ProducerIdentity | undefined
}

export class TransactionCoordinator {
  readonly settings: TransactionSettings
  readonly #cluster: Cluster
  readonly #topic: InternalTopic
  readonly #transactions = new Map<string, Transaction>()
  /** When a transaction times out, and when its markers are due, by transactional id. */
  readonly #timeouts: Timers
  readonly #endings: Timers
  /** Partitions whose new leader is not ready yet. */
  readonly #loading: Timers
  #loadingMs = 0

  constructor(cluster: Cluster, settings: Partial<TransactionSettings> = {}) {
    this.#cluster = cluster
    this.settings = { ...defaultTransactionSettings, ...settings }
    this.#topic = new InternalTopic(cluster, TRANSACTIONS_TOPIC, topicConfigs)
    this.#timeouts = new Timers(cluster)
    this.#endings = new Timers(cluster)
    this.#loading = new Timers(cluster)
  }

  /** The partition that a transactional id belongs to; makes the topic when there is none. */
  findPartition(id: string): Partition {
    return this.#topic.findPartition(id)
  }

  /** The node that coordinates an id; undefined when none does. */
  nodeOf(id: string): number | undefined {
    const leader = this.#topic.partitionOf(id)?.leader
    return leader === NO_LEADER ? undefined : leader
  }

  /** Why a node does not coordinate an id, or NONE. */
  errorAt(node: number, id: string): number {
    const partition = this.#topic.partitionOf(id)
    // it takes itself for the coordinator, and can write nothing down
    if (this.#cluster.isolation.isCut(node) && partition?.seenBy(node).leader === node) return ErrorCode.COORDINATOR_NOT_AVAILABLE
    if (partition?.leader !== node) return ErrorCode.NOT_COORDINATOR
    return this.#loading.has(String(partition.index)) ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE
  }

  /** A producer begins. Throws a {@link Refusal}; CONCURRENT_TRANSACTIONS while a transaction of before is being aborted. */
  init(id: string, { timeoutMs, expected }: InitRequest): ProducerIdentity {
    const newId = (): number => this.#newProducerId(id)
    this.#touched(id)
    let transaction = this.#transactions.get(id)
    if (transaction === undefined) {
      transaction = new Transaction(id, newId(), timeoutMs)
      this.#transactions.set(id, transaction)
    }
    if (transaction.state !== 'Ongoing') this.#checkWritable(id)
    if (!transaction.init(expected, timeoutMs, newId)) {
      this.#fence(transaction)
      throw new Refusal(ErrorCode.CONCURRENT_TRANSACTIONS)
    }
    return { producerId: transaction.producerId, epoch: transaction.epoch }
  }

  /** Puts partitions into the transaction, which begins with the first one. Throws a {@link Refusal}. */
  add(id: string, producer: ProducerIdentity, partitions: readonly Partition[], version: TransactionVersion): void {
    const transaction = this.#known(id)
    transaction.checkAdd(producer)
    if (transaction.has(partitions)) return
    this.#checkLevel(version)
    this.#checkWritable(id)
    this.#touched(id)
    transaction.add(partitions, this.#cluster.env.wallClock(), version)
    this.#startTimeout(transaction)
  }

  /** Which of the partitions are not in the transaction. Throws a {@link Refusal}. */
  notIn(id: string, producer: ProducerIdentity, partitions: readonly Partition[]): Partition[] {
    const transaction = this.#known(id)
    transaction.checkVerify(producer)
    return partitions.filter((partition) => !transaction.isIn(partition))
  }

  /** Decides the outcome; the markers follow. Gives who the producer is from now on. Throws a {@link Refusal}. */
  end(id: string, request: EndRequest): ProducerIdentity {
    const transaction = this.#known(id)
    if (transaction.mayEnd(request)) {
      this.#checkLevel(request.version)
      this.#checkWritable(id)
      this.#touched(id)
      transaction.end(request, this.#cluster.env.wallClock(), () => this.#newProducerId(id))
      this.#ending(transaction)
    }
    return transaction.successor
  }

  /** All of them, wherever they are coordinated. */
  all(): Iterable<Transaction> {
    return this.#transactions.values()
  }

  /** Takes back what a coordinator had written down. It goes on when a node leads its partition. */
  restore(transaction: Transaction): void {
    this.#transactions.set(transaction.id, transaction)
  }

  /** What becomes of this id outlives the process. */
  #touched(id: string): void {
    this.#cluster.world.records.touched('transactions', id)
  }

  get(id: string): Transaction | undefined {
    return this.#transactions.get(id)
  }

  /** Those that a node coordinates. Throws COORDINATOR_LOAD_IN_PROGRESS while it does not know them all. */
  transactionsAt(node: number): Transaction[] {
    for (const partition of this.#topic.topic?.partitions ?? []) {
      const loads = partition.leader === node && this.#loading.has(String(partition.index))
      if (loads) throw new Refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    }
    return [...this.#transactions.values()].filter(({ id, epoch }) => this.nodeOf(id) === node && epoch >= 0)
  }

  /** Moves an id, and all others of its partition, to a live node, which needs `loadingMs` before it answers. */
  move(id: string, node: number, loadingMs: number): void {
    const partition = this.findPartition(id)
    this.#loadingMs = loadingMs
    partition.moveTo(node)
    this.#loadingMs = 0
  }

  /** To be called when there is a topic of transactions: from now on its leaders are followed. */
  follow(topic: Topic): void {
    this.#topic.follow(topic, (partition) => this.#leaderChanged(partition))
  }

  /** To be called when a topic was deleted. */
  topicDeleted(topic: Topic): void {
    if (topic.name === TRANSACTIONS_TOPIC) this.close()
  }

  /** Forgets all transactions. */
  close(): void {
    for (const timers of [this.#timeouts, this.#endings, this.#loading]) timers.cancelAll()
    this.#transactions.clear()
  }

  /** Throws INVALID_PRODUCER_ID_MAPPING. */
  #known(id: string): Transaction {
    if (id === '') throw new Refusal(ErrorCode.INVALID_REQUEST)
    const transaction = this.#transactions.get(id)
    if (transaction) return transaction
    throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
  }

  /** A coordinator whose log has too few replicas cannot change anything. */
  #checkWritable(id: string): void {
    if (this.findPartition(id).underMinInsync) throw new Refusal(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  }

  /** What brokers write down at level 0 has no place for the new way; Kafka then never gets rid of the transaction. */
  #checkLevel(version: TransactionVersion): void {
    if (version > 0 && this.settings.version === 0) throw new Refusal(ErrorCode.UNSUPPORTED_VERSION)
  }

  #newProducerId(id: string): number {
    const { nodes } = this.#cluster
    return nodes[this.findPartition(id).leader - 1]!.nextProducerId()
  }

  #startTimeout(transaction: Transaction): void {
    const { id, startedAt, timeoutMs } = transaction
    // Kafka lets a transaction pass that is exactly as old as it may be.
    const leftMs = startedAt + timeoutMs + 1 - this.#cluster.env.wallClock()
    this.#timeouts.set(id, Math.max(0, leftMs), () => this.#timedOut(transaction))
  }

  #timedOut(transaction: Transaction): void {
    const { id } = transaction
    if (this.findPartition(id).underMinInsync) this.#timeouts.set(id, RETRY_MS, () => this.#timedOut(transaction))
    else this.#fence(transaction)
  }

  /** Aborts an open transaction, whatever its producer is doing. Throws a {@link Refusal}. */
  #fence(transaction: Transaction): void {
    this.#checkWritable(transaction.id)
    this.#touched(transaction.id)
    transaction.fence(this.settings.version, () => this.#newProducerId(transaction.id))
    this.#ending(transaction)
  }

  #ending(transaction: Transaction): void {
    this.#timeouts.cancel(transaction.id)
    this.#endings.set(transaction.id, this.settings.markerDelayMs, () => this.#finish(transaction))
  }

  /** Writes the markers that are missing; tries again until all are written. */
  #finish(transaction: Transaction): void {
    const { id, producerId, epoch, state, version, partitions } = transaction
    this.#touched(id)
    const coordinator = this.findPartition(id)
    const marker = { producerId, epoch, commit: state === 'PrepareCommit', coordinatorEpoch: coordinator.leaderEpoch, version }
    for (const partition of [...partitions.values()]) {
      if (isFinal(writeMarker(this.#cluster, partition, marker))) partitions.delete(keyOf(partition))
    }
    if (partitions.size === 0 && !coordinator.underMinInsync) transaction.complete()
    else this.#endings.set(id, RETRY_MS, () => this.#finish(transaction))
  }

  #leaderChanged({ index, leader }: Partition): void {
    this.#loading.cancel(String(index))
    const moved = [...this.#transactions.values()].filter(({ id }) => this.#topic.indexOf(id) === index)
    for (const { id } of moved) {
      this.#timeouts.cancel(id)
      this.#endings.cancel(id)
    }
    if (leader === NO_LEADER) return
    const load = (): void => {
      for (const transaction of moved) this.#load(transaction)
    }
    if (this.#loadingMs > 0) this.#loading.set(String(index), this.#loadingMs, load)
    else load()
  }

  /** The new coordinator takes over: what was decided is carried out, what is open goes on. */
  #load(transaction: Transaction): void {
    if (transaction.isEnding) this.#ending(transaction)
    else if (transaction.state === 'Ongoing') this.#startTimeout(transaction)
  }
}

/** Whether a marker with this answer is not sent again: it is there, or its transaction is over by other means. */
function isFinal(errorCode: number): boolean {
  return errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER && errorCode !== ErrorCode.NOT_ENOUGH_REPLICAS
}
