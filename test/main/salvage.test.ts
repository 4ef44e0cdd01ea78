import { describe, expect, it } from 'vitest'
import { type LaneTally, salvage, settleBudgets } from '../../src/main/salvage.ts'
import { BatchStore, createBatchStore, findBlocks } from '../../src/shared/batch-store.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import type { Packing } from '../../src/shared/io-api.ts'
import { writeTail } from '../../src/shared/tail.ts'
import { Batch, type BatchContext } from '../../src/workers/batch.ts'

const lost = new KafkaError('WORKER_DIED', 'it crashed', { outcome: 'possibly-written' }).toWire()
const plain: Packing = { compression: 'none' }
const stamp = { producerId: 7, producerEpoch: 2, baseSequence: 100 }
const tail = Buffer.alloc(100)
const tailEnd = writeTail(tail, 0, null, 'value', undefined)

function world() {
  const memory = createBatchStore(1 << 20)
  const context: BatchContext = { store: new BatchStore(memory), unsaved: [], settled: [], clockOrigin: 0 }
  const batch = (lane: number, firstOrdinal: number, count: number, serial = lane): Batch => {
    const made = new Batch(context, { id: lane, serial }, firstOrdinal, 1000, 5)
    for (let i = 0; i < count; i++) made.append(1000 + i, tail, 0, tailEnd, 10)
    made.save()
    return made
  }
  /** Lane 1 with serial 1. */
  const judge = (tally: Partial<LaneTally>, inRing = 0) => {
    const whole = { lane: 1, serial: 1, accepted: 0, settled: 0, bytes: 0, ...tally }
    const left = new Map([[1, { records: inRing, bytes: inRing * 10 }]])
    const found = salvage(findBlocks(memory), left, [whole], lost)
    settleBudgets(found, new Map([[1, whole]]), () => (inRing - found.inRingToo.get(1)!) * 10)
    const batches = found.remains[0]?.batches ?? []
    return {
      taken: found.taken.get(1),
      inRingToo: found.inRingToo.get(1),
      ghost: found.remains[0]?.ghost,
      batches: batches.map((entry) => [entry.firstOrdinal, entry.count, 'lost' in entry ? `lost ${entry.budget}` : entry.state]),
    }
  }
  return { memory, context, batch, judge }
}

describe('F31 IX8: what a crashed I/O core left', () => {
  it('is its batches, then what is in the ring', () => {
    const { batch, judge } = world()
    batch(1, 5, 3).seal(plain, stamp)
    batch(1, 8, 2)
    expect(judge({ accepted: 14, settled: 5, bytes: 90 }, 4)).toMatchObject({
      batches: [
        [5, 3, 2],
        [8, 2, 1],
      ],
      taken: 10,
      inRingToo: 0,
    })
  })

  it('records that are in a batch and, since they were not freed, in the ring too, count once', () => {
    const { batch, judge } = world()
    batch(1, 0, 5)
    expect(judge({ accepted: 8, bytes: 80 }, 6)).toMatchObject({ batches: [[0, 5, 1]], taken: 5, inRingToo: 3 })
  })

  it('records that came to a batch after it was saved come from the ring', () => {
    const { batch, judge } = world()
    batch(1, 0, 2).append(1005, tail, 0, tailEnd, 10)
    expect(judge({ accepted: 3, bytes: 30 }, 1)).toMatchObject({ batches: [[0, 2, 1]], taken: 2, inRingToo: 0 })
  })

  it('what is nowhere is lost, with its share of the budget', () => {
    const { batch, judge } = world()
    batch(1, 4, 2)
    expect(judge({ accepted: 10, settled: 1, bytes: 90 }, 2)).toMatchObject({
      batches: [
        [1, 3, 'lost 50'],
        [4, 2, 1],
        [6, 2, 'lost 0'],
      ],
      taken: 8,
    })
  })

  it('of two copies of a batch that was just being moved the longer one counts', () => {
    const { batch, judge } = world()
    batch(1, 0, 2)
    batch(1, 0, 6)
    expect(judge({ accepted: 6, bytes: 60 })).toMatchObject({ batches: [[0, 6, 1]] })
  })

  it('a damaged batch is refused', () => {
    const { memory, batch, judge } = world()
    batch(1, 0, 2).seal(plain, stamp)
    batch(1, 2, 2)
    for (const { bytes } of findBlocks(memory)) bytes[61] = 0x7e
    expect(judge({ accepted: 4, bytes: 40 })).toMatchObject({ batches: [[0, 4, 'lost 40']] })
  })

  it('a batch of an earlier lane with the same number is nobody’s', () => {
    const { batch, judge } = world()
    batch(1, 0, 2, 99)
    expect(judge({ accepted: 2, bytes: 20 })).toMatchObject({ batches: [[0, 2, 'lost 20']] })
  })

  it('a batch with a verdict is not sent again; one that a socket still had is remembered for its epoch', () => {
    const { batch, judge } = world()
    batch(1, 0, 2).seal(plain, stamp)
    const sent = batch(1, 2, 2)
    sent.seal(plain, stamp)
    sent.sent()
    expect(judge({ accepted: 4, settled: 4 })).toMatchObject({ batches: [], taken: 4, ghost: { firstOrdinal: 2, tries: 1 } })
  })

  it('a batch whose identity was just being changed is whole, without one', () => {
    const { context, batch, judge } = world()
    const made = batch(1, 0, 2)
    made.seal(plain, stamp)
    made.unstamp()
    const { batches } = judge({ accepted: 2, bytes: 20 })
    expect(batches).toEqual([[0, 2, 3]])
    const [found] = findBlocks(context.store.slotOf(0).buffer.buffer as SharedArrayBuffer)
    expect(Batch.revive(context, { id: 1, serial: 1 }, found!).stamp).toBeUndefined()
  })

  it('a batch goes on as it was: records, identity, age and tries', () => {
    const { memory, context, batch } = world()
    const made = batch(1, 3, 2)
    made.seal({ compression: 'gzip' }, stamp)
    made.sent()
    const bytes = Buffer.from(made.bytes)
    const revived = Batch.revive(context, { id: 1, serial: 1 }, findBlocks(memory)[0]!)
    expect(revived).toMatchObject({ firstOrdinal: 3, count: 2, budget: 20, createdAt: 5, tries: 1, stamp, possiblyWritten: true })
    expect(revived.bytes).toEqual(bytes)
  })
})
