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

export class Sends {
  readonly topic: string
  readonly partition: number
  /** How many were ever taken in, and how many of them were settled. */
  accepted = 0
  settled = 0
  #observers: Observer[] = new Array(16)
  #indexes = new Int32Array(16)
  #timestamps = new Float64Array(16)
  #mask = 15
  readonly #watchers: Watcher[] = []

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get outstanding(): number {
    return this.accepted - this.settled
  }

  push(observer: Observer, index: number, timestamp: number): void {
    if (this.accepted - this.settled > this.#mask) this.#grow()
    const at = this.accepted & this.#mask
    this.#observers[at] = observer
    this.#indexes[at] = index
    this.#timestamps[at] = timestamp
    this.accepted++
  }

  /** The oldest `count` sends are in the log; `onThrow` gets what a callback throws. */
  acked(count: number, baseOffset: number, logAppendTime: number, onThrow: (thrown: unknown) => void): void {
    for (let i = 0; i < count; i++) {
      const at = this.settled & this.#mask
      const observer = this.#observers[at]
      this.settled++
      if (observer === undefined) continue
      this.#observers[at] = undefined
      const metadata: RecordMetadata = {
        topic: this.topic,
        partition: this.partition,
        offset: baseOffset < 0 ? -1 : baseOffset + i,
        timestamp: logAppendTime < 0 ? this.#timestamps[at]! : logAppendTime,
      }
      try {
        if (typeof observer === 'function') observer(null, metadata)
        else observer.settle(this.#indexes[at]!, null, metadata)
      } catch (thrown) {
        onThrow(thrown)
      }
    }
    this.#notify()
  }

  /** The oldest `count` sends failed; returns how many of them nobody observed. */
  failed(count: number, error: KafkaError, onThrow: (thrown: unknown) => void): number {
    let unobserved = 0
    for (let i = 0; i < count; i++) {
      const at = this.settled & this.#mask
      const observer = this.#observers[at]
      this.settled++
      if (observer === undefined) {
        unobserved++
        continue
      }
      this.#observers[at] = undefined
      try {
        if (typeof observer === 'function') observer(error)
        else observer.settle(this.#indexes[at]!, error, undefined)
      } catch (thrown) {
        onThrow(thrown)
      }
    }
    this.#notify()
    return unobserved
  }

  /** Resolves when everything taken in so far is settled. */
  whenSettled(): Promise<void> {
    if (this.outstanding === 0) return Promise.resolve()
    return new Promise((done) => this.#watchers.push({ target: this.accepted, done }))
  }

  #notify(): void {
    while (this.#watchers.length > 0 && this.#watchers[0]!.target <= this.settled) this.#watchers.shift()!.done()
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2
    const observers: Observer[] = new Array(size)
    const indexes = new Int32Array(size)
    const timestamps = new Float64Array(size)
    for (let n = this.settled; n < this.accepted; n++) {
      observers[n & (size - 1)] = this.#observers[n & this.#mask]
      indexes[n & (size - 1)] = this.#indexes[n & this.#mask]!
      timestamps[n & (size - 1)] = this.#timestamps[n & this.#mask]!
    }
    this.#observers = observers
    this.#indexes = indexes
    this.#timestamps = timestamps
    this.#mask = size - 1
  }
}
