/**
 * The one level on which admin calls retry: rounds with back-off until one is done or the deadline passes, and what the errors
 * of a round mean for the next one. Knows no API.
 */
import { backoffMs } from '../shared/backoff.ts'
import type { Env } from '../shared/env.ts'
import { KafkaError, type KafkaErrorCode } from '../shared/errors.ts'
import type { CallResult, CallTarget, IoApi } from '../shared/io-api.ts'
import { adviceFor } from '../shared/protocol/error-advice.ts'
import { brokerError } from '../shared/protocol/errors.ts'
import type { Metadata } from './metadata.ts'
import type { CheckedKafkaOptions } from './options.ts'
import { pause, type WaitLimits, within } from './wait.ts'

/** What every admin call works with. */
export interface AdminContext {
  env: Pick<Env, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>
  io: Pick<IoApi, 'call'>
  metadata: Pick<Metadata, 'topic' | 'stale' | 'disowned' | 'refresh' | 'forget' | 'controllerId' | 'brokers'>
  options: Pick<CheckedKafkaOptions, 'requestTimeoutMs' | 'retryBackoffMs' | 'retryBackoffMaxMs'>
}

/** How far one call may go. */
export interface CallLimits extends WaitLimits {
  deadline: number
}

/** A round that is done says undefined; otherwise why there has to be another one. */
export type Round = () => Promise<KafkaError | undefined>

export async function retrying({ env, options }: AdminContext, limits: CallLimits, what: string, round: Round): Promise<void> {
  const started = env.now()
  const bounds = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
  for (let tries = 1; ; tries++) {
    const error = await round()
    if (error === undefined) return
    const delay = backoffMs(tries, bounds, env.random())
    if (env.now() + delay >= limits.deadline) throw gaveUp(what, error, tries, env.now() - started)
    await pause(env, delay, limits, what)
  }
}

/** How long a broker may work on one request of the call. */
export function requestTimeout({ env, options }: AdminContext, { deadline }: CallLimits): number {
  return Math.max(1, Math.floor(Math.min(options.requestTimeoutMs, deadline - env.now())))
}

/** One request. When the call is over before the answer is there, the request is left alone: timing it out would take the connection down. */
export function ask(
  { env, io, options }: AdminContext,
  limits: CallLimits,
  api: string,
  target: CallTarget,
  apiKey: number,
  body: unknown,
): Promise<CallResult> {
  return within(env, limits, api, io.call(target, apiKey, body, { timeoutMs: options.requestTimeoutMs }))
}

const PASSING: ReadonlySet<KafkaErrorCode> = new Set(['NO_BROKER', 'CONNECTION_FAILED', 'CONNECTION_LOST', 'TIMEOUT'])

/** Whether another attempt may succeed where a request failed like this. */
export function worthAnotherTry(error: KafkaError): boolean {
  return error.retriable || PASSING.has(error.code)
}

/** A broker's refusal; `message` is the broker's own, where it sent one. */
export function brokerRefusal(
  api: string,
  { topic, partition, broker }: { topic: string; partition?: number; broker: string },
  errorCode: number,
  message: string | null,
): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const target = partition === undefined ? `topic '${topic}'` : `partition ${partition} of topic '${topic}'`
  const said = message ? ` The broker says: ${message}` : ''
  const advice = adviceFor(errorCode)
  const text = `${api} of ${target} at broker ${broker} failed: ${name}.${said}${advice && ` ${advice}`}`
  const where = { topic, ...(partition !== undefined && { partition }), broker }
  return new KafkaError('BROKER_ERROR', text, { ...where, api, brokerError: name, brokerErrorCode: errorCode, retriable })
}

/** Throws when there are failures: the only one itself, or the first one with the number of the others and all as cause. */
export function throwFailures(failures: readonly KafkaError[]): void {
  const [first, ...others] = failures
  if (first === undefined) return
  if (others.length === 0) throw first
  const count = others.length === 1 ? 'One more part' : `${others.length} more parts`
  throw new KafkaError(first.code, `${first.message} ${count} of this call failed; each error is in cause.errors.`, {
    ...first.context,
    retriable: failures.every(({ retriable }) => retriable),
    cause: new AggregateError(failures, `${failures.length} parts of the call failed`),
  })
}

function gaveUp(what: string, last: KafkaError, tries: number, elapsed: number): KafkaError {
  const elapsedMs = Math.round(elapsed)
  const times = tries === 1 ? 'one try' : `${tries} tries`
  return new KafkaError('TIMEOUT', `Gave up ${what} after ${times} in ${elapsedMs} ms. The last one failed: ${last.message}`, {
    ...last.context,
    retriable: true,
    tries,
    elapsedMs,
    cause: last,
  })
}
