/**
 * Callers who wait for the same thing, in the order of their coming. Each leaves when it is served, when its signal is aborted, or
 * when all are sent away. Knows not what is waited for.
 */

/** Somebody in a {@link Line}. */
export interface Caller<T> {
  /** How many records it would like. */
  readonly wanted: number
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
  readonly signal: AbortSignal
  readonly onAbort: () => void
}

export class Line<T> {
  readonly #callers = new Set<Caller<T>>()
  readonly #onGivenUp: () => void
  #closed: { reason: unknown } | undefined

  /** `onGivenUp` is called after somebody left because of its signal. */
  constructor(onGivenUp: () => void = () => {}) {
    this.#onGivenUp = onGivenUp
  }

  get size(): number {
    return this.#callers.size
  }

  get first(): Caller<T> | undefined {
    return this.#callers.values().next().value
  }

  /** Waits at the end of the line; rejects with the reason of the signal when that is aborted. */
  stand(signal: AbortSignal, wanted = 1, onStanding?: (caller: Caller<T>) => void): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed.reason)
    return new Promise((resolve, reject) => {
      const caller: Caller<T> = { wanted, resolve, reject, signal, onAbort: () => this.#giveUp(caller) }
      this.#callers.add(caller)
      signal.addEventListener('abort', caller.onAbort)
      onStanding?.(caller)
      if (signal.aborted) this.#giveUp(caller)
    })
  }

  /** False when it has left already. */
  serve(caller: Caller<T>, value: T): boolean {
    if (!this.#leave(caller)) return false
    caller.resolve(value)
    return true
  }

  refuse(caller: Caller<T>, reason: unknown): void {
    if (this.#leave(caller)) caller.reject(reason)
  }

  /** Refuses all, and whoever comes later. */
  close(reason: unknown): void {
    this.#closed ??= { reason }
    for (const caller of [...this.#callers]) this.refuse(caller, reason)
  }

  #giveUp(caller: Caller<T>): void {
    if (!this.#leave(caller)) return
    caller.reject(caller.signal.reason)
    this.#onGivenUp()
  }

  #leave(caller: Caller<T>): boolean {
    caller.signal.removeEventListener('abort', caller.onAbort)
    return this.#callers.delete(caller)
  }
}
