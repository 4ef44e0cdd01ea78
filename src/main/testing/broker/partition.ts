/**
 * A partition: who leads, who is in sync, the log, the producers' state, and who waits for news. Knows which nodes are alive only by being
 * told; knows no requests. When records are too old or to be compacted its {@link LogUpkeep} knows.
 */
import { attributes, type BatchHeader, readBatchHeader } from '../../../shared/record-batch.ts'
import { PartitionLog, type SavedLog, type StoredBatch } from './log.ts'
import { type KeptLog, LogUpkeep, type UpkeepWorld } from './log-upkeep.ts'
import { ProducerState, type SavedProducers } from './producer-state.ts'
import { NO_RECORDS, type Records } from './storage/storage.ts'
import type { Topic } from './topic.ts'
import type { TopicSettings } from './topic-configs.ts'
import { type Marker, markerBatch, readMarker } from './transactions/marker.ts'
import { PartitionTransactions, type SavedTransactions } from './transactions/partition-transactions.ts'

export const NO_LEADER = -1

/** Someone who waits for news of partitions: a long poll. */
export interface Watcher {
  /** Records came. */
  appended(bytes: number): void
  /** Leader, log start or existence changed. */
  disturbed(): void
}

/** What a partition needs of the cluster. */
export interface PartitionWorld extends UpkeepWorld {
  live(node: number): boolean
  /** What outlives the process is told here. */
  records: Records
}

/** All of a partition but its batches. */
export interface SavedPartition {
  readonly log: SavedLog
  readonly replicas: number[]
  readonly leaderEpoch: number
  readonly producers: SavedProducers
  readonly transactions: SavedTransactions
}

/** What happens to a partition besides that batches are appended. `cleaned` is followed by the batches that stay. */
export type PartitionChange =
  | { readonly what: 'led'; readonly replicas: number[]; readonly leaderEpoch: number }
  | { readonly what: 'begins'; readonly start: number }
  | { readonly what: 'ends'; readonly end: number }
  | { readonly what: 'cleaned'; readonly before: number; readonly batches: number }

export class Partition implements KeptLog {
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
  readonly #world: PartitionWorld
  readonly #upkeep: LogUpkeep
  /** While batches that were cleaned are being given back. */
  #cleaned: { before: number; left: number; batches: StoredBatch[] } | undefined
  /** Replicas that cannot be reached, though nobody has noticed yet, and where the log ended when they were cut off. */
  readonly #missing = new Map<number, number>()
  /** What nodes that are cut off from the others think of this partition. */
  readonly #seenByCutOff = new Map<number, Partition>()
  /** This is what a node thinks that is cut off. */
  #isCutOff = false

  constructor(topic: Topic, index: number, replicas: number[], world: PartitionWorld) {
    this.topic = topic
    this.index = index
    this.replicas = replicas
    this.#world = world
    this.#upkeep = new LogUpkeep(this, world)
    this.isr = replicas.filter((node) => world.live(node))
    this.leader = this.isr[0] ?? NO_LEADER
    // Someone must be allowed to lead when all are down at the topic's birth.
    if (this.isr.length === 0) this.isr = [...replicas]
    this.log.startEpoch(0)
    this.log.held = this.underMinInsync
  }

  get settings(): TopicSettings {
    return this.topic.settings
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
    const now = this.#world.wallClock()
    const rolled = this.#upkeep.before(bytes.length, maxTimestamp, now)
    const baseOffset = this.log.append(bytes, header, maxTimestamp, this.leaderEpoch)
    if (header.producerId >= 0) this.#learn(bytes, header, baseOffset, maxTimestamp)
    this.#world.records.batch(this.topic.id, this.index, bytes)
    this.#upkeep.after(rolled, now)
    this.#unannounced += bytes.length
    return baseOffset
  }

  /** The log begins at `offset` from now on, which readers can see already. */
  deleteBefore(offset: number): void {
    if (offset <= this.log.logStartOffset) return
    this.log.deleteBefore(offset)
    this.begins()
    this.disturb()
  }

  /** Notes where the log begins now. */
  begins(): void {
    this.#changed({ what: 'begins', start: this.log.logStartOffset })
  }

  #changed(change: PartitionChange): void {
    this.#world.records.note('topics', { what: 'changed', id: this.topic.id, index: this.index, change })
  }

  /** Notes what is left of what was compacted, all before this offset. */
  cleaned(before: number): void {
    const batches = [...this.log.batches()].filter(({ lastOffset }) => lastOffset < before)
    this.#changed({ what: 'cleaned', before, batches: batches.length })
    for (const { bytes } of batches) this.#world.records.batch(this.topic.id, this.index, bytes)
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
    this.#changed({ what: 'led', replicas: this.replicas, leaderEpoch: this.leaderEpoch })
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

  /** These are the replicas from now on, the preferred leader first. One that leads stays leader; new ones have everything at once. */
  reassign(replicas: number[], live: (node: number) => boolean): void {
    const leaves = this.replicas.some((id) => !replicas.includes(id))
    const hasLeader = this.leader !== NO_LEADER
    this.isr = replicas.filter((id) => this.isr.includes(id) || (hasLeader && live(id)))
    this.replicas = replicas
    this.#isrChanged()
    const stays = this.isr.includes(this.leader)
    // as Kafka does, so that nobody who has left is believed to be a replica
    if (!stays || leaves) this.elect(stays ? this.leader : (this.isr.find(live) ?? NO_LEADER))
    else this.#changed({ what: 'led', replicas, leaderEpoch: this.leaderEpoch })
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
    this.#upkeep.settingsChanged()
  }

  /** Nothing is looked after any more. */
  close(): void {
    this.#upkeep.close()
    for (const copy of this.#seenByCutOff.values()) copy.close()
    this.disturb()
  }

  /**
   * As after an unclean election: a replica that is not in sync leads now, the other one of two if there is one alive, and its log
   * ends at `offset`.
   */
  loseRecords(offset: number, live: (node: number) => boolean): void {
    this.#changed({ what: 'ends', end: offset })
    this.#truncate(offset)
    this.elect(this.replicas.find((node) => node !== this.leader && live(node)) ?? this.leader)
  }

  #truncate(offset: number): void {
    this.log.truncate(offset)
    this.#upkeep.truncated()
    this.#learnAll()
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
      this.#changed({ what: 'ends', end })
      this.#truncate(end)
    }
    this.nodeStopped(node)
  }

  /** The node is back among the others; what only it had appended is gone unless it alone was in sync. */
  healed(node: number): void {
    const own = this.#seenByCutOff.get(node)
    this.#missing.delete(node)
    this.#seenByCutOff.delete(node)
    if (own && this.leader === NO_LEADER && this.isr.includes(node)) {
      for (const { baseOffset, bytes } of own.log.batches())
        if (baseOffset >= this.log.logEndOffset) this.#world.records.batch(this.topic.id, this.index, bytes)
      this.log.copyFrom(own.log)
      this.#learnAll()
    }
    this.#isrChanged()
    own?.close()
  }

  #copyFor(node: number, end: number): Partition {
    const copy = new Partition(this.topic, this.index, [...this.replicas], { ...this.#world, records: NO_RECORDS })
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

  get saved(): SavedPartition {
    const { replicas, leaderEpoch } = this
    return { log: this.log.saved, replicas, leaderEpoch, producers: this.producers.saved, transactions: this.transactions.saved }
  }

  /** As it was; its batches are there already. */
  restore({ log, replicas, leaderEpoch, producers, transactions }: SavedPartition): void {
    this.#led(replicas, leaderEpoch)
    this.log.restoreMarks(log)
    this.producers.restore(producers)
    this.transactions.restore(transactions)
  }

  restoreBatch(bytes: Uint8Array): void {
    const header = readBatchHeader(bytes, 0)
    if (typeof header === 'string') return
    const { baseOffset, lastOffsetDelta, maxTimestamp, partitionLeaderEpoch: leaderEpoch } = header
    const lastOffset = baseOffset + lastOffsetDelta
    const cleaned = this.#cleaned
    if (cleaned) {
      cleaned.batches.push({ baseOffset, lastOffset, maxTimestamp, leaderEpoch, bytes, size: bytes.length })
      if (--cleaned.left === 0) this.#finishCleaning()
      return
    }
    this.#upkeep.before(bytes.length, maxTimestamp, this.#world.wallClock())
    this.log.restore(bytes, header)
    if (header.producerId >= 0) this.#learn(bytes, header, baseOffset, maxTimestamp)
  }

  /** Does again what happened once. */
  repeat(change: PartitionChange): void {
    if (change.what === 'begins') this.log.deleteBefore(change.start)
    else if (change.what === 'ends') this.#truncate(change.end)
    else if (change.what === 'led') this.#led(change.replicas, change.leaderEpoch)
    else {
      this.#cleaned = { before: change.before, left: change.batches, batches: [] }
      if (change.batches === 0) this.#finishCleaning()
    }
  }

  /** What was cleaned when the process ended, and not written whole, is not cleaned. */
  #finishCleaning(): void {
    const { before, batches } = this.#cleaned!
    this.#cleaned = undefined
    this.log.replaceBefore(before, batches)
  }

  /** Nobody leads until a node is up. */
  #led(replicas: number[], leaderEpoch: number): void {
    this.replicas = replicas
    this.isr = [...replicas]
    this.leaderEpoch = leaderEpoch
    this.log.startEpoch(leaderEpoch)
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
