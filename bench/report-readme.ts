/** The figures that stand in the README, in brief, and in docs/benchmarks.md, in full. Knows no file. */
import { figure, nameOf } from './figures.ts'
import { fraction, table } from './format.ts'
import type { Figures } from './job.ts'
import { environment, markdown, measured, settingsText, spreadOf } from './report.ts'
import { fullLabelOf, groupsOf, looksOf } from './report-groups.ts'
import { microTables } from './report-micro.ts'
import type { Results } from './results.ts'
import type { ClientSeries, Series } from './series.ts'
import { againstFastest } from './standing.ts'

/** Groups of which the README shows the other figures too, by their first scenario. */
const IN_DETAIL = ['firehose', 'fetch']
const DETAILS = ['recordsPerSecond', 'cpuPerRecord', 'peakMemory', 'mainCpu'] as const

/** Records/s of everybody everywhere, and CPU and memory of what most people ask for. */
export function brief(results: Results): string {
  const all = results.series
  const details = IN_DETAIL.flatMap((group) => all.find((series) => series.group === group) ?? [])
  const ceiling = all.some(({ clients }) => clients.some(({ key }) => key === 'ceiling'))
  return [
    `${environment(results)} Rates are records/s; *against the fastest* is the ratio to the fastest other client within a round.`,
    ceiling ? ' *ceiling* is no client: batches made beforehand on plain sockets, what broker and machine allow at all.' : '',
    `\n\n${rates(results)}`,
    ...details.map((series) => `\n${inDetail(series)}`),
  ].join('')
}

function rates(results: Results): string {
  const looks = looksOf(results)
  const rows = groupsOf(results).flatMap((group) =>
    group.series.map((series) => {
      const standing = againstFastest(series)
      const rate = (key: string) => text(clientOf(series, key), 'recordsPerSecond')
      const ratio = standing ? `${fraction(standing.ratio.median)} × (${range(standing.ratio)})` : ''
      return [fullLabelOf(group, series), ...looks.map(({ key }) => rate(key)), ratio]
    }),
  )
  return table(['records/s', ...looks.map(({ key }) => key), 'against the fastest'], rows)
}

function inDetail(series: Series): string {
  const rows = measured(series).map((client) => [nameOf(client), ...DETAILS.map((key) => text(client, key))])
  return table([series.title, ...DETAILS.map((key) => figure(key).title)], rows)
}

/** Everything: each scenario's table with ratios, the parts, environment and settings. */
export function full(results: Results): string {
  const parts = microTables(results.micro, '#### ')
  return [
    `${environment(results)}\n\n\`${results.command}\`\n`,
    ...results.series.map(markdown),
    parts === '' ? '' : `### Parts\n\n${parts}`,
    `### Settings\n\n${settingsText(results)}`,
  ].join('\n')
}

const clientOf = ({ clients }: Series, key: string): ClientSeries | undefined => clients.find((client) => client.key === key)
const range = ({ min, max }: { min: number; max: number }) => `${fraction(min)}–${fraction(max)}`

function text(client: ClientSeries | undefined, key: keyof Figures): string {
  const found = spreadOf(client, key)
  return found ? figure(key).text(found.median) : ''
}
