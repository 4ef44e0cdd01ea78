/**
 * The credits of one fetcher that wait before one broker, and how they are asked for: one long poll at a time, in a fetch session and
 * on a connection of the fetcher's own. Decides when a poll may begin and how long it may wait; sends nothing.
 */
import type { Credit } from './credit.ts'
import { FetchSession } from './fetch-session.ts'
import type { Partition } from './partition.ts'

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
  polling = false
  bypassing = false
  /** When it last had something to ask. */
  usedAt: number
  #pollingSince = 0
  #mayTakeUntil = 0
  #quietUntil = 0
  /** Partitions that got records and have no credit since, with the time; for patient credits only. */
  readonly #absent = new Map<Partition, number>()

  constructor(nodeId: number, { fetcher, readCommitted }: Credit, now: number) {
    this.nodeId = nodeId
    this.fetcher = fetcher
    this.readCommitted = readCommitted
    this.usedAt = now
  }

  /** Somebody waits, or a broker is being asked. */
  get busy(): boolean {
    return this.waiting.length > 0 || this.polling || this.bypassing
  }

  add(credit: Credit): void {
    this.waiting.push(credit)
    this.#absent.delete(credit.partition)
  }

  /** Records went to main; whoever got them may be back soon. */
  served(credit: Credit, now: number): void {
    this.#quietUntil = 0
    if (credit.patient) this.#absent.set(credit.partition, now)
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

  /** Gives how long the broker may keep a poll for these. */
  pollBegins(credits: readonly Credit[], now: number): number {
    this.polling = true
    this.#pollingSince = now
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
    this.polling = false
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
