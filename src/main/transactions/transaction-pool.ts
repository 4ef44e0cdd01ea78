/**
 * The transactional ids of a client and whose turn it is: runs functions in transactions, several at once, and decides what their callers
 * are told. Knows no broker; how an id gets on with its coordinator is `transactional-id.ts`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { aborted, startWait, type Wait } from '../wait.ts'
import { Transaction } from './transaction.ts'
import { meaningOfError, misused, transactionFailed } from './transaction-errors.ts'
import type { CheckedTransactionPool } from './transaction-options.ts'
import type { Refusal, TransactionalId } from './transactional-id.ts'

/** A caller whose transaction is given up hears of it at the latest then; the coordinator is told for longer. */
const ABORT_PATIENCE_MS = 5_000
/** Of a client that closes, for telling coordinators. */
const CLOSE_PATIENCE_MS = 1_000
/** A coordinator has written the marks of a transaction by then, as a rule; who begins the next one sooner may have to wait for them. */
const REST_MS = 20

export interface TransactionLimits {
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
}

export interface TransactionPoolDeps {
  env: Env
  options: CheckedTransactionPool
  /** How long a caller waits for an id unless he says so. */
  patienceMs: number
  /** Makes the id with this number; the number of its producer becomes known by it. */
  make(index: number): TransactionalId
}

/** One transaction. */
interface Attempt {
  readonly id: TransactionalId
  readonly tx: Transaction
  readonly began: number
}

/** An id that nobody uses, and since when. */
interface Free {
  readonly id: TransactionalId
  readonly since: number
}

interface Running {
  giveUp(error: KafkaError): void
  readonly over: Promise<unknown>
}

export class TransactionPool {
  readonly #env: Env
  readonly #options: CheckedTransactionPool
  readonly #patienceMs: number
  readonly #make: (index: number) => TransactionalId
  readonly #ids: TransactionalId[] = []
  /** Free ones, the one used longest ago first: its coordinator has had the most time to end its last transaction. */
  readonly #free: Free[] = []
  readonly #queue = new Set<Wait<TransactionalId>>()
  readonly #running = new Set<Running>()
  /** In whose function we are. */
  readonly #current = new AsyncLocalStorage<Transaction>()
  #refusal: KafkaError | undefined

  constructor({ env, options, patienceMs, make }: TransactionPoolDeps) {
    this.#env = env
    this.#options = options
    this.#patienceMs = patienceMs
    this.#make = make
    // what a process that crashed left open under these ids is ended before anybody waits for it
    if (options.idPrefix !== undefined) while (this.#ids.length < options.size) this.#free.push({ id: this.#add(), since: 0 })
    const deadline = env.now() + options.timeoutMs
    for (const id of this.#ids) id.ready({ deadline }).catch(() => {})
  }

  /** The id that a producer of this number belongs to. */
  ofProducer(producer: number): TransactionalId | undefined {
    return this.#ids.find((id) => id.producer.id === producer)
  }

  /** Runs the function in a transaction: commits when it returns, aborts when it throws. */
  async run<T>(work: (tx: Transaction) => T | Promise<T>, { timeoutMs, signal }: TransactionLimits = {}): Promise<T> {
    if (this.#current.getStore()?.isOpen) {
      throw misused(
        'kafka.transaction() was called inside a transaction, and there is no transaction within another. Use the tx at hand.',
      )
    }
    if (signal?.aborted) throw aborted(signal, 'a transaction').with({ outcome: 'not-written' })
    const deadline = this.#env.now() + (timeoutMs ?? this.#patienceMs)
    const id = await this.#acquire({ deadline, signal })
    try {
      const until = Math.min(
        timeoutMs === undefined ? Number.POSITIVE_INFINITY : deadline,
        this.#env.now() + this.#options.timeoutMs,
      )
      return await this.#runOn(id, work, until, signal)
    } catch (thrown) {
      if (id.isFenced) this.#fenced(thrown)
      throw thrown
    }
  }

  /** Takes no more, and gives up at the deadline what still runs. */
  async close(error: KafkaError, deadline: number): Promise<void> {
    this.refuse(error)
    const all = Promise.allSettled([...this.#running].map(({ over }) => over))
    let timer: ReturnType<Env['setTimeout']> | undefined
    const late = new Promise<void>((resolve) => {
      timer = this.#env.setTimeout(resolve, Math.max(0, deadline - this.#env.now()))
    })
    await Promise.race([all, late])
    if (timer) this.#env.clearTimeout(timer)
    if (this.#running.size === 0) return
    for (const running of [...this.#running]) running.giveUp(error)
    await this.#patiently(all, CLOSE_PATIENCE_MS)
  }

  /** Nothing more begins. */
  refuse(error: KafkaError): void {
    this.#refusal ??= error
    for (const wait of [...this.#queue]) wait.reject(this.#refusal)
  }

  #add(): TransactionalId {
    const id = this.#make(this.#ids.length)
    this.#ids.push(id)
    return id
  }

  /** One more id, so that the others rest longer; nobody waits for it. */
  #grow(): void {
    const id = this.#add()
    const release = (): void => this.#release(id)
    id.ready({ deadline: this.#env.now() + this.#options.timeoutMs }).then(release, release)
  }

  /** An id that is ready, and nobody else's until it is released. */
  async #acquire(limits: { deadline: number; signal: AbortSignal | undefined }): Promise<TransactionalId> {
    if (this.#refusal) throw this.#refusal
    const mayGrow = this.#ids.length < this.#options.size
    const free = this.#free.shift()
    if (free && mayGrow && this.#env.now() - free.since < REST_MS) this.#grow()
    const id = free?.id ?? (mayGrow ? this.#add() : await this.#wait(limits))
    let refused: Refusal | undefined
    try {
      refused = await id.ready(limits)
    } catch (thrown) {
      this.#release(id)
      throw KafkaError.from(thrown, 'kafka.transaction()').with({ outcome: 'not-written' })
    }
    if (!refused) return id
    this.#release(id)
    const { transactionalId } = id
    const { error } = refused
    if (id.isFenced) throw this.#fenced(fencedError(transactionalId, error))
    if (error.code === 'CLOSED') throw error.with({ outcome: 'not-written' })
    const why = `No transaction could begin under the transactional id '${transactionalId}': ${error.message}`
    throw transactionFailed('aborted', why, { transactionalId, cause: error, retriable: refused.meaning !== 'fatal' })
  }

  #wait(limits: { deadline: number; signal: AbortSignal | undefined }): Promise<TransactionalId> {
    const { size } = this.#options
    const wait: Wait<TransactionalId> = startWait<TransactionalId>(this.#env, limits, 'a free transactional id', {
      onEnd: () => this.#queue.delete(wait),
      late: () => ({ why: `All ${size} are in use: raise size of transactionPool, or run fewer transactions at once.` }),
    })
    this.#queue.add(wait)
    return wait.promise
  }

  #release(id: TransactionalId): void {
    const [next] = this.#queue
    if (next) next.resolve(id)
    else this.#free.push({ id, since: this.#env.now() })
    // what is in doubt holds up readers until it is ended
    if (id.isInDoubt && !this.#refusal) id.ready({ deadline: this.#env.now() + this.#options.timeoutMs }).catch(() => {})
  }

  #fenced(thrown: unknown): KafkaError {
    const error = KafkaError.from(thrown, 'kafka.transaction()')
    this.refuse(error)
    return error
  }

  async #runOn<T>(
    id: TransactionalId,
    work: (tx: Transaction) => T | Promise<T>,
    until: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const tx = new Transaction(id)
    const given = Promise.withResolvers<never>()
    given.promise.catch(() => {})
    const over = Promise.withResolvers<void>()
    const running: Running = { giveUp: given.reject, over: over.promise }
    this.#running.add(running)
    const began = this.#env.now()
    const late = (): void => given.reject(timedOut(id.transactionalId, this.#env.now() - began))
    const timer = this.#env.setTimeout(late, Math.max(0, until - began))
    const onAbort = (): void => given.reject(aborted(signal, 'a transaction').with({ outcome: 'not-written' }))
    signal?.addEventListener('abort', onAbort)
    let ending: Promise<unknown> | undefined
    try {
      const result = await Promise.race([this.#current.run(tx, async () => work(tx)), given.promise])
      tx.end('was over when its function returned')
      await Promise.race([tx.flush(), given.promise])
      await this.#commit({ id, tx, began })
      tx.settled('committed')
      return result
    } catch (thrown) {
      const threw = tx.isOpen
      tx.end('was aborted', thrown)
      if (id.isBusy) {
        ending = id.abort(asDrop(thrown), this.#env.now() + Math.max(this.#options.timeoutMs, ABORT_PATIENCE_MS))
        await this.#patiently(ending)
      }
      const told = await this.#told({ id, tx, began }, thrown, threw)
      const unknown = told instanceof KafkaError && told.context.transaction === 'unknown'
      tx.settled(unknown ? 'unknown' : 'aborted', unknown ? told : undefined)
      throw told
    } finally {
      this.#env.clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      const free = (): void => {
        this.#running.delete(running)
        over.resolve()
        this.#release(id)
      }
      if (ending) ending.then(free, free)
      else free()
    }
  }

  async #commit(attempt: Attempt): Promise<void> {
    const { id, tx } = attempt
    if (tx.failure) throw tx.failure
    const { transactionalId } = id
    const refused = await id.commit(this.#env.now() + this.#options.timeoutMs)
    if (!refused) return
    const { meaning, error, unknown } = refused
    if (!unknown) throw await this.#refused(attempt, meaning, error)
    const why = `Whether the transaction was committed is not known: ${error.message}`
    throw transactionFailed('unknown', why, { transactionalId, cause: error, retriable: false })
  }

  /** Why there was no commit. If our epoch is not the current one, only the coordinator can say whether somebody else has the id. */
  async #refused({ id, began }: Attempt, meaning: Refusal['meaning'], cause: KafkaError): Promise<KafkaError> {
    const { transactionalId } = id
    if (meaning === 'epoch' && !id.isBusy) {
      await id.ready({ deadline: this.#env.now() + this.#options.timeoutMs }).catch(() => {})
      if (id.isFenced) return fencedError(transactionalId, cause)
    }
    if (meaning === 'epoch' || this.#env.now() - began >= this.#options.timeoutMs) {
      const why = `The transaction was aborted, as it was open for longer than ${this.#options.timeoutMs} ms: ${cause.message}`
      return transactionFailed('timed-out', why, { transactionalId, cause, retriable: true })
    }
    const why = `The transaction was aborted: ${cause.message}`
    return transactionFailed('aborted', why, { transactionalId, cause, retriable: meaning !== 'fatal' })
  }

  /** What the caller hears of a transaction that was aborted. What its function threw is its own, unless it only passed on what failed. */
  async #told(attempt: Attempt, thrown: unknown, threw: boolean): Promise<unknown> {
    const { failure } = attempt.tx
    if (thrown instanceof KafkaError && thrown.code === 'TRANSACTION_FAILED') return thrown
    if (!failure) return thrown
    const meaning = meaningOfError(failure)
    const passedOn = thrown === failure || (thrown instanceof KafkaError && thrown.cause === failure)
    if (!passedOn || (threw && thrown === failure && meaning !== 'epoch')) return thrown
    return this.#refused(attempt, meaning, failure)
  }

  async #patiently(work: Promise<unknown>, patienceMs = ABORT_PATIENCE_MS): Promise<void> {
    let timer: ReturnType<Env['setTimeout']> | undefined
    const patience = new Promise<void>((resolve) => {
      timer = this.#env.setTimeout(resolve, patienceMs)
    })
    await Promise.race([work.catch(() => {}), patience])
    if (timer) this.#env.clearTimeout(timer)
  }
}

function timedOut(transactionalId: string, elapsed: number): KafkaError {
  const why = `The transaction was aborted, since its function had not returned after ${Math.round(elapsed)} ms.`
  return transactionFailed('timed-out', why, { transactionalId, retriable: true })
}

function fencedError(transactionalId: string, cause: KafkaError): KafkaError {
  const why = `Somebody else has taken over the transactional id '${transactionalId}': ${cause.message}`
  return transactionFailed('fenced', why, { transactionalId, cause, retriable: false })
}

/** What records under way end in. */
function asDrop(error: unknown): KafkaError {
  if (error instanceof KafkaError && error.code !== 'INTERNAL') return error
  return new KafkaError('ABORTED', 'The transaction was aborted, since its function threw.', { cause: error })
}
