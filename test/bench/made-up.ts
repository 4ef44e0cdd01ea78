/** Results that nobody measured, for tests of what is made from results. The same in every call. */
import type { Figures } from '../../bench/job.ts'
import type { MicroSeries } from '../../bench/micro/measure.ts'
import type { Results } from '../../bench/results.ts'
import { type Case, casesOf, groups } from '../../bench/scenarios.ts'
import type { ClientSeries, Series } from '../../bench/series.ts'

export interface MadeUp {
  rounds?: number
  /** How many times slower the machine is, for everybody. */
  slower?: number
  /** How many times slower odradek is, beside the machine. */
  odradekSlower?: number
  /** By what share values differ from round to round. */
  noise?: number
  seed?: number
  clients?: readonly string[]
}

const NAMES = new Map([
  ['odradek', 'odradek (as built)'],
  ['platformatic', '@platformatic/kafka 2.12.1'],
  ['ceiling', 'ceiling (ready batches on plain sockets)'],
])
/** Records a second of each client; an unknown one is middling. */
const RATES = new Map([
  ['odradek', 1_200_000],
  ['ceiling', 3_000_000],
  ['platformatic', 190_000],
])

/** Values around 1, from 1 - noise to 1 + noise. */
function chance(seed: number, noise: number): () => number {
  let state = seed | 1
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return 1 + noise * (state / 0x3fffffff - 1)
  }
}

export function madeUpResults(made: MadeUp = {}): Results {
  const { rounds = 5, slower = 1, noise = 0.05, seed = 7 } = made
  const vary = chance(seed, noise)
  const wishes = { records: undefined, rounds, size: undefined, clients: made.clients, quick: false }
  const cases = groups.flatMap((group) => casesOf(group, wishes))
  return {
    schema: 1,
    started: '2026-11-22T10:20:30.000Z',
    finished: '2026-11-22T10:32:10.000Z',
    complete: true,
    command: 'node bench/run.ts',
    machine: { system: 'linux 6.1.0 x64', processors: 2, model: 'Made-up Processor <i&j>', memoryGB: 8 },
    versions: { odradek: '0.1.0', node: 'v24.21.0', kafka: 'Apache Kafka 4.3.1, one node on the same machine' },
    settings: { quick: false, odradek: 'dist' },
    missing: [{ name: 'rdkafka', reason: 'cannot be installed: no compiler & no network' }],
    series: cases.map((each) => seriesOf(each, made, vary)),
    micro: [
      microSeries('reference: Reference: arithmetic', 10, 'step', 3, () => slower * vary()),
      microSeries('ring: Submission ring: 100-byte Buffer', 60, 'record', 3, () => slower * vary()),
      { ...microSeries('compression: JSON: zstd', 125_000, 'batch', 3, () => slower * vary()), bytes: 76_000 },
    ],
  }
}

export function microSeries(id: string, ns: number, unit: string, rounds: number, factor: () => number): MicroSeries {
  const [file, table, name] = id.split(': ') as [string, string, string]
  const round = () => {
    const median = ns * factor()
    return { median, fastest: median * 0.9, samples: 1000 }
  }
  return { id, file, table, name, unit, rounds: Array.from({ length: rounds }, round) }
}

function seriesOf(each: Case, { slower = 1, odradekSlower = 1 }: MadeUp, vary: () => number): Series {
  const { id, group, title, job, rounds, clients } = each
  const clientSeries = clients.map((key): ClientSeries => {
    const rate = (RATES.get(key) ?? 100_000) / slower / (key === 'odradek' ? odradekSlower : 1)
    const factor = job.callers > 0 ? awaitedFactor(key, job.callers) : 1
    const outcome = () => ({
      figures: figuresOf(rate * factor * vary(), 180 * vary(), job),
      client: NAMES.get(key) ?? `${key} 1.2.3`,
      settings: { producer: 'acks all', 'a setting of': key },
      acknowledged: job.records,
    })
    return { key, rounds: Array.from({ length: rounds }, outcome), errors: [] }
  })
  return { id, group, title, job, clients: clientSeries, loads: Array.from({ length: rounds }, () => 0.4) }
}

/** Waiting costs; odradek gains with many callers. */
const awaitedFactor = (key: string, callers: number) => (key === 'odradek' ? callers / 2000 : Math.sqrt(callers) / 300)

function figuresOf(rate: number, memory: number, { records, callers }: Case['job']): Figures {
  return {
    records,
    recordsPerSecond: rate,
    cpuPerRecord: 900_000 / rate,
    peakMemory: memory,
    mainCpu: Math.min(99, 3e7 / rate),
    mainThread: Math.min(100, 4e7 / rate),
    loopDelayP99: 2e6 / rate,
    ...(callers > 0 && { latencyP50: (callers / rate) * 1000, latencyP99: (callers / rate) * 4000 }),
  }
}
