/** What `read_committed` readers see of a topic, partition by partition. */
import type { Kafka } from '../../src/main/index.ts'

export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** The values of each partition, up to where it ends now. */
export async function valuesByPartition(
  kafka: Kafka,
  topic: string,
  partitions: number,
  isolationLevel: IsolationLevel = 'read_committed',
): Promise<string[][]> {
  const queries = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, timestamp: 'latest' as const }))
  const ends = await kafka.admin.listOffsets(queries, { isolationLevel })
  return Promise.all(
    ends.map(async ({ partition, offset: end }) => {
      const values: string[] = []
      for (let offset = 0; offset < end; ) {
        const [batch] = await kafka.fetch([{ topic, partition, offset }], { isolationLevel, maxWaitMs: 100 })
        for (const { value, offset: at } of batch!.records) if (at < end) values.push(String(value))
        offset = batch!.nextOffset
      }
      return values
    }),
  )
}
