import { describe, expect, it } from 'vitest'
import { Budget, Fit, Holding } from '../../src/main/budget.ts'
import { Line, type Waiting, WaitingRoom } from '../../src/main/waiting-room.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const LIMIT = 1_000
const TIMEOUT_MS = 5_000

/** A room before a budget for two partitions of one leader and one of another. */
function room() {
  const env = new VirtualEnv()
  const budget = new Budget(LIMIT, env)
  const holdings = [1, 1, 2].map((node) => new Holding(budget.leader(node)))
  budget.share(holdings)
  const admitted: string[] = []
  const waiting = new WaitingRoom(env, TIMEOUT_MS, budget, (line, { bytes, record }) => {
    const fit = budget.fits(line.holding, bytes)
    if (fit !== Fit.yes) return fit
    budget.take(line.holding, bytes)
    admitted.push(String(record.value))
    return fit
  })
  const lines = holdings.map((holding, partition) => new Line('topic', partition, holding))
  const enter = (partition: number, value: string, bytes: number, observer = (_error: KafkaError | null) => {}): Waiting =>
    waiting.enter(lines[partition]!, { topic: 'topic', partition, value }, observer, 0, bytes)
  const give = (partition: number, bytes: number): void => {
    budget.give(holdings[partition]!, bytes)
    waiting.admit(lines[partition])
  }
  return { env, budget, holdings, lines, waiting, admitted, enter, give }
}

describe('the waiting room', () => {
  it('IP4: keeps the order in a line, and nobody waits behind another line', () => {
    const { budget, holdings, lines, waiting, admitted, enter, give } = room()
    budget.take(holdings[0]!, 580)
    enter(0, 'a', 100)
    enter(0, 'b', 10)
    waiting.admit()
    expect(admitted).toEqual([])
    enter(1, 'c', 50)
    enter(2, 'd', 50)
    waiting.admit(lines[1])
    // what is the other partitions' own is there
    expect(admitted.toSorted()).toEqual(['c', 'd'])
    give(0, 500)
    expect(admitted.slice(2)).toEqual(['a', 'b'])
    expect(waiting.size).toBe(0)
  })

  it('IP8: nobody overtakes who waits for what is common', () => {
    const { budget, holdings, waiting, enter, give } = room()
    budget.take(holdings[2]!, 500)
    enter(0, 'large', 480)
    waiting.admit()
    expect(budget.reserved).toBe(true)
    expect(budget.fits(holdings[1]!, 300)).toBe(Fit.full)
    give(2, 400)
    expect(waiting.size).toBe(0)
    expect(budget.reserved).toBe(false)
  })

  it('IP7: everybody hears of the end of his time, those of a line of the same error, and later ones later', async () => {
    const { env, budget, holdings, waiting, enter } = room()
    budget.take(holdings[0]!, 580)
    const heard: unknown[] = []
    const hear = (error: KafkaError | null) => void heard.push(error)
    enter(0, 'a', 100, hear)
    enter(0, 'b', 100, hear)
    await env.advance(1_000)
    enter(0, 'c', 100, hear)
    await env.advance(TIMEOUT_MS - 1_000)
    expect(heard).toEqual([
      expect.objectContaining({
        code: 'DELIVERY_TIMEOUT',
        outcome: 'not-written',
        context: expect.objectContaining({ partition: 0 }),
      }),
      heard[0],
    ])
    await env.advance(1_000)
    expect(heard).toHaveLength(3)
    expect(waiting.size).toBe(0)
  })

  it('IX5: leaves no timer behind when the last one gives up', async () => {
    const { env, budget, holdings, waiting, enter } = room()
    budget.take(holdings[0]!, 580)
    const [one, other] = [enter(0, 'a', 100), enter(0, 'b', 100)]
    expect(env.pending).toBe(1)
    expect([waiting.leave(one), waiting.leave(other), waiting.leave(one)]).toEqual([true, true, false])
    expect(env.pending).toBe(0)
  })

  it('who waits for those before him need not wait for those who come later', async () => {
    const { budget, holdings, waiting, enter, give } = room()
    budget.take(holdings[0]!, 580)
    enter(0, 'a', 300)
    let passed = false
    const marked = waiting.whenAdmitted().then(() => (passed = true))
    enter(0, 'b', 300)
    give(0, 300)
    await marked
    expect(passed).toBe(true)
    expect(waiting.size).toBe(1)
    waiting.rejectAll(new KafkaError('CLOSED', 'over'))
    await waiting.whenAdmitted()
  })

  it('a hundred thousand come and give up, or run out of time, in next to no time', async () => {
    const { env, budget, holdings, waiting, enter } = room()
    budget.take(holdings[0]!, 580)
    const started = performance.now()
    const all = Array.from({ length: 100_000 }, (_, i) => enter(0, `${i}`, 100))
    for (const one of all.slice(0, 50_000).toReversed()) waiting.leave(one)
    expect(waiting.size).toBe(50_000)
    await env.advance(TIMEOUT_MS)
    expect(waiting.size).toBe(0)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
