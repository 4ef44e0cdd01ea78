/** What the parts of the I/O core know of each other. */
import type { CompletionWriter } from '../shared/completion.ts'
import type { Env } from '../shared/env.ts'
import type { CallOptions, CallResult, CallTarget, IoEvent, IoOptions } from '../shared/io-api.ts'
import type { OffsetTable } from '../shared/offset-table.ts'
import type { BrokerNode } from './broker.ts'
import type { LeaderHints } from './leader-hints.ts'
import type { Partition } from './partition.ts'

export interface IoContext {
  readonly env: Env
  readonly options: IoOptions
  /** The monotonic clock as the current pump read it, for what happens once a record. */
  readonly pumpedAt: number
  readonly completion: CompletionWriter
  readonly offsets: OffsetTable
  readonly brokers: ReadonlyMap<number, BrokerNode>
  readonly hints: LeaderHints
  /** By handle. */
  readonly partitions: ReadonlyMap<number, Partition>
  /** Main's view of the topic is out of date; reported once a pump. */
  stale(topic: string, reason: string): void
  event(event: IoEvent): void
  /** Pumps no later than at this moment of the monotonic clock. */
  wakeAt(at: number): void
  /** Pumps soon. */
  wake(): void
  call(target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<CallResult>
}
