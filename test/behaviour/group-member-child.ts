/**
 * Run as a process of its own: a member of a group that tells its parent what its handler is done with, before that is committed. With
 * trouble its handler throws, retries and hangs by chance.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Action, type ConsumedRecord, Kafka } from '../../src/main/index.ts'
import { readNumbered } from './numbered-values.ts'

export interface MemberTask {
  brokers: string[]
  topic: string
  groupName: string
  trouble: boolean
  batchSize: number | 'dynamic'
}

/** To the parent: runs of sequence numbers that are done, or what happened. */
export type MemberNews =
  | { type: 'started'; partition: number }
  | { type: 'stopped'; partition: number; reason: string }
  | { type: 'done'; partition: number; runs: [first: number, last: number][] }
  | { type: 'event'; text: string }
  | { type: 'ready' }
  | { type: 'ended' }

const task = JSON.parse(process.argv[2]!) as MemberTask

const tell = (news: MemberNews): Promise<void> => new Promise((resolve) => process.send!(news, () => resolve()))

/** Neighbouring numbers as runs. */
function runsOf(records: readonly ConsumedRecord[]): [number, number][] {
  const runs: [number, number][] = []
  for (const { value, partition } of records) {
    const { partition: meant, sequence } = readNumbered(value!)
    if (meant !== partition) throw new Error(`a record of partition ${meant} came from partition ${partition}`)
    const last = runs.at(-1)
    if (last && last[1] + 1 === sequence) last[1] = sequence
    else runs.push([sequence, sequence])
  }
  return runs
}

const kafka = new Kafka({ brokers: task.brokers })
const group = kafka.consumerGroup({
  groupName: task.groupName,
  topics: [{ name: task.topic, offsetResetPolicy: 'earliest', fetchMaxBytes: 500_000 }],
  defaultTopicConfig: { handlerMaxBatchSize: task.batchSize, handlerMaxCommitsInFlight: 2, handlerRetryBackoffMs: 5 },
  handlerTimeoutMs: 2_000,
  rebalanceTimeoutMs: 10_000,
  handler: {
    handleConsumerStart: (_topic, partition) => tell({ type: 'started', partition }),
    handleConsumerStop: (_topic, partition, reason) => tell({ type: 'stopped', partition, reason }),
    async handleRecordBatch(_topic, partition, records, { signal }) {
      const chance = task.trouble ? Math.random() : 1
      if (chance < 0.02) throw new Error('by chance')
      if (chance < 0.022) {
        await sleep(60_000, undefined, { signal })
      }
      const done = chance < 0.05 ? Math.floor(Math.random() * records.length) : records.length
      if (done > 0) await tell({ type: 'done', partition, runs: runsOf(records.slice(0, done)) })
      if (done === records.length) return 'commit'
      return records.map((record, index): [Action, ConsumedRecord] => [index < done ? 'commit' : 'retry', record])
    },
  },
})
group.on('lost', (_partitions, reason) => void tell({ type: 'event', text: `lost: ${reason.message}` }))
group.on('fatal', (error) => void tell({ type: 'event', text: `fatal: ${error.message}` }))
group.on('partitionFailed', ({ error }) => void tell({ type: 'event', text: `failed: ${error.message}` }))
group.on('stalled', ({ why }) => void tell({ type: 'event', text: `stalled: ${why}` }))
await group.start()
await tell({ type: 'ready' })
process.once('message', async () => {
  await group.stop()
  await kafka.close()
  await tell({ type: 'ended' })
  process.disconnect()
})
