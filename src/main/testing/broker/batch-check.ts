/**
 * What a batch must be to get into a log, by its header and checksum; in the order of Kafka's own checks and with its errors.
 * Records are only looked at to say which of them made a batch fail, and for keys where a topic needs them.
 */
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import { attributes, BATCH_OVERHEAD, type BatchHeader, checkCrc, readBatchHeader } from '../../../shared/record-batch.ts'
import { recordsOf } from './batch-records.ts'
import { Refusal } from './refusal.ts'
import type { TopicSettings } from './topic-configs.ts'

const ZSTD = 4
const ZSTD_SINCE = 7
/** Seven fields of one byte each at least. */
const MIN_RECORD_BYTES = 7
const MAX_MAGIC = 2

export interface OnlyBatch {
  header: BatchHeader
  bytes: Uint8Array
}

/** The one batch in the records field of a Produce request. */
export function onlyBatch(records: Uint8Array | null, version: number): OnlyBatch {
  const invalid = (why: string): Refusal => {
    return new Refusal(ErrorCode.INVALID_RECORD, `Produce version ${version} takes ${why}`)
  }
  if (records === null) throw invalid('one whole record batch for each partition')
  const header = readBatchHeader(records, 0)
  if (header === 'unknown-magic' && records[16]! <= MAX_MAGIC) throw invalid('record batches of magic 2 only')
  if (header === 'unknown-magic' || header === 'impossible-length') {
    throw new Refusal(ErrorCode.CORRUPT_MESSAGE, 'The record batch has a size or a magic that none can have')
  }
  // Bytes behind it that are no whole batch do not count; Kafka cuts them off.
  if (header === 'truncated' || readBatchHeader(records, header.batchLength) !== 'truncated') {
    throw invalid('one whole record batch for each partition')
  }
  if (attributes.codec(header.attributes) === ZSTD && version < ZSTD_SINCE) {
    throw new Refusal(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, `zstd needs Produce version ${ZSTD_SINCE}, this is ${version}`)
  }
  return { header, bytes: records.length === header.batchLength ? records : records.subarray(0, header.batchLength) }
}

/** Whether the topic takes the batch; throws a {@link Refusal}. `where` names the partition, `now` is the wall clock. */
export function checkBatch({ bytes, header }: OnlyBatch, settings: TopicSettings, where: string, now: number): void {
  if (bytes.length > settings.maxMessageBytes) {
    const why = `The record batch for ${where} has ${bytes.length} bytes, more than max.message.bytes, ${settings.maxMessageBytes}`
    throw new Refusal(ErrorCode.MESSAGE_TOO_LARGE, why)
  }
  if (!checkCrc(bytes, 0, header))
    throw new Refusal(ErrorCode.CORRUPT_MESSAGE, `The record batch for ${where} does not match its checksum`)
  const details = { withLogStart: true }
  const refused = (error: number, why: string): Refusal => new Refusal(error, `The record batch for ${where} ${why}`, details)
  const codec = attributes.codec(header.attributes)
  if (codec > ZSTD) throw refused(ErrorCode.UNKNOWN_SERVER_ERROR, `has the unknown codec ${codec}`)
  if (attributes.control(header.attributes))
    throw refused(ErrorCode.INVALID_RECORD, 'is a control batch, which clients may not write')
  const { recordCount, lastOffsetDelta } = header
  const tooMany = codec === 0 && recordCount > (bytes.length - BATCH_OVERHEAD) / MIN_RECORD_BYTES
  if (recordCount <= 0 || lastOffsetDelta !== recordCount - 1 || tooMany) {
    const claims = `${recordCount} records and the last offset delta ${lastOffsetDelta} in ${bytes.length} bytes`
    throw refused(ErrorCode.INVALID_RECORD, `claims ${claims}`)
  }
  if (header.producerId >= 0 && header.baseSequence < 0)
    throw refused(ErrorCode.INVALID_RECORD, 'has a producer id but no sequence')
  if (settings.compacted) checkKeys(bytes, where)
  if (!settings.logAppendTime) checkTimestamps(bytes, header, settings, where, now)
}

function checkKeys(bytes: Uint8Array, where: string): void {
  const badRecords = recordsOf(bytes).flatMap(({ key }, i) => (key === null ? [i] : []))
  if (badRecords.length === 0) return
  const why = `A compacted topic takes no records without a key, and the record batch for ${where} has ${badRecords.length}`
  throw new Refusal(ErrorCode.INVALID_RECORD, why, { withLogStart: true, badRecords })
}

function checkTimestamps(bytes: Uint8Array, header: BatchHeader, settings: TopicSettings, where: string, now: number): void {
  const wrong = (timestamp: number): boolean => {
    if (timestamp < 0) return false
    return timestamp - now > settings.timestampAfterMaxMs || now - timestamp > settings.timestampBeforeMaxMs
  }
  if (!wrong(header.maxTimestamp) && !wrong(header.baseTimestamp)) return
  const badRecords = recordsOf(bytes).flatMap(({ timestamp }, i) => (wrong(timestamp) ? [i] : []))
  const why = `The record batch for ${where} has timestamps from ${header.baseTimestamp} to ${header.maxTimestamp}, out of the range allowed`
  throw new Refusal(ErrorCode.INVALID_TIMESTAMP, why, { withLogStart: true, badRecords })
}
