/**
 * Looks into batches, where that is needed: reads their records, packs them with another codec, makes a batch anew from some of its
 * records. Knows no logs.
 */
import { CODECS, compress, decompress } from '../../../shared/compression/index.ts'
import { crc32c } from '../../../shared/crc32c.ts'
import { LazyRecord } from '../../../shared/lazy-record.ts'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  type BatchHeader,
  LOG_OVERHEAD,
  readBatchHeader,
  readRecords,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../../shared/record-batch.ts'
import type { FetchedRecord } from '../../../shared/types.ts'
import { varintSize, varlongSize, writeVarint, writeVarlong } from '../../../shared/varint.ts'
import type { StoredBatch } from './log.ts'

/** A batch may claim anything; this much is unpacked at most. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
const DELETE_HORIZON_BIT = 64
export interface FoundRecord {
  readonly offset: number
  readonly timestamp: number
}

/** Of a record: attributes, of which there are none. */
const ATTRIBUTES_BYTES = 1

/**
 * The records of a batch; undefined where they cannot be read: bytes that are no records, or a codec whose optional package is not
 * there.
 */
export function readableRecords(bytes: Uint8Array): FetchedRecord[] | undefined {
  const records: FetchedRecord[] = []
  try {
    readRecords('', 0, unpacked(bytes), 0, records)
  } catch {
    return undefined
  }
  return records
}

/** The records of a batch; none where they cannot be read. */
export function recordsOf(bytes: Uint8Array): FetchedRecord[] {
  return readableRecords(bytes) ?? []
}

/**
 * The first record of the batch with at least this timestamp, from an offset on; undefined when it has none. Where the records cannot
 * be read it is the batch's first one: that is at worst too early, never too late.
 */
export function firstRecord(batch: StoredBatch, timestamp: number, from: number): FoundRecord | undefined {
  const header = readBatchHeader(batch.bytes, 0)
  // A marker has a time and an offset too, as in Kafka.
  const isMarker = typeof header !== 'string' && attributes.control(header.attributes) && batch.baseOffset >= from
  const records = isMarker ? undefined : readableRecords(batch.bytes)
  if (records === undefined) return { offset: Math.max(batch.baseOffset, from), timestamp: batch.maxTimestamp }
  return records.find((record) => record.offset >= from && record.timestamp >= timestamp)
}

/** The batch with its records packed by another codec; undefined where they cannot be read or packed. */
export function repacked(bytes: Uint8Array, codec: number, level: number | undefined): Uint8Array | undefined {
  try {
    const plain = unpacked(bytes)
    return sealed(plain.subarray(0, BATCH_OVERHEAD), plain.subarray(BATCH_OVERHEAD), codec, level)
  } catch {
    return undefined
  }
}

/**
 * The batch with these of its records alone. It keeps its offsets, its producer's sequence and its codec. With `horizon`, the time from
 * which on its tombstones may go (KIP-534), that takes the place of the base timestamp.
 */
export function rewritten(
  bytes: Uint8Array,
  header: BatchHeader,
  records: readonly FetchedRecord[],
  horizon?: number,
): Uint8Array {
  if (records.length === 0) return emptied(bytes)
  const baseTimestamp = horizon ?? records[0]!.timestamp
  const body = Buffer.concat(records.map((record) => recordBytes(record, header.baseOffset, baseTimestamp)))
  const head = Buffer.from(bytes.subarray(0, BATCH_OVERHEAD))
  const { logAppendTime, maxTimestamp } = {
    logAppendTime: attributes.timestampType(header.attributes) === 'logAppendTime',
    maxTimestamp: Math.max(...records.map(({ timestamp }) => timestamp)),
  }
  const flags = header.attributes & ~DELETE_HORIZON_BIT
  writeInt16(head, BatchField.attributes, horizon === undefined ? flags : flags | DELETE_HORIZON_BIT)
  writeInt64(head, BatchField.baseTimestamp, baseTimestamp)
  writeInt64(head, BatchField.maxTimestamp, logAppendTime ? header.maxTimestamp : maxTimestamp)
  writeInt32(head, BatchField.recordCount, records.length)
  return sealed(head, body, attributes.codec(header.attributes), undefined)
}

/** What stays of a batch so that its offsets and its producer's sequence are not forgotten. */
function emptied(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, BATCH_OVERHEAD))
  const header = readBatchHeader(bytes, 0) as BatchHeader
  writeInt16(head, BatchField.attributes, header.attributes & ~DELETE_HORIZON_BIT)
  writeInt64(head, BatchField.baseTimestamp, -1)
  writeInt32(head, BatchField.recordCount, 0)
  return sealed(head, new Uint8Array(0), 0, undefined)
}

function recordBytes(record: FetchedRecord, baseOffset: number, baseTimestamp: number): Uint8Array {
  const tail = LazyRecord.bytesOf(record)!.subarray(LazyRecord.startOf(record), LazyRecord.endOf(record))
  const [time, offset] = [record.timestamp - baseTimestamp, record.offset - baseOffset]
  const length = ATTRIBUTES_BYTES + varlongSize(time) + varintSize(offset) + tail.length
  const bytes = Buffer.alloc(varintSize(length) + length)
  let at = writeVarint(bytes, 0, length) + ATTRIBUTES_BYTES
  at = writeVarlong(bytes, at, time)
  at = writeVarint(bytes, at, offset)
  bytes.set(tail, at)
  return bytes
}

/** Header and plain records as one batch with this codec, its length and checksum set. */
function sealed(head: Uint8Array, records: Uint8Array, codec: number, level: number | undefined): Buffer {
  const packed = compress(CODECS[codec]!, level, records)
  const batch = Buffer.concat([head, packed])
  const flags = (batch[BatchField.attributes]! << 8) | batch[BatchField.attributes + 1]!
  writeInt16(batch, BatchField.attributes, attributes.withCodec(flags, codec))
  writeInt32(batch, BatchField.length, batch.length - LOG_OVERHEAD)
  writeInt32(batch, BatchField.crc, crc32c(batch, BatchField.attributes))
  return batch
}

/** The batch without compression. */
function unpacked(bytes: Uint8Array): Buffer {
  const batch = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readBatchHeader(batch, 0)
  const codec = typeof header === 'string' ? 0 : attributes.codec(header.attributes)
  if (typeof header === 'string' || codec === 0) return batch
  const name = CODECS[codec]
  if (name === undefined) throw new Error(`no codec ${codec}`)
  const records = decompress(name, batch.subarray(BATCH_OVERHEAD), MAX_UNPACKED_BYTES)
  const plain = Buffer.concat([batch.subarray(0, BATCH_OVERHEAD), records])
  writeInt16(plain, BatchField.attributes, attributes.withCodec(header.attributes, 0))
  writeInt32(plain, BatchField.length, plain.length - LOG_OVERHEAD)
  return plain
}
