/** Run as a process of its own under libfaketime: sends while the wall clock jumps, and says what it saw. */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka } from '../../src/main/index.ts'

const { brokers, topic, clockFile } = JSON.parse(process.argv[2]!) as { brokers: string[]; topic: string; clockFile: string }
const kafka = new Kafka({ brokers })
let disconnects = 0
kafka.on('connection', ({ state }) => {
  if (state === 'disconnected') disconnects++
})
const producer = kafka.producer({ deliveryTimeoutMs: 10_000 })
const poll = kafka.fetch([{ topic, partition: 1, offset: 0 }], { maxWaitMs: 5_000, timeoutMs: 20_000 })
const timestamps: number[] = []
for (const jump of ['+0', '+3600', '-3600', '+0']) {
  writeFileSync(clockFile, jump)
  for (let i = 0; i < 20; i++) {
    timestamps.push((await producer.produce({ topic, partition: 0, value: 'x' })).timestamp)
    await sleep(5)
  }
}
const [batch] = await Promise.race([poll, producer.produce({ topic, partition: 1, value: 'y' }).then(() => poll)])
const hours = [...new Set(timestamps.map((timestamp) => Math.round((timestamp - timestamps[0]!) / 3_600_000)))]
process.stdout.write(
  `${timestamps.length} sent, hours ${hours.join(' ')}, ${batch!.records.length} read, ${disconnects} disconnects\n`,
)
await kafka.close()
