/** Markers: the control batches that end a transaction in a partition. Writes and reads their bytes; knows no logs. */
import { crc32c } from '../../../../shared/crc32c.ts'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  LOG_OVERHEAD,
  readInt16,
  readInt32,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../../../shared/record-batch.ts'
import type { TransactionVersion } from './transaction.ts'

/** How a transaction ends in a partition. */
export interface Marker {
  readonly producerId: number
  readonly epoch: number
  readonly commit: boolean
  /** The leader epoch of the coordinator: of two coordinators the older one is not heeded. */
  readonly coordinatorEpoch: number
  /** Of the transaction; from 2 on the epoch must be newer than that of the records. */
  readonly version: TransactionVersion | number
}

const ABORT = 0
const COMMIT = 1
/** Zigzag lengths of one byte each, as all of them are short. */
const KEY_BYTES = 4
const VALUE_BYTES = 6
/** Attributes, both deltas, two lengths, the number of headers. */
const RECORD_BYTES = 3 + 1 + KEY_BYTES + 1 + VALUE_BYTES + 1
const BATCH_BYTES = BATCH_OVERHEAD + 1 + RECORD_BYTES
const KEY_AT = BATCH_OVERHEAD + 1 + 3 + 1
const VALUE_AT = KEY_AT + KEY_BYTES + 1

/** The batch for a log; offset and leader epoch are the log's to set. */
export function markerBatch(
  { producerId, epoch, commit, coordinatorEpoch }: Marker,
  now: number,
  logAppendTime: boolean,
): Buffer {
  const batch = Buffer.alloc(BATCH_BYTES)
  writeInt32(batch, BatchField.length, BATCH_BYTES - LOG_OVERHEAD)
  batch[BatchField.magic] = 2
  writeInt16(batch, BatchField.attributes, attributes.make(0, { transactional: true, control: true, logAppendTime }))
  writeInt64(batch, BatchField.baseTimestamp, now)
  writeInt64(batch, BatchField.maxTimestamp, now)
  writeInt64(batch, BatchField.producerId, producerId)
  writeInt16(batch, BatchField.producerEpoch, epoch)
  writeInt32(batch, BatchField.baseSequence, -1)
  writeInt32(batch, BatchField.recordCount, 1)
  batch[BATCH_OVERHEAD] = RECORD_BYTES * 2
  batch[KEY_AT - 1] = KEY_BYTES * 2
  writeInt16(batch, KEY_AT + 2, commit ? COMMIT : ABORT)
  batch[VALUE_AT - 1] = VALUE_BYTES * 2
  writeInt32(batch, VALUE_AT + 2, coordinatorEpoch)
  writeInt32(batch, BatchField.crc, crc32c(batch, BatchField.attributes))
  return batch
}

/** What the control batch of a log says; undefined when it is no marker. */
export function readMarker(batch: Uint8Array): Pick<Marker, 'commit' | 'coordinatorEpoch'> | undefined {
  if (batch.length !== BATCH_BYTES) return undefined
  const type = readInt16(batch, KEY_AT + 2)
  if (type !== ABORT && type !== COMMIT) return undefined
  return { commit: type === COMMIT, coordinatorEpoch: readInt32(batch, VALUE_AT + 2) }
}
