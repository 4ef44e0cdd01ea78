/** How the time left is estimated, and what the line that says so looks like. */
import { describe, expect, it } from 'vitest'
import { Estimate } from '../../bench/estimate.ts'
import { Progress } from '../../bench/progress.ts'

const planned = () => [
  { id: 'first', client: 'fast', rounds: 2, expected: 1000 },
  { id: 'first', client: 'slow', rounds: 2, expected: 4000 },
  { id: 'second', client: 'fast', rounds: 1, expected: 2000 },
  { id: 'second', client: 'new', rounds: 1, expected: 3000 },
]

describe('the time left', () => {
  it('is what was expected before anything ran', () => {
    const estimate = new Estimate(planned())
    expect(estimate.runs).toBe(6)
    expect(estimate.left()).toBe(2 * 1000 + 2 * 4000 + 2000 + 3000)
  })

  it('goes by what runs of the same kind took', () => {
    const estimate = new Estimate(planned())
    estimate.done('first', 'fast', 1500)
    estimate.done('first', 'slow', 8000)
    estimate.done('first', 'slow', 6000)
    // one more as long as the first; what the client did elsewhere is expected of it here; of the new one what all were
    const all = (1500 + 8000 + 6000) / (1000 + 4000 + 4000)
    expect(estimate.left()).toBeCloseTo(1500 + 2000 * 1.5 + 3000 * all)
    expect(estimate.runsDone).toBe(3)
  })

  it('loses what the current run already took, and is never less than nought', () => {
    const estimate = new Estimate(planned().slice(0, 1))
    expect(estimate.left(400)).toBe(1600)
    estimate.done('first', 'fast', 1000)
    expect(estimate.left(5000)).toBe(0)
  })

  it('is without runs that will not take place, and does not mind unknown ones', () => {
    const estimate = new Estimate(planned())
    estimate.done('first', 'fast', 1000)
    estimate.done('nobody', 'knows', 1e9)
    estimate.skip('first')
    expect(estimate.left()).toBe(2000 + 3000)
    estimate.skip('second')
    expect(estimate.left()).toBe(0)
  })
})

describe('the progress', () => {
  function watched(isTTY: boolean) {
    const clock = { now: 0 }
    const [err, out]: [string[], string[]] = [[], []]
    const output = (lines: string[]) => ({ write: (text: string) => lines.push(text), isTTY, columns: 60 })
    const progress = new Progress(new Estimate(planned()), output(err), output(out), () => clock.now)
    return { clock, err, out, progress }
  }

  it('says time, run, scenario, round and client', () => {
    const { clock, progress } = watched(false)
    progress.begin('first', 'slow', 0)
    clock.now = 3000
    expect(progress.line()).toBe('12 s left, run 1 of 6: first, round 1 of 2, slow')
    progress.end()
    progress.begin('first', 'slow', 1)
    clock.now = 4000
    // each as long as the first, all others three quarters of what was expected
    expect(progress.line()).toBe(
      `${Math.round((3000 + 7000 * 0.75 - 1000) / 1000)} s left, run 2 of 6: first, round 2 of 2, slow`,
    )
    progress.close()
  })

  it('is one line on a terminal, kept below what is printed and never wider', () => {
    const { err, out, progress } = watched(true)
    progress.begin('first', 'a client with a name that is a good deal too long', 0)
    progress.print('a table\n')
    progress.end()
    progress.close()
    expect(out).toContain('a table\n')
    const lines = err.join('').split('\r\x1b[K')
    expect(lines[1]).toMatch(/^15 s left, run 1 of 6: first, round 1 of 0, a client/)
    expect(lines.filter((line) => line.length > 59)).toEqual([])
    expect(lines.at(-1)).toBe('')
    expect(err.join('')).not.toContain('\n')
  })

  it('is a plain line elsewhere, for each scenario and now and then', () => {
    const { clock, err, progress } = watched(false)
    for (const [at, round] of [
      [0, 0],
      [29_000, 1],
      [31_000, 0],
    ] as const) {
      clock.now = at
      progress.begin('first', 'slow', round)
    }
    progress.begin('second', 'new', 0)
    progress.log('something')
    progress.close()
    expect(err.filter((line) => line !== '')).toEqual([
      '15 s left, run 1 of 6: first, round 1 of 2, slow\n',
      '15 s left, run 1 of 6: first, round 1 of 2, slow\n',
      '15 s left, run 1 of 6: second, round 1 of 1, new\n',
      'something\n',
    ])
  })
})
