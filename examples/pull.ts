/**
 * A group without a handler: batches are taken when you want them, in a loop, one by one, or as a stream.
 * `node examples/pull.ts [host:port]`; without an address it starts an embedded broker.
 */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Kafka, type PulledBatch } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `readings-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 2 }])
const producer = kafka.producer()
const send = (count: number) =>
  producer.produceBatch(Array.from({ length: count }, (_, i) => ({ topic, partition: i % 2, value: `${i}` })))
await send(100)

await using group = kafka.consumerGroup({
  groupName: `sums-${Date.now()}`,
  topics: [topic],
  defaultTopicConfig: { offsetResetPolicy: 'earliest', handlerMaxBatchSize: 20 },
})
let sum = 0
let seen = 0
const add = ({ records }: PulledBatch) => {
  for (const { value } of records) sum += Number(value)
  seen += records.length
}

// Asking for the next batch commits the one before. The loop starts the group, and ends when the group is stopped.
for await (const batch of group) {
  add(batch)
  if (seen < 100) continue
  // leaving the loop gives back a batch that is not committed
  await group.commit(batch)
  break
}
console.log(`for await: ${seen} records, sum ${sum}`)

// One by one. A partition gives its next batch when this one is committed.
await send(20)
while (seen < 120) {
  const batch = await group.pull({ signal: AbortSignal.timeout(30_000) })
  if (!batch) break
  add(batch)
  await group.commit(batch, batch.records.length > 5 ? 'commit' : { skip: 'a small batch' })
}
console.log(`pull: ${seen} records, sum ${sum}`)

// As a stream in object mode; it never reads ahead.
await send(40)
const sink = new Writable({
  objectMode: true,
  async write(batch: PulledBatch, _encoding, callback) {
    add(batch)
    await group.commit(batch)
    callback()
    if (seen === 160) await group.stop()
  },
})
await pipeline(group.readable(), sink)
console.log(`readable: ${seen} records, sum ${sum}`)

await kafka.admin.deleteTopics([topic])
