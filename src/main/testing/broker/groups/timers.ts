/** Named timers of one group on the injected clock: setting one again moves it. Knows not what they are for. */
import type { Timer } from '../../../../shared/env.ts'
import type { Cluster } from '../cluster.ts'

export class Timers {
  readonly #cluster: Cluster
  readonly #timers = new Map<string, Timer>()

  /** The group, if they are of one. */
  readonly #group: string | undefined

  constructor(cluster: Cluster, group?: string) {
    this.#cluster = cluster
    this.#group = group
  }

  has(name: string): boolean {
    return this.#timers.has(name)
  }

  set(name: string, ms: number, callback: () => void): void {
    this.cancel(name)
    const timer = this.#cluster.env.setTimeout(() => {
      this.#timers.delete(name)
      try {
        callback()
        if (this.#group !== undefined) this.#cluster.world.records.touched('groups', this.#group)
      } catch (error) {
        // Nobody's request has failed, so there is nobody else to tell.
        this.#cluster.bug(error)
      }
    }, ms)
    this.#timers.set(name, timer)
  }

  cancel(name: string): void {
    const timer = this.#timers.get(name)
    if (timer === undefined) return
    this.#cluster.env.clearTimeout(timer)
    this.#timers.delete(name)
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) this.#cluster.env.clearTimeout(timer)
    this.#timers.clear()
  }
}
