/**
 * `npm run demo`: a producer at full speed, and a consumer group whose handler checks every byte of every record in two threads, on an
 * embedded broker or a real cluster. Owns the command line, the course of the run and its exit code: 0 when every record was handled
 * exactly once and in order, 1 when not, 2 for arguments that make no sense.
 */
import { randomBytes } from 'node:crypto'
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Kafka, KafkaError } from '../index.ts'
import { startBroker } from '../testing/index.ts'
import { RECORD_BYTES } from './demo/content.ts'
import { Meter } from './demo/meter.ts'
import { Reader, THREADS } from './demo/reader.ts'
import { Verdict } from './demo/verdict.ts'
import { View } from './demo/view.ts'
import { Writer } from './demo/writer.ts'

const PARTITIONS = 6
const MIB = 1024 * 1024
/** What the embedded broker keeps of a partition: several times what handlers may be behind. */
const RETENTION_BYTES = 32 * MIB
/** After the last record was acknowledged, handlers may stand still for this long. */
const PATIENCE_MS = 5_000
const LIVE_EVERY_MS = 200
const LINE_EVERY_MS = 1_000

const usage = `Usage: npm run demo -- [options]

Sends records as fast as they are taken. A consumer group reads them, and its handler checks every byte in ${THREADS} threads.

  --brokers <host:port,…>  a cluster to use; left out, an embedded broker is started
  --seconds <number>       how long to send, 1 to 3600; default 8
  --backlog <records>      sending pauses when handlers are this far behind; default 30000
  --help                   this text

A topic of its own is made and deleted at the end. Exit code 0: every record was handled exactly once and in order.
`

class BadArguments extends Error {}

interface Arguments {
  brokers: string[] | undefined
  seconds: number
  backlog: number
}

function parse(args: string[]): Arguments | 'help' {
  try {
    const { values } = parseArgs({
      args,
      options: {
        brokers: { type: 'string' },
        seconds: { type: 'string', default: '8' },
        backlog: { type: 'string', default: '30000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    return {
      brokers: values.brokers?.split(','),
      seconds: numberOf('--seconds', values.seconds, 1, 3600),
      backlog: numberOf('--backlog', values.backlog, 1000, 1_000_000),
    }
  } catch (error) {
    throw new BadArguments((error as Error).message)
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new BadArguments(`${option} must be a whole number from ${least} to ${most}, not '${text}'`)
}

async function main(args: string[]): Promise<number> {
  const parsed = parse(args)
  if (parsed === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const { brokers } = parsed
  if (brokers) return onCluster(parsed, brokers, brokers.join(', '))
  await using broker = await startBroker({ retentionBytes: RETENTION_BYTES })
  return await onCluster(parsed, broker.brokers, 'an embedded broker')
}

async function onCluster({ seconds, backlog }: Arguments, brokers: string[], where: string): Promise<number> {
  await using kafka = open(brokers)
  await kafka.connect()
  const topic = `odradek-demo-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
  await kafka.admin.createTopics([{ topic, partitions: PARTITIONS }])
  const view = new View(process.stdout)
  try {
    view.title(`odradek demo: ${where}, ${PARTITIONS} partitions, ${THREADS} handler threads, records of ${RECORD_BYTES} bytes`)
    return await run(kafka, topic, view, seconds, backlog)
  } finally {
    await kafka.admin.deleteTopics([topic])
  }
}

function open(brokers: string[]): Kafka {
  try {
    return new Kafka({ brokers, clientId: 'odradek-demo' })
  } catch (error) {
    throw error instanceof KafkaError && error.code === 'INVALID_OPTION' ? new BadArguments(error.message) : error
  }
}

async function run(kafka: Kafka, topic: string, view: View, seconds: number, backlog: number): Promise<number> {
  const verdict = new Verdict(PARTITIONS)
  const latencies = [createHistogram(), createHistogram()] as const
  const writer = new Writer(kafka.producer({ name: 'demo' }), topic, verdict, backlog)
  const reader = new Reader(kafka, topic, verdict, latencies, () => {
    if (reader.error === undefined) writer.readerAdvanced()
    else writer.stop()
  })
  await reader.start()
  const meter = new Meter(verdict, latencies, () => reader.lag)
  const redraw = setInterval(() => view.show(meter.lap(), verdict, seconds), view.live ? LIVE_EVERY_MS : LINE_EVERY_MS)
  const end = setTimeout(() => writer.stop(), seconds * 1000)
  const onSignal = () => writer.stop()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  // nobody watches any more: no reason to go on, nor to die of it
  process.stdout.on('error', onSignal)
  try {
    await writer.run()
    while (reader.error === undefined && (await advances(verdict)));
    clearInterval(redraw)
    const figures = meter.total()
    await reader.stop()
    const complaints = complaintsOf(verdict, [writer.error, reader.error])
    complaints.push(...(await surplus(kafka, topic, verdict)))
    view.finish(figures, verdict, [...reader.byThread.values()], complaints)
    return complaints.length === 0 ? 0 : 1
  } finally {
    clearInterval(redraw)
    clearTimeout(end)
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await reader.stop()
  }
}

/** Whether the logs hold more than was sent: a record that was written twice would be there, even if nobody had been given it. */
async function surplus(kafka: Kafka, topic: string, verdict: Verdict): Promise<string[]> {
  const ends = await kafka.admin.listOffsets(verdict.sent.map((_, partition) => ({ topic, partition, timestamp: 'latest' })))
  const more = ends.filter(({ partition, offset }) => offset > verdict.sent[partition]!).length
  return more === 0 ? [] : [`the log goes on after the last record that was sent, in ${more} of ${ends.length} partitions`]
}

/** Waits for records that are still under way; false when there are none, or none came for too long. */
async function advances(verdict: Verdict): Promise<boolean> {
  const { checked } = verdict
  for (let waited = 0; waited < PATIENCE_MS && verdict.behind > 0; waited += 10) {
    await sleep(10)
    if (verdict.checked > checked) return true
  }
  return false
}

function complaintsOf(verdict: Verdict, errors: unknown[]): string[] {
  const complaints = errors.filter((error) => error !== undefined).map(describe)
  if (verdict.complaints) complaints.push(verdict.complaints)
  if (verdict.behind > 0) complaints.push(`${verdict.behind.toLocaleString('en')} never reached a handler`)
  if (verdict.checked === 0) complaints.push('no record was sent')
  if (complaints.length === 0 && !verdict.perfect) complaints.push('the counts do not match')
  return complaints
}

function describe(error: unknown): string {
  return error instanceof KafkaError ? `${error.code}: ${error.message}` : String((error as Error).stack)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const wrong = error instanceof BadArguments
  process.stderr.write(wrong ? `${error.message}\n\n${usage}` : `${describe(error)}\n`)
  process.exitCode = wrong ? 2 : 1
}
