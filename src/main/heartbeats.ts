/**
 * Main's end of the heartbeat clock (C13): hands orders of members to the first I/O thread and what came of them to the member, and
 * shows the thread that main is alive. Knows what a heartbeat is for, not what it says.
 */
import type { Env, Timer } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { HeartbeatEvent, HeartbeatOrder } from '../shared/io-api.ts'
import type { IoThread, IoThreadEvents } from './io-thread.ts'

export interface HeartbeatListener {
  onHeartbeat(event: HeartbeatEvent): void
  /** The thread was replaced; its successor wants a new order, since answers may have been lost with it. */
  onRestart(): void
  /** Orders are no longer taken: the client has ended. */
  onEnd(error: KafkaError): void
}

/** One member's share of the clock. */
export interface HeartbeatClock {
  order(order: Omit<HeartbeatOrder, 'member'>): void
  /** Heartbeats end until the next order. */
  stop(): void
  /** Nothing more comes or goes. */
  close(): void
}

/** So many signs of life are shown within the time that main may be silent. */
const SIGNS = 8
const MIN_PAUSE_MS = 5
const MAX_PAUSE_MS = 500

export class Heartbeats {
  readonly #env: Pick<Env, 'setTimeout' | 'clearTimeout'>
  readonly #thread: () => Pick<IoThread, 'tell' | 'showLife'>
  readonly #listeners = new Map<number, HeartbeatListener>()
  #nextMember = 0

  constructor(env: Pick<Env, 'setTimeout' | 'clearTimeout'>, thread: () => Pick<IoThread, 'tell' | 'showLife'>) {
    this.#env = env
    this.#thread = thread
  }

  /** `maxProcessingMs`: how long main may be silent, as the orders say. */
  open(maxProcessingMs: number, listener: HeartbeatListener): HeartbeatClock {
    const member = this.#nextMember++
    this.#listeners.set(member, listener)
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, maxProcessingMs / SIGNS))
    let timer: Timer
    const show = (): void => {
      this.#thread().showLife()
      timer = this.#env.setTimeout(show, pauseMs)
    }
    show()
    const tell = (told: Promise<void>): void => {
      told.catch((thrown) => this.#listeners.get(member)?.onEnd(KafkaError.from(thrown, 'heartbeats')))
    }
    return {
      order: (order) => tell(this.#thread().tell('heartbeat', { ...order, member })),
      stop: () => tell(this.#thread().tell('endHeartbeats', member)),
      close: () => {
        if (!this.#listeners.delete(member)) return
        this.#env.clearTimeout(timer)
        // a client that has ended sends none any more
        this.#thread()
          .tell('endHeartbeats', member)
          .catch(() => {})
      },
    }
  }

  /** No orders are taken any more. */
  close(error: KafkaError): void {
    for (const listener of [...this.#listeners.values()]) listener.onEnd(error)
  }

  /** The events of the thread, without those that are for members. */
  hear(events: IoThreadEvents): IoThreadEvents {
    return {
      ...events,
      onEvent: (event) => {
        if (event.type === 'heartbeat' || event.type === 'heartbeat-failed' || event.type === 'heartbeat-left')
          this.#listeners.get(event.member)?.onHeartbeat(event)
        else events.onEvent(event)
      },
      onRestart: () => {
        for (const listener of [...this.#listeners.values()]) listener.onRestart()
        events.onRestart()
      },
      onDeath: (error) => {
        this.close(error)
        events.onDeath(error)
      },
    }
  }
}
