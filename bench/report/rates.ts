/** The shortest answer: the records/s of everybody in every scenario, and how odradek stands. */
import type { Results } from '../results.ts'
import { figure } from './figures.ts'
import { fraction, table } from './format.ts'
import { fullLabelOf, groupsOf, looksOf } from './groups.ts'
import { spreadOf } from './markdown.ts'
import { againstFastest } from './standing.ts'

/** Medians, a scenario a row and a client a column; empty without scenarios. */
export function rates(results: Results): string {
  if (results.series.length === 0) return ''
  const keys = looksOf(results).map(({ key }) => key)
  const { text } = figure('recordsPerSecond')
  const rows = groupsOf(results).flatMap((group) =>
    group.series.map((series) => {
      const medians = keys.map((key) => {
        const found = spreadOf(
          series.clients.find((client) => client.key === key),
          'recordsPerSecond',
        )
        return found ? text(found.median) : ''
      })
      return [fullLabelOf(group, series), ...medians, standingText(againstFastest(series))]
    }),
  )
  return table(['records/s', ...keys, 'odradek against the fastest'], rows)
}

function standingText(standing: ReturnType<typeof againstFastest>): string {
  if (!standing) return ''
  const { median, min, max } = standing.ratio
  return `${fraction(median)} ×${min === max ? '' : ` (${fraction(min)}–${fraction(max)})`}`
}
