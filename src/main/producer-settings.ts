/** A producer's options as the I/O core wants them, and whether they fit those of its client. */
import { KafkaError } from '../shared/errors.ts'
import type { ProducerSettings } from '../shared/io-api.ts'
import type { CheckedKafkaOptions, CheckedProducerOptions } from './options.ts'

export function settingsOf(producer: number, options: CheckedProducerOptions): ProducerSettings {
  const { acks, idempotent, compression, compressionLevel, batchBytes, lingerMs, deliveryTimeoutMs } = options
  return {
    producer,
    acks: acks === 'all' ? -1 : acks,
    idempotent,
    compression,
    compressionLevel,
    batchBytes,
    lingerMs,
    deliveryTimeoutMs,
  }
}

/** Throws INVALID_OPTION, which names both options, when a full batch could not be sent in any request. */
export function checkFits({ batchBytes }: CheckedProducerOptions, { maxRequestBytes }: CheckedKafkaOptions): void {
  if (batchBytes <= maxRequestBytes) return
  throw new KafkaError(
    'INVALID_OPTION',
    `kafka.producer(): option batchBytes (${batchBytes}) must not be above maxRequestBytes of the client (${maxRequestBytes}): a full batch would fit in no request. Lower batchBytes, or raise maxRequestBytes in new Kafka().`,
    { option: 'batchBytes', size: batchBytes, limit: maxRequestBytes },
  )
}
