/** Run as a process of its own: keeps sending and reading while nothing works, and says what that cost the processor. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type FetchPosition, Kafka } from '../../src/main/index.ts'

interface Task {
  brokers: string[]
  topic: string
  partitions: number
  warmUpMs: number
  measuredMs: number
}
const { brokers, topic, partitions, warmUpMs, measuredMs } = JSON.parse(process.argv[2]!) as Task

const kafka = new Kafka({ brokers })
const producer = kafka.producer()
let over = false
const all = Array.from({ length: partitions }, (_, partition) => partition)

async function reading(): Promise<void> {
  let positions: FetchPosition[] = all.map((partition) => ({ topic, partition, offset: 0 }))
  while (!over) {
    const batches = await kafka.fetch(positions, { maxWaitMs: 5_000 }).catch(() => sleep(200))
    if (batches) positions = batches.map(({ partition, nextOffset: offset }) => ({ topic, partition, offset }))
  }
}

// many callers and one trouble: their number must not show
for (let i = 0; i < 200; i++) producer.produceAsync({ topic, partition: i % partitions, value: 'x' }, () => {})
for (let i = 0; i < 4; i++) reading().catch(() => {})
kafka.connect().catch(() => {})

await sleep(warmUpMs)
process.stdout.write('measuring\n')
const started = performance.now()
const before = process.cpuUsage()
await sleep(measuredMs)
const { user, system } = process.cpuUsage(before)
over = true
process.stdout.write(`${JSON.stringify({ cpuPercent: (user + system) / 10 / (performance.now() - started) })}\n`)
await kafka.close({ timeoutMs: 0 })
