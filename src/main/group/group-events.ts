/** What a consumer group tells: events, metrics, and what its partitions do. Types only. */
import type { KafkaError } from '../../shared/errors.ts'
import type { HandlerErrorEvent } from './feed-context.ts'
import type { Doing } from './feed-state.ts'
import type { AdaptedEvent, FlowMetrics, GateEvent, GateFailedEvent, LimitedEvent } from './flow.ts'
import type { GroupCounts } from './group-metrics.ts'
import type { HandlerThreadNews } from './thread-handler.ts'
import type { TopicPartition } from './types.ts'

/** A partition stands still because of an error; others go on. */
export interface PartitionErrorEvent extends TopicPartition {
  error: KafkaError
}

export interface CommitErrorEvent extends TopicPartition {
  offset: number
  error: KafkaError
  /** False: it is tried again. */
  final: boolean
}

/** A partition was placed by its `offsetResetPolicy`. */
export interface OffsetResetEvent extends TopicPartition {
  /** Where it goes on. */
  offset: number
  /** Why the position before was no good; undefined: nothing was committed. */
  error: KafkaError | undefined
}

export interface StalledEvent extends TopicPartition {
  forMs: number
  /** As `group.why()` has it. */
  why: string
}

export interface GroupEvents {
  assigned: [partitions: TopicPartition[]]
  /** Given back in order: everything handled is committed. */
  revoked: [partitions: TopicPartition[]]
  /** This member was put out of the group or left it because it was blocked or a handler did not end: what it had under way may be delivered elsewhere too. */
  lost: [partitions: TopicPartition[], reason: KafkaError]
  handlerError: [event: HandlerErrorEvent]
  partitionFailed: [event: PartitionErrorEvent]
  /** A partition could not be read; it is tried again. */
  readError: [event: PartitionErrorEvent]
  commitError: [event: CommitErrorEvent]
  offsetReset: [event: OffsetResetEvent]
  /** A partition has records and nothing that holds it back on purpose, and did not move for `partitionStallMs`. */
  stalled: [event: StalledEvent]
  recovered: [event: TopicPartition & { afterMs: number }]
  limited: [event: LimitedEvent]
  adapted: [event: AdaptedEvent]
  gate: [event: GateEvent]
  gateFailed: [event: GateFailedEvent]
  /** A thread of handlers ended unexpectedly, or was replaced. */
  handlerThread: [event: HandlerThreadNews]
  /** The group can do nothing any more; make a new one. */
  fatal: [error: KafkaError]
  /** It has ended: by `stop()`, or because of the error. */
  stopped: [reason: KafkaError]
}

/** Offsets are −1 while unknown. */
export interface PartitionMetrics extends TopicPartition {
  /** The offset of the next record to be handled. */
  position: number
  committed: number
  highWatermark: number
  /** Records from the position on that may be read. */
  lag: number
  queuedRecords: number
  queuedBytes: number
  doing: Doing
}

export interface GroupMetrics extends GroupCounts {
  memberId: string
  memberEpoch: number
  partitions: PartitionMetrics[]
  /** The sum over the partitions whose lag is known. */
  lag: number
  /** Of records that were fetched and are not done. */
  prefetchedBytes: number
  prefetchedBytesPeak: number
  flow: FlowMetrics
}

export interface PartitionReport extends TopicPartition {
  doing: Doing
  forMs: number
  text: string
}

export interface GroupReport {
  member: string
  partitions: PartitionReport[]
}
