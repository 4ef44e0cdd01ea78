/** What belongs together in a report: scenarios in groups, with short names, and a colour for each client. Knows no figure. */

import type { Results } from '../results.ts'
import type { Group } from '../scenarios.ts'
import type { Series } from '../series.ts'
import { nameOf } from './figures.ts'
import { CEILING, OURS } from './judge.ts'

export interface ReportGroup {
  name: string
  title: string
  series: Series[]
}

interface Names {
  title: string
  /** Before what tells its scenarios apart. */
  short: string
  /** Says nothing by itself, even when the group has one scenario only. */
  incomplete?: true
}

const names: Record<Group, Names> = {
  firehose: { title: 'Produce at full speed', short: 'produce' },
  idempotence: { title: 'Produce without idempotence', short: 'not idempotent' },
  awaited: { title: 'Awaited records', short: 'awaited', incomplete: true },
  batches: { title: 'Awaited calls with many records', short: 'batches' },
  transactions: { title: 'Transactions', short: 'transactions' },
  codecs: { title: 'Compression', short: 'codec', incomplete: true },
  threads: { title: 'I/O threads', short: 'threads', incomplete: true },
  fetch: { title: 'Fetch', short: 'fetch' },
  group: { title: 'Consumer group', short: 'group' },
  cpu: { title: 'Consumer group with work for a processor', short: 'cpu' },
}

/** In the order in which they were measured. */
export function groupsOf({ series }: Results): ReportGroup[] {
  return Array.from(
    Map.groupBy(series, ({ group }) => group),
    ([name, all]) => ({ name, title: names[name]?.title ?? name, series: all }),
  )
}

/** What tells a scenario from the others of its group: `16 callers`, `zstd`. */
export function labelOf({ id, job }: Series): string {
  const tail = id.slice(id.indexOf('-') + 1)
  if (tail === `${job.callers}`) return `${tail} ${job.callers === 1 ? 'caller' : 'callers'}`
  if (job.callRecords > 1) return `${job.callRecords} records a call`
  return tail === `${job.size}` ? `${tail} bytes` : tail
}

/** The same among all scenarios: `awaited, 16 callers`; `fetch` when it is the only one of its group. */
export function fullLabelOf({ name, series }: ReportGroup, each: Series): string {
  const { short, incomplete } = names[name as Group] ?? { short: name }
  return series.length === 1 && !incomplete ? short : `${short}, ${labelOf(each)}`
}

export interface ClientLook {
  key: string
  /** With its version. */
  name: string
  /** A CSS variable of the page. */
  colour: string
}

/** Every client of the results, odradek first and the ceiling last. */
export function looksOf({ series }: Results): ClientLook[] {
  const found = new Map<string, string>()
  for (const client of series.flatMap(({ clients }) => clients)) {
    const name = nameOf(client)
    if (!found.has(client.key) || name !== client.key) found.set(client.key, name)
  }
  const rank = (key: string) => (key.startsWith(OURS) ? 0 : key.startsWith(CEILING) ? 2 : 1)
  const keys = [...found.keys()].sort((a, b) => rank(a) - rank(b))
  const peers = keys.filter((key) => rank(key) === 1)
  const colour = (key: string) => ['var(--ours)', `var(--peer${(peers.indexOf(key) % 6) + 1})`, 'var(--ceiling)'][rank(key)]!
  return keys.map((key) => ({ key, name: found.get(key)!, colour: colour(key) }))
}
