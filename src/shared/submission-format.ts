/**
 * The format of what main tells an I/O worker through the submission ring: records, read credits, flushes. `submission.ts` writes it,
 * `submission-reader.ts` reads it.
 *
 * A record is written as its *tail*, the part of Kafka's record format from the key length on (see `tail.ts`), so that the
 * worker moves it into a batch with one copy and never looks inside.
 */
import { align8 } from './ring.ts'

/** int32 lane, int32 tail bytes, float64 timestamp, tail. */
export const RECORD = 1
/** The same for a tail larger than an entry: its first bytes; {@link MORE} entries bring the rest. */
export const RECORD_START = 2
/** int32 bytes, int32 unused, the bytes. */
export const MORE = 3
/**
 * int32 ticket, int32 handle, float64 offset, int32 max bytes, int32 max wait ms, int32 min bytes, int32 fetcher, int32 last fetched epoch,
 * int32 flags.
 */
export const CREDIT = 4
/** int32 producer: do not linger for what came before. */
export const FLUSH = 5
/** int32 ticket: nobody wants this credit's answer any more. */
export const CANCEL = 6

/** int32 ms: the record that follows was handed in so long ago. */
export const WAITED = 7

/** Bytes of a record's entry before its tail. */
export const RECORD_HEAD = 24
export const MORE_HEAD = 16
export const CREDIT_BYTES = 48
export const SHORT_BYTES = 16

/** Flags of a {@link CREDIT}. */
export const READ_COMMITTED = 1
export const PATIENT = 2

/** A large record is kept in the ring until it is complete, unless it takes more than this share of it. */
export const HELD_SHARE = 4

/** What one answer of a partition is to be. */
export interface CreditTerms {
  /** The first offset wanted. */
  offset: number
  maxBytes: number
  maxWaitMs: number
  minBytes: number
  /** Credits of one fetcher share Fetch requests. */
  fetcher: number
  /** The same for all credits of a fetcher. */
  readCommitted: boolean
  /** The leader epoch of the batch before `offset`; −1: unknown. */
  lastFetchedEpoch: number
  /** Not answered before there is news of this partition or its time is up; else when there is news of any that was asked for with it. */
  patient: boolean
}

/** What a record takes of the caller's budget, also in fragments: their heads would not be in what was checked before (IP8). */
export function budgetOf(tailBytes: number): number {
  return align8(RECORD_HEAD + tailBytes)
}
