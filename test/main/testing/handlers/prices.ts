/** A handler in a thread: by what a record says. */
import { threadId } from 'node:worker_threads'
import type { Action, ConsumedRecord, ThreadContext } from '../../../../src/main/index.ts'

export function handleRecordBatch(_topic: string, _partition: number, records: ConsumedRecord[], { attempt }: ThreadContext) {
  return records.map((record): [Action, ConsumedRecord] => {
    const text = String(record.value)
    if (text === 'throw') throw new Error(`no price, attempt ${attempt}`)
    if (text === 'exit' && attempt === 1) process.exit(7)
    return [text === 'bad' ? { moveTo: 'dead' } : { skip: `thread ${threadId > 0 ? 'other' : 'main'}` }, record]
  })
}
