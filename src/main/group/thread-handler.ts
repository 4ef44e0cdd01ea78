/**
 * Runs a group's handler in threads: which partition is whose, and what follows when a thread ends. A partition stays with its thread,
 * and when that ends, with its successor. Knows neither feeds nor commits: whatever fails is rejected, and given again by its caller.
 */
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { backoffMs } from '../../shared/backoff.ts'
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { packRecords } from '../../shared/record-parcel.ts'
import { pause } from '../wait.ts'
import { Abandoned } from './abandoned.ts'
import { judgeByIndex } from './actions.ts'
import { handlerClosed } from './handler-errors.ts'
import { HandlerThread, type HandlerThreadOptions } from './handler-thread.ts'
import type { HandlerBatch, HandlerHost, RunningCall, StopReason, Verdict } from './types.ts'

export interface ThreadHandlerOptions extends HandlerThreadOptions {
  threads: number
  /** How long `close` may take. */
  closeTimeoutMs: number
}

/** What happened to a handler thread; they are counted from 0. */
export type HandlerThreadNews =
  | { thread: number; state: 'crashed'; error: KafkaError }
  /** Another one took over, so long after the crash. */
  | { thread: number; state: 'restarted'; elapsedMs: number }

/** A first crash is followed at once; then pauses grow, until no thread has crashed for a while. */
const RESTART = { initialMs: 100, maxMs: 5_000 }
const CALM_MS = 10_000

/** A thread and those who come after it. */
interface Slot {
  index: number
  /** Set up, or becoming so. */
  current: Promise<HandlerThread> | undefined
  ready: boolean
  partitions: Map<string, Entry>
  /** Crashes and failed beginnings in a row. */
  failures: number
  failedAt: number
}

interface Entry {
  topic: string
  partition: number
  slot: Slot
  /** It was started once, and is started again wherever it goes. */
  known: boolean
  /** Where it was started, or is being. */
  started: Promise<HandlerThread> | undefined
  doing: { what: string; since: number } | undefined
}

export class ThreadHandler implements HandlerHost {
  readonly #env: Env
  readonly #options: ThreadHandlerOptions
  readonly #onNews: (news: HandlerThreadNews) => void
  readonly #slots: Slot[]
  readonly #entries = new Map<string, Entry>()
  readonly #threads = new Set<HandlerThread>()
  readonly #abandoned: Abandoned
  readonly #closing = new AbortController()
  #opened = false
  #closed: Promise<unknown> | undefined

  constructor(env: Env, options: ThreadHandlerOptions, onNews: (news: HandlerThreadNews) => void) {
    this.#env = env
    this.#abandoned = new Abandoned(env)
    this.#options = options
    this.#onNews = onNews
    this.#slots = Array.from({ length: options.threads }, (_, index) => {
      return { index, current: undefined, ready: false, partitions: new Map(), failures: 0, failedAt: Number.NEGATIVE_INFINITY }
    })
  }

  /** All threads, with the module loaded and set up. */
  async open(): Promise<void> {
    await checkFile(this.#options.url)
    const begun = await Promise.allSettled(this.#slots.map((slot) => this.#threadOf(slot)))
    const failed = begun.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
    this.#opened = true
    if (!failed) return
    await this.close()
    throw failed.reason
  }

  async start(topic: string, partition: number): Promise<void> {
    const key = keyOf(topic, partition)
    const slot = this.#slots.reduce((least, other) => (other.partitions.size < least.partitions.size ? other : least))
    const entry = this.#entries.get(key) ?? { topic, partition, slot, known: false, started: undefined, doing: undefined }
    this.#entries.set(key, entry)
    entry.slot.partitions.set(key, entry)
    try {
      await this.#startOf(entry)
      entry.known = true
    } catch (thrown) {
      this.#forget(key)
      throw thrown
    }
  }

  async handle({ topic, partition, records, signal, attempt, tx }: HandlerBatch): Promise<Verdict> {
    signal.throwIfAborted()
    const key = keyOf(topic, partition)
    if (this.#abandoned.has(key)) await this.#abandoned.wait(key, signal)
    const entry = this.#entries.get(key)
    if (!entry) throw new Error(`${topic}-${partition} was not started`)
    const thread = await unlessAborted(signal, this.#startOf(entry))
    signal.throwIfAborted()
    const parcel = packRecords(records)
    const what = `The handler of ${topic}-${partition}`
    const offset = records[0]?.offset
    entry.doing = { what: `its handler runs with ${records.length} records from offset ${offset} on`, since: this.#env.now() }
    try {
      const inTransaction = tx && { transactionalId: tx.transactionalId }
      const order = { kind: 'handle', topic, partition, attempt, parcel, ...inTransaction } as const
      const onGivenUp = (ending: Promise<void>): void => this.#abandoned.add(key, ending)
      const options = {
        onGivenUp,
        what,
        topic,
        partition,
        signal,
        tx,
        transfer: [parcel.memory],
        ...(offset !== undefined && { offset }),
      }
      return judgeByIndex(records, await thread.run(order, options), { topic, partition })
    } finally {
      entry.doing = undefined
    }
  }

  async stop(topic: string, partition: number, reason: StopReason): Promise<void> {
    const key = keyOf(topic, partition)
    const entry = this.#entries.get(key)
    if (!entry) return
    try {
      // where it is not started there is nothing to stop
      const thread = await entry.started?.catch(() => undefined)
      if (thread?.alive) await this.#call(entry, thread, 'handleConsumerStop', { kind: 'stop', topic, partition, reason })
    } finally {
      this.#forget(key)
    }
  }

  doing(topic: string, partition: number): string | undefined {
    const entry = this.#entries.get(keyOf(topic, partition))
    if (!entry) return undefined
    const { slot, doing } = entry
    if (doing) return `${doing.what} in thread ${slot.index}, for ${Math.round(this.#env.now() - doing.since)} ms`
    return slot.ready ? undefined : `waits for handler thread ${slot.index}, which is being started`
  }

  longest(): RunningCall | undefined {
    let longest: RunningCall | undefined
    for (const thread of this.#threads) {
      const call = thread.longest()
      if (call && !(longest && longest.since <= call.since)) longest = call
    }
    return longest
  }

  async close(): Promise<void> {
    this.#closing.abort(handlerClosed())
    this.#abandoned.close()
    this.#closed ??= Promise.all([...this.#threads].map((thread) => thread.close(this.#options.closeTimeoutMs)))
    await this.#closed
  }

  #forget(key: string): void {
    this.#entries.get(key)?.slot.partitions.delete(key)
    this.#entries.delete(key)
  }

  /** Resolves with the thread in which the partition is started, now or long since. */
  #startOf(entry: Entry): Promise<HandlerThread> {
    if (entry.started) return entry.started
    const started = this.#threadOf(entry.slot).then(async (thread) => {
      const { topic, partition } = entry
      await this.#call(entry, thread, 'handleConsumerStart', { kind: 'start', topic, partition })
      return thread
    })
    entry.started = started
    started.catch(() => {
      if (entry.started === started) entry.started = undefined
    })
    return started
  }

  async #call(entry: Entry, thread: HandlerThread, name: string, order: Parameters<HandlerThread['run']>[0]): Promise<void> {
    const { topic, partition } = entry
    entry.doing = { what: `${name} runs`, since: this.#env.now() }
    try {
      await thread.run(order, { what: `${name} of ${topic}-${partition}`, topic, partition })
    } finally {
      entry.doing = undefined
    }
  }

  #threadOf(slot: Slot): Promise<HandlerThread> {
    if (slot.current) return slot.current
    const current = this.#begin(slot)
    slot.current = current
    current.catch(() => {
      if (slot.current === current) slot.current = undefined
    })
    return current
  }

  async #begin(slot: Slot): Promise<HandlerThread> {
    const closing = this.#closing.signal
    const pauseMs = slot.failures < 2 ? 0 : backoffMs(slot.failures - 1, RESTART, this.#env.random())
    if (pauseMs > 0) await pause(this.#env, pauseMs, { signal: closing }, 'the next handler thread')
    closing.throwIfAborted()
    const thread = new HandlerThread(this.#env, this.#options, (error) => {
      this.#threads.delete(thread)
      if (slot.ready) this.#onCrash(slot, error)
    })
    this.#threads.add(thread)
    try {
      await thread.ready
    } catch (thrown) {
      this.#fail(slot)
      await thread.end()
      this.#threads.delete(thread)
      throw closing.aborted ? closing.reason : noHandler(this.#options.url, thrown, this.#opened)
    }
    slot.ready = true
    return thread
  }

  #onCrash(slot: Slot, error: KafkaError): void {
    const crashedAt = this.#env.now()
    this.#fail(slot)
    slot.ready = false
    slot.current = undefined
    for (const entry of slot.partitions.values()) entry.started = undefined
    this.#onNews({ thread: slot.index, state: 'crashed', error })
    this.#threadOf(slot).then(
      () => this.#onNews({ thread: slot.index, state: 'restarted', elapsedMs: this.#env.now() - crashedAt }),
      // whoever needs it tries again, and hears of it
      () => {},
    )
    for (const entry of slot.partitions.values()) if (entry.known) this.#startOf(entry)
  }

  #fail(slot: Slot): void {
    const now = this.#env.now()
    slot.failures = now - slot.failedAt > CALM_MS ? 1 : slot.failures + 1
    slot.failedAt = now
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`

function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

async function checkFile(url: URL): Promise<void> {
  const problem = (why: string, cause?: unknown) =>
    new KafkaError('INVALID_OPTION', `option handler: ${why}`, { option: 'handler', ...(cause !== undefined && { cause }) })
  if (url.protocol !== 'file:') {
    throw problem(`${url.href} is not the URL of a file; write new URL('./handler.js', import.meta.url)`)
  }
  let isFile: boolean
  try {
    isFile = (await stat(fileURLToPath(url))).isFile()
  } catch (thrown) {
    throw problem(`there is no file ${url.href}: ${(thrown as Error).message}`, thrown)
  }
  if (!isFile) throw problem(`${url.href} is not a file`)
}

/** A module that is none says so itself. */
function noHandler(url: URL, thrown: unknown, retriable: boolean): KafkaError {
  if (thrown instanceof KafkaError && thrown.code === 'INVALID_OPTION') return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return new KafkaError('HANDLER_FAILED', `The handler ${url.href} could not be set up: ${why}`, { cause: thrown, retriable })
}
