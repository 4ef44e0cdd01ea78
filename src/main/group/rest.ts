/** What one loop waits on: a wake-up, or a time. Wake-ups that come while nobody waits count for the next wait. */
import type { Env, Timer } from '../../shared/env.ts'

export class Rest {
  readonly #env: Env
  #resolve: (() => void) | undefined
  #woken = false
  #timer: Timer | undefined

  constructor(env: Env) {
    this.#env = env
  }

  /** Until {@link wake}, or for so many milliseconds. */
  still(ms?: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false
      return Promise.resolve()
    }
    if (ms !== undefined) this.wakeIn(ms)
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  wakeIn(ms: number): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = this.#env.setTimeout(() => {
      this.#timer = undefined
      this.wake()
    }, ms)
  }

  wake(): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
    const resolve = this.#resolve
    this.#resolve = undefined
    if (resolve) resolve()
    else this.#woken = true
  }
}
