/**
 * What a handler talks to, such as a database: it serves calls in a steady time as long as it is not asked for too much. Once it is, it
 * thrashes, and everything takes five times as long until it has been left nearly alone for a while. Knows no consumers.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface DownstreamLimits {
  /** Of one call, however many records it has. */
  callMs: number
  /** More records a second than this, all callers together, and it begins to thrash. */
  breaksAt: number
  /** It mends after having had less than this for `calmMs`. */
  mendsBelow: number
  calmMs: number
}

const SLOWER = 5
const WINDOW_MS = 1_000

export class Downstream {
  readonly #limits: DownstreamLimits
  readonly #arrivals: { at: number; records: number }[] = []
  #calmSince = Number.POSITIVE_INFINITY
  #thrashing = false
  /** When it began to thrash, and when it was well again, in ms of `performance.now()`. */
  readonly turns: { at: number; thrashing: boolean }[] = []

  constructor(limits: DownstreamLimits) {
    this.#limits = limits
  }

  get thrashing(): boolean {
    this.#look()
    return this.#thrashing
  }

  /** Records a second of late. */
  get load(): number {
    const from = performance.now() - WINDOW_MS
    while (this.#arrivals.length > 0 && this.#arrivals[0]!.at < from) this.#arrivals.shift()
    return this.#arrivals.reduce((sum, { records }) => sum + records, 0) / (WINDOW_MS / 1_000)
  }

  async call(records: number): Promise<void> {
    this.#arrivals.push({ at: performance.now(), records })
    this.#look()
    await sleep(this.#limits.callMs * (this.#thrashing ? SLOWER : 1))
    this.#look()
  }

  /** Somebody else asks for so much at once. */
  surge(records: number): void {
    this.#arrivals.push({ at: performance.now(), records })
    this.#look()
  }

  #look(): void {
    const { breaksAt, mendsBelow, calmMs } = this.#limits
    const now = performance.now()
    const { load } = this
    if (!this.#thrashing) {
      if (load > breaksAt) this.#turn(now, true)
      return
    }
    if (load >= mendsBelow) this.#calmSince = Number.POSITIVE_INFINITY
    else this.#calmSince = Math.min(this.#calmSince, now)
    if (now - this.#calmSince >= calmMs) this.#turn(now, false)
  }

  #turn(at: number, thrashing: boolean): void {
    this.#thrashing = thrashing
    this.#calmSince = Number.POSITIVE_INFINITY
    this.turns.push({ at, thrashing })
  }
}
