/**
 * Many records at once: a batch whose outcomes come together, and records without a promise each, whose outcomes come by callback.
 * `node examples/batch.ts [host:port]`; without an address it starts an embedded broker.
 */
import { once } from 'node:events'
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `readings-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 3 }])
const producer = kafka.producer()

// One promise for all; one record that fails does not touch the others.
const records = Array.from({ length: 1000 }, (_, i) => ({ topic, key: `sensor-${i % 10}`, value: `${i}` }))
const results = await producer.produceBatch(records)
const failed = results.filter(({ ok }) => !ok)
console.log(`batch: ${results.length - failed.length} written, ${failed.length} failed`)

// No promise at all; `false` asks to go on after 'drain'.
let written = 0
for (let i = 0; i < 100_000; i++) {
  const room = producer.produceAsync({ topic, key: `sensor-${i % 10}`, value: `${i}` }, (error) => {
    if (error) console.error(error.message)
    else written++
  })
  if (!room) await once(producer, 'drain')
}
await producer.flush()
console.log(`callbacks: ${written} written`)

await kafka.admin.deleteTopics([topic])
