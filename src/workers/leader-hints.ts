/**
 * What brokers say of leaders when they refuse (KIP-951, https://cwiki.apache.org/confluence/display/KAFKA/KIP-951): with "not me"
 * comes who it is, under which epoch and where, so that a leader's move costs no metadata. Owns the hints that are followed on this
 * thread; main hears of them and owns what metadata says, and the newer of the two counts on both sides.
 *
 * A hint is only what one broker said. It is followed when it is newer than all that is known, and given up when the broker that it
 * names refuses or its connection is lost; after a few hints in a row without a success none are followed, and it is metadata's turn.
 */
import type { BrokerAddress, LeaderHint, PartitionLeader } from '../shared/io-api.ts'
import { ErrorCode } from '../shared/protocol/errors.ts'
import type { Partition } from './partition.ts'

/**
 * So many for a leader that moves on while it is looked for, and for the one that is named before it knows. Brokers that name each
 * other without end get no more.
 */
export const HINTS_IN_A_ROW = 3

/** Each has hints of its own: a success of the one is no sign that the other gets on. */
export type HintedApi = 'produce' | 'fetch'

/** A broker's answer about a partition that it does not lead. */
export interface LeaderRefusal {
  api: HintedApi
  nodeId: number
  errorCode: number
  /** −1 for what it does not say. */
  currentLeader: { leaderId: number; leaderEpoch: number }
  nodeEndpoints: readonly BrokerAddress[]
}

/** What to do after a refusal: send again now, after a back-off, or after a back-off while metadata is asked for. */
export type AfterRefusal = 'now' | 'later' | 'ask'

/** What the hints change. */
export interface HintedCore {
  readonly brokers: ReadonlyMap<number, BrokerAddress>
  addBroker(address: BrokerAddress): void
  removeBroker(nodeId: number): void
  /** A partition has another leader or epoch. `now`: what waits for it need not wait any longer. */
  leaderHinted(partition: Partition, now: boolean): void
  stale(topic: string, reason: string): void
}

interface Leadership {
  leader: number
  leaderEpoch: number
}

interface Followed {
  partition: Partition
  hint: Leadership
  /** Main's last word. */
  told: Leadership
}

export class LeaderHints {
  readonly #core: HintedCore
  /** By handle. */
  readonly #followed = new Map<number, Followed>()
  /** Brokers in main's list. */
  #listed: ReadonlySet<number> = new Set()
  /** By handle, what main has not heard yet. */
  #news = new Map<number, LeaderHint>()

  constructor(core: HintedCore) {
    this.#core = core
  }

  refused(partition: Partition, refusal: LeaderRefusal): AfterRefusal {
    const { nodeId, errorCode, api } = refusal
    // the request left before what is known now
    const outdated = partition.leader !== nodeId
    const followed = outdated ? undefined : this.#followed.get(partition.handle)
    if (followed) {
      if (partition.hintsLeft[api] > 0 && isBehind(refusal, followed.hint)) {
        partition.hintsLeft[api]--
        return 'later'
      }
      this.#giveUp(followed)
    }
    if (partition.hintsLeft[api] > 0 && this.#isUsable(partition, refusal)) {
      partition.hintsLeft[api]--
      this.#follow(partition, refusal)
      return 'now'
    }
    if (outdated) return 'now'
    // main is ahead of this broker, and metadata would say the same again
    return errorCode === ErrorCode.UNKNOWN_LEADER_EPOCH && !followed ? 'later' : 'ask'
  }

  /** Main's word on a partition that is known; true when its leader or epoch is another one now. */
  told(partition: Partition, { leader, leaderEpoch }: PartitionLeader): boolean {
    const followed = this.#followed.get(partition.handle)
    if (followed && leaderEpoch < followed.hint.leaderEpoch && leader !== followed.hint.leader) {
      followed.told = { leader, leaderEpoch }
      return false
    }
    const changed = partition.leader !== leader || partition.leaderEpoch !== leaderEpoch
    partition.leader = leader
    partition.leaderEpoch = leaderEpoch
    if (followed) this.#forget(followed)
    return changed
  }

  /** Answers about it may still come, and must not be followed any more. */
  dropped(partition: Partition): void {
    partition.hintsLeft.produce = partition.hintsLeft.fetch = 0
    const followed = this.#followed.get(partition.handle)
    if (followed) this.#forget(followed)
  }

  /** Main's list of brokers is this one now; says which others are needed too. */
  listed(nodes: ReadonlySet<number>): ReadonlySet<number> {
    this.#listed = nodes
    const named = new Set<number>()
    for (const { hint } of this.#followed.values()) named.add(hint.leader)
    return named
  }

  /** A connection failed or ended: whoever a hint led to that broker goes by main's word again. */
  lost(nodeId: number, why: string): void {
    for (const followed of [...this.#followed.values()]) {
      if (followed.hint.leader !== nodeId) continue
      this.#giveUp(followed)
      this.#core.stale(followed.partition.topic, why)
    }
  }

  /** What main has not heard yet. */
  takeNews(): LeaderHint[] {
    if (this.#news.size === 0) return []
    const news = [...this.#news.values()]
    this.#news = new Map()
    return news
  }

  /** Nothing that cannot be true, nothing that is not newer, and nobody who has just refused, unless only the epoch was wrong. */
  #isUsable(partition: Partition, { nodeId, errorCode, currentLeader, nodeEndpoints }: LeaderRefusal): boolean {
    const { leaderId, leaderEpoch } = currentLeader
    if (leaderId < 0 || leaderEpoch <= partition.leaderEpoch) return false
    if (leaderId === nodeId && errorCode !== ErrorCode.FENCED_LEADER_EPOCH) return false
    return this.#core.brokers.has(leaderId) || addressOf(leaderId, nodeEndpoints) !== undefined
  }

  #follow(partition: Partition, { currentLeader, nodeEndpoints }: LeaderRefusal): void {
    const { handle, leader, leaderEpoch } = partition
    const hint = { leader: currentLeader.leaderId, leaderEpoch: currentLeader.leaderEpoch }
    const before = this.#followed.get(handle)
    this.#followed.set(handle, { partition, hint, told: before?.told ?? { leader, leaderEpoch } })
    // an address that is known changes by metadata only
    if (!this.#core.brokers.has(hint.leader)) this.#core.addBroker(addressOf(hint.leader, nodeEndpoints)!)
    const { nodeId, host, port } = this.#core.brokers.get(hint.leader)!
    this.#tell(partition, { ...hint, broker: { nodeId, host, port } })
    Object.assign(partition, hint)
    if (before) this.#release(before.hint.leader)
    this.#core.leaderHinted(partition, true)
  }

  #giveUp(followed: Followed): void {
    const { partition, told } = followed
    Object.assign(partition, told)
    this.#forget(followed)
    this.#core.leaderHinted(partition, false)
  }

  #forget({ partition, hint }: Followed): void {
    this.#followed.delete(partition.handle)
    this.#tell(partition, undefined)
    this.#release(hint.leader)
  }

  /** A broker that only hints name goes with the last of them. */
  #release(nodeId: number): void {
    if (this.#listed.has(nodeId)) return
    for (const { hint } of this.#followed.values()) if (hint.leader === nodeId) return
    this.#core.removeBroker(nodeId)
  }

  #tell({ handle, topic, partition }: Partition, hint: LeaderHint['hint']): void {
    this.#news.set(handle, { handle, topic, partition, hint })
  }
}

/** The broker that is said to lead does not know it yet. */
function isBehind({ errorCode, currentLeader }: LeaderRefusal, hint: Leadership): boolean {
  if (errorCode === ErrorCode.UNKNOWN_LEADER_EPOCH) return true
  return currentLeader.leaderEpoch >= 0 && currentLeader.leaderEpoch < hint.leaderEpoch
}

function addressOf(nodeId: number, endpoints: readonly BrokerAddress[]): BrokerAddress | undefined {
  return endpoints.find((one) => one.nodeId === nodeId && one.host !== '' && one.port >= 1 && one.port <= 65_535)
}
