/**
 * Clients that connect to brokers that lie, over real sockets: what has to hold for each of them, and what it comes to. The client is the
 * one of the I/O threads, from its link to its socket.
 */
import { KafkaError, type KafkaErrorCode } from '../../../src/shared/errors.ts'
import type { IoOptions } from '../../../src/shared/io-api.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import type { SaslSettings, SecurityHost } from '../../../src/shared/security.ts'
import { Link } from '../../../src/workers/link.ts'
import { Security } from '../../../src/workers/security.ts'
import { PatientClock } from '../../support/patient-clock.ts'
import { Liar, USER_DATA } from './liar.ts'
import { BOUNDS, type Mechanism, PASSWORD, TOKEN, USER } from './login.ts'
import { judgeError } from './talks.ts'
import type { VisitPlan } from './visit-plan.ts'

const TIMEOUT_MS = 250
/** All that has a timeout of its own, one after the other: connecting, five times ApiVersions, what main is asked, the login, a request. */
const MOST_MS = 9 * TIMEOUT_MS
/** Requests wait while a session is renewed. */
const PATIENCE_MS = 3_000
/** So long that a session of a millisecond, which is renewed after a second, is. */
const STAY_MS = 1_500
const clock = new PatientClock()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** By then it is none of its timeouts any more. */
const HANG_MS = 10_000
/** An I/O core that is not let in hears one of these. */
const CODES: ReadonlySet<KafkaErrorCode> = new Set<KafkaErrorCode>([
  ...(['AUTHENTICATION_FAILED', 'PROTOCOL_ERROR', 'CONNECTION_LOST', 'CONNECTION_FAILED', 'TLS_FAILED', 'TIMEOUT'] as const),
  ...(['UNSUPPORTED', 'BROKER_ERROR'] as const),
])

export const env = nodeEnv()

export const ioOptions: IoOptions = {
  clientId: 'fuzz',
  connectTimeoutMs: TIMEOUT_MS,
  requestTimeoutMs: TIMEOUT_MS,
  reconnectBackoffMs: 1,
  reconnectBackoffMaxMs: 1,
  retryBackoffMs: 1,
  retryBackoffMaxMs: 1,
  maxInFlightRequests: 5,
  pipelineBytes: 0,
  maxRequestBytes: 1 << 20,
  maxResponseBytes: 100 << 20,
  maxInflatedBatchBytes: 1 << 20,
  metadataMaxAgeMs: 300_000,
}

const credentials = { username: USER, password: PASSWORD }
const host = { token: () => ({ value: TOKEN, extensions: [], kept: false }) } as unknown as SecurityHost

export function saslOf(mechanism: Mechanism): SaslSettings {
  if (mechanism === 'PLAIN') return { kind: 'password', mechanism, credentials }
  if (mechanism === 'OAUTHBEARER') return { kind: 'token', mechanism }
  return { kind: 'scram', mechanism, credentials, ...BOUNDS }
}

export function linkTo(liar: Liar, { mechanism, tls, crossed }: VisitPlan, port = liar.port(tls !== crossed)): Link {
  const tlsTerms = { options: { ca: liar.ca }, insecure: false, checksIdentity: false }
  const security = new Security(env, { tls: tls ? tlsTerms : undefined, sasl: saslOf(mechanism) }, host)
  const events = { onProgress() {}, onState() {}, onThrottle() {}, onAbsent() {} }
  return new Link(env, '127.0.0.1', port, ioOptions, events, security)
}

/** A first request as soon as it may be sent; a broker that wants to be left alone for long (KIP-219) is given up. */
export async function ask(link: Link, timeoutMs = TIMEOUT_MS): Promise<void> {
  const muted = Promise.withResolvers<never>()
  const watch = setInterval(() => link.mutedUntil > env.now() + TIMEOUT_MS && muted.reject(link.failure), 20)
  await Promise.race([link.whenReady(), muted.promise]).finally(() => clearInterval(watch))
  if (!link.ready) throw link.failure
  await new Promise<void>((resolve, reject) => {
    const onResponse = () => {
      resolve()
      return false
    }
    link.request(metadata, { topics: [{ name: USER_DATA }] }, { timeoutMs, onResponse, onFailure: reject })
  })
}

export interface VisitVerdict {
  ending: KafkaErrorCode | 'let in'
  /** Another attempt may end otherwise. */
  retriable: boolean
  ms: number
  /** Bytes of answers. */
  sent: number
  /** How often the client began to log in. */
  logins: number
}

/** Connects once and asks for something; throws an Error that says what did not hold. */
export async function visit(liar: Liar, plan: VisitPlan, link?: Link): Promise<VisitVerdict> {
  liar.expect(plan)
  return judged(liar, plan, link ?? linkTo(liar, plan), ask)
}

/** Stays and asks again and again, while the session is renewed; throws as {@link visit}. */
export async function stay(liar: Liar, plan: VisitPlan): Promise<VisitVerdict> {
  liar.expect(plan)
  return judged(liar, plan, linkTo(liar, plan), async (link) => {
    for (const until = clock.now() + STAY_MS; clock.now() < until; await pause(10)) await ask(link, PATIENCE_MS)
  })
}

/** Lets a client act at a liar that expects the plan. */
export async function judged(liar: Liar, plan: VisitPlan, link: Link, act: (link: Link) => Promise<void>): Promise<VisitVerdict> {
  const from = clock.now()
  const thrown = await clock.within(HANG_MS, 'it', act(link)).then(
    () => undefined,
    (error: unknown) => error ?? 'nothing',
  )
  const ms = clock.now() - from
  link.close(new KafkaError('CLOSED', 'The test is over.'))
  const { visits } = liar
  liar.endVisits()
  for (const { misdeeds } of visits) if (misdeeds.length > 0) throw new Error(`it heard ${misdeeds.join(', ')}`)
  if (visits.length > 1) throw new Error(`${visits.length} connections`)
  const { sent = 0, logins = 0 } = visits[0] ?? {}
  if (thrown === undefined) {
    if (!visits[0]?.proven) throw new Error('it was let in, and had not proven itself')
    return { ending: 'let in', retriable: true, ms, sent, logins }
  }
  judgeError(thrown, plan.mechanism)
  if (!CODES.has(thrown.code)) throw new Error(`another error: ${thrown.stack}`)
  return { ending: thrown.code, retriable: thrown.retriable, ms, sent, logins }
}

function inWords(plan: VisitPlan): string {
  return JSON.stringify(plan, (_, value) => {
    if (typeof value === 'string' && value.length > 80) return `${value.slice(0, 80)}… (${value.length})`
    return Array.isArray(value) && value.length > 20 ? [...value.slice(0, 3), `… (${value.length})`] : value
  })
}

/** So many at a time. */
export class Crowd {
  readonly failures: string[] = []
  readonly #liars: Liar[]

  private constructor(liars: Liar[]) {
    this.#liars = liars
  }

  static async of(size: number): Promise<Crowd> {
    return new Crowd(await Promise.all(Array.from({ length: size }, () => new Liar().listen())))
  }

  /** What each came to; one that did not hold is among the failures instead. `first`: the number of the first plan. */
  async visits(plans: readonly VisitPlan[], first = 0, how = visit, most = MOST_MS): Promise<VisitVerdict[]> {
    const verdicts: VisitVerdict[] = []
    let next = 0
    const one = async (liar: Liar): Promise<void> => {
      for (let index = next++; index < plans.length; index = next++) {
        const verdict = await this.#visit(() => how(liar, plans[index]!), plans[index]!, first + index, most)
        if (verdict) verdicts.push(verdict)
      }
    }
    await Promise.all(this.#liars.map(one))
    return verdicts
  }

  async #visit(
    act: () => Promise<VisitVerdict>,
    plan: VisitPlan,
    index: number,
    most: number,
  ): Promise<VisitVerdict | undefined> {
    try {
      const verdict = await act()
      if (verdict.ms > most) throw new Error(`it took ${verdict.ms.toFixed(0)} ms`)
      return verdict
    } catch (thrown) {
      this.failures.push(`visit ${index}: ${(thrown as Error).message}\n${inWords(plan)}`)
      return undefined
    }
  }

  close(): void {
    for (const liar of this.#liars) liar.close()
  }
}
