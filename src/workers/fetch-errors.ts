/** The words for failed reads: what, where, why, what to do. */
import { KafkaError } from '../shared/errors.ts'
import { withAdvice } from '../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { Credit } from './credit.ts'

/** The last failure of several, with the place and the number of the tries. */
export function gaveUp(credit: Credit, last: KafkaError, elapsed: number): KafkaError {
  const { topic, partition } = credit.partition
  const tries = credit.failures + 1
  const elapsedMs = Math.round(elapsed)
  const times = tries === 1 ? 'one try' : `${tries} tries`
  const text = `Gave up reading ${topic}-${partition} from offset ${credit.offset} after ${times} in ${elapsedMs} ms (requestTimeoutMs). The last one failed: ${last.message}`
  const where = { api: 'Fetch', ...last.context, topic, partition, offset: credit.offset }
  return new KafkaError(last.code, text, { ...where, retriable: last.retriable, tries, elapsedMs, cause: last })
}

/** The partition was dropped: main asked before it heard of that, or a broker was being asked. */
export function goneError(gone?: { topic: string; partition: number }): KafkaError {
  const name = gone ? `The topic '${gone.topic}'` : 'The topic'
  const text = `${name} was deleted, or deleted and created again, while a read was on its way to it. Ask again: a new topic of this name begins at offset 0.`
  return new KafkaError('UNKNOWN_TOPIC', text, { api: 'Fetch', ...(gone && { topic: gone.topic, partition: gone.partition }) })
}

/** The log does not hold what was read before `credit.offset`: from `divergesAt` on it has other records, or none (KIP-320). */
export function truncated(credit: Credit, divergesAt: number): KafkaError {
  const { topic, partition } = credit.partition
  const text = `The log of ${topic}-${partition} was truncated: it no longer has the records from offset ${divergesAt} on that were read before offset ${credit.offset}. The brokers lost acknowledged records, as after an unclean leader election. Go on from offset ${divergesAt}: what is there now was never read.`
  return new KafkaError('LOG_TRUNCATED', text, { api: 'Fetch', topic, partition, offset: divergesAt })
}

/** A replica other than the leader would not do; the leader is asked instead. */
export function unusableReplica(credit: Credit, nodeId: number, code: number): KafkaError {
  const { topic, partition } = credit.partition
  const { name } = brokerError(code)
  const text = `Broker ${nodeId}, which the leader of ${topic}-${partition} named as the nearest replica, would not be read: ${name}.`
  return new KafkaError('BROKER_ERROR', text, {
    api: 'Fetch',
    topic,
    partition,
    offset: credit.offset,
    brokerError: name,
    brokerErrorCode: code,
    retriable: true,
  })
}

export function fetchError(credit: Credit, code: number): KafkaError {
  const { topic, partition } = credit.partition
  const { name, retriable } = brokerError(code)
  const context = { api: 'Fetch', topic, partition, offset: credit.offset, brokerError: name, brokerErrorCode: code, retriable }
  if (code === ErrorCode.OFFSET_OUT_OF_RANGE) {
    const text = `Offset ${credit.offset} of ${topic}-${partition} is not in the log: it was deleted, or never written. Ask listOffsets for the range.`
    return new KafkaError('OFFSET_OUT_OF_RANGE', text, { ...context, retriable: false })
  }
  return new KafkaError(
    'BROKER_ERROR',
    withAdvice(`The broker would not read ${topic}-${partition} from offset ${credit.offset}: ${name}.`, code),
    context,
  )
}

/** There was no way to the leader all along. */
export function notReachable(credit: Credit, broker: string, requestTimeoutMs: number): KafkaError {
  const { topic, partition } = credit.partition
  const text = `Nothing could be read from ${topic}-${partition}: ${broker} was not reachable for ${requestTimeoutMs} ms (requestTimeoutMs).`
  return new KafkaError('TIMEOUT', text, { api: 'Fetch', broker, topic, partition, retriable: true })
}

/** A broker that holds a client back answers a Fetch with nothing, whatever there is (KIP-219). */
export function withheld(credit: Credit, throttleTimeMs: number): KafkaError {
  const { topic, partition } = credit.partition
  const text = `The broker gave nothing of ${topic}-${partition} and holds this client back by a quota, for ${throttleTimeMs} ms this time.`
  return new KafkaError('TIMEOUT', text, { api: 'Fetch', topic, partition, offset: credit.offset, retriable: true })
}
