/** A handler in threads: the first record takes as many ms as its value says, and nobody listens to the signal. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumedRecord } from '../../../src/main/index.ts'

let first = true

export async function handleRecordBatch(_topic: string, _partition: number, [record]: ConsumedRecord[]): Promise<void> {
  const ms = first ? Number(record!.value) : 0
  first = false
  await sleep(ms)
}
