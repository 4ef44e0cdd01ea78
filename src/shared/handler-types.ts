/** What handlers of a group get and give back, in every thread that runs them. Types only. */
import type { BatchResult, FetchedRecord, ProducerRecord, RecordMetadata } from './types.ts'

/** A record as a group delivers it. */
export interface ConsumedRecord extends FetchedRecord {
  /** 1 when it is delivered for the first time on this assignment, one higher after each `'retry'` and each failure of its handler. */
  readonly attempt: number
}

/**
 * What becomes of a record.
 *
 * - `'commit'`: it is done.
 * - `{ skip: reason }`: it is done, and the reason is noted in the metadata of the commit.
 * - `{ moveTo: topic }`: it is produced to that topic, with headers that say where it came from, and is done when that is acknowledged.
 * - `'retry'`: it is not done, and is delivered again with `attempt` one higher. What follows it in the partition waits.
 */
export type Action = 'commit' | 'retry' | { readonly skip: string } | { readonly moveTo: string }

/** One action for each record of the batch, in its order. */
export type ActionList = readonly (readonly [action: Action, record: ConsumedRecord])[]

/** Nothing means `'commit'` for the whole batch; so does a single action of its kind. */
export type HandlerResult =
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return gives
  | void
  | Action
  | ActionList
  | {
      readonly actions: Action | ActionList
      /** The pause before the next batch of this partition, in ms; left out, the topic's `handlerCooldownMs`. */
      readonly handlerCooldownMs?: number
    }

/**
 * The transaction that a batch is handled in. What is handed to it is seen by `read_committed` readers together with the commit of the
 * batch, or never; after the handler has returned it takes nothing more. A record that fails, awaited or not, undoes the whole.
 */
export interface HandlerTransaction {
  /** The transactional id that brokers know it by. */
  readonly transactionalId: string
  /** Resolves when the log has the record; readers see it after the commit. */
  produce(record: ProducerRecord): Promise<RecordMetadata>
  /** Records of any topics; resolves with the outcome of each, in input order. */
  produceBatch(records: readonly ProducerRecord[]): Promise<BatchResult[]>
}

/** What a handler in a thread is told besides the records. */
export interface ThreadContext {
  /**
   * Aborted when the partition was taken away, the group is being stopped past its deadline, or the handler took longer than
   * `handlerTimeoutMs`: what the handler returns is not committed then. Its `reason` is a `KafkaError`.
   */
  readonly signal: AbortSignal
  /** The highest `attempt` among the records of the batch. */
  readonly attempt: number
  /** For topics with `transactional: true`. */
  readonly tx?: HandlerTransaction
}

/** Why a partition is no longer this member's. */
export type StopReason =
  /** The group gave it to somebody else, or the topic is gone. */
  | 'revoked'
  /** The member was put out of the group: somebody else may have it already. */
  | 'lost'
  /** `stop()` */
  | 'stopped'
  /** It cannot go on; the error says why. */
  | 'failed'

/** What a module given as `handler` exports, or has as its default export. It is loaded once in each thread. */
export interface HandlerModule {
  /** Called with the batches of one partition one after the other; with those of several partitions of the thread at the same time. */
  handleRecordBatch(
    topic: string,
    partition: number,
    records: ConsumedRecord[],
    context: ThreadContext,
  ): HandlerResult | Promise<HandlerResult>
  /** Before the first batch of a partition in this thread; awaited. When it fails, the partition waits and it is called again. */
  handleConsumerStart?(topic: string, partition: number): void | Promise<void>
  /** After the last batch of a partition and its commit; awaited. */
  handleConsumerStop?(topic: string, partition: number, reason: StopReason): void | Promise<void>
  /** Before anything else in a thread; awaited. */
  setup?(): void | Promise<void>
  /** When the thread ends in good order; awaited. */
  teardown?(): void | Promise<void>
}

/** A handler's result, checked: the first `done` records are done, the others are to be delivered again. */
export interface Verdict {
  done: number
  /** By index in the batch, ascending. */
  skips: { index: number; reason: string }[]
  moves: { index: number; topic: string }[]
  cooldownMs: number | undefined
  /** Told when the commit is acknowledged, or why it never will be. */
  onSettled?: (error: unknown) => void
  /** A transaction has committed it. */
  committed?: true
}
