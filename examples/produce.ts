/**
 * Sends one record and waits until the log has it. `node examples/produce.ts [host:port]`; without an address it starts an embedded
 * broker. In your own project, import from 'odradek' and 'odradek/testing'.
 */
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `greetings-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 3 }])

const { partition, offset } = await kafka.producer().produce({
  topic,
  key: 'someone',
  value: JSON.stringify({ hello: 'world' }),
  headers: [['content-type', 'application/json']],
})
console.log(`written to ${topic}-${partition} at offset ${offset}`)

await kafka.admin.deleteTopics([topic])
