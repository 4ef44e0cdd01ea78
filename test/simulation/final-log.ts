/** What is in the logs in the end, read from the brokers' memory: the client under test has no part in it. */
import { recordsOf } from '../../src/main/testing/broker/batch-records.ts'
import type { Topic } from '../../src/main/testing/broker/topic.ts'

export interface Entry {
  offset: number
  value: string
  timestamp: number
}

/** One partition's log; a topic that was made anew has several under its name. */
export interface FinalLog {
  topic: string
  partition: number
  entries: Entry[]
}

/** In the order in which the topics were made. */
export function finalLogs(topics: readonly Topic[]): FinalLog[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ index, log }) => {
      const entries: Entry[] = []
      for (const { bytes, baseOffset } of log.batches()) {
        const records = recordsOf(bytes)
        if (records.length === 0) throw new Error(`the batch at ${name}-${index}@${baseOffset} cannot be read`)
        for (const { offset, value, timestamp } of records) entries.push({ offset, value: String(value), timestamp })
      }
      return { topic: name, partition: index, entries }
    }),
  )
}
