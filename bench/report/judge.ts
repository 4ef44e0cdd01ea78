/**
 * Whether newer results are better or worse than older ones. A slower machine must not look like a slower client, so what is judged
 * is how many times a reference of the same round: the ceiling, or else another client; for micro benches the reference bench.
 * Knows neither files nor output.
 */

import { isDeepStrictEqual } from 'node:util'
import type { Figures } from '../job.ts'
import type { MicroSeries } from '../micro/measure.ts'
import type { Results } from '../results.ts'
import type { Series } from '../series.ts'
import { ratios, type Spread, spread } from '../statistics.ts'
import { figure, valuesOf } from './figures.ts'

export type Verdict = 'better' | 'worse' | 'same' | 'not judged'

export interface Finding {
  /** The scenario or the micro bench. */
  id: string
  figure: string
  old: Spread
  now: Spread
  /** What is compared is how many times the reference it is; undefined: the figure itself. */
  reference: string | undefined
  /** How many times as much as before, by the medians of what is compared; undefined when that cannot be said. */
  change: number | undefined
  verdict: Verdict
  /** Why it is not judged. */
  reason?: string
}

export interface Thresholds {
  /** Share by which a figure of a scenario must differ, 0.1 for 10 %. */
  macro: number
  micro: number
}

export const OURS = 'odradek'
export const CEILING = 'ceiling'
const MICRO_REFERENCE = 'reference'

/** Fewer rounds have no spread to speak of. */
const LEAST_ROUNDS = 3
/** With fewer rounds than this the spread seen is too small; it counts as this many's would. */
const FULL_ROUNDS = 5

const judged: { key: keyof Figures; absolute?: boolean }[] = [
  { key: 'recordsPerSecond' },
  { key: 'cpuPerRecord' },
  // does not depend on how fast the machine is
  { key: 'peakMemory', absolute: true },
  { key: 'latencyP99' },
]

export function judge(old: Results, now: Results, { macro, micro }: Thresholds): Finding[] {
  return [...judgeSeries(old.series, now.series, macro), ...judgeMicro(old.micro, now.micro, micro)]
}

function judgeSeries(old: readonly Series[], now: readonly Series[], threshold: number): Finding[] {
  return now.flatMap((after) => {
    const before = old.find(({ id }) => id === after.id)
    return before ? judgeCase(before, after, threshold) : []
  })
}

function judgeCase(before: Series, after: Series, threshold: number): Finding[] {
  const reference = referenceOf(before, after)
  const alike = isDeepStrictEqual(before.job, after.job)
  return judged.flatMap(({ key, absolute }): Finding[] => {
    const { title, better } = figure(key)
    const [old, now] = [before, after].map((series) => rounds(series, OURS, key))
    const [oldValues, nowValues] = [present(old!), present(now!)]
    if (oldValues.length === 0 || nowValues.length === 0) return []
    const facts = { id: after.id, figure: title, old: spread(oldValues), now: spread(nowValues) }
    if (!alike) return [{ ...facts, ...notJudged('measured with other numbers') }]
    if (absolute) return [{ ...facts, reference: undefined, ...compare(oldValues, nowValues, better, threshold) }]
    if (!reference) return [{ ...facts, ...notJudged('no reference in both') }]
    const oldRatios = ratios(old!, rounds(before, reference, key))
    const nowRatios = ratios(now!, rounds(after, reference, key))
    return [{ ...facts, reference, ...compare(oldRatios, nowRatios, better, threshold) }]
  })
}

/** The ceiling where both have it, else the first other client that both have. */
function referenceOf(before: Series, after: Series): string | undefined {
  const both = after.clients.map(({ key }) => key).filter((key) => before.clients.some((client) => client.key === key))
  return both.includes(CEILING) ? CEILING : both.find((key) => key !== OURS)
}

function judgeMicro(old: readonly MicroSeries[], now: readonly MicroSeries[], threshold: number): Finding[] {
  const before = new Map(old.map((series) => [series.id, series]))
  const isReference = ({ file }: MicroSeries) => file === MICRO_REFERENCE
  const [oldReference, nowReference] = [old.find(isReference), now.find(isReference)]
  return now.flatMap((series): Finding[] => {
    const known = before.get(series.id)
    if (!known || isReference(series) || known.rounds.length === 0 || series.rounds.length === 0) return []
    const [ours, theirs] = [medians(known), medians(series)]
    const facts = { id: series.id, figure: `ns/${series.unit}`, old: spread(ours), now: spread(theirs) }
    if (!oldReference || !nowReference) return [{ ...facts, ...notJudged('no reference in both') }]
    const [oldRatios, nowRatios] = [ratios(ours, medians(oldReference)), ratios(theirs, medians(nowReference))]
    return [{ ...facts, reference: MICRO_REFERENCE, ...compare(oldRatios, nowRatios, 'less', threshold) }]
  })
}

/** Another median by more than the threshold, and ranges that do not touch. */
export function compare(
  old: readonly number[],
  now: readonly number[],
  better: 'more' | 'less',
  threshold: number,
): Pick<Finding, 'change' | 'verdict' | 'reason'> {
  if (old.length < LEAST_ROUNDS || now.length < LEAST_ROUNDS) return notJudged(`fewer than ${LEAST_ROUNDS} rounds`)
  const change = spread(now).median / spread(old).median
  const [before, after] = [bounds(old), bounds(now)]
  const more = after.min > before.max && change > 1 + threshold
  const less = after.max < before.min && change < 1 - threshold
  if (!more && !less) return { change, verdict: 'same' }
  return { change, verdict: more === (better === 'more') ? 'better' : 'worse' }
}

/** The range of the values, widened when they are few. */
function bounds(values: readonly number[]): { min: number; max: number } {
  const { median, min, max } = spread(values)
  const widened = Math.max(1, FULL_ROUNDS / values.length)
  return { min: median - (median - min) * widened, max: median + (max - median) * widened }
}

const notJudged = (reason: string) => ({ reference: undefined, change: undefined, verdict: 'not judged' as const, reason })
const medians = ({ rounds }: MicroSeries): number[] => rounds.map(({ median }) => median)
const present = (values: readonly (number | undefined)[]): number[] => values.filter((value) => value !== undefined)

function rounds({ clients }: Series, client: string, key: keyof Figures): (number | undefined)[] {
  return valuesOf(
    clients.find((each) => each.key === client),
    key,
  )
}
