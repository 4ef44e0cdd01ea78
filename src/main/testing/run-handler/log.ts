/** The records of a run as a log would hold them: numbered, and encoded as leaders hand them out. Knows no handler. */
import { crc32c } from '../../../shared/crc32c.ts'
import { KafkaError } from '../../../shared/errors.ts'
import { BATCH_OVERHEAD, BatchField, writeInt16, writeInt32, writeInt64 } from '../../../shared/record-batch.ts'
import { tailSize, writeTail } from '../../../shared/tail.ts'
import type { Bytes, HeaderInput } from '../../../shared/types.ts'
import { varintSize, varlongSize, writeVarint, writeVarlong } from '../../../shared/varint.ts'
import { checkRecord } from '../../record-check.ts'
import { checkTopicName } from '../../topic-name.ts'

/** A record for a handler. Records that were fetched are such ones too. */
export interface HandlerRecord {
  /** Default: 'records'. */
  topic?: string
  /** Default: 0. */
  partition?: number
  /** Default: one more than the record before it in its partition, from 0 on. */
  offset?: number
  key?: Bytes
  value?: Bytes
  headers?: readonly HeaderInput[]
  /** Milliseconds since 1970. Default: now. */
  timestamp?: number
}

export const DEFAULT_TOPIC = 'records'

interface Numbered {
  offset: number
  timestamp: number
  key: Bytes | undefined
  value: Bytes | undefined
  headers: readonly HeaderInput[] | undefined
}

/** What one partition holds. */
export interface PartitionLog {
  topic: string
  partition: number
  records: Numbered[]
  /** Behind its last record. */
  end: number
}

/** A record's place. */
export interface Place {
  topic: string
  partition: number
  offset: number
}

/** Partitions in the order in which they are first named, and the place of each record. Throws INVALID_ARGUMENT. */
export function logsOf(records: Iterable<HandlerRecord>, now: number): { logs: PartitionLog[]; places: Place[] } {
  const logs = new Map<string, PartitionLog>()
  const places: Place[] = []
  for (const record of records) {
    const { topic = DEFAULT_TOPIC, partition = 0, key, value, headers, timestamp = now } = record
    checkTopicName(topic)
    checkRecord({ topic, key: key ?? null, value: value ?? null, timestamp, ...(headers && { headers }) })
    if (!isWhole(partition, 0x7fff_ffff)) throw wrong(`partition ${partition} is no number of a partition`, topic)
    const name = `${topic}-${partition}`
    let log = logs.get(name)
    if (!log) logs.set(name, (log = { topic, partition, records: [], end: 0 }))
    const { offset = log.end } = record
    if (!isWhole(offset, Number.MAX_SAFE_INTEGER - 1) || offset < log.end)
      throw wrong(`offset ${offset} of ${name} must be a whole number, above that of the record before it`, topic)
    log.records.push({ offset, timestamp, key, value, headers })
    log.end = offset + 1
    places.push({ topic, partition, offset })
  }
  return { logs: [...logs.values()], places }
}

const isWhole = (value: number, most: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= most

function wrong(what: string, topic: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', `runHandler(): ${what}.`, { topic })
}

/** A batch for each run of records that one can hold. */
export function encode(records: readonly Numbered[]): Buffer {
  const batches: Buffer[] = []
  for (let from = 0; from < records.length; ) {
    let to = from + 1
    while (to < records.length && records[to]!.offset - records[from]!.offset < 0x7fff_ffff) to++
    batches.push(encodeBatch(records.slice(from, to)))
    from = to
  }
  return Buffer.concat(batches)
}

function encodeBatch(records: readonly Numbered[]): Buffer {
  const { offset: baseOffset, timestamp: baseTimestamp } = records[0]!
  const bodies = records.map(({ offset, timestamp, key, value, headers }) => {
    const head = 1 + varlongSize(timestamp - baseTimestamp) + varintSize(offset - baseOffset)
    return head + tailSize(key, value, headers)
  })
  const size = bodies.reduce((sum, body) => sum + varintSize(body) + body, BATCH_OVERHEAD)
  const batch = Buffer.alloc(size)
  let at = BATCH_OVERHEAD
  for (const [i, { offset, timestamp, key, value, headers }] of records.entries()) {
    at = writeVarint(batch, at, bodies[i]!) + 1 // the record's attributes, all unused
    at = writeVarint(batch, writeVarlong(batch, at, timestamp - baseTimestamp), offset - baseOffset)
    at = writeTail(batch, at, key, value, headers)
  }
  writeInt64(batch, BatchField.baseOffset, baseOffset)
  writeInt32(batch, BatchField.length, size - BatchField.partitionLeaderEpoch)
  batch[BatchField.magic] = 2
  writeInt32(batch, BatchField.lastOffsetDelta, records.at(-1)!.offset - baseOffset)
  writeInt64(batch, BatchField.baseTimestamp, baseTimestamp)
  writeInt64(
    batch,
    BatchField.maxTimestamp,
    records.reduce((latest, { timestamp }) => Math.max(latest, timestamp), baseTimestamp),
  )
  writeInt64(batch, BatchField.producerId, -1)
  writeInt16(batch, BatchField.producerEpoch, -1)
  writeInt32(batch, BatchField.baseSequence, -1)
  writeInt32(batch, BatchField.recordCount, records.length)
  writeInt32(batch, BatchField.crc, crc32c(batch, BatchField.attributes))
  return batch
}
