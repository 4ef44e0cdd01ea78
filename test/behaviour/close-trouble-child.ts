/**
 * Run as a process of its own: closes the client in the midst of trouble, says how everything ended, and has nothing left that keeps
 * it alive.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, type KafkaError } from '../../src/main/index.ts'

interface Scenario {
  brokers: string[]
  topic: string
  ioThreads: number
  /** Close when the first connection is up. */
  handler: boolean
  /** Else close when these calls are settled, or after a while when there are none. */
  after: string[]
}

const { brokers, topic, ioThreads, handler, after } = JSON.parse(process.argv[2]!) as Scenario
const CLOSE_MS = 500
const kafka = new Kafka({ brokers, ioThreads })
const closing = Promise.withResolvers<void>()
const close = (): void => closing.resolve(Promise.all([kafka.close({ timeoutMs: CLOSE_MS }), kafka.close()]).then(() => {}))
if (handler) kafka.once('connection', close)
const calls = {
  connect: kafka.connect(),
  produce: kafka.producer().produce({ topic, value: 'x' }),
  fetch: kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 0, minBytes: 0 }),
  listOffsets: kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }]),
}
const settled = Object.entries(calls).map(([name, call]) =>
  call.then(
    () => `${name} ok`,
    ({ code }: KafkaError) => `${name} ${code}`,
  ),
)
if (!handler) {
  await sleep(300)
  await Promise.allSettled(Object.entries(calls).map(([name, call]) => (after.includes(name) ? call : undefined)))
}
const started = performance.now()
if (!handler) close()
await closing.promise
const outcomes = await Promise.all(settled)
const late = performance.now() - started > CLOSE_MS + 10_000
process.stdout.write(`${outcomes.join(', ')}, ${late ? 'too late' : 'in time'}\n`)
setTimeout(() => {
  process.stdout.write(`still here: ${process.getActiveResourcesInfo()}\n`)
  process.exit(3)
}, 5_000).unref()
