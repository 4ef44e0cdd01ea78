/**
 * Several producers of one client, each with settings of its own, on the same connections. `node examples/named-producers.ts [host:port]`;
 * without an address it starts an embedded broker.
 */
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const [orders, logs, pages] = [`orders-${Date.now()}`, `logs-${Date.now()}`, `pages-${Date.now()}`]
await kafka.admin.createTopics([{ topic: orders }, { topic: logs }, { topic: pages }])

const bulk = kafka.producer({
  name: 'bulk',
  compression: 'gzip',
  lingerMs: 20,
  topics: [{ name: pages, compression: 'zstd', compressionLevel: 9 }],
})
const metrics = kafka.producer({ name: 'metrics', acks: 0, idempotent: false })

await kafka.producer().produce({ topic: orders, value: 'safe: acks all, idempotent' })
await bulk.produceBatch([
  { topic: logs, value: 'many of these, packed with gzip' },
  { topic: pages, value: '<p>with zstd</p>' },
])
const { offset } = await metrics.produce({ topic: logs, value: 'may be lost' })
console.log(`acks 0 knows no offset: ${offset}`)

// The same name is the same producer, anywhere in the program; other options for it are an error.
console.log(`the same: ${kafka.producer({ name: 'bulk' }) === bulk}`)
try {
  kafka.producer({ name: 'bulk', lingerMs: 50 })
} catch (error) {
  console.log((error as Error).message)
}

// Closing one sends what it has and leaves the others alone.
await bulk.close()
await kafka.producer().produce({ topic: orders, value: 'still here' })
await kafka.admin.deleteTopics([orders, logs, pages])
