/**
 * Tells feeds where to begin: at what the coordinator has committed, or where the reset policy says. Remembers which partitions there
 * were when the group was subscribed, for those born later are read from their beginning (F9). Knows no records.
 */
import { KafkaError } from '../../shared/errors.ts'
import { within } from '../wait.ts'
import type { GroupContext } from './group-context.ts'
import type { OffsetResetEvent } from './group-events.ts'
import { type CheckedGroupOptions, topicConfigFor } from './group-options.ts'
import type { PartitionFeed } from './partition-feed.ts'
import { findPositions, type GroupCoordinates, resetPosition, type StartResult } from './positions.ts'
import type { AssignedPartition } from './types.ts'

export class Placing {
  readonly #context: GroupContext
  readonly #coordinates: GroupCoordinates
  readonly #options: CheckedGroupOptions
  readonly #onReset: (event: OffsetResetEvent) => void
  /** How many partitions a topic had when it was first seen, and its id then; none: there was no such topic. */
  readonly #known = new Map<string, { topicId: string | undefined; count: number }>()
  /** Ends the search of one feed. */
  readonly #searches = new Map<PartitionFeed, AbortController>()

  constructor(
    context: GroupContext,
    coordinates: GroupCoordinates,
    options: CheckedGroupOptions,
    onReset: (event: OffsetResetEvent) => void,
  ) {
    this.#context = context
    this.#coordinates = coordinates
    this.#options = options
    this.#onReset = onReset
  }

  /** What there is of the topics that are named. One that is not there has no partitions yet. */
  async rememberTopics(deadline: number): Promise<void> {
    const { env, metadata } = this.#context
    const names = this.#options.topics.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
    await Promise.all(
      names.map(async (name) => {
        try {
          const { topicId, partitions } = await within(
            env,
            { deadline },
            `topic '${name}'`,
            metadata.topic(name, { deadline, unknownTimeoutMs: 0 }),
          )
          this.#known.set(name, { topicId, count: partitions.length })
        } catch (thrown) {
          if (thrown instanceof KafkaError && thrown.code === 'UNKNOWN_TOPIC')
            this.#known.set(name, { topicId: undefined, count: 0 })
        }
      }),
    )
  }

  begin(feeds: readonly PartitionFeed[]): void {
    for (const { partition: one } of feeds) {
      // of a topic that was found by an expression everything counts as old that was there when it was found
      if (!this.#known.has(one.topic)) this.#known.set(one.topic, { topicId: one.topicId, count: this.#found(one, feeds) })
    }
    const search = this.#search(feeds)
    const places = feeds.map(({ partition: { topic, topicId, partition } }) => {
      return { topic, topicId, partition, bornLater: this.#bornLater(topic, topicId, partition) }
    })
    const policyOf = (topic: string) => topicConfigFor(this.#options, topic)
    const results = findPositions(this.#context, places, this.#coordinates, policyOf, search)
    for (const [index, feed] of feeds.entries())
      void results[index]!.then((result) => this.#tell(feed, search, result, undefined))
  }

  #found({ topic }: AssignedPartition, feeds: readonly PartitionFeed[]): number {
    const assigned = feeds.filter(({ partition }) => partition.topic === topic).map(({ partition }) => partition.partition + 1)
    return this.#context.metadata.cached(topic)?.partitions.length ?? Math.max(...assigned)
  }

  /** After the subscription: also all of a topic that was made again under its name (F10). */
  #bornLater(topic: string, topicId: string, partition: number): boolean {
    const known = this.#known.get(topic)!
    return topicId !== known.topicId || partition >= known.count
  }

  /** A position was no good for the reason given; undefined: it has none yet. */
  again(feed: PartitionFeed, reason: KafkaError | undefined): void {
    if (!reason) {
      this.begin([feed])
      return
    }
    const search = this.#search([feed])
    const policy = topicConfigFor(this.#options, feed.partition.topic)
    void resetPosition(this.#context, feed.partition, policy, reason, search).then((result) =>
      this.#tell(feed, search, result, reason),
    )
  }

  end(feeds: readonly PartitionFeed[]): void {
    for (const feed of feeds) {
      this.#searches.get(feed)?.abort()
      this.#searches.delete(feed)
    }
  }

  close(reason: KafkaError): void {
    for (const search of this.#searches.values()) search.abort(reason)
    this.#searches.clear()
  }

  /** Partitions are looked for together, but each can be given up by itself. */
  #search(feeds: readonly PartitionFeed[]): AbortController {
    const search = new AbortController()
    let left = feeds.length
    for (const feed of feeds) {
      this.#searches.get(feed)?.abort()
      const own = new AbortController()
      this.#searches.set(feed, own)
      own.signal.addEventListener('abort', () => --left === 0 && search.abort(own.signal.reason), { once: true })
    }
    return search
  }

  #tell(feed: PartitionFeed, search: AbortController, result: StartResult, reason: KafkaError | undefined): void {
    const own = this.#searches.get(feed)
    if (search.signal.aborted || !own || own.signal.aborted) return
    this.#searches.delete(feed)
    if (!result.ok) {
      feed.fail(result.error)
      return
    }
    const { offset, leaderEpoch, committed } = result
    feed.begin({ offset, leaderEpoch }, committed !== undefined)
    if (committed) return
    const { topic, partition } = feed.partition
    this.#onReset({ topic, partition, offset, error: reason })
  }
}
