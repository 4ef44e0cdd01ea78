/** The errors that handlers end in, whatever thread they run in. */
import { KafkaError } from '../../shared/errors.ts'

interface Place {
  topic?: string
  partition?: number
  offset?: number
}

/** `what` is the subject: "The handler of orders-3". */
export function handlerTimeout(what: string, timeoutMs: number, { topic, partition, offset }: Place): KafkaError {
  const from = offset === undefined ? '' : ` with the records from offset ${offset} on`
  const text = `${what} was not done${from} within ${timeoutMs} ms (handlerTimeoutMs). Its signal was aborted, and what it still returns does not count. Find out what it waits for, give it fewer records at a time, or more time.`
  return new KafkaError('HANDLER_TIMEOUT', text, {
    retriable: true,
    elapsedMs: timeoutMs,
    ...(topic !== undefined && { topic }),
    ...(partition !== undefined && { partition }),
    ...(offset !== undefined && { offset }),
  })
}

export function handlerClosed(): KafkaError {
  return new KafkaError('CLOSED', 'The consumer group was stopped.')
}
