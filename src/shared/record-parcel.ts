/**
 * The records of a batch in one piece of memory that can be given to another thread. Their bytes are copied once, from where they were
 * fetched to; the other thread looks at them where they are. Knows nothing of threads.
 */
import { copyBytes } from './copy-bytes.ts'
import type { ConsumedRecord } from './handler-types.ts'
import { DeliveredRecord, LazyRecord } from './lazy-record.ts'
import { tailSize, writeTail } from './tail.ts'

export interface Parcel {
  count: number
  /** For each record its numbers, then everything they look at. */
  memory: ArrayBuffer
}

/** Offset, timestamp, attempt, and where its bytes begin: as doubles, which hold every safe integer. */
const NUMBERS = 4
const HEAD_BYTES = NUMBERS * Float64Array.BYTES_PER_ELEMENT

export function packRecords(records: readonly ConsumedRecord[]): Parcel {
  const count = records.length
  const head = count * HEAD_BYTES
  // not from Node's pool, which could not be given away
  const target = Buffer.allocUnsafeSlow(head + sizeOf(records))
  const numbers = new Float64Array(target.buffer, target.byteOffset, count * NUMBERS)
  let end = head
  for (let i = 0; i < count; ) {
    const behind = endOfRun(records, i)
    // a run is copied as it lies, with the few bytes between its records
    const bytes = LazyRecord.bytesOf(records[i]!)
    const start = bytes ? LazyRecord.startOf(records[i]!) : 0
    const shift = end - start
    for (; i < behind; i++) {
      const record = records[i]!
      const at = i * NUMBERS
      numbers[at] = record.offset
      numbers[at + 1] = record.timestamp
      numbers[at + 2] = record.attempt
      numbers[at + 3] = bytes ? LazyRecord.startOf(record) + shift : end
    }
    const last = records[i - 1]!
    end = bytes
      ? copyBytes(bytes, start, LazyRecord.endOf(last), target, end)
      : writeTail(target, end, last.key, last.value, last.headers)
  }
  return { count, memory: target.buffer as ArrayBuffer }
}

export function unpackRecords(topic: string, partition: number, { count, memory }: Parcel): DeliveredRecord[] {
  const numbers = new Float64Array(memory, 0, count * NUMBERS)
  const source = { topic, partition, baseTimestamp: 0, bytes: Buffer.from(memory) }
  const records: DeliveredRecord[] = new Array(count)
  for (let i = 0; i < count; i++) {
    const at = i * NUMBERS
    records[i] = new DeliveredRecord(source, numbers[at]!, numbers[at + 1]!, numbers[at + 3]!, numbers[at + 2]!)
  }
  return records
}

function sizeOf(records: readonly ConsumedRecord[]): number {
  let size = 0
  for (let i = 0; i < records.length; ) {
    const behind = endOfRun(records, i)
    const first = records[i]!
    if (LazyRecord.bytesOf(first)) {
      size += LazyRecord.endOf(records[behind - 1]!) - LazyRecord.startOf(first)
    } else size += tailSize(first.key, first.value, first.headers)
    i = behind
  }
  return size
}

/** A run: records that look at the same memory, each behind the one before. Any other record is a run of its own. */
function endOfRun(records: readonly ConsumedRecord[], from: number): number {
  const bytes = LazyRecord.bytesOf(records[from]!)
  let end = from + 1
  if (!bytes) return end
  let last = LazyRecord.startOf(records[from]!)
  for (; end < records.length && LazyRecord.bytesOf(records[end]!) === bytes; end++) {
    const start = LazyRecord.startOf(records[end]!)
    if (start <= last) break
    last = start
  }
  return end
}
