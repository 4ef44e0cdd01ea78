import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { markerBatch, readMarker } from '../../../../src/main/testing/broker/transactions/marker.ts'
import { PartitionTransactions } from '../../../../src/main/testing/broker/transactions/partition-transactions.ts'
import { checkCrc } from '../../../../src/shared/record-batch.ts'
import { headerOf } from '../batches.ts'

const log = (highWatermark: number, logStartOffset = 0) => ({ highWatermark, logStartOffset })

describe('the last stable offset', () => {
  test('is where the oldest open transaction began, or the high watermark', () => {
    const all = new PartitionTransactions()
    expect(all.lastStableOffset(log(9))).toBe(9)
    all.appended(1, 2)
    all.appended(2, 4)
    all.appended(1, 6)
    expect(all.lastStableOffset(log(9))).toBe(2)
    all.ended(1, 0, 9, true, log(10))
    expect(all.lastStableOffset(log(10))).toBe(4)
    all.appended(1, 10)
    all.ended(2, 0, 11, false, log(12))
    expect(all.lastStableOffset(log(12))).toBe(10)
  })

  test('is never before the start of the log, nor behind what all replicas have', () => {
    const all = new PartitionTransactions()
    all.appended(1, 2)
    expect(all.lastStableOffset(log(9, 5))).toBe(5)
    expect(all.lastStableOffset(log(1))).toBe(1)
  })

  test('waits until all replicas have the marker', () => {
    const all = new PartitionTransactions()
    all.appended(1, 2)
    all.ended(1, 0, 3, true, log(3))
    expect(all.lastStableOffset(log(3))).toBe(2)
    expect(all.lastStableOffset(log(4))).toBe(4)
  })
})

describe('aborted transactions', () => {
  test('are told where a fetch touches them, in the order of their markers', () => {
    const all = new PartitionTransactions()
    all.appended(1, 0)
    all.appended(2, 1)
    all.ended(2, 0, 2, false, log(3))
    all.ended(1, 0, 3, false, log(4))
    all.appended(2, 4)
    all.ended(2, 0, 5, false, log(6))
    all.appended(3, 6)
    all.ended(3, 0, 7, true, log(8))
    const between = (from: number, to: number) => all.abortedBetween(from, to).map((one) => [one.producerId, one.firstOffset])
    expect(between(0, 8)).toEqual([
      [2, 1],
      [1, 0],
      [2, 4],
    ])
    expect(between(3, 8)).toEqual([
      [1, 0],
      [2, 4],
    ])
    expect(between(0, 1)).toEqual([[1, 0]])
    expect(between(6, 8)).toEqual([])
  })

  test('are forgotten with the records', () => {
    const all = new PartitionTransactions()
    for (let offset = 0; offset < 100; offset += 2) {
      all.appended(1, offset)
      all.ended(1, 0, offset + 1, false, log(offset + 2, offset - 10))
    }
    expect(all.abortedBetween(0, 1000)).toHaveLength(6)
  })

  test('a marker of nothing aborts nothing', () => {
    const all = new PartitionTransactions()
    all.ended(1, 0, 5, false, log(6))
    expect(all.hasAborted).toBe(false)
  })
})

describe('a producer that the coordinator was asked about', () => {
  test('must begin with the lowest sequence that it came with', () => {
    const all = new PartitionTransactions()
    all.verifying(1, 0, 5, false)
    all.verifying(1, 0, 3, false)
    all.verifying(1, 0, 8, false)
    expect(all.verificationOf(1)).toMatchObject({ epoch: 0, lowestSequence: 3 })
    all.verifying(1, 1, 6, false)
    expect(all.verificationOf(1)).toMatchObject({ epoch: 1, lowestSequence: 6 })
    all.appended(1, 0)
    expect(all.verificationOf(1)).toBeUndefined()
  })

  test('the marker of the last transaction does not undo the question for the next one', () => {
    for (const [adds, epoch, kept] of [
      [true, 1, true],
      [true, 2, false],
      [false, 1, false],
    ] as const) {
      const all = new PartitionTransactions()
      all.verifying(1, 1, 0, adds)
      all.ended(1, epoch, 4, true, log(5))
      expect(all.verificationOf(1) !== undefined).toBe(kept)
    }
  })
})

property.prop([fc.boolean(), fc.nat(2 ** 31 - 1), fc.nat(32_767), fc.nat(2 ** 40), fc.boolean()])(
  'a marker is a valid batch that says how it ends',
  (commit, coordinatorEpoch, epoch, producerId, logAppendTime) => {
    const batch = markerBatch({ producerId, epoch, commit, coordinatorEpoch, version: 2 }, 1_700_000_000_000, logAppendTime)
    const header = headerOf(batch)
    expect(checkCrc(batch, 0, header)).toBe(true)
    expect(header).toMatchObject({ producerId, producerEpoch: epoch, baseSequence: -1, recordCount: 1, lastOffsetDelta: 0 })
    expect(header.attributes).toBe(0x30 + (logAppendTime ? 8 : 0))
    expect(readMarker(batch)).toEqual({ commit, coordinatorEpoch })
    expect(readMarker(batch.subarray(1))).toBeUndefined()
  },
)
