/**
 * What a partition's leader does before it takes records of a transaction: it asks the coordinator whether the partition is in the
 * transaction, or (KIP-890, version 2) puts it there, and tells the client what came of it in errors that its version knows.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { ProducerIdentity } from './transaction.ts'

/** `add`: puts it there. `verify`: asks. `verify-old`: asks for a client that does not know TRANSACTION_ABORTABLE. */
export type VerificationMode = 'add' | 'verify' | 'verify-old'

/** A partition that a producer is about to write to. */
export interface Written {
  partition: Partition
  /** Of the batch; −1: it has none. */
  sequence: number
}

/** `add.partitions.to.txn.retry.backoff.max.ms` */
const RETRY_UP_TO_MS = 100
/** `add.partitions.to.txn.retry.backoff.ms` */
const RETRY_MS = 20
const CLIENT_ADDS = 2

/** Why partitions may not be written to, by partition; the others may be. */
export type Refusals = ReadonlyMap<Partition, number>

export class Verification {
  readonly #cluster: Cluster
  readonly #id: string
  readonly #producer: ProducerIdentity
  readonly #mode: VerificationMode

  constructor(cluster: Cluster, transactionalId: string, producer: ProducerIdentity, mode: VerificationMode) {
    this.#cluster = cluster
    this.#id = transactionalId
    this.#producer = producer
    this.#mode = mode
  }

  /** As {@link once}; where it adds, it waits a little for the end of the last transaction. */
  async patiently(written: readonly Written[]): Promise<Refusals> {
    const { env } = this.#cluster
    for (const started = env.now(); ; ) {
      const refusals = this.once(written)
      if (!this.isWorthRetrying(refusals) || env.now() - started >= RETRY_UP_TO_MS) return refusals
      await new Promise<void>((resolve) => env.setTimeout(resolve, RETRY_MS))
    }
  }

  isWorthRetrying(refusals: Refusals): boolean {
    return this.#mode === 'add' && [...refusals.values()].includes(ErrorCode.CONCURRENT_TRANSACTIONS)
  }

  once(written: readonly Written[]): Refusals {
    const refusals = new Map<Partition, number>()
    const asked: Partition[] = []
    const { producerId, epoch } = this.#producer
    for (const { partition, sequence } of written) {
      const { producers, transactions } = partition
      const known = producers.epochOf(producerId)
      if (known !== undefined && epoch < known) refusals.set(partition, ErrorCode.INVALID_PRODUCER_EPOCH)
      else if (known !== epoch || transactions.firstOffsetOf(producerId) === undefined) {
        transactions.verifying(producerId, epoch, sequence, this.#mode === 'add')
        asked.push(partition)
      }
    }
    if (asked.length > 0) this.#ask(asked, refusals)
    return refusals
  }

  #ask(partitions: readonly Partition[], refusals: Map<Partition, number>): void {
    try {
      for (const partition of this.#askCoordinator(partitions)) {
        const isOld = this.#mode === 'verify-old'
        refusals.set(partition, isOld ? ErrorCode.INVALID_TXN_STATE : ErrorCode.TRANSACTION_ABORTABLE)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { errorCode } = error
      const told = errorCode === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode
      for (const partition of partitions) refusals.set(partition, told)
    }
  }

  /** Those that are not in the transaction. Throws a {@link Refusal}. */
  #askCoordinator(partitions: readonly Partition[]): readonly Partition[] {
    const { transactions } = this.#cluster
    const node = transactions.nodeOf(this.#id)
    const errorCode = node === undefined ? ErrorCode.COORDINATOR_NOT_AVAILABLE : transactions.errorAt(node, this.#id)
    if (errorCode !== ErrorCode.NONE) throw new Refusal(errorCode)
    if (this.#mode !== 'add') return transactions.notIn(this.#id, this.#producer, partitions)
    transactions.add(this.#id, this.#producer, partitions, CLIENT_ADDS)
    return []
  }
}
