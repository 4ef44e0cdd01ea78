/** A handler in threads that copies records to the same partition of the topic in MOVE_TO, in the transaction of their batch. */
import type { ConsumedRecord, ThreadContext } from '../../../src/main/index.ts'

const topic = process.env['MOVE_TO']!

export async function handleRecordBatch(
  _topic: string,
  partition: number,
  records: ConsumedRecord[],
  { tx }: ThreadContext,
): Promise<void> {
  await tx!.produceBatch(records.map(({ key, value }) => ({ topic, partition, key, value })))
}
