import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { ConsumedRecord } from '../../src/shared/handler-types.ts'
import { DeliveredRecord } from '../../src/shared/lazy-record.ts'
import { readRecords } from '../../src/shared/record-batch.ts'
import { packRecords, unpackRecords } from '../../src/shared/record-parcel.ts'
import { contents, delivered, numbered } from '../main/group/records.ts'
import { makeBatch } from '../workers/batches.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const nullable = fc.option(bytes, { nil: null })
const record = fc.record({
  timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
  key: nullable,
  value: nullable,
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), nullable), { maxLength: 4 }),
})

/** The same without the bytes of a batch behind it. */
const detached = (one: ConsumedRecord): ConsumedRecord => contents(one) as ConsumedRecord

/** Through the other thread's eyes: the memory is gone here. */
function passed(records: readonly ConsumedRecord[]): ConsumedRecord[] {
  const parcel = packRecords(records)
  const moved = structuredClone(parcel, { transfer: [parcel.memory] })
  expect(parcel.memory.byteLength).toBe(0)
  return unpackRecords('orders', 3, moved)
}

describe('records in a parcel', () => {
  test.prop([fc.array(fc.tuple(record, fc.boolean(), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 })])(
    'C12: arrive as they were, views on a batch and others in any mixture',
    (given) => {
      const views = delivered(given.map(([one]) => one)) as DeliveredRecord[]
      const records = views.map((view, i) => (given[i]![1] ? detached(view) : view.at(given[i]![2])))
      expect(passed(records).map(contents)).toEqual(records.map(contents))
    },
  )

  test.prop([fc.shuffledSubarray(Array.from({ length: 12 }, (_, i) => i))])(
    'C12: arrive in the order they were given',
    (order) => {
      const all = numbered(12)
      const records = order.map((at) => all[at]!)
      expect(passed(records).map(contents)).toEqual(records.map(contents))
    },
  )

  it('C12: come from several fetches', () => {
    const records = [...numbered(3), ...numbered(4), ...numbered(2)]
    expect(passed(records).map(({ value }) => String(value))).toEqual(['v0', 'v1', 'v2', 'v0', 'v1', 'v2', 'v3', 'v0', 'v1'])
  })

  it('C12: leave out what of a fetch is before and behind them', () => {
    const all = numbered(1_000)
    const { memory } = packRecords(all.slice(500, 510))
    expect(memory.byteLength).toBeLessThan(10 * (4 * 8 + 20))
  })

  it('keep offsets and timestamps beyond 32 bits exact', () => {
    const into: ConsumedRecord[] = []
    const batch = makeBatch([{ timestamp: 1_764_000_000_123, value: 'v' }])
    batch.writeBigInt64BE(2n ** 52n, 0)
    readRecords('orders', 3, batch, 0, into, DeliveredRecord)
    expect(passed(into)[0]).toMatchObject({ offset: 2 ** 52, timestamp: 1_764_000_000_123, attempt: 1 })
  })
})

it('C2: a record is delivered again with another attempt, and everything else as it was', () => {
  const [one] = delivered([{ timestamp: 5, key: 'k', value: 'v', headers: [['h', null]] }]) as [DeliveredRecord]
  expect(contents(one.at(4))).toEqual({ ...contents(one), attempt: 4 })
  expect(JSON.parse(JSON.stringify(one.at(4)))).toMatchObject({ attempt: 4, key: 'k', headers: [['h', null]] })
})
