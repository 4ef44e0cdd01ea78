/**
 * The demo's handler: a module that the group runs in threads. Checks every byte of every record and their order within the batch, and
 * reports; whether batches follow one another is judged where all reports arrive.
 */
import { threadId } from 'node:worker_threads'
import type { ConsumedRecord } from '../../index.ts'
import { clock, sentAt, sequenceOf } from './content.ts'
import { REPORTS, type Report, type Run } from './report.ts'

/** One record in so many has its latency taken. */
const LATENCY_EVERY = 64

const reports = new BroadcastChannel(REPORTS)

export function handleRecordBatch(_topic: string, partition: number, records: ConsumedRecord[]): void {
  const now = clock()
  const run: Run = { first: -1, last: -1, records: records.length, damaged: 0, repeated: 0, skipped: 0 }
  const latencies: number[] = []
  for (const { value } of records) {
    const sequence = sequenceOf(value, partition)
    extend(run, sequence)
    if (sequence >= 0 && sequence % LATENCY_EVERY === 0) latencies.push(now - sentAt(value!))
  }
  reports.postMessage({ thread: threadId, partition, run, latencies } satisfies Report)
  // returning nothing commits the batch
}

export function teardown(): void {
  reports.close()
}

function extend(run: Run, sequence: number): void {
  if (sequence < 0) {
    run.damaged++
    return
  }
  if (run.first < 0) run.first = sequence
  else if (sequence <= run.last) {
    run.repeated++
    return
  } else run.skipped += sequence - run.last - 1
  run.last = sequence
}
