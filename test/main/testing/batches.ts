/** Makes record batches for tests: real ones, by the book, with whatever header is wanted. */
import { crc32c } from '../../../src/shared/crc32c.ts'
import {
  BATCH_OVERHEAD,
  BatchField,
  readBatchHeader,
  readRecords,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../../src/shared/types.ts'
import { writeVarint, writeVarlong } from '../../../src/shared/varint.ts'

export interface BatchInit {
  values?: string[]
  timestamp?: number
  /** Added per record. */
  timestampStep?: number
  attributes?: number
  producerId?: number
  producerEpoch?: number
  baseSequence?: number
  lastOffsetDelta?: number
  recordCount?: number
}

export function makeBatch(init: BatchInit = {}): Buffer {
  const { values = ['value'], timestamp = 1_700_000_000_000, timestampStep = 0, attributes = 0 } = init
  const records = Buffer.concat(values.map((value, i) => makeRecord(value, i, i * timestampStep)))
  const batch = Buffer.alloc(BATCH_OVERHEAD + records.length)
  records.copy(batch, BATCH_OVERHEAD)
  writeInt32(batch, BatchField.length, batch.length - 12)
  writeInt32(batch, BatchField.partitionLeaderEpoch, -1)
  batch[BatchField.magic] = 2
  writeInt16(batch, BatchField.attributes, attributes)
  writeInt32(batch, BatchField.lastOffsetDelta, init.lastOffsetDelta ?? values.length - 1)
  writeInt64(batch, BatchField.baseTimestamp, timestamp)
  writeInt64(batch, BatchField.maxTimestamp, timestamp + (values.length - 1) * timestampStep)
  writeInt64(batch, BatchField.producerId, init.producerId ?? -1)
  writeInt16(batch, BatchField.producerEpoch, init.producerEpoch ?? -1)
  writeInt32(batch, BatchField.baseSequence, init.baseSequence ?? -1)
  writeInt32(batch, BatchField.recordCount, init.recordCount ?? values.length)
  return reseal(batch)
}

/** Sets the checksum right after a change. */
export function reseal(batch: Buffer): Buffer {
  writeInt32(batch, BatchField.crc, crc32c(batch, BatchField.attributes))
  return batch
}

export function headerOf(batch: Uint8Array, at = 0) {
  const header = readBatchHeader(batch, at)
  if (typeof header === 'string') throw new Error(header)
  return header
}

/** The records in fetched bytes, with their offsets. */
export function recordsIn(bytes: Uint8Array | Uint8Array[] | null): [offset: number, value: string][] {
  const whole = Buffer.concat(Array.isArray(bytes) ? bytes : bytes ? [bytes] : [])
  const records: FetchedRecord[] = []
  readRecords('t', 0, whole, 0, records)
  return records.map(({ offset, value }) => [offset, String(value)])
}

function makeRecord(value: string, offsetDelta: number, timestampDelta: number): Buffer {
  const body = Buffer.alloc(value.length * 3 + 64)
  let at = 1
  at = writeVarlong(body, at, timestampDelta)
  at = writeVarint(body, at, offsetDelta)
  at = writeVarint(body, at, -1)
  at = writeVarint(body, at, Buffer.byteLength(value))
  at += body.write(value, at)
  at = writeVarint(body, at, 0)
  const length = Buffer.alloc(5)
  return Buffer.concat([length.subarray(0, writeVarint(length, 0, at)), body.subarray(0, at)])
}
