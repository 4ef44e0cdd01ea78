/** Runs a case: round after round, in each round every client once, so that what disturbs the machine disturbs all of them. */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Unable } from './client.ts'
import type { KnownClient } from './clients.ts'
import type { Cluster } from './cluster.ts'
import type { Job, Outcome } from './job.ts'
import { run } from './runner.ts'
import { type Case, isReading } from './scenarios.ts'

/** One client's runs of a case; `undefined` and an error where one failed. */
export interface ClientSeries {
  key: string
  rounds: (Outcome | undefined)[]
  errors: string[]
  /** Why it has no runs: it lacks what the case asks for. */
  leftOut?: string
}

export interface Series {
  id: Case['id']
  group: Case['group']
  title: string
  job: Case['job']
  clients: ClientSeries[]
  /** The machine's one-minute load before each round. */
  loads: number[]
}

export interface Stage {
  cluster: Cluster
  clients: ReadonlyMap<string, KnownClient>
  odradek: Job['odradek']
  log: (text: string) => void
  watcher: RunWatcher
  /** Once aborted, no run begins, and the one that goes on is ended and does not count; what was measured stays. */
  signal: AbortSignal
}

/** Is told of every run, for a line that says how far things are. */
export interface RunWatcher {
  begin(id: string, client: string, round: number): void
  end(): void
}

/** For the broker to come to rest after a run. */
const PAUSE_MS = 500
/** No limit for what is only stored, but for one that hangs. */
const STORING_SECONDS = 300

export async function runCase(stage: Stage, { id, group, scenario, title, topics, job, rounds, clients }: Case): Promise<Series> {
  const { log, watcher, signal } = stage
  log(title)
  const present = clients.flatMap((key) => stage.clients.get(key) ?? [])
  const series = present.map(({ key }): ClientSeries => ({ key, rounds: [], errors: [] }))
  const loads: number[] = []
  let stored: string[] | undefined
  try {
    if (isReading(scenario)) stored = await storedTopics(stage, job)
    for (let round = 0; round < rounds && !signal.aborted; round++) {
      loads.push(loadavg()[0]!)
      for (const index of present.keys()) {
        // the order turns, so that nobody always follows the same one
        const at = (index + round) % present.length
        if (series[at]!.leftOut !== undefined) continue
        watcher.begin(id, present[at]!.key, round)
        await measure(stage, present[at]!, job, stored ?? topics, series[at]!)
        if (signal.aborted) break
        await sleep(PAUSE_MS)
        watcher.end()
      }
    }
  } catch (error) {
    // without records there is nothing to read back; other cases go on
    if (!signal.aborted) log(`  failed: ${(error as Error).message}`)
    for (const { errors } of series) errors.push((error as Error).message)
  } finally {
    if (stored) await remove(stage, stored)
  }
  return { id, group, title, job, clients: series, loads }
}

/** `topics`: those to read back, or how many to make. */
async function measure(stage: Stage, client: KnownClient, job: Case['job'], topics: string[] | number, series: ClientSeries) {
  const say = (text: string) => stage.log(`  ${client.key.padEnd(14)}${text}`)
  try {
    const outcome = await (typeof topics === 'number'
      ? onFreshTopics(stage, client, job, topics)
      : on(topics, stage, client, job))
    series.rounds.push(outcome)
    const { recordsPerSecond, cpuPerRecord } = outcome.figures
    const cpu = cpuPerRecord === undefined ? '' : `, ${cpuPerRecord.toFixed(2)} µs CPU`
    say(`${Math.round(recordsPerSecond).toLocaleString('en')}/s${cpu}`)
  } catch (error) {
    if (stage.signal.aborted) return
    const { message } = error as Error
    if (error instanceof Unable) {
      series.leftOut = message
      say(`left out: ${message}`)
      return
    }
    series.rounds.push(undefined)
    series.errors.push(message)
    say(`failed: ${message}`)
  }
}

function on(topics: string[], { cluster, odradek, signal }: Stage, client: KnownClient, job: Case['job']): Promise<Outcome> {
  return run(client, { ...job, brokers: cluster.brokers, topics, odradek }, signal)
}

/** One run on topics of its own, whose records are counted afterwards. */
export async function onFreshTopics(stage: Stage, client: KnownClient, job: Case['job'], count: number): Promise<Outcome> {
  const { cluster } = stage
  const topics = await cluster.createTopics(job.scenario, count, job.partitions)
  try {
    const outcome = await on(topics, stage, client, job)
    await checkCount(cluster, topics, job, outcome.acknowledged)
    return outcome
  } finally {
    await remove(stage, topics)
  }
}

/** What was measured stays, whatever becomes of the topics. */
async function remove({ cluster, log }: Stage, topics: readonly string[]): Promise<void> {
  await cluster.deleteTopics(topics).catch((error: Error) => log(`  ${topics.join(', ')} could not be deleted: ${error.message}`))
}

/** A client that loses or repeats records measures nothing. */
async function checkCount(
  cluster: Cluster,
  topics: string[],
  { scenario, partitions }: Pick<Case['job'], 'scenario' | 'partitions'>,
  wanted: number,
): Promise<void> {
  const found = await cluster[scenario === 'transactions' ? 'committedIn' : 'recordsIn'](topics, partitions)
  if (found !== wanted) throw new Error(`the topics have ${found} records instead of ${wanted}`)
}

/** A topic with the records to be read back, the same for every client. */
async function storedTopics(stage: Stage, job: Case['job']): Promise<string[]> {
  const { cluster } = stage
  const topics = await cluster.createTopics('stored', 1, job.partitions)
  stage.log('  storing the records')
  const writer = { key: 'ceiling', module: new URL('clients/ceiling.ts', import.meta.url).href }
  const storing = { scenario: 'firehose', warmup: 0, seconds: STORING_SECONDS } as const
  const { acknowledged } = await on(topics, stage, writer, { ...job, ...storing })
  if (acknowledged !== job.records) throw new Error(`${acknowledged} of ${job.records} records were stored`)
  await checkCount(cluster, topics, job, acknowledged)
  return topics
}
