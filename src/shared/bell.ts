/**
 * Wakes the other side of a ring. A side that has nothing to do marks itself asleep in a word of shared memory; the other one
 * rings only then, so that under load no bell rings. Waiting never blocks a thread.
 */

/** A word in shared memory: 1 means somebody sleeps there. */
export interface Bell {
  /** Falls asleep; `wake` is called once after the next {@link ring}. `hasWork` is asked once more after the mark is set, so no wake-up is lost. */
  sleep(hasWork: () => boolean, wake: () => void): void
  /** Wakes the sleeper if there is one. */
  ring(): void
}

/** Between threads: `Atomics.waitAsync`, which costs less than a posted message and needs no port. */
export class SharedBell implements Bell {
  readonly #words: Int32Array
  readonly #index: number

  constructor(words: Int32Array, index: number) {
    this.#words = words
    this.#index = index
  }

  sleep(hasWork: () => boolean, wake: () => void): void {
    Atomics.store(this.#words, this.#index, 1)
    if (hasWork()) Atomics.store(this.#words, this.#index, 0)
    const waiting = Atomics.waitAsync(this.#words, this.#index, 1)
    if (waiting.async) waiting.value.then(wake)
    else queueMicrotask(wake)
  }

  ring(): void {
    if (Atomics.load(this.#words, this.#index) === 0) return
    if (Atomics.exchange(this.#words, this.#index, 0) === 1) Atomics.notify(this.#words, this.#index)
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
}
