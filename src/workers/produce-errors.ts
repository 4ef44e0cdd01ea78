/** The words for failed sends: what, where, why, what to do. */
import { type ErrorContext, KafkaError } from '../shared/errors.ts'
import { adviceFor } from '../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { Batch } from './batch.ts'
import type { Lane } from './lane.ts'
import type { Partition } from './partition.ts'

/** After these the leader has the batch although it answered with an error. */
export const possiblyWrittenCodes: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_SERVER_ERROR,
  ErrorCode.REQUEST_TIMED_OUT,
  ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
])

export function brokerFailure({ topic, partition }: Partition, code: number, detail: string | undefined): KafkaError {
  const { name, retriable } = brokerError(code)
  const advice = adviceFor(code)
  return new KafkaError(
    'BROKER_ERROR',
    `The broker refused records for ${topic}-${partition}: ${name}${detail ? ` (${detail})` : ''}.${advice && ` ${advice}`}`,
    {
      api: 'Produce',
      topic,
      partition,
      brokerError: name,
      brokerErrorCode: code,
      retriable,
    },
  )
}

export function tooLarge({ topic, partition }: Partition, size: number, count: number): KafkaError {
  return new KafkaError(
    'RECORD_TOO_LARGE',
    `A batch of ${size} bytes (${count} record${count === 1 ? '' : 's'}) is over what the broker takes for ${topic}-${partition}. ` +
      `${count === 1 ? 'Send less, or raise' : 'Lower batchBytes, or raise'} max.message.bytes of the topic.`,
    { api: 'Produce', topic, partition, size, brokerError: 'MESSAGE_TOO_LARGE', brokerErrorCode: ErrorCode.MESSAGE_TOO_LARGE },
  )
}

/** For the other records of a transaction when one failed. */
export function transactionBroken(failure: KafkaError): KafkaError {
  const text = `The transaction can only be aborted, since a record of it could not be written: ${failure.message}`
  return new KafkaError('ABORTED', text, { cause: failure })
}

/** `unreachable`: why there is no way to the leader, if there is none. */
export function deliveryTimeout(
  { partition: { topic, partition, leader }, owner }: Lane,
  batch: Batch,
  unreachable: KafkaError | undefined,
): KafkaError {
  const timeoutMs = owner.settings.deliveryTimeoutMs
  const lastError = batch.lastError ?? owner.producerId.lastError ?? unreachable
  const why = lastError?.message ?? (leader < 0 ? 'The partition has no leader.' : 'No answer came, or its turn never did.')
  return new KafkaError(
    'DELIVERY_TIMEOUT',
    `Records for ${topic}-${partition} were not acknowledged within ${timeoutMs} ms (deliveryTimeoutMs) in ${timesTried(batch.tries)}. Last reason: ${why}`,
    {
      api: 'Produce',
      ...whereOf(lastError),
      topic,
      partition,
      tries: batch.tries,
      elapsedMs: timeoutMs,
      retriable: true,
      outcome: batch.possiblyWritten || batch.inFlight ? 'possibly-written' : 'not-written',
      ...(lastError && { cause: lastError }),
    },
  )
}

function timesTried(tries: number): string {
  return tries === 1 ? 'one try' : `${tries} tries`
}

/** Where the last try failed, and of what. */
function whereOf(error: KafkaError | undefined): ErrorContext {
  const { broker, brokerError: name, brokerErrorCode } = error?.context ?? {}
  return {
    ...(broker && { broker }),
    ...(name && { brokerError: name }),
    ...(brokerErrorCode !== undefined && { brokerErrorCode }),
  }
}
