/** The command line of the benchmarks: what is to be measured, where results go, and how it ends. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { positive, readArguments } from './arguments.ts'
import { BadInput, knownNames, runCommand } from './bad-input.ts'
import { isBuilt } from './built.ts'
import { clientKeys } from './clients.ts'
import { emptyResults } from './environment.ts'
import { microFiles, microId } from './micro/suite.ts'
import { comparison } from './report/comparison.ts'
import { html } from './report/html.ts'
import { OURS } from './report/judge.ts'
import { environment, settingsText } from './report/markdown.ts'
import { rates } from './report/rates.ts'
import { type Results, readResults } from './results.ts'
import { casesOf, groups } from './scenarios.ts'
import { type Plan, runSuite } from './suite.ts'
import { thresholdOptions, thresholdsOf, thresholdUsage } from './thresholds.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const usage = `Options:
  --only <name,…>              micro, macro, a group, a scenario or a file of bench/micro; default all. --list shows them
  --clients <name,…>           of ${clientKeys.join(', ')}; default all
  --brokers <host:port,…>      a Kafka that runs; left out, one node is started for the benchmark
  --quick                      fewer records and rounds
  --records <number>           records a run
  --rounds <number>            rounds of a scenario
  --size <bytes>               bytes of a value
  --odradek <src|dist>         odradek from its sources or as built; default dist when it is there and fresh
  --json <file>                everything that was measured; default bench/results/<date-time>.json
  --html <file>                a report with charts; default beside the JSON
  --compare <old.json>         says what became better or worse; exit code 1 when something is clearly worse
${thresholdUsage}\
  --list                       the groups and scenarios there are
  --help
`

const options = {
  only: { type: 'string' },
  clients: { type: 'string' },
  brokers: { type: 'string' },
  quick: { type: 'boolean', default: false },
  records: { type: 'string' },
  rounds: { type: 'string' },
  size: { type: 'string' },
  odradek: { type: 'string' },
  json: { type: 'string' },
  html: { type: 'string' },
  compare: { type: 'string' },
  ...thresholdOptions,
  list: { type: 'boolean', default: false },
} as const

function readCommand(args: string[], picked: readonly string[]) {
  const { values } = readArguments(args, options)
  const odradek = values.odradek ?? (isBuilt() ? 'dist' : 'src')
  if (odradek !== 'src' && odradek !== 'dist') throw new BadInput(`--odradek must be src or dist, not '${odradek}'`)
  const clients = values.clients === undefined ? undefined : knownNames('client', values.clients, clientKeys)
  const { quick } = values
  const wishes = {
    quick,
    clients,
    records: positive('--records', values.records),
    rounds: positive('--rounds', values.rounds),
    size: positive('--size', values.size),
  }
  const cases = groups.flatMap((group) => casesOf(group, wishes))
  const known = ['micro', 'macro', ...new Set(cases.map(({ group }) => group)), ...cases.map(({ id }) => id), ...microFiles]
  const only = values.only === undefined ? picked : knownNames('scenario', values.only, known)
  const has = (...names: string[]) => only.length === 0 || names.some((name) => only.includes(name))
  const plan: Plan = {
    microFiles: microFiles.filter((file) => has('micro', file)),
    cases: cases.filter(({ id, group }) => has('macro', group, id)),
    clients: clients ?? clientKeys,
    brokers: values.brokers?.split(','),
    odradek,
    quick,
  }
  return { values, plan, known, thresholds: thresholdsOf(values), old: values.compare && readResults(values.compare) }
}

/** The options that say what is measured. */
function again(values: Readonly<Record<string, string | boolean | undefined>>): string {
  return ['only', 'clients', 'quick', 'records', 'rounds', 'size', 'odradek']
    .filter((name) => values[name])
    .map((name) => (values[name] === true ? ` --${name}` : ` --${name} ${values[name]}`))
    .join('')
}

/** Runs the suite until it ends or is interrupted once; interrupted again, the process ends at once. */
async function measure(plan: Plan, results: Results): Promise<'done' | 'interrupted' | Error> {
  const stop = new AbortController()
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130)
    process.stderr.write('\nstopping; what was measured will be written\n')
    stop.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    await runSuite(plan, results, stop.signal)
    results.complete = !stop.signal.aborted
    return stop.signal.aborted ? 'interrupted' : 'done'
  } catch (error) {
    return stop.signal.aborted ? 'interrupted' : (error as Error)
  } finally {
    results.finished = new Date().toISOString()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

/** So that nobody measures for minutes and then cannot keep it. */
function checkWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    accessSync(dirname(file), constants.W_OK)
  } catch (error) {
    throw new BadInput(`${file} cannot be written: ${(error as Error).message}`)
  }
}

function write(file: string, content: string): void {
  writeFileSync(file, content)
  const near = relative('', file)
  process.stderr.write(`written: ${near.startsWith('..') ? file : near}\n`)
}

async function run(args: string[], picked: readonly string[]): Promise<number> {
  const { values, plan, known, thresholds, old } = readCommand(args, picked)
  if (values.list) {
    process.stdout.write(`${known.join('\n')}\n`)
    return 0
  }
  const script = relative(root, process.argv[1]!)
  const results = emptyResults({ quick: plan.quick, odradek: plan.odradek }, `node ${script}${again(values)}`)
  const name = fileURLToPath(new URL(`results/${results.started.slice(0, 19).replaceAll(':', '')}`, import.meta.url))
  const json = values.json ?? `${name}.json`
  const page = values.html ?? json.replace(/(\.json)?$/, '.html')
  for (const file of [json, page]) checkWritable(file)
  const outcome = await measure(plan, results)
  process.stdout.write(`\n${rates(results)}\n${environment(results)}\n\n${settingsText(results)}`)
  if (results.series.length + results.micro.length === 0) process.stderr.write('nothing was measured, nothing is written\n')
  else {
    write(json, `${JSON.stringify(results, null, 1)}\n`)
    write(page, html(results))
  }
  if (outcome === 'interrupted') return 130
  if (outcome !== 'done') {
    process.stderr.write(`${outcome.stack}\n`)
    return 1
  }
  const failed = oursFailed(results)
  for (const line of failed) process.stderr.write(`${line}\n`)
  if (!old) return failed.length > 0 ? 1 : 0
  const { text, exitCode } = comparison(old, results, thresholds)
  process.stdout.write(`\n${text}`)
  return failed.length > 0 ? 1 : exitCode
}

/** Other clients may fail; what is ours must not. */
function oursFailed({ series, missing }: Results): string[] {
  const failed = series.filter(({ clients }) => clients.some(({ key, errors }) => key === OURS && errors.length > 0))
  const parts = missing.filter(({ name }) => microFiles.some((file) => name === microId(file)))
  return [...failed.map(({ id }) => `${OURS} failed in ${id}`), ...parts.map(({ name, reason }) => `${name} ${reason}`)]
}

/** `picked`: the groups to measure when the command line names none. */
export function main(picked: readonly string[] = []): Promise<void> {
  return runCommand(usage, (args) => run(args, picked))
}
