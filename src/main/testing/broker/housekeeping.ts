/**
 * Looks after the logs of all partitions when there is something to do, and never otherwise: one timer, for the partition that is due
 * first. Knows when; what is done is the partition's.
 */
import type { Env, Timer } from '../../../shared/env.ts'

/** Kafka looks for old segments every five minutes (`log.retention.check.interval.ms`). */
export const RETENTION_CHECK_MS = 300_000
/** Logs that can be compacted wait so long for more. Kafka's cleaner looks every 15 s (`log.cleaner.backoff.ms`). */
export const CLEANER_BACKOFF_MS = 100

export interface Kept {
  /** Does what is due, and says by the wall clock when to come again; Infinity: not before it is asked for. */
  keep(now: number): number
}

export class Housekeeping {
  readonly #env: Env
  readonly #due = new Map<Kept, number>()
  #timer: Timer | undefined
  #firesAt = Number.POSITIVE_INFINITY

  constructor(env: Env) {
    this.#env = env
  }

  /** Looks after this one at `time`, or earlier if that was asked for before. */
  at(kept: Kept, time: number): void {
    if (time >= (this.#due.get(kept) ?? Number.POSITIVE_INFINITY)) return
    this.#due.set(kept, time)
    if (time < this.#firesAt) this.#arm(time)
  }

  forget(kept: Kept): void {
    this.#due.delete(kept)
  }

  close(): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#due.clear()
  }

  #arm(time: number): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#firesAt = time
    this.#timer = this.#env.setTimeout(() => this.#fire(), Math.max(0, time - this.#env.wallClock()))
  }

  #fire(): void {
    this.#timer = undefined
    this.#firesAt = Number.POSITIVE_INFINITY
    const now = this.#env.wallClock()
    for (const [kept, time] of [...this.#due]) {
      if (time > now) continue
      this.#due.delete(kept)
      const again = kept.keep(now)
      if (again < Number.POSITIVE_INFINITY) this.#due.set(kept, again)
    }
    const next = Math.min(...this.#due.values())
    if (next < this.#firesAt) this.#arm(next)
  }
}
