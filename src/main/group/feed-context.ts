/** What every feed of a group works with. Types only. */
import type { Env } from '../../shared/env.ts'
import type { KafkaError } from '../../shared/errors.ts'
import type { Credits } from '../credits.ts'
import type { Committer } from './committer.ts'
import type { Flow } from './flow.ts'
import type { CheckedTopicConfig } from './group-options.ts'
import type { Mover } from './moves.ts'
import type { PartitionFeed } from './partition-feed.ts'
import type { PrefetchBudget } from './prefetch-budget.ts'
import type { FeedTransactions } from './transacted.ts'
import type { AssignedPartition, HandlerHost, Verdict } from './types.ts'

/** A handler failed, or its start or stop did. */
export interface HandlerErrorEvent {
  topic: string
  partition: number
  /** Of the first record of the batch. */
  offset: number
  attempt: number
  /** Whatever it threw. */
  error: unknown
  /** −1: it is not called again with these records. */
  retryInMs: number
}

export interface FeedEvents {
  onHandlerError(event: HandlerErrorEvent): void
  /** The partition stands still. */
  onFailed(partition: AssignedPartition, error: KafkaError): void
  onReadError(partition: AssignedPartition, error: KafkaError): void
  /** The reset policy has to say where it goes on; `error` tells why, undefined: look for the committed offset. */
  onPositionNeeded(feed: PartitionFeed, error: KafkaError | undefined): void
}

export interface FeedMetrics {
  handled(records: number, elapsedMs: number, verdict: Verdict | undefined): void
  /** Of a record that was counted as to be repeated: it is not. */
  gaveUp(became: 'skipped' | 'moved'): void
  /** Offsets were committed in a transaction. */
  committed(): void
  fetched(bytes: number): void
  readFailed(): void
}

export interface FeedContext {
  env: Env
  credits: Credits
  fetcher: number
  flow: Flow
  host: HandlerHost
  committer: Committer
  mover: Mover
  budget: PrefetchBudget
  topicConfig: CheckedTopicConfig
  /** For topics with `transactional`. */
  transactions?: FeedTransactions
  metrics: FeedMetrics
  events: FeedEvents
  highWatermark(handle: number): number
}
