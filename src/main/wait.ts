/**
 * Waiting with an end: a promise that also settles when its caller gives up or its deadline passes. Every wait has a name,
 * which its error tells. Knows nothing of what is waited for.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'

type Clock = Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>

export interface WaitLimits {
  signal?: AbortSignal | undefined
  /** On the clock of {@link Env.now}; left out or Infinity, only the signal ends the wait. */
  deadline?: number | undefined
}

/** A promise and what settles it; settling it again does nothing. */
export interface Wait<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: KafkaError): void
}

/**
 * A wait for `what` (as the object of "gave up waiting for"); `onEnd` runs once when it is over, however it ends. `late` says more
 * when the deadline passes.
 */
export function startWait<T>(
  env: Clock,
  { signal, deadline }: WaitLimits,
  what: string,
  { onEnd, late }: { onEnd?: () => void; late?: () => { why: string; cause?: unknown } } = {},
): Wait<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const started = env.now()
  let over = false
  const end = (settle: () => void) => {
    if (over) return
    over = true
    signal?.removeEventListener('abort', onAbort)
    if (timer !== undefined) env.clearTimeout(timer)
    onEnd?.()
    settle()
  }
  const onAbort = () => end(() => reject(aborted(signal, what)))
  const onDeadline = () => {
    const elapsedMs = Math.round(env.now() - started)
    const { why, cause } = late?.() ?? { why: '' }
    end(() => reject(timedOut(what, elapsedMs, why, cause)))
  }
  signal?.addEventListener('abort', onAbort)
  const endless = deadline === undefined || deadline === Number.POSITIVE_INFINITY
  const timer = endless ? undefined : env.setTimeout(onDeadline, Math.max(0, deadline - started))
  // Not before the caller has the wait in hand.
  if (signal?.aborted) Promise.resolve().then(onAbort)
  return { promise, resolve: (value) => end(() => resolve(value)), reject: (error) => end(() => reject(error)) }
}

/** `work`, or the end of patience with it; what becomes of it afterwards is nobody's concern. */
export function within<T>(env: Clock, limits: WaitLimits, what: string, work: Promise<T>): Promise<T> {
  const wait = startWait<T>(env, limits, what)
  work.then(wait.resolve, (error) => wait.reject(KafkaError.from(error, what)))
  return wait.promise
}

/** Sleeps, but not past the deadline: then it rejects at the deadline. */
export function pause(env: Clock, delayMs: number, limits: WaitLimits, what: string): Promise<void> {
  let timer: ReturnType<Clock['setTimeout']> | undefined
  const wait = startWait<void>(env, limits, what, { onEnd: () => timer !== undefined && env.clearTimeout(timer) })
  timer = env.setTimeout(() => wait.resolve(), delayMs)
  return wait.promise
}

/** The error of a wait whose signal was aborted; a signal that stands for the closing client brings its own. */
export function aborted(signal: AbortSignal | undefined, what: string): KafkaError {
  if (signal?.reason instanceof KafkaError && signal.reason.code === 'CLOSED') return signal.reason
  return new KafkaError('ABORTED', `Gave up waiting for ${what}: the signal was aborted.`, { cause: signal?.reason })
}

function timedOut(what: string, elapsedMs: number, why: string, cause: unknown): KafkaError {
  const message = `Gave up waiting for ${what} after ${elapsedMs} ms.${why && ` ${why}`}`
  return new KafkaError('TIMEOUT', message, { retriable: true, elapsedMs, ...(cause !== undefined && { cause }) })
}

export function closedError(): KafkaError {
  return new KafkaError('CLOSED', 'The client is closed. Make a new one with new Kafka().')
}
