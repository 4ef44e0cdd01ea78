/**
 * A handler thread: the task that piscina runs for each job of main. Loads the user's module, gives it records, and says what it
 * returned. Knows nothing of groups, and of other threads only main.
 */
import type { MessagePort } from 'node:worker_threads'
import { KafkaError } from '../shared/errors.ts'
import { type GivenUp, type Heard, type Job, JobNotes, type JobResult, type TransactionAnswer } from '../shared/handler-api.ts'
import type { HandlerModule, ThreadContext } from '../shared/handler-types.ts'
import { nodeEnv } from '../shared/node-env.ts'
import { unpackRecords } from '../shared/record-parcel.ts'
import { asError, thrownFromWire, thrownToWire } from '../shared/thrown.ts'
import { indexed } from './handler-result.ts'
import { ThreadTransaction } from './thread-transaction.ts'

type Work<K extends Job['kind']> = Extract<Job, { kind: K }>

const env = nodeEnv()
let notes: JobNotes | undefined
let handler: HandlerModule | undefined
/** To main, beside jobs and their results. */
let port: MessagePort | undefined
const transactions = new Map<number, ThreadTransaction>()
/** What runs and can be aborted. */
const running = new Map<number, Context>()

/** Most handlers never look at the signal, so it is made when they do. */
class Context implements ThreadContext {
  readonly attempt: number
  readonly tx?: ThreadTransaction
  #controller: AbortController | undefined
  #reason: unknown

  constructor(attempt: number, tx: ThreadTransaction | undefined) {
    this.attempt = attempt
    if (tx) this.tx = tx
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }
}

/** What piscina calls. It never fails, so that a failure piscina tells of is the end of the thread. */
export async function run(job: Job): Promise<JobResult> {
  if (job.kind === 'setup') notes = new JobNotes(job.notes)
  const wanted = notes!.begin(job.id, env.now() + env.clockOrigin)
  try {
    if (!wanted) throw new KafkaError('ABORTED', 'The job was given up before it began.')
    return { ok: true, value: await work(job) }
  } catch (thrown) {
    return { ok: false, thrown: thrownToWire(thrown) }
  }
}

async function work(job: Job): Promise<unknown> {
  switch (job.kind) {
    case 'setup':
      await setUp(job)
      return undefined
    case 'start':
      await hook(`handleConsumerStart for ${job.topic}-${job.partition}`, () =>
        handler!.handleConsumerStart?.(job.topic, job.partition),
      )
      return undefined
    case 'handle':
      return handle(job)
    case 'stop':
      await hook(`handleConsumerStop for ${job.topic}-${job.partition}`, () =>
        handler!.handleConsumerStop?.(job.topic, job.partition, job.reason),
      )
      return undefined
    case 'teardown':
      await hook('teardown', () => handler?.teardown?.())
      return undefined
  }
}

async function setUp({ file, control }: Work<'setup'>): Promise<void> {
  listen(control)
  handler = await load(file)
  await hook(`setup of ${file}`, () => handler!.setup?.())
}

async function handle({ id, topic, partition, attempt, parcel, transactionalId }: Work<'handle'>): Promise<unknown> {
  const where = `${topic}-${partition}`
  const records = unpackRecords(topic, partition, parcel)
  const tx =
    transactionalId === undefined ? undefined : new ThreadTransaction(id, transactionalId, (call) => port!.postMessage(call))
  if (tx) transactions.set(id, tx)
  const context = new Context(attempt, tx)
  running.set(id, context)
  try {
    // a copy: what the handler does to its list must not change what is judged
    const result = await handler!.handleRecordBatch(topic, partition, records.slice(), context)
    return indexed(records, result)
  } catch (thrown) {
    throw asError(thrown, `The handler of ${where}`, { topic, partition })
  } finally {
    running.delete(id)
    // main must have it all before it hears of the result, which goes another way
    await tx?.end()
    transactions.delete(id)
  }
}

async function hook(name: string, call: () => unknown): Promise<void> {
  try {
    await call()
  } catch (thrown) {
    throw asError(thrown, name)
  }
}

function listen(control: MessagePort): void {
  port = control
  control.on('message', (message: GivenUp | TransactionAnswer) => {
    if ('call' in message) {
      transactions.get(message.id)?.answered(message)
      return
    }
    const { id, reason } = message
    running.get(id)?.abort(thrownFromWire(reason))
    control.postMessage({ id } satisfies Heard)
  })
}

async function load(file: string): Promise<HandlerModule> {
  const problem = (why: string, cause?: unknown) =>
    new KafkaError('INVALID_OPTION', `option handler: ${why}`, { option: 'handler', ...(cause !== undefined && { cause }) })
  let loaded: { default?: HandlerModule } & Partial<HandlerModule>
  try {
    loaded = await import(file)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw problem(`the module ${file} cannot be loaded: ${why}`, thrown)
  }
  const module = typeof loaded.handleRecordBatch === 'function' ? loaded : loaded.default
  if (typeof module?.handleRecordBatch !== 'function') {
    throw problem(`the module ${file} exports no function handleRecordBatch, nor has it one in its default export`)
  }
  for (const name of ['handleConsumerStart', 'handleConsumerStop', 'setup', 'teardown'] as const) {
    const hook: unknown = module[name]
    if (hook !== undefined && typeof hook !== 'function') throw problem(`${name} in the module ${file} is no function`)
  }
  return module as HandlerModule
}
