/**
 * A clock that stands still until it is told to go on, around a world that is real otherwise: sockets are sockets, time is ours. So
 * sessions, rebalances and whatever else takes the broker time end when a test says so.
 */
import type { Env, Timer } from '../../../shared/env.ts'
import { chanceOf } from './chance.ts'

interface Task {
  at: number
  order: number
  run: () => void
}

export class VirtualClock {
  readonly #real: Env
  readonly #startMs: number
  readonly #tasks = new Set<Task>()
  #now = 0
  #order = 0
  /** Those who let time pass at once do so one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  /** `startMs`: what it shows at first, in milliseconds since 1970. */
  constructor(real: Env, startMs: number) {
    this.#real = real
    this.#startMs = startMs
  }

  /** Milliseconds since 1970. */
  get wallClock(): number {
    return this.#startMs + Math.floor(this.#now)
  }

  /** The real world with this clock. */
  env(): Env {
    return {
      ...this.#real,
      now: () => this.#now,
      wallClock: () => this.wallClock,
      setTimeout: (callback, delayMs) => {
        const task: Task = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run: callback }
        this.#tasks.add(task)
        return task
      },
      clearTimeout: (timer: Timer) => void this.#tasks.delete(timer as Task),
    }
  }

  /** Lets time pass, with all that is due meanwhile, in order. Resolves with what the clock shows then. */
  advance(ms: number): Promise<number> {
    const turn = this.#turn.then(() => this.#pass(ms))
    this.#turn = turn
    return turn
  }

  async #pass(ms: number): Promise<number> {
    const end = this.#now + ms
    for (;;) {
      // What a timer has set off is done before the next one: promises settle, answers are written.
      await new Promise<void>((resolve) => this.#real.defer(resolve))
      const next = this.#next(end)
      if (next === undefined) break
      this.#tasks.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
    return this.wallClock
  }

  #next(end: number): Task | undefined {
    let next: Task | undefined
    for (const task of this.#tasks) {
      if (task.at > end) continue
      if (next === undefined || task.at < next.at || (task.at === next.at && task.order < next.order)) next = task
    }
    return next
  }
}

/** The same world with chance from a seed, so that ids and whatever else is drawn are the same in every run. */
export function seeded(env: Env, seed: number): Env {
  return { ...env, random: chanceOf(seed) }
}
