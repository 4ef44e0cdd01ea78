/**
 * All nodes of an embedded Kafka, in one thread: topics, who is alive, who leads, which ids were given out. Replication is
 * immediate: what a leader appends, every live replica has. Time, randomness and sockets come from the {@link Env}, so a
 * cluster also runs in its caller's thread on a virtual clock.
 */
import type { Env, TlsServer } from '../../../shared/env.ts'
import { KafkaError } from '../../../shared/errors.ts'
import { handlers } from './apis/index.ts'
import { Broker } from './broker.ts'
import { Clients } from './clients.ts'
import { type ClusterOptions, EVERYWHERE } from './cluster-options.ts'
import { FaultDesk } from './fault-desk.ts'
import { GroupCoordinator } from './groups/coordinator.ts'
import { Housekeeping, RETENTION_CHECK_MS } from './housekeeping.ts'
import { RandomIds } from './ids.ts'
import { Isolation } from './isolation.ts'
import type { Partition, PartitionWorld } from './partition.ts'
import { Placement } from './placement.ts'
import { Refusal } from './refusal.ts'
import { RequestCounts, RequestLog } from './request-log.ts'
import { Sasl } from './security/sasl.ts'
import { ScramUsers } from './security/scram-users.ts'
import { DataFolder, type DiskSpace } from './storage/folder.ts'
import { ScramSection } from './storage/scram-section.ts'
import { ClusterSection, GroupsSection, TopicsSection, TransactionsSection } from './storage/sections.ts'
import { NO_RECORDS, Storage } from './storage/storage.ts'
import type { Topic } from './topic.ts'
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from './topic-name.ts'
import { Topics } from './topics.ts'
import { TransactionCoordinator } from './transactions/coordinator.ts'
import { checkLimits, SpokenVersions, type VersionLimits } from './versions.ts'

const PRODUCER_ID_BLOCK = 1000

/** Base facts of a partition. */
export interface LogFacts {
  logStartOffset: number
  highWatermark: number
  /** Up to where every transaction is decided: readers of committed records see no further. */
  lastStableOffset: number
  /** −1: none at present. */
  leader: number
  leaderEpoch: number
}

/** From whom a node is cut off. */
export type CutFrom = 'nodes' | 'clients' | 'all'

export class Cluster {
  readonly env: Env
  readonly options: ClusterOptions
  id: string
  readonly nodes: readonly Broker[]
  readonly desk: FaultDesk
  readonly counts = new RequestCounts()
  readonly received: RequestLog
  readonly clients = new Clients()
  readonly ids: RandomIds
  readonly topics: Topics
  readonly isolation = new Isolation(this)
  readonly coordinator: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly scramUsers = new ScramUsers()
  /** Who may come in; undefined: everybody. */
  readonly sasl: Sasl | undefined
  /** What new connections are shown. */
  tls: TlsServer | undefined
  readonly world: PartitionWorld
  /** The next block of producer ids that nobody has. */
  nextProducerIdBlock = 0
  #storage: Storage | undefined

  constructor(env: Env, options: ClusterOptions) {
    this.env = env
    this.options = options
    this.ids = new RandomIds(() => env.random())
    this.id = this.ids.newId()
    this.desk = new FaultDesk(() => env.random())
    this.received = new RequestLog(options.recordedRequests ?? 0)
    this.tls = options.tls
    this.sasl = options.sasl && new Sasl(env, options.sasl, this.scramUsers, () => this.ids.newId())
    this.world = {
      live: (id) => this.isLive(id),
      wallClock: () => env.wallClock(),
      housekeeping: new Housekeeping(env),
      records: NO_RECORDS,
      retentionCheckMs: options.retentionCheckMs ?? RETENTION_CHECK_MS,
    }
    this.topics = new Topics({
      world: this.world,
      placement: new Placement({ has: (id) => this.nodes[id - 1] !== undefined, live: () => this.liveNodes.map(({ id }) => id) }),
      brokerConfigs: options.configs,
      newId: () => this.ids.newId(),
      came: (topic) => this.#came(topic),
      went: (topic) => this.#went(topic),
    })
    this.coordinator = new GroupCoordinator(this, options.groups)
    this.transactions = new TransactionCoordinator(this, options.transactions)
    this.nodes = Array.from({ length: options.nodes }, (_, i) => new Broker(this, i + 1))
  }

  /** Binds all nodes and makes the topics. */
  async start(): Promise<void> {
    const { host, port, maxVersions } = this.options
    try {
      if (maxVersions) checkLimits(maxVersions, handlers)
      if (this.options.dataDir !== undefined) await this.#restore(this.options.dataDir)
      for (const node of this.nodes) await node.start(host, port === 0 ? 0 : port + node.id - 1)
      for (const partition of this.topics.partitions()) {
        for (const id of partition.replicas) partition.nodeStarted(id, (other) => this.isLive(other))
      }
      const kept = new Set(this.topics.keys())
      for (const spec of this.options.topics) if (!kept.has(spec.topic)) this.topics.create(spec)
    } catch (error) {
      await this.close()
      if (error instanceof Refusal) throw new KafkaError('INVALID_OPTION', error.message, { option: 'topics', cause: error })
      throw error
    }
  }

  /** Takes what is in a folder, and keeps there what comes. */
  async #restore(path: string): Promise<void> {
    const folder = new DataFolder(path)
    const itself = new ClusterSection(this, (why) => folder.refused(why))
    const scram = new ScramSection(this.scramUsers)
    const sections = [itself, new TopicsSection(this), new GroupsSection(this), new TransactionsSection(this), scram]
    this.#storage = await Storage.open(folder, sections, {
      usefulBytes: () => [...this.topics.partitions()].reduce((sum, { log }) => sum + log.sizeInBytes, 0),
      onError: (error) => this.bug(error),
    })
    this.world.records = this.#storage
    this.#storage.note(itself.name, itself.entry)
    this.scramUsers.onChange = (change) => this.world.records.note(scram.name, change)
  }

  /** Resolves when all that is to be kept is on the disk. */
  async close(): Promise<void> {
    for (const node of this.nodes) node.stop()
    // before groups end, which is not to be kept
    const closing = this.#storage?.close()
    this.world.records = NO_RECORDS
    this.isolation.close()
    this.coordinator.close()
    this.transactions.close()
    this.world.housekeeping.close()
    await closing
  }

  /** How large the disk is that logs are kept on, and how much of it is free; −1: none are. */
  async logSpace(): Promise<DiskSpace> {
    return (await this.#storage?.space()) ?? { totalBytes: -1, usableBytes: -1 }
  }

  /** `host:port` of each node, also of those that are stopped. */
  get addresses(): string[] {
    const { host: given } = this.options
    // this machine has all addresses, and is not to be looked for by the name that others know it by
    const here = EVERYWHERE.get(given) ?? given
    const host = here.includes(':') ? `[${here}]` : here
    return this.nodes.map((node) => `${host}:${node.port}`)
  }

  /** Those that the cluster counts on. */
  get liveNodes(): Broker[] {
    return this.nodes.filter(({ id }) => this.isLive(id))
  }

  /** Those that this node knows of: one that is cut off thinks that all the others are there. */
  nodesSeenBy(id: number): Broker[] {
    return this.isolation.isCut(id) ? this.nodes.filter((node) => node.live) : this.liveNodes
  }

  /** The live node with the lowest id; −1 when all are down. */
  get controllerId(): number {
    return this.liveNodes[0]?.id ?? -1
  }

  isLive(id: number): boolean {
    return this.nodes[id - 1]?.live === true && !this.isolation.isFenced(id)
  }

  rackOf(node: number): string | null {
    return this.options.racks?.[node - 1] ?? this.options.rack
  }

  /** Where a reader in `rack` is to read from instead of the leader (KIP-392), as Kafka's `RackAwareReplicaSelector` says. */
  replicaNear(rack: string, { leader, isr }: Partition): number | undefined {
    if (this.options.racks === undefined || rack === '' || this.rackOf(leader) === rack) return undefined
    return isr.find((node) => this.isLive(node) && this.rackOf(node) === rack)
  }

  #came(topic: Topic): void {
    if (topic.name === OFFSETS_TOPIC) this.coordinator.follow(topic)
    if (topic.name === TRANSACTIONS_TOPIC) this.transactions.follow(topic)
  }

  #went(topic: Topic): void {
    this.coordinator.topicDeleted(topic)
    this.transactions.topicDeleted(topic)
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.topics.get(topic)?.partitions[index]
  }

  /** Kills a node: its connections close, other in-sync replicas take over. */
  kill(id: number): void {
    const node = this.#nodeOf(id)
    if (!node.live) return
    node.stop()
    for (const partition of this.topics.partitions()) partition.nodeStopped(id)
  }

  /** Brings a stopped node back, on its port. */
  async revive(id: number): Promise<void> {
    const node = this.#nodeOf(id)
    if (node.live) return
    await node.start(this.options.host, node.port)
    if (this.isolation.isCut(id)) return
    for (const partition of this.topics.partitions()) partition.nodeStarted(id, (other) => this.isLive(other))
  }

  /** Cuts a node off from the others, who notice after `electionMs`, from clients, or from all. */
  isolate(id: number, from: CutFrom, electionMs: number): void {
    const node = this.#nodeOf(id)
    if (from !== 'nodes') node.freeze(true)
    if (from !== 'clients') this.isolation.cut(node, electionMs)
  }

  /** Ends what {@link isolate} has done. */
  heal(id: number): void {
    const node = this.#nodeOf(id)
    this.isolation.heal(node)
    node.freeze(false)
  }

  /** New connections of all nodes are shown this certificate. */
  renewCertificate(pair: { cert: string; key: string }): void {
    if (this.tls === undefined) throw new KafkaError('INVALID_ARGUMENT', 'This broker was started without TLS')
    this.tls = { ...this.tls, ...pair }
    for (const node of this.nodes) node.renewTls(this.tls)
  }

  /** Makes a live node the leader of a partition. */
  moveLeader(topic: string, index: number, id: number): void {
    const partition = this.#partitionOf(topic, index)
    if (this.isolation.isCut(id))
      throw new KafkaError('INVALID_ARGUMENT', `Node ${id} is cut off and cannot be made the leader of ${topic}-${index}`)
    if (!this.#nodeOf(id).live)
      throw new KafkaError('INVALID_ARGUMENT', `Node ${id} is stopped and cannot lead ${topic}-${index}`)
    partition.moveTo(id)
  }

  /** Makes a live node the coordinator of a group and of the others in its partition; it needs `loadingMs` to get ready. */
  moveCoordinator(group: string, id: number, loadingMs: number): void {
    const node = this.#nodeOf(id)
    if (this.isolation.isCut(id))
      throw new KafkaError('INVALID_ARGUMENT', `Node ${id} is cut off and cannot coordinate group '${group}'`)
    if (!node.live) throw new KafkaError('INVALID_ARGUMENT', `Node ${id} is stopped and cannot coordinate group '${group}'`)
    this.coordinator.move(group, id, loadingMs)
  }

  /** The same for a transactional id. */
  moveTransactionCoordinator(id: string, nodeId: number, loadingMs: number): void {
    const node = this.#nodeOf(nodeId)
    if (!node.live)
      throw new KafkaError('INVALID_ARGUMENT', `Node ${nodeId} is stopped and cannot coordinate transactional id '${id}'`)
    this.transactions.move(id, nodeId, loadingMs)
  }

  /** The end of a partition's log is lost, as after an unclean election. */
  loseRecords(topic: string, index: number, offset: number): void {
    this.#partitionOf(topic, index).loseRecords(offset, (id) => this.isLive(id))
  }

  /** What a node thinks of a partition. */
  factsAt(topic: string, index: number, id: number): LogFacts {
    return factsOf(this.#partitionOf(topic, index).seenBy(this.#nodeOf(id).id))
  }

  /** From the next request on, a node (or all) speaks no later versions than these; what is not named as far as it can. */
  limitVersions(limits: VersionLimits, id: number | undefined): void {
    checkLimits(limits, handlers)
    for (const node of id === undefined ? this.nodes : [this.#nodeOf(id)]) node.versions = new SpokenVersions(limits)
  }

  logFacts(topic: string, index: number): LogFacts {
    return factsOf(this.#partitionOf(topic, index))
  }

  /** Someone's request, whose connection is closed already, or a timer ran into a mistake of ours. */
  bug(error: unknown): void {
    this.options.onBug(error)
  }

  /** The first of a block of 1000 producer ids that nobody else gets. */
  takeProducerIdBlock(): { first: number; size: number } {
    const first = this.nextProducerIdBlock++ * PRODUCER_ID_BLOCK
    const { id, nodes, nextProducerIdBlock } = this
    this.world.records.note('cluster', { id, nodes: nodes.length, nextProducerIdBlock })
    return { first, size: PRODUCER_ID_BLOCK }
  }

  #nodeOf(id: number): Broker {
    const node = this.nodes[id - 1]
    if (node) return node
    throw new KafkaError('INVALID_ARGUMENT', `There is no node ${id}; the nodes are 1 to ${this.nodes.length}`)
  }

  #partitionOf(topic: string, index: number): Partition {
    const partition = this.partition(topic, index)
    if (partition) return partition
    throw new KafkaError('INVALID_ARGUMENT', `There is no partition ${topic}-${index} on this broker`, {
      topic,
      partition: index,
    })
  }
}

function factsOf({ log, leader, leaderEpoch, lastStableOffset }: Partition): LogFacts {
  const { logStartOffset, highWatermark } = log
  return { logStartOffset, highWatermark, lastStableOffset, leader, leaderEpoch }
}
