/** The words for sends that fail on the main thread: what, where, why, what to do. */
import { KafkaError } from '../shared/errors.ts'
import type { ProducerRecord } from '../shared/types.ts'

export function tooLarge({ topic }: ProducerRecord, size: number, limit: number): KafkaError {
  return new KafkaError(
    'RECORD_TOO_LARGE',
    `A record for '${topic}' takes ${size} bytes in a batch of its own, over the limit of ${limit} (batchBytes). Send less, or raise batchBytes, and max.message.bytes of the topic with it.`,
    { outcome: 'not-written', topic, size, limit },
  )
}

export function notWritten(error: KafkaError): KafkaError {
  return error.outcome ? error : error.with({ outcome: 'not-written' })
}

export function closedError(name: string): KafkaError {
  return new KafkaError('CLOSED', `Producer '${name}' is closed. Get a new one with kafka.producer().`)
}

export function notAList(records: unknown): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', `produceBatch takes a list of records, not ${typeof records}.`, {
    outcome: 'not-written',
  })
}

/** `ofLeader`: what the partitions with the same leader hold of it. */
export function bufferFull(name: string, buffered: number, limit: number, ofLeader: number): KafkaError {
  const share = ofLeader < buffered ? `, ${ofLeader} of them for partitions with the same leader` : ''
  return new KafkaError(
    'BUFFER_FULL',
    `Producer '${name}' holds ${buffered} bytes that are not acknowledged yet${share}; bufferMemory is ${limit}. Wait for 'drain' when produceAsync returns false, or use produce, which waits by itself.`,
    { outcome: 'not-written', retriable: true, size: buffered, limit },
  )
}
