/** Run as a process of its own: a member that tells its parent what its handler gets, and what it is done with before that is committed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka } from '../../src/main/index.ts'

export interface LedgerTask {
  brokers: string[]
  topic: string
  groupName: string
  /** How long a batch takes. */
  workMs: number
}

export type LedgerNews =
  | { type: 'delivered' | 'done'; partition: number; offsets: number[] }
  | { type: 'lost'; code: string }

const { brokers, topic, groupName, workMs } = JSON.parse(process.argv[2]!) as LedgerTask

const tell = (news: LedgerNews): Promise<void> => new Promise((resolve) => process.send!(news, () => resolve()))

const kafka = new Kafka({ brokers })
const group = kafka.consumerGroup({
  groupName,
  topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
  handler: {
    async handleRecordBatch(_topic, partition, records, { signal }) {
      const offsets = records.map(({ offset }) => offset)
      await tell({ type: 'delivered', partition, offsets })
      await sleep(workMs)
      if (!signal.aborted) await tell({ type: 'done', partition, offsets })
    },
  },
})
group.on('lost', (_partitions, reason) => void tell({ type: 'lost', code: reason.code }))
await group.start()
process.once('message', async () => {
  await group.stop()
  await kafka.close()
  process.disconnect()
})
