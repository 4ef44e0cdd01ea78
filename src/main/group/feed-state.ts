/** What a feed says of itself. Types only. */
import type { KafkaError } from '../../shared/errors.ts'

/** What a feed does or waits for. */
export type Doing =
  | 'position'
  | 'start'
  | 'records'
  | 'room'
  | 'limits'
  | 'handler'
  | 'move'
  | 'commit'
  | 'cooldown'
  | 'retry'
  | 'paused'
  | 'failed'
  | 'stop'
  | 'ended'

/** Of one partition; offsets are −1 while unknown. */
export interface FeedState {
  doing: Doing
  /** Since when, on the client's clock. */
  since: number
  /** The offset of the next record to be handled. */
  position: number
  /** What this member committed last, or began with. */
  committed: number
  highWatermark: number
  queuedRecords: number
  queuedBytes: number
  attempt: number
  error: KafkaError | undefined
}
