/**
 * A run against servers that lie: so many conversations, so many visits over sockets. Owns what is measured beside the verdicts: processor
 * time, memory, and what is left open.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { loginPlan, type TalkVerdict, talk } from './talks.ts'
import { type VisitPlan, visitPlan } from './visit-plan.ts'
import { Crowd, type VisitVerdict } from './visits.ts'

/** One case may cost so much. */
export const MAX_CPU_MS = 100
/** What garbage collection leaves differs by less; of twenty thousand visits each may leave less than a kilobyte. */
export const MAX_GROWTH_BYTES = 16 * 2 ** 20
const AT_ONCE = 16
export const WAVE = 8 * AT_ONCE
/** A wave of usual visits takes less; of one that takes more each is looked at alone. */
const USUAL_CPU_MS = 5

export interface Tally {
  count: number
  endings: Map<string, number>
  cpuMs: number
}

function newTally(): Tally {
  return { count: 0, endings: new Map(), cpuMs: 0 }
}

function add(tally: Tally, ending: string): void {
  tally.count++
  tally.endings.set(ending, (tally.endings.get(ending) ?? 0) + 1)
}

/** Thousands of errors are made here, and nobody reads where. */
async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return await work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Rejects with the smallest plan that shows a mistake. */
export async function runTalks(seed: number, count: number): Promise<Tally> {
  const tally = newTally()
  const one = async (plan: Parameters<typeof talk>[0]): Promise<TalkVerdict> => {
    const verdict = await talk(plan)
    tally.cpuMs += verdict.cpuMs
    return verdict
  }
  const property = fc.asyncProperty(loginPlan, async (plan) => {
    let verdict = await one(plan)
    // whatever else the process does at the time counts too: twice in a row is no accident
    if (verdict.cpuMs > MAX_CPU_MS) verdict = await one(plan)
    if (verdict.cpuMs > MAX_CPU_MS) throw new Error(`it took ${verdict.cpuMs} ms of the processor`)
    add(tally, verdict.ending)
  })
  await withoutStacks(() => fc.assert(property, { seed, numRuns: count }))
  return tally
}

export interface VisitReport extends Tally {
  failures: string[]
  /** Memory in use after a quarter of the visits and after all. */
  before: number
  after: number
  /** The longest visit, by the clock. */
  slowestMs: number
  /** How many were made again alone, since their wave took more of the processor than usual. */
  closer: number
}

/** Those from number `first` on, a multiple of {@link WAVE}: made in pieces, so that they take no memory before their time. */
export function plansFrom(seed: number, first: number, count = WAVE): VisitPlan[] {
  return fc.sample(visitPlan, { seed: seed + first, numRuns: count })
}

export async function runVisits(seed: number, count: number, onProgress?: (done: number) => void): Promise<VisitReport> {
  const crowd = await Crowd.of(AT_ONCE)
  const alone = await Crowd.of(1)
  const report = { ...newTally(), failures: crowd.failures, before: 0, after: 0, slowestMs: 0, closer: 0 }
  const resources = openSockets()
  for (let first = 0; first < count; first += WAVE) {
    const plans = plansFrom(seed, first, Math.min(WAVE, count - first))
    const { cpuMs, verdicts } = await withoutStacks(() => wave(crowd, plans, first))
    for (const { ending, ms } of verdicts) {
      add(report, ending)
      report.slowestMs = Math.max(report.slowestMs, ms)
    }
    report.cpuMs += cpuMs
    if (cpuMs > MAX_CPU_MS + plans.length * USUAL_CPU_MS) {
      report.closer += plans.length
      await lookCloser(alone, plans, first, report.failures)
    }
    if (report.before === 0 && first >= count / 4) report.before = await memoryInUse()
    onProgress?.(first + plans.length)
  }
  report.failures.push(...alone.failures)
  crowd.close()
  alone.close()
  report.after = await memoryInUse()
  // a busy machine is late with what sockets leave; what is lost stays lost
  for (let tries = 0; tries < 20 && report.after - report.before > MAX_GROWTH_BYTES; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    report.after = Math.min(report.after, await memoryInUse())
  }
  const left = openSockets() - resources
  if (left > 0) report.failures.push(`${left} sockets were left open`)
  const grown = report.after - report.before
  if (grown > MAX_GROWTH_BYTES) report.failures.push(`memory grew by ${(grown / 2 ** 20).toFixed(1)} MiB`)
  return report
}

async function wave(crowd: Crowd, plans: VisitPlan[], first: number): Promise<{ cpuMs: number; verdicts: VisitVerdict[] }> {
  const before = process.cpuUsage()
  const verdicts = await crowd.visits(plans, first)
  const { user, system } = process.cpuUsage(before)
  return { cpuMs: (user + system) / 1_000, verdicts }
}

async function lookCloser(alone: Crowd, plans: VisitPlan[], first: number, failures: string[]): Promise<void> {
  for (const [index, plan] of plans.entries()) {
    let cpuMs = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 8 && cpuMs > MAX_CPU_MS; tries++) cpuMs = (await wave(alone, [plan], first + index)).cpuMs
    if (cpuMs > MAX_CPU_MS) failures.push(`visit ${first + index} took ${cpuMs.toFixed(0)} ms of the processor`)
  }
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^T(CP|LS)/.test(name)).length
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

export async function memoryInUse(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
