/**
 * A consumer group with a handler that says what becomes of each record: done, skipped, moved to another topic, or tried again.
 * `node examples/consumer-group.ts [host:port]`; without an address it starts an embedded broker.
 */
import { type Action, type ConsumedRecord, Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const orders = `orders-${Date.now()}`
const rejected = `${orders}-rejected`
await kafka.admin.createTopics([
  { topic: orders, partitions: 3 },
  { topic: rejected, partitions: 1 },
])
const values = ['{"id":1}', '{"id":2,"test":true}', '{"id":3', '{"id":4,"stock":"late"}', '{"id":5}']
await kafka.producer().produceBatch(values.map((value) => ({ topic: orders, key: 'customer-7', value })))

const group = kafka.consumerGroup({
  groupName: `billing-${Date.now()}`,
  topics: [{ name: orders, offsetResetPolicy: 'earliest' }],
  handler: {
    handleRecordBatch(_topic, _partition, records) {
      const actions: [Action, ConsumedRecord][] = []
      for (const record of records) {
        // a partition is committed in order: what is behind a record that comes again comes again too
        const before = actions.at(-1)?.[0]
        actions.push([before === 'retry' ? 'retry' : actionFor(record), record])
      }
      return actions
    },
  },
})

/** The last record of all was committed. */
const { promise: finished, resolve: finish } = Promise.withResolvers<void>()

function actionFor({ value, offset, attempt }: ConsumedRecord): Action {
  let order: { id: number; test?: boolean; stock?: string }
  try {
    order = JSON.parse(String(value))
  } catch {
    return { moveTo: rejected }
  }
  if (order.test) return { skip: 'a test order' }
  if (order.stock === 'late' && attempt < 3) return 'retry'
  console.log(`billed order ${order.id}, attempt ${attempt}`)
  if (offset === values.length - 1) finish()
  return 'commit'
}

group.on('handlerError', ({ topic, partition, offset, error }) => console.error(`${topic}-${partition} at ${offset}:`, error))
await group.start()
await finished
// waits for what is running, commits it and leaves the group
await group.stop()

const { skippedRecords, movedRecords, retriedRecords } = group.metrics()
console.log(`${skippedRecords} skipped, ${movedRecords} moved, ${retriedRecords} deliveries repeated`)
const [batch] = await kafka.fetch([{ topic: rejected, partition: 0, offset: 0 }])
const { value, headers } = batch!.records[0]!
console.log(`moved: ${value}`)
for (const [name, text] of headers) console.log(`  ${name}: ${text}`)

await kafka.admin.deleteTopics([orders, rejected])
