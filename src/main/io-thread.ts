/**
 * Main's end of one I/O core, in a worker thread or on this thread: its rings, its bells and its calls. Knows no topic and no
 * record; what completes is handed to a sink.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import { CompletionReader, type CompletionSink } from '../shared/completion.ts'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { IoApi, IoEvent, IoOptions } from '../shared/io-api.ts'
import { type IoBells, type IoMemory, localBells, sharedBells } from '../shared/io-memory.ts'
import { createRing, RingReader, RingWriter } from '../shared/ring.ts'
import { connect, type Remote } from '../shared/rpc.ts'
import { SubmissionWriter } from '../shared/submission.ts'

/** Sources are run as they are in development, and as JavaScript from the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

const YOUNG_GENERATION_MB = 4

export interface IoThreadOptions extends IoOptions {
  submissionRingBytes: number
  completionRingBytes: number
}

export interface IoThreadEvents extends CompletionSink {
  onEvent(event: IoEvent): void
  /** There is room again after {@link IoThread.waitForRoom}. */
  onRoom(): void
  /** The thread ended unasked. */
  onDeath(error: KafkaError): void
}

/** Main knows the workers by URL only; loaded once. */
let coreModule: Promise<{ IoCore: new (...args: unknown[]) => IoApi }> | undefined

/** Wakes main when the ring is this full or less, so that the thread never runs dry. */
const REFILL_BELOW = 0.5

export class IoThread {
  readonly submission: SubmissionWriter
  /** Resolves when the core runs. */
  readonly api: Promise<Remote<IoApi>>
  readonly #completion: CompletionReader
  readonly #bells: IoBells
  readonly #events: IoThreadEvents
  #worker: Worker | undefined
  #waitingForRoom = false
  #ended = false
  readonly #hasCompletions = () => !this.#completion.empty
  readonly #onCompleted = () => this.#drain()
  readonly #hasRoom = () => this.submission.fill <= REFILL_BELOW
  readonly #onRoom = () => {
    this.#waitingForRoom = false
    if (this.#ended) return
    if (!this.submission.unspill() || !this.#hasRoom()) this.waitForRoom()
    this.#events.onRoom()
  }

  constructor(env: Env, options: IoThreadOptions, offsets: SharedArrayBuffer, local: boolean, events: IoThreadEvents) {
    const memory: IoMemory = {
      submission: createRing(options.submissionRingBytes),
      completion: createRing(options.completionRingBytes),
      offsets,
    }
    this.#events = events
    this.#bells = local ? localBells(env) : sharedBells(memory)
    this.#completion = new CompletionReader(new RingReader(memory.completion))
    this.submission = new SubmissionWriter(new RingWriter(memory.submission), () => this.#bells.submitted.ring())
    this.api = local ? this.#hostCore(env, options, memory) : Promise.resolve(this.#startWorker(options, memory))
    // whoever needs it sees the failure
    this.api.catch(() => {})
    this.#drain()
  }

  /** Asks for `onRoom` once the submission ring has been read far enough. */
  waitForRoom(): void {
    if (this.#waitingForRoom || this.#ended) return
    this.#waitingForRoom = true
    this.#bells.roomToSubmit.sleep(this.#hasRoom, this.#onRoom)
  }

  /** Ends the core; what it had to say before is handed to the sink. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.submission.publish()
    await this.api.then((api) => api.close()).catch(() => {})
    this.#completion.drain(this.#events)
    this.#ended = true
    await this.#worker?.terminate()
  }

  #drain(): void {
    if (this.#ended) return
    if (this.#completion.drain(this.#events)) this.#bells.roomToComplete.ring()
    this.#bells.completed.sleep(this.#hasCompletions, this.#onCompleted)
  }

  #startWorker(options: IoOptions, memory: IoMemory): Remote<IoApi> {
    const { port1, port2 } = new MessageChannel()
    const worker = new Worker(new URL(`../workers/io-worker${EXTENSION}`, import.meta.url), {
      name: 'odradek-io',
      workerData: { options, memory, calls: port2 },
      transferList: [port2],
      // it makes little garbage: a small nursery keeps its memory small
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#worker = worker
    let failure: unknown
    worker.on('message', (event: IoEvent) => this.#events.onEvent(event))
    worker.on('error', (error) => {
      failure = error
    })
    worker.on('exit', (code) => {
      if (this.#ended) return
      this.#ended = true
      port1.close()
      const why = failure instanceof Error ? failure.message : `exit code ${code}`
      this.#events.onDeath(
        new KafkaError('WORKER_DIED', `An I/O thread of the client ended unexpectedly: ${why}.`, { cause: failure }),
      )
    })
    return connect<IoApi>(port1)
  }

  async #hostCore(env: Env, options: IoOptions, memory: IoMemory): Promise<Remote<IoApi>> {
    coreModule ??= import(new URL(`../workers/io-core${EXTENSION}`, import.meta.url).href)
    const { IoCore } = await coreModule
    const core = new IoCore(env, options, memory, this.#bells, (event: IoEvent) => this.#events.onEvent(event))
    const call =
      (method: keyof IoApi) =>
      async (...args: unknown[]): Promise<unknown> =>
        (core[method] as (...args: unknown[]) => unknown)(...args)
    return {
      setBrokers: call('setBrokers'),
      setPartitions: call('setPartitions'),
      dropPartitions: call('dropPartitions'),
      openProducer: call('openProducer'),
      closeProducer: call('closeProducer'),
      openLanes: call('openLanes'),
      call: call('call'),
      close: call('close'),
    } as unknown as Remote<IoApi>
  }
}
