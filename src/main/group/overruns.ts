/**
 * Notices a call of the user's functions that takes longer than a member may keep its partitions from others, and its end (F26). Knows
 * neither what the call does nor what follows.
 */
import type { Env, Timer } from '../../shared/env.ts'
import type { RunningCall } from './types.ts'

export interface OverrunEvents {
  onOverrun(call: RunningCall, forMs: number): void
  /** No call runs any more that took too long. */
  onOver(): void
}

const LOOKS = 8
const MAX_LOOK_MS = 500

export class Overruns {
  readonly #env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout' | 'defer'>
  readonly #limitMs: number
  readonly #lookMs: number
  readonly #longest: () => RunningCall | undefined
  readonly #events: OverrunEvents
  #timer: Timer | undefined
  #overrun = false

  /** `longest`: of the calls that run, also those that no longer count. */
  constructor(
    env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout' | 'defer'>,
    maxProcessingMs: number,
    longest: () => RunningCall | undefined,
    events: OverrunEvents,
  ) {
    this.#env = env
    this.#lookMs = Math.min(MAX_LOOK_MS, maxProcessingMs / LOOKS)
    // one that is told to end at maxProcessingMs, and does, was none
    this.#limitMs = maxProcessingMs + this.#lookMs
    this.#longest = longest
    this.#events = events
  }

  start(): void {
    this.#timer = this.#env.setTimeout(() => {
      this.start()
      // what a call waited for may have come while this thread was busy
      this.#env.defer(() => this.#timer !== undefined && this.#look())
    }, this.#lookMs)
  }

  stop(): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const call = this.#longest()
    const forMs = call ? this.#env.now() - call.since : 0
    const overrun = forMs >= this.#limitMs
    if (overrun === this.#overrun) return
    this.#overrun = overrun
    if (overrun) this.#events.onOverrun(call!, forMs)
    else this.#events.onOver()
  }
}
