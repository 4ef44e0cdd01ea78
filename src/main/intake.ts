/**
 * A record's way from the call into the submission ring: its partition, room in the budget, its place in the order. What cannot be
 * written at once waits: parked until its topic is ready, or in the line of its partition until there is room. Owns topics and lanes;
 * knows nothing of what becomes of a record, only that it is settled.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { loneBatchSize } from '../shared/record-batch.ts'
import { budgetOf } from '../shared/submission-format.ts'
import { tailBound, tailSize } from '../shared/tail.ts'
import type { ProducerRecord } from '../shared/types.ts'
import { Budget, Fit, LeaderHolding } from './budget.ts'
import type { TopicView } from './cluster-view.ts'
import { CoarseClock } from './coarse-clock.ts'
import type { Io } from './io.ts'
import type { Metadata } from './metadata.ts'
import { Parking } from './parking.ts'
import { Partitioner } from './partitioner.ts'
import type { CheckedProducerOptions } from './producer-options.ts'
import { settingsOf, topicSettingsOf } from './producer-settings.ts'
import { type ParkedRecord, ProducerLane, ProducerTopic } from './producer-topic.ts'
import { bufferFull, notWritten, tooLarge } from './send-errors.ts'
import type { Observer } from './sends.ts'
import { Line, type Waiting, WaitingRoom } from './waiting-room.ts'

export interface IntakeDeps {
  env: Env
  io: Io
  metadata: Metadata
  /** Gives a lane its number and sends its verdicts here. */
  registerLane(make: (id: number, serial: number) => ProducerLane): ProducerLane
  refuse(observer: Observer, index: number, error: KafkaError): void
  /** Of a producer whose records belong to transactions. */
  transactionalId?: string | undefined
  /** There is room again after {@link Intake.roomLeft} said false. */
  onDrain(): void
}

/** So much may wait for metadata before there is called to be little room: these records are objects, which cost more than their bytes. */
const PARKED_ENOUGH = 256 * 1024
/** What a record's own head and the batch header take at most. */
const BATCH_HEAD = 61 + 21

export class Intake {
  readonly #id: number
  readonly #options: CheckedProducerOptions
  readonly #deps: IntakeDeps
  readonly #topics = new Map<string, ProducerTopic>()
  readonly #budget: Budget
  readonly #waiting: WaitingRoom
  readonly #parking: Parking
  readonly #clock: CoarseClock
  /** What waits for metadata counts here, whatever its topic. */
  readonly #parked = new LeaderHolding(PARKED_ENOUGH)
  /** Where the record counts, or would have to, that was handed in last. */
  #lastLeader = this.#parked
  readonly #drainWanted = new Set<LeaderHolding>()
  #last: ProducerTopic | undefined

  constructor(id: number, options: CheckedProducerOptions, deps: IntakeDeps) {
    this.#id = id
    this.#options = options
    this.#deps = deps
    const { env, io, metadata, refuse } = deps
    const { deliveryTimeoutMs } = options
    this.#clock = new CoarseClock(env)
    this.#budget = new Budget(options.bufferMemory, env)
    this.#waiting = new WaitingRoom(env, deliveryTimeoutMs, this.#budget, (line, waiting) => this.#admit(line, waiting))
    const opened = io.openProducer(settingsOf(id, options, deps.transactionalId))
    opened.catch(() => {})
    this.#parking = new Parking({
      env,
      metadata,
      budget: this.#budget,
      deliveryTimeoutMs,
      opened,
      openLanes: (topic, view) => this.#openLanes(topic, view),
      write: (topic, parked) => this.#unpark(topic, parked),
      refuse,
      onLeft: (topic, refusal) => this.#onUnparked(topic, refusal),
    })
  }

  /** IP8: bytes accepted and not settled, never above `bufferMemory`. */
  get used(): number {
    return this.#budget.used
  }

  /** Every lane there is. */
  get lanes(): ProducerLane[] {
    return [...this.#topics.values()].flatMap(({ lanes }) => lanes)
  }

  /**
   * Accepts a record if there is room for it, else returns the line that it may wait in. Accepted means: it will be settled exactly
   * once (IP7). Throws when the record can never be sent.
   */
  take(record: ProducerRecord, observer: Observer, index: number): Line | undefined {
    const { key, value, headers } = record
    let tail = tailBound(key, value, headers)
    const { batchBytes } = this.#options
    if (tail + BATCH_HEAD > batchBytes) {
      tail = tailSize(key, value, headers)
      const size = loneBatchSize(tail)
      if (size > batchBytes) throw tooLarge(record, size, batchBytes)
    }
    const topic = this.#last?.topic === record.topic ? this.#last : this.#topicOf(record.topic)
    const known = record.partition === undefined || this.#has(topic, record.partition)
    if (!known || !this.#isOpen(topic)) return this.#takeEarly(topic, record, observer, index)
    let lane = topic.lanes[topic.partitioner.pick(topic.view!, record, tail)]!
    const { holding } = lane
    const size = budgetOf(tail)
    this.#lastLeader = holding.leader
    // what is the partition's own is there, mostly
    if (lane.line.size > 0 || holding.bytes + size > holding.own || this.#budget.used + size > this.#budget.limit) {
      tail = tailSize(key, value, headers)
      const fit = this.#fit(lane, budgetOf(tail))
      if (fit !== Fit.yes) {
        if (topic.partitioner.isBound(record)) return lane.line
        lane = this.#elsewhere(topic, budgetOf(tail)) ?? lane
        this.#lastLeader = lane.holding.leader
        if (this.#fit(lane, budgetOf(tail)) !== Fit.yes) return lane.line
      }
    }
    this.#write(lane, record, observer, index, tail)
    return undefined
  }

  /** Waits for room in the line that {@link take} gave. */
  wait(line: Line, record: ProducerRecord, observer: Observer, index: number): Waiting {
    const bytes = budgetOf(tailSize(record.key, record.value, record.headers))
    // nobody may take what it waits for
    if (this.#budget.fits(line.holding, bytes) === Fit.full) this.#budget.reserved = true
    return this.#waiting.enter(line, record, observer, index, bytes)
  }

  /** They wait no longer; false when they have left already. */
  giveUp(waiting: readonly Waiting[]): boolean {
    let left = false
    for (const one of waiting) if (this.#waiting.leave(one)) left = true
    if (left) this.#waiting.admit()
    return left
  }

  /** Records of the lane are settled. */
  release({ holding, line }: ProducerLane, bytes: number): void {
    this.#budget.give(holding, bytes)
    if (this.#waiting.size > 0) this.#waiting.admit(line)
    this.checkDrained()
  }

  /** Whether there is a good deal of room for more like the record that was handed in last. */
  roomLeft(): boolean {
    if (this.#budget.roomy(this.#lastLeader) && !this.#deps.io.spilled) return true
    this.#drainWanted.add(this.#lastLeader)
    return false
  }

  checkDrained(): void {
    if (this.#drainWanted.size === 0 || this.#deps.io.spilled) return
    let drained = false
    for (const leader of this.#drainWanted) if (this.#budget.drained(leader)) drained = this.#drainWanted.delete(leader)
    if (drained) this.#deps.onDrain()
  }

  /** The error for the record that was handed in last and found no room. */
  full(): KafkaError {
    return bufferFull(this.#options.name, this.#budget.used, this.#budget.limit, this.#lastLeader.bytes)
  }

  /** Resolves when every record that was handed in by now is settled, unless `over` says that nobody is there to settle it. */
  async whenSettled(over: () => boolean): Promise<void> {
    const called = this.#deps.env.now()
    await this.#waiting.whenAdmitted()
    const topics = [...this.#topics.values()]
    await Promise.all(topics.map((topic) => this.#parking.whenLeft(topic, called)))
    if (over()) return
    for (const submission of this.#deps.io.submissions) submission.flush(this.#id)
    await Promise.all(topics.flatMap(({ lanes }) => lanes.map(({ sends }) => sends.whenSettled())))
  }

  /** Whoever waits for room gets none any more. */
  stop(error: KafkaError): void {
    this.#waiting.rejectAll(error)
  }

  #fit(lane: ProducerLane, bytes: number): Fit {
    return lane.line.size > 0 ? Fit.later : this.#budget.fits(lane.holding, bytes)
  }

  /** For a record that may go to any partition and found no room in one: one that has room, or at least one that moves. */
  #elsewhere({ lanes, partitioner }: ProducerTopic, bytes: number): ProducerLane | undefined {
    const start = Math.floor(this.#deps.env.random() * lanes.length)
    let moving: ProducerLane | undefined
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(start + i) % lanes.length]!
      if (lane.holding.leader.stuck) continue
      moving ??= lane
      if (this.#fit(lane, bytes) !== Fit.yes) continue
      partitioner.stickTo(lane.line.partition)
      return lane
    }
    return moving
  }

  /** There is no lane for the record yet, or only one of older metadata. */
  #takeEarly(topic: ProducerTopic, record: ProducerRecord, observer: Observer, index: number): Line | undefined {
    this.#lastLeader = this.#parked
    const bytes = budgetOf(tailSize(record.key, record.value, record.headers))
    if (topic.line.size === 0 && !topic.crowded && this.#budget.fits(topic.parking, bytes) === Fit.yes) {
      this.#parking.enter(topic, record, observer, index, this.#deps.env.now())
      return undefined
    }
    this.#parking.open(topic)
    return topic.line
  }

  /** The first of a line may go in if there is room. */
  #admit(line: Line, { record, observer, index, bytes, since }: Waiting): Fit {
    const topic = this.#topicOf(record.topic)
    const lane = topic.lanes[line.partition]
    if (lane && this.#isOpen(topic)) {
      const fit = this.#budget.fits(lane.holding, bytes)
      if (fit === Fit.yes) this.#write(lane, record, observer, index, tailSize(record.key, record.value, record.headers), since)
      return fit
    }
    // those who have a lane already came before
    if (!lane && topic.crowded) return Fit.later
    const fit = this.#budget.fits(topic.parking, bytes)
    if (fit === Fit.yes) this.#parking.enter(topic, record, observer, index, since, line.partition)
    return fit
  }

  #unpark(topic: ProducerTopic, { record, observer, index, since, partition }: ParkedRecord): void {
    const tail = tailSize(record.key, record.value, record.headers)
    // a choice made before stands: later records may be there already (IP4)
    const lane = topic.lanes[partition] ?? topic.lanes[topic.partitioner.pick(topic.view!, record, tail)]!
    this.#write(lane, record, observer, index, tail, since)
  }

  #onUnparked(topic: ProducerTopic, refusal: KafkaError | undefined): void {
    if (!refusal) this.#route(topic)
    else if (refusal.code !== 'TIMEOUT') this.#waiting.rejectLine(topic.line, refusal)
    else if (topic.line.size > 0) this.#parking.open(topic)
    this.#waiting.admit()
    this.checkDrained()
  }

  /** Records that waited without a lane get one, and wait in its line if there is still no room. */
  #route(topic: ProducerTopic): void {
    for (let waiting = topic.line.first; waiting; waiting = topic.line.first) {
      const { record, observer, index, bytes, since } = waiting
      try {
        const tail = tailSize(record.key, record.value, record.headers)
        let lane = topic.lanes[topic.partitioner.pick(topic.view!, record, tail)]!
        if (this.#fit(lane, bytes) !== Fit.yes && !topic.partitioner.isBound(record)) lane = this.#elsewhere(topic, bytes) ?? lane
        if (this.#fit(lane, bytes) !== Fit.yes) this.#waiting.change(waiting, lane.line)
        else {
          this.#waiting.leave(waiting)
          this.#write(lane, record, observer, index, tail, since)
        }
      } catch (thrown) {
        this.#waiting.leave(waiting)
        queueMicrotask(() => this.#deps.refuse(observer, index, notWritten(KafkaError.from(thrown, 'produce'))))
      }
    }
  }

  #isOpen(topic: ProducerTopic): boolean {
    return !topic.opening && topic.view !== undefined && (topic.version === this.#deps.metadata.version || this.#isCurrent(topic))
  }

  /** Whether the lanes are those of the newest metadata; remembered until there is newer. */
  #isCurrent(topic: ProducerTopic): boolean {
    const { metadata } = this.#deps
    if (!topic.view || topic.view !== metadata.cached(topic.topic)) return false
    topic.version = metadata.version
    return true
  }

  /** Whether the view has the partition. If not it may be younger: the cluster is asked once before it counts as unknown (F9). */
  #has(topic: ProducerTopic, partition: number): boolean {
    const { metadata } = this.#deps
    const view = topic.view ?? metadata.cached(topic.topic)
    if (view === undefined || partition < view.partitions.length) return true
    topic.youngest = Math.max(partition, topic.youngest)
    topic.asked = metadata.nextAnswer()
    return false
  }

  #topicOf(name: string): ProducerTopic {
    let topic = this.#topics.get(name)
    if (!topic) {
      const { partitioner, ...packing } = topicSettingsOf(this.#options, name)
      const isStuck = (partition: number) => made.lanes[partition]?.holding.leader.stuck ?? false
      const made = new ProducerTopic(name, new Partitioner(this.#deps.env, partitioner, isStuck), packing, this.#parked)
      this.#topics.set(name, (topic = made))
    }
    this.#last = topic
    return topic
  }

  #write(lane: ProducerLane, record: ProducerRecord, observer: Observer, index: number, tail: number, since?: number): void {
    const { key, value, headers } = record
    const timestamp = record.timestamp ?? this.#clock.now()
    const submission = this.#deps.io.submission(lane.thread)
    if (since !== undefined) submission.waited(Math.ceil(this.#deps.env.now() - since))
    const bytes = submission.record(lane.id, timestamp, key, value, headers, tail)
    lane.sends.push(observer, index, timestamp)
    this.#budget.take(lane.holding, bytes)
    if (submission.spilled) this.#deps.io.waitForRoom(lane.thread)
  }

  async #openLanes(topic: ProducerTopic, view: TopicView): Promise<void> {
    const { io, registerLane } = this.#deps
    const known = topic.lanes
    const lanes = view.partitions.map(({ handle, partition, leader }) => {
      if (known[partition]?.handle === handle) return known[partition]
      const line = known[partition]?.line ?? new Line(topic.topic, partition, topic.parking)
      const home = this.#budget.leader(leader)
      return registerLane((id, serial) => new ProducerLane(id, serial, handle, io.home(handle), line, home))
    })
    const fresh = lanes.filter((lane) => !known.includes(lane))
    const common = { producer: this.#id, taken: 0, ...topic.packing }
    const openings = fresh.map(({ id, serial, handle }) => ({ lane: id, serial, handle, ...common }))
    if (fresh.length > 0) await io.openLanes(openings)
    topic.lanes = lanes
    topic.view = view
    if (fresh.length > 0) this.#budget.share(this.lanes.map(({ holding }) => holding))
    for (const [partition, { holding, line }] of lanes.entries()) {
      this.#budget.move(holding, this.#budget.leader(view.partitions[partition]!.leader))
      this.#waiting.refile(line, holding)
    }
    // no partition of that number any more: to be chosen again
    for (const { line } of known.slice(lanes.length)) {
      for (let waiting = line.first; waiting; waiting = line.first) this.#waiting.change(waiting, topic.line)
    }
  }
}
