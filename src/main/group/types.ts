/** What a consumer group hands to its handler and gets back. Types only. */
import type { KafkaError } from '../../shared/errors.ts'
import type { FetchedRecord } from '../../shared/types.ts'
import type { ConsumerGroup } from './consumer-group.ts'

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
  | void
  | Action
  | ActionList
  | {
      readonly actions: Action | ActionList
      /** The pause before the next batch of this partition, in ms; left out, the topic's `handlerCooldownMs`. */
      readonly handlerCooldownMs?: number
    }

export interface HandlerContext {
  /**
   * Aborted when the partition was taken away, the group is being stopped past its deadline, or the handler took longer than
   * `handlerTimeoutMs`: what the handler returns is not committed then. Its `reason` is a {@link KafkaError}.
   */
  readonly signal: AbortSignal
  /** The highest `attempt` among the records of the batch. */
  readonly attempt: number
  readonly group: ConsumerGroup
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

/** Called with the batches of one partition one after the other; with those of several partitions at the same time. */
export interface GroupHandler {
  handleRecordBatch(
    topic: string,
    partition: number,
    records: ConsumedRecord[],
    context: HandlerContext,
  ): HandlerResult | Promise<HandlerResult>
  /** Before the first batch of a partition; awaited. When it fails, the partition waits and it is called again. */
  handleConsumerStart?(topic: string, partition: number): void | Promise<void>
  /** After the last batch of a partition and its commit; awaited. */
  handleConsumerStop?(topic: string, partition: number, reason: StopReason): void | Promise<void>
}

/** What a module given as `handler` exports. It is loaded once in each thread. */
export interface HandlerModule {
  handleRecordBatch(
    topic: string,
    partition: number,
    records: ConsumedRecord[],
    context: Omit<HandlerContext, 'group'>,
  ): HandlerResult | Promise<HandlerResult>
  handleConsumerStart?(topic: string, partition: number): void | Promise<void>
  handleConsumerStop?(topic: string, partition: number, reason: StopReason): void | Promise<void>
  /** Before anything else in a thread; awaited. */
  setup?(): void | Promise<void>
  /** When the thread ends in good order; awaited. */
  teardown?(): void | Promise<void>
}

export interface TopicPartition {
  topic: string
  partition: number
}

/** Whatever runs handlers: on the main thread, or in threads. */
export interface HandlerHost {
  start(topic: string, partition: number): Promise<void>
  /** Rejects with whatever the handler threw, or with a {@link KafkaError} when it gave something that is no result. */
  handle(batch: HandlerBatch): Promise<Verdict>
  stop(topic: string, partition: number, reason: StopReason): Promise<void>
  /** What would be in `group.why()` for a partition whose handler runs; undefined when there is nothing to add. */
  doing(topic: string, partition: number): string | undefined
  close(): Promise<void>
}

export interface HandlerBatch {
  topic: string
  partition: number
  records: ConsumedRecord[]
  signal: AbortSignal
  attempt: number
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
}

export interface AssignedPartition extends TopicPartition {
  topicId: string
  handle: number
}

export type { KafkaError }
