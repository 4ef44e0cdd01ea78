/** A transaction of a run: keeps what it was given until it is known whether that counts. Knows no group. */
import { KafkaError } from '../../../shared/errors.ts'
import type { HandlerTransaction } from '../../../shared/handler-types.ts'
import type { BatchResult, ProducerRecord, RecordMetadata } from '../../../shared/types.ts'
import { checkRecord } from '../../record-check.ts'
import type { GroupOffset, GroupOffsets } from '../../transactions/group-offsets.ts'

export class MemoryTransaction implements HandlerTransaction {
  readonly transactionalId: string
  /** By the handler. */
  readonly produced: ProducerRecord[] = []
  /** By the group. */
  readonly moved: ProducerRecord[] = []
  readonly offsets: GroupOffset[] = []
  /** What was refused first. */
  failure: KafkaError | undefined
  /** Whether it is the handler that hands something in. */
  handling = false
  #ended = false

  constructor(transactionalId: string) {
    this.transactionalId = transactionalId
  }

  async produce(record: ProducerRecord): Promise<RecordMetadata> {
    return this.#add(record)
  }

  async produceBatch(records: readonly ProducerRecord[]): Promise<BatchResult[]> {
    return records.map((record) => {
      try {
        return { ok: true, metadata: this.#add(record) }
      } catch (thrown) {
        return { ok: false, error: KafkaError.from(thrown, 'produceBatch') }
      }
    })
  }

  async flush(): Promise<void> {}

  async sendOffsets(_group: unknown, offsets: GroupOffsets): Promise<undefined> {
    this.offsets.push(...offsets)
  }

  /** It takes nothing more. Throws when something that it was given cannot be written, as the commit would. */
  commit(): void {
    this.#ended = true
    if (!this.failure) return
    const text = `The transaction was aborted: a record that it was given cannot be written. ${this.failure.message}`
    throw new KafkaError('TRANSACTION_FAILED', text, { ...this.failure.context, transaction: 'aborted', cause: this.failure })
  }

  abort(): void {
    this.#ended = true
  }

  #add(record: ProducerRecord): RecordMetadata {
    if (this.#ended) {
      const text = 'The transaction has ended: hand records to context.tx before the handler returns, and await them.'
      throw new KafkaError('TRANSACTION_MISUSED', text, { outcome: 'not-written' })
    }
    try {
      checkRecord(record)
    } catch (thrown) {
      this.failure ??= KafkaError.from(thrown, 'produce')
      throw thrown
    }
    const into = this.handling ? this.produced : this.moved
    into.push(record)
    const { topic, partition = 0, timestamp = 0 } = record
    return { topic, partition, offset: into.length - 1, timestamp }
  }
}
