import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type BatchSlot, BatchStore, BlockFlag, BlockState, createBatchStore, findBlocks } from '../../src/shared/batch-store.ts'

const KIB = 1024
const BYTES = 256 * KIB

function store(bytes = BYTES) {
  const memory = createBatchStore(bytes)
  return { memory, store: new BatchStore(memory) }
}

/** Fills a slot with a number of its own, to find out who else writes there. */
function fill({ buffer }: BatchSlot, mark: number): void {
  buffer.fill(mark)
}

describe('the batch store', () => {
  it('has blocks of 4 KiB and up, the next power of two', () => {
    const { store: blocks } = store()
    expect([1, 4096, 4097, 20_000, 65_536].map((size) => blocks.take(size).buffer.length)).toEqual(
      [4, 4, 8, 32, 64].map((kib) => kib * KIB),
    )
  })

  it('gives ordinary memory when it is full, or more than a quarter is wanted', () => {
    const { store: blocks } = store()
    const large = blocks.take(BYTES / 4 + 1)
    expect(large).toMatchObject({ block: -1, buffer: { length: BYTES / 4 + 1 } })
    blocks.give(large)
    expect(large.buffer.length).toBe(0)
    const all = Array.from({ length: BYTES / 4096 }, () => blocks.take(4096))
    expect(new Set(all.map(({ block }) => block)).size).toBe(all.length)
    expect(blocks.take(1).block).toBe(-1)
    blocks.give(all[7]!)
    expect(blocks.take(1).block).toBe(all[7]!.block)
  })

  test.prop([fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 70_000 })), { maxLength: 200 })])(
    'IP6: blocks in use never overlap, and what is given back is whole again',
    (steps) => {
      const { store: blocks } = store()
      const live: { slot: BatchSlot; mark: number }[] = []
      let mark = 0
      for (const [take, size] of steps) {
        if (take || live.length === 0) {
          const slot = blocks.take(size)
          expect(slot.buffer.length).toBeGreaterThanOrEqual(size)
          mark = (mark + 1) & 0xff
          fill(slot, mark)
          live.push({ slot, mark })
        } else {
          const [gone] = live.splice(size % live.length, 1)
          blocks.give(gone!.slot)
        }
      }
      for (const { slot, mark: own } of live) expect(slot.buffer.every((byte) => byte === own)).toBe(true)
      for (const { slot } of live) blocks.give(slot)
      const quarters = Array.from({ length: 4 }, () => blocks.take(BYTES / 4))
      expect(quarters.every(({ block }) => block >= 0)).toBe(true)
    },
  )

  it('F31: only what was saved counts, with the extent of the last whole save', () => {
    const { memory, store: blocks } = store()
    const unsaved = blocks.take(1)
    blocks.assign(unsaved, 1, 1, 0, 5)
    const saved = blocks.take(10_000)
    blocks.assign(saved, 2, 7, 40, 123.5)
    blocks.save(saved, BlockState.open, 3, 400, 333, 1000, 1002)
    blocks.save(saved, BlockState.open, 5, 600, 555, 1000, 1004)
    blocks.mark(saved, BlockFlag.inFlight, 2)
    const { bytes, ...description } = findBlocks(memory)[0]!
    expect(findBlocks(memory)).toHaveLength(1)
    expect(bytes).toHaveLength(16 * KIB)
    expect(description).toEqual({
      block: saved.block,
      state: BlockState.open,
      lane: 2,
      serial: 7,
      firstOrdinal: 40,
      count: 5,
      end: 600,
      budget: 555,
      flags: BlockFlag.inFlight,
      tries: 2,
      createdAt: 123.5,
      baseTimestamp: 1000,
      maxTimestamp: 1004,
    })
    blocks.setState(saved, BlockState.unstamped)
    expect(findBlocks(memory)[0]).toMatchObject({ state: BlockState.unstamped, count: 5, end: 600 })
    blocks.give(saved)
    expect(findBlocks(memory)).toEqual([])
  })

  it('F28: a successor finds the blocks in use, keeps those it is told to and frees the others', () => {
    const { memory, store: crashed } = store()
    const slots = Array.from({ length: 10 }, (_, i) => {
      const slot = crashed.take(5_000)
      fill(slot, i)
      crashed.assign(slot, i, 0, 0, 0)
      if (i % 2 === 0) crashed.save(slot, BlockState.open, 1, 100, 1, 0, 0)
      return slot
    })
    const successor = new BatchStore(memory)
    const kept = [slots[0]!.block, slots[4]!.block]
    successor.keepOnly(new Set(kept))
    expect(findBlocks(memory).map(({ block }) => block)).toEqual(kept)
    expect(kept.map((block) => successor.slotOf(block).buffer[0])).toEqual([0, 4])
    const rest = Array.from({ length: (BYTES - 2 * 8 * KIB) / (8 * KIB) }, () => successor.take(8 * KIB))
    expect(rest.every(({ block }) => block >= 0 && !kept.includes(block))).toBe(true)
    expect(successor.take(1).block).toBe(-1)
  })
})
