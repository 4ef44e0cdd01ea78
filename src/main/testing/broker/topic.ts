/**
 * A topic and its partitions: who leads, who is in sync, the log and the producers' state. Knows which nodes are alive only
 * by being told; knows no requests.
 */
import { attributes, type BatchHeader, readBatchHeader } from '../../../shared/record-batch.ts'
import { PartitionLog } from './log.ts'
import { ProducerState } from './producer-state.ts'
import { settingsOf, type TopicSettings, topicConfigs } from './topic-configs.ts'
import { type Marker, markerBatch, readMarker } from './transactions/marker.ts'
import { PartitionTransactions } from './transactions/partition-transactions.ts'

export const NO_LEADER = -1
/** The leaders of its partitions coordinate the consumer groups. */
export const OFFSETS_TOPIC = '__consumer_offsets'
/** The leaders of its partitions coordinate the transactions. */
export const TRANSACTIONS_TOPIC = '__transaction_state'
const MAX_NAME_LENGTH = 249

/** Whether a topic is the brokers' own. */
export const isInternal = (topic: string): boolean => topic === OFFSETS_TOPIC || topic === TRANSACTIONS_TOPIC

/** Someone who waits for news of partitions: a long poll. */
export interface Watcher {
  /** Records came. */
  appended(bytes: number): void
  /** Leader, log start or existence changed. */
  disturbed(): void
}

export class Partition {
  readonly topic: Topic
  readonly index: number
  readonly log = new PartitionLog()
  readonly producers = new ProducerState()
  readonly transactions = new PartitionTransactions()
  readonly watchers = new Set<Watcher>()
  replicas: number[]
  isr: number[]
  leader: number
  leaderEpoch = 0
  #unannounced = 0
  readonly #live: (node: number) => boolean
  /** Replicas that cannot be reached, though nobody has noticed yet, and where the log ended when they were cut off. */
  readonly #missing = new Map<number, number>()
  /** What nodes that are cut off from the others think of this partition. */
  readonly #seenByCutOff = new Map<number, Partition>()
  /** This is what a node thinks that is cut off. */
  #isCutOff = false

  constructor(topic: Topic, index: number, replicas: number[], live: (node: number) => boolean) {
    this.topic = topic
    this.index = index
    this.replicas = replicas
    this.#live = live
    this.isr = replicas.filter(live)
    this.leader = this.isr[0] ?? NO_LEADER
    // Someone must be allowed to lead when all are down at the topic's birth.
    if (this.isr.length === 0) this.isr = [...replicas]
    this.log.startEpoch(0)
    this.log.held = this.underMinInsync
  }

  /** Whether fewer replicas are in sync than acks 'all' wants; more than there are is never wanted. */
  get underMinInsync(): boolean {
    return this.isr.length < Math.min(this.topic.settings.minInsyncReplicas, this.replicas.length)
  }

  /** Whether replicas in sync do not get what is appended: acks 'all' has to wait, and readers see nothing new. */
  get stuck(): boolean {
    return this.isr.length > 1 && (this.#isCutOff || this.isr.some((node) => this.#missing.has(node)))
  }

  /** The partition as this node knows it: another one for a node that is cut off from the others. */
  seenBy(node: number): Partition {
    return this.#seenByCutOff.get(node) ?? this
  }

  /** Appends a judged batch; the bytes are the log's from now on. Returns the base offset. Watchers learn of it by {@link announce}. */
  append(bytes: Uint8Array, header: BatchHeader, maxTimestamp: number): number {
    const baseOffset = this.log.append(bytes, header, maxTimestamp, this.leaderEpoch)
    if (header.producerId >= 0) this.#learn(bytes, header, baseOffset, maxTimestamp)
    const { retentionBytes } = this.topic.settings
    if (retentionBytes >= 0) this.log.retain(retentionBytes)
    this.#unannounced += bytes.length
    return baseOffset
  }

  /** Up to where all transactions are decided: readers of committed records see no further. */
  get lastStableOffset(): number {
    return this.transactions.lastStableOffset(this.log)
  }

  /** Appends the marker that ends a producer's transaction. `now` is the wall clock. */
  end(marker: Marker, now: number): void {
    const batch = markerBatch(marker, now, this.topic.settings.logAppendTime)
    const header = readBatchHeader(batch, 0)
    if (typeof header !== 'string') this.append(batch, header, now)
  }

  /** Tells the watchers what they can read now: once a request, so that a long poll does not answer in the middle of it. */
  announce(): void {
    if (this.underMinInsync || this.stuck) return
    const bytes = this.#unannounced
    this.#unannounced = 0
    for (const watcher of [...this.watchers]) watcher.appended(bytes)
  }

  /** Hands the leadership over; the epoch grows, also when nobody leads. */
  elect(leader: number): void {
    this.leader = leader
    this.leaderEpoch++
    if (leader !== NO_LEADER) this.log.startEpoch(this.leaderEpoch)
    this.disturb()
  }

  disturb(): void {
    for (const watcher of [...this.watchers]) watcher.disturbed()
  }

  /** Gives the leadership to a live node, which becomes a replica if it was none, in the old leader's place. */
  moveTo(node: number): void {
    if (node === this.leader) return
    if (!this.replicas.includes(node)) {
      const old = this.leader
      const replaced = (nodes: number[]): number[] =>
        nodes.includes(old) ? nodes.map((id) => (id === old ? node : id)) : [...nodes, node]
      this.replicas = replaced(this.replicas)
      this.isr = replaced(this.isr)
    } else if (!this.isr.includes(node)) this.isr.push(node)
    this.#isrChanged()
    this.elect(node)
  }

  nodeStopped(node: number): void {
    if (!this.replicas.includes(node)) return
    const others = this.isr.filter((id) => id !== node)
    // The last one in sync stays in the set: only it may lead again without losing records.
    if (others.length > 0) this.isr = others
    this.#isrChanged()
    if (this.leader === node) this.elect(others[0] ?? NO_LEADER)
  }

  nodeStarted(node: number, live: (node: number) => boolean): void {
    if (!this.replicas.includes(node)) return
    if (this.leader === NO_LEADER && this.isr.includes(node)) this.elect(node)
    if (this.leader === NO_LEADER) return
    // Where there is a leader, whoever is alive has caught up at once; that may be others than this node.
    this.isr.push(...this.replicas.filter((id) => live(id) && !this.isr.includes(id)))
    this.#isrChanged()
  }

  settingsChanged(): void {
    this.#isrChanged()
    const { retentionBytes } = this.topic.settings
    if (retentionBytes >= 0) this.log.retain(retentionBytes)
  }

  /**
   * As after an unclean election: a replica that is not in sync leads now, the other one of two if there is one alive, and its log
   * ends at `offset`.
   */
  loseRecords(offset: number, live: (node: number) => boolean): void {
    this.log.truncate(offset)
    this.#learnAll()
    this.elect(this.replicas.find((node) => node !== this.leader && live(node)) ?? this.leader)
  }

  /** The node cannot be reached by the others any more, and they do not know it yet. */
  cutOff(node: number): void {
    if (!this.replicas.includes(node)) return
    this.#missing.set(node, this.log.logEndOffset)
    this.#isrChanged()
  }

  /** The others give up a node that was cut off: one of them leads, with what they have. The node itself goes on as before. */
  fenced(node: number): void {
    const end = this.#missing.get(node)
    if (end === undefined) return
    const own = this.#copyFor(node, end)
    this.#missing.delete(node)
    this.#seenByCutOff.set(node, own)
    if (this.leader === node && this.isr.length > 1 && end < this.log.logEndOffset) {
      this.log.truncate(end)
      this.#learnAll()
    }
    this.nodeStopped(node)
  }

  /** The node is back among the others; what only it had appended is gone unless it alone was in sync. */
  healed(node: number): void {
    const own = this.#seenByCutOff.get(node)
    this.#missing.delete(node)
    this.#seenByCutOff.delete(node)
    if (own && this.leader === NO_LEADER && this.isr.includes(node)) {
      this.log.copyFrom(own.log)
      this.#learnAll()
    }
    this.#isrChanged()
    own?.disturb()
  }

  #copyFor(node: number, end: number): Partition {
    const copy = new Partition(this.topic, this.index, [...this.replicas], this.#live)
    copy.log.copyFrom(this.log)
    // a follower has what it had when it was cut off
    if (this.leader !== node) copy.log.truncate(end)
    copy.isr = [...this.isr]
    copy.leader = this.leader
    copy.leaderEpoch = this.leaderEpoch
    copy.#isCutOff = true
    copy.#learnAll()
    copy.#isrChanged()
    return copy
  }

  /** Producers and transactions, from what is in the log. */
  #learnAll(): void {
    this.producers.forget()
    this.transactions.forget()
    for (const { bytes, baseOffset, maxTimestamp } of this.log.batches()) {
      const header = readBatchHeader(bytes, 0)
      if (typeof header !== 'string' && header.producerId >= 0) this.#learn(bytes, header, baseOffset, maxTimestamp)
    }
  }

  /** What a batch in the log says of its producer and of the producer's transaction. */
  #learn(bytes: Uint8Array, header: BatchHeader, baseOffset: number, maxTimestamp: number): void {
    const { producerId, producerEpoch: epoch, lastOffsetDelta } = header
    const lastOffset = baseOffset + lastOffsetDelta
    if (attributes.control(header.attributes)) {
      const marker = readMarker(bytes)
      if (marker === undefined) return
      this.producers.ended({ producerId, epoch, coordinatorEpoch: marker.coordinatorEpoch }, maxTimestamp)
      this.transactions.ended(producerId, epoch, lastOffset, marker.commit, this.log)
      return
    }
    this.producers.appended(header, baseOffset, lastOffset, maxTimestamp)
    if (attributes.transactional(header.attributes)) this.transactions.appended(producerId, baseOffset)
  }

  /** What fewer replicas than wanted have is not for readers (KIP-966). */
  #isrChanged(): void {
    const held = this.underMinInsync || this.stuck
    if (held === this.log.held) return
    this.log.held = held
    if (this.#unannounced > 0) this.announce()
  }
}

export class Topic {
  readonly name: string
  readonly id: string
  readonly partitions: Partition[]
  /** What was set on the topic itself. */
  configs: ReadonlyMap<string, string>
  /** What holds on this broker where the topic says nothing. */
  readonly brokerConfigs: ReadonlyMap<string, string>
  settings: TopicSettings
  readonly #live: (node: number) => boolean

  constructor(init: {
    name: string
    id: string
    /** The replicas of each partition, the preferred leader first. */
    assignment: number[][]
    configs: ReadonlyMap<string, string>
    brokerConfigs: ReadonlyMap<string, string>
    live: (node: number) => boolean
  }) {
    this.name = init.name
    this.id = init.id
    this.configs = init.configs
    this.brokerConfigs = init.brokerConfigs
    this.settings = settingsOf((name) => this.config(name))
    this.#live = init.live
    this.partitions = []
    this.grow(init.assignment)
  }

  /** Adds a partition for each list of replicas, the preferred leader first. */
  grow(assignment: number[][]): void {
    for (const replicas of assignment) this.partitions.push(new Partition(this, this.partitions.length, replicas, this.#live))
  }

  /** Sets all configs of the topic; what is not among them is not set any more. */
  alter(configs: ReadonlyMap<string, string>): void {
    this.configs = configs
    this.settings = settingsOf((name) => this.config(name))
    for (const partition of this.partitions) partition.settingsChanged()
  }

  /** A config's value: the topic's, the broker's, or Kafka's default. */
  config(name: string): string {
    return this.configs.get(name) ?? this.brokerConfigs.get(name) ?? topicConfigs.get(name)?.value ?? ''
  }
}

/** Why a topic cannot have this name, or undefined when it can. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return `'${name}' is not one`
  if (name.length > MAX_NAME_LENGTH) return `'${name}' has ${name.length} characters, ${MAX_NAME_LENGTH} are allowed`
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' has characters other than a-z, A-Z, 0-9, '.', '_' and '-'`
  }
  return undefined
}
