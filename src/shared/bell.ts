/**
 * Wakes the other side of a ring. A side that has nothing to do marks itself asleep in a word of shared memory; the other one
 * rings only then, so that under load no bell rings. Waiting never blocks a thread.
 */

/** How long one may look out for work before it falls asleep: what it takes to be woken on a machine that is slow at it. */
const WATCH_MS = 0.2
/** Looks at the clock are this many looks for work apart. */
const LOOKS = 64
/** After that many vain watches in a row, 2 to the power of it chances are passed over before the next one. */
const MOST_MISSES = 5

/** A word in shared memory: 1 means somebody sleeps there. */
export interface Bell {
  /** Falls asleep; `wake` is called once after the next {@link ring}. `hasWork` is asked once more after the mark is set, so no wake-up is lost. */
  sleep(hasWork: () => boolean, wake: () => void): void
  /** Wakes the sleeper if there is one. */
  ring(): void
  /**
   * Looks out for work for a fifth of a millisecond; true as soon as there is some, and whoever slept is awake then, without having
   * been woken. To be woken takes longer than the other side may need to answer, so who has just given it something to answer does
   * well to watch. Vain watches make further ones rare. Within one thread nothing can come meanwhile: always false.
   */
  watch(hasWork: () => boolean, now: () => number): boolean
}

/** Between threads: `Atomics.waitAsync`, which costs less than a posted message and needs no port. */
export class SharedBell implements Bell {
  readonly #words: Int32Array
  readonly #index: number
  #wake: () => void = () => {}
  /** A wait that nobody has ended yet; it serves the next sleep as well. */
  #waiting = false
  #misses = 0
  #passOver = 0

  constructor(words: Int32Array, index: number) {
    this.#words = words
    this.#index = index
  }

  sleep(hasWork: () => boolean, wake: () => void): void {
    this.#wake = wake
    Atomics.store(this.#words, this.#index, 1)
    if (hasWork() && Atomics.exchange(this.#words, this.#index, 0) === 1) queueMicrotask(wake)
    else if (!this.#waiting) this.#wait()
  }

  #wait(): void {
    const waiting = Atomics.waitAsync(this.#words, this.#index, 1)
    if (!waiting.async) {
      // it was rung meanwhile
      queueMicrotask(() => this.#wake())
      return
    }
    this.#waiting = true
    waiting.value.then(() => {
      this.#waiting = false
      this.#wake()
    })
  }

  ring(): void {
    if (Atomics.load(this.#words, this.#index) === 0) return
    if (Atomics.exchange(this.#words, this.#index, 0) === 1) Atomics.notify(this.#words, this.#index)
  }

  watch(hasWork: () => boolean, now: () => number): boolean {
    if (this.#passOver > 0) {
      this.#passOver--
      return false
    }
    // who rings a bell that nobody sleeps at has less to do
    const slept = Atomics.exchange(this.#words, this.#index, 0) === 1
    const until = now() + WATCH_MS
    do {
      for (let look = 0; look < LOOKS; look++) {
        if (!hasWork()) continue
        this.#misses = 0
        return true
      }
    } while (now() < until)
    this.#misses = Math.min(this.#misses + 1, MOST_MISSES)
    this.#passOver = 2 ** this.#misses
    if (!slept) return false
    Atomics.store(this.#words, this.#index, 1)
    return hasWork() && Atomics.exchange(this.#words, this.#index, 0) === 1
  }
}

/** Within one thread: the wake-up is a deferred call of the injected environment. */
export class LocalBell implements Bell {
  readonly #defer: (callback: () => void) => void
  #sleeper: (() => void) | undefined

  constructor(defer: (callback: () => void) => void) {
    this.#defer = defer
  }

  sleep(hasWork: () => boolean, wake: () => void): void {
    if (hasWork()) this.#defer(wake)
    else this.#sleeper = wake
  }

  ring(): void {
    const sleeper = this.#sleeper
    if (!sleeper) return
    this.#sleeper = undefined
    this.#defer(sleeper)
  }

  watch(): boolean {
    return false
  }
}
