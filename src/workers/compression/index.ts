/**
 * The codecs of record batches by Kafka's number and name, and the bound on what they inflate to. Each codec is a file of its
 * own that knows bytes only.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { CompressionName } from '../../shared/io-api.ts'
import { type Codec, InflatesTooFar } from './codec.ts'
import { gzip } from './gzip.ts'
import { zstd } from './zstd.ts'

/** Kafka's numbers of the codecs, by position. */
export const CODECS: readonly CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** A batch inflates to no more than this, unless the limit given is lower. */
export const DEFAULT_MAX_INFLATED_BYTES = 64 * 1024 * 1024
/** Nor to more than this many times its size; what stays under the floor is harmless at any ratio. */
const MAX_RATIO = 200
const RATIO_FLOOR_BYTES = 16 * 1024 * 1024

const codecs: ReadonlyMap<CompressionName, Codec> = new Map([
  ['gzip', gzip],
  ['zstd', zstd],
])

/** Kafka's number of a codec. */
export function codecId(codec: CompressionName): number {
  return CODECS.indexOf(codec)
}

/** The bytes compressed: owned, except that `none` returns what it was given. */
export function compress(codec: CompressionName, level: number | undefined, bytes: Uint8Array): Uint8Array {
  return codec === 'none' ? bytes : find(codec).compress(bytes, level)
}

/**
 * The bytes inflated: owned, except that `none` returns what it was given. Never makes more than `maxBytes`, nor more than
 * honest data of that size would: then, and when the bytes are not of the codec, it throws CORRUPT_BATCH.
 */
export function decompress(codec: CompressionName, bytes: Uint8Array, maxBytes: number = DEFAULT_MAX_INFLATED_BYTES): Uint8Array {
  if (codec === 'none') return bytes
  const { decompress: inflate } = find(codec)
  const limit = Math.min(maxBytes, bytes.length * MAX_RATIO + RATIO_FLOOR_BYTES)
  try {
    return inflate(bytes, limit)
  } catch (error) {
    if (error instanceof InflatesTooFar) {
      const what = `${bytes.length} bytes of ${codec} inflate to more than ${limit} bytes`
      throw new KafkaError('CORRUPT_BATCH', `${what}: refused as a decompression bomb`, {
        size: bytes.length,
        limit,
        cause: error,
      })
    }
    throw new KafkaError('CORRUPT_BATCH', `${bytes.length} bytes are not valid ${codec}: ${(error as Error).message}`, {
      size: bytes.length,
      cause: error,
    })
  }
}

function find(codec: CompressionName): Codec {
  const found = codecs.get(codec)
  if (found === undefined) {
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION',
      `The codec ${codec} is not built in: have the producer use ${[...codecs.keys()].join(' or ')}`,
    )
  }
  return found
}
