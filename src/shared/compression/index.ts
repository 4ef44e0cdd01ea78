/**
 * The codecs of record batches by Kafka's number and name, and the bound on what they inflate to. Each codec is a file of its
 * own that knows bytes only.
 */
import { KafkaError } from '../errors.ts'
import type { CompressionName } from '../io-api.ts'
import { type Codec, InflatesTooFar } from './codec.ts'
import { gzip } from './gzip.ts'
import { lz4 } from './lz4.ts'
import { snappy } from './snappy.ts'
import { zstd } from './zstd.ts'

/** Kafka's numbers of the codecs, by position. */
export const CODECS: readonly CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

const codecs: Readonly<Record<Exclude<CompressionName, 'none'>, Codec>> = { gzip, snappy, lz4, zstd }

/** Kafka's number of a codec. */
export function codecId(codec: CompressionName): number {
  return CODECS.indexOf(codec)
}

/** Throws UNSUPPORTED_COMPRESSION when what the codec needs is not installed. */
export function requireCodec(codec: CompressionName): void {
  if (codec !== 'none') codecs[codec].load?.()
}

/** The bytes compressed: owned, except that `none` returns what it was given. */
export function compress(codec: CompressionName, level: number | undefined, bytes: Uint8Array): Uint8Array {
  return codec === 'none' ? bytes : codecs[codec].compress(bytes, level)
}

/**
 * The bytes inflated: owned, except that `none` returns what it was given. Never makes more than `maxBytes`: then, and when the
 * bytes are not of the codec, it throws CORRUPT_BATCH. There is no bound on the ratio, because equal records have any.
 */
export function decompress(codec: CompressionName, bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (codec === 'none') return bytes
  try {
    return codecs[codec].decompress(bytes, maxBytes)
  } catch (error) {
    if (error instanceof KafkaError) throw error
    const size = bytes.length
    if (error instanceof InflatesTooFar) {
      const what = [`${size} bytes of ${codec} inflate to more than ${maxBytes} bytes`, error.note].filter(Boolean).join(' ')
      const advice = 'refused as a decompression bomb; if the data is honest, give the client a larger maxInflatedBatchBytes'
      throw new KafkaError('CORRUPT_BATCH', `${what}: ${advice}`, {
        size,
        limit: maxBytes,
        option: 'maxInflatedBatchBytes',
        cause: error,
      })
    }
    throw new KafkaError('CORRUPT_BATCH', `${size} bytes are not valid ${codec}: ${(error as Error).message}`, {
      size,
      cause: error,
    })
  }
}
