/** Figures as tables in Markdown, for people and for the README. */
import type { Figures } from './job.ts'
import type { ClientSeries, Series } from './series.ts'
import { ratio, type Spread, spread } from './statistics.ts'

interface Column {
  title: string
  figure: (figures: Figures) => number | undefined
  text: (value: number) => string
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const fraction = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1))

const columns: Column[] = [
  { title: 'records/s', figure: ({ recordsPerSecond }) => recordsPerSecond, text: whole },
  { title: 'CPU µs/record', figure: ({ cpuPerRecord }) => cpuPerRecord, text: fraction },
  { title: 'peak memory MB', figure: ({ peakMemory }) => peakMemory, text: whole },
  { title: 'main thread CPU %', figure: ({ mainCpu }) => mainCpu, text: whole },
  { title: 'main loop busy %', figure: ({ mainThread }) => mainThread, text: whole },
  { title: 'loop delay p99 ms', figure: ({ loopDelayP99 }) => loopDelayP99, text: fraction },
  { title: 'latency p50 ms', figure: ({ latencyP50 }) => latencyP50, text: fraction },
  { title: 'latency p99 ms', figure: ({ latencyP99 }) => latencyP99, text: fraction },
]

const OURS = 'odradek'

export function markdown(series: Series): string {
  const good = series.clients.filter(({ rounds }) => rounds.some((round) => round !== undefined))
  const shown = columns.filter(({ figure }) =>
    good.some((client) => valuesOf(client, figure).some((value) => value !== undefined)),
  )
  const lines = [
    `### ${series.title}`,
    '',
    row(['', ...shown.map(({ title }) => title)]),
    row(['---', ...shown.map(() => '---:')]),
    ...good.map((client) => row([nameOf(client), ...shown.map((column) => cell(client, column))])),
    '',
    ...ratiosOf(good),
    ...series.clients.flatMap(({ key, errors }) => errors.map((error) => `- ${key} failed: ${error.split('\n')[0]}`)),
  ]
  return `${lines.join('\n')}\n`
}

/** Which clients, told what. */
export function settings(series: readonly Series[]): string {
  const known = new Map<string, Record<string, unknown>>()
  for (const { clients } of series)
    for (const { rounds } of clients) for (const outcome of rounds) if (outcome) known.set(outcome.client, outcome.settings)
  return [...known]
    .map(([client, told]) => {
      const pairs = Object.entries(told).map(([name, value]) => `${name}: ${value}`)
      return `- ${client}: ${pairs.join('; ')}\n`
    })
    .join('')
}

function ratiosOf(clients: readonly ClientSeries[]): string[] {
  const ours = clients.find(({ key }) => key === OURS)
  if (!ours) return []
  return clients.flatMap((theirs) => {
    if (theirs === ours) return []
    const rate = compare(ours, theirs, ({ recordsPerSecond }) => recordsPerSecond)
    const cpu = compare(ours, theirs, ({ cpuPerRecord }) => cpuPerRecord)
    if (!rate || !cpu) return []
    return [`- odradek against ${theirs.key}: ${times(rate)} the records/s, ${times(cpu)} the CPU per record`]
  })
}

function compare(ours: ClientSeries, theirs: ClientSeries, figure: Column['figure']): Spread | undefined {
  return ratio(valuesOf(ours, figure), valuesOf(theirs, figure))
}

function valuesOf({ rounds }: ClientSeries, figure: Column['figure']): (number | undefined)[] {
  return rounds.map((outcome) => outcome && figure(outcome.figures))
}

function cell(client: ClientSeries, { figure, text }: Column): string {
  const values = valuesOf(client, figure).filter((value) => value !== undefined)
  if (values.length === 0) return ''
  const { median, min, max } = spread(values)
  return values.length === 1 ? text(median) : `${text(median)} (${text(min)}–${text(max)})`
}

function times({ median, min, max }: Spread): string {
  return `${fraction(median)} × (${fraction(min)}–${fraction(max)})`
}

function nameOf({ key, rounds }: ClientSeries): string {
  return rounds.find((outcome) => outcome !== undefined)?.client ?? key
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
