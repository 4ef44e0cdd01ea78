/** Run as a process of its own: joins a group, reads one record of each partition, and prints how long that took and what it costs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka } from '../../src/main/index.ts'

export interface ScaleTask {
  brokers: string[]
  /** Of the topics' names. */
  pattern: string
  partitions: number
}

export interface ScaleFigures {
  /** After the start, until all partitions were assigned, and until all were read. */
  joinMs: number
  readMs: number
  /** What it took of processors until then, all threads together. */
  cpuMs: number
  handled: number
  /** Memory of the process with all of them, after garbage was collected. */
  bytes: number
}

const { brokers, pattern, partitions } = JSON.parse(process.argv[2]!) as ScaleTask

const kafka = new Kafka({ brokers })
await kafka.connect()
let handled = 0
const group = kafka.consumerGroup({
  groupName: `g-${pattern.replaceAll(/\W/g, '')}`,
  topics: [new RegExp(pattern)],
  defaultTopicConfig: { offsetResetPolicy: 'earliest' },
  handler: {
    handleRecordBatch(_topic, _partition, records) {
      handled += records.length
    },
  },
})
let assigned = 0
group.on('assigned', (some) => (assigned += some.length))
const began = performance.now()
const cpu = process.cpuUsage()
await group.start()
while (assigned < partitions) await sleep(10)
const joinMs = Math.round(performance.now() - began)
while (handled < partitions) await sleep(10)
const readMs = Math.round(performance.now() - began)
const { user, system } = process.cpuUsage(cpu)
const cpuMs = Math.round((user + system) / 1_000)
await sleep(500)
globalThis.gc?.()
const { rss } = process.memoryUsage()
const figures: ScaleFigures = { joinMs, readMs, cpuMs, handled, bytes: rss }
process.stdout.write(JSON.stringify(figures))
await group.stop()
await kafka.close()
