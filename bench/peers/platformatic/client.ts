/**
 * `@platformatic/kafka` under measurement. Records of one `send` travel together and share one callback; with idempotence the
 * client itself keeps one request in flight. Messages a call and calls at a time were chosen by trying, see docs/benchmarks.md.
 */
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { awaitEach, type Client, firehose, type Handler, labour, placesOf, Reading, type Send, touch } from '../../client.ts'
import type { Job } from '../../job.ts'
import type { Meter } from '../../meter.ts'
import { valuesOf } from '../../values.ts'

// The package is installed in this folder when it is first measured, so its own types are not there.
interface Message {
  topic: string
  partition: number
  value: Buffer
}
interface Transaction {
  send(options: { messages: Message[] }): Promise<unknown>
  commit(): Promise<void>
}
interface Producer {
  beginTransaction(): Promise<Transaction>
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
  ProduceAcks: { ALL: number }
}

const CALL_RECORDS = 10_000
/** Below what six partitions take in one batch each. */
const CALL_BYTES = 5_000_000
const CALLS_AT_A_TIME = 2
const HIGH_WATER_MARK = 1024
const AUTOCOMMIT_MS = 1000

export async function load({ compression, idempotent }: Job): Promise<Client> {
  const name: string = '@platformatic/kafka'
  const { Producer, Consumer, ProduceAcks } = (await import(name)) as Platformatic
  const { version } = JSON.parse(readFileSync(findPackageJSON(name, import.meta.url)!, 'utf8')) as { version: string }
  const options = { idempotent, acks: ProduceAcks.ALL, compression }
  const open = ({ brokers }: Job) => new Producer({ clientId: 'bench', bootstrapBrokers: brokers, ...options })
  return {
    name: `${name} ${version}`,
    settings: {
      sending: "acks all; idempotence and compression are the scenario's",
      firehose:
        `send with a callback, ${CALL_RECORDS} messages and ${CALL_BYTES / 1e6} MB a call at most, ` +
        `${CALLS_AT_A_TIME} calls at a time`,
      'awaited, batches': 'send of what one caller has',
      transactions: 'a producer and a transactional id for each caller; beginTransaction, send, commit',
      fetch: `consume, 'data' events, highWaterMark ${HIGH_WATER_MARK}, autocommit off`,
      'group, cpu': `the same with autocommit every ${AUTOCOMMIT_MS} ms`,
    },
    runs: {
      async firehose(job, meter) {
        const producer = open(job)
        await firehose(sender(producer, job), job, meter)
        await producer.close()
      },
      async awaited(job, meter) {
        const producer = open(job)
        await awaitEach(caller(producer, job), job, meter)
        await producer.close()
      },
      async batches(job, meter) {
        const producer = open(job)
        await awaitEach(caller(producer, job), job, meter)
        await producer.close()
      },
      async transactions(job, meter) {
        const producers = Array.from({ length: job.callers }, (_, index) => {
          const ids = { transactionalId: `bench-${process.pid}-${index}`, idempotent: true }
          return new Producer({ clientId: 'bench', bootstrapBrokers: job.brokers, ...options, ...ids })
        })
        const free = [...producers]
        const batch = batcher(job)
        const call = async (n: number) => {
          const producer = free.pop()!
          const transaction = await producer.beginTransaction()
          await transaction.send({ messages: batch(n * job.callRecords, job.callRecords) })
          await transaction.commit()
          free.push(producer)
        }
        await awaitEach(call, job, meter)
        await Promise.all(producers.map((producer) => producer.close()))
      },
      fetch: (job, meter) => consume(Consumer, job, meter, false, touch),
      group: (job, meter) => consume(Consumer, job, meter, AUTOCOMMIT_MS, touch),
      cpu: (job, meter) => consume(Consumer, job, meter, AUTOCOMMIT_MS, labour),
    },
  }
}

/** Makes the messages from the `first` on, `count` of them. */
function batcher(job: Job): (first: number, count: number) => Message[] {
  const places = placesOf(job)
  const values = valuesOf(job)
  const message = (n: number): Message => {
    const { topic, partition } = places[n % places.length]!
    return { topic, partition, value: values[n % values.length]! }
  }
  return (first, count) => Array.from({ length: count }, (_, index) => message(first + index))
}

function sender(producer: Producer, job: Job): Send {
  const batch = batcher(job)
  const perCall = Math.min(CALL_RECORDS, Math.floor(CALL_BYTES / job.size))
  return async (records, deadline) => {
    let sent = 0
    const flow = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const call = (): void => {
          const count = Math.min(perCall, records - sent)
          if (count === 0 || performance.now() >= deadline) {
            resolve()
            return
          }
          const messages = batch(sent, count)
          sent += count
          producer.send({ messages }, (error) => (error ? reject(error) : call()))
        }
        call()
      })
    await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, flow))
    return sent
  }
}

function caller(producer: Producer, job: Job): (n: number) => Promise<unknown> {
  const batch = batcher(job)
  const { callRecords } = job
  return (n) => producer.send({ messages: batch(n * callRecords, callRecords) })
}

async function consume(
  Consumer: Platformatic['Consumer'],
  job: Job,
  meter: Meter,
  autocommit: number | false,
  handle: Handler,
): Promise<void> {
  const { brokers, topics } = job
  const groupId = `bench-${Date.now()}`
  const consumer = new Consumer({ clientId: 'bench', groupId, bootstrapBrokers: brokers })
  const stream = await consumer.consume({ topics, mode: 'earliest', autocommit, highWaterMark: HIGH_WATER_MARK })
  // it has joined its group and fetches from when somebody listens
  const reading = new Reading(job, meter)
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    stream.on('data', (message) => {
      if (handle(reading, [message])) resolve()
    })
  })
  await stream.close()
  await consumer.close(true)
}
