/**
 * Kafka's own Java clients under measurement: ProducerPerformance and ConsumerPerformance, each a process of its own. The rate is that
 * of the progress they print; CPU time and memory are the kernel's account of the process, on Linux only.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaVersion } from '../../test/kafka/cluster.ts'
import { findJava, tail } from '../../test/kafka/java.ts'
import { javaTool, type Properties } from '../../test/kafka/java-tools.ts'
import { checkLibs } from '../../test/kafka/libs.ts'
import type { Client } from '../client.ts'
import type { Figures, Job } from '../job.ts'
import type { Meter } from '../meter.ts'
import { cpuOf, peakMemoryOf } from '../proc.ts'
import { valuesOf } from '../values.ts'
import { consumerReader, type Progress, producerReader, type Reader, steady, TIME_FORMAT, WARMUP_MS } from './java-output.ts'

/** The tools cannot be given a time, so they get as many records as they do in about that time: so long for each, and for each byte sent. */
const MICROSECONDS_PER_RECORD = 2.5
const MICROSECONDS_PER_BYTE = 0.012
const MICROSECONDS_PER_READ = 1
const REPORT_MS = '100'

const production = { acks: 'all', 'linger.ms': 20, 'batch.size': 262_144, 'buffer.memory': 67_108_864 }
const consumption = { 'fetch.max.wait.ms': 100, 'max.poll.records': 5000 }

/** Why it cannot run here, if so. */
export function missing(): string | undefined {
  try {
    findJava()
    checkLibs()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

export async function load({ idempotent, compression }: Job): Promise<Client> {
  const producing = { ...production, 'enable.idempotence': idempotent, 'compression.type': compression }
  return {
    name: `Java clients ${kafkaVersion} (Java ${findJava().build})`,
    settings: {
      firehose: `ProducerPerformance, its own partitioner; ${told(production)}; idempotence and compression are the scenario's`,
      'fetch, group': `ConsumerPerformance, which is in a group and commits; ${told(consumption)}`,
      measured: `from ${WARMUP_MS / 1000} s after the first record on, or a third of a shorter run, to the last progress printed; CPU and memory by /proc`,
    },
    runs: {
      firehose: (job, meter) => produce(job, producing, meter),
      fetch,
      // the tool is always in a group of its own, and commits
      group: fetch,
    },
  }
}

const told = (properties: Properties) => pairsOf(properties).join(' ')
const pairsOf = (properties: Properties) => Object.entries(properties).map(([name, value]) => `${name}=${value}`)
const asked = (properties: Properties) => pairsOf(properties).flatMap((pair) => ['--command-property', pair])

/** How many records to ask for so that it takes about so long, warm-up included. */
function recordsFor(seconds: number, bytes: number): number {
  return Math.ceil((seconds * 1e6 + WARMUP_MS * 1e3) / (MICROSECONDS_PER_RECORD + bytes * MICROSECONDS_PER_BYTE))
}

async function produce({ brokers, topics, ...job }: Job, properties: Properties, meter: Meter): Promise<void> {
  const records = Math.min(job.records, recordsFor(job.seconds, job.size))
  const folder = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
  try {
    const file = join(folder, 'values')
    writeFileSync(file, valuesOf(job).map(printable).join('\n'))
    const args = ['--bootstrap-server', brokers.join(','), '--topic', topics[0]!, '--num-records', `${records}`]
    args.push('--payload-file', file, '--throughput', '-1', '--reporting-interval', REPORT_MS, ...asked(properties))
    meter.take(await measured('ProducerPerformance', args, producerReader()))
    meter.acknowledged = records
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The tool reads lines of UTF-8, so random bytes become letters. */
function printable(value: Buffer): string {
  const isText = value.every((byte) => byte >= 32 && byte < 127)
  return isText ? value.toString() : String.fromCharCode(...value.map((byte) => 65 + (byte % 26)))
}

async function fetch({ brokers, topics, records, seconds }: Job, meter: Meter): Promise<void> {
  const count = Math.min(records, Math.ceil((seconds * 1e6 + WARMUP_MS * 1e3) / MICROSECONDS_PER_READ))
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topics[0]!, '--num-records', `${count}`]
  args.push('--show-detailed-stats', '--reporting-interval', REPORT_MS, '--date-format', TIME_FORMAT, ...asked(consumption))
  meter.take(await measured('ConsumerPerformance', args, consumerReader()))
}

/** What the process had used when it printed its progress. */
interface Look extends Progress {
  cpu: number | undefined
  peak: number | undefined
}

async function measured(tool: string, args: string[], read: Reader): Promise<Figures> {
  const looks: Look[] = []
  const onStart = ({ pid, stdout }: ChildProcess) => {
    let rest = ''
    stdout!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const progress = read(line)
        if (progress) looks.push({ ...progress, ...lookAt(pid!) })
      }
    })
  }
  const { code, signal, stdout, stderr } = await javaTool(`org.apache.kafka.tools.${tool}`, args, {
    profile: 'server',
    timeoutMs: 10 * 60_000,
    onStart,
  })
  // the last lines may be read when the process is gone
  const accounted = looks.filter(({ cpu }) => cpu !== undefined)
  if (code !== 0) throw new Error(`${tool} ended with ${signal ?? `exit code ${code}`}\n${tail(stderr)}\n${tail(stdout)}`)
  const measurement = steady(accounted.length > 0 ? accounted : looks)
  if (!measurement) throw new Error(`${tool} printed too little to measure it\n${tail(stderr)}\n${tail(stdout)}`)
  const { from, to } = measurement
  const peak = looks.findLast((look) => look.peak !== undefined)?.peak
  const records = to.records - from.records
  return {
    records,
    recordsPerSecond: (records / (to.ms - from.ms)) * 1000,
    ...(to.cpu !== undefined && from.cpu !== undefined && { cpuPerRecord: (to.cpu - from.cpu) / records }),
    ...(peak !== undefined && { peakMemory: peak }),
  }
}

function lookAt(pid: number): { cpu: number | undefined; peak: number | undefined } {
  try {
    return { cpu: cpuOf(pid), peak: peakMemoryOf(pid) }
  } catch {
    // another system, or it has ended
    return { cpu: undefined, peak: undefined }
  }
}
