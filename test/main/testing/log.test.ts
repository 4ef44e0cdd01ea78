import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { PartitionLog } from '../../../src/main/testing/broker/log.ts'
import { headerOf, makeBatch, recordsIn } from './batches.ts'

function append(log: PartitionLog, values: string[], epoch = 0, timestamp?: number): number {
  const batch = makeBatch({ values, ...(timestamp !== undefined && { timestamp }) })
  const header = headerOf(batch)
  return log.append(batch, header, header.maxTimestamp, epoch)
}

const big = 'x'.repeat(5000)

describe('a partition log', () => {
  test('gives offsets one after the other and patches them and the epoch into the bytes', () => {
    const log = new PartitionLog()
    expect([append(log, ['a', 'b'], 3), append(log, [big], 3), append(log, ['c'], 4)]).toEqual([0, 2, 3])
    expect(log.highWatermark).toBe(4)
    const { chunks } = log.read(0, 1e9, true)
    expect(recordsIn(chunks)).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, big],
      [3, 'c'],
    ])
    const last = log.read(3, 1e9, true).chunks[0]!
    expect(headerOf(last)).toMatchObject({ baseOffset: 3, partitionLeaderEpoch: 4 })
  })

  test('reads whole batches from the one that holds the offset', () => {
    const log = new PartitionLog()
    append(log, ['a', 'b', 'c'])
    append(log, ['d'])
    expect(recordsIn(log.read(1, 1e9, true).chunks).map(([offset]) => offset)).toEqual([0, 1, 2, 3])
    expect(recordsIn(log.read(3, 1e9, true).chunks)).toEqual([[3, 'd']])
    expect(log.read(4, 1e9, true)).toEqual({ chunks: [], length: 0 })
  })

  test('KIP-74: the first batch comes whatever its size, further ones only if they fit', () => {
    const log = new PartitionLog()
    append(log, [big])
    append(log, [big])
    const size = log.sizeInBytes / 2
    expect(log.read(0, 10, true).length).toBe(size)
    expect(log.read(0, 10, false).length).toBe(0)
    expect(log.read(0, 2 * size - 1, true).length).toBe(size)
    expect(log.read(0, 2 * size, true).length).toBe(2 * size)
  })

  test('small batches that lie side by side are one chunk, large ones are not copied', () => {
    const log = new PartitionLog()
    for (let i = 0; i < 20; i++) append(log, ['small'])
    expect(log.read(0, 1e9, true).chunks).toHaveLength(1)
    const batch = makeBatch({ values: [big] })
    log.append(batch, headerOf(batch), 0, 0)
    expect(log.read(20, 1e9, true).chunks[0]!.buffer).toBe(batch.buffer)
  })

  test('loses whole batches from the end, and the epochs that began there', () => {
    const log = new PartitionLog()
    for (const [values, epoch] of [
      [['a'], 0],
      [['b', 'c'], 1],
      [[big], 2],
      [['d'], 3],
    ] as const)
      append(log, [...values], epoch)
    log.truncate(3)
    const left = log.sizeInBytes
    expect([log.logEndOffset, log.latestEpoch]).toEqual([3, 1])
    log.truncate(2)
    expect([log.logEndOffset, log.highWatermark, log.latestEpoch]).toEqual([1, 1, 0])
    expect(log.sizeInBytes).toBeLessThan(left)
    expect(recordsIn(log.read(0, 1e9, true).chunks)).toEqual([[0, 'a']])
    log.truncate(7)
    expect(log.logEndOffset).toBe(1)
    log.truncate(0)
    expect([log.logEndOffset, log.sizeInBytes, log.read(0, 1e9, true).length]).toEqual([0, 0, 0])
    expect(append(log, ['e'], 5)).toBe(0)
  })

  test('retention drops the oldest batches as long as enough is left without them, and moves the start', () => {
    const log = new PartitionLog()
    for (let i = 0; i < 10; i++) append(log, [big, big])
    const size = log.sizeInBytes / 10
    expect(log.retain(log.sizeInBytes)).toBe(false)
    expect(log.retain(size * 3 + 1)).toBe(true)
    expect([log.logStartOffset, log.highWatermark, log.sizeInBytes]).toEqual([12, 20, size * 4])
    expect(recordsIn(log.read(14, 1e9, true).chunks)).toHaveLength(6)
    log.retain(0)
    expect([log.logStartOffset, log.logEndOffset, log.sizeInBytes]).toEqual([20, 20, 0])
    expect(append(log, ['next'])).toBe(20)
  })

  test('records expire by their age, those without a time with the next that have one', () => {
    const log = new PartitionLog()
    for (const time of [100, -1, 300, 200, -1]) append(log, ['v'], 0, time)
    expect(log.oldestTimestamp()).toBe(100)
    expect(log.expire(100)).toBe(false)
    expect(log.expire(150)).toBe(true)
    expect(log.logStartOffset).toBe(1)
    log.held = true
    append(log, ['unseen'], 0, 1)
    log.expire(10_000)
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([4, 5, 6])
  })

  test('a log can begin within a batch', () => {
    const log = new PartitionLog()
    append(log, ['a', 'b', 'c'])
    append(log, ['d'])
    log.deleteBefore(2)
    expect([log.logStartOffset, recordsIn(log.read(2, 1e9, true).chunks).length]).toEqual([2, 4])
    log.deleteBefore(1)
    expect(log.logStartOffset).toBe(2)
    log.deleteBefore(4)
    expect([log.logStartOffset, log.logEndOffset, log.sizeInBytes]).toEqual([4, 4, 0])
  })

  test('a long life under retention keeps neither bytes nor entries', () => {
    const log = new PartitionLog()
    for (let i = 0; i < 20_000; i++) {
      append(log, ['v'])
      log.retain(7000)
    }
    expect(log.sizeInBytes).toBeLessThanOrEqual(7100)
    expect([...log.batches()].length).toBeLessThan(110)
    expect(recordsIn(log.read(19_999, 1e9, true).chunks)).toEqual([[19_999, 'v']])
    expect(log.highWatermark - log.logStartOffset).toBe([...log.batches()].length)
  })

  test('finds batches by time', () => {
    const log = new PartitionLog()
    expect([...log.batchesSince(0)][0]).toBeUndefined()
    expect(log.batchOfMaxTimestamp()).toBeUndefined()
    for (const time of [100, 300, 200]) append(log, ['v'], 0, time)
    expect([...log.batchesSince(0)][0]?.baseOffset).toBe(0)
    expect([...log.batchesSince(101)][0]?.baseOffset).toBe(1)
    expect([...log.batchesSince(301)][0]).toBeUndefined()
    expect(log.batchOfMaxTimestamp()?.baseOffset).toBe(1)
  })
})

describe('leader epochs of a log', () => {
  test('KIP-320: an epoch ends where the next begins', () => {
    const log = new PartitionLog()
    log.startEpoch(0)
    append(log, ['a', 'b'], 0)
    log.startEpoch(1)
    append(log, ['c'], 1)
    log.startEpoch(4)
    append(log, ['d'], 4)
    expect(log.endOfEpoch(0)).toEqual({ leaderEpoch: 0, endOffset: 2 })
    expect(log.endOfEpoch(1)).toEqual({ leaderEpoch: 1, endOffset: 3 })
    expect(log.endOfEpoch(3)).toEqual({ leaderEpoch: 1, endOffset: 3 })
    expect(log.endOfEpoch(4)).toEqual({ leaderEpoch: 4, endOffset: 4 })
    expect(log.endOfEpoch(5)).toEqual({ leaderEpoch: -1, endOffset: -1 })
    expect([0, 1, 2, 3].map((offset) => log.epochAt(offset))).toEqual([0, 0, 1, 4])
  })

  test('are forgotten with their batches', () => {
    const log = new PartitionLog()
    append(log, [big], 0)
    append(log, [big], 1)
    append(log, [big], 2)
    log.retain(log.sizeInBytes / 3)
    expect(log.epochAt(2)).toBe(2)
    expect(log.endOfEpoch(0)).toEqual({ leaderEpoch: 0, endOffset: 2 })
  })
})

property.prop([
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 50 }),
  fc.nat(4000),
  fc.array(fc.tuple(fc.nat(300), fc.nat(2000)), { maxLength: 20 }),
])('a read begins at the batch with the offset and has no gap', (sizes, retained, reads) => {
  const log = new PartitionLog()
  for (const size of sizes) {
    append(
      log,
      Array.from({ length: size }, (_, i) => `v${i}`),
    )
    log.retain(retained)
  }
  for (const [ahead, maxBytes] of reads) {
    const offset = Math.min(log.logStartOffset + ahead, log.highWatermark)
    const { chunks, length } = log.read(offset, maxBytes, true)
    expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(length)
    const offsets = recordsIn(chunks).map(([at]) => at)
    if (offset === log.highWatermark) expect(offsets).toEqual([])
    else {
      expect(offsets[0]).toBeLessThanOrEqual(offset)
      expect(offsets.at(-1)).toBeGreaterThanOrEqual(offset)
      expect(offsets).toEqual(offsets.map((_, i) => offsets[0]! + i))
      expect(length <= maxBytes || new Set(chunks.map((chunk) => headerOf(chunk).baseOffset)).size === 1).toBe(true)
    }
  }
})
