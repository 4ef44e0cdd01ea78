/**
 * Building record batches of magic 2 on the I/O worker: records from ring tails, the header last. Writes into buffers it is
 * given; knows nothing of rings, lanes or brokers.
 *
 * https://kafka.apache.org/documentation/#recordbatch
 */

import { codecId, compress } from '../shared/compression/index.ts'
import { copyBytes } from '../shared/copy-bytes.ts'
import type { CompressionName } from '../shared/io-api.ts'
import {
  attributes as attributeBits,
  BATCH_OVERHEAD,
  BatchField,
  batchCrc,
  LOG_OVERHEAD,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../shared/record-batch.ts'
import { varintSize, varlongSize, writeVarint, writeVarlong } from '../shared/varint.ts'

/** Who wrote a batch: −1 everywhere without idempotence. */
export interface BatchIdentity {
  producerId: number
  producerEpoch: number
  baseSequence: number
}

/** What a batch's header says beside its length and checksum. */
export interface BatchSeal extends BatchIdentity {
  recordCount: number
  baseTimestamp: number
  maxTimestamp: number
  attributes: number
}

/** Bytes a record with a tail of `tailBytes` takes in its batch. */
export function recordSize(tailBytes: number, timestampDelta: number, offsetDelta: number): number {
  const body = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + tailBytes
  return varintSize(body) + body
}

/**
 * Writes the record whose tail is `source[tailStart, tailEnd)` at `at`, where {@link recordSize} bytes must be free. `source`
 * may be shared memory. Returns the position after the record.
 */
export function writeRecord(
  target: Buffer,
  at: number,
  timestampDelta: number,
  offsetDelta: number,
  source: Buffer,
  tailStart: number,
  tailEnd: number,
): number {
  const tailBytes = tailEnd - tailStart
  let end = writeVarint(target, at, 1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + tailBytes)
  target[end++] = 0 // attributes, all unused
  end = writeVarint(target, writeVarlong(target, end, timestampDelta), offsetDelta)
  return copyBytes(source, tailStart, tailEnd, target, end)
}

/**
 * Makes `target[start, end)` a batch: the header in its first {@link BATCH_OVERHEAD} bytes, the records are there already.
 * The offset deltas must be 0, 1, 2…; base offset and leader epoch are the broker's to set.
 */
export function sealBatch(target: Buffer, start: number, end: number, seal: BatchSeal): void {
  writeInt64(target, start + BatchField.baseOffset, 0)
  writeInt32(target, start + BatchField.length, end - start - LOG_OVERHEAD)
  writeInt32(target, start + BatchField.partitionLeaderEpoch, -1)
  target[start + BatchField.magic] = 2
  writeInt16(target, start + BatchField.attributes, seal.attributes)
  writeInt32(target, start + BatchField.lastOffsetDelta, seal.recordCount - 1)
  writeInt64(target, start + BatchField.baseTimestamp, seal.baseTimestamp)
  writeInt64(target, start + BatchField.maxTimestamp, seal.maxTimestamp)
  writeInt32(target, start + BatchField.recordCount, seal.recordCount)
  restampBatch(target, start, end, seal)
}

/** Gives the sealed batch `target[start, end)` another producer identity, and the checksum that goes with it. */
export function restampBatch(target: Buffer, start: number, end: number, identity: BatchIdentity): void {
  writeInt64(target, start + BatchField.producerId, identity.producerId)
  writeInt16(target, start + BatchField.producerEpoch, identity.producerEpoch)
  writeInt32(target, start + BatchField.baseSequence, identity.baseSequence)
  writeInt32(target, start + BatchField.crc, batchCrc(target, start, end - start))
}

/** An owned copy of the sealed, uncompressed batch `bytes[start, end)` with its records compressed. */
export function compressBatch(
  bytes: Uint8Array,
  start: number,
  end: number,
  codec: CompressionName,
  level: number | undefined,
): Buffer {
  const records = compress(codec, level, bytes.subarray(start + BATCH_OVERHEAD, end))
  const batch = Buffer.allocUnsafe(BATCH_OVERHEAD + records.length)
  copyBytes(bytes, start, start + BATCH_OVERHEAD, batch, 0)
  copyBytes(records, 0, records.length, batch, BATCH_OVERHEAD)
  writeInt32(batch, BatchField.length, batch.length - LOG_OVERHEAD)
  const low = BatchField.attributes + 1
  batch[low] = attributeBits.withCodec(batch[low]!, codecId(codec))
  writeInt32(batch, BatchField.crc, batchCrc(batch, 0, batch.length))
  return batch
}
