/**
 * Runs a group's handler on this thread: its time, its end, and whatever it may throw (F25, F26). Knows neither feeds nor commits:
 * what fails is rejected, and given again by its caller.
 */
import type { Env } from '../../shared/env.ts'
import { asError } from '../../shared/thrown.ts'
import { Abandoned } from './abandoned.ts'
import { judge } from './actions.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { handlerClosed, handlerTimeout } from './handler-errors.ts'
import type { GroupHandler, HandlerBatch, HandlerContext, HandlerHost, HandlerTransaction, StopReason, Verdict } from './types.ts'

export interface MainHandlerOptions {
  handler: GroupHandler
  handlerTimeoutMs: number
}

/** Most handlers never look at the signal, so it is made when they do. */
class Context implements HandlerContext {
  readonly attempt: number
  readonly group: ConsumerGroup
  readonly tx?: HandlerTransaction
  #controller: AbortController | undefined
  #aborted = false
  #reason: unknown

  constructor(attempt: number, group: ConsumerGroup, tx: HandlerTransaction | undefined) {
    this.attempt = attempt
    this.group = group
    if (tx) this.tx = tx
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}

/** A function of the user's that was called. */
interface Call {
  /** The subject of errors. */
  what: string
  topic: string
  partition: number
  offset?: number
  /** For why(). */
  doing: string
  since: number
  signal?: AbortSignal
  context?: Context
  giveUp?: (reason: unknown) => void
}

export class MainHandler implements HandlerHost {
  readonly #env: Env
  readonly #handler: GroupHandler
  readonly #timeoutMs: number
  readonly #group: ConsumerGroup
  readonly #calls = new Map<string, Call>()
  readonly #abandoned: Abandoned
  /** What the user's functions have not settled, the oldest first; also those that were given up. */
  readonly #unsettled = new Set<Call>()
  #closed = false

  constructor(env: Env, { handler, handlerTimeoutMs }: MainHandlerOptions, group: ConsumerGroup) {
    this.#env = env
    this.#abandoned = new Abandoned(env)
    this.#handler = handler
    this.#timeoutMs = handlerTimeoutMs
    this.#group = group
  }

  async open(): Promise<void> {}

  async start(topic: string, partition: number): Promise<void> {
    await this.#run(this.#hook('handleConsumerStart', topic, partition), () =>
      this.#handler.handleConsumerStart?.(topic, partition),
    )
  }

  async handle({ topic, partition, records, signal, attempt, tx }: HandlerBatch): Promise<Verdict> {
    signal.throwIfAborted()
    if (this.#closed) throw handlerClosed()
    const where = `${topic}-${partition}`
    const offset = records[0]?.offset
    if (this.#abandoned.has(where)) await this.#abandoned.wait(where, signal)
    signal.throwIfAborted()
    const context = new Context(attempt, this.#group, tx)
    const call: Call = {
      what: `The handler of ${where}`,
      topic,
      partition,
      ...(offset !== undefined && { offset }),
      doing: `its handler runs with ${records.length} records from offset ${offset} on`,
      since: this.#env.now(),
      signal,
      context,
    }
    // a copy: what the handler does to its list must not change what is judged
    const result = await this.#run(call, () => this.#handler.handleRecordBatch(topic, partition, records.slice(), context))
    return judge(records, result, { topic, partition })
  }

  async stop(topic: string, partition: number, reason: StopReason): Promise<void> {
    await this.#run(this.#hook('handleConsumerStop', topic, partition), () =>
      this.#handler.handleConsumerStop?.(topic, partition, reason),
    )
  }

  doing(topic: string, partition: number): string | undefined {
    const call = this.#calls.get(`${topic}-${partition}`)
    return call && `${call.doing}, for ${Math.round(this.#env.now() - call.since)} ms`
  }

  longest(): Call | undefined {
    const [oldest] = this.#unsettled
    return oldest
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const call of this.#calls.values()) call.giveUp?.(handlerClosed())
    this.#abandoned.close()
  }

  #hook(name: string, topic: string, partition: number): Call {
    return { what: `${name} of ${topic}-${partition}`, topic, partition, doing: `${name} runs`, since: this.#env.now() }
  }

  async #run<T>(call: Call, work: () => T | PromiseLike<T>): Promise<T> {
    if (this.#closed) throw handlerClosed()
    const key = `${call.topic}-${call.partition}`
    this.#calls.set(key, call)
    try {
      const result = this.#guarded(call, work)
      if (isPromise(result)) return await this.#within(call, result)
      call.signal?.throwIfAborted()
      return result
    } finally {
      if (this.#calls.get(key) === call) this.#calls.delete(key)
    }
  }

  #guarded<T>(call: Call, work: () => T | PromiseLike<T>): T | Promise<T> {
    try {
      const result = work()
      return isThenable(result) ? Promise.resolve(result) : result
    } catch (thrown) {
      throw asError(thrown, call.what, placeOf(call))
    }
  }

  /** What becomes of the promise after the end of its time is of no consequence, and is no unhandled rejection. */
  #within<T>(call: Call, promise: Promise<T>): Promise<T> {
    const { signal, context } = call
    return new Promise((resolve, reject) => {
      let over = false
      const end = (): boolean => {
        if (over) return false
        over = true
        this.#env.clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        return true
      }
      const giveUp = (reason: unknown): void => {
        if (!end()) return
        reject(reason)
        context?.abort(reason)
        this.#abandoned.add(`${call.topic}-${call.partition}`, promise)
      }
      const onAbort = (): void => giveUp(signal!.reason)
      // what it waited for may have come while this thread was busy: that goes first
      const onTime = (): void => this.#env.defer(() => giveUp(handlerTimeout(call.what, this.#timeoutMs, call)))
      const timer = this.#env.setTimeout(onTime, this.#timeoutMs)
      signal?.addEventListener('abort', onAbort)
      call.giveUp = giveUp
      this.#unsettled.add(call)
      promise.then(
        (value) => {
          this.#unsettled.delete(call)
          if (end()) resolve(value)
        },
        (thrown) => {
          this.#unsettled.delete(call)
          if (end()) reject(asError(thrown, call.what, placeOf(call)))
        },
      )
      if (signal?.aborted) onAbort()
    })
  }
}

const placeOf = ({ topic, partition }: Call) => ({ topic, partition })

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return value !== null && typeof value === 'object' && 'then' in value && typeof value.then === 'function'
}

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise
