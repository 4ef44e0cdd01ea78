/** What errors mean for a transaction, in one table, and the words for those that its caller has to read. */
import { KafkaError, type TransactionFate } from '../../shared/errors.ts'
import { withAdvice } from '../../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'

/**
 * - `again`: the same request may succeed in a moment.
 * - `moved`: it may succeed at another broker.
 * - `epoch`: the producer is not the current one of its transactional id: the coordinator aborted its transaction by itself, or somebody
 *   else has taken the id over.
 * - `abortable`: this transaction cannot be committed, the next one can.
 * - `fatal`: nor can the next one, until something is changed.
 */
export type Meaning = 'again' | 'moved' | 'epoch' | 'abortable' | 'fatal'

const MEANINGS = new Map<number, Meaning>([
  [ErrorCode.NOT_COORDINATOR, 'moved'],
  [ErrorCode.COORDINATOR_NOT_AVAILABLE, 'moved'],
  [ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, 'again'],
  [ErrorCode.CONCURRENT_TRANSACTIONS, 'again'],
  // the coordinator may not have heard of a new topic
  [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'again'],
  [ErrorCode.INVALID_PRODUCER_EPOCH, 'epoch'],
  [ErrorCode.PRODUCER_FENCED, 'epoch'],
  // an id that was not used for long is forgotten (transactional.id.expiration.ms)
  [ErrorCode.INVALID_PRODUCER_ID_MAPPING, 'abortable'],
  [ErrorCode.INVALID_TXN_STATE, 'abortable'],
  [ErrorCode.TRANSACTION_ABORTABLE, 'abortable'],
  [ErrorCode.UNKNOWN_PRODUCER_ID, 'abortable'],
  [ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 'abortable'],
  [ErrorCode.OPERATION_NOT_ATTEMPTED, 'abortable'],
  // of the group whose offsets are part of it: somebody else has the partition now
  [ErrorCode.ILLEGAL_GENERATION, 'abortable'],
  [ErrorCode.UNKNOWN_MEMBER_ID, 'abortable'],
  [ErrorCode.FENCED_INSTANCE_ID, 'abortable'],
  [ErrorCode.FENCED_MEMBER_EPOCH, 'abortable'],
  [ErrorCode.STALE_MEMBER_EPOCH, 'abortable'],
  [ErrorCode.REBALANCE_IN_PROGRESS, 'abortable'],
])

export function meaningOf(code: number): Meaning {
  return MEANINGS.get(code) ?? (brokerError(code).retriable ? 'again' : 'fatal')
}

/** Of an error that a record or a request ended in. */
export function meaningOfError({ context, retriable }: KafkaError): Meaning {
  const { brokerErrorCode } = context
  if (brokerErrorCode !== undefined) {
    const meaning = meaningOf(brokerErrorCode)
    // whoever gave it up had tried again
    return meaning === 'again' || meaning === 'moved' ? 'abortable' : meaning
  }
  return retriable ? 'abortable' : 'fatal'
}

/** A coordinator's refusal. */
export function coordinatorRefusal(
  api: string,
  { transactionalId, broker, detail }: { transactionalId: string; broker: string; detail?: string },
  code: number,
): KafkaError {
  const { name, retriable } = brokerError(code)
  const text = `The coordinator ${broker} refused ${api} for the transactional id '${transactionalId}'${detail ? ` (${detail})` : ''}: ${name}.`
  return new KafkaError('BROKER_ERROR', withAdvice(text, code), {
    api,
    broker,
    transactionalId,
    brokerError: name,
    brokerErrorCode: code,
    retriable,
  })
}

/** The one error of a transaction that failed; what happened is `context.transaction`, and `retriable` whether it may be run again. */
export function transactionFailed(
  fate: TransactionFate,
  why: string,
  { transactionalId, cause, retriable }: { transactionalId?: string | undefined; cause?: unknown; retriable: boolean },
): KafkaError {
  const inside = cause instanceof KafkaError ? cause.context : {}
  return new KafkaError('TRANSACTION_FAILED', `${why} ${ADVICE[fate](retriable)}`, {
    ...inside,
    transaction: fate,
    ...(transactionalId !== undefined && { transactionalId }),
    outcome: fate === 'unknown' ? 'possibly-written' : 'not-written',
    retriable,
    ...(cause !== undefined && { cause }),
  })
}

const ADVICE: Record<TransactionFate, (retriable: boolean) => string> = {
  aborted: (retriable) =>
    retriable
      ? 'Nothing of it counts: it is safe to run it again.'
      : 'Nothing of it counts. Mend the cause before it is run again.',
  'timed-out': () =>
    'Nothing of it counts: it is safe to run it again. Do less in one transaction, or raise timeoutMs of transactionPool.',
  fenced: () =>
    'Nothing of it counts. This client makes no transactions any more: its work is with whoever uses the ids now. Give each process an idPrefix of its own if both are meant to run.',
  unknown: () => 'It counts as a whole or not at all. Find out, by reading what it would have written, before it is run again.',
}

export function misused(text: string): KafkaError {
  return new KafkaError('TRANSACTION_MISUSED', text, { outcome: 'not-written' })
}
