/** All groups and their committed offsets, wherever they are coordinated: what survives a coordinator's move or death. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Cluster } from '../cluster.ts'
import { Refusal } from '../refusal.ts'
import { PendingOffsets } from '../transactions/pending-offsets.ts'
import type { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { GroupConfigs } from './group-configs.ts'
import { GroupOffsets } from './offsets.ts'
import type { GroupSettings } from './settings.ts'

export type Group = ClassicGroup | ConsumerGroup

export class GroupStore {
  readonly cluster: Cluster
  readonly settings: GroupSettings
  readonly configs: GroupConfigs
  readonly groups = new Map<string, Group>()
  /** Committed in transactions that are open. */
  readonly pending = new PendingOffsets(() => this.cluster.world.records.touched('transactions', ''))
  readonly #offsets = new Map<string, GroupOffsets>()
  #commits = 0

  constructor(cluster: Cluster, settings: GroupSettings) {
    this.cluster = cluster
    this.settings = settings
    this.configs = new GroupConfigs(settings)
    this.configs.onChange = (id, configs) => cluster.world.records.note('groups', { what: 'configs', id, configs })
  }

  /** Throws GROUP_ID_NOT_FOUND. */
  groupOf(id: string): Group {
    const group = this.groups.get(id)
    if (group) return group
    throw new Refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${id} not found.`)
  }

  /** Throws GROUP_ID_NOT_FOUND, also when it is a classic group. */
  consumerGroupOf(id: string): ConsumerGroup {
    const group = this.groupOf(id)
    if (group.type === 'consumer') return group
    throw new Refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${id} is not a consumer group.`)
  }

  newConsumerGroup(id: string): ConsumerGroup {
    return new ConsumerGroup(this.cluster, id)
  }

  /** Ends a group; its offsets stay. */
  drop(group: Group): void {
    group.timers.cancelAll()
    this.cluster.world.records.touched('groups', group.id)
    if (this.groups.get(group.id) === group) this.groups.delete(group.id)
  }

  offsetsOf(id: string): GroupOffsets | undefined {
    return this.#offsets.get(id)
  }

  /** Those of a group that is about to commit. */
  offsetsFor(id: string): GroupOffsets {
    let offsets = this.#offsets.get(id)
    if (offsets === undefined) {
      const { world } = this.cluster
      offsets = new GroupOffsets((topic, partition, committed) => {
        world.records.note('groups', { what: 'offset', id, topic, partition, committed })
      })
      this.#offsets.set(id, offsets)
    }
    return offsets
  }

  deleteOffsets(id: string): void {
    if (this.#offsets.delete(id)) this.cluster.world.records.note('groups', { what: 'no offsets', id })
    this.pending.deleteGroup(id)
  }

  /** A commit with this number was there before. */
  counted(order: number): void {
    this.#commits = Math.max(this.#commits, order + 1)
  }

  /** The number of the next commit. */
  nextOrder(): number {
    return this.#commits++
  }

  /** The transaction of a producer has ended: what it committed for the groups that `isMeant` counts now, or never. */
  completeOffsets(producerId: number, isMeant: (group: string) => boolean, commit: boolean): void {
    for (const { group, topic, partition, committed } of [...this.pending.take(producerId, isMeant)]) {
      if (!commit) continue
      const offsets = this.offsetsFor(group)
      const present = offsets.get(topic, partition)
      // A commit outside of the transaction may have been later.
      if (present === undefined || present.order < committed.order) offsets.set(topic, partition, committed)
    }
  }

  /** Groups that have offsets or members. */
  ids(): Set<string> {
    return new Set([...this.groups.keys(), ...this.#offsets.keys()])
  }

  topicDeleted(name: string, id: string): void {
    for (const [group, offsets] of this.#offsets) {
      offsets.topicDeleted(name, id)
      if (offsets.isEmpty) this.#offsets.delete(group)
    }
    this.pending.topicDeleted(name)
  }

  clear(): void {
    for (const group of [...this.groups.values()]) this.drop(group)
    for (const id of [...this.#offsets.keys()]) this.deleteOffsets(id)
    this.pending.clear()
  }
}
