/** Records as a group delivers them, from batches as they are fetched. */
import type { ConsumedRecord } from '../../../src/main/group/types.ts'
import { DeliveredRecord } from '../../../src/shared/lazy-record.ts'
import { readRecords } from '../../../src/shared/record-batch.ts'
import { makeBatch, type TestRecord } from '../../workers/batches.ts'

export function delivered(records: readonly TestRecord[], topic = 'orders', partition = 3): ConsumedRecord[] {
  const into: ConsumedRecord[] = []
  readRecords(topic, partition, makeBatch(records), 0, into, DeliveredRecord)
  return into
}

/** As many, with values `v0`, `v1`… */
export function numbered(count: number, topic = 'orders', partition = 3): ConsumedRecord[] {
  return delivered(
    Array.from({ length: count }, (_, i) => ({ timestamp: 1_764_000_000_000 + i, value: `v${i}` })),
    topic,
    partition,
  )
}

export function contents({ topic, partition, offset, timestamp, attempt, key, value, headers }: ConsumedRecord): object {
  return { topic, partition, offset, timestamp, attempt, key, value, headers }
}
