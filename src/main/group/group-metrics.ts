/** Counts what a group did, for `group.metrics()`. Knows no partition by name. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { FeedMetrics } from './feed-context.ts'
import type { Verdict } from './types.ts'

/** How long handlers took for a batch, in milliseconds. */
export interface HandlerTimes {
  mean: number
  p50: number
  p99: number
  max: number
}

/** Since the group was made. */
export interface GroupCounts {
  /** Records that handlers ended with, whatever they said of them. */
  handledRecords: number
  handledBatches: number
  /** Calls of handlers that failed. */
  handlerErrors: number
  skippedRecords: number
  movedRecords: number
  /** Deliveries that are to be repeated. */
  retriedRecords: number
  fetchedBytes: number
  readErrors: number
  /** Partitions' positions that a coordinator acknowledged. */
  commits: number
  commitErrors: number
  handlerMs: HandlerTimes
}

const MICROS = 1_000

export class GroupCounter implements FeedMetrics {
  readonly #times: RecordableHistogram = createHistogram()
  readonly #counts = {
    handledRecords: 0,
    handledBatches: 0,
    handlerErrors: 0,
    skippedRecords: 0,
    movedRecords: 0,
    retriedRecords: 0,
    fetchedBytes: 0,
    readErrors: 0,
    commits: 0,
    commitErrors: 0,
  }

  handled(records: number, elapsedMs: number, verdict: Verdict | undefined): void {
    const counts = this.#counts
    counts.handledBatches++
    counts.handledRecords += records
    this.#times.record(Math.max(1, Math.round(elapsedMs * MICROS)))
    if (verdict) {
      counts.skippedRecords += verdict.skips.length
      counts.movedRecords += verdict.moves.length
      counts.retriedRecords += records - verdict.done
    } else {
      counts.handlerErrors++
      counts.retriedRecords += records
    }
  }

  gaveUp(became: 'skipped' | 'moved'): void {
    this.#counts.retriedRecords--
    if (became === 'skipped') this.#counts.skippedRecords++
    else this.#counts.movedRecords++
  }

  fetched(bytes: number): void {
    this.#counts.fetchedBytes += bytes
  }

  readFailed(): void {
    this.#counts.readErrors++
  }

  committed(): void {
    this.#counts.commits++
  }

  commitFailed(): void {
    this.#counts.commitErrors++
  }

  get counts(): GroupCounts {
    const times = this.#times
    const some = this.#counts.handledBatches > 0
    const ms = (micros: number): number => (some ? Math.round(micros) / MICROS : 0)
    return {
      ...this.#counts,
      handlerMs: { mean: ms(times.mean), p50: ms(times.percentile(50)), p99: ms(times.percentile(99)), max: ms(times.max) },
    }
  }
}
