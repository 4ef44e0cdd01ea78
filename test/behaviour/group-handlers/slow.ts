/** A handler in threads: takes as many ms as the value of a record says, and does not listen to its signal. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumedRecord } from '../../../src/main/index.ts'

export async function handleRecordBatch(_topic: string, _partition: number, records: ConsumedRecord[]): Promise<void> {
  for (const { value } of records) await sleep(Number(value))
}
