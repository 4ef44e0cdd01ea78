/**
 * Notes what it gets in the file of HANDLED that is named after the topic, as `partition offset attempt thread`. What a record's value
 * begins with is done when it comes for the first time: `exit`, `throw`, `spin`.
 */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import type { ConsumedRecord } from '../../../src/main/index.ts'

export function handleRecordBatch(topic: string, partition: number, records: ConsumedRecord[]): void {
  for (const { offset, attempt, value } of records) {
    appendFileSync(join(process.env['HANDLED']!, topic), `${partition} ${offset} ${attempt} ${threadId}\n`)
    if (attempt > 1) continue
    const text = String(value)
    if (text.startsWith('exit')) process.exit(9)
    if (text.startsWith('throw')) throw Object.assign(new Error('not this time'), { code: 'E_FIRST' })
    if (text.startsWith('spin')) for (;;);
  }
}
