/** A producer's options as the I/O core wants them. */
import type { ProducerSettings } from '../shared/io-api.ts'
import type { CheckedProducerOptions } from './options.ts'

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
