/**
 * `@platformatic/kafka` under measurement. Records of one `send` travel together and share one callback; with idempotence the
 * client itself keeps one request in flight. Messages a call and calls at a time were chosen by trying, see docs/benchmarks.md.
 */
import { createRequire } from 'node:module'
import { awaitEach, type Client, recordValue } from '../../client.ts'
import type { Job } from '../../job.ts'
import type { Meter } from '../../meter.ts'

// The package is installed in this folder when it is first measured, so its own types are not there.
interface Message {
  topic: string
  partition: number
  value: Buffer
}
interface Producer {
  send(options: { messages: Message[] }): Promise<unknown>
  send(options: { messages: Message[] }, callback: (error: Error | null) => void): void
  close(): Promise<void>
}
interface Stream {
  on(event: 'data', listener: (message: Message) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  close(): Promise<void>
}
interface Consumer {
  consume(options: object): Promise<Stream>
  close(force: boolean): Promise<void>
}
interface Platformatic {
  Producer: new (options: object) => Producer
  Consumer: new (options: object) => Consumer
}

const MESSAGES_PER_CALL = 10_000
const CALLS_AT_A_TIME = 2
const HIGH_WATER_MARK = 1024

export async function load(): Promise<Client> {
  const name: string = '@platformatic/kafka'
  const { Producer, Consumer } = (await import(name)) as Platformatic
  const { version } = createRequire(import.meta.url)('./node_modules/@platformatic/kafka/package.json') as { version: string }
  const open = ({ brokers }: Job) => new Producer({ clientId: 'bench', bootstrapBrokers: brokers, idempotent: true })
  return {
    name: `${name} ${version}`,
    settings: {
      producer: 'idempotent: true (acks all)',
      calls: `send with a callback, ${MESSAGES_PER_CALL} messages a call, ${CALLS_AT_A_TIME} calls at a time`,
      consumer: `consume, 'data' events, highWaterMark ${HIGH_WATER_MARK}, autocommit off`,
    },
    runs: {
      async firehose(job, meter) {
        const producer = open(job)
        await send(producer, job, job.warmup)
        meter.begin()
        await send(producer, job, job.records)
        meter.end(job.records)
        await producer.close()
      },
      fetch: (job, meter) => fetch(Consumer, job, meter),
      async awaited(job, meter) {
        const producer = open(job)
        const value = recordValue(job.size)
        const { topic } = job
        await awaitEach((partition) => producer.send({ messages: [{ topic, partition, value }] }), job, meter)
        await producer.close()
      },
    },
  }
}

function send(producer: Producer, { topic, partitions, size }: Job, records: number): Promise<void> {
  const value = recordValue(size)
  return new Promise((resolve, reject) => {
    let sent = 0
    let acknowledged = 0
    const call = (): void => {
      const count = Math.min(MESSAGES_PER_CALL, records - sent)
      if (count === 0) return
      const messages: Message[] = []
      for (let i = 0; i < count; i++) messages.push({ topic, partition: sent++ % partitions, value })
      producer.send({ messages }, (error) => {
        if (error) return reject(error)
        acknowledged += count
        if (acknowledged === records) resolve()
        else call()
      })
    }
    for (let i = 0; i < CALLS_AT_A_TIME; i++) call()
  })
}

async function fetch(Consumer: Platformatic['Consumer'], { brokers, topic, records }: Job, meter: Meter): Promise<void> {
  const groupId = `bench-${Date.now()}`
  const consumer = new Consumer({ clientId: 'bench', groupId, bootstrapBrokers: brokers })
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, highWaterMark: HIGH_WATER_MARK })
  let seen = 0
  let bytes = 0
  // it has joined its group and fetches from when somebody listens
  meter.begin()
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    stream.on('data', ({ value }) => {
      bytes += value.length
      if (++seen === records) resolve()
    })
  })
  meter.end(seen)
  if (bytes === 0) throw new Error('records without bytes')
  await stream.close()
  await consumer.close(true)
}
