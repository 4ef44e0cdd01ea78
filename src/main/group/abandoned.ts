/**
 * Calls of handlers that were given up and have not ended. One that heeds its signal ends soon: for so long nothing more of its
 * partition is handed out, so that the two do not meet.
 */
import type { Env } from '../../shared/env.ts'

/** How long one is waited for before its partition goes on without it. */
const GRACE_MS = 1_000

export class Abandoned {
  readonly #env: Env
  /** By partition. */
  readonly #endings = new Map<string, Promise<void>>()
  /** Ends the waits for them. */
  readonly #patient = new Set<() => void>()

  constructor(env: Env) {
    this.#env = env
  }

  /** `call` settles when it ends. */
  add(key: string, call: Promise<unknown>): void {
    const forget = (): void => {
      if (this.#endings.get(key) === ending) this.#endings.delete(key)
    }
    const ending = call.then(forget, forget)
    this.#endings.set(key, ending)
  }

  has(key: string): boolean {
    return this.#endings.has(key)
  }

  /** Resolves when the partition may go on, or need not any more. */
  async wait(key: string, signal: AbortSignal): Promise<void> {
    const ending = this.#endings.get(key)
    if (!ending) return
    const { promise: patience, resolve } = Promise.withResolvers<void>()
    const timer = this.#env.setTimeout(resolve, GRACE_MS)
    const onAbort = (): void => resolve()
    signal.addEventListener('abort', onAbort)
    this.#patient.add(resolve)
    await Promise.race([ending, patience])
    this.#patient.delete(resolve)
    signal.removeEventListener('abort', onAbort)
    this.#env.clearTimeout(timer)
  }

  close(): void {
    for (const resolve of this.#patient) resolve()
  }
}
