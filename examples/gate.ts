/**
 * Records are handed out only while a database has connections to spare: `pauseWhen`, asked before each batch.
 * `node examples/gate.ts [host:port]`; without an address it starts an embedded broker.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!] })

/** Stands for a pool of connections to a database. */
class Pool {
  readonly #free: (() => void)[] = []
  #connections: number
  waitingCount = 0

  constructor(connections: number) {
    this.#connections = connections
  }

  async query(_text: string): Promise<void> {
    if (this.#connections > 0) this.#connections--
    else {
      this.waitingCount++
      await new Promise<void>((resolve) => this.#free.push(resolve))
      this.waitingCount--
    }
    await sleep(5)
    const next = this.#free.shift()
    if (next) next()
    else this.#connections++
  }
}

const topic = `clicks-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 6 }])
const clicks = Array.from({ length: 120 }, (_, i) => ({ topic, partition: i % 6, value: `click ${i}` }))
await kafka.producer().produceBatch(clicks)

const pool = new Pool(2)
let handled = 0
let mostWaiting = 0
const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
const group = kafka.consumerGroup({
  groupName: `clicks-${Date.now()}`,
  topics: [topic],
  pauseWhen: () => pool.waitingCount > 0,
  pauseCheckMs: 5,
  defaultTopicConfig: { offsetResetPolicy: 'earliest', handlerMaxBatchSize: 5 },
  handler: {
    async handleRecordBatch(_topic, _partition, records) {
      await Promise.all(records.map(({ value }) => pool.query(String(value))))
      handled += records.length
      if (handled === clicks.length) finish()
    },
  },
})
group.on('gate', ({ open, closedMs }) => console.log(open ? `gate open again after ${closedMs.toFixed(0)} ms` : 'gate closed'))

await group.start()
const watch = setInterval(() => (mostWaiting = Math.max(mostWaiting, pool.waitingCount)), 1)
await finished
clearInterval(watch)
await group.stop()

console.log(`${handled} clicks written, at most ${mostWaiting} queries waited for a connection`)
const { waitedSeconds } = group.metrics().flow
console.log(waitedSeconds.pauseWhen > 0 ? 'the gate held batches back' : 'the gate was never closed')

await kafka.admin.deleteTopics([topic])
