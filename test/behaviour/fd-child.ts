/** Run as a process of its own with few file descriptors: uses them all up, lets the client try, and frees them. */
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, type KafkaError } from '../../src/main/index.ts'

const { brokers, topic } = JSON.parse(process.argv[2]!) as { brokers: string[]; topic: string }
const kafka = new Kafka({ brokers, reconnectBackoffMaxMs: 1_000 })
// the worker is up and has met the cluster, but has only one connection
await kafka.connect()
const taken: number[] = []
for (;;) {
  try {
    taken.push(openSync('/dev/null', 'r'))
  } catch {
    break
  }
}
const failures: (string | undefined)[] = []
kafka.on('connection', ({ state, error }) => {
  if (state === 'disconnected') failures.push(error?.code)
})
const producer = kafka.producer()
const patient = [0, 1, 2].map((partition) => producer.produce({ topic, partition, value: 'x' }))
const hasty = kafka.producer({ name: 'hasty', deliveryTimeoutMs: 500 })
const error = await Promise.all([0, 1, 2].map((partition) => hasty.produce({ topic, partition, value: 'x' }))).then(
  () => undefined,
  (thrown: KafkaError) => thrown,
)
await sleep(2_000)
const attempts = failures.length / 2.5
for (const fd of taken) closeSync(fd)
const written = (await Promise.all(patient)).length
process.stdout.write(`full: ${[...new Set(failures)].join(' ')}\n`)
process.stdout.write(`hasty: ${error?.code} ${error?.outcome}\n`)
process.stdout.write(`attempts a second: ${attempts}\n`)
process.stdout.write(`free again: ${written} written\n`)
await kafka.close()
