/**
 * Run as a process of its own: hands in records as fast as one way of sending takes them, until told to stop, and says what that cost
 * in memory and in turns of the event loop. What it wrote is for its parent to judge: every value says which partition it is for and
 * the how manieth of that partition it is.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BatchResult, Kafka, type KafkaError, type KafkaOptions, type RecordMetadata } from '../../src/main/index.ts'
import { peakMemory, restartPeak } from '../support/peak-memory.ts'

export type Way = 'produce' | 'tryProduce' | 'produceAsync' | 'produceAsync, deaf' | 'produceBatch' | 'produceBatchAsync'

export interface PressureTask {
  options: KafkaOptions
  topic: string
  partitions: number
  way: Way
  valueBytes: number
  bufferMemory: number
  /** Of `produce`: how many records wait at once; of `produceBatch`: how many batches of a thousand. */
  callers: number
}

export interface PressureReport {
  /** Taken by each partition. */
  sent: number[]
  acked: number
  /** Settled twice, or with somebody else's offset. */
  wrong: string[]
  errors: string[]
  /** How often a call refused, said false or had to wait. */
  pushedBack: number
  drains: number
  mostBuffered: number
  baseMiB: number
  peakMiB: number
  delayP99Ms: number
  delayMaxMs: number
}

const task = JSON.parse(process.argv[2]!) as PressureTask
const { options, topic, partitions, way, valueBytes, bufferMemory, callers } = task
const MIB = 1024 * 1024
const BURST = 1_000

const errors: string[] = []
const wrong: string[] = []
const sent = new Array<number>(partitions).fill(0)
/** By partition, one bit an offset: each record is acknowledged once. */
const seen: Uint8Array[] = sent.map(() => new Uint8Array(65_536))
let acked = 0
let pushedBack = 0
let drains = 0
let mostBuffered = 0
let over = false
let turn = 0

process.on('unhandledRejection', (thrown) => errors.push(`unhandled: ${thrown}`))
process.on('uncaughtException', (thrown) => errors.push(`uncaught: ${thrown}`))

const kafka = new Kafka(options)
const producer = kafka.producer({ bufferMemory })
producer.on('drain', () => drains++)
producer.on('error', (error) => complain(errors, `unobserved: ${error.code} ${error.message}`))

function complain(list: string[], text: string): void {
  if (list.length < 20) list.push(text)
}

function fill(value: Buffer): { topic: string; partition: number; value: Buffer } {
  const partition = turn++ % partitions
  value.writeUInt32LE(partition, 0)
  value.writeUInt32LE(0, 4)
  value.writeUInt32LE(sent[partition]!, 8)
  value.fill(sent[partition]! & 0xff, 12)
  return { topic, partition, value }
}

function taken(partition: number): void {
  sent[partition]!++
  if (producer.bufferedBytes > mostBuffered) mostBuffered = producer.bufferedBytes
}

const onAck = ({ partition, offset }: RecordMetadata): void => {
  acked++
  if (offset < 0) return
  const byte = offset >> 3
  while (seen[partition]!.length <= byte) seen[partition] = grown(seen[partition]!)
  const bits = seen[partition]!
  if ((bits[byte]! & (1 << (offset & 7))) !== 0) complain(wrong, `${partition}@${offset} was acknowledged twice`)
  bits[byte]! |= 1 << (offset & 7)
}

function grown(bits: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bits.length * 2)
  larger.set(bits)
  return larger
}

const onError = (error: KafkaError): void => complain(errors, `${error.code} ${error.outcome} ${error.message}`)
const settle = (error: KafkaError | null, metadata?: RecordMetadata): void => (error ? onError(error) : onAck(metadata!))
const settleAll = (results: readonly BatchResult[]): void => {
  for (const result of results) result.ok ? onAck(result.metadata) : onError(result.error)
}
const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve))
const scratch = Buffer.alloc(valueBytes)

const ways: Record<Way, () => Promise<void>> = {
  async produce() {
    const call = async (): Promise<void> => {
      const value = Buffer.alloc(valueBytes)
      while (!over) {
        const record = fill(value)
        const before = producer.bufferedBytes
        const sending = producer.produce(record)
        if (producer.bufferedBytes === before) pushedBack++
        taken(record.partition)
        await sending.then(onAck, onError)
      }
    }
    await Promise.all(Array.from({ length: callers }, call))
  },
  async tryProduce() {
    let unsettled = 0
    const onOne = (metadata: RecordMetadata): void => {
      unsettled--
      onAck(metadata)
    }
    const onNone = (error: KafkaError): void => {
      unsettled--
      onError(error)
    }
    while (!over) {
      for (let burst = 0; burst < BURST; burst++) {
        const record = fill(scratch)
        const sending = producer.tryProduce(record)
        if (!sending) {
          turn--
          pushedBack++
          await sleep(1)
          break
        }
        taken(record.partition)
        unsettled++
        sending.then(onOne, onNone)
      }
      await turnOfTheLoop()
    }
    while (unsettled > 0) await sleep(5)
  },
  async produceAsync() {
    while (!over) {
      let room = true
      for (let burst = 0; burst < BURST && room; burst++) {
        const record = fill(scratch)
        room = producer.produceAsync(record, settle)
        taken(record.partition)
      }
      if (room) await turnOfTheLoop()
      else {
        pushedBack++
        await new Promise<void>((resolve) => producer.once('drain', resolve))
      }
    }
  },
  async 'produceAsync, deaf'() {
    let told = 0
    producer.on('drain', () => told++)
    while (!over) {
      try {
        for (let burst = 0; burst < BURST; burst++) {
          const record = fill(scratch)
          producer.produceAsync(record)
          taken(record.partition)
        }
      } catch (thrown) {
        turn--
        if ((thrown as KafkaError).code !== 'BUFFER_FULL') throw thrown
        pushedBack++
        await sleep(1)
      }
      await turnOfTheLoop()
    }
    await producer.flush()
    acked = sent.reduce((sum, count) => sum + count)
  },
  async produceBatch() {
    const call = async (): Promise<void> => {
      const values = Array.from({ length: BURST }, () => Buffer.alloc(valueBytes))
      while (!over) {
        const records = values.map((value) => {
          const record = fill(value)
          taken(record.partition)
          return record
        })
        const before = producer.bufferedBytes
        const sending = producer.produceBatch(records)
        if (producer.bufferedBytes - before < BURST * valueBytes) pushedBack++
        await sending.then(settleAll, onError)
      }
    }
    await Promise.all(Array.from({ length: callers }, call))
  },
  async produceBatchAsync() {
    const values = Array.from({ length: BURST }, () => Buffer.alloc(valueBytes))
    while (!over) {
      const records = values.map((value) => {
        const record = fill(value)
        taken(record.partition)
        return record
      })
      if (producer.produceBatchAsync(records, settleAll)) await turnOfTheLoop()
      else {
        pushedBack++
        await new Promise<void>((resolve) => producer.once('drain', resolve))
      }
    }
  },
}

async function main(): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const record = fill(scratch)
    taken(record.partition)
    await producer.produce(record).then(onAck, onError)
  }
  const base = restartPeak()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  process.on('message', () => (over = true))
  process.send!('begun')
  await ways[way]()
  await producer.flush()
  delay.disable()
  const report: PressureReport = {
    sent,
    acked,
    wrong,
    errors,
    pushedBack,
    drains,
    mostBuffered,
    baseMiB: Math.round(base / MIB),
    peakMiB: Math.round(peakMemory() / MIB),
    delayP99Ms: Math.round(delay.percentile(99) / 1e6),
    delayMaxMs: Math.round(delay.max / 1e6),
  }
  process.send!(report)
  await kafka.close()
  process.disconnect()
}

await main()
