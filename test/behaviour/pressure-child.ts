/**
 * Run as a process of its own: hands in records as fast as each way of sending takes them, until told to stop, and says what that cost
 * in memory and in turns of the event loop. What it wrote is for its parent to judge: the values are those of `numbered-values.ts`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type BatchResult,
  Kafka,
  type KafkaError,
  type KafkaOptions,
  type Producer,
  type RecordMetadata,
} from '../../src/main/index.ts'
import { peakMemory, restartPeak } from '../support/peak-memory.ts'
import { writeNumbered } from './numbered-values.ts'

export type Way = 'produce' | 'tryProduce' | 'produceAsync' | 'produceAsync without heed' | 'produceBatch' | 'produceBatchAsync'

export interface PressureTask {
  options: KafkaOptions
  /** Each way has a producer and a topic of its own. */
  flows: { way: Way; topic: string }[]
  partitions: number
  valueBytes: number
  bufferMemory: number
  /** How many calls of `produce`, and of `produceBatch` with a thousand records each, are under way at once. */
  callers: number
  batchCallers: number
}

export interface FlowReport {
  way: Way
  topic: string
  /** Taken for each partition. */
  sent: number[]
  acked: number
  /** What was settled twice or failed. */
  wrong: string[]
  /** How often a call refused, said false or had to wait. */
  pushedBack: number
  drains: number
  mostBuffered: number
}

export interface PressureReport {
  flows: FlowReport[]
  /** Before it sent at full speed. */
  baseMiB: number
  /** The most while everything flowed. */
  warmMiB: number
  /** The most of all. */
  peakMiB: number
  /** While the parent said so. */
  stalled: { delayP99Ms: number; delayMaxMs: number; cpuPercent: number; grewMiB: number }
  /** From the stall to the end. */
  delayP99Ms: number
  delayMaxMs: number
}

const task = JSON.parse(process.argv[2]!) as PressureTask
const MIB = 1024 * 1024
const BURST = 1_000
const IDLE_LOOKS = 20
const STEADY_PATIENCE_MS = 10_000
const unexpected: string[] = []
let over = false

process.on('unhandledRejection', (thrown) => unexpected.push(`unhandled: ${thrown}`))
process.on('uncaughtException', (thrown) => unexpected.push(`uncaught: ${thrown}`))

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** One way of sending at full speed. */
class Flow {
  readonly report: FlowReport
  readonly #producer: Producer
  readonly #scratch = Buffer.alloc(task.valueBytes)
  /** By partition, one bit an offset. */
  readonly #seen: Uint8Array[]
  #turn = 0
  #unsettled = 0

  constructor(kafka: Kafka, way: Way, topic: string) {
    const sent = new Array<number>(task.partitions).fill(0)
    this.report = { way, topic, sent, acked: 0, wrong: [], pushedBack: 0, drains: 0, mostBuffered: 0 }
    this.#seen = sent.map(() => new Uint8Array(65_536))
    this.#producer = kafka.producer({ name: way, bufferMemory: task.bufferMemory })
    this.#producer.on('drain', () => this.report.drains++)
    this.#producer.on('error', (error) => this.#complain(`unobserved: ${error.code} ${error.message}`))
  }

  /** The first record of each partition, so that everything is open. */
  async begin(): Promise<void> {
    for (let i = 0; i < task.partitions; i++) {
      const record = this.#next(this.#scratch)
      this.#taken(record.partition)
      await this.#producer.produce(record).then(this.#onAck, this.#onError)
    }
  }

  async run(): Promise<void> {
    switch (this.report.way) {
      case 'produce':
        await Promise.all(Array.from({ length: task.callers }, () => this.#produce()))
        break
      case 'tryProduce':
        await this.#tryProduce()
        break
      case 'produceAsync':
        await this.#produceAsync()
        break
      case 'produceAsync without heed':
        await this.#produceWithoutHeed()
        break
      case 'produceBatch':
        await Promise.all(Array.from({ length: task.batchCallers }, () => this.#produceBatch()))
        break
      case 'produceBatchAsync':
        await this.#produceBatchAsync()
        break
    }
    await this.#producer.flush()
    while (this.#unsettled > 0) await sleep(5)
  }

  /** Resolves when it is pushed back, or stands still because all its calls have been already. */
  async whenFull(): Promise<void> {
    const { report } = this
    const before = report.pushedBack
    let sent = -1
    for (let idle = 0; report.pushedBack === before && idle < IDLE_LOOKS; ) {
      const now = report.sent.reduce((sum, count) => sum + count)
      idle = now === sent ? idle + 1 : 0
      sent = now
      await sleep(20)
    }
  }

  #next(value: Buffer): { topic: string; partition: number; value: Buffer } {
    const partition = this.#turn++ % task.partitions
    writeNumbered(value, partition, 0, this.report.sent[partition]!)
    return { topic: this.report.topic, partition, value }
  }

  #taken(partition: number): void {
    this.report.sent[partition]!++
    this.report.mostBuffered = Math.max(this.report.mostBuffered, this.#producer.bufferedBytes)
  }

  async #produce(): Promise<void> {
    const value = Buffer.alloc(task.valueBytes)
    while (!over) {
      const record = this.#next(value)
      const before = this.#producer.bufferedBytes
      const sending = this.#producer.produce(record)
      if (this.#producer.bufferedBytes === before) this.report.pushedBack++
      this.#taken(record.partition)
      await sending.then(this.#onAck, this.#onError)
    }
  }

  async #tryProduce(): Promise<void> {
    const onAck = (metadata: RecordMetadata): void => {
      this.#unsettled--
      this.#onAck(metadata)
    }
    const onError = (error: KafkaError): void => {
      this.#unsettled--
      this.#onError(error)
    }
    while (!over) {
      let refused = 0
      for (let burst = 0; burst < BURST && refused < task.partitions; burst++) {
        const record = this.#next(this.#scratch)
        const sending = this.#producer.tryProduce(record)
        if (sending) {
          this.#taken(record.partition)
          this.#unsettled++
          sending.then(onAck, onError)
        } else {
          refused++
          this.report.pushedBack++
        }
      }
      await (refused > 0 ? sleep(2) : nextTurn())
    }
  }

  async #produceAsync(): Promise<void> {
    while (!over) {
      let room = true
      for (let burst = 0; burst < BURST && room; burst++) {
        const record = this.#next(this.#scratch)
        room = this.#producer.produceAsync(record, this.#settle)
        this.#taken(record.partition)
      }
      await this.#heed(room)
    }
  }

  async #produceWithoutHeed(): Promise<void> {
    while (!over) {
      let refused = 0
      for (let burst = 0; burst < BURST && refused < task.partitions; burst++) {
        const record = this.#next(this.#scratch)
        try {
          this.#producer.produceAsync(record)
          this.#taken(record.partition)
        } catch (thrown) {
          if ((thrown as KafkaError).code !== 'BUFFER_FULL') throw thrown
          refused++
          this.report.pushedBack++
        }
      }
      await (refused > 0 ? sleep(2) : nextTurn())
    }
    await this.#producer.flush()
    // nobody heard of single ones; a failure would have come to light in the flush
    this.report.acked = this.report.sent.reduce((sum, count) => sum + count)
  }

  #batch(values: readonly Buffer[]): { topic: string; partition: number; value: Buffer }[] {
    return values.map((value) => {
      const record = this.#next(value)
      this.#taken(record.partition)
      return record
    })
  }

  async #produceBatch(): Promise<void> {
    const values = Array.from({ length: BURST }, () => Buffer.alloc(task.valueBytes))
    while (!over) {
      const records = this.#batch(values)
      const before = this.#producer.bufferedBytes
      const sending = this.#producer.produceBatch(records)
      if (this.#producer.bufferedBytes - before < BURST * task.valueBytes) this.report.pushedBack++
      await sending.then(this.#settleAll, this.#onError)
    }
  }

  async #produceBatchAsync(): Promise<void> {
    const values = Array.from({ length: BURST }, () => Buffer.alloc(task.valueBytes))
    while (!over) await this.#heed(this.#producer.produceBatchAsync(this.#batch(values), this.#settleAll))
  }

  async #heed(room: boolean): Promise<void> {
    if (room) return nextTurn()
    this.report.pushedBack++
    await new Promise<void>((resolve) => this.#producer.once('drain', resolve))
  }

  readonly #onAck = ({ partition, offset }: RecordMetadata): void => {
    this.report.acked++
    // a repetition that the broker recognised
    if (offset < 0) return
    const byte = offset >> 3
    let bits = this.#seen[partition]!
    if (byte >= bits.length) {
      const larger = new Uint8Array(Math.max(bits.length * 2, byte + 1))
      larger.set(bits)
      this.#seen[partition] = bits = larger
    }
    const bit = 1 << (offset & 7)
    if ((bits[byte]! & bit) !== 0) this.#complain(`${partition}@${offset} was acknowledged twice`)
    bits[byte]! |= bit
  }

  readonly #onError = (error: KafkaError): void => this.#complain(`${error.code} ${error.outcome} ${error.message}`)

  readonly #settle = (error: KafkaError | null, metadata?: RecordMetadata): void =>
    error ? this.#onError(error) : this.#onAck(metadata!)

  readonly #settleAll = (results: readonly BatchResult[]): void => {
    for (const result of results) result.ok ? this.#onAck(result.metadata) : this.#onError(result.error)
  }

  #complain(text: string): void {
    if (this.report.wrong.length < 20) this.report.wrong.push(text)
  }
}

/** Resolves when memory has grown to what full flow takes: it rose by less than a fiftieth in a second. */
async function steady(): Promise<void> {
  const end = performance.now() + STEADY_PATIENCE_MS
  for (let last = 0, now = peakMemory(); now > last * 1.02 && performance.now() < end; now = peakMemory()) {
    last = now
    await sleep(1_000)
  }
}

/** What is still wanted by somebody. */
function held(): number {
  global.gc!()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e6)

async function main(): Promise<void> {
  const kafka = new Kafka(task.options)
  const flows = task.flows.map(({ way, topic }) => new Flow(kafka, way, topic))
  for (const flow of flows) await flow.begin()
  const base = restartPeak()
  const always = monitorEventLoopDelay({ resolution: 5 })
  const inStall = monitorEventLoopDelay({ resolution: 5 })
  let stallBegan = 0
  let cpu = process.cpuUsage()
  let cpuPercent = 0
  let heldThen = 0
  let grew = 0
  let warm = 0
  always.enable()
  process.on('message', (word) => {
    if (word === 'stalling') {
      warm = peakMemory()
      always.reset()
      Promise.all(flows.map((flow) => flow.whenFull())).then(() => process.send!('full'))
    } else if (word === 'stalled') {
      heldThen = held()
      inStall.enable()
      stallBegan = performance.now()
      cpu = process.cpuUsage()
    } else if (word === 'released') {
      inStall.disable()
      const { user, system } = process.cpuUsage(cpu)
      cpuPercent = Math.round((user + system) / 10 / (performance.now() - stallBegan))
      grew = held() - heldThen
    } else over = true
  })
  steady().then(() => process.send!('flowing'))
  await Promise.all(flows.map((flow) => flow.run()))
  always.disable()
  flows[0]!.report.wrong.push(...unexpected)
  const report: PressureReport = {
    flows: flows.map((flow) => flow.report),
    baseMiB: Math.round(base / MIB),
    warmMiB: Math.round(warm / MIB),
    peakMiB: Math.round(peakMemory() / MIB),
    stalled: { delayP99Ms: ms(inStall.percentile(99)), delayMaxMs: ms(inStall.max), cpuPercent, grewMiB: Math.round(grew / MIB) },
    delayP99Ms: ms(always.percentile(99)),
    delayMaxMs: ms(always.max),
  }
  process.send!(report)
  await kafka.close()
  process.disconnect()
}

await main()
