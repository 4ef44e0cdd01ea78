/** The handler of odradek for `cpu`, in its threads: works for every record, and tells the main thread how many there were. */
import { BroadcastChannel } from 'node:worker_threads'
import type { ConsumedRecord } from '../../src/main/index.ts'
import { work } from '../work.ts'

/** What a batch came to. */
export type Done = readonly [records: number, bytes: number]

export const CHANNEL = 'odradek-bench-cpu'

const channel = new BroadcastChannel(CHANNEL)
channel.unref()

export function handleRecordBatch(_topic: string, _partition: number, records: ConsumedRecord[]): void {
  let bytes = 0
  for (const { value } of records) {
    work(value!)
    bytes += value!.length
  }
  channel.postMessage([records.length, bytes] satisfies Done)
}
