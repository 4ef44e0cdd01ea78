/** What is measured, with which numbers. */
import { clientKeys, variantKeys } from './clients.ts'
import type { Codec, Job, Scenario } from './job.ts'

/** What belongs together in a report: a chart, a heading. */
export type Group =
  | 'firehose'
  | 'idempotence'
  | 'awaited'
  | 'batches'
  | 'transactions'
  | 'codecs'
  | 'threads'
  | 'fetch'
  | 'group'
  | 'cpu'

/** In the order of a report. */
export const groups: readonly Group[] = [
  ...(['firehose', 'idempotence', 'awaited', 'batches', 'transactions', 'codecs', 'threads'] as const),
  ...(['fetch', 'group', 'cpu'] as const),
]

/** Reads what was stored before. */
export const isReading = (scenario: Scenario): boolean => scenario === 'fetch' || scenario === 'group' || scenario === 'cpu'

/** One table of the report: a scenario with one set of parameters. */
export interface Case {
  /** The same from run to run, for comparisons: `firehose-100`, `awaited-16`, `codec-zstd`. */
  id: string
  group: Group
  scenario: Scenario
  title: string
  /** How many each client gets. */
  topics: number
  job: Omit<Job, 'brokers' | 'topics' | 'odradek'>
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
/** So that six batches made beforehand are about a megabyte. */
const CEILING_BATCH_BYTES = 165_000
const RECORD_OVERHEAD = 10
/** The batches of the topic that is read back. */
const STORED_BATCH_RECORDS = 1000
const AWAITED = { topics: 3, partitions: 30, size: 1000, callers: [1, 16, 256, 4096], quick: [1, 256] }
const BATCHES = { callers: 16, callRecords: 100, size: 100 }
const TRANSACTIONS = { callers: 16, callRecords: 10, size: 100 }
/** Every client has gzip. */
const CODECS = { size: 250, codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'], quick: ['gzip'] } as const
/** odradek with other numbers of I/O threads. */
const THREADS = { clients: ['odradek', 'odradek-0', 'odradek-2'], codecs: ['none', 'zstd'] } as const
/** More than two threads can work at in the time of a run. */
const CPU = { records: 100_000, size: 100, batchRecords: 50 }
/** Records and seconds of a run; what the measurement of a fast client stays below of them is long enough. */
const FULL = { records: 8_000_000, bytes: 1_000_000_000, seconds: 3, rounds: 3, headlineRounds: 5 }
const QUICK = { records: 1_000_000, bytes: 150_000_000, seconds: 1.5, rounds: 1, headlineRounds: 2 }
/** More records a second than any client sends. */
const WARM_UP_RATE = 10_000_000

/** The cases of a group. `--quick` leaves some out. */
export function casesOf(group: Group, wishes: Wishes): Case[] {
  switch (group) {
    case 'firehose':
      return sizesOf(wishes, wishes.quick ? [100] : [100, 1000]).map((size) => firehose(wishes, size))
    case 'idempotence':
      return wishes.quick ? [] : sizesOf(wishes, [100]).map((size) => notIdempotent(wishes, size))
    case 'awaited':
      return (wishes.quick ? AWAITED.quick : AWAITED.callers).map((callers) => awaited(wishes, callers))
    case 'batches':
      return [batches(wishes)]
    case 'transactions':
      return wishes.quick ? [] : [transactions(wishes)]
    case 'codecs':
      return (wishes.quick ? CODECS.quick : CODECS.codecs).map((codec) => compressed(wishes, codec))
    case 'threads':
      return wishes.quick ? [] : THREADS.codecs.map((codec) => threads(wishes, codec))
    case 'fetch':
      return sizesOf(wishes, [100]).map((size) => fetch(wishes, size))
    case 'group':
      return wishes.quick ? [] : sizesOf(wishes, [100]).map((size) => inGroup(wishes, size))
    case 'cpu':
      return wishes.quick ? [] : [cpu(wishes)]
  }
}

const sizesOf = ({ size }: Wishes, sizes: readonly number[]) => (size === undefined ? sizes : [size])

function firehose(wishes: Wishes, size: number): Case {
  const job = jobOf(wishes, { scenario: 'firehose', size })
  return {
    ...common(wishes, 'firehose', size === 100, [], ['ceiling-1']),
    id: `firehose-${size}`,
    title: `Produce: ${amount(job)} of ${size} bytes, acks all, idempotent`,
    job,
  }
}

function notIdempotent(wishes: Wishes, size: number): Case {
  const job = jobOf(wishes, { scenario: 'firehose', size, idempotent: false })
  return {
    // it is no different at the ceiling
    ...common(wishes, 'idempotence', false, ['ceiling']),
    id: `firehose-${size}-not-idempotent`,
    title: `Produce: ${amount(job)} of ${size} bytes, acks all, without idempotence`,
    job,
  }
}

function awaited(wishes: Wishes, callers: number): Case {
  const { topics, partitions } = AWAITED
  const size = wishes.size ?? AWAITED.size
  return {
    ...common(wishes, 'awaited', false, ['ceiling', 'java']),
    id: `awaited-${callers}`,
    title:
      `Awaited: ${callers.toLocaleString('en')} ${callers === 1 ? 'caller' : 'callers'}, each waiting for its record of ${size} bytes; ` +
      `${topics} topics of ${partitions} partitions`,
    topics,
    job: jobOf(wishes, { scenario: 'awaited', size, partitions, callers }),
  }
}

function batches(wishes: Wishes): Case {
  const { callers, callRecords } = BATCHES
  const size = wishes.size ?? BATCHES.size
  return {
    ...common(wishes, 'batches', false, ['ceiling', 'java']),
    id: `batches-${callRecords}`,
    title: `Batches: ${callers} callers, each waiting for its ${callRecords} records of ${size} bytes`,
    job: jobOf(wishes, { scenario: 'batches', size, callers, callRecords }),
  }
}

function transactions(wishes: Wishes): Case {
  const { callers, callRecords } = TRANSACTIONS
  const size = wishes.size ?? TRANSACTIONS.size
  return {
    ...common(wishes, 'transactions', false, ['ceiling', 'java', 'node-rdkafka']),
    id: `transactions-${callRecords}`,
    title: `Transactions: ${callers} callers, each waiting for the commit of its ${callRecords} records of ${size} bytes`,
    job: jobOf(wishes, { scenario: 'transactions', size, callers, callRecords }),
  }
}

function compressed(wishes: Wishes, compression: Codec): Case {
  const { size } = CODECS
  const job = jobOf(wishes, { scenario: 'firehose', size, compression, values: 'events' })
  const how = compression === 'none' ? 'not compressed' : compression
  return {
    ...common(wishes, 'codecs', false, ['ceiling']),
    id: `codec-${compression}`,
    title: `Compression: ${amount(job)}, JSON of ${size} bytes, ${how}, acks all, idempotent`,
    job,
  }
}

function threads(wishes: Wishes, compression: Codec): Case {
  const size = wishes.size ?? (compression === 'none' ? 100 : CODECS.size)
  const values = compression === 'none' ? 'random' : 'events'
  const job = jobOf(wishes, { scenario: 'firehose', size, compression, values })
  const how = compression === 'none' ? '' : `, JSON with ${compression}`
  return {
    ...common(wishes, 'threads', false),
    clients: THREADS.clients.filter((key) => wishes.clients?.includes(key) ?? true),
    id: `threads-${compression}`,
    title: `I/O threads: ${amount(job)} of ${size} bytes${how}, acks all, idempotent`,
    job,
  }
}

function fetch(wishes: Wishes, size: number): Case {
  const job = jobOf(wishes, { scenario: 'fetch', size, batchRecords: STORED_BATCH_RECORDS })
  return {
    ...common(wishes, 'fetch', !wishes.quick),
    id: `fetch-${size}`,
    title: `Fetch: ${amount(job)} of ${size} bytes, in batches of ${STORED_BATCH_RECORDS}`,
    job,
  }
}

function inGroup(wishes: Wishes, size: number): Case {
  const job = jobOf(wishes, { scenario: 'group', size, batchRecords: STORED_BATCH_RECORDS })
  return {
    ...common(wishes, 'group', true, ['ceiling']),
    id: `group-${size}`,
    title: `Consumer group: ${amount(job)} of ${size} bytes, in batches of ${STORED_BATCH_RECORDS}; offsets are committed`,
    job,
  }
}

function cpu(wishes: Wishes): Case {
  const records = wishes.records ?? CPU.records
  const size = wishes.size ?? CPU.size
  // small batches, so that no handler has its hands full for a whole run
  const given = { scenario: 'cpu', size, records, warmup: Math.ceil(records / 100), batchRecords: CPU.batchRecords } as const
  return {
    ...common(wishes, 'cpu', false, ['ceiling', 'java']),
    id: 'cpu',
    title: `Consumer group with work: some 200 µs of it for each record of ${size} bytes, in batches of ${CPU.batchRecords}`,
    job: jobOf(wishes, given),
  }
}

/** What the broker is warmed up with. */
export function warmUpJob(seconds: number): Case['job'] {
  const all = { records: seconds * WARM_UP_RATE, rounds: undefined, size: undefined, clients: undefined, quick: false }
  return jobOf(all, { scenario: 'firehose', size: 100, seconds })
}

/** `headline`: its figures are those that people look at first, so it gets more rounds. */
function common(
  wishes: Wishes,
  group: Group,
  headline: boolean,
  without: readonly string[] = [],
  variants: readonly string[] = [],
) {
  const { rounds, headlineRounds } = wishes.quick ? QUICK : FULL
  return {
    group,
    scenario: scenarioOf(group),
    topics: 1,
    rounds: wishes.rounds ?? (headline ? headlineRounds : rounds),
    clients: (wishes.clients ?? clientKeys).filter(
      (key) => !without.includes(key) && (variants.includes(key) || !variantKeys.includes(key)),
    ),
  }
}

function scenarioOf(group: Group): Scenario {
  return group === 'idempotence' || group === 'codecs' || group === 'threads' ? 'firehose' : group
}

function jobOf(wishes: Wishes, given: Partial<Case['job']> & Pick<Job, 'scenario' | 'size'>): Case['job'] {
  const { records, bytes, seconds } = wishes.quick ? QUICK : FULL
  const many = wishes.records ?? Math.min(records, Math.floor(bytes / given.size))
  return {
    partitions: PARTITIONS,
    records: many,
    warmup: Math.ceil(many / 10),
    seconds,
    values: 'random',
    idempotent: true,
    compression: 'none',
    callers: 0,
    callRecords: 1,
    batchRecords: Math.max(1, Math.floor(CEILING_BATCH_BYTES / (given.size + RECORD_OVERHEAD))),
    ...given,
  }
}

const amount = ({ records, seconds }: Case['job']) => `${(records / 1e6).toLocaleString('en')} M records or ${seconds} s`
