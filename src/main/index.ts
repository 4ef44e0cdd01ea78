/** The front door: every public name. */

export type { ErrorContext, KafkaErrorCode, Outcome } from '../shared/errors.ts'
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
export type { SendCallback } from './sends.ts'
