/**
 * A token bucket: one token is one record. In no stretch of time are more spent than the rate gives in it, plus the burst. Who asks for
 * more than there is stands in line, and the line is served in turns: nobody gets more at a time than leaves something for the
 * others. Knows not what a token is spent for.
 */
import type { Env, Timer } from '../../shared/env.ts'
import { type Caller, Line } from './line.ts'

export type Clock = Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>

/** While others wait, one turn is worth no more than what comes in within this time, divided among them. */
const ROUND_MS = 100
/** … but no less than so many, so that a long line does not make for tiny batches. */
const LEAST_TURN = 10
/** What sums of fractions may lack. */
const TINY = 1e-9
const SHORTEST_TIMER_MS = 0.1

export class TokenBucket {
  readonly #env: Clock
  /** Tokens a millisecond; infinite: there is no limit. */
  #rate: number
  #burst: number
  #level: number
  /** Taken, but neither spent nor given back. They count as if they were here, or what was held for long could be spent on top. */
  #held = 0
  #at: number
  #timer: Timer | undefined
  readonly #leastTurn: number
  readonly #line = new Line<number>(() => this.#serve())

  /** Full at first, with a rate in tokens a second. Nobody gets less than `leastTurn` at a time, if it wants more and the burst has it. */
  constructor(
    env: Clock,
    perSecond = Number.POSITIVE_INFINITY,
    burst = Number.POSITIVE_INFINITY,
    leastTurn: number = LEAST_TURN,
  ) {
    this.#env = env
    this.#leastTurn = leastTurn
    this.#rate = perSecond / 1000
    this.#burst = burst
    this.#level = burst
    this.#at = env.now()
  }

  get waiting(): number {
    return this.#line.size
  }

  /** Nothing is lost when it is made anew. */
  get untouched(): boolean {
    this.#refill()
    return this.#line.size === 0 && this.#held === 0 && this.#level >= this.#burst
  }

  /**
   * Takes up to `wanted` tokens, at least one; a promise when they have to be waited for, which rejects with the reason of the
   * signal. What was taken has to be spent or given back.
   */
  take(wanted: number, signal: AbortSignal): number | Promise<number> {
    if (this.#rate === Number.POSITIVE_INFINITY) {
      this.#held += wanted
      return wanted
    }
    this.#refill()
    if (this.#line.size === 0) {
      const turn = this.#turn(wanted)
      if (this.#level + TINY >= turn) return this.#hold(turn)
    }
    return this.#line.stand(signal, wanted, () => this.#serve())
  }

  spend(count: number): void {
    this.#refill()
    this.#held -= count
    if (this.#line.size > 0) this.#serve()
  }

  giveBack(count: number): void {
    if (count === 0) return
    this.#refill()
    this.#held -= count
    this.#level = Math.min(this.#level + count, this.#room)
    if (this.#line.size > 0) this.#serve()
  }

  /** From now on. A limit where there was none begins with an empty bucket. */
  setRate(perSecond: number, burst: number): void {
    this.#refill()
    if (this.#rate === Number.POSITIVE_INFINITY) this.#level = 0
    this.#rate = perSecond / 1000
    this.#burst = burst
    this.#level = Math.min(this.#level, this.#room)
    this.#serve()
  }

  lift(): void {
    this.#rate = Number.POSITIVE_INFINITY
    this.#burst = Number.POSITIVE_INFINITY
    this.#level = Number.POSITIVE_INFINITY
    this.#serve()
  }

  /** How long until the first in line is served, if nothing changes; 0 when nobody waits. */
  nextInMs(): number {
    const { first } = this.#line
    if (first === undefined) return 0
    this.#refill()
    return Math.max(0, (this.#turn(first.wanted) - this.#level) / this.#rate)
  }

  /** Sends all who wait away. */
  close(reason: unknown): void {
    this.#stopTimer()
    this.#line.close(reason)
  }

  get #room(): number {
    return Math.max(0, this.#burst - this.#held)
  }

  #refill(): void {
    const now = this.#env.now()
    if (this.#rate !== Number.POSITIVE_INFINITY) {
      this.#level = Math.min(this.#level + (now - this.#at) * this.#rate, this.#room)
    }
    this.#at = now
  }

  /** What one gets at once: all it wants if the bucket is large enough and nobody else waits. */
  #turn(wanted: number): number {
    const most = Math.max(1, Math.min(wanted, Math.floor(this.#burst)))
    const { size } = this.#line
    if (size <= 1) return most
    const share = Math.floor(Math.min(this.#burst, this.#rate * ROUND_MS) / size)
    return Math.min(most, Math.max(this.#leastTurn, share))
  }

  #hold(count: number): number {
    this.#level -= count
    this.#held += count
    return count
  }

  #serve(): void {
    this.#stopTimer()
    this.#refill()
    for (let first = this.#line.first; first !== undefined; first = this.#line.first) {
      if (!this.#serveOne(first)) return
    }
  }

  /** False when there is not enough for it yet. */
  #serveOne(caller: Caller<number>): boolean {
    if (this.#rate === Number.POSITIVE_INFINITY) {
      this.#held += caller.wanted
      return this.#line.serve(caller, caller.wanted)
    }
    const turn = this.#turn(caller.wanted)
    if (this.#level + TINY >= turn) return this.#line.serve(caller, this.#hold(turn))
    // What is held comes back by a call, not with time.
    if (turn > this.#room) return false
    const delayMs = Math.max(SHORTEST_TIMER_MS, (turn - this.#level) / this.#rate)
    this.#timer = this.#env.setTimeout(() => this.#serve(), delayMs)
    return false
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
