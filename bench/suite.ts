/**
 * The order of things: parts first, then the scenarios against a Kafka that is started for them. What was measured is in the results
 * at any time, so that it can be written whenever the suite ends. Knows neither the command line nor files.
 */
import { type KnownClient, prepare } from './clients.ts'
import { Cluster } from './cluster.ts'
import { Estimate, type Planned } from './estimate.ts'
import type { MicroSeries } from './micro/measure.ts'
import { type MicroPlan, microId, planMicro, runMicro } from './micro/suite.ts'
import { Progress } from './progress.ts'
import { markdown } from './report/markdown.ts'
import { microTables } from './report/micro.ts'
import type { Results } from './results.ts'
import type { Case } from './scenarios.ts'
import { runCase } from './series.ts'
import { warmUp } from './warm-up.ts'

export interface Plan {
  microFiles: readonly string[]
  cases: readonly Case[]
  /** Clients that are to be had at all. */
  clients: readonly string[]
  brokers: string[] | undefined
  odradek: 'src' | 'dist'
  quick: boolean
}

/** Milliseconds of a run beside what its numbers say: start, connections, warm-up, a topic, rest. */
const SETUP_MS = 3500
/** Of a file of micro benches, beside its benches. */
const MICRO_SETUP_MS = 400
const MICRO_WARM_MS = 60
/** Benches of a file, about. */
const MICRO_BENCHES = 9
/** Records a second to begin an estimate with; what runs took corrects it soon. */
const RATES = new Map([
  ['ceiling', 2e6],
  ['odradek', 1e6],
])
const PEER_RATE = 150_000
const BYTES_PER_SECOND = 150e6

/** Fills `results`; resolves early when the signal is aborted. Rejects when there is no Kafka to measure against. */
export async function runSuite(plan: Plan, results: Results, signal: AbortSignal): Promise<void> {
  const micro = planMicro(plan.microFiles, plan.quick)
  const estimate = new Estimate([...expectedOfMicro(micro), ...plan.cases.flatMap((each) => expectedOf(each, plan.clients))])
  const progress = new Progress(estimate, process.stderr, process.stdout)
  const log = (text: string) => progress.log(text)
  signal.addEventListener('abort', () => progress.close())
  try {
    const onFailed = (file: string, reason: string) => {
      log(`bench/micro/${file}.ts: ${reason}`)
      results.missing.push({ name: microId(file), reason })
      estimate.skip(microId(file))
    }
    await measureParts(micro, results, { watcher: progress, onFailed, signal })
    progress.print(results.micro.length > 0 ? `\n${microTables(results.micro, '### ')}` : '')
    if (plan.cases.length > 0 && !signal.aborted) await measureCases(plan, results, { log, progress, estimate, signal })
  } finally {
    progress.close()
  }
}

async function measureParts(micro: MicroPlan, results: Results, stage: Parameters<typeof runMicro>[0]): Promise<void> {
  const measured = new Map<string, MicroSeries>()
  await runMicro(stage, micro, measured)
  results.micro.push(...measured.values())
}

interface Desk {
  log: (text: string) => void
  progress: Progress
  estimate: Estimate
  signal: AbortSignal
}

async function measureCases(plan: Plan, results: Results, { log, progress, estimate, signal }: Desk): Promise<void> {
  const clients = await prepareClients(plan, results, log)
  await using cluster = await Cluster.open(plan.brokers, log)
  results.versions.kafka = cluster.description
  const stage = { cluster, clients, odradek: plan.odradek, log, watcher: progress, signal }
  await warmUp(stage, plan)
  for (const each of plan.cases) {
    if (signal.aborted) return
    const series = await runCase(stage, each)
    if (signal.aborted && series.clients.every(({ rounds }) => rounds.length === 0)) return
    results.series.push(series)
    progress.print(`\n${markdown(series)}\n`)
    estimate.skip(each.id)
  }
}

async function prepareClients({ cases, clients }: Plan, results: Results, log: Desk['log']): Promise<Map<string, KnownClient>> {
  const found = new Map<string, KnownClient>()
  for (const key of clients) {
    if (!cases.some((each) => each.clients.includes(key))) continue
    const client = await prepare(key, log)
    if (typeof client !== 'string') found.set(key, client)
    else {
      log(`missing: ${key}: ${client}`)
      results.missing.push({ name: key, reason: client })
    }
  }
  return found
}

function expectedOf({ id, job, rounds, clients }: Case, known: readonly string[]): Planned[] {
  return clients
    .filter((client) => known.includes(client))
    .map((client) => {
      const rate = Math.min(RATES.get(client) ?? PEER_RATE, BYTES_PER_SECOND / job.size)
      const seconds = job.callers > 0 ? job.seconds : Math.min(job.seconds, job.records / rate)
      return { id, client, rounds, expected: SETUP_MS + seconds * 1000 }
    })
}

function expectedOfMicro({ files, rounds, ms }: MicroPlan): Planned[] {
  const expected = MICRO_SETUP_MS + MICRO_BENCHES * (ms + MICRO_WARM_MS)
  return files.map((file) => ({ id: microId(file), client: file, rounds, expected }))
}
