/** Turns the demo's counters into figures: rates, latencies, how far behind the handlers are, what it takes of the machine. */
import { type EventLoopUtilization, performance, type RecordableHistogram } from 'node:perf_hooks'
import type { Verdict } from './verdict.ts'

export interface Figures {
  /** Since the start. */
  seconds: number
  sentPerSecond: number
  checkedPerSecond: number
  /** Milliseconds from the call of `produceAsync` to the check. */
  p50: number
  p99: number
  /** Share of the time that the main thread was busy, 0 to 1. */
  busy: number
  /** Records in the log that no handler has been given. */
  lag: number
  /** Bytes of the whole process, the embedded broker included when it runs here. */
  memory: number
}

interface Mark {
  time: number
  sent: number
  checked: number
  utilization: EventLoopUtilization
}

export class Meter {
  readonly #recent: RecordableHistogram
  readonly #whole: RecordableHistogram
  readonly #verdict: Verdict
  readonly #lag: () => number
  readonly #start: Mark
  #last: Mark

  /** Latencies since the last lap and since the start; `lag`: how many records handlers are behind. */
  constructor(verdict: Verdict, [recent, whole]: readonly [RecordableHistogram, RecordableHistogram], lag: () => number) {
    this.#recent = recent
    this.#whole = whole
    this.#verdict = verdict
    this.#lag = lag
    this.#start = this.#last = this.#mark()
  }

  /** Figures since the last call. */
  lap(): Figures {
    const from = this.#last
    this.#last = this.#mark()
    const figures = this.#between(from, this.#last, this.#recent)
    this.#recent.reset()
    return figures
  }

  /** Figures since the start. */
  total(): Figures {
    return this.#between(this.#start, this.#mark(), this.#whole)
  }

  #mark(): Mark {
    return {
      time: performance.now(),
      sent: this.#verdict.totalSent,
      checked: this.#verdict.checked,
      utilization: performance.eventLoopUtilization(),
    }
  }

  #between(from: Mark, to: Mark, latencies: RecordableHistogram): Figures {
    const seconds = Math.max(0.001, (to.time - from.time) / 1000)
    return {
      seconds: (to.time - this.#start.time) / 1000,
      sentPerSecond: (to.sent - from.sent) / seconds,
      checkedPerSecond: (to.checked - from.checked) / seconds,
      p50: latencies.count === 0 ? 0 : latencies.percentile(50) / 1e6,
      p99: latencies.count === 0 ? 0 : latencies.percentile(99) / 1e6,
      busy: performance.eventLoopUtilization(to.utilization, from.utilization).utilization,
      lag: this.#lag(),
      memory: process.memoryUsage.rss(),
    }
  }
}
