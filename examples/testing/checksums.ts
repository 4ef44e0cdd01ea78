/** A handler that computes, and is run in threads. */
import { createHash } from 'node:crypto'
import type { Action, ConsumedRecord } from '../../src/main/index.ts'

export function handleRecordBatch(_topic: string, _partition: number, records: ConsumedRecord[]): [Action, ConsumedRecord][] {
  return records.map((record) => {
    const sum = createHash('sha256')
      .update(record.value ?? '')
      .digest('hex')
    const claimed = record.headers.find(([name]) => name === 'sha256')?.[1]
    return [sum === String(claimed) ? 'commit' : { moveTo: 'damaged' }, record]
  })
}
