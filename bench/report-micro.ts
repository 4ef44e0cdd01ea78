/** What parts cost, as tables in Markdown: median of the rounds' medians, least and most of them, bytes/s where they say something. */
import { fraction, table, whole } from './format.ts'
import type { MicroSeries } from './micro/measure.ts'
import { spread } from './statistics.ts'

/** Every table under its title, with `heading` before each. */
export function microTables(all: readonly MicroSeries[], heading: string): string {
  return Array.from(byTable(all), ([title, series]) => `${heading}${title}\n\n${microTable(series)}`).join('\n')
}

function byTable(all: readonly MicroSeries[]): Map<string, MicroSeries[]> {
  return Map.groupBy(
    all.filter(({ rounds }) => rounds.length > 0),
    ({ table }) => table,
  )
}

function microTable(series: readonly MicroSeries[]): string {
  const unit = series[0]!.unit
  const withBytes = series.some(({ bytes }) => bytes !== undefined)
  const header = ['', `ns/${unit}`, 'min–max', 'per second', ...(withBytes ? ['MB/s'] : [])]
  return table(header, series.map(microRow))
}

function microRow({ name, bytes, rounds }: MicroSeries): string[] {
  const { median, min, max } = spread(rounds.map((round) => round.median))
  const perSecond = bytes === undefined ? '' : whole((bytes / median) * 1000)
  return [name, fraction(median), `${fraction(min)}–${fraction(max)}`, whole(1e9 / median), perSecond]
}
