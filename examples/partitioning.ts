/**
 * Which partition a record goes to: by its key, by turns, by name, or by a function of one's own for one topic.
 * `node examples/partitioning.ts [host:port]`; without an address it starts an embedded broker.
 */
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const [orders, readings] = [`orders-${Date.now()}`, `readings-${Date.now()}`]
await kafka.admin.createTopics([
  { topic: orders, partitions: 6 },
  { topic: readings, partitions: 4 },
])

const producer = kafka.producer({
  topics: [{ name: readings, partitioner: ({ key }, partitionCount) => Number(key) % partitionCount }],
})

// The same key, the same partition: all of an order's records stay in order.
const created = await producer.produce({ topic: orders, key: 'order-17', value: 'created' })
const paid = await producer.produce({ topic: orders, key: 'order-17', value: 'paid' })
console.log(`one key: ${created.partition === paid.partition ? 'one partition' : 'two partitions'}`)

// No key: records take turns on the partitions, some 16 KiB each.
const loose = await producer.produceBatch(Array.from({ length: 600 }, () => ({ topic: orders, value: 'x'.repeat(1_000) })))
const used = new Set(loose.map((one) => one.ok && one.metadata.partition))
console.log(`no key: ${used.size} partitions`)

// A partition by name wins over everything, the topic's own function over keys.
const named = await producer.produce({ topic: orders, key: 'order-17', partition: 5, value: 'here' })
const own = await producer.produce({ topic: readings, key: '6', value: '21.5' })
console.log(`named: ${named.partition}; by the function: ${own.partition}`)

await kafka.admin.deleteTopics([orders, readings])
