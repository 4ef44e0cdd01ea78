/** Runs a case: round after round, in each round every client once, so that what disturbs the machine disturbs all of them. */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KnownClient } from './clients.ts'
import type { Cluster } from './cluster.ts'
import type { Job, Outcome } from './job.ts'
import { run } from './runner.ts'
import type { Case } from './scenarios.ts'

/** One client's runs of a case; `undefined` and an error where one failed. */
export interface ClientSeries {
  key: string
  rounds: (Outcome | undefined)[]
  errors: string[]
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

export async function runCase(stage: Stage, { id, group, scenario, title, job, rounds, clients }: Case): Promise<Series> {
  const { cluster, log, watcher, signal } = stage
  log(title)
  const present = clients.flatMap((key) => stage.clients.get(key) ?? [])
  const series = present.map(({ key }): ClientSeries => ({ key, rounds: [], errors: [] }))
  const loads: number[] = []
  const stored = scenario === 'fetch' ? await storedTopic(stage, job) : undefined
  try {
    for (let round = 0; round < rounds && !signal.aborted; round++) {
      loads.push(loadavg()[0]!)
      for (const index of present.keys()) {
        // the order turns, so that nobody always follows the same one
        const at = (index + round) % present.length
        watcher.begin(id, present[at]!.key, round)
        await measure(stage, present[at]!, job, stored, series[at]!)
        if (signal.aborted) break
        await sleep(PAUSE_MS)
        watcher.end()
      }
    }
  } finally {
    if (stored !== undefined) await cluster.deleteTopic(stored)
  }
  return { id, group, title, job, clients: series, loads }
}

async function measure(stage: Stage, client: KnownClient, job: Case['job'], stored: string | undefined, series: ClientSeries) {
  const { cluster, odradek, log, signal } = stage
  const topic = stored ?? (await cluster.createTopic(job.scenario, job.partitions))
  try {
    const outcome = await run(client, { ...job, brokers: cluster.brokers, topic, odradek }, signal)
    if (job.scenario === 'firehose') await checkCount(cluster, topic, job.partitions, job.warmup + job.records)
    series.rounds.push(outcome)
    const { recordsPerSecond, cpuPerRecord } = outcome.figures
    log(`  ${client.key.padEnd(14)}${Math.round(recordsPerSecond).toLocaleString('en')}/s, ${cpuPerRecord.toFixed(2)} µs CPU`)
  } catch (error) {
    if (signal.aborted) return
    series.rounds.push(undefined)
    series.errors.push((error as Error).message)
    log(`  ${client.key.padEnd(14)}failed: ${(error as Error).message}`)
  } finally {
    if (stored === undefined) await cluster.deleteTopic(topic)
  }
}

/** A client that loses or repeats records measures nothing. */
async function checkCount(cluster: Cluster, topic: string, partitions: number, wanted: number): Promise<void> {
  const found = await cluster.recordsIn(topic, partitions)
  if (found !== wanted) throw new Error(`the topic has ${found} records instead of ${wanted}`)
}

/** A topic with the records to be read back, the same for every client. */
async function storedTopic({ cluster, odradek, log, signal }: Stage, job: Case['job']): Promise<string> {
  const topic = await cluster.createTopic('stored', job.partitions)
  log('  storing the records')
  const writer = { key: 'ceiling', module: new URL('clients/ceiling.ts', import.meta.url).href }
  await run(writer, { ...job, scenario: 'firehose', warmup: 0, brokers: cluster.brokers, topic, odradek }, signal)
  await checkCount(cluster, topic, job.partitions, job.records)
  return topic
}
