/**
 * One life of a handler thread: a piscina of one thread, from its start to its end. Gives it jobs, watches their time, tells when it
 * ends. Knows nothing of affinity, and its successor is not its business.
 */
import { MessageChannel, type MessagePort, type ResourceLimits, type Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Env, Timer } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { type GivenUp, type Heard, type Job, JobNotes, type JobResult, type TransactionCall } from '../../shared/handler-api.ts'
import type { HandlerTransaction } from '../../shared/handler-types.ts'
import { thrownFromWire, thrownToWire } from '../../shared/thrown.ts'
import { warnOf } from '../callback-guard.ts'
import { handlerClosed, handlerTimeout } from './handler-errors.ts'
import { ThreadTransactions } from './thread-transactions.ts'
import type { RunningCall } from './types.ts'

/** Sources are run as they are in development, and as JavaScript from the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const FILE = new URL(`../../workers/handler-worker${EXTENSION}`, import.meta.url).href
/** Handlers of a thread wait for other things at the same time; the partitions it has are the bound. */
const MOST_JOBS = 1 << 20
/** A thread may take so long until it begins to load the module. */
const START_MS = 30_000
/** A thread with a job that took too long may take so long to show that it still reacts. */
const REACTION_MS = 1_000
/** A thread that is being ended may be in the middle of a system call. */
const EXIT_MS = 1_000

/** A job without its number. */
export type Order = Job extends infer J ? (J extends Job ? Omit<J, 'id'> : never) : never

export interface OrderOptions {
  /** The subject of errors: "The handler of orders-3". */
  what: string
  topic?: string
  partition?: number
  offset?: number
  signal?: AbortSignal
  transfer?: readonly (ArrayBuffer | MessagePort)[]
  timeoutMs?: number
  /** What the job's handler may hand records to. */
  tx?: HandlerTransaction | undefined
  /** The job was given up; `ending` resolves when the thread is done with it all the same. */
  onGivenUp?: (ending: Promise<void>) => void
}

export interface HandlerThreadOptions {
  /** Of the user's module. */
  url: URL
  handlerTimeoutMs: number
  resourceLimits?: ResourceLimits | undefined
}

/** A job that the thread has not answered. */
interface Running extends OrderOptions {
  id: number
  /** The answer is of no interest any more; the error, if any, is what will be said when it is known whether the thread reacts. */
  givenUp: KafkaError | true | undefined
  timer: Timer | undefined
  ending: Promise<void>
  resolve(value: unknown): void
  reject(error: unknown): void
  forget(): void
}

export class HandlerThread {
  /** Resolves when the module is loaded and set up. */
  readonly ready: Promise<unknown>
  readonly #env: Env
  readonly #timeoutMs: number
  readonly #pool: Piscina<Job, JobResult>
  readonly #control: MessagePort
  readonly #notes = new JobNotes()
  readonly #transactions = new ThreadTransactions((answer) => this.#control.postMessage(answer))
  readonly #running = new Map<number, Running>()
  /** What the thread has not answered, the oldest first; also what was given up. Of its own beginning and end nothing is here. */
  readonly #unsettled = new Map<number, RunningCall>()
  /** Jobs of which the thread was told that they are given up. */
  readonly #unheard = new Map<number, () => void>()
  readonly #onEnd: (error: KafkaError) => void
  readonly #exit = Promise.withResolvers<void>()
  readonly #startedAt: number
  #onIdle: (() => void) | undefined
  #lastId = 0
  #cause: Error | undefined
  #isReady = false
  #asked = false
  #ending = false
  #over = false

  /** `onEnd` is called once when it has ended unasked, before what it ran is rejected. */
  constructor(env: Env, { url, handlerTimeoutMs, resourceLimits }: HandlerThreadOptions, onEnd: (error: KafkaError) => void) {
    this.#env = env
    this.#timeoutMs = handlerTimeoutMs
    this.#onEnd = onEnd
    this.#startedAt = env.now()
    this.#pool = new Piscina({
      filename: FILE,
      name: 'run',
      // who comes after it is not piscina's business, and an idle thread stays
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: MOST_JOBS,
      // or the timers and connections of an idle handler stand still
      atomics: 'disabled',
      recordTiming: false,
      ...(resourceLimits && { resourceLimits }),
    })
    this.#pool.on('error', (error) => this.#dying(error as Error))
    const { port1, port2 } = new MessageChannel()
    this.#control = port1
    port1.on('message', (message: Heard | TransactionCall) => {
      if ('call' in message) void this.#transactions.called(message)
      else this.#unheard.get(message.id)?.()
    })
    port1.unref()
    const setup = { kind: 'setup', file: url.href, notes: this.#notes.memory, control: port2 } as const
    this.ready = this.run(setup, { what: `setup() of ${url.href}`, transfer: [port2] })
    this.ready.then(
      () => (this.#isReady = true),
      () => {},
    )
    this.#watch(this.#pool.threads[0]!)
  }

  /** False as soon as it is known that it ends. */
  get alive(): boolean {
    return !this.#over && this.#cause === undefined
  }

  /** Rejects with what the user's function threw, HANDLER_TIMEOUT, WORKER_DIED, or at once with the reason of the signal. */
  run(order: Order, options: OrderOptions): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const { signal } = options
    const id = ++this.#lastId
    const onAbort = (): void => this.#abandon(job, signal!.reason)
    const forget = (): void => signal?.removeEventListener('abort', onAbort)
    const job: Running = {
      ...options,
      id,
      givenUp: undefined,
      timer: undefined,
      ending: Promise.resolve(),
      resolve,
      reject,
      forget,
    }
    if (this.#over) {
      reject(this.#died(job))
      return promise
    }
    signal?.addEventListener('abort', onAbort)
    this.#running.set(id, job)
    if (job.tx) this.#transactions.begin(id, job.tx)
    this.#arm(job, job.timeoutMs ?? this.#timeoutMs)
    // one that is dying gets no more; what is left when it is dead is rejected
    if (this.#cause === undefined) {
      const transferList = (options.transfer ?? []) as ArrayBuffer[]
      if (order.kind !== 'setup' && order.kind !== 'teardown') this.#unsettled.set(id, { what: job.what, since: this.#env.now() })
      job.ending = this.#pool.run({ ...order, id } as Job, { transferList }).then(
        (result) => {
          this.#unsettled.delete(id)
          this.#answered(job, result)
        },
        // jobs do not fail: the thread does
        (error) => this.crash(error as Error),
      )
    }
    return promise
  }

  /** As the thread began it: what waits for it takes none of anybody's time. */
  longest(): RunningCall | undefined {
    for (const [id, { what, since }] of this.#unsettled) {
      const begun = this.#notes.begunAt(id)
      if (begun !== undefined) return { what, since: begun === 0 ? since : begun - this.#env.clockOrigin }
    }
    return undefined
  }

  /** Ends it in good order within about so long: what runs is aborted and awaited, then teardown. What fails is warned of. */
  async close(deadlineMs: number): Promise<void> {
    this.#asked = true
    const isReady = this.#isReady
    for (const job of this.#running.values()) this.#abandon(job, handlerClosed())
    if (this.alive) await this.#idle(deadlineMs / 2)
    if (this.alive && isReady) {
      const what = 'teardown() of the handler'
      const torn = this.run({ kind: 'teardown' }, { what, timeoutMs: deadlineMs / 2 })
      // the thread may be held by another one, whose time is none of this one's
      const patience = this.#env.setTimeout(() => this.crash(new Error(`${what} was not done in time`)), deadlineMs / 2 + 100)
      await torn.catch((thrown) => warnOf('teardown', this.#cause ?? thrown))
      this.#env.clearTimeout(patience)
    }
    await this.end()
  }

  /** Ends it at once, asked for. */
  async end(): Promise<void> {
    this.#asked = true
    this.crash(new Error('the handler was closed'))
    await this.#exit.promise
  }

  /** Ends it at once. */
  crash(cause: Error): void {
    this.#dying(cause)
    if (this.#over || this.#ending) return
    this.#ending = true
    void this.#pool.destroy()
    const timer = this.#env.setTimeout(() => this.#finish(), EXIT_MS)
    void this.#exit.promise.then(() => this.#env.clearTimeout(timer))
  }

  #watch(worker: Worker): void {
    worker.on('error', (error) => this.#dying(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', (code) => {
      this.#dying(new Error(`it exited with code ${code}`))
      this.#finish()
    })
  }

  #dying(cause: Error): void {
    this.#cause ??= cause
  }

  /** Nothing of it runs any more. */
  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#control.close()
    this.#unsettled.clear()
    void this.#pool.destroy()
    if (!this.#asked) this.#onEnd(this.#died())
    for (const job of this.#running.values()) {
      this.#release(job)
      job.reject(job.givenUp instanceof KafkaError ? job.givenUp : this.#died(job))
    }
    this.#onIdle?.()
    this.#exit.resolve()
  }

  #answered(job: Running, result: JobResult): void {
    if (!this.#running.has(job.id)) return
    this.#release(job)
    if (this.#running.size === 0) this.#onIdle?.()
    if (job.givenUp instanceof KafkaError) job.reject(job.givenUp)
    else if (result.ok) job.resolve(result.value)
    else job.reject(thrownFromWire(result.thrown))
  }

  #release(job: Running): void {
    this.#running.delete(job.id)
    this.#transactions.end(job.id)
    this.#unheard.delete(job.id)
    job.forget()
    if (job.timer) this.#env.clearTimeout(job.timer)
  }

  #idle(atMostMs: number): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#env.setTimeout(resolve, atMostMs)
      this.#onIdle = () => {
        this.#env.clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Its caller hears at once; the job stays under watch until the thread answers or shows that it reacts. */
  #abandon(job: Running, reason: unknown): void {
    if (job.givenUp) return
    job.givenUp = true
    job.forget()
    this.#say(job.id, reason)
    job.onGivenUp?.(job.ending)
    job.reject(reason)
  }

  #arm(job: Running, delayMs: number): void {
    job.timer = this.#env.setTimeout(() => {
      // what it may have answered while this thread was busy comes first
      this.#env.defer(() => this.#running.has(job.id) && this.#late(job))
    }, delayMs)
  }

  /** A job's time counts from where the thread began it: it may have waited for another one that did not let go of the thread. */
  #late(job: Running): void {
    const timeoutMs = job.timeoutMs ?? this.#timeoutMs
    const begun = this.#notes.begunAt(job.id)
    if (begun === undefined) {
      const others = [...this.#running.values()].some(({ id }) => id !== job.id && this.#notes.begunAt(id) !== undefined)
      if (others || this.#env.now() - this.#startedAt < START_MS) {
        this.#arm(job, timeoutMs)
        return
      }
    } else {
      const left = begun + timeoutMs - (this.#env.now() + this.#env.clockOrigin)
      if (left > 0) {
        this.#arm(job, Math.ceil(left))
        return
      }
    }
    this.#giveUp(job, timeoutMs)
  }

  /** Only the job is given up as long as the thread reacts; else the thread is. */
  #giveUp(job: Running, timeoutMs: number): void {
    const error = handlerTimeout(job.what, timeoutMs, job)
    job.givenUp ??= error
    job.timer = this.#env.setTimeout(() => {
      this.#env.defer(() => {
        if (this.#running.has(job.id)) this.crash(new Error(`${job.what} did not let go of it for ${timeoutMs} ms`))
      })
    }, REACTION_MS)
    this.#unheard.set(job.id, () => {
      this.#release(job)
      if (this.#running.size === 0) this.#onIdle?.()
      job.onGivenUp?.(job.ending)
      job.reject(error)
    })
    this.#say(job.id, error)
  }

  #say(id: number, reason: unknown): void {
    // it may not have begun
    this.#notes.giveUp(id)
    this.#control.postMessage({ id, reason: thrownToWire(reason) } satisfies GivenUp)
  }

  #died({ what, topic, partition }: Partial<OrderOptions> = {}): KafkaError {
    if (this.#asked) return handlerClosed()
    const text = `A handler thread ended${what ? ` before ${what} was done` : ''}: ${this.#cause?.message}. Another one takes its place; what it had is given to that one again.`
    const context = { ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
    return new KafkaError('WORKER_DIED', text, { cause: this.#cause, retriable: true, ...context })
  }
}
