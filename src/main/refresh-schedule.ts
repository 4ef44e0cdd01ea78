/**
 * When to ask for metadata, and for which topics. Each topic has its own pace: at once when it is first wanted after quiet, then
 * with back-off while asking does not help, and now and then when all is well. Requests as a whole keep a distance, so that no
 * number of troubled topics makes more than ten a second. Knows no answer, only whether it helped.
 */
import { type BackoffBounds, backoffMs } from '../shared/backoff.ts'
import type { Env } from '../shared/env.ts'

export interface ScheduleLimits {
  /** Between attempts while somebody waits. */
  retry: BackoffBounds
  /** Age at which a healthy entry is asked for again. */
  maxAgeMs: number
}

/** How an answer left a topic. */
export interface Outcome {
  /** Nothing is missing: it need not be asked for before it is old. */
  settled: boolean
  /** The answer brought news. */
  progressed: boolean
  /** Somebody waits for it. */
  awaited: boolean
}

/** At least this long between the starts of two requests. */
export const MIN_GAP_MS = 100
/** The longest pause while something is wrong but nobody waits. */
const UNATTENDED_MAX_MS = 10_000
/** Trouble after this long without any is new trouble. */
const QUIET_MS = 10_000
/** A topic nobody waits for and nothing is known of is remembered this long, so that a loop of failing calls keeps its back-off. */
const MEMORY_MS = 60_000
/** At least this long between two looks for such topics, since each look is at all. */
const SWEEP_MS = 10_000

interface Entry {
  /** Infinity: only when wanted. */
  dueAt: number
  askedAt: number
  wantedAt: number
  /** Wanted after the last request left: its answer may be older than the cause. */
  wanted: boolean
  /** Wanted before the last request left. */
  askedFor: boolean
  failures: number
}

export class RefreshSchedule {
  readonly #env: Pick<Env, 'now' | 'random'>
  readonly #limits: ScheduleLimits
  readonly #topics = new Map<string, Entry>()
  /** The part of every answer that belongs to no topic. */
  readonly #brokers: Entry
  #lastStartedAt = Number.NEGATIVE_INFINITY
  #doubtful = false
  #failures = 0
  #failedAt = 0
  #blockedUntil = 0
  #sweptAt = 0

  constructor(env: Pick<Env, 'now' | 'random'>, limits: ScheduleLimits) {
    this.#env = env
    this.#limits = limits
    this.#brokers = newEntry(env.now() + limits.maxAgeMs)
  }

  /** How many topics it remembers. */
  get size(): number {
    return this.#topics.size
  }

  /** The last answer said that all is well with a topic that somebody has trouble with. */
  get doubtful(): boolean {
    return this.#doubtful
  }

  /** Somebody needs news of a topic. */
  want(topic: string): void {
    let entry = this.#topics.get(topic)
    if (entry === undefined) {
      this.#forgetIdle()
      this.#topics.set(topic, (entry = newEntry(Number.POSITIVE_INFINITY)))
    }
    this.#want(entry)
  }

  /** Somebody needs news of the brokers. */
  wantBrokers(): void {
    this.#want(this.#brokers)
  }

  #want(entry: Entry): void {
    const now = this.#env.now()
    // Requests that failed while nobody waited may have pushed the next one far away.
    this.#blockedUntil = Math.min(this.#blockedUntil, this.#failedAt + this.#limits.retry.maxMs)
    if (now - entry.wantedAt > QUIET_MS && now - entry.askedAt > QUIET_MS) entry.failures = 0
    entry.wantedAt = now
    if (entry.wanted) return
    entry.wanted = true
    entry.dueAt = Math.min(entry.dueAt, this.#retryAt(entry, now, this.#env.random()))
  }

  #retryAt({ failures, askedAt }: Entry, now: number, random: number): number {
    return failures === 0 ? now : Math.max(now, askedAt + backoffMs(failures, this.#limits.retry, random))
  }

  /** When the next request should leave; Infinity never happens, brokers grow old. */
  nextAt(): number {
    let dueAt = this.#brokers.dueAt
    for (const entry of this.#topics.values()) if (entry.dueAt < dueAt) dueAt = entry.dueAt
    return Math.max(dueAt, this.#lastStartedAt + MIN_GAP_MS, this.#blockedUntil)
  }

  /** A request leaves now: the topics it should name. Those that would be next are taken along. */
  start(): string[] {
    const now = this.#env.now()
    this.#lastStartedAt = now
    this.#ask(this.#brokers, now)
    const topics: string[] = []
    for (const [topic, entry] of this.#topics) {
      if (entry.dueAt > now + MIN_GAP_MS) continue
      this.#ask(entry, now)
      topics.push(topic)
    }
    return topics
  }

  #ask(entry: Entry, now: number): void {
    entry.askedAt = now
    entry.askedFor = entry.wanted
    entry.wanted = false
    entry.dueAt = Number.POSITIVE_INFINITY
  }

  /** The request was answered; `outcomes` has every topic it named. */
  answered(outcomes: ReadonlyMap<string, Outcome>): void {
    const now = this.#env.now()
    // One throw of the dice for all, so that topics in the same trouble stay in the same request.
    const random = this.#env.random()
    this.#failures = 0
    this.#blockedUntil = 0
    this.#settle(this.#brokers, { settled: true, progressed: false, awaited: false }, now, random)
    this.#doubtful = false
    for (const [topic, outcome] of outcomes) {
      const entry = this.#topics.get(topic)
      this.#doubtful ||= entry?.askedFor === true && outcome.settled && !outcome.progressed
      if (entry !== undefined) this.#settle(entry, outcome, now, random)
    }
  }

  #settle(entry: Entry, { settled, progressed, awaited }: Outcome, now: number, random: number): void {
    if (progressed) entry.failures = settled ? 0 : 1
    else if (!settled || entry.askedFor) entry.failures++
    const attended = awaited || now - entry.wantedAt < QUIET_MS
    const { initialMs, maxMs } = this.#limits.retry
    const bounds = { initialMs, maxMs: attended ? maxMs : Math.max(maxMs, UNATTENDED_MAX_MS) }
    entry.dueAt = now + (settled ? this.#limits.maxAgeMs : backoffMs(entry.failures, bounds, random))
    if (entry.wanted && progressed) entry.wanted = false
    if (entry.wanted) entry.dueAt = Math.min(entry.dueAt, this.#retryAt(entry, now, random))
  }

  /** The request failed as a whole; what it named stays due. */
  failed(topics: readonly string[], awaited: boolean): void {
    const now = this.#env.now()
    this.#failures++
    this.#failedAt = now
    const { initialMs, maxMs } = this.#limits.retry
    const bounds = { initialMs, maxMs: awaited ? maxMs : Math.max(maxMs, UNATTENDED_MAX_MS) }
    this.#blockedUntil = now + backoffMs(this.#failures, bounds, this.#env.random())
    this.#brokers.dueAt = now
    for (const topic of topics) {
      const entry = this.#topics.get(topic)
      if (entry !== undefined) entry.dueAt = now
    }
  }

  /** The cluster does not let this client in: it is left alone until somebody wants something again. */
  refused(): void {
    const dueAt = this.#env.now() + this.#limits.maxAgeMs
    for (const entry of [this.#brokers, ...this.#topics.values()]) {
      entry.dueAt = dueAt
      entry.wanted = false
    }
  }

  /** Makes a topic due no later than `at`. */
  noLaterThan(topic: string, at: number): void {
    const entry = this.#topics.get(topic)
    if (entry !== undefined) entry.dueAt = Math.min(entry.dueAt, at)
  }

  /** Nobody is interested any more; the back-off is remembered for a while. */
  rest(topic: string): void {
    const entry = this.#topics.get(topic)
    if (entry === undefined) return
    entry.dueAt = Number.POSITIVE_INFINITY
    entry.wanted = false
  }

  #forgetIdle(): void {
    const now = this.#env.now()
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    const before = now - MEMORY_MS
    for (const [topic, entry] of this.#topics) {
      if (entry.dueAt === Number.POSITIVE_INFINITY && entry.askedAt < before && entry.wantedAt < before)
        this.#topics.delete(topic)
    }
  }
}

function newEntry(dueAt: number): Entry {
  const never = Number.NEGATIVE_INFINITY
  return { dueAt, askedAt: never, wantedAt: never, wanted: false, askedFor: false, failures: 0 }
}
