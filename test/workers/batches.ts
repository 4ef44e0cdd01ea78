/** Makes batches for tests, by the real writers. */
import { BATCH_OVERHEAD } from '../../src/shared/record-batch.ts'
import { tailBound, writeTail } from '../../src/shared/tail.ts'
import type { Bytes, HeaderInput } from '../../src/shared/types.ts'
import { type BatchSeal, recordSize, sealBatch, writeRecord } from '../../src/workers/record-batch.ts'

export interface TestRecord {
  timestamp: number
  key?: Bytes
  value?: Bytes
  headers?: readonly HeaderInput[]
}

/** A sealed, uncompressed batch with offsets from 0. The tails go over shared memory, as in the client. */
export function makeBatch(records: readonly TestRecord[], seal: Partial<BatchSeal> = {}): Buffer {
  const baseTimestamp = records[0]?.timestamp ?? -1
  const parts = records.map(({ timestamp, key, value, headers }, i) => {
    const ring = Buffer.from(new SharedArrayBuffer(tailBound(key, value, headers) + 4))
    const tailEnd = writeTail(ring, 4, key, value, headers)
    const size = recordSize(tailEnd - 4, timestamp - baseTimestamp, i)
    const record = Buffer.alloc(size + 6)
    const end = writeRecord(record, 3, timestamp - baseTimestamp, i, ring, 4, tailEnd)
    if (end !== size + 3) throw new Error(`recordSize said ${size}, writeRecord wrote ${end - 3}`)
    return record.subarray(3, end)
  })
  const batch = Buffer.concat([Buffer.alloc(BATCH_OVERHEAD), ...parts])
  sealBatch(batch, 0, batch.length, {
    recordCount: records.length,
    baseTimestamp,
    maxTimestamp: Math.max(-1, ...records.map(({ timestamp }) => timestamp)),
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    attributes: 0,
    ...seal,
  })
  return batch
}

/** Records `v0`, `v1`… */
export function plainRecords(count: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({ timestamp: 1764000000000 + i, value: `v${i}` }))
}
