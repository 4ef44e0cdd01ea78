/** What parts cost, as tables: median of the rounds' medians, least and most of them, bytes/s where they say something. */

import type { MicroSeries } from '../micro/measure.ts'
import { spread } from '../statistics.ts'
import { fraction, table, whole } from './format.ts'

export interface MicroTable {
  title: string
  header: string[]
  rows: string[][]
}

/** Every table in Markdown under its title, with `heading` before each. */
export function microTables(all: readonly MicroSeries[], heading: string): string {
  return microRows(all)
    .map(({ title, header, rows }) => `${heading}${title}\n\n${table(header, rows)}`)
    .join('\n')
}

export function microRows(all: readonly MicroSeries[]): MicroTable[] {
  const measured = all.filter(({ rounds }) => rounds.length > 0)
  return Array.from(
    Map.groupBy(measured, ({ table }) => table),
    ([title, series]) => {
      const unit = series[0]!.unit
      const withBytes = series.some(({ bytes }) => bytes !== undefined)
      const header = ['', `ns/${unit}`, 'min–max', 'per second', ...(withBytes ? ['MB/s'] : [])]
      return { title, header, rows: series.map((each) => microRow(each, withBytes)) }
    },
  )
}

function microRow({ name, bytes, rounds }: MicroSeries, withBytes: boolean): string[] {
  const { median, min, max } = spread(rounds.map((round) => round.median))
  const perSecond = bytes === undefined ? '' : whole((bytes / median) * 1000)
  const row = [name, fraction(median), `${fraction(min)}–${fraction(max)}`, whole(1e9 / median)]
  return withBytes ? [...row, perSecond] : row
}
