/**
 * Run as a process of its own, to be killed at any moment: a member that moves records from topic to topic, each batch in a transaction.
 * Odd ones run their handlers in threads.
 */
import { Kafka } from '../../src/main/index.ts'

export interface MoverTask {
  brokers: readonly string[]
  groupName: string
  from: string
  to: string
  inThreads: boolean
  /** The same for whoever takes its place. */
  idPrefix: string
  batchSize: number
}

const { brokers, groupName, from, to, inThreads, idPrefix, batchSize } = JSON.parse(process.argv[2]!) as MoverTask
process.env['MOVE_TO'] = to

const kafka = new Kafka({ brokers: [...brokers], transactionPool: { timeoutMs: 10_000, size: 8, idPrefix } })
const topics = [{ name: from, transactional: true, offsetResetPolicy: 'earliest' as const, handlerMaxBatchSize: batchSize }]
const common = { groupName, topics, rebalanceTimeoutMs: 5_000 }
const group = inThreads
  ? kafka.consumerGroup({ ...common, handler: new URL('./group-handlers/moving.ts', import.meta.url), threads: 2 })
  : kafka.consumerGroup({
      ...common,
      handler: {
        async handleRecordBatch(_topic, partition, records, { tx }) {
          await tx!.produceBatch(records.map(({ key, value }) => ({ topic: to, partition, key, value })))
        },
      },
    })
group.on('partitionFailed', ({ topic, partition, error }) => {
  process.stderr.write(`${topic}-${partition} stands still: ${error.message}\n`)
  group.resume([{ topic, partition }])
})
group.on('handlerError', ({ error }) => process.stderr.write(`${(error as Error).message}\n`))
await group.start()

// from now on there is something to interrupt
const timer = setInterval(() => {
  if (group.metrics().handledRecords === 0) return
  clearInterval(timer)
  process.send?.('moves')
}, 50)

process.once('SIGTERM', async () => {
  await group.stop()
  await kafka.close()
  process.disconnect?.()
})
