/** The sections of what a cluster keeps: itself, its topics with their logs, its groups with their offsets. */
import { serialize } from 'node:v8'
import type { KafkaError } from '../../../../shared/errors.ts'
import type { Cluster } from '../cluster.ts'
import { ClassicGroup, type SavedGroup } from '../groups/classic-group.ts'
import type { SavedConsumerGroup } from '../groups/consumer-group.ts'
import type { CommittedOffset } from '../groups/offsets.ts'
import type { Group } from '../groups/store.ts'
import type { Partition } from '../partition.ts'
import { savedTopic, Topic, type TopicEntry } from '../topic.ts'
import type { PendingOffsets } from '../transactions/pending-offsets.ts'
import { type SavedTransaction, Transaction } from '../transactions/transaction.ts'
import type { Section, SnapshotWriter } from './storage.ts'

interface ClusterEntry {
  id: string
  nodes: number
  nextProducerIdBlock: number
}

/** Who the cluster is, and which producer ids it gave out. */
export class ClusterSection implements Section {
  readonly name = 'cluster'
  readonly #cluster: Cluster
  readonly #refused: (why: string) => KafkaError

  constructor(cluster: Cluster, refused: (why: string) => KafkaError) {
    this.#cluster = cluster
    this.#refused = refused
  }

  get entry(): ClusterEntry {
    const { id, nodes, nextProducerIdBlock } = this.#cluster
    return { id, nodes: nodes.length, nextProducerIdBlock }
  }

  snapshot(writer: SnapshotWriter): void {
    writer.note(this.entry)
  }

  restore({ id, nodes, nextProducerIdBlock }: ClusterEntry): void {
    const here = this.#cluster.nodes.length
    if (nodes > here) throw this.#refused(`is of a cluster of ${nodes} nodes and cannot be used with ${here} (option 'nodes')`)
    this.#cluster.id = id
    this.#cluster.nextProducerIdBlock = nextProducerIdBlock
  }
}

/** Topics, who leads them, and their logs with what these remember of producers. */
export class TopicsSection implements Section {
  readonly name = 'topics'
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  snapshot(writer: SnapshotWriter): void {
    for (const topic of this.#cluster.topics.values()) {
      writer.note({ what: 'made', topic: savedTopic(topic) } satisfies TopicEntry)
      for (const partition of topic.partitions) {
        for (const { bytes } of partition.log.batches()) writer.batch(topic.id, partition.index, bytes)
        const { index } = partition
        writer.note({ what: 'partition', id: topic.id, index, saved: partition.saved } satisfies TopicEntry)
      }
    }
  }

  restore(entry: TopicEntry): void {
    const cluster = this.#cluster
    if (entry.what === 'made') {
      cluster.topics.adopt(new Topic({ ...entry.topic, brokerConfigs: cluster.options.configs, world: cluster.world }))
      return
    }
    const topic = cluster.topics.byId(entry.id)
    if (topic === undefined) return
    switch (entry.what) {
      case 'deleted':
        cluster.topics.delete(topic)
        return
      case 'grown':
        topic.grow(entry.assignment)
        return
      case 'configs':
        topic.alter(entry.configs)
        return
      case 'partition':
        topic.partitions[entry.index]?.restore(entry.saved)
        return
      default:
        topic.partitions[entry.index]?.repeat(entry.change)
    }
  }

  restoreBatch(topicId: string, index: number, bytes: Uint8Array): void {
    this.#partition(topicId, index)?.restoreBatch(bytes)
  }

  restored(): void {
    for (const topic of this.#cluster.topics.values()) for (const partition of topic.partitions) partition.settingsChanged()
  }

  #partition(topicId: string, index: number): Partition | undefined {
    return this.#cluster.topics.byId(topicId)?.partitions[index]
  }
}

type SavedState = { type: 'classic'; saved: SavedGroup } | { type: 'consumer'; saved: SavedConsumerGroup }

export type GroupEntry =
  | { what: 'group'; id: string; state: SavedState | undefined }
  | { what: 'offset'; id: string; topic: string; partition: number; committed: CommittedOffset | undefined }
  | { what: 'no offsets'; id: string }
  | { what: 'configs'; id: string; configs: ReadonlyMap<string, string> }

/** Groups as their coordinators would have written them down, and the offsets that were committed. */
export class GroupsSection implements Section {
  readonly name = 'groups'
  readonly #cluster: Cluster
  /** What was noted last of each group. */
  readonly #noted = new Map<string, Buffer>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  snapshot(writer: SnapshotWriter): void {
    const { store } = this.#cluster.coordinator
    for (const group of store.groups.values())
      writer.note({ what: 'group', id: group.id, state: stateOf(group) } satisfies GroupEntry)
    for (const id of store.configs.ids()) writer.note({ what: 'configs', id, configs: store.configs.of(id) } satisfies GroupEntry)
    for (const id of store.ids()) {
      for (const { topic, partitions } of store.offsetsOf(id)?.list() ?? []) {
        for (const [partition, committed] of partitions)
          writer.note({ what: 'offset', id, topic, partition, committed } satisfies GroupEntry)
      }
    }
  }

  restore(entry: GroupEntry): void {
    const { store } = this.#cluster.coordinator
    if (entry.what === 'no offsets') store.deleteOffsets(entry.id)
    else if (entry.what === 'configs') store.configs.set(entry.id, entry.configs)
    else if (entry.what === 'offset') {
      const { id, topic, partition, committed } = entry
      if (committed) {
        store.counted(committed.order)
        store.offsetsFor(id).set(topic, partition, committed)
      } else store.offsetsOf(id)?.delete(topic, partition)
    } else {
      const old = store.groups.get(entry.id)
      if (old) store.drop(old)
      if (entry.state) store.groups.set(entry.id, this.#groupOf(entry.id, entry.state))
    }
  }

  /** A group that has nothing but offsets is one without members. */
  restored(): void {
    const { coordinator } = this.#cluster
    for (const id of coordinator.store.ids()) if (!coordinator.store.groups.has(id)) coordinator.simpleGroup(id)
  }

  noteTouched(touched: ReadonlySet<string>): void {
    for (const id of touched) {
      const group = this.#cluster.coordinator.store.groups.get(id)
      const entry: GroupEntry = { what: 'group', id, state: group && stateOf(group) }
      const bytes = serialize(entry)
      if (this.#noted.get(id)?.equals(bytes)) continue
      this.#noted.set(id, bytes)
      this.#cluster.world.records.note(this.name, entry)
    }
  }

  #groupOf(id: string, state: SavedState): Group {
    if (state.type === 'classic') return ClassicGroup.from(this.#cluster, id, state.saved)
    const group = this.#cluster.coordinator.store.newConsumerGroup(id)
    group.restore(state.saved)
    return group
  }
}

export type TransactionEntry =
  | { what: 'transaction'; saved: SavedTransaction }
  | { what: 'pending'; offsets: PendingOffsets['saved'] }

/** Transactions as their coordinators would have written them down, and offsets that count when these are committed. */
export class TransactionsSection implements Section {
  readonly name = 'transactions'
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  snapshot(writer: SnapshotWriter): void {
    const { transactions, coordinator } = this.#cluster
    for (const { saved } of transactions.all()) writer.note({ what: 'transaction', saved } satisfies TransactionEntry)
    writer.note({ what: 'pending', offsets: coordinator.store.pending.saved } satisfies TransactionEntry)
  }

  restore(entry: TransactionEntry): void {
    const cluster = this.#cluster
    if (entry.what === 'transaction') {
      cluster.transactions.restore(
        Transaction.from(entry.saved, (topicId, index) => cluster.topics.byId(topicId)?.partitions[index]),
      )
      return
    }
    const { store } = cluster.coordinator
    store.pending.clear()
    for (const [producerId, groups] of entry.offsets)
      for (const [group, topics] of groups)
        for (const [topic, partitions] of topics)
          for (const [partition, committed] of partitions) {
            store.counted(committed.order)
            store.pending.set(producerId, group, topic, partition, committed)
          }
  }

  /** The empty name: offsets that are pending. */
  noteTouched(touched: ReadonlySet<string>): void {
    const { transactions, coordinator, world } = this.#cluster
    const note = (entry: TransactionEntry): void => world.records.note(this.name, entry)
    for (const id of touched) {
      const saved = id === '' ? undefined : transactions.get(id)?.saved
      if (saved) note({ what: 'transaction', saved })
      else if (id === '') note({ what: 'pending', offsets: coordinator.store.pending.saved })
    }
  }
}

function stateOf(group: Group): SavedState | undefined {
  if (group.type === 'consumer') return { type: 'consumer', saved: group.saved }
  return group.saved && { type: 'classic', saved: group.saved }
}
