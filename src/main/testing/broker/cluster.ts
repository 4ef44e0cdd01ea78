/**
 * All nodes of an embedded Kafka, in one thread: topics, who is alive, who leads, which ids were given out. Replication is
 * immediate: what a leader appends, every live replica has. Time, randomness and sockets come from the {@link Env}, so a
 * cluster also runs in its caller's thread on a virtual clock.
 */
import type { Env, TlsServer } from '../../../shared/env.ts'
import { KafkaError } from '../../../shared/errors.ts'
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import { handlers } from './apis/index.ts'
import { Broker } from './broker.ts'
import { Clients } from './clients.ts'
import { FaultDesk } from './fault-desk.ts'
import { GroupCoordinator } from './groups/coordinator.ts'
import type { GroupSettings } from './groups/settings.ts'
import { Housekeeping, RETENTION_CHECK_MS } from './housekeeping.ts'
import { Isolation } from './isolation.ts'
import { Refusal } from './refusal.ts'
import { RequestCounts, RequestLog } from './request-log.ts'
import { Sasl, type SaslSettings } from './security/sasl.ts'
import { ScramUsers } from './security/scram-users.ts'
import { DataFolder } from './storage/folder.ts'
import {
  ClusterSection,
  GroupsSection,
  savedTopic,
  type TopicEntry,
  TopicsSection,
  TransactionsSection,
} from './storage/sections.ts'
import { NO_RECORDS, Storage } from './storage/storage.ts'
import { OFFSETS_TOPIC, type Partition, type PartitionWorld, Topic, TRANSACTIONS_TOPIC, topicNameProblem } from './topic.ts'
import { configProblem, conflictOf } from './topic-configs.ts'
import { TransactionCoordinator } from './transactions/coordinator.ts'
import type { TransactionSettings } from './transactions/settings.ts'
import { checkLimits, SpokenVersions, type VersionLimits } from './versions.ts'

const PRODUCER_ID_BLOCK = 1000
const MAX_PARTITIONS = 10_000
const DEFAULT_REPLICATION = 3

/** Addresses that stand for all of a machine, and how it reaches itself. */
export const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

export interface TopicSpec {
  topic: string
  /** −1 or left out: 1. */
  partitions?: number
  /** −1 or left out: 3, or all nodes when there are fewer. */
  replicationFactor?: number
  configs?: ReadonlyMap<string, string>
}

export interface ClusterOptions {
  nodes: number
  host: string
  /** What clients are told instead of `host`. */
  advertisedHost?: string
  /** Of the first node, the others take the next ones; 0: free ones. */
  port: number
  /** That of every node where `racks` has none for it. */
  rack: string | null
  /** By node. Readers who say where they are get sent to a replica there. */
  racks?: readonly string[]
  /** A producer that wrote nothing to a partition for so long is forgotten there. Default: never. */
  producerIdExpirationMs?: number
  topics: readonly TopicSpec[]
  autoCreateTopics: boolean
  /** Topic configs that hold where a topic says nothing. */
  configs: ReadonlyMap<string, string>
  /** How often records that are too old are looked for; as Kafka by default. */
  retentionCheckMs?: number
  /** Of consumer groups; Kafka's defaults, mostly, where nothing is said. */
  groups?: Partial<GroupSettings>
  /** The folder where all is kept, so that another cluster can go on with it. Default: none. */
  dataDir?: string
  /** Of transactions; Kafka's defaults where nothing is said. */
  transactions?: Partial<TransactionSettings>
  /** Left out: nodes speak plain text. */
  tls?: TlsServer
  /** Left out: whoever connects is in. */
  sasl?: SaslSettings
  /** Connections of a node at a time; further ones are closed. */
  maxConnections?: number
  /** How many of the last requests are remembered; default none. */
  recordedRequests?: number
  /** Up to which version an API is spoken, for all nodes. */
  maxVersions?: VersionLimits
  /** The clock of waits that a client has asked for, such as long polls: its own time, not the broker's. Default: the broker's. */
  patience?: Pick<Env, 'setTimeout' | 'clearTimeout'>
  /** A handler threw what no handler may throw. */
  onBug: (error: unknown) => void
}

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
  readonly topics = new Map<string, Topic>()
  readonly isolation = new Isolation(this)
  readonly coordinator: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly scramUsers = new ScramUsers()
  /** Who may come in; undefined: everybody. */
  readonly sasl: Sasl | undefined
  /** What new connections are shown. */
  tls: TlsServer | undefined
  /** Grows whenever a topic comes, grows or goes. */
  topicsVersion = 0
  /** `topicsVersion` when the newest topic came. */
  newTopicVersion = 0
  readonly #topicsById = new Map<string, Topic>()
  readonly world: PartitionWorld
  /** The next block of producer ids that nobody has. */
  nextProducerIdBlock = 0
  #storage: Storage | undefined
  /** Where the next topic's first replica goes, so that leaders spread. */
  #nextReplica = 0

  constructor(env: Env, options: ClusterOptions) {
    this.env = env
    this.options = options
    this.id = this.newId()
    this.desk = new FaultDesk(() => env.random())
    this.received = new RequestLog(options.recordedRequests ?? 0)
    this.tls = options.tls
    this.sasl = options.sasl && new Sasl(env, options.sasl, this.scramUsers, () => this.newId())
    this.world = {
      live: (id) => this.isLive(id),
      wallClock: () => env.wallClock(),
      housekeeping: new Housekeeping(env),
      records: NO_RECORDS,
      retentionCheckMs: options.retentionCheckMs ?? RETENTION_CHECK_MS,
    }
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
      for (const partition of this.#partitions()) {
        for (const id of partition.replicas) partition.nodeStarted(id, (other) => this.isLive(other))
      }
      const kept = new Set(this.topics.keys())
      for (const spec of this.options.topics) if (!kept.has(spec.topic)) this.createTopic(spec)
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
    const sections = [itself, new TopicsSection(this), new GroupsSection(this), new TransactionsSection(this)]
    this.#storage = await Storage.open(folder, sections, {
      usefulBytes: () => [...this.#partitions()].reduce((sum, { log }) => sum + log.sizeInBytes, 0),
      onError: (error) => this.bug(error),
    })
    this.world.records = this.#storage
    this.#storage.note(itself.name, itself.entry)
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

  topicById(id: string): Topic | undefined {
    return this.#topicsById.get(id)
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.topics.get(topic)?.partitions[index]
  }

  /** Kills a node: its connections close, other in-sync replicas take over. */
  kill(id: number): void {
    const node = this.#nodeOf(id)
    if (!node.live) return
    node.stop()
    for (const partition of this.#partitions()) partition.nodeStopped(id)
  }

  /** Brings a stopped node back, on its port. */
  async revive(id: number): Promise<void> {
    const node = this.#nodeOf(id)
    if (node.live) return
    await node.start(this.options.host, node.port)
    if (this.isolation.isCut(id)) return
    for (const partition of this.#partitions()) partition.nodeStarted(id, (other) => this.isLive(other))
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

  /** Throws a {@link Refusal} when there cannot be such a topic; makes none when `validateOnly`. */
  createTopic(spec: TopicSpec, assignment?: number[][], validateOnly = false): Topic {
    const { topic: name } = spec
    this.checkName(name)
    const configs = spec.configs ?? new Map<string, string>()
    for (const [config, value] of configs) {
      const problem = configProblem(config, value)
      if (problem) throw new Refusal(ErrorCode.INVALID_CONFIG, problem)
    }
    const topic = new Topic({
      name,
      id: this.newId(),
      assignment: assignment ? this.#checkAssignment(assignment) : this.#assign(spec),
      configs,
      brokerConfigs: this.options.configs,
      world: this.world,
    })
    const conflict = conflictOf((config) => topic.config(config))
    if (conflict) throw new Refusal(ErrorCode.INVALID_CONFIG, conflict)
    if (validateOnly) return topic
    this.adopt(topic)
    this.world.records.note('topics', { what: 'made', topic: savedTopic(topic) } satisfies TopicEntry)
    return topic
  }

  /** Has a topic from now on. */
  adopt(topic: Topic): void {
    this.topics.set(topic.name, topic)
    this.#topicsById.set(topic.id, topic)
    this.newTopicVersion = ++this.topicsVersion
    if (topic.name === OFFSETS_TOPIC) this.coordinator.follow(topic)
    if (topic.name === TRANSACTIONS_TOPIC) this.transactions.follow(topic)
  }

  /** Makes a topic have `count` partitions; throws a {@link Refusal} when it cannot, and changes nothing when `validateOnly`. */
  createPartitions(topic: Topic, count: number, assignment: number[][] | undefined, validateOnly: boolean): void {
    const present = topic.partitions.length
    if (count <= present) {
      const why = count === present ? 'that is what it has' : 'that would not be an increase'
      throw new Refusal(ErrorCode.INVALID_PARTITIONS, `'${topic.name}' cannot get ${count} partitions, it has ${present}: ${why}`)
    }
    const factor = topic.partitions[0]!.replicas.length
    if (assignment && assignment.length !== count - present) {
      const text = `${count - present} partitions are to be added to '${topic.name}', but replicas are given for ${assignment.length}`
      throw new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, text)
    }
    if (assignment?.some((replicas) => replicas.length !== factor)) {
      const text = `Every partition of '${topic.name}' has ${factor} replicas, so must the new ones`
      throw new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, text)
    }
    const wanted = { topic: topic.name, partitions: count - present, replicationFactor: factor }
    const replicas = assignment ? this.#checkAssignment(assignment) : this.#assign(wanted)
    if (validateOnly) return
    topic.grow(replicas)
    this.world.records.note('topics', { what: 'grown', id: topic.id, assignment: replicas } satisfies TopicEntry)
    this.topicsVersion++
  }

  deleteTopic(topic: Topic): void {
    this.topics.delete(topic.name)
    this.#topicsById.delete(topic.id)
    this.topicsVersion++
    this.world.records.note('topics', { what: 'deleted', id: topic.id } satisfies TopicEntry)
    this.coordinator.topicDeleted(topic)
    this.transactions.topicDeleted(topic)
    for (const partition of topic.partitions) partition.close()
  }

  /** Throws a {@link Refusal} when no topic can have this name, or one has it. */
  checkName(name: string): void {
    const problem = topicNameProblem(name)
    if (problem) throw new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, `Not a topic name: ${problem}`)
    if (this.topics.has(name)) throw new Refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `There is a topic '${name}' already`)
    // Kafka's metrics turn dots into underscores, so it refuses names that would then be one.
    const flat = (text: string): string => text.replaceAll('.', '_')
    if (!/[._]/.test(name)) return
    for (const other of this.topics.keys()) {
      if (flat(other) === flat(name)) {
        throw new Refusal(
          ErrorCode.INVALID_TOPIC_EXCEPTION,
          `'${name}' is too like the existing topic '${other}': only dots and underscores differ`,
        )
      }
    }
  }

  /** Replicas in turn over the live nodes. */
  #assign({ topic, partitions = -1, replicationFactor = -1 }: TopicSpec): number[][] {
    const nodes = this.liveNodes.map((node) => node.id)
    const factor = replicationFactor === -1 ? Math.min(DEFAULT_REPLICATION, nodes.length) : replicationFactor
    const badFactor = (): Refusal =>
      new Refusal(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        `Replication factor of '${topic}' was ${factor}; it must be 1 to the number of live nodes, ${nodes.length}.`,
      )
    if (factor < 1) throw badFactor()
    const count = partitions === -1 ? 1 : partitions
    if (count < 1 || count > MAX_PARTITIONS) {
      throw new Refusal(
        ErrorCode.INVALID_PARTITIONS,
        `Number of partitions of '${topic}' was ${count}; it must be 1 to ${MAX_PARTITIONS}.`,
      )
    }
    if (factor > nodes.length) throw badFactor()
    const start = this.#nextReplica++
    return Array.from({ length: count }, (_, p) =>
      Array.from({ length: factor }, (_, r) => nodes[(start + p + r) % nodes.length]!),
    )
  }

  #checkAssignment(assignment: number[][]): number[][] {
    const factor = assignment[0]?.length ?? 0
    for (const replicas of assignment) {
      const known = replicas.every((id) => this.nodes[id - 1] !== undefined)
      if (!known || replicas.length === 0 || replicas.length !== factor || new Set(replicas).size !== replicas.length) {
        throw new Refusal(
          ErrorCode.INVALID_REPLICA_ASSIGNMENT,
          `The replicas [${replicas.join(', ')}] must be ${factor} known nodes, each once`,
        )
      }
    }
    return assignment
  }

  *#partitions(): Generator<Partition> {
    for (const topic of this.topics.values()) yield* topic.partitions
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

  /** A random UUID in Kafka's text form. */
  newId(): string {
    const text = this.#randomUuid().toString('base64url')
    // Kafka avoids a leading dash, which command lines take for a flag.
    return text.startsWith('-') ? this.newId() : text
  }

  /** A random UUID as everybody else writes it. */
  newUuid(): string {
    return this.#randomUuid()
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  #randomUuid(): Buffer {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(this.env.random() * 256)))
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    return bytes
  }
}

function factsOf({ log, leader, leaderEpoch, lastStableOffset }: Partition): LogFacts {
  const { logStartOffset, highWatermark } = log
  return { logStartOffset, highWatermark, lastStableOffset, leader, leaderEpoch }
}
