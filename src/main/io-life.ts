/**
 * One life of an I/O core, in a worker thread or on this one, from its start to its end. Tells when it ends unasked; what then becomes
 * of its work is not its business.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { IoApi, IoEvent, IoOptions } from '../shared/io-api.ts'
import { type IoBells, type IoMemory, localBells, sharedBells } from '../shared/io-memory.ts'
import { connect, expose, type Remote } from '../shared/rpc.ts'
import type { SecurityHost } from '../shared/security.ts'
import { GuardedEnv } from './guarded-env.ts'

/** Sources are run as they are in development, and as JavaScript from the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** It makes little garbage: a small nursery keeps its memory small. What it holds of records is not on its heap. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 }

export interface LifeEvents {
  onEvent(event: IoEvent): void
  /** It ended unasked, for this reason; nothing of it runs any more. */
  onEnd(cause: Error): void
}

export interface IoLife {
  readonly bells: IoBells
  /** Resolves when the core runs. */
  readonly api: Promise<Remote<IoApi>>
  /** Ends it at once, asked for: `onEnd` is not called. */
  end(): Promise<void>
  /** Ends it at once as a crash does. */
  crash(cause: Error): void
}

export class WorkerLife implements IoLife {
  readonly bells: IoBells
  readonly api: Promise<Remote<IoApi>>
  readonly #worker: Worker
  #cause: Error | undefined
  #asked = false

  constructor(options: IoOptions, memory: IoMemory, events: LifeEvents, host: SecurityHost | undefined) {
    this.bells = sharedBells(memory)
    const { port1, port2 } = new MessageChannel()
    const asked = host && new MessageChannel()
    const worker = new Worker(new URL(`../workers/io-worker${EXTENSION}`, import.meta.url), {
      name: 'odradek-io',
      workerData: { options, memory, calls: port2, host: asked?.port2 },
      transferList: asked ? [port2, asked.port2] : [port2],
      resourceLimits: HEAP,
    })
    this.#worker = worker
    if (asked) expose(asked.port1, host)
    worker.on('message', (event: IoEvent) => events.onEvent(event))
    worker.on('error', (error) => {
      this.#cause ??= error instanceof Error ? error : new Error(String(error))
    })
    worker.on('exit', (code) => {
      port1.close()
      asked?.port1.close()
      if (!this.#asked) events.onEnd(this.#cause ?? new Error(`exit code ${code}`))
    })
    this.api = Promise.resolve(connect<IoApi>(port1))
  }

  async end(): Promise<void> {
    this.#asked = true
    await this.#worker.terminate()
  }

  crash(cause: Error): void {
    this.#cause ??= cause
    void this.#worker.terminate()
  }
}

/** Main knows the workers by URL only; loaded once. */
let coreModule: Promise<{ IoCore: new (...args: unknown[]) => IoApi }> | undefined

export class LocalLife implements IoLife {
  readonly bells: IoBells
  readonly api: Promise<Remote<IoApi>>
  readonly #env: Env
  readonly #guard: GuardedEnv
  readonly #events: LifeEvents
  readonly #unanswered = new Set<(error: KafkaError) => void>()
  #over = false

  constructor(env: Env, options: IoOptions, memory: IoMemory, events: LifeEvents, host: SecurityHost | undefined) {
    this.#env = env
    this.#events = events
    this.#guard = new GuardedEnv(env, (thrown) => this.crash(thrown instanceof Error ? thrown : new Error(String(thrown))))
    this.bells = localBells(env, this.#guard)
    this.api = this.#start(options, memory, host)
    // whoever needs it sees the failure
    this.api.catch(() => {})
  }

  async end(): Promise<void> {
    this.#sever()
  }

  crash(cause: Error): void {
    if (this.#over) return
    this.#sever()
    // later: the core may be in the middle of something
    this.#env.defer(() => this.#events.onEnd(cause))
  }

  async #start(options: IoOptions, memory: IoMemory, host: SecurityHost | undefined): Promise<Remote<IoApi>> {
    coreModule ??= import(new URL(`../workers/io-core${EXTENSION}`, import.meta.url).href)
    const { IoCore } = await coreModule
    const onEvent = (event: IoEvent): void => {
      if (!this.#over) this.#events.onEvent(event)
    }
    const core = new IoCore(this.#guard, options, memory, this.bells, onEvent, host)
    const call =
      (method: keyof IoApi) =>
      (...args: unknown[]): Promise<unknown> =>
        this.#call(async () => (core[method] as (...args: unknown[]) => unknown)(...args))
    return {
      setBrokers: call('setBrokers'),
      setPartitions: call('setPartitions'),
      dropPartitions: call('dropPartitions'),
      openProducer: call('openProducer'),
      closeProducer: call('closeProducer'),
      openLanes: call('openLanes'),
      setTransaction: call('setTransaction'),
      nextTransaction: call('nextTransaction'),
      admitPartitions: call('admitPartitions'),
      dropRecords: call('dropRecords'),
      adopt: call('adopt'),
      call: call('call'),
      heartbeat: call('heartbeat'),
      endHeartbeats: call('endHeartbeats'),
      close: call('close'),
    } as unknown as Remote<IoApi>
  }

  /** As between threads: what the core has not answered when it ends is rejected. */
  #call(work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#over) {
        reject(diedError())
        return
      }
      this.#unanswered.add(reject)
      work()
        .then(resolve, reject)
        .finally(() => this.#unanswered.delete(reject))
    })
  }

  #sever(): void {
    this.#over = true
    this.#guard.sever()
    for (const reject of this.#unanswered) reject(diedError())
    this.#unanswered.clear()
  }
}

function diedError(): KafkaError {
  return new KafkaError('WORKER_DIED', 'The I/O core of the client ended. Calls to it cannot be answered any more.')
}
