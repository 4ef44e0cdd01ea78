/** The errors that handlers end in, whatever thread they run in. */
import { KafkaError } from '../../shared/errors.ts'

interface Place {
  topic?: string
  partition?: number
  offset?: number
}

/** `what` is the subject: "The handler of orders-3"; only handlers have an offset. */
export function handlerTimeout(what: string, timeoutMs: number, { topic, partition, offset }: Place): KafkaError {
  const within = `within ${timeoutMs} ms`
  const text =
    offset === undefined
      ? `${what} was not done ${within}. Find out what it waits for, or give it more time (handlerTimeoutMs).`
      : `${what} was not done with the records from offset ${offset} on ${within} (handlerTimeoutMs). Its signal was aborted, and what it still returns does not count. Find out what it waits for, give it fewer records at a time, or more time.`
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
