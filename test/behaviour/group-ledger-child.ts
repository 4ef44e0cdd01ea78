/**
 * Run as a process of its own: a member that tells its parent what its handler gets, and what it is done with before that is committed.
 * It can block its thread. SIGTERM ends it in good order.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConsumerGroupOptions, Kafka } from '../../src/main/index.ts'

export interface LedgerTask {
  brokers: readonly string[]
  topic: string
  groupName: string
  /** How long a batch takes. */
  workMs: number
  /** How long the first batch blocks the thread besides. */
  blockMs?: number
  options?: Partial<ConsumerGroupOptions>
}

export type LedgerNews = { type: 'delivered' | 'done'; partition: number; offsets: number[] } | { type: 'event'; text: string }

const { brokers, topic, groupName, workMs, blockMs = 0, options = {} } = JSON.parse(process.argv[2]!) as LedgerTask

const tell = (news: LedgerNews): Promise<void> => new Promise((resolve) => process.send!(news, () => resolve()))

let toBlock = blockMs

function block(): void {
  const ms = toBlock
  toBlock = 0
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

const kafka = new Kafka({ brokers: [...brokers] })
const group = kafka.consumerGroup({
  groupName,
  topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
  ...options,
  handler: {
    async handleRecordBatch(_topic, partition, records, { signal }) {
      const offsets = records.map(({ offset }) => offset)
      await tell({ type: 'delivered', partition, offsets })
      block()
      await sleep(workMs)
      if (!signal.aborted) await tell({ type: 'done', partition, offsets })
    },
  },
})
const note = (text: string): void => void tell({ type: 'event', text })
group.on('assigned', (partitions) => note(`assigned ${partitions.length}`))
group.on('revoked', (partitions) => note(`revoked ${partitions.length}`))
group.on('lost', (partitions, reason) => note(`lost ${partitions.length} ${reason.code} ${reason.message}`))
await group.start()

async function end(): Promise<void> {
  await group.stop()
  await kafka.close()
  process.disconnect()
}
process.once('message', end)
process.once('SIGTERM', end)
