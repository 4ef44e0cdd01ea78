/** Medians, spreads and ratios within rounds. */
import { describe, expect, it } from 'vitest'
import { ratio, ratios, spread } from '../../bench/statistics.ts'

describe('spread', () => {
  it('E2 takes the middle one of an odd number and the mean of the two middle ones of an even number', () => {
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 })
    expect(spread([10, 1, 2, 4])).toEqual({ median: 3, min: 1, max: 10 })
    expect(spread([7])).toEqual({ median: 7, min: 7, max: 7 })
  })

  it('orders numbers as numbers and leaves what it was given as it is', () => {
    const values = [100, 9, 20]
    expect(spread(values)).toEqual({ median: 20, min: 9, max: 100 })
    expect(values).toEqual([100, 9, 20])
  })
})

describe('ratios', () => {
  it('E2 are taken within rounds: the ratio of the medians may be another', () => {
    const ours = [10, 40, 90]
    const theirs = [5, 50, 30]
    expect(ratios(ours, theirs)).toEqual([2, 0.8, 3])
    expect(ratio(ours, theirs)).toEqual({ median: 2, min: 0.8, max: 3 })
    expect(spread(ours).median / spread(theirs).median).not.toBe(2)
  })

  it('leave out rounds that one of the two lacks or that cannot be divided by', () => {
    expect(ratios([1, undefined, 3, 4], [2, 2, undefined, 0])).toEqual([0.5])
    expect(ratios([1, 2], [1])).toEqual([1])
    expect(ratio([1, undefined], [undefined, 1])).toBeUndefined()
    expect(ratio([], [])).toBeUndefined()
  })
})
