/** odradek under measurement, from its sources or as built. */
import { existsSync } from 'node:fs'
import { BroadcastChannel } from 'node:worker_threads'
import type { ConsumerGroupOptions, Kafka, Producer } from '../../src/main/index.ts'
import { awaitEach, type Client, firehose, placesOf, Reading, type Send, touch } from '../client.ts'
import type { Job } from '../job.ts'
import type { Meter } from '../meter.ts'
import { valuesOf } from '../values.ts'
import { CHANNEL, type Done } from './odradek-handler.ts'

type Odradek = typeof import('../../src/main/index.ts')

/** The checkout: this module is run from `bench/built` as well. */
const checkout = new URL(import.meta.url.includes('/bench/built/') ? '../../../../' : '../../', import.meta.url)
const roots = { src: new URL('src/main/index.ts', checkout), dist: new URL('dist/main/index.js', checkout) }
/** How many I/O threads, where that is what is measured. */
const ioThreads = new URL(import.meta.url).searchParams.get('ioThreads')
const GROUP = { handlerMaxBatchSize: 'dynamic', handlerMaxCommitsInFlight: 4, fetchMaxBytes: 1 << 20 } as const
/** As many records at a time as the other clients work for. */
const CPU = { threads: 2, handlerMaxBatchSize: 50, handlerMaxCommitsInFlight: 4 } as const
/** Records a turn of the event loop, as a service has other things to do as well. */
const BURST = 1000

export async function load({ odradek, idempotent, compression }: Job): Promise<Client> {
  const root = roots[odradek]
  if (!existsSync(root)) throw new Error('there is no dist: npm run build')
  const { Kafka } = (await import(root.href)) as Odradek
  const connect = async ({ brokers }: Job) => {
    const kafka = new Kafka({ brokers, clientId: 'bench', ...(ioThreads !== null && { ioThreads: Number(ioThreads) }) })
    await kafka.connect()
    return kafka
  }
  const options = { ...(idempotent ? {} : { idempotent }), ...(compression === 'none' ? {} : { compression }) }
  return {
    name: `odradek (${odradek === 'src' ? 'run from its sources' : 'as built'})${ioThreads === null ? '' : `, ioThreads ${ioThreads}`}`,
    settings: {
      sending: "all defaults (acks all, idempotent), but that idempotence and compression are the scenario's",
      firehose: `produceAsync in turns of ${BURST}, 'drain', flush`,
      awaited: 'produce',
      batches: 'produceBatch',
      transactions: 'kafka.transaction and tx.produceBatch',
      fetch: 'kafka.fetch',
      group: `a handler on the main thread; ${told(GROUP)}`,
      cpu: `a handler in threads; ${told(CPU)}`,
    },
    runs: {
      async firehose(job, meter) {
        await using kafka = await connect(job)
        await firehose(sender(kafka.producer(options), job), job, meter)
      },
      async awaited(job, meter) {
        await using kafka = await connect(job)
        const producer = kafka.producer(options)
        const places = placesOf(job)
        const value = valuesOf(job)[0]!
        await awaitEach(
          (n) => {
            const { topic, partition } = places[n % places.length]!
            return producer.produce({ topic, partition, value })
          },
          job,
          meter,
        )
      },
      async batches(job, meter) {
        await using kafka = await connect(job)
        await awaitEach(caller(kafka.producer(options), job), job, meter)
      },
      async transactions(job, meter) {
        await using kafka = await connect(job)
        const batch = batcher(job)
        const call = async (n: number) => {
          await kafka.transaction((tx) => tx.produceBatch(batch(n)))
        }
        await awaitEach(call, job, meter)
      },
      async fetch(job, meter) {
        await using kafka = await connect(job)
        await fetch(kafka, job, meter)
      },
      async group(job, meter) {
        await using kafka = await connect(job)
        await consume(kafka, job, meter)
      },
      async cpu(job, meter) {
        await using kafka = await connect(job)
        await consumeInThreads(kafka, job, meter)
      },
    },
  }
}

const told = (options: object) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

function sender(producer: Producer, job: Job): Send {
  const values = valuesOf(job)
  const places = placesOf(job)
  return (records, deadline) =>
    new Promise((resolve, reject) => {
      let sent = 0
      const burst = (): void => {
        if (performance.now() < deadline)
          for (const end = Math.min(records, sent + BURST); sent < end; ) {
            const { topic, partition } = places[sent % places.length]!
            const room = producer.produceAsync({ topic, partition, value: values[sent % values.length]! })
            sent++
            if (!room && sent < records) {
              producer.once('drain', burst)
              return
            }
          }
        if (sent < records && performance.now() < deadline) setImmediate(burst)
        else producer.flush().then(() => resolve(sent), reject)
      }
      burst()
    })
}

/** The records of the n-th call. */
function batcher(job: Job) {
  const values = valuesOf(job)
  const places = placesOf(job)
  const record = (n: number) => ({ ...places[n % places.length]!, value: values[n % values.length]! })
  return (n: number) => Array.from({ length: job.callRecords }, (_, index) => record(n * job.callRecords + index))
}

function caller(producer: Producer, job: Job): (n: number) => Promise<void> {
  const batch = batcher(job)
  return async (n) => {
    const results = await producer.produceBatch(batch(n))
    for (const result of results) if (!result.ok) throw result.error
  }
}

async function fetch(kafka: Kafka, job: Job, meter: Meter): Promise<void> {
  const { partitions } = job
  const [topic] = job.topics as [string]
  const positions = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }))
  const reading = new Reading(job, meter)
  while (!reading.done)
    for (const { partition, nextOffset, records } of await kafka.fetch(positions)) {
      let bytes = 0
      for (const { value } of records) bytes += value!.length
      reading.saw(records.length, bytes)
      positions[partition]!.offset = nextOffset
    }
}

async function consume(kafka: Kafka, job: Job, meter: Meter): Promise<void> {
  let reading: Reading | undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  await inGroup(kafka, job, promise, {
    topics: [{ name: job.topics[0]!, offsetResetPolicy: 'earliest', ...GROUP }],
    handler: {
      handleRecordBatch(_topic, _partition, records) {
        reading ??= new Reading(job, meter)
        if (touch(reading, records)) resolve()
      },
    },
  })
}

async function consumeInThreads(kafka: Kafka, job: Job, meter: Meter): Promise<void> {
  let reading: Reading | undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = (message) => {
    const [records, bytes] = (message as { data: Done }).data
    reading ??= new Reading(job, meter)
    if (reading.saw(records, bytes)) resolve()
  }
  const { threads, ...config } = CPU
  const extension = new URL(import.meta.url).pathname.endsWith('.ts') ? '.ts' : '.js'
  await inGroup(kafka, job, promise, {
    topics: [{ name: job.topics[0]!, offsetResetPolicy: 'earliest', ...config }],
    handler: new URL(`odradek-handler${extension}`, import.meta.url),
    threads,
  })
  channel.close()
}

/** Until `enough`, or until the group cannot go on. */
async function inGroup(
  kafka: Kafka,
  job: Job,
  enough: Promise<void>,
  options: Omit<ConsumerGroupOptions, 'groupName'>,
): Promise<void> {
  const group = kafka.consumerGroup({ groupName: `bench-${job.topics[0]}-${Date.now()}`, ...options })
  const failed = Promise.withResolvers<never>()
  group.on('fatal', failed.reject)
  group.on('partitionFailed', ({ error }) => failed.reject(error))
  await group.start()
  await Promise.race([enough, failed.promise])
  await group.stop()
}
