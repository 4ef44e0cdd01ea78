import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { backoffMs, retryAt } from '../../src/shared/backoff.ts'

const bounds = { initialMs: 100, maxMs: 10_000 }

describe('backoffMs', () => {
  test('doubles with each failure, starting from the initial pause', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, bounds, 0.5))).toEqual([100, 200, 400, 800])
  })

  test('spreads by 20 % to either side', () => {
    expect(backoffMs(1, bounds, 0)).toBe(80)
    expect(backoffMs(1, bounds, 0.999_999)).toBeCloseTo(120, 3)
  })

  test('never exceeds the maximum, however many failures and whatever the jitter', () => {
    expect(backoffMs(8, bounds, 0.999)).toBe(10_000)
    expect(backoffMs(100_000, bounds, 0.5)).toBe(10_000)
  })

  test('a maximum below the initial pause wins', () => {
    expect(backoffMs(1, { initialMs: 100, maxMs: 10 }, 0.5)).toBe(10)
  })

  const anything = fc.record({
    failures: fc.integer({ min: 0, max: 1e9 }),
    initialMs: fc.integer({ min: 1, max: 1e5 }),
    maxMs: fc.integer({ min: 1, max: 1e8 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  property.prop([anything])('IX3 lies between 80 % of the smaller bound and the maximum', ({ failures, random, ...some }) => {
    const pause = backoffMs(failures, some, random)
    expect(pause).toBeGreaterThanOrEqual(0.8 * Math.min(some.initialMs, some.maxMs))
    expect(pause).toBeLessThanOrEqual(some.maxMs)
  })
})

describe('retryAt', () => {
  test('what fails at about the same time is tried again at the same time', () => {
    expect([1_000, 1_010, 1_049].map((now) => retryAt(now, 1, bounds))).toEqual([1_100, 1_100, 1_100])
    expect(retryAt(1_000, 3, bounds)).toBe(1_200)
  })

  property.prop([fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 1_000 })])(
    'the wait is the pause, by half at most',
    (now, failures) => {
      const pause = Math.min(bounds.maxMs, bounds.initialMs * 2 ** (failures - 1))
      const wait = retryAt(now, failures, bounds) - now
      expect(wait).toBeGreaterThan(pause * 0.499)
      expect(wait).toBeLessThan(pause * 1.501)
    },
  )
})
