/**
 * How fast records are handed to handlers, so that what is downstream of them is protected: `rateLimit`, `adaptive` and `pauseWhen`.
 * Asked before each batch. Knows what waits for which of the three, and tells; knows neither records nor handlers.
 *
 * The order is gate, adaptive limit, rate limit, and the gate once more if anything had to be waited for: what the gate said before may
 * be out of date. Tokens that were taken are held until the batch goes, or given back when it is not to go any more.
 */
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { type AdaptedEvent, AdaptiveLimit, type AdaptiveMetrics } from './adaptive.ts'
import { Gate } from './gate.ts'
import type { CheckedGroupOptions, CheckedRateLimit } from './group-options.ts'
import { PacedEvents } from './paced-events.ts'
import { RateLimit } from './rate-limit.ts'
import type { TokenBucket } from './token-bucket.ts'

export type { AdaptedEvent, AdaptiveMetrics } from './adaptive.ts'

export type FlowSettings = Pick<CheckedGroupOptions, 'rateLimit' | 'adaptive' | 'pauseWhen' | 'pauseCheckMs'>

/** `rateLimit` holds back. */
export interface LimitedEvent {
  topic: string
  partition: number
  recordsPerSecond: number
  per: CheckedRateLimit['per']
  /** Batches that wait for it, this one included. */
  waiting: number
}

/** `pauseWhen` holds back, or does so no longer. */
export interface GateEvent {
  open: boolean
  /** How long it was closed; 0 when it closes. */
  closedMs: number
}

/** `pauseWhen` failed, or answered neither true nor false; it counts as closed. */
export interface GateFailedEvent {
  error: unknown
}

/** Each at most once a second, adapted for each topic; what was suppressed last is told later, so that the last word is true. */
export interface FlowEvents {
  onLimited(event: LimitedEvent): void
  onAdapted(event: AdaptedEvent): void
  onGate(event: GateEvent): void
  onGateFailed(event: GateFailedEvent): void
}

/** What holds a batch back. */
export type FlowCause = 'rateLimit' | 'adaptive' | 'pauseWhen'

export interface FlowMetrics {
  /** Records that went to handlers, and how many of them a second of late. */
  admittedRecords: number
  recordsPerSecond: number
  rateLimit: { recordsPerSecond: number; per: CheckedRateLimit['per']; waiting: number } | undefined
  /** One for each topic that was handled. */
  adaptive: AdaptiveMetrics[]
  gate: { open: boolean; closedMs: number; waiting: number; failures: number } | undefined
  /** How long partitions have waited in all, by cause; those that wait now are included. */
  waitedSeconds: Record<FlowCause, number>
}

/** One batch that waits. */
interface Wait {
  cause: FlowCause
  since: number
}

export class Flow {
  readonly #env: Env
  readonly #settings: FlowSettings
  readonly #events: FlowEvents
  readonly #paced: PacedEvents
  readonly #rateLimit: RateLimit | undefined
  readonly #gate: Gate | undefined
  readonly #adaptive = new Map<string, AdaptiveLimit>()
  /** By topic and partition. */
  readonly #waits = new Map<string, Map<number, Wait>>()
  readonly #waitedMs: Record<FlowCause, number> = { rateLimit: 0, adaptive: 0, pauseWhen: 0 }
  readonly #meter: Meter
  /** Nothing is configured. */
  #free: boolean
  #closed: KafkaError | undefined
  #gateTold = true

  constructor(env: Env, settings: FlowSettings, events: FlowEvents) {
    this.#env = env
    this.#settings = settings
    this.#events = events
    this.#paced = new PacedEvents(env)
    this.#meter = new Meter(env)
    const { rateLimit, adaptive, pauseWhen, pauseCheckMs } = settings
    this.#rateLimit = rateLimit && new RateLimit(env, rateLimit)
    this.#gate = pauseWhen && new Gate(env, pauseWhen, pauseCheckMs, this.#gateWatcher())
    this.#free = !rateLimit && !adaptive && !pauseWhen
  }

  /**
   * How many of `wanted` records of this partition may be handed out now, at least one; a promise when something has to be waited
   * for. Rejects with the reason of the signal when that is aborted, with CLOSED after {@link close}.
   */
  admit(topic: string, partition: number, wanted: number, signal: AbortSignal): number | Promise<number> {
    if (this.#free) {
      this.#meter.count(wanted)
      return wanted
    }
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    if (signal.aborted) return Promise.reject(signal.reason)
    const open = this.#gate === undefined || this.#gate.pass(signal)
    if (open !== true) return this.#wait(topic, partition, wanted, signal, open)
    const adapted = this.#adaptiveOf(topic)?.bucket
    const count = adapted === undefined ? wanted : adapted.take(wanted, signal)
    if (typeof count !== 'number') return this.#wait(topic, partition, wanted, signal, true, count)
    const limited = this.#rateLimit?.bucketOf(topic, partition)
    const fewer = limited === undefined ? count : limited.take(count, signal)
    if (typeof fewer !== 'number') return this.#wait(topic, partition, wanted, signal, true, count, fewer)
    adapted?.giveBack(count - fewer)
    return this.#go(fewer, adapted, limited)
  }

  /** A handler ended after so many milliseconds; `failed`: it threw, was given up, or wants records again. */
  handled(topic: string, _partition: number, records: number, elapsedMs: number, failed = false): void {
    if (records > 0) this.#adaptiveOf(topic)?.handled(records, Math.max(0, elapsedMs), failed)
  }

  /** What a partition waits for, in words; undefined when it waits for nothing here. */
  waitingFor(topic: string, partition: number): string | undefined {
    const wait = this.#waits.get(topic)?.get(partition)
    if (wait === undefined) return undefined
    if (wait.cause === 'pauseWhen') return String(this.#gate)
    if (wait.cause === 'rateLimit') {
      const next = Math.ceil(this.#rateLimit!.bucketOf(topic, partition).nextInMs())
      return `the rate limit of ${this.#rateLimit} (next in ${next} ms)`
    }
    const limit = this.#adaptiveOf(topic)!
    return `the adaptive limit of ${limit} (next in ${Math.ceil(limit.bucket.nextInMs())} ms)`
  }

  /** A partition that is no longer this member's. */
  forget(topic: string, partition: number): void {
    this.#rateLimit?.forget(topic, partition)
  }

  metrics(): FlowMetrics {
    const { rateLimit } = this.#settings
    const gate = this.#gate
    return {
      admittedRecords: this.#meter.total,
      recordsPerSecond: this.#meter.perSecond(),
      rateLimit: rateLimit && {
        recordsPerSecond: rateLimit.recordsPerSecond,
        per: rateLimit.per,
        waiting: this.#rateLimit!.waiting,
      },
      adaptive: Array.from(this.#adaptive.values(), (limit) => limit.metrics()),
      gate: gate && { open: gate.open, closedMs: gate.closedMs, waiting: gate.waiting, failures: gate.failures },
      waitedSeconds: this.#waitedSeconds(),
    }
  }

  /** Sends all who wait away, with CLOSED; leaves no timer. */
  close(): void {
    if (this.#closed !== undefined) return
    this.#closed = new KafkaError('CLOSED', 'The consumer group was closed: no more records are handed out.')
    this.#free = false
    this.#paced.close()
    this.#gate?.close(this.#closed)
    this.#rateLimit?.close(this.#closed)
    for (const { bucket } of this.#adaptive.values()) bucket.close(this.#closed)
  }

  #adaptiveOf(topic: string): AdaptiveLimit | undefined {
    const { adaptive } = this.#settings
    if (adaptive === undefined) return undefined
    let limit = this.#adaptive.get(topic)
    if (!limit) {
      const onAdapted = (event: AdaptedEvent) => {
        if (this.#closed === undefined) this.#paced.tell(`adapted ${topic}`, () => this.#events.onAdapted(event))
      }
      this.#adaptive.set(topic, (limit = new AdaptiveLimit(this.#env, topic, adaptive, onAdapted)))
    }
    return limit
  }

  #go(count: number, adapted: TokenBucket | undefined, limited: TokenBucket | undefined): number {
    adapted?.spend(count)
    limited?.spend(count)
    this.#meter.count(count)
    return count
  }

  /** Goes on from where {@link admit} had to stop. */
  async #wait(
    topic: string,
    partition: number,
    wanted: number,
    signal: AbortSignal,
    opening: true | Promise<void>,
    adapting?: number | Promise<number>,
    limiting?: number | Promise<number>,
  ): Promise<number> {
    const adapted = this.#adaptiveOf(topic)?.bucket
    const limited = this.#rateLimit?.bucketOf(topic, partition)
    const over = <T>(cause: FlowCause, work: T | Promise<T>) => this.#timed(topic, partition, cause, work)
    if (opening !== true) await over('pauseWhen', opening)
    const first = adapting ?? adapted?.take(wanted, signal) ?? wanted
    const count = await over('adaptive', first)
    let fewer = 0
    let went = false
    try {
      const second = limiting ?? limited?.take(count, signal) ?? count
      fewer = await over('rateLimit', second)
      const gate = first instanceof Promise || second instanceof Promise ? this.#gate : undefined
      // Tokens may be kept meanwhile: nobody else passes a closed gate either.
      const again = gate === undefined || gate.pass(signal)
      if (again !== true) await over('pauseWhen', again)
      went = true
    } finally {
      adapted?.giveBack(went ? count - fewer : count)
      if (!went) limited?.giveBack(fewer)
    }
    return this.#go(fewer, adapted, limited)
  }

  /** What is there at once is not waited for. */
  async #timed<T>(topic: string, partition: number, cause: FlowCause, work: T | Promise<T>): Promise<T> {
    if (!(work instanceof Promise)) return work
    const wait: Wait = { cause, since: this.#env.now() }
    let partitions = this.#waits.get(topic)
    if (!partitions) this.#waits.set(topic, (partitions = new Map()))
    partitions.set(partition, wait)
    if (cause === 'rateLimit') this.#tellLimited(topic, partition)
    try {
      return await work
    } finally {
      this.#waitedMs[cause] += this.#env.now() - wait.since
      if (partitions.get(partition) === wait) partitions.delete(partition)
      if (partitions.size === 0 && this.#waits.get(topic) === partitions) this.#waits.delete(topic)
    }
  }

  #tellLimited(topic: string, partition: number): void {
    if (this.#closed !== undefined) return
    const { recordsPerSecond, per } = this.#settings.rateLimit!
    this.#paced.tell('limited', () => {
      const { waiting } = this.#rateLimit!
      this.#events.onLimited({ topic, partition, recordsPerSecond, per, waiting })
    })
  }

  #gateWatcher() {
    return {
      onGate: (open: boolean, closedMs: number) => {
        if (this.#closed !== undefined) return
        this.#paced.tell('gate', () => {
          // It may be as it was when that was told last.
          if (open === this.#gateTold) return
          this.#gateTold = open
          this.#events.onGate({ open, closedMs })
        })
      },
      onGateFailed: (error: unknown) => {
        if (this.#closed === undefined) this.#paced.tell('gate failed', () => this.#events.onGateFailed({ error }))
      },
    }
  }

  #waitedSeconds(): Record<FlowCause, number> {
    const ms = { ...this.#waitedMs }
    const now = this.#env.now()
    for (const partitions of this.#waits.values()) for (const { cause, since } of partitions.values()) ms[cause] += now - since
    return { rateLimit: ms.rateLimit / 1000, adaptive: ms.adaptive / 1000, pauseWhen: ms.pauseWhen / 1000 }
  }
}

const SECOND_MS = 1_000

/** Counts, and says how many there were in the last second. */
class Meter {
  readonly #env: Pick<Env, 'now'>
  #second = 0
  #inThis = 0
  #inLast = 0
  total = 0

  constructor(env: Pick<Env, 'now'>) {
    this.#env = env
  }

  count(records: number): void {
    this.total += records
    this.#turnTo(this.#env.now())
    this.#inThis += records
  }

  /** What the running second has, and of the one before what is less than a second ago, as if spread evenly. */
  perSecond(): number {
    const now = this.#env.now()
    this.#turnTo(now)
    return this.#inThis + this.#inLast * (1 - (now % SECOND_MS) / SECOND_MS)
  }

  #turnTo(now: number): void {
    const second = Math.floor(now / SECOND_MS)
    if (second === this.#second) return
    this.#inLast = second === this.#second + 1 ? this.#inThis : 0
    this.#inThis = 0
    this.#second = second
  }
}
