/** What a consumer group gets of its client. Types only. */
import type { Env } from '../../shared/env.ts'
import type { Credits } from '../credits.ts'
import type { Fetchers } from '../fetchers.ts'
import type { Io } from '../io.ts'
import type { Metadata } from '../metadata.ts'
import type { CheckedKafkaOptions } from '../options.ts'
import type { Producer } from '../producer.ts'
import type { TransactionPool } from '../transactions/transaction-pool.ts'
import type { ConsumerGroup } from './consumer-group.ts'

export interface GroupContext {
  env: Env
  io: Io
  metadata: Metadata
  credits: Credits
  fetchers: Fetchers
  options: CheckedKafkaOptions
  /** For records that handlers move. */
  producer(): Producer
  /** For topics whose batches are handled in transactions. */
  transactions(): TransactionPool
  onStopped(group: ConsumerGroup): void
}
