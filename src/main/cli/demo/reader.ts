/**
 * Reads the demo's topic with a consumer group whose handler runs in threads, and hands what these report to the verdict. Owns the group;
 * what a record should look like is the handler's business.
 */
import { once } from 'node:events'
import type { RecordableHistogram } from 'node:perf_hooks'
import type { ConsumerGroup, Kafka } from '../../index.ts'
import { REPORTS, type Report } from './report.ts'
import type { Verdict } from './verdict.ts'

export const THREADS = 2
/** The topic is new: its coordinator may hear of it only now. */
const ASSIGNED_MS = 20_000
/** The sources run as they are, and as JavaScript when they were built. */
const HANDLER = new URL(import.meta.url.endsWith('.ts') ? './handler.ts' : './handler.js', import.meta.url)

export class Reader {
  /** The first thing that went wrong. */
  error: unknown
  /** Records by thread. */
  readonly byThread = new Map<number, number>()
  readonly #group: ConsumerGroup
  readonly #verdict: Verdict
  readonly #latencies: readonly RecordableHistogram[]
  readonly #onProgress: () => void
  readonly #reports = new BroadcastChannel(REPORTS)

  /** Latencies go into each of the histograms, in nanoseconds. `onProgress` is told of every batch, and of the first error. */
  constructor(kafka: Kafka, topic: string, verdict: Verdict, latencies: readonly RecordableHistogram[], onProgress: () => void) {
    this.#verdict = verdict
    this.#latencies = latencies
    this.#onProgress = onProgress
    this.#group = kafka.consumerGroup({
      groupName: topic,
      topics: [topic],
      handler: HANDLER,
      threads: THREADS,
      defaultTopicConfig: {
        offsetResetPolicy: 'earliest',
        // as much in one call as one fetch brings, and the next one while the commit is on its way
        handlerMaxBatchSize: 'dynamic',
        fetchMaxBytes: 512 * 1024,
        handlerMaxCommitsInFlight: 4,
      },
    })
    this.#group.on('handlerError', ({ error }) => this.#fail(error))
    this.#group.on('partitionFailed', ({ error }) => this.#fail(error))
    this.#group.on('fatal', (error) => this.#fail(error))
    this.#reports.onmessage = ({ data }) => this.#onReport(data as Report)
  }

  /** Resolves when all partitions are this member's. */
  async start(): Promise<void> {
    await this.#group.start()
    const signal = AbortSignal.timeout(ASSIGNED_MS)
    while (this.#group.assignment.length < this.#verdict.sent.length) await once(this.#group, 'assigned', { signal })
  }

  /** Records in the log that no handler has been given, as the group sees it. */
  get lag(): number {
    return this.#group.metrics().lag
  }

  /** Commits what is handled and leaves the group. */
  async stop(): Promise<void> {
    await this.#group.stop()
    this.#reports.close()
  }

  #onReport({ thread, partition, run, latencies }: Report): void {
    this.#verdict.judge(partition, run)
    this.byThread.set(thread, (this.byThread.get(thread) ?? 0) + run.records)
    for (const milliseconds of latencies) this.#timed(milliseconds)
    this.#onProgress()
  }

  #fail(error: unknown): void {
    this.error ??= error
    this.#onProgress()
  }

  #timed(milliseconds: number): void {
    // a clock that was damaged on the way shows as an absurd latency and must not end the run
    const nanoseconds = Math.min(Math.max(1, Math.round(milliseconds * 1e6)), Number.MAX_SAFE_INTEGER)
    for (const histogram of this.#latencies) histogram.record(nanoseconds || 1)
  }
}
