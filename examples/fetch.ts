/**
 * Reads a topic from its first to its last record, without a group. `node examples/fetch.ts [host:port]`; without an address it
 * starts an embedded broker.
 */
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `words-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 2 }])
const words = 'a Kafka client whose network work happens on another thread'.split(' ')
await kafka.producer().produceBatch(words.map((value) => ({ topic, value })))

const latest = await kafka.admin.listOffsets([0, 1].map((partition) => ({ topic, partition, timestamp: 'latest' })))
const positions = [0, 1].map((partition) => ({ topic, partition, offset: 0 }))
const atEnd = () => positions.every(({ partition, offset }) => offset >= latest[partition]!.offset)
while (!atEnd()) {
  for (const { partition, nextOffset, records } of await kafka.fetch(positions)) {
    for (const { offset, value } of records) console.log(`${partition}/${offset}: ${value}`)
    positions[partition]!.offset = nextOffset
  }
}

await kafka.admin.deleteTopics([topic])
