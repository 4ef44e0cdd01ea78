import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { Budget, Fit, Holding } from '../../src/main/budget.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const LIMIT = 1_000_000

/** A budget for partitions that are led by these nodes. */
function budgetFor(...leaders: number[]) {
  const clock = new VirtualEnv()
  const budget = new Budget(LIMIT, clock)
  const holdings = leaders.map((node) => new Holding(budget.leader(node)))
  budget.share(holdings)
  return { budget, holdings, clock }
}

/** Takes for a partition until there is no room; returns what it got. */
function flood(budget: Budget, holding: Holding, size = 1_000): number {
  const before = holding.bytes
  while (budget.fits(holding, size) === Fit.yes) budget.take(holding, size)
  return holding.bytes - before
}

describe('IP8: the budget', () => {
  it('gives a partition that is alone three quarters of everything', () => {
    const { budget, holdings } = budgetFor(1)
    expect(flood(budget, holdings[0]!)).toBeCloseTo(LIMIT * 0.75, -4)
  })

  it('F11: leaves every partition its share of a quarter, however many others are flooded, on the same leader too', () => {
    const { budget, holdings } = budgetFor(...Array.from({ length: 100 }, (_, i) => 1 + (i % 3)))
    for (const holding of holdings.slice(0, 99)) flood(budget, holding, 100)
    expect(flood(budget, holdings[99]!, 100)).toBeGreaterThanOrEqual(2_500)
  })

  it('F11: a dead leader gets two thirds of what is common, however many partitions it has; the others get what is left', () => {
    const { budget, holdings } = budgetFor(1, 1, 1, 1, 1, 1, 2, 3)
    for (const holding of holdings.slice(0, 6)) flood(budget, holding)
    // two thirds of three quarters, and six of eight shares
    expect(budget.used).toBeCloseTo(LIMIT * (0.5 + 0.25 * (6 / 8)), -4)
    expect(flood(budget, holdings[6]!)).toBeGreaterThan(LIMIT / 6)
    expect(flood(budget, holdings[7]!)).toBeGreaterThan(LIMIT / 12)
  })

  it('F11: two dead leaders of three leave a fifth of what is common', () => {
    const { budget, holdings } = budgetFor(1, 2, 3)
    // however they alternate
    for (let round = 0; round < 1_000; round++)
      for (const holding of holdings.slice(0, 2)) if (budget.fits(holding, 1_000) === Fit.yes) budget.take(holding, 1_000)
    for (const holding of holdings.slice(0, 2)) flood(budget, holding)
    expect(flood(budget, holdings[2]!)).toBeGreaterThan(LIMIT * (0.25 / 3 + 0.75 / 5) * 0.6)
  })

  it('takes a record as large as everything when nothing else is there', () => {
    const { budget, holdings } = budgetFor(1, 2)
    expect(budget.fits(holdings[0]!, LIMIT)).toBe(Fit.yes)
    budget.take(holdings[0]!, LIMIT)
    expect(budget.fits(holdings[1]!, 1)).toBe(Fit.full)
  })

  it('keeps what is common for who waits for it, and leaves the shares to those they belong to', () => {
    const { budget, holdings } = budgetFor(1, 2)
    budget.take(holdings[1]!, 1)
    budget.reserved = true
    expect(budget.fits(holdings[0]!, LIMIT / 8)).toBe(Fit.yes)
    expect(budget.fits(holdings[0]!, LIMIT / 8 + 1)).toBe(Fit.full)
  })

  it('a partition takes what it holds along to its new leader', () => {
    const { budget, holdings } = budgetFor(1, 2)
    flood(budget, holdings[0]!)
    expect(budget.roomy(budget.leader(1))).toBe(false)
    budget.move(holdings[0]!, budget.leader(2))
    expect([budget.roomy(budget.leader(1)), budget.roomy(budget.leader(2))]).toEqual([true, false])
    expect(budget.leader(2).bytes).toBe(holdings[0]!.bytes)
    budget.give(holdings[0]!, holdings[0]!.bytes)
    expect([budget.used, budget.leader(1).bytes, budget.leader(2).bytes, budget.leader(2).common]).toEqual([0, 0, 0, 0])
  })

  it('is roomy up to a quarter for a leader that is alone, and again some way below', () => {
    const { budget, holdings } = budgetFor(1)
    const [holding] = holdings as [Holding]
    budget.take(holding, LIMIT * 0.249)
    expect(budget.roomy(holding.leader)).toBe(true)
    budget.take(holding, LIMIT * 0.002)
    expect([budget.roomy(holding.leader), budget.drained(holding.leader)]).toEqual([false, false])
    budget.give(holding, LIMIT * 0.03)
    expect([budget.roomy(holding.leader), budget.drained(holding.leader)]).toEqual([true, false])
    budget.give(holding, LIMIT * 0.05)
    expect(budget.drained(holding.leader)).toBe(true)
  })

  it('F11: calls a leader stuck that owes something and settles nothing for a second, until it does', async () => {
    const { budget, holdings, clock } = budgetFor(1, 2, 3)
    const stuck = () => holdings.map(({ leader }) => leader.stuck)
    const settleOther = async (ms: number) => {
      await clock.advance(ms)
      budget.take(holdings[1]!, 10)
      budget.give(holdings[1]!, 10)
    }
    // how long it had nothing to settle does not count
    await settleOther(10_000)
    budget.take(holdings[0]!, 20)
    await settleOther(900)
    expect(stuck()).toEqual([false, false, false])
    await settleOther(200)
    expect(stuck()).toEqual([true, false, false])
    budget.give(holdings[0]!, 10)
    expect(stuck()).toEqual([false, false, false])
    await settleOther(1_100)
    expect(stuck()).toEqual([true, false, false])
    // and nothing left to settle neither
    budget.give(holdings[0]!, 10)
    await settleOther(5_000)
    expect(stuck()).toEqual([false, false, false])
  })

  const step = fc.record({
    what: fc.constantFrom('take', 'take', 'take', 'give', 'move', 'share'),
    which: fc.nat(9),
    size: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: LIMIT })),
    node: fc.integer({ min: -1, max: 3 }),
  })

  test.prop([fc.array(step, { maxLength: 200 })])('is never exceeded and always adds up, whatever happens', (steps) => {
    const { budget, holdings } = budgetFor(1, 1, 2, 2, 3, 3, 1, 2, 3, -1)
    for (const { what, which, size, node } of steps) {
      const holding = holdings[which]!
      if (what === 'take' && budget.fits(holding, size) === Fit.yes && size <= LIMIT) budget.take(holding, size)
      if (what === 'give') budget.give(holding, Math.min(size, holding.bytes))
      if (what === 'move') budget.move(holding, budget.leader(node))
      if (what === 'share') budget.share(holdings.slice(0, 1 + which))
      const leaders = [-1, 0, 1, 2, 3].map((id) => budget.leader(id))
      const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
      expect(budget.used).toBeLessThanOrEqual(LIMIT)
      expect(sum(holdings.map(({ bytes }) => bytes))).toBe(budget.used)
      expect(sum(leaders.map(({ bytes }) => bytes))).toBe(budget.used)
      expect(sum(leaders.map(({ common }) => common))).toBe(sum(holdings.map(({ common }) => common)))
      for (const { bytes, own, common } of holdings) expect(common).toBe(Math.max(0, bytes - own))
    }
  })
})
