/**
 * A handler in threads that copies records to the same partition of the topic in COPY_TO, in the transaction of their batch. It throws each
 * third time after it has produced, and ends its thread at the records numbered 17 and 41 when they come for the first time.
 */
import type { ConsumedRecord, ThreadContext } from '../../../src/main/index.ts'

const topic = process.env['COPY_TO']!
let calls = 0
const escaped = new Map<number, ThreadContext['tx']>()

export async function handleRecordBatch(
  _topic: string,
  partition: number,
  records: ConsumedRecord[],
  { tx }: ThreadContext,
): Promise<void> {
  // what is kept past its batch takes nothing more
  const before = escaped.get(partition)
  if (before) {
    const late = await before.produce({ topic, partition, value: 'late' }).catch((error: { code: string }) => error.code)
    if (late !== 'TRANSACTION_MISUSED') throw new Error(`it took a record: ${JSON.stringify(late)}`)
  }
  escaped.set(partition, tx)
  const first = records.slice(0, 2)
  for (const { key, value } of first) void tx!.produce({ topic, partition, key, value })
  const rest = records.slice(2).map(({ key, value, headers }) => ({ topic, partition, key, value, headers }))
  const results = await tx!.produceBatch(rest)
  if (results.some(({ ok }) => !ok)) throw new Error('a record was not written')
  for (const { value, attempt } of records) if (/:(17|41)$/.test(String(value)) && attempt === 1) process.exit(3)
  if (++calls % 3 === 0) throw new Error(`call ${calls}`)
}
