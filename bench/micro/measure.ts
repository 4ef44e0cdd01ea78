/**
 * Measures small parts with tinybench, in nanoseconds per unit of work. A file of this folder hands its tables to `main`: run by
 * itself it prints them; forked by the suite it reports each bench as a message. Does not know what is measured.
 */
import { parseArgs } from 'node:util'
import { Bench } from 'tinybench'
import { microTables } from '../report/micro.ts'

/** One call of `run` does `units` units of work. */
export interface Subject {
  name: string
  units: number
  run: () => unknown
  /** Bytes that a unit deals with, where bytes/s say something. */
  bytes?: number
  /** Something to choose by, measured only when the file is run by itself. */
  alone?: boolean
}

export interface Table {
  title: string
  /** What a unit is: record, frame, call. */
  unit: string
  subjects: readonly Subject[]
}

/** What was measured of one subject; a file of results holds them as they are. */
export interface MicroSeries {
  /** The same from run to run, for comparisons. */
  id: string
  file: string
  table: string
  name: string
  unit: string
  bytes?: number | undefined
  rounds: MicroRound[]
}

/** Nanoseconds per unit. */
export interface MicroRound {
  median: number
  fastest: number
  /** How many calls the median is of. */
  samples: number
}

const ALONE_ROUNDS = 3
const ALONE_MS = 150
const LEAST_CALLS = 8
/** Less, and much of what is measured is not optimized yet. */
const WARM_MS = 50

/** Measures a subject for about `ms` milliseconds. */
async function measure({ name, units, run }: Subject, ms: number): Promise<MicroRound> {
  const bench = new Bench({ time: ms, warmupTime: WARM_MS, iterations: LEAST_CALLS, warmupIterations: LEAST_CALLS })
  bench.add(name, () => void run())
  const [task] = await bench.run()
  const { result } = task!
  if (!('latency' in result)) throw new Error(`${name} did not complete: ${'error' in result ? result.error : result.state}`)
  const { p50, min, samplesCount } = result.latency
  const perUnit = 1e6 / units
  return { median: p50 * perUnit, fastest: min * perUnit, samples: samplesCount }
}

/** The end of each file here. */
export async function main(file: string, tables: readonly Table[]): Promise<void> {
  const { values } = parseArgs({ options: { ms: { type: 'string', default: `${ALONE_MS}` } } })
  const inSuite = process.connected === true
  const rounds = inSuite ? 1 : ALONE_ROUNDS
  for (const { title, unit, subjects } of tables) {
    const measured: MicroSeries[] = subjects
      .filter(({ alone }) => !(inSuite && alone))
      .map(({ name, bytes }) => ({ id: `${file}: ${title}: ${name}`, file, table: title, name, unit, bytes, rounds: [] }))
    for (let round = 0; round < rounds; round++)
      for (const series of measured) {
        const subject = subjects.find(({ name }) => name === series.name)!
        series.rounds.push(await measure(subject, Number(values.ms)))
        process.send?.(series)
      }
    if (!inSuite) process.stdout.write(`\n${microTables(measured, '')}`)
  }
  process.disconnect?.()
}
