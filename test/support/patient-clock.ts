/**
 * A clock that stands still while this process does: on a machine that others use too it may be put aside for seconds, and whatever is
 * late then is late for no fault of its own.
 */
const TICK_MS = 10

export class PatientClock {
  #ms = 0
  #last = performance.now()
  readonly #timer = setInterval(() => this.#tick(), TICK_MS)

  /** Milliseconds, to a tick. */
  now(): number {
    return this.#ms
  }

  /** Rejects after so long, unless `work` has settled. */
  async within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
    const end = this.now() + ms
    const late = Promise.withResolvers<never>()
    const watch = setInterval(() => {
      if (this.now() > end) late.reject(new Error(`${what} hangs: ${ms} ms`))
    }, TICK_MS)
    try {
      return await Promise.race([work, late.promise])
    } finally {
      clearInterval(watch)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = performance.now()
    this.#ms += Math.min(now - this.#last, 2 * TICK_MS)
    this.#last = now
  }
}
