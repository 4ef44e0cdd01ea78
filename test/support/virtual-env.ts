/**
 * A world in which time passes only when the test says so. Timers fire in order of their time, then of their making; promises
 * settle in between. Randomness comes from a seed. There is no network.
 */
import type { Env, Listener, Socket, Timer } from '../../src/shared/env.ts'

interface VirtualTimer {
  at: number
  order: number
  callback: () => void
}

export class VirtualEnv implements Env {
  readonly clockOrigin = 0
  #now = 0
  #order = 0
  #seed: number
  readonly #timers = new Set<VirtualTimer>()

  constructor(seed = 1) {
    this.#seed = seed >>> 0
  }

  now(): number {
    return this.#now
  }

  wallClock(): number {
    return 1_700_000_000_000 + Math.floor(this.#now)
  }

  /** mulberry32. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), this.#seed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    if (!(delayMs >= 0)) throw new RangeError(`a timer of ${delayMs} ms`)
    const timer = { at: this.#now + delayMs, order: this.#order++, callback }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer as VirtualTimer)
  }

  defer(callback: () => void): void {
    this.setTimeout(callback, 0)
  }

  connect(): Socket {
    throw new Error('the virtual world has no network')
  }

  listen(): Promise<Listener> {
    return Promise.reject(new Error('the virtual world has no network'))
  }

  /** Timers and deferred callbacks that have not fired. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.advance(0)
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await promisesSettle()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await promisesSettle()
    }
    this.#now = end
  }

  /** Lets time pass until `promise` has settled, and returns what it came to; fails after `limitMs`. */
  async until<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let over = false
    const end = this.#now + limitMs
    const mark = () => {
      over = true
    }
    promise.then(mark, mark)
    await promisesSettle()
    while (!over) {
      const next = this.#next(end)
      if (next === undefined) throw new Error(`not settled after ${this.#now} ms, and nothing more will happen before ${end} ms`)
      await this.advance(Math.max(0, next.at - this.#now))
    }
    return promise
  }

  #next(end: number): VirtualTimer | undefined {
    let next: VirtualTimer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
    }
    return next
  }
}

/** A turn of the real event loop: all promise reactions run before it ends. */
function promisesSettle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
