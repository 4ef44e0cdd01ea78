/** Scenarios as tables in Markdown, with ratios, environment and settings: for a terminal and for docs. */

import type { Figures } from '../job.ts'
import type { Results } from '../results.ts'
import type { ClientSeries, Series } from '../series.ts'
import { ratio, type Spread, spread } from '../statistics.ts'
import { figures, nameOf, outcomes, valuesOf } from './figures.ts'
import { fraction, table } from './format.ts'
import { OURS } from './judge.ts'

/** More load than this share of the processors before a round, and figures say little. */
const BUSY = 0.5

/** One scenario: a table, ratios, and what failed. */
export function markdown(series: Series): string {
  const good = measured(series)
  const lines = [...ratiosOf(series), ...failures(series)].map((line) => `- ${line}\n`)
  return `### ${series.title}\n\n${good.length > 0 ? `${table(...tableOf(series))}\n` : ''}${lines.join('')}`
}

/** The clients that succeeded at least once. */
export function measured({ clients }: Series): ClientSeries[] {
  return clients.filter((client) => outcomes(client).length > 0)
}

/** Header and rows: a client a row, median and least to most of each figure that anybody has. */
export function tableOf(series: Series): [header: string[], rows: string[][]] {
  const good = measured(series)
  const shown = figures.filter(({ key }) => good.some((client) => spreadOf(client, key)))
  const rows = good.map((client) => [nameOf(client), ...shown.map(({ key, text }) => cell(spreadOf(client, key), text))])
  return [['', ...shown.map(({ title }) => title)], rows]
}

/** Median and range of a client's figure over the rounds; undefined when it has none. */
export function spreadOf(client: ClientSeries | undefined, key: keyof Figures): Spread | undefined {
  const values = valuesOf(client, key).filter((value) => value !== undefined)
  return values.length === 0 ? undefined : spread(values)
}

function cell(found: Spread | undefined, text: (value: number) => string): string {
  if (!found) return ''
  const { median, min, max } = found
  return min === max ? text(median) : `${text(median)} (${text(min)}–${text(max)})`
}

/** What odradek is to each of the others, within rounds. */
export function ratiosOf({ clients }: Series): string[] {
  const ours = clients.find(({ key }) => key === OURS)
  if (!ours) return []
  return clients.flatMap((theirs) => {
    if (theirs === ours) return []
    const [rate, cpu] = (['recordsPerSecond', 'cpuPerRecord'] as const).map((key) =>
      ratio(valuesOf(ours, key), valuesOf(theirs, key)),
    )
    if (!rate) return []
    return [`odradek against ${theirs.key}: ${times(rate)} the records/s${cpu ? `, ${times(cpu)} the CPU per record` : ''}`]
  })
}

/** Who is not in the table, or not with every round. */
export function failures({ clients }: Series): string[] {
  return clients.flatMap(({ key, errors, leftOut }) => [
    ...(leftOut === undefined ? [] : [`${key} is left out: ${leftOut}`]),
    ...errors.map((error) => `${key} failed: ${error.split('\n')[0]}`),
  ])
}

function times({ median, min, max }: Spread): string {
  return min === max ? `${fraction(median)} ×` : `${fraction(median)} × (${fraction(min)}–${fraction(max)})`
}

/** Which clients, told what. */
export function settingsOf({ series }: Results): Map<string, Record<string, unknown>> {
  const all = series.flatMap(({ clients }) => clients.flatMap(outcomes))
  return new Map(all.map(({ client, settings }) => [client, settings]))
}

/** Where and how it was measured, in a few sentences. */
export function environment({ started, machine, versions, series, complete }: Results): string {
  const loads = series.flatMap((each) => each.loads)
  const most = Math.max(...loads)
  const busy = most > machine.processors * BUSY ? ' Part of that is the benchmark itself; the rest disturbed it.' : ''
  const load =
    loads.length === 0
      ? ''
      : ` Load of the machine before the rounds: ${Math.min(...loads).toFixed(1)} to ${most.toFixed(1)}.${busy}`
  return (
    `${started.slice(0, 10)}; odradek ${versions.odradek}${versions.commit ? ` (${versions.commit})` : ''}, Node ${versions.node.slice(1)}, ${versions.kafka}; ${machine.processors} ` +
    `processors (${machine.model}), ${machine.memoryGB} GB, ${machine.system}.${load}${complete ? '' : ' The run was stopped early.'}`
  )
}

export function settingsText(results: Results): string {
  const lines = Array.from(settingsOf(results), ([client, told]) => {
    const pairs = Object.entries(told).map(([name, value]) => `${name}: ${value}`)
    return `- ${client}: ${pairs.join('; ')}\n`
  })
  return [...lines, ...results.missing.map(({ name, reason }) => `- missing: ${name}: ${reason}\n`)].join('')
}
