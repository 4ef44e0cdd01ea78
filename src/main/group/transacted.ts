/**
 * One batch of a partition in a transaction: what its handler produces, what is moved and the offsets count together or not at all (IT1).
 * Says what came of it; what that means for the partition is the feed's business.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { GroupOffset, TransactionalGroup } from '../transactions/group-offsets.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { TransactionLimits } from '../transactions/transaction-pool.ts'
import type { Refusal } from '../transactions/transactional-id.ts'
import type { Mover } from './moves.ts'
import type { ConsumedRecord, Verdict } from './types.ts'

/** What a feed needs for transactions. */
export interface FeedTransactions {
  readonly group: TransactionalGroup
  run<T>(work: (tx: Transaction) => Promise<T>, limits: TransactionLimits): Promise<T>
}

export type Transacted =
  /** It is committed. With nothing done there was nothing to commit. */
  | { readonly is: 'done'; readonly verdict: Verdict }
  /** The handler failed, or something that it handed in and that will fail again. */
  | { readonly is: 'handler-failed'; readonly error: unknown }
  /** A record could not be moved, or the group may not commit: the partition cannot go on by itself. */
  | { readonly is: 'stuck'; readonly error: KafkaError }
  /** Nothing of it counts, through no fault of the handler. */
  | { readonly is: 'undone'; readonly error: KafkaError }
  /** It may be committed: only the coordinator of the group knows where to go on. */
  | { readonly is: 'unknown'; readonly error: KafkaError }

export type Undone = Exclude<Transacted, { is: 'done' | 'handler-failed' }>

/** What a feed is told of a batch that does not count, or of which nobody knows. */
export class NotCommitted extends Error {
  readonly result: Undone

  constructor(result: Undone) {
    super('a batch was not committed')
    this.result = result
  }
}

/** What was thrown where no handler was asked. */
export function undoneBy(thrown: unknown): Undone {
  if (thrown instanceof NotCommitted) return thrown.result
  return { is: 'stuck', error: KafkaError.from(thrown, 'a transaction of a group') }
}

export interface TransactedBatch {
  readonly records: readonly ConsumedRecord[]
  readonly signal: AbortSignal
  /** What becomes of the records. */
  decide(tx: Transaction): Promise<Verdict>
  /** What is to be committed for a verdict. */
  offsetOf(verdict: Verdict): GroupOffset
}

/** On the way out of a transaction that nobody failed. */
class Undo extends Error {
  readonly result: Transacted

  constructor(result: Transacted) {
    super('the transaction is given up')
    this.result = result
  }
}

export async function transacted(
  { group, run }: FeedTransactions,
  mover: Mover,
  { records, signal, decide, offsetOf }: TransactedBatch,
): Promise<Transacted> {
  let handlerError: { error: unknown } | undefined
  const work = async (tx: Transaction): Promise<Verdict> => {
    const verdict = await decide(tx).catch((error: unknown) => {
      handlerError = { error }
      throw error
    })
    signal.throwIfAborted()
    // nothing is done, so nothing counts
    if (verdict.done === 0) throw new Undo({ is: 'done', verdict })
    if (verdict.moves.length > 0) {
      const failed = await mover.move(records, verdict.moves, tx)
      if (failed) throw new Undo({ is: 'stuck', error: failed.error })
    }
    await tx.flush()
    if (tx.failure) return verdict
    const refused = await tx.sendOffsets(group, [offsetOf(verdict)])
    if (refused) throw new Undo(refusal(refused))
    return verdict
  }
  try {
    return { is: 'done', verdict: await run(work, { signal }) }
  } catch (thrown) {
    if (thrown instanceof Undo) return thrown.result
    if (handlerError && handlerError.error === thrown) return { is: 'handler-failed', error: thrown }
    return resultOf(KafkaError.from(thrown, 'a transaction of a group'))
  }
}

function refusal({ meaning, error }: Refusal): Transacted {
  return { is: meaning === 'fatal' ? 'stuck' : 'undone', error }
}

function resultOf(error: KafkaError): Transacted {
  const { transaction } = error.context
  if (transaction === 'unknown') return { is: 'unknown', error }
  if (transaction === 'fenced') return { is: 'stuck', error }
  // what the handler handed in was refused for good
  if (transaction === 'aborted' && !error.retriable) return { is: 'handler-failed', error }
  return { is: 'undone', error }
}
