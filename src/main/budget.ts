/**
 * Who may hold how much of a producer's `bufferMemory` (IP8). Knows sizes only: no records, and nobody who waits.
 *
 * A quarter is divided evenly among the partitions: so much is there for each, whatever the others do. The rest is common, but the
 * partitions that one broker leads never get more of it than twice what is left. A partition that is flooded, or a leader that is dead,
 * thereby cannot use up what the others need, and one that is alone gets three quarters of everything.
 */

import type { Env } from '../shared/env.ts'

/** The part that is divided among the partitions. */
const OWN_PART = 0.25
/** A leader's partitions may hold so many times what is left of the common part. */
const LEADER_FACTOR = 2
/** A leader whose partitions hold this part of what is free has little room left: alone that is a quarter of everything. */
const HIGH_WATER = 1 / 3
/** Below this share of that it has more again: the requests in flight alone may be more than half of it. */
const DRAINED = 0.7
/** A leader that owes something and settles nothing for so long may be in trouble. */
const STUCK_MS = 1_000
/** How often that is looked at: so many ms apart when something settles, and every so many records, a power of two. */
const LOOK_MS = 100
const LOOK_EVERY = 32

/** Whether there is room. */
export const Fit = {
  yes: 0,
  /** The leader's partitions hold as much as they may: others need not wait. */
  leader: 1,
  /** The common part, or everything, is used up. */
  full: 2,
  /** It is not its turn: others must come first. */
  later: 3,
} as const
export type Fit = (typeof Fit)[keyof typeof Fit]

/** What the partitions of one leader hold together. */
export class LeaderHolding {
  /** More than this is much, whatever else there is. */
  readonly highWater: number
  bytes = 0
  /** The part of it that is out of the common part. */
  common = 0
  /** When something of it was last given back, or it was last empty. */
  movedAt = 0
  /** It does not move: what may go anywhere goes elsewhere. */
  stuck = false

  constructor(highWater = Number.POSITIVE_INFINITY) {
    this.highWater = highWater
  }
}

/** What one partition holds. */
export class Holding {
  bytes = 0
  /** So much is there for it alone. */
  own = 0
  /** What it holds beyond that. */
  common = 0
  leader: LeaderHolding

  constructor(leader: LeaderHolding) {
    this.leader = leader
  }
}

export class Budget {
  readonly limit: number
  /** Bytes accepted and not settled, never above {@link limit}. */
  used = 0
  /** Somebody waits for room in the common part, which must not be taken from under his feet. */
  reserved = false
  readonly #clock: Pick<Env, 'now'>
  #lookAt = 0
  #takes = 0
  #commonLimit: number
  #common = 0
  readonly #holdings = new Set<Holding>()
  readonly #leaders = new Map<number, LeaderHolding>()

  constructor(limit: number, clock: Pick<Env, 'now'>) {
    this.limit = limit
    this.#clock = clock
    this.#commonLimit = limit
  }

  /** −1: there is none. */
  leader(nodeId: number): LeaderHolding {
    let leader = this.#leaders.get(nodeId)
    if (!leader) this.#leaders.set(nodeId, (leader = new LeaderHolding()))
    return leader
  }

  /** Those who have something of their own from now on; others keep what they hold, as part of what is common. */
  share(holdings: Iterable<Holding>): void {
    const gone = new Set(this.#holdings)
    this.#holdings.clear()
    for (const holding of holdings) this.#holdings.add(holding)
    const own = Math.floor((this.limit * OWN_PART) / this.#holdings.size)
    this.#commonLimit = this.limit * (1 - OWN_PART)
    for (const holding of gone) this.#setOwn(holding, 0)
    for (const holding of this.#holdings) this.#setOwn(holding, own)
  }

  /** The partition has another leader. */
  move(holding: Holding, leader: LeaderHolding): void {
    const before = holding.leader
    before.bytes -= holding.bytes
    before.common -= holding.common
    leader.bytes += holding.bytes
    leader.common += holding.common
    holding.leader = leader
  }

  fits(holding: Holding, bytes: number): Fit {
    if (this.used === 0) return Fit.yes
    if (this.used + bytes > this.limit) return Fit.full
    const more = holding.bytes + bytes - holding.own - holding.common
    if (more <= 0) return Fit.yes
    const left = this.#commonLimit - this.#common - more
    const { leader } = holding
    // what comes first of a leader may be as large as all that is left
    if (leader.common > 0 && leader.common + more > LEADER_FACTOR * left) return Fit.leader
    return left < 0 || this.reserved ? Fit.full : Fit.yes
  }

  take(holding: Holding, bytes: number): void {
    const { leader } = holding
    if (leader.bytes === 0) leader.movedAt = this.#clock.now()
    this.used += bytes
    leader.bytes += bytes
    holding.bytes += bytes
    if (holding.bytes > holding.own) this.#adjust(holding)
    if ((++this.#takes & (LOOK_EVERY - 1)) === 0) this.#look(this.#clock.now())
  }

  give(holding: Holding, bytes: number): void {
    const { leader } = holding
    this.used -= bytes
    leader.bytes -= bytes
    holding.bytes -= bytes
    if (holding.common > 0) this.#adjust(holding)
    const now = this.#clock.now()
    leader.movedAt = now
    leader.stuck = false
    if (now >= this.#lookAt) this.#look(now)
  }

  /** Whether there is a good deal of room for more of this leader. */
  roomy({ bytes, highWater }: LeaderHolding): boolean {
    return bytes < highWater && bytes < (this.limit - this.used) * HIGH_WATER
  }

  /** Whether it is roomy again, and not only just. */
  drained({ bytes, highWater }: LeaderHolding): boolean {
    return bytes < highWater && bytes <= (this.limit - this.used) * HIGH_WATER * DRAINED
  }

  #look(now: number): void {
    this.#lookAt = now + LOOK_MS
    for (const leader of this.#leaders.values()) leader.stuck = leader.bytes > 0 && now - leader.movedAt >= STUCK_MS
  }

  #setOwn(holding: Holding, own: number): void {
    holding.own = own
    this.#adjust(holding)
  }

  #adjust(holding: Holding): void {
    const common = Math.max(0, holding.bytes - holding.own)
    const more = common - holding.common
    if (more === 0) return
    holding.common = common
    holding.leader.common += more
    this.#common += more
  }
}
