/** The public shapes: what callers hand in and get back. Types only. */
import type { KafkaError } from './errors.ts'

/** Text is written as UTF-8, with U+FFFD for half a surrogate pair; `null` is Kafka's null (for a value: a tombstone). */
export type Bytes = string | Uint8Array | null

/** A header's key with its value. Keys may repeat and keep their order. */
export type HeaderInput = readonly [key: string, value: Bytes]

/** A record to produce. */
export interface ProducerRecord {
  topic: string
  /** Left out: the partitioner decides. */
  partition?: number
  key?: Bytes
  value?: Bytes
  headers?: readonly HeaderInput[]
  /** Milliseconds since 1970. Default: the wall clock at the call. */
  timestamp?: number
}

/** Where an acknowledged record is in the log. */
export interface RecordMetadata {
  topic: string
  partition: number
  /** −1 when the broker could not say (acks 0, or a retry that it recognised as a duplicate of an old batch). */
  offset: number
  /** Milliseconds since 1970: the record's own, or the broker's when the topic stamps on append. */
  timestamp: number
}

/** What became of one record of a batch. */
export type BatchResult = { ok: true; metadata: RecordMetadata } | { ok: false; error: KafkaError }

/** A header of a fetched record. */
export type RecordHeader = [key: string, value: Buffer | null]

/** A record read from the log. `key`, `value` and `headers` are parsed when first asked for. */
export interface FetchedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: RecordHeader[]
}

/** A partition and the offset to read it from. */
export interface FetchPosition {
  topic: string
  partition: number
  /** The first offset wanted, 0 or more. */
  offset: number
  /** Upper bound for this partition's bytes; a first batch that is larger still arrives whole (KIP-74). Default 1 MiB. */
  maxBytes?: number
  /**
   * `lastFetchedEpoch` of the {@link FetchedBatch} that `offset` is from: with it the broker notices that its log no longer has what
   * was read before (KIP-320), and the fetch fails with LOG_TRUNCATED instead of reading on. Left out: not checked.
   */
  lastFetchedEpoch?: number
}

/** What a fetch found in one partition. */
export interface FetchedBatch {
  topic: string
  partition: number
  /** The offset after the last record that is replicated; reading up to it means having read all. */
  highWatermark: number
  /** The offset to ask for next: after the last record here, also past compacted gaps and control records. */
  nextOffset: number
  /** The leader epoch of the last batch before `nextOffset`, for the next {@link FetchPosition}; −1: unknown. */
  lastFetchedEpoch: number
  /** In offset order; may be empty. */
  records: FetchedRecord[]
}

/**
 * Which records of transactions are read: all as they come, or only those of transactions that were committed, up to the first one that
 * is still open.
 */
export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** Every waiting call can be given up with a signal. */
export interface Abortable {
  signal?: AbortSignal
}
