/** What a consumer group hands to its handler and gets back, on this thread. Types only. */
import type { KafkaError } from '../../shared/errors.ts'
import type {
  ConsumedRecord,
  HandlerResult,
  HandlerTransaction,
  StopReason,
  ThreadContext,
  Verdict,
} from '../../shared/handler-types.ts'
import type { ConsumerGroup } from './consumer-group.ts'

export interface HandlerContext extends ThreadContext {
  readonly group: ConsumerGroup
}

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

export interface TopicPartition {
  topic: string
  partition: number
}

/** Whatever runs handlers: on the main thread, or in threads. */
export interface HandlerHost {
  /** Before the first `start`. Rejects with a {@link KafkaError} when there is no handler to run; nothing is left to close then. */
  open(): Promise<void>
  start(topic: string, partition: number): Promise<void>
  /**
   * Rejects with the Error that the handler threw; with a {@link KafkaError} when it threw something else, gave something that is no
   * result, took too long, or its thread ended; and at once with the reason of `batch.signal` when that is aborted. What the handler
   * does after that is of no consequence.
   */
  handle(batch: HandlerBatch): Promise<Verdict>
  stop(topic: string, partition: number, reason: StopReason): Promise<void>
  /** What would be in `group.why()` for a partition whose handler runs; undefined when there is nothing to add. */
  doing(topic: string, partition: number): string | undefined
  /** Of the user's functions that run now, the one that has been running longest, whether its result still counts or not. */
  longest(): RunningCall | undefined
  /** Ends everything within the time that was set; what still runs rejects with CLOSED. */
  close(): Promise<void>
}

/** A function of the user's that has not ended. */
export interface RunningCall {
  /** The subject of a sentence: "The handler of orders-3". */
  readonly what: string
  /** On the clock of Env.now. */
  readonly since: number
}

export interface HandlerBatch {
  topic: string
  partition: number
  records: ConsumedRecord[]
  signal: AbortSignal
  attempt: number
  /** What it is handled in. */
  tx?: HandlerTransaction
}

/** A partition that is ours, as the coordinator knows. */
export interface AssignedPartition extends TopicPartition {
  topicId: string
  handle: number
}

export type {
  Action,
  ActionList,
  ConsumedRecord,
  HandlerModule,
  HandlerResult,
  HandlerTransaction,
  StopReason,
  ThreadContext,
  Verdict,
} from '../../shared/handler-types.ts'
export type { KafkaError }
