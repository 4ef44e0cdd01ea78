/** What is measured, with which numbers. */
import type { Job, Scenario } from './job.ts'

/** What belongs together in a report: a chart, a heading. */
export type Group = 'firehose' | 'idempotence' | 'awaited' | 'batches' | 'codecs' | 'fetch'

/** One table of the report: a scenario with one set of parameters. */
export interface Case {
  /** The same from run to run, for comparisons: `firehose-100`, `awaited-16`, `codec-zstd`. */
  id: string
  group: Group
  scenario: Scenario
  title: string
  job: Omit<Job, 'brokers' | 'topic' | 'odradek'>
  rounds: number
  clients: readonly string[]
}

/** What the command line may change. */
export interface Wishes {
  records: number | undefined
  rounds: number | undefined
  size: number | undefined
  clients: readonly string[] | undefined
  quick: boolean
}

const PARTITIONS = 6
/** So that six batches of 100-byte records make about a megabyte. */
const CEILING_BATCH_RECORDS = 1500
/** The batches of the topic that is read back. */
const STORED_BATCH_RECORDS = 1000
const CALLERS = [1, 16, 256]

const millions = (records: number) => `${(records / 1e6).toLocaleString('en')} M`

export function casesOf(scenario: Scenario, { records, rounds, size, clients, quick }: Wishes): Case[] {
  const many = records ?? (quick ? 500_000 : 2_000_000)
  const bytes = size ?? (scenario === 'awaited' ? 1000 : 100)
  const job = {
    scenario,
    partitions: PARTITIONS,
    records: many,
    warmup: Math.ceil(many / 10),
    size: bytes,
    callers: 0,
    seconds: 0,
    batchRecords: CEILING_BATCH_RECORDS,
  }
  const common = { scenario, rounds: rounds ?? (quick ? 2 : 5) }
  const all = clients ?? ['odradek', 'platformatic', 'ceiling']
  switch (scenario) {
    case 'firehose':
      return [
        {
          ...common,
          id: `firehose-${bytes}`,
          group: 'firehose',
          title: `Produce: ${millions(many)} records of ${bytes} bytes, acks all`,
          job,
          clients: all,
        },
      ]
    case 'fetch': {
      const stored = { ...job, batchRecords: STORED_BATCH_RECORDS }
      const title = `Fetch: ${millions(many)} records of ${bytes} bytes, in batches of ${STORED_BATCH_RECORDS}`
      return [{ ...common, id: `fetch-${bytes}`, group: 'fetch', title, job: stored, clients: all }]
    }
    case 'awaited':
      return CALLERS.map((callers) => ({
        ...common,
        id: `awaited-${callers}`,
        group: 'awaited' as const,
        title: `Awaited: ${callers} ${callers === 1 ? 'caller' : 'callers'}, each waiting for its record of ${bytes} bytes`,
        job: { ...job, callers, seconds: quick ? 1.5 : 3 },
        // nothing is awaited at the ceiling
        clients: all.filter((key) => key !== 'ceiling'),
      }))
  }
}
