/**
 * What a coordinator knows of one transactional id: its producer id and epoch, the state and the partitions of its transaction, and
 * what requests and timeouts make of them. Pure: no log, no timers, no nodes.
 *
 * KIP-98 https://cwiki.apache.org/confluence/x/dgkuAw, KIP-360 (a given producer id and epoch), KIP-890 (the epoch grows with
 * every transaction, version 2)
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'

export const transactionStates = ['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort'] as const
export type TransactionState = (typeof transactionStates)[number]

/** The level of Kafka's feature `transaction.version`. From 2 on the epoch grows with every transaction (KIP-890). */
export type TransactionVersion = 0 | 1 | 2

export interface ProducerIdentity {
  producerId: number
  epoch: number
}

/** Wants to end a transaction. */
export interface EndRequest extends ProducerIdentity {
  commit: boolean
  /** That of the client. */
  version: TransactionVersion
}

export const NO_PRODUCER_ID = -1
export const NO_EPOCH = -1
/** The last epoch that a producer may have; the one after it fences it. */
const LAST_EPOCH = 32_766
const BUMPS_EPOCH_SINCE = 2

type NewId = () => number

/** A transaction as its coordinator writes it down; partitions by topic id and index. */
export interface SavedTransaction {
  readonly id: string
  readonly producerId: number
  readonly epoch: number
  readonly state: TransactionState
  readonly timeoutMs: number
  readonly partitions: readonly (readonly [topicId: string, index: number])[]
  readonly startedAt: number
  readonly version: TransactionVersion
  readonly previousProducerId: number
  readonly nextProducerId: number
  readonly lastEpoch: number
}

export class Transaction {
  readonly id: string
  producerId: number
  epoch = NO_EPOCH
  state: TransactionState = 'Empty'
  timeoutMs: number
  /** By name and index; those that have their marker are taken out. */
  readonly partitions = new Map<string, Partition>()
  /** Wall clock of the first partition of the transaction, also when it is over; −1 when there was none. */
  startedAt = -1
  /** How the client that changed this last does transactions. */
  version: TransactionVersion = 0
  #previousProducerId = NO_PRODUCER_ID
  /** Takes over when the transaction is complete; the epochs of the present one are used up. */
  #nextProducerId = NO_PRODUCER_ID
  /** Whoever comes with this one repeats a request whose answer was lost (KIP-360); −1: nobody. */
  #lastEpoch = NO_EPOCH

  constructor(id: string, producerId: number, timeoutMs: number) {
    this.id = id
    this.producerId = producerId
    this.timeoutMs = timeoutMs
  }

  get saved(): SavedTransaction {
    const { id, producerId, epoch, state, timeoutMs, startedAt, version } = this
    const partitions = Array.from(this.partitions.values(), ({ topic, index }) => [topic.id, index] as const)
    const others = {
      previousProducerId: this.#previousProducerId,
      nextProducerId: this.#nextProducerId,
      lastEpoch: this.#lastEpoch,
    }
    return { id, producerId, epoch, state, timeoutMs, partitions, startedAt, version, ...others }
  }

  /** A transaction that was written down. Partitions that are gone are not in it any more. */
  static from(saved: SavedTransaction, find: (topicId: string, index: number) => Partition | undefined): Transaction {
    const transaction = new Transaction(saved.id, saved.producerId, saved.timeoutMs)
    const { epoch, state, startedAt, version } = saved
    Object.assign(transaction, { epoch, state, startedAt, version })
    transaction.#previousProducerId = saved.previousProducerId
    transaction.#nextProducerId = saved.nextProducerId
    transaction.#lastEpoch = saved.lastEpoch
    for (const [topicId, index] of saved.partitions) {
      const partition = find(topicId, index)
      if (partition) transaction.partitions.set(keyOf(partition), partition)
    }
    return transaction
  }

  /** The outcome is decided, but markers are missing. */
  get isEnding(): boolean {
    return this.state === 'PrepareCommit' || this.state === 'PrepareAbort'
  }

  /** Who the producer is from the next transaction on. */
  get successor(): ProducerIdentity {
    if (this.#nextProducerId !== NO_PRODUCER_ID) return { producerId: this.#nextProducerId, epoch: 0 }
    return { producerId: this.producerId, epoch: this.epoch }
  }

  /** A producer begins, or goes on as who it was. False: a transaction must be aborted first. Throws a {@link Refusal}. */
  init(expected: ProducerIdentity | undefined, timeoutMs: number, newId: NewId): boolean {
    if (this.isEnding) throw new Refusal(ErrorCode.CONCURRENT_TRANSACTIONS)
    if (expected && !this.#mayBe(expected)) throw new Refusal(ErrorCode.PRODUCER_FENCED)
    if (this.state === 'Ongoing') return false
    const epoch = this.epoch
    if (this.#isExhausted && (expected === undefined || expected.epoch === epoch)) {
      this.#previousProducerId = this.producerId
      this.producerId = newId()
      this.epoch = 0
      this.#lastEpoch = expected ? epoch : NO_EPOCH
    } else this.#nextEpoch(expected)
    this.timeoutMs = timeoutMs
    this.startedAt = -1
    this.state = 'Empty'
    return true
  }

  /** Throws a {@link Refusal} unless the producer may add partitions. */
  checkAdd({ producerId, epoch }: ProducerIdentity): void {
    if (this.isEnding) throw new Refusal(ErrorCode.CONCURRENT_TRANSACTIONS)
    if (producerId !== this.producerId) throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    if (epoch !== this.epoch) throw new Refusal(ErrorCode.PRODUCER_FENCED)
  }

  /** Whether all of them are in the transaction that is going on. */
  has(partitions: readonly Partition[]): boolean {
    return this.state === 'Ongoing' && partitions.every((partition) => this.partitions.has(keyOf(partition)))
  }

  add(partitions: readonly Partition[], now: number, version: TransactionVersion): void {
    if (this.state !== 'Ongoing') this.startedAt = now
    for (const partition of partitions) this.partitions.set(keyOf(partition), partition)
    this.version = version
    this.#transit('Ongoing')
  }

  /** Throws a {@link Refusal} unless the producer may ask which partitions are in its transaction. */
  checkVerify({ producerId, epoch }: ProducerIdentity): void {
    if (producerId !== this.producerId) throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    if (epoch !== this.epoch) throw new Refusal(ErrorCode.PRODUCER_FENCED)
    if (this.isEnding) throw new Refusal(ErrorCode.CONCURRENT_TRANSACTIONS)
  }

  /** The partition, as part of the transaction or of the last one. */
  isIn(partition: Partition): boolean {
    return this.partitions.has(keyOf(partition))
  }

  /** Whether there is an outcome to decide. False: that was done before, as it is wanted. Throws a {@link Refusal}. */
  mayEnd(request: EndRequest): boolean {
    return request.version >= BUMPS_EPOCH_SINCE ? this.#mayEnd(request) : this.#mayEndOldWay(request)
  }

  /** Decides the outcome; to be called when it {@link mayEnd}. */
  end({ commit, version }: EndRequest, now: number, newId: NewId): void {
    if (this.state !== 'Ongoing') this.startedAt = now
    this.version = version
    if (version >= BUMPS_EPOCH_SINCE) this.#bump(newId)
    this.#transit(commit ? 'PrepareCommit' : 'PrepareAbort')
  }

  /** Aborts what goes on against the producer's will; it is fenced by a new epoch. `version` is that of the brokers. */
  fence(version: TransactionVersion, newId: NewId): void {
    if (version >= BUMPS_EPOCH_SINCE) this.#bump(newId)
    else {
      this.epoch = Math.min(this.epoch + 1, LAST_EPOCH + 1)
      this.#lastEpoch = NO_EPOCH
    }
    this.version = version
    this.#transit('PrepareAbort')
  }

  /** All markers are written. */
  complete(): void {
    const { producerId, epoch } = this.successor
    this.#transit(this.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort')
    this.producerId = producerId
    this.epoch = epoch
    this.#nextProducerId = NO_PRODUCER_ID
    this.partitions.clear()
  }

  get #isExhausted(): boolean {
    return this.epoch >= LAST_EPOCH
  }

  /** KIP-360: a producer that says who it was must be the latest one, or come from its last epoch. */
  #mayBe({ producerId, epoch }: ProducerIdentity): boolean {
    const cameFromLast = producerId === this.#previousProducerId && epoch >= LAST_EPOCH
    return this.epoch === NO_EPOCH || producerId === this.producerId || cameFromLast
  }

  #nextEpoch(expected: ProducerIdentity | undefined): void {
    if (this.#isExhausted) throw new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR)
    const { epoch } = this
    this.#previousProducerId = this.producerId
    if (expected && epoch !== NO_EPOCH && expected.epoch !== epoch) {
      // Its answer was lost; nobody else has come since, or there would be no last epoch.
      if (expected.epoch === this.#lastEpoch) return
      throw new Refusal(ErrorCode.PRODUCER_FENCED)
    }
    this.epoch = epoch + 1
    this.#lastEpoch = expected ? epoch : NO_EPOCH
  }

  #bump(newId: NewId): void {
    this.#nextProducerId = this.#isExhausted ? newId() : NO_PRODUCER_ID
    this.#lastEpoch = this.epoch
    this.epoch = Math.min(this.epoch + 1, LAST_EPOCH + 1)
  }

  /** Before KIP-890 a transaction is known by its state alone. */
  #mayEndOldWay({ producerId, epoch, commit }: EndRequest): boolean {
    if (producerId !== this.producerId) throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    if (epoch !== this.epoch) throw new Refusal(ErrorCode.PRODUCER_FENCED)
    if (this.isEnding) {
      const same = commit === (this.state === 'PrepareCommit')
      throw new Refusal(same ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE)
    }
    if (this.state === 'Ongoing') return true
    if (this.state === (commit ? 'CompleteCommit' : 'CompleteAbort')) return false
    throw new Refusal(ErrorCode.INVALID_TXN_STATE)
  }

  /** Since KIP-890 a repeated request is known by the epoch before; the present epoch means the next transaction, even an empty one. */
  #mayEnd({ producerId, epoch, commit }: EndRequest): boolean {
    if (this.isEnding) throw new Refusal(ErrorCode.CONCURRENT_TRANSACTIONS)
    const isOver = this.state === 'CompleteCommit' || this.state === 'CompleteAbort'
    const overflowed = this.#previousProducerId === producerId && epoch === LAST_EPOCH && this.epoch === 0
    const repeated = isOver && (this.epoch === epoch + 1 || overflowed)
    if (producerId !== this.producerId && !overflowed) throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    if (epoch !== this.epoch && !repeated) throw new Refusal(ErrorCode.PRODUCER_FENCED)
    if (repeated) {
      if (this.state === (commit ? 'CompleteCommit' : 'CompleteAbort')) return false
      throw new Refusal(ErrorCode.INVALID_TXN_STATE)
    }
    if (commit && this.state !== 'Ongoing') throw new Refusal(ErrorCode.INVALID_TXN_STATE)
    return true
  }

  #transit(state: TransactionState): void {
    this.#previousProducerId = this.producerId
    this.state = state
  }
}

export function keyOf({ topic, index }: Partition): string {
  return `${topic.id} ${index}`
}
