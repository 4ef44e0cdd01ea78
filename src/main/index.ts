/** The front door: every public name. */

export type { ErrorContext, KafkaErrorCode, Outcome, TransactionFate } from '../shared/errors.ts'
export { KafkaError } from '../shared/errors.ts'
export type {
  Abortable,
  Bytes,
  FetchedBatch,
  FetchedRecord,
  FetchPosition,
  HeaderInput,
  ProducerRecord,
  RecordHeader,
  RecordMetadata,
} from '../shared/types.ts'
export type { Admin, CreatedTopic } from './admin.ts'
export type { BatchResult } from './batch-sink.ts'
export type { ConnectionEvent, DataLossEvent, IoThreadEvent, KafkaEvents, ThrottleEvent } from './client.ts'
export { Kafka } from './client.ts'
export type { ConsumerGroup } from './group/consumer-group.ts'
export type { HandlerErrorEvent } from './group/feed-context.ts'
export type { AdaptedEvent, FlowMetrics, GateEvent, GateFailedEvent, LimitedEvent } from './group/flow.ts'
export type {
  CommitErrorEvent,
  GroupEvents,
  GroupMetrics,
  GroupReport,
  OffsetResetEvent,
  PartitionErrorEvent,
  PartitionMetrics,
  PartitionReport,
  StalledEvent,
} from './group/group-events.ts'
export type {
  AdaptiveOptions,
  ConsumerGroupOptions,
  GroupStopOptions,
  HandlerGiveUp,
  OffsetResetPolicy,
  PauseWhen,
  RateLimitOptions,
} from './group/group-options.ts'
export type { PulledBatch } from './group/pull.ts'
export type { HandlerThreadNews } from './group/thread-handler.ts'
export type {
  Action,
  ActionList,
  ConsumedRecord,
  GroupHandler,
  HandlerContext,
  HandlerModule,
  HandlerResult,
  HandlerTransaction,
  StopReason,
  ThreadContext,
  TopicPartition,
} from './group/types.ts'
export type { ListedOffset, OffsetQuery } from './list-offsets.ts'
export type {
  AdminOptions,
  CloseOptions,
  FetchOptions,
  KafkaOptions,
  ListOffsetsOptions,
  NewPartitions,
  NewTopic,
} from './options.ts'
export type { Producer, ProducerEvents } from './producer.ts'
export type { PartitionerFunction, ProducerOptions, ProducerTopicOptions } from './producer-options.ts'
export type { ScramAlteration } from './scram-options.ts'
export type { UserScramCredentials } from './scram-users.ts'
export type { OAuthToken, SaslOptions, SaslSession, TlsOptions, TokenRequest } from './security/security-options.ts'
export type { SendCallback } from './sends.ts'
export type { Transaction } from './transactions/transaction.ts'
export type {
  TransactionOptions,
  TransactionPoolOptions,
  TransactionProducerOptions,
} from './transactions/transaction-options.ts'
