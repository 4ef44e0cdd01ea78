/**
 * `node-rdkafka` under measurement. Runs compiled, on the Node that its addon was built for, so nothing here may need a new one.
 * Settings follow librdkafka's introduction ("High throughput", "Low latency"); numbers were chosen by trying, see docs/benchmarks.md.
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

// The package is installed and built when it is first measured, so its own types are not there.
type Callback = (error: Error | null) => void
interface Handle {
  connect(options: object, callback: Callback): void
  disconnect(callback: Callback): void
  on(event: 'event.error', listener: (error: Error) => void): void
}
interface Producer extends Handle {
  setPollInterval(ms: number): void
  poll(): void
  produce(topic: string, partition: number, value: Buffer, key: null, timestamp: null, opaque?: unknown): void
  flush(ms: number, callback: Callback): void
  on(event: 'event.error', listener: (error: Error) => void): void
  on(event: 'delivery-report', listener: (error: Error | null, report: { opaque: (error: Error | null) => void }) => void): void
}
interface Consumer extends Handle {
  assign(assignments: object[]): void
  subscribe(topics: string[]): void
  setDefaultConsumeTimeout(ms: number): void
  consume(count: number, callback: (error: Error | null, messages: { value: Buffer }[]) => void): void
}
interface Rdkafka {
  Producer: new (config: object) => Producer
  KafkaConsumer: new (config: object, topicConfig: object) => Consumer
  CODES: { ERRORS: { ERR__QUEUE_FULL: number } }
  features: string[]
  librdkafkaVersion: string
}

/** Records a turn of the event loop. */
const BURST = 1000
const POLL_MS = 100
/** Milliseconds between polls when callers wait for the reports. */
const FAST_POLL_MS = 1
const CONSUMED_AT_A_TIME = 1000
/** With work for each of them. */
const WORKED_AT_A_TIME = 50
const CONSUME_TIMEOUT_MS = 50
const LONGEST_FLUSH_MS = 60_000

const throughput = {
  'linger.ms': 50,
  'batch.num.messages': 100_000,
  'batch.size': 1_000_000,
  'queue.buffering.max.messages': 500_000,
  'queue.buffering.max.kbytes': 262_144,
  'delivery.report.only.error': true,
}
const latency = { 'linger.ms': 0, 'socket.nagle.disable': true }
const consumption = { 'queued.min.messages': 1_000_000, 'fetch.wait.max.ms': 100 }
const AUTOCOMMIT_MS = 1000

export async function load({ compression, idempotent, scenario }: Job): Promise<Client> {
  const require = createRequire(import.meta.url)
  const kafka = require('node-rdkafka') as Rdkafka
  const { version } = require('node-rdkafka/package.json') as { version: string }
  if (compression !== 'none' && !kafka.features.includes(compression)) {
    throw new Unable(`its librdkafka was built without ${compression}`)
  }
  const sending = {
    ...(scenario === 'firehose' ? throughput : latency),
    'request.required.acks': -1,
    'enable.idempotence': idempotent,
    'compression.codec': compression,
    dr_cb: true,
  }
  const open = async ({ brokers }: Job) => {
    const producer = new kafka.Producer({ ...sending, 'metadata.broker.list': brokers.join(',') })
    await connected(producer)
    return producer
  }
  const isFull = (error: unknown) => (error as { code?: number }).code === kafka.CODES.ERRORS.ERR__QUEUE_FULL
  return {
    name: `node-rdkafka ${version.replace('v', '')} (librdkafka ${kafka.librdkafkaVersion}) on Node ${process.versions.node}`,
    settings: {
      sending: "acks all, dr_cb; idempotence and compression are the scenario's",
      firehose: `produce in turns of ${BURST}, poll every ${POLL_MS} ms and when the queue is full, flush; ${told(throughput)}`,
      'awaited, batches': `produce, delivery reports are awaited, poll every ${FAST_POLL_MS} ms; ${told(latency)}`,
      fetch: `assign, consume(${CONSUMED_AT_A_TIME}, callback), autocommit off; ${told(consumption)}`,
      group: `subscribe, consume(${CONSUMED_AT_A_TIME}, callback), autocommit every ${AUTOCOMMIT_MS} ms; ${told(consumption)}`,
      cpu: `as group, with consume(${WORKED_AT_A_TIME}, callback)`,
    },
    runs: {
      async firehose(job, meter) {
        const producer = await open(job)
        producer.setPollInterval(POLL_MS)
        await firehose(sender(producer, job, isFull), job, meter)
        await closed(producer)
      },
      async awaited(job, meter) {
        const producer = await open(job)
        await awaitEach(caller(producer, job), job, meter)
        await closed(producer)
      },
      async batches(job, meter) {
        const producer = await open(job)
        await awaitEach(caller(producer, job), job, meter)
        await closed(producer)
      },
      fetch: (job, meter) => consume(kafka, job, meter, false, CONSUMED_AT_A_TIME, touch),
      group: (job, meter) => consume(kafka, job, meter, true, CONSUMED_AT_A_TIME, touch),
      cpu: (job, meter) => consume(kafka, job, meter, true, WORKED_AT_A_TIME, labour),
    },
  }
}

const told = (config: object) =>
  Object.entries(config)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

function connected(handle: Handle): Promise<void> {
  return new Promise((resolve, reject) => {
    handle.on('event.error', reject)
    handle.connect({}, (error) => (error ? reject(error) : resolve()))
  })
}

function closed(handle: Handle): Promise<void> {
  return new Promise((resolve) => handle.disconnect(() => resolve()))
}

function sender(producer: Producer, job: Job, isFull: (error: unknown) => boolean): Send {
  const places = placesOf(job)
  const values = valuesOf(job)
  let failed: Error | undefined
  // of failures only
  producer.on('delivery-report', (error) => {
    failed ??= error ?? undefined
  })
  return (records, deadline) =>
    new Promise((resolve, reject) => {
      let sent = 0
      const end = (error: Error | null | undefined) => (error ? reject(error) : resolve(sent))
      const burst = (): void => {
        try {
          for (const stop = Math.min(records, sent + BURST); sent < stop; sent++) {
            const { topic, partition } = places[sent % places.length]!
            producer.produce(topic, partition, values[sent % values.length]!, null, null)
          }
        } catch (error) {
          if (isFull(error)) producer.poll()
          else failed ??= error as Error
        }
        if (failed) end(failed)
        else if (sent < records && performance.now() < deadline) setImmediate(burst)
        else producer.flush(LONGEST_FLUSH_MS, (error) => end(error ?? failed))
      }
      burst()
    })
}

function caller(producer: Producer, job: Job): (n: number) => Promise<void> {
  const places = placesOf(job)
  const values = valuesOf(job)
  const { callRecords } = job
  producer.setPollInterval(FAST_POLL_MS)
  producer.on('delivery-report', (error, { opaque }) => opaque(error))
  return (call) =>
    new Promise((resolve, reject) => {
      let left = callRecords
      const report = (error: Error | null): void => {
        if (error) reject(error)
        else if (--left === 0) resolve()
      }
      for (let n = call * callRecords, end = n + callRecords; n < end; n++) {
        const { topic, partition } = places[n % places.length]!
        producer.produce(topic, partition, values[n % values.length]!, null, null, report)
      }
    })
}

async function consume(
  { KafkaConsumer }: Rdkafka,
  job: Job,
  meter: Meter,
  inGroup: boolean,
  atATime: number,
  handle: Handler,
): Promise<void> {
  const config = {
    ...consumption,
    'metadata.broker.list': job.brokers.join(','),
    'group.id': `bench-${Date.now()}`,
    'enable.auto.commit': inGroup,
    'auto.commit.interval.ms': AUTOCOMMIT_MS,
  }
  const consumer = new KafkaConsumer(config, { 'auto.offset.reset': 'earliest' })
  await connected(consumer)
  consumer.setDefaultConsumeTimeout(CONSUME_TIMEOUT_MS)
  let reading: Reading | undefined
  if (inGroup) consumer.subscribe(job.topics)
  else consumer.assign(placesOf(job).map((place) => ({ ...place, offset: 0 })))
  await new Promise<void>((resolve, reject) => {
    const next = (): void =>
      consumer.consume(atATime, (error, messages) => {
        if (error) return reject(error)
        // in a group the first ones come when it has joined
        if (inGroup && !reading && messages.length === 0) return next()
        reading ??= new Reading(job, meter)
        if (handle(reading, messages)) resolve()
        else next()
      })
    next()
  })
  await closed(consumer)
}
