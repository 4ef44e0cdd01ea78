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
import { Liar, USER_DATA } from './liar.ts'
import { BOUNDS, type Mechanism, PASSWORD, TOKEN, USER } from './login.ts'
import { judgeError } from './talks.ts'
import type { VisitPlan } from './visit-plan.ts'

const TIMEOUT_MS = 250
/** All that has a timeout of its own, one after the other: connecting, five times ApiVersions, what main is asked, the login, a request. */
const MOST_MS = 9 * TIMEOUT_MS
/** On a machine that does other things too. */
const HANG_MS = 20_000
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

export function linkTo(liar: Liar, { mechanism, tls, crossed }: VisitPlan, options = ioOptions): Link {
  const tlsTerms = { options: { ca: liar.ca }, insecure: false, checksIdentity: false }
  const security = new Security(env, { tls: tls ? tlsTerms : undefined, sasl: saslOf(mechanism) }, host)
  const events = { onProgress() {}, onState() {}, onThrottle() {}, onAbsent() {} }
  return new Link(env, '127.0.0.1', liar.port(tls !== crossed), options, events, security)
}

/** A first request as soon as it may be sent. */
export async function ask(link: Link, timeoutMs = TIMEOUT_MS): Promise<void> {
  await link.whenReady()
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
}

/** Connects once; throws an Error that says what did not hold. */
export async function visit(liar: Liar, plan: VisitPlan): Promise<VisitVerdict> {
  liar.expect(plan)
  const link = linkTo(liar, plan)
  const from = performance.now()
  const hang = Promise.withResolvers<never>()
  const timer = setTimeout(() => hang.reject(new Error(`it hangs: ${HANG_MS} ms`)), HANG_MS)
  const thrown = await Promise.race([ask(link), hang.promise]).then(
    () => undefined,
    (error: unknown) => error ?? 'nothing',
  )
  clearTimeout(timer)
  const ms = performance.now() - from
  link.close(new KafkaError('CLOSED', 'The test is over.'))
  const { visits } = liar
  for (const one of visits) if (one.misdeeds.length > 0) throw new Error(`it heard ${one.misdeeds.join(', ')}`)
  if (visits.length > 1) throw new Error(`${visits.length} connections`)
  liar.endVisits()
  const sent = visits[0]?.sent ?? 0
  if (thrown === undefined) {
    if (!visits[0]?.proven) throw new Error('it was let in, and had not proven itself')
    return { ending: 'let in', retriable: true, ms, sent }
  }
  judgeError(thrown, plan.mechanism)
  if (!CODES.has(thrown.code)) throw new Error(`another error: ${thrown.stack}`)
  return { ending: thrown.code, retriable: thrown.retriable, ms, sent }
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
  async visits(plans: readonly VisitPlan[], first = 0): Promise<VisitVerdict[]> {
    const verdicts: VisitVerdict[] = []
    let next = 0
    const one = async (liar: Liar): Promise<void> => {
      for (let index = next++; index < plans.length; index = next++) {
        const verdict = await this.#visit(liar, plans[index]!, first + index)
        if (verdict) verdicts.push(verdict)
      }
    }
    await Promise.all(this.#liars.map(one))
    return verdicts
  }

  async #visit(liar: Liar, plan: VisitPlan, index: number): Promise<VisitVerdict | undefined> {
    try {
      const verdict = await visit(liar, plan)
      if (verdict.ms > MOST_MS) throw new Error(`it took ${verdict.ms.toFixed(0)} ms`)
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
