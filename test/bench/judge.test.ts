/** What counts as better or worse: by references within rounds, beyond a threshold and beyond the spreads. */
import { describe, expect, it } from 'vitest'
import { comparison } from '../../bench/report/comparison.ts'
import { compare, type Finding, judge } from '../../bench/report/judge.ts'
import { type Results, readResults } from '../../bench/results.ts'
import { type MadeUp, madeUpResults, microSeries } from './made-up.ts'
import { folderWith } from './run-bench.ts'

const thresholds = { macro: 0.1, micro: 0.25 }

const judged = (old: MadeUp, now: MadeUp) => judge(madeUpResults(old), madeUpResults(now), thresholds)
const verdicts = (findings: readonly Finding[]) => new Set(findings.map(({ verdict }) => verdict))
const find = (findings: readonly Finding[], id: string, figure: string) =>
  findings.find((finding) => finding.id === id && finding.figure === figure)!

function withMicro(micro: Results['micro']): Results {
  return { ...madeUpResults(), series: [], micro }
}

describe('compare', () => {
  it('calls a change that is large and beyond both ranges by its direction', () => {
    expect(compare([100, 101, 99], [80, 81, 79], 'more', 0.1)).toEqual({ change: 0.8, verdict: 'worse' })
    expect(compare([100, 101, 99], [80, 81, 79], 'less', 0.1)).toEqual({ change: 0.8, verdict: 'better' })
    expect(compare([80, 81, 79], [100, 101, 99], 'more', 0.1)).toEqual({ change: 1.25, verdict: 'better' })
    expect(compare([80, 81, 79], [100, 101, 99], 'less', 0.1)).toEqual({ change: 1.25, verdict: 'worse' })
  })

  it('lets a small change pass, however sure it is', () => {
    expect(compare([100, 100, 100], [91, 91, 91], 'more', 0.1).verdict).toBe('same')
    expect(compare([100, 100, 100], [89, 89, 89], 'more', 0.1).verdict).toBe('worse')
    expect(compare([100, 100, 100], [91, 91, 91], 'more', 0.05).verdict).toBe('worse')
  })

  it('lets a large change pass when the ranges touch: it may be noise', () => {
    expect(compare([100, 60, 140, 90, 110], [70, 50, 95, 60, 75], 'more', 0.1).verdict).toBe('same')
  })

  it('trusts a narrow range of three rounds less than one of five', () => {
    expect(compare([100, 97, 103], [85, 81, 96], 'more', 0.1).verdict).toBe('same')
    expect(compare([100, 97, 103, 99, 101], [85, 81, 96, 84, 86], 'more', 0.1).verdict).toBe('worse')
  })

  it('does not judge by one or two rounds', () => {
    expect(compare([100, 100], [10, 10, 10], 'more', 0.1)).toMatchObject({ verdict: 'not judged', reason: 'fewer than 3 rounds' })
    expect(compare([100, 100, 100], [10], 'more', 0.1).verdict).toBe('not judged')
  })
})

describe('judge', () => {
  it('E2 calls nothing worse when only the machine is slower', () => {
    const findings = judged({ seed: 1 }, { seed: 2, slower: 3 })
    expect(findings.length).toBeGreaterThan(20)
    expect(verdicts(findings)).toEqual(new Set(['same']))
    expect(find(findings, 'firehose-100', 'records/s').now.median).toBeLessThan(500_000)
  })

  it('E2 calls odradek worse when it alone is slower, on a faster machine too', () => {
    const findings = judged({ seed: 1, slower: 3 }, { seed: 2, odradekSlower: 1.6 })
    const rate = find(findings, 'firehose-100', 'records/s')
    expect(rate).toMatchObject({ verdict: 'worse', reference: 'ceiling' })
    expect(rate.now.median).toBeGreaterThan(rate.old.median)
    expect(rate.change).toBeCloseTo(1 / 1.6, 1)
    expect(find(findings, 'firehose-100', 'CPU µs/record').verdict).toBe('worse')
  })

  it('calls it better the other way round', () => {
    expect(find(judged({ odradekSlower: 1.6 }, { seed: 2 }), 'fetch-100', 'records/s').verdict).toBe('better')
  })

  it('takes another client as reference where there is no ceiling', () => {
    expect(find(judged({}, { seed: 2, odradekSlower: 2 }), 'awaited-16', 'records/s')).toMatchObject({
      verdict: 'worse',
      reference: 'platformatic',
    })
  })

  it('says that nothing can be said without a reference', () => {
    const findings = judged({ clients: ['odradek'] }, { clients: ['odradek'], odradekSlower: 2 })
    expect(find(findings, 'firehose-100', 'records/s')).toMatchObject({ verdict: 'not judged', reason: 'no reference in both' })
    expect(find(judged({}, { clients: ['odradek'] }), 'firehose-100', 'records/s').verdict).toBe('not judged')
  })

  it('judges peak memory by itself: it does not depend on how fast the machine is', () => {
    const [old, now] = [madeUpResults({ noise: 0.01 }), madeUpResults({ noise: 0.01, seed: 2 })]
    for (const outcome of now.series[0]!.clients[0]!.rounds) outcome!.figures.peakMemory! *= 1.5
    const memory = find(judge(old, now, thresholds), 'firehose-100', 'peak memory MB')
    expect(memory).toMatchObject({ verdict: 'worse', reference: undefined })
  })

  it('does not judge what was measured with other numbers', () => {
    const now = madeUpResults({ odradekSlower: 2 })
    now.series[0]!.job.records /= 4
    const findings = judge(madeUpResults(), now, thresholds)
    expect(find(findings, now.series[0]!.id, 'records/s')).toMatchObject({ reason: 'measured with other numbers' })
  })

  it('judges what was just measured against what was read from a file', () => {
    const at = folderWith({ 'old.json': madeUpResults() })
    const findings = judge(readResults(at('old.json')), madeUpResults({ seed: 2 }), thresholds)
    expect(verdicts(findings)).toEqual(new Set(['same']))
  })

  it('leaves out rounds that failed, and scenarios that only one file has', () => {
    const [old, now] = [madeUpResults(), madeUpResults({ odradekSlower: 2 })]
    now.series[0]!.clients[0]!.rounds[2] = undefined
    old.series.splice(1)
    const findings = judge(old, now, thresholds)
    expect(new Set(findings.map(({ id }) => id))).toEqual(new Set([old.series[0]!.id, ...now.micro.slice(1).map(({ id }) => id)]))
    expect(find(findings, old.series[0]!.id, 'records/s').verdict).toBe('worse')
  })

  it('is rarely deceived by noise of a quarter', () => {
    const findings = Array.from({ length: 40 }, (_, seed) =>
      judged({ seed, noise: 0.25 }, { seed: seed + 100, noise: 0.25 }),
    ).flat()
    const macro = findings.filter(({ figure }) => !figure.startsWith('ns/'))
    const worse = macro.filter(({ verdict }) => verdict === 'worse')
    expect(worse.length / macro.length).toBeLessThan(0.01)
  })

  it('judges parts by the reference bench, with a wider bound', () => {
    const reference = (slower: number) => microSeries('reference: Reference: work', 10, 'step', 3, () => slower)
    const part = (slower: number) => microSeries('ring: Ring: write', 60, 'record', 3, () => slower)
    const change = (old: number, now: number, machine: number) =>
      judge(withMicro([reference(1), part(old)]), withMicro([reference(machine), part(now)]), thresholds)[0]!.verdict
    expect(change(1, 2, 2)).toBe('same')
    expect(change(1, 1.2, 1)).toBe('same')
    expect(change(1, 1.3, 1)).toBe('worse')
    expect(change(1, 1, 0.5)).toBe('worse')
    expect(change(1, 0.7, 1)).toBe('better')
    const without = judge(withMicro([part(1)]), withMicro([part(2)]), thresholds)[0]!
    expect(without).toMatchObject({ verdict: 'not judged', reason: 'no reference in both' })
  })
})

describe('a comparison', () => {
  const compared = (old: Results, now: Results) => comparison(old, now, thresholds)

  it('E2 ends with 1 and names what is worse', () => {
    const { text, exitCode } = compared(madeUpResults(), madeUpResults({ odradekSlower: 2, seed: 3 }))
    expect(exitCode).toBe(1)
    expect(text).toMatch(/^\| firehose-100 .*records\/s .*ceiling .*\*\*worse\*\* \|$/m)
    expect(text).toMatch(/^Clearly worse: firehose-100 \(records\/s\), /m)
  })

  it('ends with 0 when nothing is worse', () => {
    const { text, exitCode } = compared(madeUpResults(), madeUpResults({ seed: 3, slower: 1.5 }))
    expect(exitCode).toBe(0)
    expect(text).toMatch(/^Nothing is clearly worse, of \d+ figures\.$/m)
    expect(text).toContain('2 of 2 as before.')
  })

  it('ends with 2 when nothing can be judged: a check that cannot fail is none', () => {
    const quick = madeUpResults({ rounds: 2 })
    expect(compared({ ...quick, micro: [] }, { ...quick, micro: [] })).toMatchObject({ exitCode: 2 })
    expect(compared(madeUpResults(), { ...madeUpResults(), series: [], micro: [] }).text).toContain('Nothing to compare')
  })
})
