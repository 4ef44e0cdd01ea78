/**
 * Something that handlers call: one queue with a capacity. The more calls wait in it, the less it gets done, as with a database whose
 * transactions wait for each other's locks; so an overload that was once there can keep itself up.
 */
import type { VirtualEnv } from '../../support/virtual-env.ts'

export interface DownstreamSettings {
  callMs: number
  recordMs: number
  /** With so many calls in it everything takes twice as long; infinite: it never degrades. */
  knee: number
}

interface Call {
  records: number
  done: () => void
}

export class Downstream {
  readonly #env: VirtualEnv
  readonly settings: DownstreamSettings
  readonly #calls: Call[] = []
  #busy = false
  /** It does nothing before. */
  #stalledUntil = 0
  /** Times as slow as its settings say. */
  factor = 1

  constructor(env: VirtualEnv, settings: DownstreamSettings) {
    this.#env = env
    this.settings = settings
  }

  get queued(): number {
    return this.#calls.length
  }

  call(records: number): Promise<void> {
    return new Promise((done) => {
      this.#calls.push({ records, done })
      this.#next()
    })
  }

  stall(ms: number): void {
    this.#stalledUntil = this.#env.now() + ms
  }

  #next(): void {
    const [first] = this.#calls
    if (this.#busy || first === undefined) return
    this.#busy = true
    const { callMs, recordMs, knee } = this.settings
    const degraded = 1 + (this.#calls.length / knee) ** 2
    const noise = 0.8 + 0.4 * this.#env.random()
    const ms = (callMs + first.records * recordMs) * degraded * this.factor * noise
    const stalled = Math.max(0, this.#stalledUntil - this.#env.now())
    this.#env.setTimeout(() => {
      this.#calls.shift()
      this.#busy = false
      first.done()
      this.#next()
    }, stalled + ms)
  }
}

/** Records that arrive in partitions at a steady rate and wait to be handled. */
export class Backlog {
  readonly #env: VirtualEnv
  readonly #perMs: number
  readonly #taken: number[]

  constructor(env: VirtualEnv, partitions: number, recordsPerSecond: number) {
    this.#env = env
    this.#perMs = recordsPerSecond / partitions / 1000
    this.#taken = Array.from({ length: partitions }, () => 0)
  }

  of(partition: number): number {
    // not all at the same moment
    const phase = partition / this.#taken.length
    return Math.floor(this.#env.now() * this.#perMs + phase) - this.#taken[partition]!
  }

  take(partition: number, count: number): void {
    this.#taken[partition]! += count
  }

  get total(): number {
    return this.#taken.reduce((sum, _, partition) => sum + this.of(partition), 0)
  }
}
