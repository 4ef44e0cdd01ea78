/**
 * Record batches of magic 2: where the header's fields are, what they mean, and the records of batches that are not
 * compressed. For both directions and for the embedded broker. Knows no codec and fetches nothing.
 *
 * https://kafka.apache.org/documentation/#recordbatch
 */
import { crc32c } from './crc32c.ts'
import { KafkaError } from './errors.ts'
import { LazyRecord, type RecordKind, type RecordSource, skipBytes, skipHeaders } from './lazy-record.ts'
import type { FetchedRecord } from './types.ts'
import { MalformedVarint, VarintReader, varintSize } from './varint.ts'

/** Byte positions of the header's fields, from the start of a batch. */
export const BatchField = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

/** Bytes of the header; the records follow. */
export const BATCH_OVERHEAD = 61
/** Bytes of baseOffset and length, which the length field does not count. */
export const LOG_OVERHEAD = 12
/** The least a record takes: a byte each for length, attributes, both deltas, no key, no value, no headers. */
const MIN_RECORD_BYTES = 7

export interface BatchHeader {
  baseOffset: number
  /** The whole batch in bytes, these twelve first ones included. */
  batchLength: number
  partitionLeaderEpoch: number
  magic: number
  crc: number
  attributes: number
  lastOffsetDelta: number
  baseTimestamp: number
  maxTimestamp: number
  producerId: number
  producerEpoch: number
  baseSequence: number
  /** As the batch says; it may lie. */
  recordCount: number
}

/**
 * Why there is no header: `truncated` when bytes are missing (the usual end of a fetch), `impossible-length` when no batch is
 * that long, `unknown-magic` for the formats before and after 2.
 */
export type BatchFailure = 'truncated' | 'impossible-length' | 'unknown-magic'

/** What a batch takes that holds one record alone, before compression; `tailBytes` is what follows the record's deltas. */
export function loneBatchSize(tailBytes: number): number {
  // attributes, timestamp delta 0, offset delta 0
  const body = 3 + tailBytes
  return BATCH_OVERHEAD + varintSize(body) + body
}

/** Reads the header of the batch at `at`, which must lie whole within `[at, end)`. */
export function readBatchHeader(bytes: Uint8Array, at: number, end: number = bytes.length): BatchHeader | BatchFailure {
  if (end - at < LOG_OVERHEAD) return 'truncated'
  const batchLength = LOG_OVERHEAD + readInt32(bytes, at + BatchField.length)
  // Magic 0 and 1 begin the same way and have their magic in the same place, but are shorter.
  if (batchLength <= BatchField.magic) return 'impossible-length'
  if (end - at <= BatchField.magic) return 'truncated'
  const magic = bytes[at + BatchField.magic]!
  if (magic !== 2) return 'unknown-magic'
  if (batchLength < BATCH_OVERHEAD) return 'impossible-length'
  if (end - at < batchLength) return 'truncated'
  return {
    baseOffset: readInt64(bytes, at),
    batchLength,
    partitionLeaderEpoch: readInt32(bytes, at + BatchField.partitionLeaderEpoch),
    magic,
    crc: readInt32(bytes, at + BatchField.crc) >>> 0,
    attributes: readInt16(bytes, at + BatchField.attributes),
    lastOffsetDelta: readInt32(bytes, at + BatchField.lastOffsetDelta),
    baseTimestamp: readInt64(bytes, at + BatchField.baseTimestamp),
    maxTimestamp: readInt64(bytes, at + BatchField.maxTimestamp),
    producerId: readInt64(bytes, at + BatchField.producerId),
    producerEpoch: readInt16(bytes, at + BatchField.producerEpoch),
    baseSequence: readInt32(bytes, at + BatchField.baseSequence),
    recordCount: readInt32(bytes, at + BatchField.recordCount),
  }
}

/** Whether the batch says offsets that a log can have. The base offset is not under the checksum. */
export function hasPossibleOffsets({ baseOffset, lastOffsetDelta }: BatchHeader): boolean {
  return baseOffset >= 0 && lastOffsetDelta >= 0 && Number.isSafeInteger(baseOffset + lastOffsetDelta + 1)
}

/** The checksum of the batch at `at`: over everything from the attributes on. */
export function batchCrc(bytes: Uint8Array, at: number, batchLength: number): number {
  return crc32c(bytes, at + BatchField.attributes, at + batchLength)
}

/** Whether the bytes are what the writer checksummed. */
export function checkCrc(bytes: Uint8Array, at: number, header: BatchHeader): boolean {
  return batchCrc(bytes, at, header.batchLength) === header.crc
}

/** The attribute bits of a batch. */
export const attributes = {
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are not assigned. */
  codec: (bits: number): number => bits & 7,
  timestampType: (bits: number): 'createTime' | 'logAppendTime' => (bits & 8 ? 'logAppendTime' : 'createTime'),
  transactional: (bits: number): boolean => (bits & 16) !== 0,
  control: (bits: number): boolean => (bits & 32) !== 0,
  /** Then `baseTimestamp` is the delete horizon (KIP-534); record timestamps still count from it. */
  deleteHorizon: (bits: number): boolean => (bits & 64) !== 0,
  withCodec: (bits: number, codec: number): number => (bits & ~7) | codec,
  make: (codec: number, flags: { logAppendTime?: boolean; transactional?: boolean; control?: boolean } = {}): number =>
    codec | (flags.logAppendTime ? 8 : 0) | (flags.transactional ? 16 : 0) | (flags.control ? 32 : 0),
} as const

export function readInt16(bytes: Uint8Array, at: number): number {
  return (((bytes[at]! << 8) | bytes[at + 1]!) << 16) >> 16
}

export function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** Exact when it is a safe integer. */
export function readInt64(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at) * 0x100000000 + (readInt32(bytes, at + 4) >>> 0)
}

export function writeInt16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8
  target[at + 1] = value
}

export function writeInt32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

/** `value` is a safe integer. */
export function writeInt64(target: Uint8Array, at: number, value: number): void {
  writeInt32(target, at, Math.floor(value / 0x100000000))
  writeInt32(target, at + 4, value)
}

/**
 * Reads the records of one or more whole, uncompressed batches and appends those from `fromOffset` on to `into`. Control
 * batches hold none. All lengths are checked here, so that the records' getters cannot fail later; they are views on `bytes`,
 * which must stay as it is; their class is `Kind`. Returns the offset after the last batch (`fromOffset` if that is greater).
 *
 * Throws CORRUPT_BATCH where the bytes lie; the records before that place are in `into`.
 */
export function readRecords(
  topic: string,
  partition: number,
  bytes: Buffer,
  fromOffset: number,
  into: FetchedRecord[],
  Kind: RecordKind = LazyRecord,
): number {
  let wanted = fromOffset
  for (let at = 0; at < bytes.length; ) {
    const header = readBatchHeader(bytes, at)
    if (typeof header === 'string') throw corruptBatch(topic, partition, wanted, `its header is unreadable (${header})`)
    if (!hasPossibleOffsets(header)) throw corruptBatch(topic, partition, wanted, 'its offsets are impossible')
    if (!attributes.control(header.attributes)) readBatch(topic, partition, bytes, at, header, wanted, into, Kind)
    wanted = Math.max(wanted, header.baseOffset + header.lastOffsetDelta + 1)
    at += header.batchLength
  }
  return wanted
}

/** A batch that says what cannot be. */
function corruptBatch(topic: string, partition: number, offset: number, why: string): KafkaError {
  return new KafkaError(
    'CORRUPT_BATCH',
    `The record batch at offset ${offset} of ${topic}-${partition} is corrupt: ${why}. Its bytes are what the leader has: see whether another replica is intact, or go on behind it.`,
    {
      topic,
      partition,
      offset,
    },
  )
}

function readBatch(
  topic: string,
  partition: number,
  bytes: Buffer,
  at: number,
  header: BatchHeader,
  fromOffset: number,
  into: FetchedRecord[],
  Kind: RecordKind,
): void {
  const { baseOffset, baseTimestamp, lastOffsetDelta, recordCount } = header
  const batchEnd = at + header.batchLength
  const appended = attributes.timestampType(header.attributes) === 'logAppendTime'
  const source: RecordSource = { topic, partition, baseTimestamp: appended ? header.maxTimestamp : baseTimestamp, bytes }
  const fail = (why: string) => corruptBatch(topic, partition, baseOffset, why)
  if (attributes.codec(header.attributes) !== 0) throw fail('its records are still compressed')
  if (recordCount < 0 || recordCount > (batchEnd - at - BATCH_OVERHEAD) / MIN_RECORD_BYTES) {
    throw fail(`it claims ${recordCount} records in ${batchEnd - at} bytes`)
  }
  const reader = new VarintReader(bytes, at + BATCH_OVERHEAD, batchEnd)
  let lastDelta = -1
  try {
    for (let i = 0; i < recordCount; i++) {
      reader.end = batchEnd
      const length = reader.varint()
      const end = reader.at + length
      if (length < MIN_RECORD_BYTES - 1 || end > batchEnd) throw fail(`record ${i} claims ${length} bytes`)
      reader.end = end
      reader.at++ // the record's attributes, all unused
      const sinceBase = reader.varlong()
      const delta = reader.varint()
      if (delta <= lastDelta || delta > lastOffsetDelta) throw fail(`record ${i} has offset delta ${delta}`)
      lastDelta = delta
      const tail = reader.at
      skipBytes(reader)
      skipBytes(reader)
      skipHeaders(reader)
      if (reader.at !== end) throw fail(`record ${i} does not end where it claims`)
      const offset = baseOffset + delta
      if (offset >= fromOffset) into.push(new Kind(source, offset, appended ? 0 : sinceBase, tail))
    }
  } catch (error) {
    if (error instanceof MalformedVarint) throw fail('a record runs over its end')
    throw error
  }
  if (reader.at !== batchEnd) throw fail(`${batchEnd - reader.at} bytes follow its last record`)
}
