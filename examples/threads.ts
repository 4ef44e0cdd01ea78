/**
 * A handler that computes, in two threads: order per partition holds, and the main thread stays free. The handler is a module of its own,
 * `handlers/thumbnails.ts`. `node examples/threads.ts [host:port]`; without an address it starts an embedded broker.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

const topic = `images-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 4 }])
const images = Array.from({ length: 80 }, (_, i) => ({ topic, partition: i % 4, value: `image ${i}` }))
await kafka.producer().produceBatch(images)

const group = kafka.consumerGroup({
  groupName: `thumbnails-${Date.now()}`,
  topics: [topic],
  handler: new URL('./handlers/thumbnails.ts', import.meta.url),
  threads: 2,
  defaultTopicConfig: { offsetResetPolicy: 'earliest' },
})
group.on('handlerThread', (news) => console.error(news))

// what a module wants to say, it says as threads do; the group does not come into it
const done = new BroadcastChannel('thumbnails')
const partitionsByThread = new Map<number, Set<number>>()
let handled = 0
const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
done.onmessage = ({ data: { thread, partition, count } }) => {
  const partitions = partitionsByThread.get(thread) ?? new Set()
  partitionsByThread.set(thread, partitions.add(partition))
  handled += count
  if (handled === images.length) finish()
}

await group.start()
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
await finished
delay.disable()
await group.stop()
done.close()

console.log(`${handled} images by ${partitionsByThread.size} threads`)
for (const partitions of partitionsByThread.values()) console.log(`one of them had ${partitions.size} partitions`)
console.log(`the main thread was held up for ${(delay.max / 1e6).toFixed(0)} ms at most`)

await kafka.admin.deleteTopics([topic])
