/** What `read_committed` readers see of a topic, partition by partition. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from '../../src/main/index.ts'

export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** A commit shows a moment after its answer; what is still open then stays so. */
const PATIENCE_MS = 3_000

async function endsOf(kafka: Kafka, topic: string, partitions: number, isolationLevel: IsolationLevel) {
  const queries = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, timestamp: 'latest' as const }))
  const ask = (level: IsolationLevel) => kafka.admin.listOffsets(queries, { isolationLevel: level })
  for (const until = performance.now() + PATIENCE_MS; ; await sleep(20)) {
    const [ends, all] = await Promise.all([ask(isolationLevel), ask('read_uncommitted')])
    const isOpen = ends.some(({ offset }, i) => offset < all[i]!.offset)
    if (!isOpen || performance.now() > until) return ends
  }
}

/** The values of each partition, up to where it ends now. */
export async function valuesByPartition(
  kafka: Kafka,
  topic: string,
  partitions: number,
  isolationLevel: IsolationLevel = 'read_committed',
): Promise<string[][]> {
  const ends = await endsOf(kafka, topic, partitions, isolationLevel)
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
