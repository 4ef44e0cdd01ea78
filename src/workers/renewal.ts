/**
 * Authenticates anew on a connection that is in use, before the broker would end it (KIP-368). What it needs is fetched while requests go
 * on; requests wait only while the conversation is held, since brokers take no others then. Nothing is dropped and nothing fails.
 */
import { backoffMs } from '../shared/backoff.ts'
import type { Env, Timer } from '../shared/env.ts'
import { isRefusal, KafkaError } from '../shared/errors.ts'
import type { PeerAddress } from '../shared/security.ts'
import type { SaslTerms } from './sasl/authenticate.ts'
import type { Prepared, Security } from './security.ts'

/** It begins after so much of the session's lifetime, and within so much more of it by chance, so that not all come at once. */
const FIRST_PART = 0.85
const CHANCE_PART = 0.1
/** Of a short session less is used: what is under way needs time to arrive before its end, but never more than this part of it. */
const MARGIN_MS = 500
const MARGIN_PART = 0.25
/** Brokers take no second one within a second. */
const LEAST_PAUSE_MS = 1_100
/** A function that fails is asked again after a pause from this to that, until the session ends. */
const RETRY = { initialMs: 50, maxMs: 5_000 }

export interface RenewalEvents {
  /** There is no session any more: the connection is of no more use. */
  onFailure(error: KafkaError): void
}

export class Renewal {
  readonly #env: Env
  readonly #security: Security
  readonly #peer: PeerAddress
  readonly #terms: SaslTerms
  readonly #events: RenewalEvents
  #timers = new Set<Timer>()
  #held: (() => void)[] = []
  #holding = false
  #over = false
  #endsAt = 0

  constructor(env: Env, security: Security, peer: PeerAddress, terms: SaslTerms, events: RenewalEvents) {
    this.#env = env
    this.#security = security
    this.#peer = peer
    this.#terms = terms
    this.#events = events
  }

  /** Requests have to wait. */
  get holding(): boolean {
    return this.#holding
  }

  /** How many wait. */
  get held(): number {
    return this.#held.length
  }

  /** Sends later, in order. */
  hold(send: () => void): void {
    this.#held.push(send)
  }

  /** The session that has begun ends after so long; 0: never. */
  begin(lifetimeMs: number): void {
    if (lifetimeMs <= 0 || this.#over) return
    this.#endsAt = this.#env.now() + lifetimeMs
    const part = FIRST_PART + CHANCE_PART * this.#env.random()
    const margin = Math.min(MARGIN_MS, lifetimeMs * MARGIN_PART)
    this.#after(Math.max(LEAST_PAUSE_MS, Math.min(lifetimeMs * part, lifetimeMs - margin)), () => void this.#renew())
    // what arrives after its end would cost the connection
    this.#after(Math.max(0, lifetimeMs - margin / 4), () => {
      this.#holding = true
    })
  }

  /** The connection has ended; what was held is let go, and fails there. */
  end(): void {
    this.#over = true
    this.#clearTimers()
    this.#release()
  }

  async #renew(): Promise<void> {
    try {
      const prepared = await this.#prepare()
      if (!prepared) return
      this.#clearTimers()
      this.#holding = true
      const lifetimeMs = await this.#security.authenticate(this.#terms, prepared)
      if (this.#over) return
      this.begin(lifetimeMs)
      // not in the promise's reaction, where nobody would see what is thrown
      this.#env.defer(() => this.#release())
    } catch (thrown) {
      const error = KafkaError.from(thrown, 'a new authentication')
      this.#env.defer(() => {
        if (!this.#over) this.#events.onFailure(error)
      })
    }
  }

  /** A token that is slow or fails costs nothing as long as the session lives; undefined when the connection has ended. */
  async #prepare(): Promise<Prepared | undefined> {
    const { timeoutMs } = this.#terms
    const deadline = Math.max(this.#endsAt, this.#env.now()) + timeoutMs
    for (let failures = 1; ; failures++) {
      try {
        const prepared = await this.#security.prepare(this.#peer, Math.max(1, Math.ceil(deadline - this.#env.now())))
        if (!this.#over) return prepared
        prepared.abandon()
        return undefined
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'a new authentication')
        if (this.#over) return undefined
        const left = this.#endsAt - this.#env.now()
        // the nearer the end, the more often
        const pauseMs = Math.max(RETRY.initialMs, Math.min(backoffMs(failures, RETRY, this.#env.random()), left / 3))
        if (isRefusal(error) || pauseMs >= left) throw error
        await new Promise<void>((resolve) => this.#after(pauseMs, resolve))
        if (this.#over) return undefined
      }
    }
  }

  #release(): void {
    this.#holding = false
    const held = this.#held
    this.#held = []
    for (const send of held) send()
  }

  #after(delayMs: number, callback: () => void): void {
    const timer = this.#env.setTimeout(() => {
      this.#timers.delete(timer)
      callback()
    }, delayMs)
    this.#timers.add(timer)
  }

  #clearTimers(): void {
    for (const timer of this.#timers) this.#env.clearTimeout(timer)
    this.#timers.clear()
  }
}
