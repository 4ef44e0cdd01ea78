/**
 * The public producer. Takes records in, chooses partitions, keeps the budget of bytes under way, and tells each caller what
 * became of its record. Batching, sequences, retries and leaders are the I/O core's business.
 */
import { EventEmitter } from 'node:events'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { loneBatchSize } from '../shared/record-batch.ts'
import { budgetOf } from '../shared/submission.ts'
import { tailBound, tailSize } from '../shared/tail.ts'
import type { Abortable, ProducerRecord, RecordMetadata } from '../shared/types.ts'
import { type BatchResult, BatchSink } from './batch-sink.ts'
import { guarded, warnOf } from './callback-guard.ts'
import type { TopicView } from './cluster-view.ts'
import { CoarseClock } from './coarse-clock.ts'
import type { Io } from './io.ts'
import type { Metadata } from './metadata.ts'
import { Parking } from './parking.ts'
import { Partitioner } from './partitioner.ts'
import type { CheckedProducerOptions } from './producer-options.ts'
import { settingsOf, topicSettingsOf } from './producer-settings.ts'
import { ProducerLane, ProducerTopic } from './producer-topic.ts'
import { checkRecord } from './record-check.ts'
import { abortable } from './send-abort.ts'
import { bufferFull, closedError, notAList, notWritten, tooLarge } from './send-errors.ts'
import type { Observer, SendCallback } from './sends.ts'
import { aborted } from './wait.ts'
import { WaitingRoom } from './waiting-room.ts'

export interface ProducerDeps {
  env: Env
  io: Io
  metadata: Metadata
  /** Gives a lane its number and sends its verdicts here. */
  registerLane(make: (id: number, serial: number) => ProducerLane, producer: Producer): ProducerLane
  onClosed(): void
}

/** Above this share of the budget `produceAsync` says false. */
const HIGH_WATER = 0.25
/** Below this share of that 'drain' comes: the requests in flight alone may be more than half of it. */
const DRAINED = 0.75
/** So much may wait for metadata before `produceAsync` says false: these records are objects, which cost more than their bytes. */
const PARKED_ENOUGH = 256 * 1024
/** What a record's own head and the batch header take at most. */
const BATCH_HEAD = 61 + 21

export interface ProducerEvents {
  /** There is room again after `produceAsync` said false. */
  drain: []
  /** A record that nobody observes failed; `count` such records with the same error. */
  error: [error: KafkaError, count: number]
}

export class Producer extends EventEmitter<ProducerEvents> {
  readonly name: string
  readonly #id: number
  readonly #options: CheckedProducerOptions
  readonly #deps: ProducerDeps
  readonly #topics = new Map<string, ProducerTopic>()
  readonly #waiting: WaitingRoom
  readonly #parking: Parking
  readonly #clock: CoarseClock
  readonly #onThrow = (thrown: unknown) => warnOf('a producer', thrown)
  readonly #highWater: number
  /** IP8: bytes accepted and not settled, never above `bufferMemory`. */
  #buffered = 0
  #drainWanted = false
  #last: ProducerTopic | undefined
  #unobserved: { error: KafkaError; count: number } | undefined
  #closing: Promise<void> | undefined
  #closed = false

  /** @internal Use `kafka.producer()`. */
  constructor(id: number, options: CheckedProducerOptions, deps: ProducerDeps) {
    super()
    this.name = options.name
    this.#id = id
    this.#options = options
    this.#deps = deps
    this.#clock = new CoarseClock(deps.env)
    this.#highWater = options.bufferMemory * HIGH_WATER
    this.#waiting = new WaitingRoom(deps.env, options.deliveryTimeoutMs, (record, observer, index, since) =>
      this.#take(record, observer, index, since),
    )
    const opened = deps.io.openProducer(settingsOf(id, options))
    opened.catch(() => {})
    this.#parking = new Parking({
      env: deps.env,
      metadata: deps.metadata,
      deliveryTimeoutMs: options.deliveryTimeoutMs,
      opened,
      openLanes: (topic, view) => this.#openLanes(topic, view),
      write: (topic, record, observer, index, tail, since) => this.#write(topic, record, observer, index, tail, since),
      refuse: (observer, index, error) => this.#refuse(observer, index, error),
      onBytes: (bytes) => {
        this.#buffered += bytes
      },
      onLeft: () => this.#release(0),
    })
  }

  /** Bytes accepted and not settled yet. */
  get bufferedBytes(): number {
    return this.#buffered
  }

  /**
   * Sends a record; resolves when the log has it (with acks 'all': on all in-sync replicas). Waits for room when `bufferMemory` is
   * used up: do not change the record's bytes before that.
   *
   * @throws KafkaError with `outcome` 'not-written' or 'possibly-written'.
   */
  produce(record: ProducerRecord, { signal }: Abortable = {}): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      this.#check(record)
      if (signal?.aborted) throw notWritten(aborted(signal, 'a record to be written'))
      const settle: SendCallback = (error, metadata) => (error ? reject(error) : resolve(metadata!))
      const observer: SendCallback = signal ? abortable(signal, settle, (): boolean => this.#waiting.leave(observer)) : settle
      if (this.#waiting.size > 0 || !this.#take(record, observer, 0)) this.#waiting.enter(record, observer, 0)
    })
  }

  /**
   * Sends a record without a promise. Returns false when there is little room left: go on after 'drain'. The callback hears the
   * outcome; without one, failures reach 'error' listeners and the next `flush()`.
   *
   * @throws KafkaError BUFFER_FULL when `bufferMemory` is used up and there is no callback to tell.
   */
  produceAsync(record: ProducerRecord, callback?: SendCallback): boolean {
    this.#check(record)
    let refusal: KafkaError | undefined
    try {
      if (this.#waiting.size > 0 || !this.#take(record, callback, 0)) refusal = this.#full()
    } catch (thrown) {
      refusal = notWritten(KafkaError.from(thrown, 'produceAsync'))
    }
    if (refusal) {
      const error = refusal
      if (!callback && error.code === 'BUFFER_FULL') throw error
      queueMicrotask(() => this.#refuse(callback, 0, error))
    }
    return this.#roomLeft()
  }

  /** Sends a record if there is room for it now, else returns undefined. */
  tryProduce(record: ProducerRecord): Promise<RecordMetadata> | undefined {
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata>()
    try {
      this.#check(record)
      if (this.#waiting.size > 0) return undefined
      if (!this.#take(record, (error, metadata) => (error ? reject(error) : resolve(metadata!)), 0)) return undefined
    } catch (thrown) {
      reject(thrown)
    }
    return promise
  }

  /** Sends records of any topics; resolves with the outcome of each, in input order. One failure does not touch the others. */
  produceBatch(records: readonly ProducerRecord[], { signal }: Abortable = {}): Promise<BatchResult[]> {
    if (!Array.isArray(records)) return Promise.reject(notAList(records))
    if (records.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      if (this.#closing) throw notWritten(closedError(this.name))
      if (signal?.aborted) throw notWritten(aborted(signal, 'a batch to be written'))
      const onAbort = () => {
        this.#waiting.leave(sink)
        reject(aborted(signal, 'a batch to be written').with({ outcome: 'possibly-written' }))
      }
      const sink = new BatchSink(records.length, (results) => {
        signal?.removeEventListener('abort', onAbort)
        resolve(results)
      })
      signal?.addEventListener('abort', onAbort)
      this.#takeAll(records, sink, (record, index) => this.#waiting.enter(record, sink, index))
    })
  }

  /** {@link produceBatch} without a promise; returns false like {@link produceAsync}. Records beyond the room fail with BUFFER_FULL. */
  produceBatchAsync(records: readonly ProducerRecord[], callback: (results: BatchResult[]) => void): boolean {
    if (!Array.isArray(records)) throw notAList(records)
    if (this.#closing) throw notWritten(closedError(this.name))
    const done = (results: BatchResult[]): void => {
      try {
        callback(results)
      } catch (thrown) {
        warnOf('a producer', thrown)
      }
    }
    if (records.length === 0) queueMicrotask(() => done([]))
    else {
      const sink = new BatchSink(records.length, done)
      this.#takeAll(records, sink, (_record, index) => {
        const error = this.#full()
        queueMicrotask(() => sink.settle(index, error, undefined))
      })
    }
    return this.#roomLeft()
  }

  /**
   * Resolves when every record accepted before the call is settled.
   *
   * @throws the error of records that failed since the last flush and that no callback or promise stood for.
   */
  async flush({ signal }: Abortable = {}): Promise<void> {
    if (signal?.aborted) throw aborted(signal, 'a flush')
    const { promise, reject } = Promise.withResolvers<never>()
    const onAbort = () => reject(aborted(signal, 'a flush'))
    signal?.addEventListener('abort', onAbort)
    try {
      await Promise.race([this.#settleAll(), promise])
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
    const unobserved = this.#unobserved
    this.#unobserved = undefined
    if (unobserved) throw unobserved.error
  }

  /** Takes no more records, waits for those accepted, and ends. Rejects like {@link flush} when some failed unobserved. */
  close(): Promise<void> {
    this.#closing ??= this.flush().finally(async () => {
      this.#closed = true
      this.#deps.onClosed()
      await this.#deps.io.closeProducer(this.#id).catch(() => {})
    })
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal The client is about to end: nothing more is accepted, and what waits for room gets none any more. */
  stop(error: KafkaError): void {
    this.#closing ??= Promise.resolve()
    this.#waiting.rejectAll(notWritten(error))
  }

  /** @internal The client has ended. */
  abandon(error: KafkaError): void {
    this.stop(error)
    this.#closed = true
    for (const topic of this.#topics.values()) {
      for (const lane of topic.lanes) {
        // the I/O core answers everything before it ends; what it could not say any more may have been sent
        if (lane.sends.outstanding > 0)
          this.onFailed(lane, lane.sends.outstanding, 0, error.with({ outcome: 'possibly-written' }))
      }
    }
  }

  /** @internal */
  onAcked(lane: ProducerLane, count: number, baseOffset: number, logAppendTime: number, bytes: number): void {
    lane.bytes -= bytes
    lane.sends.acked(count, baseOffset, logAppendTime, this.#onThrow)
    this.#release(bytes)
  }

  /** @internal */
  onFailed(lane: ProducerLane, count: number, bytes: number, error: KafkaError): void {
    lane.bytes -= bytes
    const unobserved = lane.sends.failed(count, error, this.#onThrow)
    if (unobserved > 0) this.#noteUnobserved(error, unobserved)
    this.#release(bytes)
  }

  /** @internal The submission ring of an I/O thread has room again. */
  onRoom(): void {
    this.#maybeDrain()
  }

  #check(record: ProducerRecord): void {
    if (this.#closing) throw notWritten(closedError(this.name))
    checkRecord(record)
  }

  #takeAll(records: readonly ProducerRecord[], sink: BatchSink, onFull: (record: ProducerRecord, index: number) => void): void {
    for (let index = 0; index < records.length; index++) {
      const record = records[index]!
      try {
        checkRecord(record)
        if (this.#waiting.size > 0 || !this.#take(record, sink, index)) onFull(record, index)
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'produceBatch')
        queueMicrotask(() => sink.settle(index, error, undefined))
      }
    }
  }

  /**
   * Accepts a record if the budget allows, else returns false. Accepted means: it will be settled exactly once (IP7). Throws when
   * the record can never be sent.
   */
  #take(record: ProducerRecord, observer: Observer, index: number, since?: number): boolean {
    const { key, value, headers } = record
    let tail = tailBound(key, value, headers)
    const { bufferMemory, batchBytes } = this.#options
    if (tail + BATCH_HEAD > batchBytes) {
      tail = tailSize(key, value, headers)
      const size = loneBatchSize(tail)
      if (size > batchBytes) throw tooLarge(record, size, batchBytes)
    }
    if (this.#buffered + budgetOf(tail) > bufferMemory) {
      tail = tailSize(key, value, headers)
      if (this.#buffered + budgetOf(tail) > bufferMemory && this.#buffered > 0) return false
    }
    const topic = this.#last?.topic === record.topic ? this.#last : this.#topicOf(record.topic)
    const known = record.partition === undefined || this.#has(topic, record.partition)
    if (known && !topic.opening && (topic.version === this.#deps.metadata.version || this.#isCurrent(topic))) {
      this.#write(topic, record, observer, index, tail, since)
    } else this.#parking.enter(topic, record, observer, index, since ?? this.#deps.env.now())
    return true
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
      topic = new ProducerTopic(name, new Partitioner(this.#deps.env, partitioner), packing)
      this.#topics.set(name, topic)
    }
    this.#last = topic
    return topic
  }

  #write(topic: ProducerTopic, record: ProducerRecord, observer: Observer, index: number, tail: number, since?: number): void {
    const { key, value, headers } = record
    const partition = topic.partitioner.pick(topic.view!, record, tail)
    const lane = topic.lanes[partition]!
    const timestamp = record.timestamp ?? this.#clock.now()
    const submission = this.#deps.io.submission(lane.thread)
    if (since !== undefined) submission.waited(Math.ceil(this.#deps.env.now() - since))
    lane.sends.push(observer, index, timestamp)
    const bytes = submission.record(lane.id, timestamp, key, value, headers, tail)
    this.#buffered += bytes
    lane.bytes += bytes
    if (submission.spilled) this.#deps.io.waitForRoom(lane.thread)
  }

  async #openLanes(topic: ProducerTopic, view: TopicView): Promise<void> {
    const { io, registerLane } = this.#deps
    const known = topic.lanes
    const lanes = view.partitions.map(({ handle, partition }) =>
      known[partition]?.handle === handle
        ? known[partition]
        : registerLane((id, serial) => new ProducerLane(id, serial, handle, io.home(handle), topic.topic, partition), this),
    )
    const fresh = lanes.filter((lane) => !known.includes(lane))
    const common = { producer: this.#id, taken: 0, ...topic.packing }
    const openings = fresh.map(({ id, serial, handle }) => ({ lane: id, serial, handle, ...common }))
    if (fresh.length > 0) await io.openLanes(openings)
    topic.lanes = lanes
    topic.view = view
  }

  #refuse(observer: Observer, index: number, error: KafkaError): void {
    try {
      if (observer === undefined) this.#noteUnobserved(error, 1)
      else if (typeof observer === 'function') observer(error)
      else observer.settle(index, error, undefined)
    } catch (thrown) {
      warnOf('a producer', thrown)
    }
  }

  #noteUnobserved(error: KafkaError, count: number): void {
    if (this.#unobserved) this.#unobserved.count += count
    else this.#unobserved = { error, count }
    if (this.listenerCount('error') > 0) guarded('a producer', () => this.emit('error', error, count))
  }

  #release(bytes: number): void {
    this.#buffered -= bytes
    if (this.#waiting.size > 0) this.#waiting.admit()
    this.#maybeDrain()
  }

  #roomLeft(): boolean {
    if (this.#buffered < this.#highWater && this.#parking.bytes < PARKED_ENOUGH && !this.#deps.io.spilled) return true
    this.#drainWanted = true
    return false
  }

  #maybeDrain(): void {
    if (
      !this.#drainWanted ||
      this.#buffered > this.#highWater * DRAINED ||
      this.#parking.bytes >= PARKED_ENOUGH ||
      this.#deps.io.spilled
    )
      return
    this.#drainWanted = false
    guarded('a producer', () => this.emit('drain'))
  }

  async #settleAll(): Promise<void> {
    const called = this.#deps.env.now()
    await this.#waiting.whenAdmitted()
    const topics = [...this.#topics.values()]
    await Promise.all(topics.map((topic) => this.#parking.whenLeft(topic, called)))
    if (this.#closed) return
    for (const submission of this.#deps.io.submissions) submission.flush(this.#id)
    await Promise.all(topics.flatMap(({ lanes }) => lanes.map(({ sends }) => sends.whenSettled())))
  }

  #full(): KafkaError {
    return bufferFull(this.name, this.#buffered, this.#options.bufferMemory)
  }
}
