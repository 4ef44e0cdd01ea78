/**
 * A group of the classic protocol, where a member computes the assignment: state, members, generation, and what of it survives a
 * move of the coordinator. What requests and timers do to it is `classic-rebalance.ts`.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { MalformedFrame } from '../../../../shared/protocol/reader.ts'
import type { Cluster } from '../cluster.ts'
import { Refusal } from '../refusal.ts'
import { ClassicMember, type SavedMember } from './classic-member.ts'
import type { ClassicProtocol } from './consumer-member.ts'
import { CONSUMER_PROTOCOL, subscribedTopics } from './consumer-protocol.ts'
import { inHashOrder } from './java-hash.ts'
import { Timers } from './timers.ts'

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

/** What a coordinator writes down; whatever came after it is lost when the coordinator moves. */
export interface SavedGroup {
  readonly generation: number
  readonly protocolType: string | undefined
  readonly protocolName: string | undefined
  readonly leader: string | undefined
  readonly members: readonly SavedMember[]
}

export class ClassicGroup {
  readonly type = 'classic'
  readonly id: string
  readonly timers: Timers
  state: ClassicState = 'Empty'
  /** Where `state` came from: the first rebalance of a group waits for more members. */
  previousState: ClassicState = 'Empty'
  generation = 0
  protocolType: string | undefined
  protocolName: string | undefined
  leader: string | undefined
  /** Somebody joined while the first rebalance was waiting. */
  newMemberAdded = false
  readonly members = new Map<string, ClassicMember>()
  /** Were given an id and have not come back with it. */
  readonly pending = new Set<string>()
  /** Have not asked for their assignment in this generation. */
  readonly pendingSync = new Set<string>()
  /** Topics that members are subscribed to; undefined: cannot be told. */
  #topics: ReadonlySet<string> | undefined
  #saved: SavedGroup | undefined

  constructor(cluster: Cluster, id: string) {
    this.id = id
    this.timers = new Timers(cluster, id)
  }

  get isEmpty(): boolean {
    return this.state === 'Empty'
  }

  get usesConsumerProtocol(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL
  }

  moveTo(state: ClassicState): void {
    this.previousState = this.state
    this.state = state
  }

  add(member: ClassicMember, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType
    this.leader ??= member.id
    this.members.set(member.id, member)
    this.pending.delete(member.id)
  }

  remove(memberId: string): void {
    this.members.delete(memberId)
    if (this.leader === memberId) this.leader = inHashOrder(this.members.keys())[0]
    this.pending.delete(memberId)
    this.pendingSync.delete(memberId)
  }

  staticMember(instanceId: string): ClassicMember | undefined {
    for (const member of this.members.values()) if (member.instanceId === instanceId) return member
    return undefined
  }

  /** Throws UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
  memberOf(memberId: string, instanceId: string | null): ClassicMember {
    if (instanceId !== null) {
      const known = this.staticMember(instanceId)
      if (known === undefined) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
      if (known.id !== memberId) throw new Refusal(ErrorCode.FENCED_INSTANCE_ID)
    }
    const member = this.members.get(memberId)
    if (member === undefined) throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID)
    return member
  }

  get awaitingJoin(): number {
    return [...this.members.values()].filter((member) => member.awaitingJoin !== undefined).length
  }

  get hasAllJoined(): boolean {
    return this.awaitingJoin === this.members.size && this.pending.size === 0
  }

  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...Array.from(this.members.values(), (member) => member.rebalanceTimeoutMs))
  }

  /** Whether somebody with these protocols fits in. */
  supports(protocolType: string, protocols: readonly ClassicProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0
    return this.protocolType === protocolType && protocols.some(({ name }) => this.#isSpokenByAll(name))
  }

  /** The protocol that most members prefer among those that all have. */
  selectProtocol(): string | undefined {
    const names = new Set(Array.from(this.members.values()).flatMap(({ protocols }) => protocols.map(({ name }) => name)))
    const candidates = new Set([...names].filter((name) => this.#isSpokenByAll(name)))
    const votes = new Map<string, number>()
    for (const member of this.members.values()) {
      const name = member.vote(candidates)
      if (name !== undefined) votes.set(name, (votes.get(name) ?? 0) + 1)
    }
    const most = Math.max(...votes.values())
    return inHashOrder(votes.keys()).find((name) => votes.get(name) === most)
  }

  /** The leader stays if it came back; else the first who did. False: nobody did. */
  electLeader(): boolean {
    if (this.leader === undefined) return false
    if (this.members.get(this.leader)?.awaitingJoin) return true
    const elected = inHashOrder(this.members.keys()).find((id) => this.members.get(id)?.awaitingJoin)
    if (elected !== undefined) this.leader = elected
    return elected !== undefined
  }

  nextGeneration(): void {
    this.generation++
    this.protocolName = this.members.size > 0 ? this.selectProtocol() : undefined
    this.findTopics()
    this.moveTo(this.members.size > 0 ? 'CompletingRebalance' : 'Empty')
    this.pendingSync.clear()
  }

  /** Looks up what members are subscribed to; only consumers say it in a way that brokers read. */
  findTopics(): void {
    this.#topics = undefined
    const { protocolName } = this
    if (!this.usesConsumerProtocol) return
    if (this.members.size === 0) this.#topics = new Set()
    else if (protocolName !== undefined) {
      try {
        this.#topics = new Set(
          Array.from(this.members.values()).flatMap((member) => subscribedTopics(member.metadata(protocolName))),
        )
      } catch (error) {
        if (!(error instanceof MalformedFrame)) throw error
      }
    }
  }

  isSubscribedTo(topic: string): boolean {
    return this.#topics?.has(topic) ?? this.usesConsumerProtocol
  }

  /** Writes down the group as it is, with these assignments. */
  save(assignmentOf = (member: ClassicMember): Uint8Array => member.assignment): void {
    const { generation, protocolType, protocolName, leader } = this
    const members = Array.from(this.members.values(), (member): SavedMember => {
      const { id, instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs } = member
      const protocols = protocolName === undefined ? [] : [{ name: protocolName, metadata: member.metadata(protocolName) }]
      return {
        id,
        instanceId,
        clientId,
        clientHost,
        rebalanceTimeoutMs,
        sessionTimeoutMs,
        protocols,
        assignment: assignmentOf(member),
      }
    })
    this.#saved = { generation, protocolType, protocolName, leader, members }
  }

  /** Writes down that it is there, without members. */
  saveEmpty(): void {
    this.#saved = { generation: 0, protocolType: undefined, protocolName: undefined, leader: undefined, members: [] }
  }

  /** What was written down; undefined: nothing. */
  get saved(): SavedGroup | undefined {
    return this.#saved
  }

  /** A group of which nothing is left but what was written down. */
  static from(cluster: Cluster, id: string, saved: SavedGroup): ClassicGroup {
    const group = new ClassicGroup(cluster, id)
    group.#saved = saved
    return group.reloaded(cluster)!
  }

  /** The group as another coordinator finds it; undefined when nothing was written down. */
  reloaded(cluster: Cluster): ClassicGroup | undefined {
    const saved = this.#saved
    if (saved === undefined) return undefined
    const group = new ClassicGroup(cluster, this.id)
    group.#saved = saved
    group.generation = saved.generation
    for (const member of saved.members) group.add(new ClassicMember(member), saved.protocolType ?? '')
    group.protocolType = saved.protocolType
    group.protocolName = saved.protocolName
    group.leader = saved.leader
    group.state = group.previousState = saved.members.length > 0 ? 'Stable' : 'Empty'
    group.findTopics()
    return group
  }

  #isSpokenByAll(protocol: string): boolean {
    return [...this.members.values()].every(({ protocols }) => protocols.some(({ name }) => name === protocol))
  }
}
