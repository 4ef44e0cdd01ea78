/** Finds a record by its time within a stored batch. Knows the codecs that Node itself has. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
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

/**
 * The first record of the batch with at least this timestamp. Where the records cannot be read (snappy, lz4, or bytes that are
 * none) it is the batch's first one: that is at worst too early, never too late.
 */
export function firstRecord(batch: StoredBatch, timestamp: number): { offset: number; timestamp: number } {
  const fallback = { offset: batch.baseOffset, timestamp: batch.maxTimestamp }
  try {
    const records: FetchedRecord[] = []
    readRecords('', 0, unpacked(batch.bytes), batch.baseOffset, records)
    return records.find((record) => record.timestamp >= timestamp) ?? fallback
  } catch {
    return fallback
  }
}

/** The batch without compression. */
function unpacked(bytes: Uint8Array): Buffer {
  const batch = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readBatchHeader(batch, 0)
  const codec = typeof header === 'string' ? 0 : attributes.codec(header.attributes)
  if (typeof header === 'string' || codec === 0) return batch
  const packed = batch.subarray(BATCH_OVERHEAD)
  const limit = { maxOutputLength: MAX_UNPACKED_BYTES }
  if (codec !== GZIP && codec !== ZSTD) throw new Error('no codec')
  const plain = Buffer.concat([
    batch.subarray(0, BATCH_OVERHEAD),
    codec === GZIP ? gunzipSync(packed, limit) : zstdDecompressSync(packed, limit),
  ])
  writeInt16(plain, BatchField.attributes, attributes.withCodec(header.attributes, 0))
  writeInt32(plain, BatchField.length, plain.length - 12)
  return plain
}
