import { describe, expect, test } from 'vitest'
import { ratio, spread } from '../../bench/statistics.ts'

describe('statistics of the benchmarks', () => {
  test('the median is the middle, or between the two in the middle, whatever the order', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
    expect(spread([10, 1, 4, 2])).toEqual({ median: 3, min: 1, max: 10 })
    expect(spread([7])).toEqual({ median: 7, min: 7, max: 7 })
  })

  test('a ratio is taken within each round, and a round that one of the two lacks does not count', () => {
    // the second round was disturbed: both had a tenth
    expect(ratio([100, 10, 80], [50, 5, 20])).toEqual({ median: 2, min: 2, max: 4 })
    expect(ratio([100, undefined, 80], [50, 1, undefined])).toEqual({ median: 2, min: 2, max: 2 })
    expect(ratio([undefined], [1])).toBeUndefined()
    expect(ratio([], [])).toBeUndefined()
  })
})
