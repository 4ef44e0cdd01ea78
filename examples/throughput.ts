/**
 * A group set up for many small records, and what it says of itself. `node examples/throughput.ts [host:port]`; without an address it
 * starts an embedded broker.
 */
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `ticks-${Date.now()}`
const COUNT = 200_000
await kafka.admin.createTopics([{ topic, partitions: 4 }])
const value = Buffer.alloc(100, 't')
const ticks = Array.from({ length: 1_000 }, () => ({ topic, value }))
for (let i = 0; i < COUNT / ticks.length; i++) await kafka.producer().produceBatch(ticks)

let bytes = 0
const group = kafka.consumerGroup({
  groupName: `meter-${Date.now()}`,
  topics: [{ name: topic, offsetResetPolicy: 'earliest', fetchMaxBytes: 1024 * 1024 }],
  defaultTopicConfig: { handlerMaxBatchSize: 'dynamic', handlerMaxCommitsInFlight: 10 },
  prefetchBytes: 64 * 1024 * 1024,
  committersCount: 2,
  handler: {
    handleRecordBatch(_topic, _partition, records) {
      for (const record of records) bytes += record.value!.length
    },
  },
})
await group.start()

while (bytes < COUNT * value.length) await new Promise((resolve) => setTimeout(resolve, 20))
const { partitions } = group.why()
for (const { text } of partitions) console.log(text.replace(topic, 'ticks'))
const { handledRecords, lag, handlerMs, prefetchedBytesPeak } = group.metrics()
console.log(`${handledRecords} records, lag ${lag}, p99 of a batch ${handlerMs.p99} ms`)
console.log(`at most ${Math.ceil(prefetchedBytesPeak / 1024 / 1024)} MiB fetched ahead`)
await group.stop()

await kafka.admin.deleteTopics([topic])
