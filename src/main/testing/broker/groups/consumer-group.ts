/**
 * A group of the consumer protocol (KIP-848): members, target assignment, epochs, matched expressions. It answers questions about
 * them and computes the target; what requests do to it is `consumer-heartbeat.ts`.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Cluster } from '../cluster.ts'
import { Refusal } from '../refusal.ts'
import { type HeldPartitions, NO_PARTITIONS, type PartitionSets, sameSet } from './assignment.ts'
import { assignors, DEFAULT_ASSIGNOR } from './assignors.ts'
import { type ConsumerMember, isReconciledTo } from './consumer-member.ts'
import { inHashOrder } from './java-hash.ts'
import { Timers } from './timers.ts'

/** An expression and the topics that it matched. */
export interface MatchedRegex {
  readonly topics: ReadonlySet<string>
  /** The cluster's topics when they were matched. */
  readonly version: number
  readonly at: number
}

/** Plain data, so that it outlives the process. */
export interface SavedConsumerGroup {
  readonly epoch: number
  readonly assignmentEpoch: number
  readonly topicsHash: string
  readonly targets: ReadonlyMap<string, PartitionSets>
  readonly members: ReadonlyMap<string, ConsumerMember>
  readonly regexes: ReadonlyMap<string, ReadonlySet<string>>
}

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** Both epochs of a group begin here, so that its first member gets epoch 2. */
const FIRST_EPOCH = 1

export class ConsumerGroup {
  readonly type = 'consumer'
  readonly id: string
  readonly timers: Timers
  readonly members = new Map<string, ConsumerMember>()
  readonly regexes = new Map<string, MatchedRegex>()
  /** What each member is to have, as of `assignmentEpoch`. */
  targets = new Map<string, PartitionSets>()
  epoch = FIRST_EPOCH
  assignmentEpoch = FIRST_EPOCH
  /** When the target was computed last. */
  assignedAt: number | undefined
  /** The cluster's topics when they were looked at last for this group; undefined: to be looked at. */
  topicsSeen: number | undefined
  /** What the subscribed topics looked like at the last epoch. */
  topicsHash = ''
  readonly #cluster: Cluster

  constructor(cluster: Cluster, id: string) {
    this.id = id
    this.#cluster = cluster
    this.timers = new Timers(cluster, id)
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return 'Empty'
    if (this.epoch > this.assignmentEpoch) return 'Assigning'
    return [...this.members.values()].every((member) => isReconciledTo(member, this.assignmentEpoch)) ? 'Stable' : 'Reconciling'
  }

  get isEmpty(): boolean {
    return this.members.size === 0
  }

  /** What a coordinator writes down. */
  get saved(): SavedConsumerGroup {
    const { epoch, assignmentEpoch, topicsHash, targets, members } = this
    const regexes = new Map(Array.from(this.regexes, ([regex, { topics }]) => [regex, topics]))
    return { epoch, assignmentEpoch, topicsHash, targets: new Map(targets), members: new Map(members), regexes }
  }

  /** Expressions are matched anew as soon as that may be. */
  restore({ epoch, assignmentEpoch, topicsHash, targets, members, regexes }: SavedConsumerGroup): void {
    Object.assign(this, { epoch, assignmentEpoch, topicsHash, targets: new Map(targets) })
    for (const [id, member] of members) this.members.set(id, member)
    for (const [regex, topics] of regexes) this.regexes.set(regex, { topics, version: 0, at: Number.NEGATIVE_INFINITY })
  }

  /** Throws UNKNOWN_MEMBER_ID. */
  memberOf(id: string): ConsumerMember {
    const member = this.members.get(id)
    if (member) return member
    throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID, `Group ${this.id} has no member ${id}.`)
  }

  staticMember(instanceId: string): ConsumerMember | undefined {
    for (const member of this.members.values()) if (member.instanceId === instanceId) return member
    return undefined
  }

  /** A static member that has come back with a new id takes the old one's place. */
  replace(old: ConsumerMember, replacement: ConsumerMember): void {
    const target = this.targets.get(old.id)
    this.remove(old)
    this.members.set(replacement.id, replacement)
    if (target) this.targets.set(replacement.id, target)
  }

  remove({ id }: ConsumerMember): void {
    this.members.delete(id)
    this.targets.delete(id)
    for (const kind of memberTimers) this.timers.cancel(timerOf(kind, id))
  }

  targetOf(memberId: string): PartitionSets {
    return this.targets.get(memberId) ?? NO_PARTITIONS
  }

  /** How many members are subscribed by this expression. */
  subscribersOf(regex: string): number {
    return [...this.members.values()].filter((member) => member.regex === regex).length
  }

  /** The names that a member is subscribed to, whether they are there or not. */
  subscribedNames({ topicNames, regex }: ConsumerMember): ReadonlySet<string> {
    const matched = this.regexes.get(regex)?.topics
    if (regex === '' || matched === undefined) return topicNames
    return new Set([...topicNames, ...matched])
  }

  /** The topics that a member is subscribed to and that are there. */
  subscribedTopicIds(member: ConsumerMember): Set<string> {
    const ids = new Set<string>()
    for (const name of this.subscribedNames(member)) {
      const topic = this.#cluster.topics.get(name)
      if (topic) ids.add(topic.id)
    }
    return ids
  }

  isSubscribedTo(topic: string): boolean {
    return [...this.members.values()].some((member) => this.subscribedNames(member).has(topic))
  }

  /** Changes when a subscribed topic comes, goes, grows or is made anew. */
  hashTopics(): string {
    const names = new Set([...this.members.values()].flatMap((member) => [...this.subscribedNames(member)]))
    const facts = Array.from(names, (name) => {
      const topic = this.#cluster.topics.get(name)
      return topic ? `${name} ${topic.id} ${topic.partitions.length}` : ''
    })
    return facts
      .filter((fact) => fact !== '')
      .sort()
      .join('\n')
  }

  /** A new epoch calls for a new target assignment. */
  bump(): void {
    this.epoch++
    this.topicsHash = this.hashTopics()
  }

  /** The assignor that most members want. */
  get assignor(): string {
    return this.#assignorFor(undefined)
  }

  /** Of assignors that as many members want, the one that only the asking member wants goes first: Kafka counts that member last. */
  #assignorFor(memberId: string | undefined): string {
    const votes = new Map<string, number>()
    for (const { assignor } of this.members.values()) if (assignor !== null) votes.set(assignor, (votes.get(assignor) ?? 0) + 1)
    const most = Math.max(...votes.values())
    const own = this.members.get(memberId ?? '')?.assignor
    if (own && most === 1) return own
    return inHashOrder(votes.keys()).find((name) => votes.get(name) === most) ?? DEFAULT_ASSIGNOR
  }

  /** Computes the target for the present epoch, because this member asks. */
  assign(memberId: string): void {
    const members = Array.from(this.members.values(), (member) => {
      const { id, instanceId } = member
      return { id, instanceId, topicIds: this.subscribedTopicIds(member), current: this.targetOf(id) }
    })
    const partitionsOf = (topicId: string): number => this.#cluster.topics.byId(topicId)?.partitions.length ?? 0
    this.targets = assignors.get(this.#assignorFor(memberId))!({ members, homogeneous: this.#isHomogeneous(), partitionsOf })
    this.assignmentEpoch = this.epoch
    this.assignedAt = this.#cluster.env.now()
  }

  /** Whether another member has the partition or has not given it up yet. */
  isHeldByOther(memberId: string, topicId: string, partition: number): boolean {
    const holds = (held: HeldPartitions): boolean => held.get(topicId)?.has(partition) === true
    return [...this.members.values()].some(
      ({ id, assigned, revoking }) => id !== memberId && (holds(assigned) || holds(revoking)),
    )
  }

  #isHomogeneous(): boolean {
    const [first, ...others] = this.members.values()
    if (first === undefined) return true
    if (first.regex !== '' && first.topicNames.size > 0) return false
    return others.every(({ regex, topicNames }) => regex === first.regex && sameSet(topicNames, first.topicNames))
  }
}

/** A member's timers: its session, giving up partitions, and (classic protocol) coming back to join and to sync. */
export const memberTimers = ['session', 'rebalance', 'join', 'sync'] as const

export const timerOf = (kind: (typeof memberTimers)[number], memberId: string): string => `${kind} ${memberId}`
