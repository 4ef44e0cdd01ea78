/**
 * `rateLimit`: a bucket for the group, for each topic, or for each partition. Knows which bucket is whose, not who asks or why.
 */
import type { CheckedRateLimit } from './group-options.ts'
import { type Clock, TokenBucket } from './token-bucket.ts'

/** What a burst is worth unless it is said. */
const BURST_MS = 100

export class RateLimit {
  readonly #env: Clock
  readonly #settings: CheckedRateLimit
  readonly #burst: number
  readonly #common: TokenBucket | undefined
  readonly #ofTopics = new Map<string, TokenBucket>()
  readonly #ofPartitions = new Map<string, Map<number, TokenBucket>>()

  constructor(env: Clock, settings: CheckedRateLimit) {
    this.#env = env
    this.#settings = settings
    this.#burst = settings.burst ?? Math.max(1, Math.floor((settings.recordsPerSecond * BURST_MS) / 1000))
    if (settings.per === 'group') this.#common = this.#bucket()
  }

  bucketOf(topic: string, partition: number): TokenBucket {
    if (this.#common) return this.#common
    if (this.#settings.per === 'topic') {
      let bucket = this.#ofTopics.get(topic)
      if (!bucket) this.#ofTopics.set(topic, (bucket = this.#bucket()))
      return bucket
    }
    let partitions = this.#ofPartitions.get(topic)
    if (!partitions) this.#ofPartitions.set(topic, (partitions = new Map()))
    let bucket = partitions.get(partition)
    if (!bucket) partitions.set(partition, (bucket = this.#bucket()))
    return bucket
  }

  /** A partition that is gone needs no bucket, unless it could come back to a fuller one than it left. */
  forget(topic: string, partition: number): void {
    const partitions = this.#ofPartitions.get(topic)
    if (!partitions?.get(partition)?.untouched) return
    partitions.delete(partition)
    if (partitions.size === 0) this.#ofPartitions.delete(topic)
  }

  get waiting(): number {
    let waiting = 0
    for (const bucket of this.#buckets()) waiting += bucket.waiting
    return waiting
  }

  /** For people: "5000 records/s for each topic". */
  toString(): string {
    const { recordsPerSecond, per } = this.#settings
    return `${recordsPerSecond} records/s${per === 'group' ? '' : ` for each ${per}`}`
  }

  close(reason: unknown): void {
    for (const bucket of this.#buckets()) bucket.close(reason)
  }

  #bucket(): TokenBucket {
    return new TokenBucket(this.#env, this.#settings.recordsPerSecond, this.#burst)
  }

  *#buckets(): Iterable<TokenBucket> {
    if (this.#common) yield this.#common
    yield* this.#ofTopics.values()
    for (const partitions of this.#ofPartitions.values()) yield* partitions.values()
  }
}
