/**
 * How long handling a batch usually takes, by its number of records. A call costs something besides what its records cost, so small
 * batches are dearer a record than large ones: sizes are kept apart in classes of doubling size. Times are averaged as logarithms,
 * in which one slow call among many weighs little. Knows no rates and decides nothing.
 */

/** Classes of batch sizes: 1, 2–3, 4–7, … */
const CLASSES = 32
/** A class counts when it has seen so many calls; its average is a plain one up to so many, as the first calls are slow in a young process. */
const KNOWN = 5
const SETTLED = 50
/** … but what takes twice as long then is not taken for usual that fast. */
const UNUSUAL = Math.log(2)
/** Less than this is no time: differences below it are the event loop's, not those of something downstream. */
const SLACK_MS = 1
/** One call moves the average by no more than this share of its distance, however long there was none. */
const MOST_SHARE = 0.1
const MOST_STEP = Math.log(8)

export class UsualPace {
  /** Logarithm of the usual time. */
  readonly #level = new Float64Array(CLASSES)
  readonly #records = new Float64Array(CLASSES)
  readonly #calls = new Float64Array(CLASSES)
  readonly #learntAt = new Float64Array(CLASSES)

  /** Whether something can be said at all. */
  get known(): boolean {
    return this.#calls.some((calls) => calls >= KNOWN)
  }

  /**
   * How many times as long as usual, as a logarithm; undefined when nothing is usual yet. Of sizes that were not seen it is assumed
   * that a smaller batch takes no longer than a larger one did, and a larger one takes longer in proportion at most.
   */
  slowness(records: number, elapsedMs: number): number | undefined {
    const usual = this.#usual(records)
    return usual === undefined ? undefined : Math.log(elapsedMs + SLACK_MS) - usual
  }

  /** Takes a call for usual, the more the longer there was none: after `habituationMs` of the same pace, 63 % of the way. */
  learn(records: number, elapsedMs: number, now: number, habituationMs: number): void {
    const at = classOf(records)
    const calls = this.#calls[at]!
    const seen = Math.log(elapsedMs + SLACK_MS)
    const usual = this.#usual(records) ?? seen
    if (calls < KNOWN) {
      // What is new may be so on a bad day: others may know better.
      this.#move(at, records, Math.min(seen, usual), 1 / (calls + 1))
    } else {
      const step = Math.max(-MOST_STEP, Math.min(MOST_STEP, seen - usual))
      const plain = calls < SETTLED && step < UNUSUAL ? 1 / (calls + 1) : 0
      const share = Math.min(MOST_SHARE, 1 - Math.exp((this.#learntAt[at]! - now) / habituationMs))
      this.#move(at, records, usual + step, Math.max(plain, share))
    }
    this.#calls[at] = calls + 1
    this.#learntAt[at] = now
  }

  #move(at: number, records: number, level: number, share: number): void {
    this.#level[at]! += (level - this.#level[at]!) * share
    this.#records[at]! += (records - this.#records[at]!) * share
  }

  #usual(records: number): number | undefined {
    const own = classOf(records)
    if (this.#calls[own]! >= KNOWN) return this.#bound(own, records)
    let usual: number | undefined
    for (let at = 0; at < CLASSES; at++) {
      if (this.#calls[at]! >= KNOWN) usual = Math.min(usual ?? Number.POSITIVE_INFINITY, this.#bound(at, records))
    }
    return usual
  }

  /** What a class says of a batch, be it of this class or not. */
  #bound(at: number, records: number): number {
    return this.#level[at]! + Math.log(Math.max(1, records / this.#records[at]!))
  }
}

function classOf(records: number): number {
  return Math.min(CLASSES - 1, Math.floor(Math.log2(Math.max(1, records))))
}
