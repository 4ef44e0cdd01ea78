/**
 * The world with pauses left out: a timer is due as soon as nothing else is to be done, the earliest first, and the clock goes on by what
 * it would have taken. For back-offs and cooldowns of a handler's run; what the handler itself waits for takes its time.
 */
import type { Env, Timer } from '../../../shared/env.ts'

interface Pending {
  due: number
  callback: () => void
}

export class HastyEnv implements Env {
  readonly clockOrigin: number
  readonly connect: Env['connect']
  readonly listen: Env['listen']
  readonly #real: Env
  readonly #pending = new Set<Pending>()
  #skippedMs = 0
  #armed = false

  constructor(real: Env) {
    this.#real = real
    this.clockOrigin = real.clockOrigin
    this.connect = real.connect
    this.listen = real.listen
  }

  now(): number {
    return this.#real.now() + this.#skippedMs
  }

  wallClock(): number {
    return this.#real.wallClock() + Math.round(this.#skippedMs)
  }

  random(): number {
    return this.#real.random()
  }

  /** One without end is never due. */
  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer = { due: this.now() + delayMs, callback }
    if (Number.isFinite(delayMs)) this.#pending.add(timer)
    this.#arm()
    return timer
  }

  clearTimeout(timer: Timer): void {
    this.#pending.delete(timer as Pending)
  }

  defer(callback: () => void): void {
    this.#real.defer(callback)
  }

  #arm(): void {
    if (this.#armed || this.#pending.size === 0) return
    this.#armed = true
    this.#real.defer(() => {
      this.#armed = false
      let next: Pending | undefined
      for (const timer of this.#pending) if (!next || timer.due < next.due) next = timer
      if (!next) return
      this.#pending.delete(next)
      this.#skippedMs += Math.max(0, next.due - this.now())
      next.callback()
      this.#arm()
    })
  }
}
