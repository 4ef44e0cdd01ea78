/** Reads the records of a stored batch, where that is needed. Knows the codecs that Node itself has. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  LOG_OVERHEAD,
  readBatchHeader,
  readRecords,
  writeInt16,
  writeInt32,
} from '../../../shared/record-batch.ts'
import type { FetchedRecord } from '../../../shared/types.ts'
import type { StoredBatch } from './log.ts'

/** A batch may claim anything; this much is unpacked at most. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
const GZIP = 1
const ZSTD = 4

/** The records of a batch; none where they cannot be read (snappy, lz4, or bytes that are no records). */
export function recordsOf(bytes: Uint8Array): FetchedRecord[] {
  const records: FetchedRecord[] = []
  try {
    readRecords('', 0, unpacked(bytes), 0, records)
  } catch {
    return []
  }
  return records
}

/**
 * The first record of the batch with at least this timestamp. Where the records cannot be read it is the batch's first one:
 * that is at worst too early, never too late.
 */
export function firstRecord(batch: StoredBatch, timestamp: number): { offset: number; timestamp: number } {
  const found = recordsOf(batch.bytes).find((record) => record.timestamp >= timestamp)
  return found
    ? { offset: found.offset, timestamp: found.timestamp }
    : { offset: batch.baseOffset, timestamp: batch.maxTimestamp }
}

/** The batch without compression. */
function unpacked(bytes: Uint8Array): Buffer {
  const batch = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readBatchHeader(batch, 0)
  const codec = typeof header === 'string' ? 0 : attributes.codec(header.attributes)
  if (typeof header === 'string' || codec === 0) return batch
  if (codec !== GZIP && codec !== ZSTD) throw new Error(`no codec ${codec}`)
  const packed = batch.subarray(BATCH_OVERHEAD)
  const limit = { maxOutputLength: MAX_UNPACKED_BYTES }
  const records = codec === GZIP ? gunzipSync(packed, limit) : zstdDecompressSync(packed, limit)
  const plain = Buffer.concat([batch.subarray(0, BATCH_OVERHEAD), records])
  writeInt16(plain, BatchField.attributes, attributes.withCodec(header.attributes, 0))
  writeInt32(plain, BatchField.length, plain.length - LOG_OVERHEAD)
  return plain
}
