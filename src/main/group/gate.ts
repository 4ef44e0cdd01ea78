/**
 * `pauseWhen`: asked before each batch; while it holds back, asked again and again for all who wait, who are then let through one
 * after the other, each after a question of its own, since the first batch may be what closes it again. What fails or is neither
 * true nor false counts as true: a gate does not open by accident. Knows not what goes through.
 */

import type { Env, Timer } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { show } from '../../shared/options.ts'
import type { PauseWhen } from './group-options.ts'
import { Line } from './line.ts'

type GateClock = Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>

export interface GateWatcher {
  /** `pauseWhen` holds back from now on, or no longer. */
  onGate(open: boolean, closedMs: number): void
  /** `pauseWhen` threw, rejected, or answered neither true nor false. */
  onGateFailed(error: unknown): void
}

export class Gate {
  readonly #env: GateClock
  readonly #pauseWhen: PauseWhen
  readonly #checkMs: number
  readonly #watcher: GateWatcher
  /** Those whom the gate holds back. */
  readonly #held = new Line<void>()
  /** Those whose question has no answer yet. */
  readonly #asking = new Line<boolean>()
  /** Since when it holds back; undefined while it is open. */
  #closedAt: number | undefined
  /** Since when the oldest question that has no answer waits for it. */
  #askedAt: number | undefined
  #questions = 0
  #failure: unknown
  #failures = 0
  #timer: Timer | undefined
  #checking = false
  #over = false

  constructor(env: GateClock, pauseWhen: PauseWhen, checkMs: number, watcher: GateWatcher) {
    this.#env = env
    this.#pauseWhen = pauseWhen
    this.#checkMs = checkMs
    this.#watcher = watcher
  }

  get open(): boolean {
    return this.#closedAt === undefined
  }

  /** How long it has been closed. */
  get closedMs(): number {
    return this.#closedAt === undefined ? 0 : this.#env.now() - this.#closedAt
  }

  get waiting(): number {
    return this.#held.size + this.#asking.size
  }

  get failures(): number {
    return this.#failures
  }

  /** True when a batch may go now, else a promise of when it may. Nobody overtakes those who are held back. */
  pass(signal: AbortSignal): true | Promise<void> {
    if (this.#held.size > 0) return this.#hold(signal)
    const answer = this.#question()
    if (typeof answer === 'boolean') return answer || this.#hold(signal)
    const open = this.#asking.stand(signal, 1, (caller) => void answer.then((yes) => this.#asking.serve(caller, yes)))
    return open.then((yes) => (yes ? undefined : this.#hold(signal)))
  }

  /** For people: "pauseWhen, which has been true for 3.2 s". */
  toString(): string {
    const seconds = (sinceMs: number) => `${((this.#env.now() - sinceMs) / 1000).toFixed(1)} s`
    const unanswered = this.#askedAt === undefined ? '' : `, which was asked ${seconds(this.#askedAt)} ago and has not answered`
    if (this.#closedAt === undefined || unanswered) return `pauseWhen${unanswered}`
    if (this.#failure === undefined) return `pauseWhen, which has been true for ${seconds(this.#closedAt)}`
    return `pauseWhen, which failed: ${this.#failure instanceof Error ? this.#failure.message : show(this.#failure)}`
  }

  /** Sends all who wait away. */
  close(reason: unknown): void {
    this.#over = true
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#held.close(reason)
    this.#asking.close(reason)
  }

  #hold(signal: AbortSignal): Promise<void> {
    return this.#held.stand(signal, 1, () => this.#checkLater())
  }

  #checkLater(delayMs = this.#checkMs): void {
    if (this.#over || this.#checking || this.#timer !== undefined) return
    this.#timer = this.#env.setTimeout(() => {
      this.#timer = undefined
      this.#check()
    }, delayMs)
  }

  #check(): void {
    if (this.#held.size === 0) return
    const answer = this.#question()
    if (typeof answer === 'boolean') {
      this.#letOneThrough(answer)
      return
    }
    this.#checking = true
    void answer.then((open) => {
      this.#checking = false
      if (!this.#over) this.#letOneThrough(open)
    })
  }

  #letOneThrough(open: boolean): void {
    const { first } = this.#held
    if (first === undefined) return
    if (open) this.#held.serve(first, undefined)
    // The next one is asked for when the handler of this one had a chance to begin.
    if (this.#held.size > 0) this.#checkLater(open ? 0 : this.#checkMs)
  }

  /** Whether it is open. */
  #question(): boolean | Promise<boolean> {
    try {
      const answer: unknown = this.#pauseWhen()
      if (typeof answer === 'boolean') return this.#answered(answer)
      if (!isThenable(answer)) {
        return this.#failed(neither(answer))
      }
      this.#questions++
      this.#askedAt ??= this.#env.now()
      return Promise.resolve(answer).then(
        (later) => this.#answeredLater(() => (typeof later === 'boolean' ? this.#answered(later) : this.#failed(neither(later)))),
        (error: unknown) => this.#answeredLater(() => this.#failed(error)),
      )
    } catch (error) {
      return this.#failed(error)
    }
  }

  #answeredLater(judge: () => boolean): boolean {
    if (--this.#questions === 0) this.#askedAt = undefined
    return this.#over ? false : judge()
  }

  #answered(pause: boolean): boolean {
    this.#failure = undefined
    if (pause) this.#shut()
    else if (this.#closedAt !== undefined) {
      const { closedMs } = this
      this.#closedAt = undefined
      this.#watcher.onGate(true, closedMs)
    }
    return !pause
  }

  #failed(error: unknown): false {
    this.#failures++
    this.#failure = error ?? new Error('it failed without an error')
    this.#shut()
    this.#watcher.onGateFailed(this.#failure)
    return false
  }

  #shut(): void {
    if (this.#closedAt !== undefined) return
    this.#closedAt = this.#env.now()
    this.#watcher.onGate(false, 0)
  }
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === 'object' && answer !== null && typeof (answer as { then?: unknown }).then === 'function'
}

function neither(answer: unknown): KafkaError {
  return new KafkaError(
    'INVALID_ARGUMENT',
    `pauseWhen must return true or false, or a promise of one, but gave ${show(answer)}: batches are held back. Return a comparison, such as pool.waitingCount > 0.`,
  )
}
