/**
 * Records that came before their topic was ready: its metadata is not there, or it changed. They wait in the order of the calls
 * until the topic's lanes are open, then each is written or hears why not. Knows no limits of the budget and no hot path.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { budgetOf } from '../shared/submission.ts'
import { tailSize } from '../shared/tail.ts'
import type { ProducerRecord } from '../shared/types.ts'
import type { TopicView } from './cluster-view.ts'
import type { Metadata } from './metadata.ts'
import type { ProducerTopic } from './producer-topic.ts'
import { ownCopy } from './record-copy.ts'
import { notWritten } from './send-errors.ts'
import type { Observer } from './sends.ts'

export interface ParkingDeps {
  env: Env
  metadata: Metadata
  deliveryTimeoutMs: number
  /** Resolves when the I/O threads know the producer. */
  opened: Promise<void>
  /** Resolves when there is a lane for every partition of the view. */
  openLanes(topic: ProducerTopic, view: TopicView): Promise<void>
  write(topic: ProducerTopic, record: ProducerRecord, observer: Observer, index: number, tail: number, since: number): void
  refuse(observer: Observer, index: number, error: KafkaError): void
  /** Parked records take so many bytes more of the budget, or less. */
  onBytes(bytes: number): void
  /** Some left, so that there may be room. */
  onLeft(): void
}

export class Parking {
  readonly #deps: ParkingDeps
  #bytes = 0

  constructor(deps: ParkingDeps) {
    this.#deps = deps
  }

  /** What is parked, of all topics. */
  get bytes(): number {
    return this.#bytes
  }

  /** The record waits its turn, its bytes copied and counted. */
  enter(topic: ProducerTopic, record: ProducerRecord, observer: Observer, index: number, since: number): void {
    const own = ownCopy(record, this.#deps.env)
    const bytes = budgetOf(tailSize(own.key, own.value, own.headers))
    this.#count(bytes)
    topic.parked.push({ record: own, observer, index, bytes, since })
    topic.opening ??= this.#open(topic)
  }

  /** Resolves when none is left that was handed in before. */
  async whenLeft(topic: ProducerTopic, before: number): Promise<void> {
    while (topic.opening && topic.parked[0] && topic.parked[0].since <= before) await topic.opening
  }

  /** Never rejects: records that cannot be sent hear why. */
  async #open(topic: ProducerTopic): Promise<void> {
    const { env, metadata, deliveryTimeoutMs, opened, openLanes } = this.#deps
    let refusal: KafkaError | undefined
    try {
      await opened
      const deadline = topic.parked[0]!.since + deliveryTimeoutMs
      const until = ({ partitions }: TopicView) => topic.youngest < partitions.length || (topic.asked?.() ?? true)
      let view: TopicView | undefined = await metadata.topic(topic.topic, { deadline, until })
      // it may have changed again while the lanes were opened
      for (; view && view !== topic.view; view = metadata.cached(topic.topic)) await openLanes(topic, view)
    } catch (thrown) {
      topic.view = undefined
      refusal = notWritten(KafkaError.from(thrown, 'produce'))
    }
    topic.opening = undefined
    topic.youngest = -1
    // when the time of the first is up, the ones behind it still have some
    const due = refusal?.code === 'TIMEOUT' ? env.now() - deliveryTimeoutMs : Number.POSITIVE_INFINITY
    this.#leave(topic, due, refusal)
    for (const { record } of topic.parked) topic.youngest = Math.max(topic.youngest, record.partition ?? -1)
    if (topic.parked.length > 0) topic.opening ??= this.#open(topic)
    this.#deps.onLeft()
  }

  /** Everyone who came by `due` leaves: written, or refused. */
  #leave(topic: ProducerTopic, due: number, refusal: KafkaError | undefined): void {
    const { write, refuse } = this.#deps
    const parked = topic.parked
    topic.parked = []
    for (const one of parked) {
      const { record, observer, index, bytes, since } = one
      if (since > due) {
        topic.parked.push(one)
        continue
      }
      this.#count(-bytes)
      try {
        if (refusal) throw refusal
        write(topic, record, observer, index, tailSize(record.key, record.value, record.headers), since)
      } catch (thrown) {
        // later: what the callback sends must not overtake those still parked (IP4)
        queueMicrotask(() => refuse(observer, index, notWritten(KafkaError.from(thrown, 'produce'))))
      }
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.#deps.onBytes(bytes)
  }
}
