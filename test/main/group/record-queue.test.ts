import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PrefetchBudget } from '../../../src/main/group/prefetch-budget.ts'
import { RecordQueue } from '../../../src/main/group/record-queue.ts'
import { writeInt64 } from '../../../src/shared/record-batch.ts'
import { makeBatch } from '../testing/batches.ts'

function batchAt(baseOffset: number, count: number): Buffer {
  const batch = makeBatch({ values: Array.from({ length: count }, (_, i) => `${i}`) })
  writeInt64(batch, 0, baseOffset)
  return batch
}

const offsets = (list: readonly { offset: number }[]): number[] => list.map(({ offset }) => offset)

function queue(...batches: { from: number; count: number; next?: number }[]) {
  const budget = new PrefetchBudget(1 << 20)
  const one = new RecordQueue('t', 0, budget)
  for (const { from, count, next = from + count } of batches) {
    one.add(count === 0 ? Buffer.alloc(0) : batchAt(from, count), from, next, 7)
  }
  return { one, budget }
}

describe('the queue of a partition', () => {
  it('C8: gives so many records, over several answers if need be, and an answer at a time when dynamic', () => {
    const { one } = queue({ from: 0, count: 3 }, { from: 3, count: 4 })
    expect(offsets(one.peek(2))).toEqual([0, 1])
    expect(offsets(one.peek(5))).toEqual([0, 1, 2, 3, 4])
    expect(offsets(one.peek('dynamic'))).toEqual([0, 1, 2])
    expect(one.done(2, { offset: 0, leaderEpoch: -1 })).toEqual({ offset: 2, leaderEpoch: 7 })
    expect(offsets(one.peek('dynamic'))).toEqual([2])
    expect([one.length, one.answers]).toEqual([5, 2])
  })

  it('IC6: answers without records move the position, also several of them', () => {
    const { one, budget } = queue(
      { from: 5, count: 0, next: 9 },
      { from: 9, count: 0, next: 12 },
      { from: 12, count: 1, next: 20 },
    )
    expect(one.done(0, { offset: 5, leaderEpoch: 1 })).toEqual({ offset: 12, leaderEpoch: 7 })
    expect(one.done(1, { offset: 12, leaderEpoch: 7 })).toEqual({ offset: 20, leaderEpoch: 7 })
    expect([one.empty, budget.used]).toEqual([true, 0])
  })

  it('C2: what is to come again has a higher attempt, also when it has to be fetched again', () => {
    const { one } = queue({ from: 0, count: 3 })
    const before = one.peek(3)
    one.done(1, { offset: 0, leaderEpoch: -1 })
    one.again(2)
    expect(one.peek(3).map(({ offset, attempt }) => [offset, attempt])).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(before.map(({ attempt }) => attempt)).toEqual([1, 1, 1])
    one.clear()
    one.add(batchAt(0, 4), 1, 4, 7)
    expect(one.peek('dynamic').map(({ offset, attempt }) => [offset, attempt])).toEqual([
      [1, 2],
      [2, 2],
      [3, 1],
    ])
  })

  it('IC7: gives what is whole in front of a damaged batch, then says so, and nothing of what was behind', () => {
    const good = batchAt(0, 2)
    const bad = batchAt(2, 2)
    // the length of the first record
    bad[61] = 0x7f
    const { one, budget } = queue()
    one.add(Buffer.concat([good, bad]), 0, 4, 7)
    one.add(batchAt(4, 2), 4, 6, 7)
    expect(one.corrupt).toBeUndefined()
    expect(offsets(one.peek(10))).toEqual([0, 1])
    expect(one.corrupt).toMatchObject({ code: 'CORRUPT_BATCH', context: { topic: 't', partition: 0, offset: 2 } })
    expect(one.done(2, { offset: 0, leaderEpoch: 7 })).toEqual({ offset: 2, leaderEpoch: 7 })
    expect([one.empty, budget.used]).toEqual([true, 0])
    one.clear()
    expect(one.corrupt).toBeUndefined()
  })

  property.prop([fc.array(fc.nat(5), { maxLength: 8 }), fc.infiniteStream(fc.nat(7))])(
    'IC1: whatever is taken at a time, every record comes once and in order, and all bytes are given back',
    (counts, sizes) => {
      let next = 0
      const { one, budget } = queue(
        ...counts.map((count) => {
          const from = next
          next += count
          return { from, count }
        }),
      )
      const seen: number[] = []
      let position = { offset: 0, leaderEpoch: -1 }
      for (const size of sizes) {
        position = one.done(0, position)
        if (one.empty) break
        const some = one.peek(size === 0 ? 'dynamic' : size)
        expect(some.length).toBeGreaterThan(0)
        seen.push(...offsets(some))
        position = one.done(some.length, position)
      }
      expect(seen).toEqual(Array.from({ length: next }, (_, i) => i))
      expect([position.offset, budget.used]).toEqual([next, 0])
    },
  )
})
