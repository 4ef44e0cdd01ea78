/**
 * What the I/O threads follow of brokers' hints (KIP-951), laid over what metadata says: of the two, the newer leader epoch counts.
 * A thread alone decides what it follows, and metadata alone what main tells the threads, so the two sides cannot drift apart. Knows
 * no thread and asks nobody.
 */
import type { BrokerAddress, LeaderHint, PartitionLeader } from '../shared/io-api.ts'
import type { PartitionView, TopicView } from './cluster-view.ts'

type Followed = LeaderHint & { hint: NonNullable<LeaderHint['hint']> }

export class LeaderHints {
  /** By topic and partition; the inner maps are replaced, never changed. */
  readonly #hints = new Map<string, ReadonlyMap<number, Followed>>()
  /** By topic, what {@link over} gave last: a view that has not changed stays the same object. */
  readonly #laid = new Map<string, { under: TopicView; hints: ReadonlyMap<number, Followed>; view: TopicView }>()

  /** A thread follows hints, or no longer. */
  take(news: readonly LeaderHint[]): void {
    for (const one of news) this.#set(one.topic, one.partition, isFollowed(one) ? one : undefined)
  }

  /** Metadata has changed its word on these: what it knows better, or the same, is no hint any more. */
  told(partitions: readonly PartitionLeader[]): void {
    for (const { topic, partition, handle, leader, leaderEpoch } of partitions) {
      const known = this.#hints.get(topic)?.get(partition)
      if (known === undefined) continue
      const { hint } = known
      if (known.handle !== handle || leaderEpoch >= hint.leaderEpoch || leader === hint.leader)
        this.#set(topic, partition, undefined)
    }
  }

  /** For main's own calls: the broker of a hint, if there is one, refused or did not answer. */
  disowned(topic: string, partition: number): void {
    this.#set(topic, partition, undefined)
  }

  /** The topic is no more. */
  forget(topic: string): void {
    this.#hints.delete(topic)
    this.#laid.delete(topic)
  }

  /** The thread of these partitions is no more, and its successor begins with what metadata says. */
  lost(isLost: (handle: number) => boolean): void {
    for (const [topic, hints] of this.#hints)
      for (const [partition, { handle }] of hints) if (isLost(handle)) this.#set(topic, partition, undefined)
  }

  /** Where the leaders are that hints name. */
  get brokers(): BrokerAddress[] {
    const brokers = new Map<number, BrokerAddress>()
    for (const hints of this.#hints.values()) for (const { hint } of hints.values()) brokers.set(hint.broker.nodeId, hint.broker)
    return [...brokers.values()]
  }

  /** The topics as they are believed to be; the same map when there is no hint. */
  over(topics: ReadonlyMap<string, TopicView>): ReadonlyMap<string, TopicView> {
    if (this.#hints.size === 0) return topics
    const laid = new Map(topics)
    for (const [topic, hints] of this.#hints) {
      const under = topics.get(topic)
      if (under !== undefined) laid.set(topic, this.#lay(under, hints))
    }
    return laid
  }

  #lay(under: TopicView, hints: ReadonlyMap<number, Followed>): TopicView {
    const last = this.#laid.get(under.topic)
    if (last !== undefined && last.under === under && last.hints === hints) return last.view
    const view = { ...under, partitions: under.partitions.map((one) => newer(one, hints.get(one.partition))) }
    this.#laid.set(under.topic, { under, hints, view })
    return view
  }

  #set(topic: string, partition: number, followed: Followed | undefined): void {
    const before = this.#hints.get(topic)
    if (followed === undefined && !before?.has(partition)) return
    const hints = new Map(before)
    if (followed !== undefined) hints.set(partition, followed)
    else hints.delete(partition)
    if (hints.size > 0) this.#hints.set(topic, hints)
    else this.forget(topic)
  }
}

function isFollowed(news: LeaderHint): news is Followed {
  return news.hint !== undefined
}

function newer(told: PartitionView, followed: Followed | undefined): PartitionView {
  if (followed === undefined || followed.handle !== told.handle || followed.hint.leaderEpoch <= told.leaderEpoch) return told
  const { leader, leaderEpoch } = followed.hint
  return { ...told, leader, leaderEpoch }
}
