/** Writes records to a broker of its own that keeps them in the folder given, and prints each offset, until it is killed. */
import { Kafka } from '../../../src/main/index.ts'
import { startBroker } from '../../../src/main/testing/index.ts'

const broker = await startBroker({ dataDir: process.argv[2]!, topics: [{ topic: 'a' }] })
const producer = new Kafka({ brokers: broker.brokers }).producer()
for (let i = 0; ; i++) {
  const { offset } = await producer.produce({ topic: 'a', partition: 0, value: `v${i}` })
  process.stdout.write(`${offset}\n`)
  await new Promise((resolve) => setTimeout(resolve, 5))
}
