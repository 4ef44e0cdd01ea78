/** The figures that stand in the README, in brief, and in docs/benchmarks.md, in full. Knows no file. */

import type { Figures } from '../job.ts'
import type { Results } from '../results.ts'
import type { ClientSeries, Series } from '../series.ts'
import { figure, nameOf } from './figures.ts'
import { table } from './format.ts'
import { environment, markdown, measured, settingsText, spreadOf } from './markdown.ts'
import { microTables } from './micro.ts'
import { rates } from './rates.ts'

/** Groups of which the README shows the other figures too, by their first scenario. */
const IN_DETAIL = ['firehose', 'fetch']
const DETAILS = ['recordsPerSecond', 'cpuPerRecord', 'peakMemory', 'mainCpu'] as const

/** Records/s of everybody everywhere, and CPU and memory of what most people ask for. */
export function brief(results: Results): string {
  const all = results.series
  const details = IN_DETAIL.flatMap((group) => all.find((series) => series.group === group) ?? [])
  const ceiling = all.some(({ clients }) => clients.some(({ key }) => key === 'ceiling'))
  return [
    `${environment(results)} Medians of the rounds; *against the fastest*: the ratio to the fastest other client, within rounds.`,
    ceiling ? ' *ceiling* is no client: batches made beforehand on plain sockets, what broker and machine allow at all.' : '',
    `\n\n${rates(results)}`,
    ...details.map((series) => `\n${inDetail(series)}`),
  ].join('')
}

function inDetail(series: Series): string {
  const rows = measured(series).map((client) => [nameOf(client), ...DETAILS.map((key) => text(client, key))])
  return table([series.title, ...DETAILS.map((key) => figure(key).title)], rows)
}

/** Everything: each scenario's table with ratios, the parts, environment and settings. */
export function full(results: Results): string {
  const parts = microTables(results.micro, '#### ')
  return [
    `${environment(results)} Median (min–max) of the rounds.\n\n\`${results.command}\`\n`,
    ...results.series.map(markdown),
    parts === '' ? '' : `### Parts\n\n${parts}`,
    `### Settings\n\n${settingsText(results)}`,
  ].join('\n')
}

function text(client: ClientSeries | undefined, key: keyof Figures): string {
  const found = spreadOf(client, key)
  return found ? figure(key).text(found.median) : ''
}
