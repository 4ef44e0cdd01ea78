/**
 * Main's end of one I/O core: its rings, its bells, its calls, and its succession when it crashes (IX8). Knows no topic and no
 * record; what completes is handed to a sink.
 */
import { findBlocks } from '../shared/batch-store.ts'
import { CompletionReader, type CompletionSink } from '../shared/completion.ts'
import type { Env, Timer } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { CallOptions, CallResult, CallTarget, IoApi, IoEvent, IoOptions } from '../shared/io-api.ts'
import { createIoMemory, type IoMemory, type IoMemorySizes, renewIoMemory } from '../shared/io-memory.ts'
import { RingReader, RingWriter } from '../shared/ring.ts'
import type { Remote } from '../shared/rpc.ts'
import type { SecurityHost } from '../shared/security.ts'
import { SubmissionWriter } from '../shared/submission.ts'
import { type IoLife, LocalLife, WorkerLife } from './io-life.ts'
import { IoTold } from './io-told.ts'
import { IoWatch } from './io-watch.ts'
import { type LaneTally, salvage, settleBudgets } from './salvage.ts'

export interface IoThreadOptions extends IoOptions, IoMemorySizes {
  ioThreadCrashLimit: number
  ioThreadStallMs: number
}

/** What happened to a thread. */
export type ThreadNews =
  | { state: 'crashed'; error: KafkaError }
  /** A new thread took over, so long after the crash. */
  | { state: 'restarted'; elapsedMs: number }
  /** It does not react. */
  | { state: 'stalled'; elapsedMs: number }
  /** It reacts again. */
  | { state: 'recovered'; elapsedMs: number }

export interface IoThreadEvents extends CompletionSink {
  onEvent(event: IoEvent): void
  /** There is room again after {@link IoThread.waitForRoom}. */
  onRoom(): void
  /** Main's count of every lane on this thread. */
  tallies(): LaneTally[]
  /** The submission ring is a new one: reads that have no answer yet must be asked for again. */
  onRestart(): void
  onNews(news: ThreadNews): void
  /** The thread ended unasked, and there will be no other. */
  onDeath(error: KafkaError): void
  /** What only main can say about TLS and SASL, where something has to be asked. */
  readonly security?: SecurityHost | undefined
}

/** Wakes main when the ring is this full or less, so that the thread never runs dry. */
const REFILL_BELOW = 0.5
/** So many crashes as the limit says within this time are the end. */
const CRASH_WINDOW_MS = 10_000
/** A thread that crashed for the second time in the window starts again after this pause. */
const RESTART_PAUSE_MS = 100
/** A thread that does not react for this many times `ioThreadStallMs` is replaced. */
const STALLS_TO_REPLACE = 10
/**
 * After so many verdicts the event loop goes on to what else there is. Callers who wait for them send their next records at once, and
 * would keep it to themselves as long as the brokers keep up with them.
 */
const VERDICTS_A_TURN = 2_000
/** A thread that is asked to close may take this long. */
const CLOSE_PATIENCE_MS = 1_000

export class IoThread {
  readonly submission: SubmissionWriter
  readonly #env: Env
  readonly #options: IoThreadOptions
  readonly #local: boolean
  readonly #events: IoThreadEvents
  readonly #told = new IoTold()
  #memory: IoMemory
  #completion: CompletionReader
  #signs: Int32Array
  #life: IoLife | undefined
  #api = Promise.withResolvers<Remote<IoApi>>()
  /** The core that is there has been told what its predecessor was. */
  #begun = true
  /** Resolves when the crash of the core that is there has been dealt with. */
  #crash = Promise.withResolvers<void>()
  #watch: IoWatch | undefined
  #restartTimer: Timer | undefined
  #crashes: number[] = []
  #waitingForRoom = false
  #ended: KafkaError | undefined

  constructor(env: Env, options: IoThreadOptions, offsets: SharedArrayBuffer, local: boolean, events: IoThreadEvents) {
    this.#env = env
    this.#options = options
    this.#local = local
    this.#events = events
    this.#memory = createIoMemory(options, offsets)
    this.#signs = new Int32Array(this.#memory.life)
    this.#completion = this.#newCompletion()
    this.submission = new SubmissionWriter(
      new RingWriter(this.#memory.submission),
      () => {},
      () => env.now(),
    )
    this.#begin().api.then(this.#api.resolve, this.#api.reject)
    this.#api.promise.catch(() => {})
  }

  /** Says what a successor must be told too; resolves when the core that is there now, or the next one, has heard it. */
  async tell<M extends Exclude<keyof IoTold, 'retell'>>(method: M, ...args: Parameters<IoTold[M]>): Promise<void> {
    this.heard(method, ...args)
    const { promise } = this.#api
    const crash = this.#crash.promise
    // a successor hears of it with all the rest
    const retold = !this.#begun
    try {
      const api = await promise
      if (!retold) await (api[method] as (...args: unknown[]) => Promise<void>)(...args)
    } catch (thrown) {
      if (!(thrown instanceof KafkaError && thrown.code === 'WORKER_DIED')) throw thrown
      await crash
      await this.#api.promise
    }
  }

  /** The core knows it by itself; its successor will have to be told. */
  heard<M extends Exclude<keyof IoTold, 'retell'>>(method: M, ...args: Parameters<IoTold[M]>): void {
    ;(this.#told[method] as (...args: unknown[]) => void).apply(this.#told, args)
  }

  /** A request to a broker; see {@link IoApi.call}. A crash fails it, and it may be made again. */
  async call(target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<CallResult> {
    const api = await this.#api.promise
    try {
      return await api.call(target, apiKey, body, options)
    } catch (thrown) {
      if (!(thrown instanceof KafkaError && thrown.code === 'WORKER_DIED')) throw thrown
      throw this.#ended ?? thrown.with({ retriable: true })
    }
  }

  /** Tells the core that this thread runs; it speaks for members of groups only as long as it does. */
  showLife(): void {
    Atomics.add(this.#signs, 0, 1)
  }

  /** Asks for `onRoom` once the submission ring has been read far enough. */
  waitForRoom(): void {
    if (this.#waitingForRoom || this.#ended || !this.#life) return
    this.#waitingForRoom = true
    const life = this.#life
    life.bells.roomToSubmit.sleep(
      () => this.submission.fill <= REFILL_BELOW,
      () => {
        if (life !== this.#life) return
        this.#waitingForRoom = false
        if (this.#ended) return
        if (!this.submission.unspill() || this.submission.fill > REFILL_BELOW) this.waitForRoom()
        this.#events.onRoom()
      },
    )
  }

  /** Ends the core; what it had to say before is handed to the sink. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.submission.publish()
    const { promise: patience, resolve } = Promise.withResolvers<void>()
    const timer = this.#env.setTimeout(resolve, CLOSE_PATIENCE_MS)
    // a thread that hangs or is just being replaced has nothing more to say
    if (this.#life) await Promise.race([this.#api.promise.then((api) => api.close()).catch(() => {}), patience])
    this.#env.clearTimeout(timer)
    this.#completion.drain(this.#events)
    this.#stop(new KafkaError('CLOSED', 'The client was closed.'))
    await this.#life?.end()
  }

  /** @internal Ends the thread as a crash does. */
  crash(cause: Error): void {
    this.#life?.crash(cause)
  }

  #newCompletion(): CompletionReader {
    return new CompletionReader(new RingReader(this.#memory.completion).check(this.#memory.generation))
  }

  #begin(): IoLife {
    const memory = this.#memory
    const events = {
      onEvent: (event: IoEvent) => this.#events.onEvent(event),
      onEnd: (cause: Error) => life === this.#life && this.#onCrash(cause),
    }
    const life: IoLife = this.#local
      ? new LocalLife(this.#env, this.#options, memory, events, this.#events.security)
      : new WorkerLife(this.#options, memory, events, this.#events.security)
    this.#life = life
    this.submission.wake = () => life.bells.submitted.ring()
    if (!this.#local) this.#watch = new IoWatch(this.#env, memory.pulse, this.#options.ioThreadStallMs, this.#watchEvents(life))
    this.#drain(life)
    return life
  }

  #watchEvents(life: IoLife): ConstructorParameters<typeof IoWatch>[3] {
    const limit = this.#options.ioThreadStallMs * STALLS_TO_REPLACE
    let reported = false
    return {
      wake: () => life.bells.submitted.ring(),
      onStall: (elapsedMs) => {
        if (!reported) this.#events.onNews({ state: 'stalled', elapsedMs })
        reported = true
        if (elapsedMs > limit) life.crash(new Error(`it did not react for ${Math.round(elapsedMs)} ms`))
      },
      onRecovery: (elapsedMs) => {
        reported = false
        this.#events.onNews({ state: 'recovered', elapsedMs })
      },
    }
  }

  #drain(life: IoLife): void {
    if (this.#ended || life !== this.#life) return
    const completion = this.#completion
    if (completion.drain(this.#events, VERDICTS_A_TURN)) life.bells.roomToComplete.ring()
    if (!completion.empty) {
      this.#env.defer(() => this.#drain(life))
      return
    }
    life.bells.completed.sleep(
      () => !completion.empty,
      () => this.#drain(life),
    )
  }

  #onCrash(cause: Error): void {
    const crashedAt = this.#env.now()
    const old = this.#life!
    this.#life = undefined
    this.#watch?.stop()
    // verdicts that it gave count; what it was about to say does not
    this.#completion.drain(this.#events)
    this.#crashes = [...this.#crashes.filter((at) => crashedAt - at < CRASH_WINDOW_MS), crashedAt]
    const limit = this.#options.ioThreadCrashLimit
    const times = this.#crashes.length
    if (times >= limit) {
      const text = `An I/O thread of the client crashed ${times} times within ${CRASH_WINDOW_MS / 1000} s, which is the limit (ioThreadCrashLimit ${limit}): ${cause.message}. Make a new client, and please report this.`
      this.#stop(new KafkaError('WORKER_DIED', text, { cause, tries: times, elapsedMs: crashedAt - this.#crashes[0]! }))
      this.#events.onDeath(this.#ended!)
      return
    }
    const text = `An I/O thread of the client crashed: ${cause.message}.`
    const error = new KafkaError('WORKER_DIED', text, { cause, retriable: true })
    this.#api = Promise.withResolvers()
    this.#api.promise.catch(() => {})
    this.#begun = false
    this.submission.wake = () => {}
    const retell = this.#takeOver(error)
    this.#crash.resolve()
    this.#crash = Promise.withResolvers()
    // nobody must be left asleep on bells that will never ring again
    old.bells.completed.ring()
    old.bells.roomToSubmit.ring()
    this.#waitingForRoom = false
    this.#events.onNews({ state: 'crashed', error })
    const restart = (): void => {
      this.#restartTimer = undefined
      const life = this.#begin()
      if (!this.submission.unspill()) this.waitForRoom()
      life.api
        .then((api) => {
          const said = retell(api)
          this.#begun = true
          this.#api.resolve(api)
          return said
        })
        .then(() => {
          if (life === this.#life) this.#events.onNews({ state: 'restarted', elapsedMs: this.#env.now() - crashedAt })
        })
        // a successor that cannot take over is no good
        .catch((thrown) => life === this.#life && life.crash(thrown instanceof Error ? thrown : new Error(String(thrown))))
    }
    this.#events.onRestart()
    if (times === 1) restart()
    else this.#restartTimer = this.#env.setTimeout(restart, RESTART_PAUSE_MS)
  }

  /** Finds out what is left, and moves on to rings of a new generation; what it returns tells the successor. */
  #takeOver(error: KafkaError): (api: Remote<IoApi>) => Promise<unknown> {
    const { submission: ring, batches } = this.#memory
    const tallies = this.#events.tallies()
    const left = this.submission.leftovers(ring)
    const lost = error.with({ outcome: 'possibly-written' }).toWire()
    const found = salvage(findBlocks(batches), left, tallies, lost)
    this.#memory = renewIoMemory(this.#options, this.#memory)
    this.#signs = new Int32Array(this.#memory.life)
    this.#completion = this.#newCompletion()
    const leftOut = this.submission.moveTo(new RingWriter(this.#memory.submission), ring, found.inRingToo)
    const byLane = new Map(tallies.map((tally) => [tally.lane, tally]))
    settleBudgets(found, byLane, (lane) => (left.get(lane)?.bytes ?? 0) - (leftOut.get(lane) ?? 0))
    return (api) => this.#told.retell(api, found.taken, found.remains)
  }

  #stop(error: KafkaError): void {
    this.#ended = error
    this.#watch?.stop()
    if (this.#restartTimer) this.#env.clearTimeout(this.#restartTimer)
    this.#api.reject(error)
    this.#api = Promise.withResolvers()
    this.#api.promise.catch(() => {})
    this.#api.reject(error)
    this.#crash.resolve()
  }
}
