/**
 * `adaptive`: the limit of one topic. When batches take longer to handle than usual, the rate is cut more than in proportion, and
 * comes back in small equal steps (AIMD). A limit there is only from the first cut until it no longer binds. Knows no handlers;
 * what is usual it has from {@link UsualPace}.
 *
 * Why more than in proportion: a partition waits for its handler before it gets the next batch, so with handlers five times as slow the
 * rate is a fifth by itself. That relieves nothing downstream; only less than that does.
 */
import type { CheckedAdaptive } from './group-options.ts'
import { type Clock, TokenBucket } from './token-bucket.ts'
import { UsualPace } from './usual-pace.ts'

/** Fewer calls are no judgement … */
const LEAST_CALLS = 8
/** … unless they are so slow that no more of them end in so many intervals. */
const LEAST_CALLS_AFTER = { intervals: 10, calls: 3 }
const MOST_SAMPLES = 512
/** The share of the fastest and slowest calls, of each, that does not count. */
const TRIMMED = 0.1
/** The observed rate is that of the last seconds. */
const RATE_OVER_MS = 5_000
/** After a cut the limit stays as long as things get better by so much from one judgement to the next; else it is halved. */
const BETTER = 0.9
/** A limit that lets through this much more than is used is none. */
const UNUSED = 0.8
/** What is faster than usual counts as usual sooner than what is slower. */
const FASTER = 2
const FLOOR_SHARE = 0.02
/**
 * The most records at once, as time: what comes in within a second, or, so that batches stay as large as they were and can be
 * compared, twice the usual batch, if that comes in within ten.
 */
const BURST_MS = 1_000
const LONGEST_BURST_MS = 10_000

export interface AdaptedEvent {
  topic: string
  /** `cut`: handling got slow; `raised`: a step back; `lifted`: there is no limit any more. */
  change: 'cut' | 'raised' | 'lifted'
  /** Records a second from now on; undefined when lifted. */
  limit: number | undefined
  /** What is usual, in records a second. */
  usualRate: number
  /** How many times as long as usual handling takes. */
  slowness: number
}

/** The state of one topic's adaptive limit. */
export interface AdaptiveMetrics {
  topic: string
  /** Records a second; undefined while there is no limit. */
  limit: number | undefined
  /** What is usual, in records a second. */
  usualRate: number
  /** How many times as long as usual handling took when it was last judged; 1 before. */
  slowness: number
  /** Partitions that wait for it. */
  waiting: number
}

export class AdaptiveLimit {
  readonly topic: string
  readonly bucket: TokenBucket
  readonly #env: Clock
  readonly #settings: CheckedAdaptive
  readonly #onAdapted: (event: AdaptedEvent) => void
  readonly #pace = new UsualPace()
  #limit: number | undefined
  /** The highest rate of late while there was no limit, in records a second. */
  #usualRate = 0
  /** The usual number of records in a batch while there is no limit. */
  #usualBatch = 1
  /** The rate of the last seconds; undefined before the first judgement. */
  #rate: number | undefined
  #slowness = 1
  /** Judgements in a row that found it slow. */
  #slowInRow = 0
  /** Since the last cut it has not been as usual. */
  #recovering = false
  /** The rate before that cut. */
  #cutFrom = 0
  /** As slow as this or slower: the last cut did not help. */
  #slowestAllowed = 0
  #changedAt = Number.NEGATIVE_INFINITY
  // What ended since the last judgement.
  #since: number
  #records = 0
  #calls = 0
  #samples = 0
  readonly #sampleRecords = new Float64Array(MOST_SAMPLES)
  readonly #sampleMs = new Float64Array(MOST_SAMPLES)
  readonly #ratios = new Float64Array(MOST_SAMPLES)

  constructor(env: Clock, topic: string, settings: CheckedAdaptive, onAdapted: (event: AdaptedEvent) => void) {
    this.#env = env
    this.topic = topic
    this.#settings = settings
    this.#onAdapted = onAdapted
    this.#since = env.now()
    this.bucket = new TokenBucket(env, undefined, undefined, Number.POSITIVE_INFINITY)
  }

  /** A handler ended. One that failed at once says nothing of the pace; one that failed late may have waited for a timeout. */
  handled(records: number, elapsedMs: number, failed: boolean): void {
    const now = this.#env.now()
    const idle = now - elapsedMs - this.#since
    // A time without any work says nothing of the rate.
    if (this.#records === 0 && idle > 0) this.#since += idle
    this.#records += records
    this.#calls++
    // What began before the limit changed says nothing of the change.
    const counts = !failed || (this.#pace.slowness(records, elapsedMs) ?? 0) > 0
    if (counts && now - elapsedMs >= this.#changedAt && this.#samples < MOST_SAMPLES) {
      this.#sampleRecords[this.#samples] = records
      this.#sampleMs[this.#samples] = elapsedMs
      this.#samples++
    }
    const passed = now - this.#since
    const { intervalMs } = this.#settings
    if (passed < intervalMs) return
    const enough = passed >= intervalMs * LEAST_CALLS_AFTER.intervals ? LEAST_CALLS_AFTER.calls : LEAST_CALLS
    if (this.#samples >= enough) this.#judge(now, passed)
  }

  metrics(): AdaptiveMetrics {
    return {
      topic: this.topic,
      limit: this.#limit,
      usualRate: this.#usualRate,
      slowness: this.#slowness,
      waiting: this.bucket.waiting,
    }
  }

  /** For people: "40 records/s, since …". */
  toString(): string {
    return `${readable(this.#limit ?? 0)} records/s, since handling took ${readable(this.#slowness)} times as long as usual`
  }

  #judge(now: number, passed: number): void {
    const rate = (this.#records * 1_000) / passed
    this.#rate = this.#rate === undefined ? rate : this.#rate + (rate - this.#rate) * (1 - Math.exp(-passed / RATE_OVER_MS))
    if (this.#limit === undefined) this.#usualBatch += (this.#records / this.#calls - this.#usualBatch) / 4
    if (this.#pace.known) {
      this.#slowness = this.#measure()
      const { tolerance } = this.#settings
      if (this.#slowness > tolerance) this.#slow(now)
      else this.#steady(passed, this.#slowness <= (1 + tolerance) / 2)
    } else this.#usualRate = Math.max(this.#usualRate, this.#rate)
    this.#learn(now)
    this.#since = now
    this.#records = 0
    this.#calls = 0
    this.#samples = 0
  }

  /** How many times as long as usual the calls took, the extremes left out. */
  #measure(): number {
    let count = 0
    for (let at = 0; at < this.#samples; at++) {
      const slowness = this.#pace.slowness(this.#sampleRecords[at]!, this.#sampleMs[at]!)
      if (slowness !== undefined) this.#ratios[count++] = slowness
    }
    const sorted = this.#ratios.subarray(0, count).sort()
    const trimmed = count < 3 ? 0 : Math.max(1, Math.floor(count * TRIMMED))
    let sum = 0
    for (let at = trimmed; at < count - trimmed; at++) sum += sorted[at]!
    return Math.exp(sum / (count - 2 * trimmed))
  }

  #slow(now: number): void {
    this.#slowInRow++
    // Once may be the garbage collector.
    if (this.#slowInRow < 2) return
    const before = this.#limit ?? Number.POSITIVE_INFINITY
    if (!this.#recovering) this.#cutFrom = Math.min(before, Math.max(this.#usualRate, this.#rate!))
    // What got slow while it was judged is found slower at the next judgement.
    const due = this.#cutFrom / this.#slowness ** this.#settings.severity
    let target = before
    if (!this.#recovering) target = due
    else if (this.#slowness >= this.#slowestAllowed) target = Math.min(due, before / 2)
    this.#slowestAllowed = this.#slowness * BETTER
    this.#recovering = true
    target = Math.min(before, Math.max(this.#floor, target))
    if (target === before) return
    this.#changedAt = now
    this.#set(target, 'cut')
  }

  /** Not too slow; `calm`: near enough to what is usual. */
  #steady(passed: number, calm: boolean): void {
    this.#slowInRow = 0
    if (!calm) return
    this.#recovering = false
    const { recoveryMs, habituationMs, intervalMs } = this.#settings
    if (this.#limit === undefined) {
      const faded = this.#usualRate * Math.exp(-Math.min(passed, 10 * intervalMs) / habituationMs)
      this.#usualRate = Math.max(this.#rate!, faded)
      return
    }
    const limit = this.#limit + (this.#usualRate * Math.min(passed, recoveryMs)) / recoveryMs
    if (limit >= this.#usualRate && this.#rate! < limit * UNUSED) this.#set(undefined, 'lifted')
    else this.#set(limit, 'raised')
  }

  #learn(now: number): void {
    const { habituationMs } = this.#settings
    const habituation = this.#slowness > 1 ? habituationMs : habituationMs / FASTER
    for (let at = 0; at < this.#samples; at++) {
      this.#pace.learn(this.#sampleRecords[at]!, this.#sampleMs[at]!, now, habituation)
    }
  }

  get #floor(): number {
    return Math.max(this.#settings.minRecordsPerSecond, this.#usualRate * FLOOR_SHARE)
  }

  #set(limit: number | undefined, change: AdaptedEvent['change']): void {
    this.#limit = limit
    if (limit === undefined) this.bucket.lift()
    else {
      const batch = Math.min(2 * this.#usualBatch, (limit * LONGEST_BURST_MS) / 1_000)
      this.bucket.setRate(limit, Math.max(1, batch, (limit * BURST_MS) / 1_000))
    }
    this.#onAdapted({ topic: this.topic, change, limit, usualRate: this.#usualRate, slowness: this.#slowness })
  }
}

/** Three digits are enough. */
function readable(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
