/**
 * What became of records that could not be written, and what to do about each. `node examples/outcomes.ts`: it starts an embedded
 * broker and has it fail.
 */
import { Kafka, KafkaError } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

await using broker = await startBroker({ topics: [{ topic: 'orders', partitions: 2 }] })
await using kafka = new Kafka({ brokers: broker.brokers, unknownTopicTimeoutMs: 300 })
const producer = kafka.producer({ deliveryTimeoutMs: 3_000 })
await producer.produce({ topic: 'orders', key: 'order-1', value: 'created' })

async function send(topic: string, value: string): Promise<string> {
  try {
    const { offset } = await producer.produce({ topic, key: 'order-1', value })
    return `written at ${offset}`
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    // certainly not in the log: it may be sent again, or put aside
    if (error.outcome === 'not-written') return `not written: ${error.code}`
    // perhaps in the log: sending it again may write it twice
    return `possibly written: ${error.code}`
  }
}

console.log(await send('orders', 'paid'))
console.log(await send('no-such-topic', 'lost'))
console.log(await send('orders', 'x'.repeat(2_000_000)))

// A broker that goes on working and does not answer: nobody can know.
const silence = await broker.faults.delay('Produce', { ms: 5_000, times: Number.POSITIVE_INFINITY })
console.log(await send('orders', 'shipped'))
await silence.remove()

// In a batch each record has an outcome of its own.
const results = await kafka.producer({ name: 'batches' }).produceBatch([
  { topic: 'orders', value: 'one' },
  { topic: 'orders', partition: 7, value: 'two' },
  { topic: 'no-such-topic', value: 'three' },
])
for (const [index, result] of results.entries()) {
  console.log(`${index}: ${result.ok ? 'written' : `${result.error.code}, ${result.error.outcome}`}`)
}
