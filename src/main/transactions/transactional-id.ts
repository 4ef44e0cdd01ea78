/**
 * One transactional id of this client: runs `transaction-state.ts` with its coordinator and its producer. One transaction at a time;
 * whose function runs in it, and what its caller is told, is not its business.
 */
import type { KafkaError } from '../../shared/errors.ts'
import type { Producer } from '../producer.ts'
import type { AdminContext } from '../retrying.ts'
import type { WaitLimits } from '../wait.ts'
import { within } from '../wait.ts'
import { type GroupOffsets, sendGroupOffsets, type TransactionalGroup } from './group-offsets.ts'
import type { Partition, TransactionCoordinator } from './transaction-coordinator.ts'
import type { Meaning } from './transaction-errors.ts'
import { step, type TransactionEvent, type TransactionState } from './transaction-state.ts'

/** A refusal on the way to a commit. */
export interface Refusal {
  readonly meaning: Meaning
  readonly error: KafkaError
  /** The coordinator may have committed. */
  readonly unknown: boolean
}

export interface TransactionalIdOptions {
  transactionalId: string
  /** After so long the coordinator aborts a transaction by itself. */
  timeoutMs: number
  /** Nobody else can know the id. */
  isOurs: boolean
}

export class TransactionalId {
  readonly transactionalId: string
  readonly producer: Producer
  readonly #context: AdminContext
  readonly #timeoutMs: number
  readonly #isOurs: boolean
  /** As it was last. */
  #byBrokers = false
  readonly #coordinator: TransactionCoordinator
  #state: TransactionState = { is: 'new' }
  #told: Promise<void> | undefined
  #starting: Promise<Refusal | undefined> | undefined
  /** Partitions that wait to be admitted. */
  #unadmitted: Partition[] = []
  #admitting: Promise<void> | undefined
  #onFailure: (error: KafkaError) => void = () => {}
  /** What failed first in the transaction that is open. */
  #failure: KafkaError | undefined
  /** Why it was not started. */
  #refusal: Refusal | undefined
  /** Ends what is asked on behalf of the transaction that is open. */
  #asking = new AbortController()

  constructor(
    context: AdminContext,
    { transactionalId, timeoutMs, isOurs }: TransactionalIdOptions,
    producer: Producer,
    coordinator: TransactionCoordinator,
  ) {
    this.transactionalId = transactionalId
    this.producer = producer
    this.#context = context
    this.#timeoutMs = timeoutMs
    this.#isOurs = isOurs
    this.#coordinator = coordinator
  }

  get isFenced(): boolean {
    return this.#state.is === 'fenced'
  }

  /** A transaction of it has not ended. */
  get isBusy(): boolean {
    const { is } = this.#state
    return is === 'open' || is === 'committing' || is === 'aborting'
  }

  /** How its last transaction ended, or what is still on its way, is in doubt until there is another identity. */
  get isInDoubt(): boolean {
    return this.#state.is === 'lost' && this.#state.proof !== undefined
  }

  /** Resolves when a transaction can begin, or with why none can. Who is already asking is waited for. */
  async ready(limits: WaitLimits & { deadline: number }): Promise<Refusal | undefined> {
    // what is handed in next must not be written under the old identity
    await this.#told
    if (this.#state.is === 'ready') return undefined
    if (this.isFenced) return this.#refusal
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined
    })
    return within(this.#context.env, limits, `an identity for the transactional id '${this.transactionalId}'`, this.#starting)
  }

  /** `onFailure` hears of everything that leaves nothing but an abort. */
  begin(onFailure: (error: KafkaError) => void): void {
    this.#asking = new AbortController()
    this.#unadmitted = []
    this.#failure = undefined
    this.#onFailure = onFailure
    this.#take({ type: 'begin' })
  }

  /** Something is handed in. */
  wrote(): void {
    if (this.#state.is === 'open' && !this.#state.wrote) this.#take({ type: 'wrote' })
  }

  /** A record failed. */
  failed(error: KafkaError): void {
    if (this.#state.is !== 'open') return
    this.#take({ type: 'failed' })
    if (this.#failure) return
    this.#failure = error
    this.#onFailure(error)
  }

  /** The coordinator has to know of a partition before records may go there. */
  unadmitted(partition: Partition): void {
    if (this.#state.is !== 'open') return
    this.#unadmitted.push(partition)
    this.#admitting ??= this.#admit().finally(() => {
      this.#admitting = undefined
    })
  }

  /** The offsets become part of the transaction (KIP-447). Resolves with why not. */
  async sendOffsets(group: TransactionalGroup, offsets: GroupOffsets): Promise<Refusal | undefined> {
    const state = this.#state
    if (state.is !== 'open' || state.failed) return undefined
    this.wrote()
    const { signal } = this.#asking
    const limits = { signal, deadline: this.#context.env.now() + this.#timeoutMs }
    const { identity, byBrokers } = state
    if (!byBrokers) {
      const added = await this.#coordinator.addOffsets(identity, group.groupId, limits)
      if (!added.ok) return added
    }
    const { transactionalId } = this
    return sendGroupOffsets(this.#context, group, offsets, { transactionalId, ...identity, byBrokers }, limits)
  }

  /** When all that was handed in is settled. Resolves with why it is not committed. */
  async commit(deadline: number): Promise<Refusal | undefined> {
    this.#take({ type: 'commit' })
    const refused = await this.#end(deadline)
    return this.#failure ? { meaning: 'abortable', error: this.#failure, unknown: false } : refused
  }

  /** Resolves when the coordinator has ended it, or will have to be told so before the next one. */
  async abort(error: KafkaError, deadline: number): Promise<void> {
    this.#asking.abort(error)
    const dropped = this.producer.bufferedBytes > 0
    if (dropped) await this.producer.drop(error)
    await this.#admitting
    this.#take({ type: 'abort', dropped })
    await this.#end(deadline)
  }

  async #start(): Promise<Refusal | undefined> {
    this.#take({ type: 'wanted' })
    if (this.#state.is !== 'starting') return undefined
    const { env, options } = this.#context
    const deadline = env.now() + Math.max(this.#timeoutMs, options.requestTimeoutMs)
    let { proof } = this.#state
    if (proof && this.#state.mayBeOpen) {
      const ended = await this.#coordinator.end(proof, false, this.#byBrokers, { deadline })
      if (ended.ok) proof = ended.value ?? proof
    }
    let answer = await this.#coordinator.init(proof, this.#timeoutMs, { deadline })
    // nobody else has it, so that the coordinator's own abort is what is between us
    const isAlone = !answer.ok && answer.meaning === 'epoch' && this.#isOurs
    if (isAlone) answer = await this.#coordinator.init(undefined, this.#timeoutMs, { deadline })
    if (answer.ok) {
      this.#take({ type: 'started', ...answer.value })
      await this.#tell()
      return undefined
    }
    this.#take({ type: 'not-started', meaning: answer.meaning })
    this.#refusal = answer
    return answer
  }

  async #end(deadline: number): Promise<Refusal | undefined> {
    const state = this.#state
    if (state.is !== 'committing' && state.is !== 'aborting') return undefined
    const { identity, byBrokers } = state
    const answer = await this.#coordinator.end(identity, state.is === 'committing', byBrokers, { deadline })
    if (!answer.ok) {
      this.#take({ type: answer.meaning === 'again' ? 'end-unknown' : 'end-refused' })
      return answer
    }
    this.#take({ type: 'ended', identity: answer.value })
    // where the answer names an identity, the I/O threads have taken it over
    if (!answer.value) this.#tell()
    return undefined
  }

  async #admit(): Promise<void> {
    while (this.#unadmitted.length > 0) {
      // those of one turn go together
      await Promise.resolve()
      const partitions = this.#unadmitted
      this.#unadmitted = []
      const state = this.#state
      if (state.is !== 'open' || state.failed) return
      const limits = { signal: this.#asking.signal, deadline: this.#context.env.now() + this.#timeoutMs }
      const answer = await this.#coordinator.addPartitions(state.identity, partitions, limits)
      if (answer.ok) await this.producer.admitPartitions(partitions.map(({ handle }) => handle))
      else if (!this.#asking.signal.aborted) {
        this.failed(answer.error)
        await this.producer.drop(answer.error)
      }
    }
  }

  /** The I/O threads hear of the identity. When they cannot, the client is about to end. */
  #tell(): Promise<void> {
    if (this.#state.is !== 'ready') return Promise.resolve()
    const { identity, byBrokers } = this.#state
    this.#byBrokers = byBrokers
    this.#told = this.producer.setTransaction({ ...identity, byBrokers }).catch(() => {})
    return this.#told
  }

  #take(event: TransactionEvent): void {
    this.#state = step(this.#state, event)
  }
}
