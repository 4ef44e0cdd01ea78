/** The command line of the benchmarks: options, the order of things, and where the report goes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { isBuilt } from './built.ts'
import { clientKeys, type KnownClient, prepare } from './clients.ts'
import { Cluster } from './cluster.ts'

import { markdown, settings } from './report.ts'
import { casesOf, type Group } from './scenarios.ts'
import { runCase, type Series } from './series.ts'

const usage = `Options:
  --brokers <host:port,…>  a Kafka that runs; left out, one node is started for the benchmark
  --records <number>       records a run; default 2000000
  --rounds <number>        rounds; default 5
  --clients <name,…>       of ${clientKeys.join(', ')}; default all
  --size <bytes>           bytes of a value; default 100, awaited 1000
  --odradek <src|dist>     odradek from its sources or as built; default dist when it is there and fresh
  --quick                  fewer records and rounds
  --json <file>            everything that was measured
  --help
`

/** More load than this share of the processors before a round, and figures say little. */
const BUSY = 0.5

class BadArguments extends Error {}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        brokers: { type: 'string' },
        records: { type: 'string' },
        rounds: { type: 'string' },
        clients: { type: 'string' },
        size: { type: 'string' },
        odradek: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const odradek = values.odradek ?? (isBuilt() ? 'dist' : 'src')
    if (odradek !== 'src' && odradek !== 'dist') throw new Error(`--odradek must be src or dist, not '${odradek}'`)
    return {
      ...values,
      odradek: odradek as 'src' | 'dist',
      brokers: values.brokers?.split(','),
      clients: values.clients?.split(','),
      records: positive('--records', values.records),
      rounds: positive('--rounds', values.rounds),
      size: positive('--size', values.size),
    }
  } catch (error) {
    throw new BadArguments((error as Error).message)
  }
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new BadArguments(`${option} must be a whole number above 0, not '${text}'`)
}

async function measure(scenarios: readonly Group[], options: ReturnType<typeof parse>): Promise<void> {
  const log = (text: string) => process.stderr.write(`${text}\n`)
  const clients = new Map<string, KnownClient>()
  const missing: string[] = []
  for (const key of options.clients ?? clientKeys) {
    const client = await prepare(key, log)
    if (typeof client === 'string') missing.push(`${key}: ${client}`)
    else clients.set(key, client)
  }
  for (const line of missing) log(`missing: ${line}`)
  await using cluster = await Cluster.open(options.brokers, log)
  const watcher = { begin() {}, end() {} }
  const stage = { cluster, clients, odradek: options.odradek, log, watcher, signal: new AbortController().signal }
  const all: Series[] = []
  for (const each of scenarios.flatMap((scenario) => casesOf(scenario, options))) {
    const series = await runCase(stage, each)
    all.push(series)
    process.stdout.write(`\n${markdown(series)}\n`)
  }
  const environment = environmentOf(cluster, all)
  process.stdout.write(`${environment.text}\n\n${settings(all)}${missing.map((line) => `- missing: ${line}\n`).join('')}`)
  if (options.json !== undefined) {
    mkdirSync(dirname(options.json), { recursive: true })
    writeFileSync(options.json, `${JSON.stringify({ ...environment.facts, missing, series: all }, null, 2)}\n`)
  }
}

function environmentOf(cluster: Cluster, all: readonly Series[]) {
  const processors = cpus()
  const loads = all.flatMap((series) => series.loads)
  const most = Math.max(...loads)
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    kafka: cluster.description,
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
  }
  const busy = most > processors.length * BUSY ? ' Part of that is the benchmark itself; the rest disturbed it.' : ''
  const text =
    `${facts.date}, Node ${facts.node}, ${facts.kafka}, ${facts.processors} processors (${facts.model}). Median (min–max). ` +
    `Load of the machine before the rounds: ${Math.min(...loads).toFixed(1)} to ${most.toFixed(1)}.${busy}`
  return { facts, text }
}

/** Runs the scenarios one after the other and prints the report. */
export async function main(scenarios: readonly Group[]): Promise<void> {
  try {
    const options = parse(process.argv.slice(2))
    if (options.help) process.stdout.write(usage)
    else await measure(scenarios, options)
  } catch (error) {
    const wrong = error instanceof BadArguments
    process.stderr.write(wrong ? `${error.message}\n\n${usage}` : `${(error as Error).stack}\n`)
    process.exitCode = wrong ? 2 : 1
  }
}
