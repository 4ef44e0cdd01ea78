/** Run as a process of its own: produces, reads, closes, and has nothing left that keeps it alive. */
import { Kafka } from '../../src/main/index.ts'

const { brokers, topic, ioThreads } = JSON.parse(process.argv[2]!) as { brokers: string[]; topic: string; ioThreads: number }
const kafka = new Kafka({ brokers, ioThreads })
const producer = kafka.producer()
const sends = Array.from({ length: 100 }, (_, i) => producer.produce({ topic, value: `${i}` }))
await sends[0]
await kafka.fetch([{ topic, partition: 0, offset: 0 }])
// a long poll and unsettled sends are under way
kafka.fetch([{ topic, partition: 0, offset: 1_000_000 }], { maxWaitMs: 60_000 }).catch(() => {})
kafka.fetch([{ topic, partition: 0, offset: 100 }], { maxWaitMs: 60_000 }).catch(() => {})
await kafka.close()
const settled = await Promise.allSettled(sends)
process.stdout.write(`${settled.filter(({ status }) => status === 'fulfilled').length} written, closed\n`)
setTimeout(() => {
  process.stdout.write(`still here: ${process.getActiveResourcesInfo()}\n`)
  process.exit(3)
}, 5_000).unref()
