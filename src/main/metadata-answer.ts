/** Whether a broker's answer to a Metadata request is one at all. */
import { KafkaError } from '../shared/errors.ts'
import { withAdvice } from '../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { MetadataResponse } from '../shared/protocol/generated/metadata.ts'

/** The answer itself, or its error as a whole, which versions from 13 on can have. */
export function readAnswer(response: MetadataResponse, broker: string): MetadataResponse {
  if (response.errorCode === ErrorCode.NONE) return response
  const { name, retriable } = brokerError(response.errorCode)
  throw new KafkaError('BROKER_ERROR', withAdvice(`Broker ${broker} refuses metadata: ${name}.`, response.errorCode), {
    broker,
    api: 'Metadata',
    brokerError: name,
    brokerErrorCode: response.errorCode,
    retriable,
  })
}

/** The failure of an address whose answer leads to no broker. */
export function namesNobody(): KafkaError {
  const text = 'its answer names no broker of its cluster, so that it cannot be used. Is it a Kafka broker, and has it started?'
  return new KafkaError('PROTOCOL_ERROR', text, { api: 'Metadata', retriable: true })
}
