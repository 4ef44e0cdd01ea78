/**
 * The least there is to a consumer group: handle records, commit them, stop in good order.
 * `node examples/consume.ts [host:port]`; without an address it starts an embedded broker.
 */
import { once } from 'node:events'
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `letters-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 1 }])
await kafka.producer().produceBatch(['a', 'b', 'c'].map((value) => ({ topic, value })))
const end = new AbortController()

const group = kafka.consumerGroup({
  groupName: `mailer-${Date.now()}`,
  topics: [topic],
  defaultTopicConfig: { offsetResetPolicy: 'earliest' },
  handler: {
    async handleRecordBatch(_topic, partition, records) {
      for (const { offset, value } of records) console.log(`${partition}/${offset}: ${value}`)
      if (records.at(-1)!.offset === 2) end.abort()
    },
  },
})
group.on('handlerError', ({ error, retryInMs }) => console.error(error, `again in ${retryInMs} ms`))
group.on('partitionFailed', ({ error }) => console.error(error))
await group.start()

// in a service, the end is process.once('SIGTERM', …)
if (!end.signal.aborted) await once(end.signal, 'abort')
await group.stop()
console.log(`${group.metrics().commits} position committed`)

await kafka.admin.deleteTopics([topic])
