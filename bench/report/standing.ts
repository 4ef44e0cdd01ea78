/** How odradek stands in a scenario: against the fastest of the other clients. Neither the ceiling nor odradek told otherwise is one. */

import type { Series } from '../series.ts'
import { ratio, type Spread, spread } from '../statistics.ts'
import { valuesOf } from './figures.ts'
import { CEILING, OURS } from './judge.ts'

export interface Standing {
  client: string
  /** Of the records/s, within rounds. */
  ratio: Spread
}

export function againstFastest({ clients }: Series): Standing | undefined {
  const ours = valuesOf(
    clients.find(({ key }) => key === OURS),
    'recordsPerSecond',
  )
  const others = clients
    .filter(({ key }) => !key.startsWith(OURS) && !key.startsWith(CEILING))
    .map((client) => ({ key: client.key, values: valuesOf(client, 'recordsPerSecond') }))
  const fastest = others.sort((a, b) => median(b.values) - median(a.values))[0]
  const found = fastest && ratio(ours, fastest.values)
  return found && { client: fastest.key, ratio: found }
}

function median(values: readonly (number | undefined)[]): number {
  const present = values.filter((value) => value !== undefined)
  return present.length === 0 ? 0 : spread(present).median
}
