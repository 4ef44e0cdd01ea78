/**
 * Kafka's own Java tools, run against any bootstrap address: the reference client for interoperability tests. Owns the tools' options and
 * how their output is read; knows no cluster.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, findJava, finish, type JvmProfile, jvmFlags, spawnJava, tail } from './java.ts'
import { kafkaLibs } from './libs.ts'

export interface ToolOptions {
  input?: string | Buffer
  /** The tool is killed and the call rejects after this time; default one minute. */
  timeoutMs?: number
  /** `server` for measurements; default `quick`. */
  profile?: JvmProfile
  onProgress?: (what: string) => void
  /** Is told of the process as soon as it runs, to watch it. */
  onStart?: (child: ChildProcess) => void
}

/**
 * Runs the main class with the jars of Kafka, fetching these when they are not there. Resolves whatever the exit code is.
 * Rejects with KafkaUnavailable when there is no Java or no jars.
 */
export async function javaTool(mainClass: string, args: readonly string[], options: ToolOptions = {}): Promise<Finished> {
  findJava()
  const { jars, archive } = await kafkaLibs(options.onProgress ?? (() => {}))
  const flags = [...jvmFlags(options.profile ?? 'quick', 512, archive), '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']
  const child = spawnJava(flags, jars, mainClass, [...args], 'pipe')
  options.onStart?.(child)
  return finish(child, options.input ?? '', options.timeoutMs ?? 60_000)
}

/** As `javaTool`, but an exit code other than 0 rejects with what the tool printed. */
async function mustSucceed(mainClass: string, args: string[], options: ToolOptions): Promise<Finished> {
  const done = await javaTool(mainClass, args, options)
  if (done.code !== 0) {
    throw new Error(
      `${mainClass} ended with ${done.signal ?? `exit code ${done.code}`}\n${tail(done.stderr)}\n${tail(done.stdout)}`,
    )
  }
  return done
}

export type Properties = Readonly<Record<string, string | number | boolean>>

function pairs(option: string, properties: Properties): string[] {
  return Object.entries(properties).flatMap(([name, value]) => [option, `${name}=${value}`])
}

export interface ConsumedRecord {
  partition: number
  offset: number
  timestamp: number
  timestampType: 'CreateTime' | 'LogAppendTime' | 'NoTimestampType'
  key: Buffer | null
  value: Buffer | null
  headers: { key: string; value: Buffer | null }[]
}

export interface ConsoleConsumerOptions extends ToolOptions {
  brokers: readonly string[]
  topic: string
  /** Stop after so many records; without it, when none came for `idleMs`. */
  max?: number
  /** How long to wait for the next record (default 10 s). Fewer than `max` records is an answer, not an error. */
  idleMs?: number
  /** Only this partition, from `offset` on (default the beginning). */
  partition?: number
  offset?: number
  /** Java consumer configs, such as `isolation.level`, `group.id`, `group.protocol`, `security.protocol`. */
  properties?: Properties
}

// BytesDeserializer prints every byte that is not printable ASCII, and the backslash, as \xHH, so these can be told from any byte. What it
// prints for null goes through it as well, so that has to be something that no test writes.
const FIELD = '\t'
const HEADER = '\x1f'
const NULL = `null-${randomUUID()}`
const formatter: Properties = {
  'print.timestamp': true,
  'print.partition': true,
  'print.offset': true,
  'print.headers': true,
  'print.key': true,
  'key.separator': FIELD,
  'headers.separator': HEADER,
  'null.literal': NULL,
  'key.deserializer': 'org.apache.kafka.common.serialization.BytesDeserializer',
  'value.deserializer': 'org.apache.kafka.common.serialization.BytesDeserializer',
  'headers.deserializer': 'org.apache.kafka.common.serialization.BytesDeserializer',
}

function fromPrintable(text: string): Buffer | null {
  if (text === NULL) return null
  return Buffer.from(
    text.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** Header keys are printed as they are, so one that holds a colon, a tab or a newline is not read right. */
function readHeaders(text: string): ConsumedRecord['headers'] {
  if (text === 'NO_HEADERS') return []
  return text.split(HEADER).map((header) => {
    const colon = header.indexOf(':')
    return { key: header.slice(0, colon), value: fromPrintable(header.slice(colon + 1)) }
  })
}

/** `CreateTime:1731\tPartition:0\tOffset:5\tNO_HEADERS\tkey\tvalue` */
function readRecord(line: string): ConsumedRecord {
  const [time = '', partition = '', offset = '', headers = '', key = '', value = ''] = line.split(FIELD)
  const [timestampType, timestamp] = time === 'NO_TIMESTAMP' ? ['NoTimestampType', '-1'] : time.split(':')
  return {
    partition: Number(partition.slice('Partition:'.length)),
    offset: Number(offset.slice('Offset:'.length)),
    timestamp: Number(timestamp),
    timestampType: timestampType as ConsumedRecord['timestampType'],
    key: fromPrintable(key),
    value: fromPrintable(value),
    headers: readHeaders(headers),
  }
}

function consumerArguments(options: ConsoleConsumerOptions): string[] {
  const { brokers, topic, max, partition, offset = 'earliest', idleMs = 10_000 } = options
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--timeout-ms', String(idleMs)]
  if (max !== undefined) args.push('--max-messages', String(max))
  if (partition === undefined) args.push('--from-beginning')
  else args.push('--partition', String(partition), '--offset', String(offset))
  args.push(...pairs('--formatter-property', formatter), ...pairs('--command-property', options.properties ?? {}))
  return args
}

const CONSOLE_CONSUMER = 'org.apache.kafka.tools.consumer.ConsoleConsumer'

/** Reads a topic from its beginning with the Java consumer, byte for byte. */
export async function consoleConsumer(options: ConsoleConsumerOptions): Promise<ConsumedRecord[]> {
  const done = await javaTool(CONSOLE_CONSUMER, consumerArguments(options), options)
  // Exit code 1 is also how it tells that no more records came in time; then it has said how many it processed.
  if (done.code !== 0 && !/TimeoutException/.test(done.stderr)) {
    throw new Error(`the console consumer ended with ${done.signal ?? `exit code ${done.code}`}\n${tail(done.stderr)}`)
  }
  const records = done.stdout.split('\n').slice(0, -1).map(readRecord)
  // An empty topic is silent; a broker that cannot be reached or a topic that is not there is not.
  if (records.length === 0 && / (WARN|ERROR) .*NetworkClient/.test(done.stderr)) {
    throw new Error(`the console consumer read nothing\n${tail(done.stderr)}`)
  }
  return records
}

/** A console consumer that runs until it is stopped. */
export interface RunningConsumer {
  /** What it has printed so far. */
  readonly records: ConsumedRecord[]
  /** Asks it to end (SIGTERM): it leaves its group and commits. Resolves when it has. */
  stop(): Promise<void>
}

/** Starts the Java consumer and lets it run, as a member of the group that `properties` name. */
export async function startConsoleConsumer(options: ConsoleConsumerOptions): Promise<RunningConsumer> {
  findJava()
  const { jars, archive } = await kafkaLibs(options.onProgress ?? (() => {}))
  const flags = [...jvmFlags(options.profile ?? 'quick', 256, archive), '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']
  const args = consumerArguments({ ...options, idleMs: 10 * 60_000 })
  const child = spawnJava(flags, jars, CONSOLE_CONSUMER, args, ['ignore', 'pipe', 'ignore'])
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const records: ConsumedRecord[] = []
  let rest = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    records.push(...lines.map(readRecord))
  })
  return {
    records,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Kafka's own tool for groups: what it prints. */
export async function consumerGroups(brokers: readonly string[], ...args: string[]): Promise<string> {
  const all = ['--bootstrap-server', brokers.join(','), ...args]
  return (await mustSucceed('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', all, {})).stdout
}

export interface ConsoleProducerOptions extends ToolOptions {
  brokers: readonly string[]
  topic: string
  /** One record each; what a line means is up to `reader`. */
  lines: readonly string[]
  /** Of the line reader, such as `parse.key`, `parse.headers`, `key.separator`, `null.marker`. */
  reader?: Properties
  /** Java producer configs, such as `compression.type`, `acks`, `enable.idempotence`, `linger.ms`. */
  properties?: Properties
}

/** Writes lines with the Java producer and waits until the broker has acknowledged all. */
export async function consoleProducer(options: ConsoleProducerOptions): Promise<void> {
  const { brokers, topic, lines, reader = {}, properties = {} } = options
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic]
  // The option's own default wins over the config of the same meaning unless it is given.
  if (properties['compression.type'] !== undefined) args.push('--compression-codec', String(properties['compression.type']))
  args.push(...pairs('--reader-property', reader), ...pairs('--command-property', properties))
  const input = lines.map((line) => `${line}\n`).join('')
  const done = await mustSucceed('org.apache.kafka.tools.ConsoleProducer', args, { ...options, input })
  // A record that could not be written is only logged.
  if (/Error when sending|ERROR/.test(done.stderr))
    throw new Error(`the console producer could not write everything\n${tail(done.stderr)}`)
}

export interface TransactionOptions extends ToolOptions {
  brokers: readonly string[]
  /** The start of the transactional ids. */
  prefix: string
  /** See `Transactions.java`. */
  steps: readonly string[]
  /** Java producer configs, such as `compression.type`, `transaction.timeout.ms`. */
  properties?: Properties
}

/** Has the Java producer write in transactions, in exactly this order. */
export async function writeTransactions(options: TransactionOptions): Promise<void> {
  const { brokers, prefix, steps, properties = {} } = options
  const program = join(import.meta.dirname, 'java', 'Transactions.java')
  const args = [brokers.join(','), prefix, ...Object.entries(properties).map(([name, value]) => `${name}=${value}`)]
  const input = steps.map((step) => `${step}\n`).join('')
  const done = await mustSucceed(program, args, { ...options, input })
  if (!done.stdout.includes('done')) throw new Error(`the transactions came to no end\n${tail(done.stderr)}`)
}

/** A batch as Kafka's own dump of a log segment describes it, and what it says of the records in it. */
export interface DumpedBatch {
  baseOffset: number
  count: number
  codec: string
  /** Whether its checksum is right. */
  isValid: boolean
  keySizes: number[]
  valueSizes: number[]
}

/** Has Kafka's tool for log segments read batches as if they were a segment, down to every record. */
export async function dumpLog(batches: Uint8Array, options: ToolOptions = {}): Promise<DumpedBatch[]> {
  const directory = await mkdtemp(join(tmpdir(), 'odradek-dump-'))
  try {
    const file = join(directory, '00000000000000000000.log')
    await writeFile(file, batches)
    const { stdout } = await mustSucceed('org.apache.kafka.tools.DumpLogSegments', ['--deep-iteration', '--files', file], options)
    const dumped: DumpedBatch[] = []
    for (const line of stdout.split('\n')) {
      const field = (name: string) => new RegExp(`\\b${name}: (\\S+)`).exec(line)?.[1]
      if (line.startsWith('baseOffset: ')) {
        const [baseOffset, count] = [Number(field('baseOffset')), Number(field('count'))]
        const isValid = field('isvalid') === 'true'
        dumped.push({ baseOffset, count, codec: field('compresscodec') ?? '', isValid, keySizes: [], valueSizes: [] })
      } else if (line.startsWith('| offset: ')) {
        dumped.at(-1)!.keySizes.push(Number(field('keySize')))
        dumped.at(-1)!.valueSizes.push(Number(field('valueSize')))
      }
    }
    return dumped
  } finally {
    await rm(directory, { recursive: true })
  }
}

export interface PerformanceOptions extends ToolOptions {
  brokers: readonly string[]
  topic: string
  records: number
  recordSize: number
  /** Records per second at most; default no limit. */
  throughput?: number
  properties?: Properties
}

export interface PerformanceResult {
  records: number
  recordsPerSecond: number
  /** Of 2^20 bytes, as the tool counts. */
  megabytesPerSecond: number
  latencyMs: { average: number; max: number; p50: number; p95: number; p99: number; p999: number }
}

/** Kafka's producer benchmark. Runs with the server JVM profile unless told otherwise. */
export async function producerPerformance(options: PerformanceOptions): Promise<PerformanceResult> {
  const { brokers, topic, records, recordSize, throughput = -1, properties = {} } = options
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--num-records', String(records)]
  args.push('--record-size', String(recordSize), '--throughput', String(throughput), ...pairs('--command-property', properties))
  const mainClass = 'org.apache.kafka.tools.ProducerPerformance'
  const { stdout } = await mustSucceed(mainClass, args, { profile: 'server', timeoutMs: 10 * 60_000, ...options })
  const summary = stdout.split('\n').findLast((line) => line.includes('99.9th'))
  const figures = summary?.match(/[\d.]+(?= (records|MB|ms))/g)?.map(Number) ?? []
  if (figures.length < 9) throw new Error(`the producer benchmark printed no summary\n${tail(stdout)}`)
  const [sent, perSecond, megabytes, average, max, p50, p95, p99, p999] = figures as [number, ...number[]] &
    Record<number, number>
  return {
    records: sent,
    recordsPerSecond: perSecond!,
    megabytesPerSecond: megabytes!,
    latencyMs: { average: average!, max: max!, p50: p50!, p95: p95!, p99: p99!, p999: p999! },
  }
}

/** A main class of Kafka's and its arguments. */
export type ToolCall = readonly [mainClass: string, ...args: string[]]

/**
 * Runs several of Kafka's command line tools one after the other in one JVM and gives what each printed; rejects when one of them ended
 * with another exit code than 0. Not for tools that do their work in a shutdown hook.
 */
export async function javaTools(calls: readonly ToolCall[], options: ToolOptions = {}): Promise<string[]> {
  const program = join(import.meta.dirname, 'java', 'Tools.java')
  const input = calls.map((call) => `${call.join('\t')}\n`).join('')
  const done = await mustSucceed(program, [], { ...options, input })
  const lines = done.stdout.split('\n').filter((line) => line !== '')
  return calls.map(([mainClass], i) => {
    const [code, printed = ''] = lines[i]?.split(' ') ?? []
    const text = Buffer.from(printed, 'base64').toString()
    if (code !== '0') throw new Error(`${mainClass} ended with exit code ${code}\n${tail(done.stderr)}\n${tail(text)}`)
    return text
  })
}
