/**
 * A transaction as its function sees it: what it may hand in, until it ends. Knows whether it is still open and what failed in it; how it
 * ends is decided by who runs it.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { Abortable, ProducerRecord, RecordMetadata } from '../../shared/types.ts'
import type { BatchResult } from '../batch-sink.ts'
import type { ConsumerGroup } from '../group/consumer-group.ts'
import type { Pull, PulledBatch } from '../group/pull.ts'
import type { SendCallback } from '../sends.ts'
import type { GroupOffsets, TransactionalGroup } from './group-offsets.ts'
import { misused } from './transaction-errors.ts'
import type { Refusal, TransactionalId } from './transactional-id.ts'

export class Transaction {
  readonly #id: TransactionalId
  readonly #controller = new AbortController()
  /** Calls whose promise is not settled. */
  #pending = 0
  #onIdle: (() => void) | undefined
  #failure: KafkaError | undefined
  #ended: string | undefined
  /** What of a group joined it. */
  readonly #pulled: { pull: Pull; batch: PulledBatch }[] = []

  /** @internal `kafka.transaction()` begins transactions. */
  constructor(id: TransactionalId) {
    this.#id = id
    id.begin((error) => {
      this.#failure ??= error
      this.#controller.abort(error)
    })
  }

  /** The transactional id that brokers know it by. */
  get transactionalId(): string {
    return this.#id.transactionalId
  }

  /** Aborted as soon as it is known that there will be no commit: a record failed, the time is up, or the caller gave up. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * Sends a record as part of the transaction; resolves when the log has it, and readers see it after the commit. One that fails, whether
   * it is awaited or not, aborts the transaction.
   *
   * @throws KafkaError TRANSACTION_MISUSED when the transaction has ended, and as `producer.produce`
   */
  produce(record: ProducerRecord, options?: Abortable): Promise<RecordMetadata> {
    const refusal = this.#refusal('produce')
    if (refusal) return Promise.reject(refusal)
    const sent = this.#id.producer.produce(record, options)
    this.#pending++
    // a forgotten await must not become an unhandled rejection: the transaction tells of it
    sent.then(this.#onDone, this.#onFailure)
    return sent
  }

  /** Sends records of any topics; resolves with the outcome of each, in input order. A single failure aborts the transaction. */
  produceBatch(records: readonly ProducerRecord[], options?: Abortable): Promise<BatchResult[]> {
    const refusal = this.#refusal('produceBatch')
    if (refusal) return Promise.reject(refusal)
    const sent = this.#id.producer.produceBatch(records, options)
    this.#pending++
    sent.then((results) => {
      for (const result of results) if (!result.ok) this.#id.failed(result.error)
      this.#onDone()
    }, this.#onFailure)
    return sent
  }

  /**
   * Sends a record without a promise; the commit waits for it. Returns false when there is little room left: `await tx.flush()` then.
   *
   * @throws KafkaError TRANSACTION_MISUSED, and BUFFER_FULL as `producer.produceAsync`
   */
  produceAsync(record: ProducerRecord, callback?: SendCallback): boolean {
    const refusal = this.#refusal('produceAsync')
    if (refusal) throw refusal
    return this.#id.producer.produceAsync(record, callback)
  }

  /**
   * What was done with batches that `group.pull()` gave, or a `for await` over the group, is committed with the transaction or not at all
   * (KIP-447). Aborted, they are still in your hands. Their handlers' groups need no such call: topics that are `transactional` do it.
   *
   * @throws KafkaError TRANSACTION_MISUSED, INVALID_ARGUMENT for a batch that is not in your hands, or why the group may not commit
   */
  commitOffsets(group: ConsumerGroup, batches: PulledBatch | readonly PulledBatch[]): Promise<void> {
    const refusal = this.#refusal('commitOffsets')
    if (refusal) return Promise.reject(refusal)
    const sent = this.#sendPulled(group, 'records' in batches ? [batches] : [...batches])
    this.#pending++
    sent.then(this.#onDone, this.#onFailure)
    return sent
  }

  async #sendPulled(group: ConsumerGroup, batches: readonly PulledBatch[]): Promise<void> {
    if (batches.length === 0) return
    const { coordinates, pull } = group.transactionalPull()
    for (const batch of batches) {
      await pull.join(batch)
      this.#pulled.push({ pull, batch })
    }
    const offsets = batches.map(({ topic, partition, records }) => {
      return { topic, partition, offset: records.at(-1)!.offset + 1, leaderEpoch: -1, metadata: '' }
    })
    const refused = await this.sendOffsets(coordinates, offsets)
    if (refused) throw refused.error
  }

  /** @internal What became of it is told to whom its batches belong. */
  settled(how: 'committed' | 'aborted' | 'unknown', error?: KafkaError): void {
    for (const { pull, batch } of this.#pulled.splice(0)) pull.left(batch, how, error)
  }

  /** Resolves when everything handed in before is settled, however. */
  async flush(): Promise<void> {
    const { producer } = this.#id
    if (producer.bufferedBytes > 0) await producer.settled()
    while (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
  }

  /** @internal What a group has handled joins the transaction (KIP-447). Resolves with why not. */
  sendOffsets(group: TransactionalGroup, offsets: GroupOffsets): Promise<Refusal | undefined> {
    return this.#id.sendOffsets(group, offsets)
  }

  /** @internal What failed in it first. */
  get failure(): KafkaError | undefined {
    return this.#failure
  }

  /** @internal */
  get isOpen(): boolean {
    return this.#ended === undefined
  }

  /** @internal Nothing more is taken; `how` is what it did, as in "was committed". */
  end(how: string, reason?: unknown): void {
    this.#ended ??= how
    if (reason !== undefined) this.#controller.abort(reason)
  }

  readonly #onDone = (): void => {
    if (--this.#pending === 0) this.#onIdle?.()
  }

  readonly #onFailure = (error: KafkaError): void => {
    this.#id.failed(error)
    this.#onDone()
  }

  #refusal(what: string): KafkaError | undefined {
    if (this.#ended !== undefined) {
      const text = `tx.${what}() came too late: its transaction ${this.#ended}. Await what is to be part of a transaction inside its function, and use no tx outside.`
      return misused(text)
    }
    if (this.#failure) {
      const text = `tx.${what}() is in vain: the transaction can only be aborted. ${this.#failure.message}`
      return new KafkaError('ABORTED', text, { outcome: 'not-written', cause: this.#failure })
    }
    this.#id.wrote()
    return undefined
  }
}
