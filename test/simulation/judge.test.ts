/** The simulation itself: it repeats, it causes trouble of every kind, and its judge sees what it is there to see. */
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../src/main/index.ts'
import { faults } from './faults/index.ts'
import type { FinalLog } from './final-log.ts'
import { judge } from './judge.ts'
import { Ledger, type Sent } from './ledger.ts'
import type { Following } from './reader.ts'
import { runSeed } from './run.ts'

/** Three records sent, written, acknowledged and read. */
function world(): { ledger: Ledger; sent: Sent[]; logs: FinalLog[]; followings: Following[]; now: { ms: number } } {
  const now = { ms: 0 }
  const ledger = new Ledger(() => now.ms)
  const promises = { idempotent: true, confirmed: true, deliveryTimeoutMs: 1_000 }
  const values = [0, 1, 2].map((sequence) => `w0.0/${sequence}/abc`)
  const sent = values.map((value, sequence) => {
    const one = ledger.enter('w0.0', sequence, { topic: 'steady', partition: 0, value }, promises)
    ledger.end(one, { metadata: { topic: 'steady', partition: 0, offset: sequence, timestamp: 5 } })
    return one
  })
  const logs = [
    { topic: 'steady', partition: 0, entries: values.map((value, offset) => ({ offset, value, timestamp: 5 })) },
    { topic: 'steady', partition: 1, entries: [] },
  ]
  const delivered = values.map((value, offset) => ({ offset, value }))
  const followings = [{ topic: 'steady', partition: 0, offset: 3, lastFetchedEpoch: -1, delivered }]
  return { ledger, sent, logs, followings, now }
}

const failed = (outcome?: 'not-written' | 'possibly-written') => {
  return { error: new KafkaError('DELIVERY_TIMEOUT', 'too late', outcome ? { outcome } : {}) }
}

describe('the judge', () => {
  it('finds nothing where all is well', () => {
    const { ledger, sent, logs, followings } = world()
    expect([...judge(sent, logs, followings), ...ledger.problems(true)]).toEqual([])
  })

  const lies: [string, string, (w: ReturnType<typeof world>) => void][] = [
    ['IP1', 'an acknowledged record that is not in the log', ({ logs }) => void logs[0]!.entries.pop()],
    [
      'IP1',
      'an acknowledged record that is elsewhere',
      ({ sent }) =>
        void Object.assign(sent[1]!.result!, { metadata: { topic: 'steady', partition: 0, offset: 7, timestamp: 5 } }),
    ],
    ['IP2', 'a record in the log that was called not written', ({ sent }) => void (sent[1]!.result = failed('not-written'))],
    ['IP2', 'a failure without an outcome', ({ sent }) => void (sent[1]!.result = failed())],
    [
      'IP3',
      'a record that is in the log twice',
      ({ logs }) => void logs[0]!.entries.push({ ...logs[0]!.entries[2]!, offset: 3 }),
    ],
    ['IP4', 'records in another order than they were sent', ({ logs }) => void logs[0]!.entries.reverse()],
    ['IP6', 'a record in a foreign partition', ({ logs }) => void logs[1]!.entries.push(logs[0]!.entries.pop()!)],
    ['IP6', 'bytes that were not sent', ({ logs }) => void (logs[0]!.entries[1]!.value = 'w0.0/1/xyz')],
    ['IX1', 'a failure that is no answer', ({ sent }) => void (sent[1]!.result = { error: new TypeError('oops') })],
    [
      'IC1',
      'a record that was read and is not there',
      ({ followings }) => void (followings[0]!.delivered[1]!.value = 'w0.0/2/abc'),
    ],
    ['unseen', 'a record that no reader was given', ({ followings }) => void followings[0]!.delivered.pop()],
  ]
  it.each(lies)('%s: sees %s', (id, _what, lie) => {
    const it = world()
    lie(it)
    expect(judge(it.sent, it.logs, it.followings).some((problem) => problem.startsWith(`${id}:`))).toBe(true)
  })

  it('IP7: sees sends that are settled twice, never, or late', () => {
    const twice = world()
    twice.ledger.end(twice.sent[0]!, failed('not-written'))
    expect(twice.ledger.problems(true)).toEqual(['IP7: w0.0#0 to steady-0 was settled 2 times'])
    const { ledger, now } = world()
    const promises = { idempotent: true, confirmed: true, deliveryTimeoutMs: 1_000 }
    const slow = ledger.enter('w0.0', 3, { topic: 'steady', partition: 0, value: 'w0.0/3/' }, promises)
    expect(ledger.problems(true)).toEqual(['IP7: w0.0#3 to steady-0 was settled 0 times'])
    now.ms = 3_000
    ledger.end(slow, failed('not-written'))
    expect(ledger.problems(true)).toEqual(['IP7: w0.0#3 to steady-0 was settled 2000 ms after its delivery timeout'])
  })
})

describe('the simulation', () => {
  it('gives the same run for the same seed', async () => {
    const [first, other, second] = [await runSeed(7), await runSeed(8), await runSeed(7)]
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
    expect(first.strikes.length).toBeGreaterThan(0)
    expect(first.acked).toBeGreaterThan(0)
  })

  it('causes every kind of trouble', async () => {
    const struck = new Set<string>()
    for (let seed = 1; seed <= 60; seed++) for (const { fault } of (await runSeed(seed)).strikes) struck.add(fault)
    expect(faults.map(({ name }) => name).filter((name) => !struck.has(name))).toEqual([])
  }, 120_000)
})
