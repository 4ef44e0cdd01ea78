/**
 * The public producer: the ways to send, and what each caller hears of its record. How a record gets on its way is the intake's
 * business; batching, sequences, retries and leaders are the I/O core's.
 */
import { EventEmitter } from 'node:events'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { TransactionTerms } from '../shared/io-api.ts'
import type { Abortable, ProducerRecord, RecordMetadata } from '../shared/types.ts'
import { type BatchResult, BatchSink } from './batch-sink.ts'
import { guarded, warnOf } from './callback-guard.ts'
import { Intake } from './intake.ts'
import type { Io } from './io.ts'
import type { Metadata } from './metadata.ts'
import type { CheckedProducerOptions } from './producer-options.ts'
import type { ProducerLane } from './producer-topic.ts'
import { checkRecord } from './record-check.ts'
import { abortable, unwatchAbort, watchAbort } from './send-abort.ts'
import { closedError, notAList, notWritten } from './send-errors.ts'
import type { Observer, SendCallback } from './sends.ts'
import { aborted } from './wait.ts'
import type { Line, Waiting } from './waiting-room.ts'

export interface ProducerDeps {
  env: Env
  io: Io
  metadata: Metadata
  /** Gives a lane its number and sends its verdicts here. */
  registerLane(make: (id: number, serial: number) => ProducerLane, producer: Producer): ProducerLane
  onClosed(): void
  /** Its records belong to transactions of this id; {@link Transaction} is its only caller then. */
  transactionalId?: string
  /** A record failed. */
  onFailure?(error: KafkaError): void
}

export interface ProducerEvents {
  /** There is room again after `produceAsync` said false. */
  drain: []
  /** A record that nobody observes failed; `count` such records with the same error. */
  error: [error: KafkaError, count: number]
}

export class Producer extends EventEmitter<ProducerEvents> {
  readonly name: string
  readonly #id: number
  readonly #deps: ProducerDeps
  readonly #intake: Intake
  readonly #onThrow = (thrown: unknown) => warnOf('a producer', thrown)
  #unobserved: { error: KafkaError; count: number } | undefined
  #closing: Promise<void> | undefined
  #closed = false

  /** @internal Use `kafka.producer()`. */
  constructor(id: number, options: CheckedProducerOptions, deps: ProducerDeps) {
    super()
    this.name = options.name
    this.#id = id
    this.#deps = deps
    this.#intake = new Intake(id, options, {
      ...deps,
      registerLane: (make) => deps.registerLane(make, this),
      refuse: (observer, index, error) => this.#refuse(observer, index, error),
      onDrain: () => guarded('a producer', () => this.emit('drain')),
    })
  }

  /** Bytes accepted and not settled yet. */
  get bufferedBytes(): number {
    return this.#intake.used
  }

  /**
   * Sends a record; resolves when the log has it (with acks 'all': on all in-sync replicas). Waits when there is no
   * room for its partition in `bufferMemory`: do not change the record's bytes before that.
   *
   * @throws KafkaError with `outcome` 'not-written' or 'possibly-written'.
   */
  produce(record: ProducerRecord, { signal }: Abortable = {}): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      this.#check(record)
      if (signal) this.#produceUntil(signal, record, settling(resolve, reject))
      else {
        const observer = settling(resolve, reject)
        const line = this.#intake.take(record, observer, 0)
        if (line) this.#intake.wait(line, record, observer, 0)
      }
    })
  }

  /**
   * Sends a record without a promise. Returns false when there is little room left for its partition: go on after 'drain'. The callback
   * hears the outcome; without one, failures reach 'error' listeners and the next `flush()`.
   *
   * @throws KafkaError BUFFER_FULL when there is no room for its partition in `bufferMemory` and no callback to tell.
   */
  produceAsync(record: ProducerRecord, callback?: SendCallback): boolean {
    this.#check(record)
    let refusal: KafkaError | undefined
    try {
      if (this.#intake.take(record, callback, 0)) refusal = this.#intake.full()
    } catch (thrown) {
      refusal = notWritten(KafkaError.from(thrown, 'produceAsync'))
    }
    if (refusal) {
      const error = refusal
      if (!callback && error.code === 'BUFFER_FULL') throw error
      queueMicrotask(() => this.#refuse(callback, 0, error))
    }
    return this.#intake.roomLeft()
  }

  /** Sends a record if there is room for it now, else returns undefined. */
  tryProduce(record: ProducerRecord): Promise<RecordMetadata> | undefined {
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata>()
    try {
      this.#check(record)
      if (this.#intake.take(record, settling(resolve, reject), 0)) return undefined
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
      const waiting: Waiting[] = []
      const onAbort = () => {
        this.#intake.giveUp(waiting)
        reject(aborted(signal, 'a batch to be written').with({ outcome: 'possibly-written' }))
      }
      const sink = new BatchSink(records.length, (results) => {
        if (signal) unwatchAbort(signal, onAbort)
        resolve(results)
      })
      if (signal) watchAbort(signal, onAbort)
      this.#takeAll(records, sink, (line, record, index) => {
        const one = this.#intake.wait(line, record, sink, index)
        if (signal) waiting.push(one)
      })
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
      this.#takeAll(records, sink, (_line, _record, index) => {
        const error = this.#intake.full()
        queueMicrotask(() => sink.settle(index, error, undefined))
      })
    }
    return this.#intake.roomLeft()
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
      await Promise.race([this.#intake.whenSettled(() => this.#closed), promise])
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

  /** @internal Resolves when everything handed in is settled, however. */
  async settled(): Promise<void> {
    await this.#intake.whenSettled(() => this.#closed)
    this.#unobserved = undefined
  }

  /** @internal Ends what is under way at once, as far as the I/O threads can; resolves when all is settled. */
  async drop(error: KafkaError): Promise<void> {
    this.#intake.stop(notWritten(error))
    await this.#deps.io.dropRecords(this.#id, error.toWire())
    await this.settled()
  }

  /** @internal Everything handed in from now on belongs to this transaction, once the promise has resolved. */
  async setTransaction(terms: TransactionTerms): Promise<void> {
    await this.#deps.io.setTransaction(this.#id, terms)
  }

  /** @internal */
  async admitPartitions(handles: number[]): Promise<void> {
    await this.#deps.io.admitPartitions(this.#id, handles)
  }

  /** @internal Its number on the I/O threads. */
  get id(): number {
    return this.#id
  }

  /** @internal The client is about to end: nothing more is accepted, and what waits for room gets none any more. */
  stop(error: KafkaError): void {
    this.#closing ??= Promise.resolve()
    this.#intake.stop(notWritten(error))
  }

  /** @internal The client has ended. */
  abandon(error: KafkaError): void {
    this.stop(error)
    this.#closed = true
    for (const lane of this.#intake.lanes) {
      // the I/O core answers everything before it ends; what it could not say any more may have been sent
      if (lane.sends.outstanding > 0) this.onFailed(lane, lane.sends.outstanding, 0, error.with({ outcome: 'possibly-written' }))
    }
  }

  /** @internal */
  onAcked(lane: ProducerLane, count: number, baseOffset: number, logAppendTime: number, bytes: number): void {
    lane.sends.acked(count, baseOffset, logAppendTime, this.#onThrow)
    this.#intake.release(lane, bytes)
  }

  /** @internal */
  onFailed(lane: ProducerLane, count: number, bytes: number, error: KafkaError): void {
    this.#deps.onFailure?.(error)
    const unobserved = lane.sends.failed(count, error, this.#onThrow)
    if (unobserved > 0) this.#noteUnobserved(error, unobserved)
    this.#intake.release(lane, bytes)
  }

  /** @internal The submission ring of an I/O thread has room again. */
  onRoom(): void {
    this.#intake.checkDrained()
  }

  #check(record: ProducerRecord): void {
    if (this.#closing) throw notWritten(closedError(this.name))
    checkRecord(record)
  }

  #produceUntil(signal: AbortSignal, record: ProducerRecord, settle: SendCallback): void {
    if (signal.aborted) throw notWritten(aborted(signal, 'a record to be written'))
    const waiting: Waiting[] = []
    const observer = abortable(signal, settle, () => this.#intake.giveUp(waiting))
    try {
      const line = this.#intake.take(record, observer, 0)
      if (line) waiting.push(this.#intake.wait(line, record, observer, 0))
    } catch (thrown) {
      observer(notWritten(KafkaError.from(thrown, 'produce')))
    }
  }

  #takeAll(
    records: readonly ProducerRecord[],
    sink: BatchSink,
    onFull: (line: Line, record: ProducerRecord, index: number) => void,
  ): void {
    for (let index = 0; index < records.length; index++) {
      const record = records[index]!
      try {
        checkRecord(record)
        const line = this.#intake.take(record, sink, index)
        if (line) onFull(line, record, index)
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'produceBatch')
        queueMicrotask(() => sink.settle(index, error, undefined))
      }
    }
  }

  #refuse(observer: Observer, index: number, error: KafkaError): void {
    this.#deps.onFailure?.(error)
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
}

/** Holds on to the promise's ends alone: while it is under way, a record must not keep what its caller handed in. */
function settling(resolve: (metadata: RecordMetadata) => void, reject: (error: KafkaError) => void): SendCallback {
  return (error, metadata) => (error ? reject(error) : resolve(metadata!))
}
