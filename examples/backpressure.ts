/**
 * More records than the cluster takes at once: memory stays bounded, whoever sends too fast waits, or is told.
 * `node examples/backpressure.ts [host:port]`; without an address it starts an embedded broker.
 */
import { once } from 'node:events'
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `clicks-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 3 }])
const producer = kafka.producer({ bufferMemory: 1024 * 1024, batchBytes: 256 * 1024 })
const value = Buffer.alloc(500, 'c')

// produceAsync says false when there is little room left; go on after 'drain'.
let pauses = 0
for (let i = 0; i < 20_000; i++) {
  if (producer.produceAsync({ topic, value })) continue
  pauses++
  await once(producer, 'drain')
}
await producer.flush()
console.log(pauses > 0 ? 'produceAsync: paused and went on' : 'produceAsync: never paused')

// tryProduce refuses when bufferMemory is used up, for those who would rather drop than wait.
let dropped = 0
const sent: Promise<unknown>[] = []
for (let i = 0; i < 20_000; i++) {
  const one = producer.tryProduce({ topic, value })
  if (one) sent.push(one)
  else dropped++
}
await Promise.all(sent)
console.log(dropped > 0 ? 'tryProduce: dropped some' : 'tryProduce: dropped none')

// produce waits for room by itself; awaiting some before sending more keeps promises few.
for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 1_000 }, () => producer.produce({ topic, value })))
console.log(`produce: ${producer.bufferedBytes} bytes left in the buffer`)

await kafka.admin.deleteTopics([topic])
