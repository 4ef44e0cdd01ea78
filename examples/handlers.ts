/**
 * Three ways to handle the records of a group: on the main thread, in threads, and pulled.
 * `node examples/handlers.ts [host:port]`; without an address it starts an embedded broker.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConsumerGroup, Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const orders = `orders-${Date.now()}`
const failedOrders = `${orders}-failed`
await kafka.admin.createTopics([
  { topic: orders, partitions: 3 },
  { topic: failedOrders, partitions: 1 },
])
await kafka
  .producer()
  .produceBatch(Array.from({ length: 300 }, (_, i) => ({ topic: orders, key: `k${i % 30}`, value: `order ${i}` })))

const topics = [{ name: orders, offsetResetPolicy: 'earliest' as const }]
const database = { insert: async (rows: readonly unknown[]) => sleep(rows.length / 100) }

/** Until the group has committed everything there is. */
async function caughtUp(group: ConsumerGroup): Promise<void> {
  const done = () => group.metrics().partitions.reduce((sum, { committed }) => sum + Math.max(0, committed), 0)
  while (done() < 300) await sleep(10)
}

// An object runs on the main thread: waiting costs nothing, computing holds up everything else.
const inserting = kafka.consumerGroup({
  groupName: `${orders}-inserting`,
  topics,
  handler: {
    async handleRecordBatch(_topic, _partition, records, { signal }) {
      await database.insert(records.map(({ value }) => String(value)))
      signal.throwIfAborted()
      // one action for each record, in their order; a single one is for all of them, and no result is 'commit'
      return records.map((record) => [String(record.value).endsWith('7') ? { moveTo: failedOrders } : 'commit', record])
    },
  },
})
await inserting.start()
await caughtUp(inserting)
await inserting.stop()
const [moved] = await kafka.fetch([{ topic: failedOrders, partition: 0, offset: 0 }])
console.log(`on the main thread: 300 done, ${moved!.records.length} of them moved`)

// The file of a module runs in threads: each partition in one of them, in order.
const computing = kafka.consumerGroup({
  groupName: `${orders}-computing`,
  topics,
  defaultTopicConfig: { handlerMaxBatchSize: 'dynamic', handlerMaxCommitsInFlight: 4 },
  handler: new URL('./handlers/checksums.ts', import.meta.url),
  threads: 2,
  handlerTimeoutMs: 30_000,
})
computing.on('handlerError', ({ topic, partition, offset, error }) => console.warn(`${topic}-${partition} at ${offset}:`, error))
computing.on('handlerThread', ({ thread, state }) => console.warn(`handler thread ${thread} ${state}`))
await computing.start()
await caughtUp(computing)
await computing.stop()
console.log('in threads: 300 done')

// Without a handler, batches are asked for: the next one when the one before is done.
const pulling = kafka.consumerGroup({ groupName: `${orders}-pulling`, topics })
let pulled = 0
for await (const { records } of pulling) {
  pulled += records.length
  if (pulled === 300) break
}
await pulling.stop()
console.log(`pulled: ${pulled}`)

await kafka.admin.deleteTopics([orders, failedOrders])
