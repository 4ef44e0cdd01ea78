/**
 * A client in a process of its own: reads a first offset, so that everything is warm, then a second one, and prints how that ended
 * and what it took. `node codec-child.ts broker topic first second`
 */
import { Kafka, type KafkaError } from '../../src/main/index.ts'
import { peakMemory, restartPeak } from '../support/peak-memory.ts'

const [broker, topic, first, second] = process.argv.slice(2) as [string, string, string, string]
const kafka = new Kafka({ brokers: [broker] })
await kafka.fetch([{ topic, partition: 0, offset: Number(first) }])
const before = restartPeak()
try {
  const [batch] = await kafka.fetch([{ topic, partition: 0, offset: Number(second) }])
  console.log(JSON.stringify({ records: batch!.records.length }))
} catch (error) {
  const { code, message, context } = error as KafkaError
  console.log(JSON.stringify({ code, message, context, mib: (peakMemory() - before) / 2 ** 20 }))
}
await kafka.close()
