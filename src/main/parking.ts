/**
 * Records that came before their topic was ready: its metadata is not there, or it changed. They wait in the order of the calls
 * until the topic's lanes are open, then each is written or hears why not. Knows no hot path, and nobody who waits for room.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { budgetOf } from '../shared/submission-format.ts'
import { tailSize } from '../shared/tail.ts'
import type { ProducerRecord } from '../shared/types.ts'
import type { Budget } from './budget.ts'
import type { TopicView } from './cluster-view.ts'
import type { Metadata } from './metadata.ts'
import type { ParkedRecord, ProducerTopic } from './producer-topic.ts'
import { ownCopy } from './record-copy.ts'
import { notWritten } from './send-errors.ts'
import type { Observer } from './sends.ts'

export interface ParkingDeps {
  env: Env
  metadata: Metadata
  budget: Budget
  deliveryTimeoutMs: number
  /** Resolves when the I/O threads know the producer. */
  opened: Promise<void>
  /** Resolves when there is a lane for every partition of the view. */
  openLanes(topic: ProducerTopic, view: TopicView): Promise<void>
  write(topic: ProducerTopic, parked: ParkedRecord): void
  refuse(observer: Observer, index: number, error: KafkaError): void
  /** The topic is open, or cannot be opened for this reason: whoever was parked has left. Its `opening` may be asked for anew. */
  onLeft(topic: ProducerTopic, refusal: KafkaError | undefined): void
}

export class Parking {
  readonly #deps: ParkingDeps

  constructor(deps: ParkingDeps) {
    this.#deps = deps
  }

  /** The record waits its turn, its bytes copied and counted. `partition`: where it is bound for; −1 when that is open. */
  enter(topic: ProducerTopic, record: ProducerRecord, observer: Observer, index: number, since: number, partition = -1): void {
    const { env, budget } = this.#deps
    const own = ownCopy(record, env)
    const bytes = budgetOf(tailSize(own.key, own.value, own.headers))
    budget.take(topic.parking, bytes)
    topic.parked.push({ record: own, observer, index, bytes, since, partition })
    this.open(topic)
  }

  /** Has the topic opened. */
  open(topic: ProducerTopic): void {
    topic.opening ??= this.#open(topic)
  }

  /** Resolves when none is left that was handed in before. */
  async whenLeft(topic: ProducerTopic, before: number): Promise<void> {
    while (topic.opening && topic.parked[0] && topic.parked[0].since <= before) await topic.opening
  }

  /** Never rejects: records that cannot be sent hear why. */
  async #open(topic: ProducerTopic): Promise<void> {
    const { env, metadata, deliveryTimeoutMs, opened, openLanes, onLeft } = this.#deps
    let refusal: KafkaError | undefined
    try {
      await opened
      // who waited for room before may have come earlier than the first
      const since = Math.min(env.now(), topic.line.first?.since ?? Infinity, ...topic.parked.map((one) => one.since))
      const deadline = since + deliveryTimeoutMs
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
    if (topic.parked.length > 0) this.open(topic)
    onLeft(topic, refusal)
  }

  /** Everyone who came by `due` leaves: written, or refused. */
  #leave(topic: ProducerTopic, due: number, refusal: KafkaError | undefined): void {
    const { write, refuse, budget } = this.#deps
    const parked = topic.parked
    topic.parked = []
    for (const one of parked) {
      const { observer, index, bytes, since } = one
      if (since > due) {
        topic.parked.push(one)
        continue
      }
      budget.give(topic.parking, bytes)
      try {
        if (refusal) throw refusal
        write(topic, one)
      } catch (thrown) {
        // later: what the callback sends must not overtake those still parked (IP4)
        queueMicrotask(() => refuse(observer, index, notWritten(KafkaError.from(thrown, 'produce'))))
      }
    }
  }
}
