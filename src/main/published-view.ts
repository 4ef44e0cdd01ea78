/**
 * What callers get to see of the cluster: no change before the I/O workers have heard of it, and what workers found out by hints of
 * brokers (KIP-951) laid over what metadata says. Knows no request and no schedule.
 */
import { KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, LeaderHint, PartitionLeader } from '../shared/io-api.ts'
import { sameBrokers, type TopicView } from './cluster-view.ts'
import { LeaderHints } from './leader-hints.ts'
import { ViewOutbox, type ViewSink } from './view-outbox.ts'

type Topics = ReadonlyMap<string, TopicView>

export class PublishedView {
  readonly #bootstrap: readonly BrokerAddress[]
  readonly #outbox: ViewOutbox
  readonly #hints = new LeaderHints()
  /** The topics that metadata tells of. */
  readonly #believed: () => Topics
  #topics: Topics = new Map()
  /** Those that metadata names, and what the workers were told. */
  #brokers: readonly BrokerAddress[] = []
  #toldBrokers: readonly BrokerAddress[] = []
  /** Changes whenever {@link topic} may answer differently. */
  version = 0

  constructor(io: ViewSink, bootstrap: readonly BrokerAddress[], believed: () => Topics) {
    this.#bootstrap = bootstrap
    this.#outbox = new ViewOutbox(io)
    this.#believed = believed
  }

  topic(name: string): TopicView | undefined {
    return this.#topics.get(name)
  }

  /** Metadata names these, and beside them workers need the bootstrap addresses and those that only hints name. */
  brokers(brokers: readonly BrokerAddress[]): void {
    this.#brokers = brokers
  }

  /** Metadata has another word on these. */
  partitions(partitions: readonly PartitionLeader[]): void {
    this.#hints.told(partitions)
    this.#outbox.partitions(partitions)
  }

  /** No caller may get a handle of these any more; what workers hold for them ends. */
  end(topic: string, handles: number[], fate: string): void {
    const topics = new Map(this.#topics)
    topics.delete(topic)
    this.#topics = topics
    this.#hints.forget(topic)
    this.version++
    const error = new KafkaError(
      'UNKNOWN_TOPIC',
      `Topic '${topic}' ${fate} while records were on their way to it or from it. Calls from now on ask for it anew.`,
      { topic },
    )
    this.#outbox.drop(handles, error.toWire())
  }

  /** Workers follow hints, or no longer. Callers see it at once, and other workers hear of brokers. */
  hinted(news: readonly LeaderHint[]): void {
    this.#hints.take(news)
    this.#hintsChanged()
  }

  /** The worker of these partitions was replaced; the new one follows no hints. */
  hintsLost(isLost: (handle: number) => boolean): void {
    this.#hints.lost(isLost)
    this.#hintsChanged()
  }

  /** Who is believed to lead a partition refused a request of main, or did not answer it. */
  disowned(topic: string, partition: number): void {
    this.#hints.disowned(topic, partition)
    this.#hintsChanged()
  }

  /** Tells the workers what they do not know yet; resolves when they have it and callers see it. */
  flush(): Promise<void> {
    this.#tellBrokers()
    return this.#outbox.flush(this.#believed, (told) => {
      const current = this.#believed()
      // A topic may have ended while older news was on its way to the workers.
      const alive = ({ topic, partitions }: TopicView) => current.get(topic)?.partitions[0]?.handle === partitions[0]?.handle
      const topics = told === current ? told : new Map([...told].filter(([, view]) => alive(view)))
      this.#topics = this.#hints.over(topics)
      this.version++
    })
  }

  #hintsChanged(): void {
    // what fails here is told again with the next change
    this.flush().catch(() => {})
  }

  #tellBrokers(): void {
    const known = new Set(this.#brokers.map(({ nodeId }) => nodeId))
    const hinted = this.#hints.brokers.filter(({ nodeId }) => !known.has(nodeId))
    const brokers = [...this.#brokers, ...hinted, ...this.#bootstrap]
    if (sameBrokers(this.#toldBrokers, brokers)) return
    this.#toldBrokers = brokers
    this.#outbox.brokers(brokers)
  }
}
