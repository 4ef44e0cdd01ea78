/**
 * The sends of one lane that wait for their verdict, oldest first. A ring of parallel arrays: taking a send in allocates
 * nothing. Knows who wants to hear of each, not why.
 */
import type { KafkaError } from '../shared/errors.ts'
import type { RecordMetadata } from '../shared/types.ts'

/** Hears of one record, with no object made for it. Called once a record. */
export type SendCallback = (error: KafkaError | null, metadata?: RecordMetadata) => void

/** Hears of several records; `index` is what was given with each. */
export interface SendSink {
  settle(index: number, error: KafkaError | null, metadata: RecordMetadata | undefined): void
}

/** Somebody who waits until all sends up to a count are settled. */
interface Watcher {
  target: number
  done: () => void
}

export type Observer = SendCallback | SendSink | undefined

const FIRST_SIZE = 16
/** Larger ones are given back when they are empty: a flood may go from partition to partition. */
const KEPT_SIZE = 2048

export class Sends {
  readonly topic: string
  readonly partition: number
  /** How many were ever taken in, and how many of them were settled. */
  accepted = 0
  settled = 0
  // The observed ones among them, oldest first; a send that nobody observes is only counted.
  #observers: Observer[] = new Array(FIRST_SIZE)
  /** Which of all sends it is. */
  #ordinals = new Float64Array(FIRST_SIZE)
  #timestamps = new Float64Array(FIRST_SIZE)
  #indexes = new Int32Array(FIRST_SIZE)
  #mask = FIRST_SIZE - 1
  #pushed = 0
  #taken = 0
  readonly #watchers: Watcher[] = []

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get outstanding(): number {
    return this.accepted - this.settled
  }

  push(observer: Observer, index: number, timestamp: number): void {
    const ordinal = this.accepted++
    if (observer === undefined) return
    if (this.#pushed - this.#taken > this.#mask) this.#resize((this.#mask + 1) * 2)
    const at = this.#pushed++ & this.#mask
    this.#observers[at] = observer
    this.#ordinals[at] = ordinal
    this.#timestamps[at] = timestamp
    this.#indexes[at] = index
  }

  /** The oldest `count` sends are in the log; `onThrow` gets what a callback throws. */
  acked(count: number, baseOffset: number, logAppendTime: number, onThrow: (thrown: unknown) => void): void {
    const first = this.settled
    this.#settle(count, onThrow, (observer, at) => {
      const metadata: RecordMetadata = {
        topic: this.topic,
        partition: this.partition,
        offset: baseOffset < 0 ? -1 : baseOffset + this.#ordinals[at]! - first,
        timestamp: logAppendTime < 0 ? this.#timestamps[at]! : logAppendTime,
      }
      if (typeof observer === 'function') observer(null, metadata)
      else observer.settle(this.#indexes[at]!, null, metadata)
    })
  }

  /** The oldest `count` sends failed; returns how many of them nobody observed. */
  failed(count: number, error: KafkaError, onThrow: (thrown: unknown) => void): number {
    return this.#settle(count, onThrow, (observer, at) => {
      if (typeof observer === 'function') observer(error)
      else observer.settle(this.#indexes[at]!, error, undefined)
    })
  }

  /** Resolves when everything taken in so far is settled. */
  whenSettled(): Promise<void> {
    if (this.outstanding === 0) return Promise.resolve()
    return new Promise((done) => this.#watchers.push({ target: this.accepted, done }))
  }

  /** Tells the observers among the oldest `count` sends; returns how many had none. */
  #settle(
    count: number,
    onThrow: (thrown: unknown) => void,
    tell: (observer: Exclude<Observer, undefined>, at: number) => void,
  ): number {
    const end = this.settled + count
    this.settled = end
    let unobserved = count
    // the observer may push further sends, which may move the arrays
    while (this.#taken < this.#pushed && this.#ordinals[this.#taken & this.#mask]! < end) {
      const at = this.#taken++ & this.#mask
      const observer = this.#observers[at]!
      this.#observers[at] = undefined
      unobserved--
      try {
        tell(observer, at)
      } catch (thrown) {
        onThrow(thrown)
      }
    }
    if (this.#mask >= KEPT_SIZE && this.#taken === this.#pushed) this.#resize(KEPT_SIZE)
    while (this.#watchers.length > 0 && this.#watchers[0]!.target <= this.settled) this.#watchers.shift()!.done()
    return unobserved
  }

  #resize(size: number): void {
    const observers: Observer[] = new Array(size)
    const ordinals = new Float64Array(size)
    const timestamps = new Float64Array(size)
    const indexes = new Int32Array(size)
    for (let n = this.#taken; n < this.#pushed; n++) {
      const from = n & this.#mask
      const to = n & (size - 1)
      observers[to] = this.#observers[from]
      ordinals[to] = this.#ordinals[from]!
      timestamps[to] = this.#timestamps[from]!
      indexes[to] = this.#indexes[from]!
    }
    this.#observers = observers
    this.#ordinals = ordinals
    this.#timestamps = timestamps
    this.#indexes = indexes
    this.#mask = size - 1
  }
}
