/** odradek under measurement, from its sources or as built. */
import { existsSync } from 'node:fs'
import type { Kafka, Producer } from '../../src/main/index.ts'
import { awaitEach, type Client, recordValue } from '../client.ts'
import type { Job } from '../job.ts'
import type { Meter } from '../meter.ts'

type Odradek = typeof import('../../src/main/index.ts')

const roots = {
  src: new URL('../../src/main/index.ts', import.meta.url),
  dist: new URL('../../dist/main/index.js', import.meta.url),
}
/** Records a turn of the event loop, as a service has other things to do as well. */
const BURST = 1000

export async function load({ odradek }: Job): Promise<Client> {
  const root = roots[odradek]
  if (!existsSync(root)) throw new Error('there is no dist: npm run build')
  const { Kafka } = (await import(root.href)) as Odradek
  const open = (job: Job) => new Kafka({ brokers: job.brokers, clientId: 'bench' })
  return {
    name: `odradek (${odradek === 'src' ? 'run from its sources' : 'as built'})`,
    settings: { producer: 'all defaults: acks all, idempotent', calls: 'produceAsync and drain; produce; fetch' },
    runs: {
      async firehose(job, meter) {
        await using kafka = open(job)
        await kafka.connect()
        await firehose(kafka.producer(), job, meter)
      },
      async fetch(job, meter) {
        await using kafka = open(job)
        await kafka.connect()
        await fetch(kafka, job, meter)
      },
      async awaited(job, meter) {
        await using kafka = open(job)
        const producer = kafka.producer()
        const value = recordValue(job.size)
        const { topic } = job
        await awaitEach((partition) => producer.produce({ topic, partition, value }), job, meter)
      },
    },
  }
}

async function firehose(producer: Producer, job: Job, meter: Meter): Promise<void> {
  await send(producer, job, job.warmup)
  meter.begin()
  await send(producer, job, job.records)
  meter.end(job.records)
}

function send(producer: Producer, { topic, partitions, size }: Job, records: number): Promise<void> {
  const value = recordValue(size)
  return new Promise((resolve, reject) => {
    let sent = 0
    const burst = (): void => {
      for (const end = Math.min(records, sent + BURST); sent < end; ) {
        const room = producer.produceAsync({ topic, partition: sent++ % partitions, value })
        if (!room && sent < records) {
          producer.once('drain', burst)
          return
        }
      }
      if (sent < records) setImmediate(burst)
      else producer.flush().then(resolve, reject)
    }
    burst()
  })
}

async function fetch(kafka: Kafka, { topic, partitions, records }: Job, meter: Meter): Promise<void> {
  const positions = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }))
  let seen = 0
  let bytes = 0
  meter.begin()
  while (seen < records) {
    const batches = await kafka.fetch(positions)
    for (const { partition, nextOffset, records: found } of batches) {
      for (const { value } of found) bytes += value!.length
      seen += found.length
      positions[partition]!.offset = nextOffset
    }
  }
  meter.end(seen)
  if (bytes === 0) throw new Error('records without bytes')
}
