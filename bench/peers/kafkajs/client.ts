/**
 * `kafkajs` under measurement. With idempotence its documentation asks for one request in flight; a request is what one `sendBatch` holds.
 * Messages a call and calls at a time were chosen by trying, see docs/benchmarks.md.
 */
import { createRequire } from 'node:module'
import {
  awaitEach,
  type Client,
  firehose,
  type Handler,
  labour,
  placesOf,
  Reading,
  type Send,
  touch,
  Unable,
} from '../../client.ts'
import type { Job } from '../../job.ts'
import type { Meter } from '../../meter.ts'
import { valuesOf } from '../../values.ts'

// The package is installed in this folder when it is first measured, so its own types are not there.
interface Message {
  partition: number
  value: Buffer
}
interface TopicMessages {
  topic: string
  messages: Message[]
}
interface Transaction {
  sendBatch: Producer['sendBatch']
  commit(): Promise<void>
}
interface Producer {
  transaction(): Promise<Transaction>
  connect(): Promise<void>
  disconnect(): Promise<void>
  sendBatch(options: { acks: number; compression: number; topicMessages: TopicMessages[] }): Promise<unknown>
}
interface Consumer {
  connect(): Promise<void>
  disconnect(): Promise<void>
  on(event: 'consumer.group_join' | 'consumer.crash', listener: (event: { payload: { error?: Error } }) => void): void
  subscribe(options: { topics: string[]; fromBeginning: boolean }): Promise<void>
  run(options: object): Promise<void>
}
interface Kafkajs {
  Kafka: new (options: object) => { producer(options: object): Producer; consumer(options: object): Consumer }
  Partitioners: { DefaultPartitioner: () => unknown }
  CompressionTypes: { None: number; GZIP: number; Snappy: number }
  CompressionCodecs: Record<number, unknown>
  logLevel: { NOTHING: number }
}

const CALL_RECORDS = 3000
const CALL_BYTES = 5_000_000
const CALLS_AT_A_TIME = 2
const ACKS_ALL = -1
const AUTOCOMMIT_MS = 1000
/** Of a partition at a time with work for each record: a batch keeps the thread to itself. */
const WORKED_BYTES = 1 << 14
const consumption = { maxWaitTimeInMs: 100, maxBytesPerPartition: 1 << 20, maxBytes: 16 << 20 }

export async function load({ compression: codec, idempotent }: Job): Promise<Client> {
  const require = createRequire(import.meta.url)
  const kafkajs = require('kafkajs') as Kafkajs
  const { version } = require('kafkajs/package.json') as { version: string }
  const { Kafka, Partitioners, CompressionTypes, CompressionCodecs, logLevel } = kafkajs
  const codecs = new Map([
    ['none', CompressionTypes.None],
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
  ])
  const compression = codecs.get(codec)
  if (compression === undefined) throw new Unable(`it has no ${codec} of its own, its documentation names a native addon`)
  if (codec === 'snappy') CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')
  const open = ({ brokers }: Job) => new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING })
  const options = { idempotent, ...(idempotent && { maxInFlightRequests: 1 }) }
  const connect = async (job: Job) => {
    const producer = open(job).producer({ ...options, createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    return producer
  }
  const consumer = (job: Job, maxBytesPerPartition = consumption.maxBytesPerPartition) =>
    open(job).consumer({ groupId: `bench-${Date.now()}`, ...consumption, maxBytesPerPartition })
  const told = Object.entries(consumption)
    .map((pair) => pair.join('='))
    .join(' ')
  return {
    name: `kafkajs ${version}`,
    settings: {
      sending: "acks all; idempotence and compression are the scenario's, with idempotence maxInFlightRequests 1",
      firehose: `sendBatch of ${CALL_RECORDS} messages and ${CALL_BYTES / 1e6} MB at most, ${CALLS_AT_A_TIME} calls at a time`,
      'awaited, batches': 'sendBatch of what one caller has',
      transactions: 'a producer and a transactional id for each caller; transaction, sendBatch, commit',
      fetch: `run with eachBatch and as many partitions at a time as there are, autocommit off; ${told}`,
      group: `the same with autocommit every ${AUTOCOMMIT_MS} ms; ${told}`,
      cpu: `as group, with maxBytesPerPartition=${WORKED_BYTES}`,
      snappy: 'by kafkajs-snappy',
    },
    runs: {
      async firehose(job, meter) {
        const producer = await connect(job)
        await firehose(sender(producer, compression, job), job, meter)
        await producer.disconnect()
      },
      async awaited(job, meter) {
        const producer = await connect(job)
        await awaitEach(caller(producer, compression, job), job, meter)
        await producer.disconnect()
      },
      async batches(job, meter) {
        const producer = await connect(job)
        await awaitEach(caller(producer, compression, job), job, meter)
        await producer.disconnect()
      },
      async transactions(job, meter) {
        const producers = await Promise.all(
          Array.from({ length: job.callers }, async (_, index) => {
            const ids = { transactionalId: `bench-${process.pid}-${index}`, idempotent: true, maxInFlightRequests: 1 }
            const producer = open(job).producer({ ...ids, createPartitioner: Partitioners.DefaultPartitioner })
            await producer.connect()
            return producer
          }),
        )
        const free = [...producers]
        const batch = batcher(job)
        const call = async (n: number) => {
          const producer = free.pop()!
          const transaction = await producer.transaction()
          const topicMessages = batch(n * job.callRecords, job.callRecords)
          await transaction.sendBatch({ acks: ACKS_ALL, compression, topicMessages })
          await transaction.commit()
          free.push(producer)
        }
        await awaitEach(call, job, meter)
        await Promise.all(producers.map((producer) => producer.disconnect()))
      },
      fetch: (job, meter) => consume(consumer(job), job, meter, { autoCommit: false }, touch),
      group: (job, meter) => consume(consumer(job), job, meter, { autoCommitInterval: AUTOCOMMIT_MS }, touch),
      cpu: (job, meter) => consume(consumer(job, WORKED_BYTES), job, meter, { autoCommitInterval: AUTOCOMMIT_MS }, labour),
    },
  }
}

/** Makes the messages from the `first` on, `count` of them, as `sendBatch` wants them. */
function batcher(job: Job): (first: number, count: number) => TopicMessages[] {
  const places = placesOf(job)
  const values = valuesOf(job)
  return (first, count) => {
    const messages = new Map<string, Message[]>()
    for (let n = first; n < first + count; n++) {
      const { topic, partition } = places[n % places.length]!
      let list = messages.get(topic)
      if (!list) messages.set(topic, (list = []))
      list.push({ partition, value: values[n % values.length]! })
    }
    return [...messages].map(([topic, list]) => ({ topic, messages: list }))
  }
}

function sender(producer: Producer, compression: number, job: Job): Send {
  const batch = batcher(job)
  const perCall = Math.min(CALL_RECORDS, Math.floor(CALL_BYTES / job.size))
  return async (records, deadline) => {
    let sent = 0
    const flow = async (): Promise<void> => {
      while (sent < records && performance.now() < deadline) {
        const count = Math.min(perCall, records - sent)
        const topicMessages = batch(sent, count)
        sent += count
        await producer.sendBatch({ acks: ACKS_ALL, compression, topicMessages })
      }
    }
    await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, flow))
    return sent
  }
}

function caller(producer: Producer, compression: number, job: Job): (n: number) => Promise<unknown> {
  const batch = batcher(job)
  const { callRecords } = job
  return (n) => producer.sendBatch({ acks: ACKS_ALL, compression, topicMessages: batch(n * callRecords, callRecords) })
}

async function consume(
  consumer: Consumer,
  job: Job,
  meter: Meter,
  commits: { autoCommit: false } | { autoCommitInterval: number },
  handle: Handler,
): Promise<void> {
  const { topics, partitions } = job
  let reading: Reading | undefined
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    consumer.on('consumer.group_join', () => {
      reading ??= new Reading(job, meter)
    })
    const eachBatch = async ({ batch }: { batch: { messages: Message[] } }): Promise<void> => {
      if (handle(reading!, batch.messages)) resolve()
    }
    consumer.run({ ...commits, partitionsConsumedConcurrently: partitions, eachBatch }).catch(reject)
  })
  await consumer.disconnect()
}
