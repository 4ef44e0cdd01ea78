import { describe, expect, it } from 'vitest'
import { BufferPool } from '../../src/workers/buffer-pool.ts'

describe('the buffer pool', () => {
  it('gives out buffers that are large enough, and the same memory again once it is back', () => {
    const pool = new BufferPool(1 << 20)
    for (const size of [1, 4096, 4097, 100_000, 1 << 20]) expect(pool.take(size).length).toBeGreaterThanOrEqual(size)
    const buffer = pool.take(50_000)
    pool.give(buffer)
    expect(pool.take(60_000)).toBe(buffer)
  })

  it('IP6: never gives the same memory to two owners', () => {
    const pool = new BufferPool(1 << 20)
    const first = pool.take(5000)
    expect(pool.take(5000).buffer).not.toBe(first.buffer)
  })

  it('IP8: keeps no more than its limit, and nothing of odd or huge sizes', () => {
    const pool = new BufferPool(64 * 1024)
    const buffers = Array.from({ length: 8 }, () => pool.take(16 * 1024))
    for (const buffer of buffers) pool.give(buffer)
    const again = Array.from({ length: 8 }, () => pool.take(16 * 1024))
    expect(again.filter((buffer) => buffers.includes(buffer)).length).toBe(4)
    const huge = pool.take(5 << 20)
    pool.give(huge)
    expect(pool.take(5 << 20)).not.toBe(huge)
    expect(huge.length, 'its memory is freed at once').toBe(0)
  })
})
