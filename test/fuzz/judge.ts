/**
 * Runs one decoder on one frame and judges time and memory.
 *
 * Memory: the heap and what it holds outside are read before and after. Between the two nothing is collected, because the process
 * runs with a nursery of 64 MiB and empties it before it is half full; so the difference is all that was allocated, garbage
 * included, which is never less than what was alive at once. Where something was collected after all, the frames of that round
 * are judged again, each with an empty nursery. Memory of native code is seen as far as its results are.
 *
 * Time: where the clock says that a frame was slow, the processor's time counts, since others may have had the processor; and the
 * frame is run twice again, of which the fastest run counts.
 */
import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Decoder } from './decoders.ts'

export const MAX_MS = 50
const MEMORY_FACTOR = 4
const MEMORY_BASE = 8 * 1024 * 1024
/** The nursery is emptied when so much was allocated in it. */
const ROUND_BYTES = 24 * 1024 * 1024

export interface Verdict {
  outcome: string
  ms: number
  bytes: number
  /** What is wrong with it. */
  problem: string | undefined
}

export function allowedBytes(frame: Buffer): number {
  return MEMORY_FACTOR * frame.length + MEMORY_BASE
}

/** What is allocated, in the heap and held by it. */
function allocated(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/** The collections that nobody here asked for. */
export class Collections {
  #seen = 0
  #own = 0
  #roundStart = 0
  readonly #collect = globalThis.gc

  constructor() {
    new PerformanceObserver((list) => {
      this.#seen += list.getEntries().length
    }).observe({ entryTypes: ['gc'] })
  }

  /** Empties the nursery. */
  empty(): void {
    if (!this.#collect) throw new Error('the judge of memory needs node --expose-gc')
    this.#own++
    this.#collect({ type: 'minor' })
    this.#roundStart = allocated()
  }

  get nurseryIsFull(): boolean {
    return allocated() - this.#roundStart > ROUND_BYTES
  }

  /** How many there were since the last call. */
  async uninvited(): Promise<number> {
    // the observer hears of them later
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    const count = this.#seen - this.#own
    this.#seen = 0
    this.#own = 0
    return count
  }
}

/** Judges by the first run, and again where that looks bad. */
export function judge(decoder: Decoder, frame: Buffer, version: number): Verdict {
  const verdict = once(decoder, frame, version)
  if (verdict.problem === undefined) return verdict
  for (let again = 0; again < 2 && verdict.problem !== undefined; again++) {
    const next = once(decoder, frame, version)
    verdict.ms = Math.min(verdict.ms, next.ms)
    verdict.bytes = Math.min(verdict.bytes, next.bytes)
    verdict.problem = next.problem
  }
  return verdict
}

function once(decoder: Decoder, frame: Buffer, version: number): Verdict {
  let outcome = 'failed'
  let problem: string | undefined
  const before = allocated()
  const cpu = process.cpuUsage()
  const started = performance.now()
  try {
    outcome = decoder.run(frame, version)
  } catch (error) {
    problem = `threw ${error instanceof Error ? `${error.constructor.name}: ${error.message}` : error}`
  }
  let ms = performance.now() - started
  const bytes = allocated() - before
  if (ms > MAX_MS) {
    const { user, system } = process.cpuUsage(cpu)
    ms = Math.min(ms, (user + system) / 1000)
  }
  if (!problem && ms > MAX_MS) problem = `took ${ms.toFixed(0)} ms`
  if (!problem && bytes > allowedBytes(frame)) problem = `took ${bytes} bytes for a frame of ${frame.length}`
  return { outcome, ms, bytes, problem }
}
