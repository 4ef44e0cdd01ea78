/**
 * Who waits for which topic, and what an answer means to them. Decides from the answer and the clock alone; asks nobody.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { withAdvice } from '../shared/protocol/error-advice.ts'
import { brokerError } from '../shared/protocol/errors.ts'
import type { TopicAnswer, TopicView } from './cluster-view.ts'
import { startWait, type Wait, type WaitLimits } from './wait.ts'

export interface TopicWaitLimits extends WaitLimits {
  /** How long the topic may be unknown to the cluster, from the first such answer on. */
  unknownTimeoutMs: number
  /** What the view has to be like; any, when left out. */
  until?: ((view: TopicView) => boolean) | undefined
}

interface Waiter {
  wait: Wait<TopicView>
  limits: TopicWaitLimits
  /** When this caller first got "unknown" or "empty". */
  missingSince: number | undefined
  answers: number
}

export class TopicWaiters {
  readonly #env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>
  readonly #waiting = new Map<string, Set<Waiter>>()

  constructor(env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>) {
    this.#env = env
  }

  has(topic: string): boolean {
    return this.#waiting.has(topic)
  }

  get size(): number {
    return this.#waiting.size
  }

  /** `late` tells why nothing came, when the deadline passes. */
  add(topic: string, limits: TopicWaitLimits, late: () => { why: string; cause?: unknown }): Promise<TopicView> {
    const waiters = this.#waiting.get(topic) ?? new Set()
    this.#waiting.set(topic, waiters)
    const onEnd = () => {
      waiters.delete(waiter)
      if (waiters.size === 0) this.#waiting.delete(topic)
    }
    const waiter = { limits, missingSince: undefined, answers: 0 } as unknown as Waiter
    waiters.add(waiter)
    waiter.wait = startWait<TopicView>(this.#env, limits, `metadata of topic '${topic}'`, { onEnd, late })
    return waiter.wait.promise
  }

  /** The view of a topic is as given now. */
  seen(topic: string, view: TopicView): void {
    for (const { wait, limits } of this.#waiting.get(topic) ?? []) if (limits.until?.(view) ?? true) wait.resolve(view)
  }

  /** An answer about a topic came. Returns when the topic should be asked for again at the latest, as far as waiters go. */
  answered(topic: string, answer: TopicAnswer): number {
    const now = this.#env.now()
    let askBy = Number.POSITIVE_INFINITY
    for (const waiter of this.#waiting.get(topic) ?? []) {
      waiter.answers++
      if (answer.kind === 'there') waiter.missingSince = undefined
      if (answer.kind === 'refused' && !brokerError(answer.errorCode).retriable)
        waiter.wait.reject(refused(topic, answer.errorCode))
      if (answer.kind !== 'unknown' && answer.kind !== 'empty') continue
      waiter.missingSince ??= now
      const giveUpAt = waiter.missingSince + waiter.limits.unknownTimeoutMs
      if (now >= giveUpAt) waiter.wait.reject(missing(topic, answer.kind, waiter.answers, now - waiter.missingSince))
      else askBy = Math.min(askBy, giveUpAt)
    }
    return askBy
  }

  rejectAll(error: KafkaError): void {
    for (const waiters of [...this.#waiting.values()]) for (const { wait } of [...waiters]) wait.reject(error)
  }
}

function refused(topic: string, errorCode: number): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const text = withAdvice(`The cluster refuses metadata of topic '${topic}': ${name}.`, errorCode)
  return new KafkaError('BROKER_ERROR', text, {
    topic,
    api: 'Metadata',
    brokerError: name,
    brokerErrorCode: errorCode,
    retriable,
  })
}

function missing(topic: string, kind: 'unknown' | 'empty', tries: number, elapsed: number): KafkaError {
  const elapsedMs = Math.round(elapsed)
  const asked = `asked ${tries} times in ${elapsedMs} ms`
  const message =
    kind === 'unknown'
      ? `The cluster knows no topic '${topic}' (${asked}). Check the name and that 'brokers' leads to the right cluster, or create the topic with admin.createTopics; asking for a topic never creates it.`
      : `The cluster lists topic '${topic}' without any partition (${asked}). It may still be being created: try again, or look at the brokers' logs.`
  return new KafkaError('UNKNOWN_TOPIC', message, { topic, api: 'Metadata', tries, elapsedMs, retriable: kind === 'empty' })
}
