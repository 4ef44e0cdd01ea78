/**
 * A world of its own: virtual clock, seeded randomness and an in-memory network (`sim-network.ts`), behind the same interface as the real one. The
 * client and the embedded broker run in it together, thousands of simulated milliseconds a second, the same for the same seed.
 */
import type { Env, Listener, Socket, SocketEvents, Timer } from '../../src/shared/env.ts'
import { CrashingEnv } from './crashing-env.ts'
import { SimNetwork } from './sim-network.ts'

interface Event {
  at: number
  order: number
  run: (() => void) | undefined
}

/** A small, fast generator with a full period (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export class SimEnv implements Env {
  readonly clockOrigin = 0
  readonly random: () => number
  #now = 1000
  #order = 0
  /** A binary heap by time, then order. */
  readonly #events: Event[] = []
  readonly network: SimNetwork
  /** Called after each event: what must hold at every moment is looked at here. */
  watch: (() => void) | undefined
  /** The worlds of the I/O cores that were started, the latest last. */
  readonly cores: CrashingEnv[] = []

  constructor(seed: number) {
    this.random = seededRandom(seed)
    this.network = new SimNetwork(this)
  }

  now(): number {
    return this.#now
  }

  wallClock(): number {
    return 1_700_000_000_000 + Math.floor(this.#now)
  }

  core(): CrashingEnv {
    const core = new CrashingEnv(this)
    this.cores.push(core)
    return core
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    return this.at(this.#now + Math.max(0, delayMs), callback)
  }

  clearTimeout(timer: Timer): void {
    ;(timer as Event).run = undefined
  }

  defer(callback: () => void): void {
    this.at(this.#now, callback)
  }

  at(time: number, run: () => void): Event {
    const event = { at: time, order: this.#order++, run }
    const heap = this.#events
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
    return event
  }

  connect(_host: string, port: number, events: SocketEvents): Socket {
    return this.network.connect(port, events)
  }

  async listen(_host: string, port: number, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    return this.network.listen(port, onConnection)
  }

  /** Runs events in order until the promise is settled; rejects when nothing is left to happen or the time limit is reached. */
  async run<T>(work: Promise<T>, limitMs = 600_000): Promise<T> {
    let settled = false
    const end = () => {
      settled = true
    }
    work.then(end, end)
    const limit = this.#now + limitMs
    for (;;) {
      // promise reactions of the last event, all of them
      await new Promise((resolve) => setImmediate(resolve))
      if (settled) return work
      const event = this.#pop() ?? (await this.#waitForReality())
      if (!event) throw new Error(`nothing is left to happen at ${this.#now.toFixed(1)} ms, but somebody waits`)
      if (event.at > limit) throw new Error(`still waiting after ${limitMs} simulated ms`)
      this.#now = Math.max(this.#now, event.at)
      event.run?.()
      this.watch?.()
    }
  }

  /** Code that is loaded for the first time takes real time, in which nothing happens here. */
  async #waitForReality(): Promise<Event | undefined> {
    for (let patience = 200; patience > 0; patience--) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      const event = this.#pop()
      if (event) return event
    }
    return undefined
  }

  #pop(): Event | undefined {
    const heap = this.#events
    while (heap.length > 0) {
      const first = heap[0]!
      const last = heap.pop()!
      if (heap.length > 0) {
        let index = 0
        for (;;) {
          let child = index * 2 + 1
          if (child >= heap.length) break
          if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
          if (!before(heap[child]!, last)) break
          heap[index] = heap[child]!
          index = child
        }
        heap[index] = last
      }
      if (first.run) return first
    }
    return undefined
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
