/** What a run of the fuzzer found; made in several processes and put together. */
import type { Kept } from './corpus.ts'

export interface Failure extends Kept {
  problem: string
  /** Where in the series it came. */
  index: number
}

export interface Slow {
  decoder: string
  index: number
  ms: number
  size: number
}

export interface Report {
  frames: number
  failures: Failure[]
  /** Frames of each decoder. */
  counts: Record<string, number>
  /** The slowest frames. */
  slowest: Slow[]
  /** The most memory that a frame took, as a part of what it may take. */
  memory: number
  /** Frames that ended as no frame of the corpus does, the shortest of each ending. */
  fresh: Record<string, Kept>
  /** The most memory that one process had. */
  peakBytes: number
  /** Rounds that were judged again because of a collection. */
  repeated: number
}

const MAX_SLOWEST = 5
const MAX_FAILURES = 50

export function emptyReport(): Report {
  return { frames: 0, failures: [], counts: {}, slowest: [], memory: 0, fresh: {}, peakBytes: 0, repeated: 0 }
}

export function addSlow(report: Report, slow: Slow): void {
  if (report.slowest.length === MAX_SLOWEST && slow.ms <= report.slowest.at(-1)!.ms) return
  report.slowest.push(slow)
  report.slowest.sort((a, b) => b.ms - a.ms)
  report.slowest.length = Math.min(MAX_SLOWEST, report.slowest.length)
}

export function addFailure(report: Report, failure: Failure): void {
  if (report.failures.length < MAX_FAILURES) report.failures.push(failure)
}

export function addFresh(report: Report, ending: string, kept: Kept): void {
  const before = report.fresh[ending]
  if (!before || kept.hex.length < before.hex.length) report.fresh[ending] = kept
}

export function addReport(total: Report, part: Report): void {
  total.frames += part.frames
  total.repeated += part.repeated
  total.memory = Math.max(total.memory, part.memory)
  total.peakBytes = Math.max(total.peakBytes, part.peakBytes)
  for (const failure of part.failures) addFailure(total, failure)
  for (const slow of part.slowest) addSlow(total, slow)
  for (const [name, count] of Object.entries(part.counts)) total.counts[name] = (total.counts[name] ?? 0) + count
  for (const [ending, kept] of Object.entries(part.fresh)) addFresh(total, ending, kept)
}
