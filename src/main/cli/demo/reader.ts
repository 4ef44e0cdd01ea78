/** Reads the demo's topic from the beginning and has every record judged; takes the time that records were under way. */
import type { RecordableHistogram } from 'node:perf_hooks'
import type { FetchPosition, Kafka } from '../../index.ts'
import { sentAt, sequenceOf } from './content.ts'
import type { Verdict } from './verdict.ts'

/** One record in so many has its latency taken: the histogram costs more than checking a record. */
const LATENCY_EVERY = 32
const MAX_WAIT_MS = 500

export class Reader {
  readonly #kafka: Kafka
  readonly #verdict: Verdict
  readonly #positions: FetchPosition[]
  readonly #latencies: readonly RecordableHistogram[]
  readonly #onProgress: () => void
  #highWatermarks: number[]
  readonly #stopped = new AbortController()

  /** Latencies go into each of the histograms, in nanoseconds. */
  constructor(kafka: Kafka, topic: string, verdict: Verdict, latencies: readonly RecordableHistogram[], onProgress: () => void) {
    this.#kafka = kafka
    this.#verdict = verdict
    this.#latencies = latencies
    this.#onProgress = onProgress
    this.#positions = verdict.sent.map((_, partition) => ({ topic, partition, offset: 0 }))
    this.#highWatermarks = verdict.sent.map(() => 0)
  }

  /** Reads until {@link stop}. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) await this.#fetch(MAX_WAIT_MS)
  }

  stop(): void {
    this.#stopped.abort()
  }

  /** Whether the log holds nothing beyond what was read: a record written twice would be there. */
  async atEnd(): Promise<boolean> {
    await this.#fetch(0)
    return this.#positions.every(({ offset }, partition) => offset === this.#highWatermarks[partition])
  }

  async #fetch(maxWaitMs: number): Promise<void> {
    const batches = await this.#kafka.fetch(this.#positions, { maxWaitMs, minBytes: maxWaitMs === 0 ? 0 : 1 })
    const now = performance.now()
    for (const { partition, nextOffset, highWatermark, records } of batches) {
      for (const { value } of records) {
        const sequence = sequenceOf(value, partition)
        this.#verdict.judge(partition, sequence)
        if (sequence >= 0 && sequence % LATENCY_EVERY === 0) this.#timed(now - sentAt(value!))
      }
      this.#positions[partition]!.offset = nextOffset
      this.#highWatermarks[partition] = highWatermark
    }
    this.#onProgress()
  }

  #timed(milliseconds: number): void {
    // a clock that was damaged on the way shows as an absurd latency and must not end the run
    const nanoseconds = Math.min(Math.max(1, Math.round(milliseconds * 1e6)), Number.MAX_SAFE_INTEGER)
    for (const histogram of this.#latencies) histogram.record(nanoseconds || 1)
  }
}
