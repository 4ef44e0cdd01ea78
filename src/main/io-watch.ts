/**
 * Watches that an I/O thread still reacts (F29): it counts up a number in shared memory whenever it pumps, and is woken if it was
 * idle. Never blocks; a main thread that was blocked itself, or a process that was stopped, blames nobody.
 */
import type { Env, Timer } from '../shared/env.ts'

export interface WatchEvents {
  /** Wakes the thread if it sleeps. */
  wake(): void
  /** It has not reacted for this long; told at every check from the first on. */
  onStall(elapsedMs: number): void
  /** It reacts again, after so long. */
  onRecovery(elapsedMs: number): void
}

/** A thread is late after this many checks without a sign, the first of which woke it. */
const CHECKS = 3

export class IoWatch {
  readonly #env: Env
  readonly #pulse: Int32Array
  readonly #intervalMs: number
  readonly #events: WatchEvents
  #timer: Timer | undefined
  #last: number
  #silentChecks = 0
  #silentSince = 0
  #stalled = false

  constructor(env: Env, pulse: SharedArrayBuffer, stallMs: number, events: WatchEvents) {
    this.#env = env
    this.#pulse = new Int32Array(pulse)
    this.#intervalMs = stallMs / CHECKS
    this.#events = events
    this.#last = Atomics.load(this.#pulse, 0)
    this.#arm()
  }

  stop(): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(): void {
    this.#timer = this.#env.setTimeout(() => {
      this.#arm()
      this.#check()
    }, this.#intervalMs)
  }

  #check(): void {
    const pulse = Atomics.load(this.#pulse, 0)
    const now = this.#env.now()
    if (pulse !== this.#last) {
      this.#last = pulse
      this.#silentChecks = 0
      if (this.#stalled) this.#events.onRecovery(now - this.#silentSince)
      this.#stalled = false
      return
    }
    // it is being started, which takes its time on a busy machine; if it cannot start, it ends
    if (pulse === 0) return
    if (this.#silentChecks++ === 0) {
      // it may only have had nothing to do
      this.#silentSince = now
      this.#events.wake()
    } else if (this.#silentChecks > CHECKS) {
      this.#stalled = true
      this.#events.onStall(now - this.#silentSince)
    }
  }
}
