import { describe, expect, test } from 'vitest'
import { clientKeys, variantKeys } from '../../bench/clients.ts'
import { type Case, casesOf, groups, type Wishes } from '../../bench/scenarios.ts'

const wishes: Wishes = { records: undefined, rounds: undefined, size: undefined, clients: undefined, quick: false }
const all = (more: Partial<Wishes> = {}) => groups.flatMap((group) => casesOf(group, { ...wishes, ...more }))
const byId = (id: string, more: Partial<Wishes> = {}) => all(more).find((each) => each.id === id)!

/** Seconds beside the measurement: process and topics, warm-up, the broker's rest. */
const AROUND_A_RUN = 2
/** Seconds of the suite beside the scenarios: Kafka's start, the benches of parts. */
const AROUND_THE_SCENARIOS = 40

function secondsOf(cases: readonly Case[]): number {
  return cases.reduce((sum, { clients, rounds, job }) => sum + clients.length * rounds * (job.seconds + AROUND_A_RUN), 0)
}

describe('the table of the scenarios', () => {
  test('has an id of its own for each case, which stays when runs are compared', () => {
    const ids = all().map(({ id }) => id)
    expect(ids).toEqual([
      'firehose-100',
      'firehose-1000',
      'firehose-100-not-idempotent',
      'awaited-1',
      'awaited-16',
      'awaited-256',
      'awaited-4096',
      'batches-100',
      'transactions-10',
      'codec-none',
      'codec-gzip',
      'codec-snappy',
      'codec-lz4',
      'codec-zstd',
      'threads-none',
      'threads-zstd',
      'fetch-100',
      'group-100',
      'cpu',
    ])
  })

  test('says what each group is about', () => {
    for (const group of groups) expect(casesOf(group, wishes).every((each) => each.group === group)).toBe(true)
    expect(byId('firehose-100-not-idempotent').job.idempotent).toBe(false)
    expect(all().filter(({ job }) => !job.idempotent)).toHaveLength(1)
    expect(byId('awaited-16')).toMatchObject({ topics: 3, job: { partitions: 30, callers: 16, callRecords: 1, size: 1000 } })
    expect(byId('batches-100').job).toMatchObject({ scenario: 'batches', callRecords: 100, size: 100 })
    expect(byId('transactions-10').job).toMatchObject({ scenario: 'transactions', callers: 16, callRecords: 10, size: 100 })
    expect(byId('codec-zstd').job).toMatchObject({ scenario: 'firehose', compression: 'zstd', values: 'events' })
    expect(byId('fetch-100').job).toMatchObject({ scenario: 'fetch', batchRecords: 1000 })
    expect(byId('group-100').job).toMatchObject({ scenario: 'group', batchRecords: 1000 })
    expect(byId('cpu').job).toMatchObject({ scenario: 'cpu', batchRecords: 50 })
  })

  test('sends about a megabyte at a time at the ceiling, whatever the size of a value', () => {
    for (const id of ['firehose-100', 'firehose-1000']) {
      const { job } = byId(id)
      const request = job.partitions * job.batchRecords * (job.size + 10)
      expect(request).toBeGreaterThan(900_000)
      expect(request).toBeLessThan(1_000_000)
    }
  })

  test('asks every client but those that can have no part in it', () => {
    expect(byId('firehose-100').clients).toEqual(clientKeys.filter((key) => !key.startsWith('odradek-')))
    expect(byId('fetch-100').clients).toEqual(clientKeys.filter((key) => !variantKeys.includes(key)))
    expect(byId('threads-zstd').clients).toEqual(['odradek', 'odradek-0', 'odradek-2'])
    expect(byId('awaited-1').clients).toEqual(
      clientKeys.filter((key) => key !== 'ceiling' && key !== 'java' && !variantKeys.includes(key)),
    )
    expect(byId('group-100').clients).toEqual(clientKeys.filter((key) => key !== 'ceiling' && !variantKeys.includes(key)))
    expect(byId('cpu').clients).not.toContain('java')
    expect(byId('codec-gzip').clients).not.toContain('ceiling')
    expect(byId('awaited-1', { clients: ['odradek', 'ceiling'] }).clients).toEqual(['odradek'])
  })

  test('does what the command line wishes', () => {
    expect(all({ rounds: 7 }).every(({ rounds }) => rounds === 7)).toBe(true)
    expect(all({ records: 1234 }).every(({ job }) => job.records === 1234)).toBe(true)
    expect(casesOf('firehose', { ...wishes, size: 300 }).map(({ id }) => id)).toEqual(['firehose-300'])
    expect(casesOf('awaited', { ...wishes, size: 300 })[0]!.job.size).toBe(300)
  })

  test('takes 26 minutes at most, and three with --quick, which leaves cases out and adds none', () => {
    const ids = new Set(all().map(({ id }) => id))
    const quick = all({ quick: true })
    expect(quick.every(({ id }) => ids.has(id))).toBe(true)
    expect(new Set(quick.map(({ group }) => group))).toEqual(
      new Set(groups.filter((group) => !['idempotence', 'transactions', 'threads', 'group', 'cpu'].includes(group))),
    )
    expect(secondsOf(all())).toBeLessThan(26 * 60 - AROUND_THE_SCENARIOS)
    expect(secondsOf(quick)).toBeLessThan(3 * 60 - AROUND_THE_SCENARIOS)
  })

  test('has jobs that survive the way to another process', () => {
    for (const { job } of all()) expect(JSON.parse(JSON.stringify(job))).toEqual(job)
  })
})
