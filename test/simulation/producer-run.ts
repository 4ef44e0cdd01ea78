/**
 * One simulated run of producers against a three-node cluster in trouble, judged by content: what was acknowledged is in the log
 * once, where it was said to be; what was called not written is not there; order per partition is the order of the sends.
 */
import { Kafka, type KafkaError, type RecordMetadata } from '../../src/main/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { SimEnv } from '../support/sim-env.ts'

export interface Sent {
  partition: number
  sequence: number
  result: { metadata: RecordMetadata } | { error: KafkaError } | undefined
}

export interface RunReport {
  sent: number
  acked: number
  notWritten: number
  possiblyWritten: number
  faults: string[]
  problems: string[]
}

const TOPIC = 'sim'
const PARTITIONS = 4
/** Errors that a broker may answer with, and whether the batch is in its log all the same. */
const REFUSALS: { error: number; afterAppend: boolean }[] = [
  { error: ErrorCode.NOT_LEADER_OR_FOLLOWER, afterAppend: false },
  { error: ErrorCode.NOT_ENOUGH_REPLICAS, afterAppend: false },
  { error: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, afterAppend: true },
  { error: ErrorCode.REQUEST_TIMED_OUT, afterAppend: true },
  { error: ErrorCode.REQUEST_TIMED_OUT, afterAppend: false },
  { error: ErrorCode.KAFKA_STORAGE_ERROR, afterAppend: false },
  { error: ErrorCode.MESSAGE_TOO_LARGE, afterAppend: false },
  { error: ErrorCode.CORRUPT_MESSAGE, afterAppend: false },
  { error: ErrorCode.INVALID_RECORD, afterAppend: false },
  { error: ErrorCode.UNKNOWN_PRODUCER_ID, afterAppend: false },
]

let warm: Promise<unknown> | undefined

export async function runProducers(seed: number): Promise<RunReport> {
  // code is loaded in real time, which must not happen in the middle of a run that is to be repeatable
  warm ??= run(0, 20)
  await warm
  return run(seed, 300)
}

async function run(seed: number, records: number): Promise<RunReport> {
  const env = new SimEnv(seed)
  const bugs: unknown[] = []
  const options = clusterOptions({ nodes: 3, topics: [{ topic: TOPIC, partitions: PARTITIONS, replicationFactor: 3 }] })
  const cluster = new Cluster(env, { ...options, onBug: (bug) => bugs.push(bug) })
  await env.run(cluster.start())
  const brokers = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
  const pick = (n: number): number => Math.floor(env.random() * n)
  const kafka = new Kafka(
    {
      brokers,
      ioThreads: 0,
      requestTimeoutMs: 1500,
      connectTimeoutMs: 1000,
      submissionRingBytes: 65_536,
      pipelineBytes: [0, 500, 32_768][pick(3)]!,
    },
    env,
  )
  const deliveryTimeoutMs = [400, 3_000, 120_000][pick(3)]!
  const producer = kafka.producer({
    deliveryTimeoutMs,
    batchBytes: [2_000, 20_000][pick(2)]!,
    bufferMemory: 131_072,
    lingerMs: [0, 0, 5][pick(3)]!,
  })
  const faults: string[] = []
  const trouble = new Trouble(env, cluster, faults, pick)
  trouble.start()

  const sent: Sent[] = []
  const waits: Promise<unknown>[] = []
  const settledTwice: string[] = []
  const settle = (record: Sent, result: NonNullable<Sent['result']>): void => {
    if (record.result) settledTwice.push(`${record.partition}:${record.sequence}`)
    record.result = result
  }
  for (let sequence = 0; sequence < records; ) {
    const burst = 1 + pick(12)
    for (let i = 0; i < burst && sequence < records; i++) {
      const record: Sent = { partition: pick(PARTITIONS), sequence: sequence++, result: undefined }
      sent.push(record)
      const value = `${record.partition}:${record.sequence}:${'x'.repeat(pick(600))}`
      waits.push(
        producer.produce({ topic: TOPIC, partition: record.partition, value }).then(
          (metadata) => settle(record, { metadata }),
          (error) => settle(record, { error }),
        ),
      )
    }
    await env.run(new Promise<void>((resolve) => env.setTimeout(resolve, pick(3) === 0 ? pick(400) : pick(20))))
  }
  trouble.end()
  await env.run(Promise.all(waits), 300_000)
  const logs = await env.run(readAll(kafka), 120_000)
  await env.run(kafka.close())
  cluster.close()
  const problems = [
    ...judge(sent, logs),
    ...settledTwice.map((which) => `${which} was settled twice`),
    ...bugs.map((bug) => `broker bug: ${bug}`),
  ]
  const failed = sent.flatMap(({ result }) => (result && 'error' in result ? [result.error] : []))
  return {
    sent: sent.length,
    acked: sent.length - failed.length,
    notWritten: failed.filter(({ outcome }) => outcome === 'not-written').length,
    possiblyWritten: failed.filter(({ outcome }) => outcome === 'possibly-written').length,
    faults,
    problems,
  }
}

/** Causes faults at random moments until it is ended; then everything heals. */
class Trouble {
  readonly #env: SimEnv
  readonly #cluster: Cluster
  readonly #faults: string[]
  readonly #pick: (n: number) => number
  #over = false
  readonly #down = new Set<number>()

  constructor(env: SimEnv, cluster: Cluster, faults: string[], pick: (n: number) => number) {
    this.#env = env
    this.#cluster = cluster
    this.#faults = faults
    this.#pick = pick
  }

  start(): void {
    this.#env.setTimeout(() => {
      if (this.#over) return
      this.#strike()
      this.start()
    }, 20 + this.#pick(400))
  }

  end(): void {
    this.#over = true
    this.#cluster.desk.clear()
  }

  #strike(): void {
    const cluster = this.#cluster
    const node = 1 + this.#pick(3)
    const note = (text: string): void => void this.#faults.push(`${this.#env.now().toFixed(0)} ms: ${text}`)
    switch (this.#pick(7)) {
      case 0: {
        const pipes = [...this.#env.pipes]
        const pipe = pipes[this.#pick(pipes.length)]
        if (pipe) {
          note('connection cut')
          pipe.cut(new Error('read ECONNRESET'))
        }
        break
      }
      case 1: {
        const partition = this.#pick(PARTITIONS)
        if (this.#down.has(node)) break
        note(`leader of ${partition} moves to ${node}`)
        cluster.moveLeader(TOPIC, partition, node)
        break
      }
      case 2:
        if (this.#down.size > 1 || this.#down.has(node)) break
        note(`node ${node} stops`)
        this.#down.add(node)
        cluster.stopNode(node)
        this.#env.setTimeout(() => {
          this.#down.delete(node)
          void cluster.startNode(node)
        }, 50 + this.#pick(3000))
        break
      case 3:
      case 4: {
        const { error, afterAppend } = REFUSALS[this.#pick(REFUSALS.length)]!
        const partition = this.#pick(PARTITIONS)
        note(`produce to ${partition} answers ${error}${afterAppend ? ' after append' : ''}`)
        cluster.desk.add({
          kind: 'fail',
          apiKey: produce.key,
          times: 1 + this.#pick(3),
          error,
          afterAppend,
          topic: TOPIC,
          partition,
        })
        break
      }
      case 5: {
        const afterApply = this.#pick(2) === 0
        note(`produce ${afterApply ? 'applied and ' : ''}dropped`)
        cluster.desk.add({ kind: 'drop', apiKey: produce.key, times: 1, afterApply })
        break
      }
      case 6: {
        const afterApply = this.#pick(2) === 0
        note(`produce ${afterApply ? 'applied and ' : ''}never answered`)
        cluster.desk.add({ kind: 'hang', apiKey: produce.key, times: 1, afterApply })
        break
      }
    }
  }
}

interface Found {
  offset: number
  sequence: number
}

async function readAll(kafka: Kafka): Promise<Found[][]> {
  const logs: Found[][] = Array.from({ length: PARTITIONS }, () => [])
  const ends = await kafka.admin.listOffsets(
    logs.map((_, partition) => ({ topic: TOPIC, partition, timestamp: 'latest' as const })),
    { timeoutMs: 60_000 },
  )
  for (const { partition, offset: end } of ends) {
    for (let offset = 0; offset < end; ) {
      const [batch] = await kafka.fetch([{ topic: TOPIC, partition, offset }], { timeoutMs: 60_000 })
      for (const record of batch!.records) {
        const [home, sequence] = String(record.value).split(':')
        if (Number(home) !== partition) throw new Error(`a record of partition ${home} is in partition ${partition}`)
        logs[partition]!.push({ offset: record.offset, sequence: Number(sequence) })
      }
      offset = batch!.nextOffset
    }
  }
  return logs
}

function judge(sent: Sent[], logs: Found[][]): string[] {
  const problems: string[] = []
  for (const [partition, log] of logs.entries()) {
    const seen = new Set<number>()
    let last = -1
    for (const { offset, sequence } of log) {
      if (seen.has(sequence)) problems.push(`IP3: ${partition}:${sequence} is in the log twice, again at ${offset}`)
      else if (sequence < last) problems.push(`IP4: ${partition}:${sequence} at ${offset} comes after ${last}`)
      seen.add(sequence)
      last = Math.max(last, sequence)
    }
    const at = new Map(log.map(({ offset, sequence }) => [sequence, offset]))
    for (const { partition: home, sequence, result } of sent) {
      if (home !== partition) continue
      const offset = at.get(sequence)
      if (!result) problems.push(`IP7: ${home}:${sequence} was never settled`)
      else if ('metadata' in result) {
        if (offset === undefined) problems.push(`IP1: ${home}:${sequence} was acknowledged and is not in the log`)
        else if (result.metadata.offset !== -1 && result.metadata.offset !== offset) {
          problems.push(`IP1: ${home}:${sequence} was said to be at ${result.metadata.offset} and is at ${offset}`)
        }
      } else if (result.error.outcome === undefined)
        problems.push(`IP2: ${home}:${sequence} failed without an outcome: ${result.error.message}`)
      else if (result.error.outcome === 'not-written' && offset !== undefined) {
        problems.push(`IP2: ${home}:${sequence} was called not written and is at ${offset}: ${result.error.message}`)
      }
    }
  }
  return problems
}
