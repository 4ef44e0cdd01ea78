/**
 * The credits of one fetcher that wait before one broker, and how they are asked for: one long poll at a time, in a fetch session and
 * on a connection of the fetcher's own; or, while brokers have plenty, two requests that wait for nothing, so that the broker has the
 * next one when it has answered. Decides what a poll asks for, when it may begin and how long it may wait; sends nothing.
 */
import type { Credit } from './credit.ts'
import { FetchSession } from './fetch-session.ts'
import type { Partition } from './partition.ts'

/** An answer of so many bytes, with more behind it, is plenty. */
const PLENTY_BYTES = 64 * 1024
/** Whoever got records usually asks for more in a moment: the next poll waits this long for him, since he cannot join it later. */
const LINGER_MS = 2
/** Whoever got records so long ago and has not asked for more is waited for no longer. */
const ABSENT_MS = 250
/** A poll without partitions that may be back in a moment does not last long. */
const SHORT_POLL_MS = 20
/** A broker that has nothing and says so before it had to is not asked again at once. */
const QUIET_MS = 50
/** The longest poll that patient credits are in: one that comes back meanwhile has to wait for its end. */
const LONG_POLL_MS = 500
/** A credit that came while a long poll was waiting is asked for beside it after so long, and with ever longer pauses again. */
const BYPASS_AFTER_MS = 10

export class FetchLine {
  readonly nodeId: number
  readonly fetcher: number
  readonly readCommitted: boolean
  readonly session = new FetchSession()
  /** Credits nobody is asked about now, oldest first. */
  waiting: Credit[] = []
  bypassing = false
  /** Requests on their way. */
  #polls = 0
  /** They wait for nothing. */
  #hasty = false
  /** When it last had something to ask. */
  usedAt: number
  #pollingSince = 0
  #mayTakeUntil = 0
  #quietUntil = 0
  /** Partitions whose last answer was long and not the end. */
  readonly #plenty = new Set<Partition>()
  /** Partitions that got records and have no credit since, with the time; for patient credits only. */
  readonly #absent = new Map<Partition, number>()

  constructor(nodeId: number, { fetcher, readCommitted }: Credit, now: number) {
    this.nodeId = nodeId
    this.fetcher = fetcher
    this.readCommitted = readCommitted
    this.usedAt = now
  }

  get polling(): boolean {
    return this.#polls > 0
  }

  /** Whether a further request may be sent before the last one was answered. */
  get mayPollAhead(): boolean {
    return this.#polls === 1 && this.#hasty && this.session.open
  }

  /** Somebody waits, or a broker is being asked. */
  get busy(): boolean {
    return this.waiting.length > 0 || this.polling || this.bypassing
  }

  add(credit: Credit): void {
    this.waiting.push(credit)
    this.#absent.delete(credit.partition)
  }

  /** Records went to main; whoever got them may be back soon. `behind`: records that are left. */
  served(credit: Credit, bytes: number, behind: number, now: number): void {
    this.#quietUntil = 0
    if (bytes >= PLENTY_BYTES && behind > 0) this.#plenty.add(credit.partition)
    else this.#plenty.delete(credit.partition)
    if (credit.patient) this.#absent.set(credit.partition, now)
  }

  /** There was nothing for it. */
  unserved(credit: Credit): void {
    this.#plenty.delete(credit.partition)
  }

  /** When a poll may begin: now, or when those have had time to come back who have just got records. */
  pollAt(now: number): number {
    let at = Math.max(now, this.#quietUntil)
    for (const [partition, servedAt] of this.#absent) {
      if (now - servedAt >= ABSENT_MS) this.#absent.delete(partition)
      else at = Math.max(at, servedAt + LINGER_MS)
    }
    return at
  }

  /**
   * Takes out what the next poll asks for: all that waits; while brokers have plenty half of it, so that another poll is asked for while
   * this one is being answered, and ahead of an answer only what there is plenty of.
   */
  takePoll(now: number, later: (at: number) => void): Credit[] {
    if (this.#polls > 0) return this.take(now, later, (credit) => this.#hasPlenty(credit))
    let plenty = 0
    if (this.#plenty.size > 1 && this.session.open) for (const credit of this.waiting) if (this.#hasPlenty(credit)) plenty++
    this.#hasty = plenty > 1
    if (!this.#hasty) return this.take(now, later, () => true)
    let half = plenty >> 1
    return this.take(now, later, (credit) => !this.#hasPlenty(credit) || half-- > 0)
  }

  /** Whoever wants more than what is there has to wait for it, and that a long poll does. */
  #hasPlenty({ partition, minBytes }: Credit): boolean {
    return minBytes <= 1 && this.#plenty.has(partition)
  }

  /** The partition is read elsewhere, or not at all. */
  forget(partition: Partition): void {
    this.#plenty.delete(partition)
    this.#absent.delete(partition)
  }

  /** Gives how long the broker may keep a poll for these. */
  pollBegins(credits: readonly Credit[], now: number): number {
    this.#polls++
    this.#pollingSince = now
    if (this.#hasty) {
      this.#mayTakeUntil = 0
      return 0
    }
    let wait = Number.POSITIVE_INFINITY
    let patient = false
    for (const credit of credits) {
      wait = Math.min(wait, credit.waitUntil - now)
      patient ||= credit.patient
    }
    if (patient) wait = Math.min(wait, this.#absent.size > 0 ? SHORT_POLL_MS : LONG_POLL_MS)
    this.#mayTakeUntil = patient ? now + wait : 0
    return Math.max(0, Math.floor(wait))
  }

  pollEnded(now: number): void {
    this.#polls--
    // those who got records in it take this back
    if (now < this.#mayTakeUntil - QUIET_MS) this.#quietUntil = now + QUIET_MS
  }

  /** When a credit that cannot join the poll may be asked for beside it; Infinity: not at all. */
  bypassAt({ patient, bypasses, bypassAt }: Credit): number {
    if (bypasses === 0) return Math.max(this.#pollingSince + BYPASS_AFTER_MS, bypassAt)
    return patient ? bypassAt : Number.POSITIVE_INFINITY
  }

  bypassed(credit: Credit, now: number): void {
    credit.bypasses++
    credit.bypassAt = now + BYPASS_AFTER_MS * 2 ** Math.min(credit.bypasses, 5)
  }

  /** Takes credits out: each partition once, none before its back-off ended. `later` hears of moments to look again. */
  take(now: number, later: (at: number) => void, wanted: (credit: Credit) => boolean): Credit[] {
    const taken = new Map<Partition, Credit>()
    this.waiting = this.waiting.filter((credit) => {
      if (credit.notBefore > now) {
        later(credit.notBefore)
        return true
      }
      if (!wanted(credit) || taken.has(credit.partition)) return true
      taken.set(credit.partition, credit)
      return false
    })
    if (taken.size > 0) this.usedAt = now
    return [...taken.values()]
  }

  remove(credit: Credit): boolean {
    const index = this.waiting.indexOf(credit)
    if (index >= 0) this.waiting.splice(index, 1)
    return index >= 0
  }
}
