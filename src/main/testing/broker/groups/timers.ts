/** Named timers of one group on the injected clock: setting one again moves it. Knows not what they are for. */
import type { Env, Timer } from '../../../../shared/env.ts'

export class Timers {
  readonly #env: Env
  readonly #timers = new Map<string, Timer>()

  constructor(env: Env) {
    this.#env = env
  }

  has(name: string): boolean {
    return this.#timers.has(name)
  }

  set(name: string, ms: number, callback: () => void): void {
    this.cancel(name)
    const timer = this.#env.setTimeout(() => {
      this.#timers.delete(name)
      callback()
    }, ms)
    this.#timers.set(name, timer)
  }

  cancel(name: string): void {
    const timer = this.#timers.get(name)
    if (timer === undefined) return
    this.#env.clearTimeout(timer)
    this.#timers.delete(name)
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) this.#env.clearTimeout(timer)
    this.#timers.clear()
  }
}
