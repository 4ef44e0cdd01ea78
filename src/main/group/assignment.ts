/**
 * The partitions that a member has, each with its feed: begins them where they were left, and gives them back after what was under way.
 * Knows neither the protocol of the group nor what a feed does.
 */
import type { KafkaError } from '../../shared/errors.ts'
import type { FeedContext } from './feed-context.ts'
import { PartitionFeed } from './partition-feed.ts'
import type { AssignedPartition, StopReason, TopicPartition } from './types.ts'

export interface AssignmentContext {
  /** What the feed of a partition works with. */
  contextOf(partition: AssignedPartition): FeedContext
  /** Finds out where the feeds begin, and tells them. */
  place(feeds: readonly PartitionFeed[]): void
  /** No place is wanted any more. */
  unplace(feeds: readonly PartitionFeed[]): void
}

export class Assignment {
  readonly #context: AssignmentContext
  readonly #feeds = new Map<number, PartitionFeed>()
  /** Feeds that are being given back. */
  readonly #leaving = new Set<PartitionFeed>()
  /** Feeds that were given up while their handler ran. */
  readonly #ending = new Map<number, Promise<void>>()
  /** By topic: partitions that stand still on request, whoever has them. */
  readonly #paused = new Map<string, Set<number>>()

  constructor(context: AssignmentContext) {
    this.#context = context
  }

  get feeds(): Iterable<PartitionFeed> {
    return this.#feeds.values()
  }

  get size(): number {
    return this.#feeds.size
  }

  get(topic: string, partition: number): PartitionFeed | undefined {
    for (const feed of this.#feeds.values())
      if (feed.partition.topic === topic && feed.partition.partition === partition) return feed
    return undefined
  }

  add(partitions: readonly AssignedPartition[]): void {
    const added: PartitionFeed[] = []
    for (const partition of partitions) {
      const { handle, topic } = partition
      if (this.#feeds.has(handle)) continue
      const feed = new PartitionFeed(partition, this.#context.contextOf(partition), this.#ending.get(handle))
      if (this.#paused.get(topic)?.has(partition.partition)) feed.pause()
      this.#feeds.set(handle, feed)
      added.push(feed)
    }
    if (added.length > 0) this.#context.place(added)
  }

  /** Resolves when all have ended in order, or `deadline` forced them to (IC4). */
  async giveBack(partitions: readonly AssignedPartition[], reason: StopReason, deadline: number): Promise<void> {
    const feeds = this.#take(partitions)
    for (const feed of feeds) this.#leaving.add(feed)
    await Promise.all(feeds.map((feed) => feed.stop(reason, deadline)))
    for (const feed of feeds) this.#leaving.delete(feed)
  }

  /** They may be somebody else's already, and so may those that are just being given back: nothing more is committed (IC3). */
  lose(partitions: readonly AssignedPartition[], reason: StopReason, error: KafkaError): void {
    for (const feed of [...this.#take(partitions), ...this.#leaving]) feed.lose(reason, error)
    this.#leaving.clear()
  }

  all(): AssignedPartition[] {
    return Array.from(this.#feeds.values(), ({ partition }) => partition)
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      let paused = this.#paused.get(topic)
      if (!paused) this.#paused.set(topic, (paused = new Set()))
      paused.add(partition)
      this.get(topic, partition)?.pause()
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      this.#paused.get(topic)?.delete(partition)
      this.get(topic, partition)?.resume()
    }
  }

  #take(partitions: readonly AssignedPartition[]): PartitionFeed[] {
    const taken: PartitionFeed[] = []
    for (const { handle } of partitions) {
      const feed = this.#feeds.get(handle)
      if (!feed) continue
      this.#feeds.delete(handle)
      taken.push(feed)
      const ending = feed.ended.finally(() => {
        if (this.#ending.get(handle) === ending) this.#ending.delete(handle)
      })
      this.#ending.set(handle, ending)
    }
    this.#context.unplace(taken)
    return taken
  }
}
