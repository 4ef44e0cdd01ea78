/**
 * The wall clock, read once a turn of the event loop or every few records: reading it for each record would cost as much as
 * writing the record.
 */
import type { Env } from '../shared/env.ts'

/** Readings handed out before the clock is looked at again within one turn. */
const READINGS = 64

export class CoarseClock {
  readonly #env: Pick<Env, 'wallClock'>
  #time = 0
  #left = 0
  #resetQueued = false
  readonly #reset = () => {
    this.#resetQueued = false
    this.#left = 0
  }

  constructor(env: Pick<Env, 'wallClock'>) {
    this.#env = env
  }

  now(): number {
    if (this.#left-- > 0) return this.#time
    this.#left = READINGS - 1
    this.#time = this.#env.wallClock()
    if (!this.#resetQueued) {
      this.#resetQueued = true
      queueMicrotask(this.#reset)
    }
    return this.#time
  }
}
