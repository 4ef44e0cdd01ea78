/**
 * What Kafka's log cleaner does to a log: of each key only the newest record stays, tombstones stay for a while, offsets stay as they
 * are. A pure function from batches to batches; when it runs is told by `cleaner.ts`.
 *
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-534%3A+Retain+tombstones+and+transaction+markers+for+approximately+delete.retention.ms+milliseconds
 */
import { attributes, type BatchHeader, readBatchHeader } from '../../../shared/record-batch.ts'
import type { FetchedRecord } from '../../../shared/types.ts'
import { readableRecords, rewritten } from './batch-records.ts'
import type { StoredBatch } from './log.ts'

export interface CleaningRound {
  /** Records before it have been compared with each other. */
  firstDirty: number
  /** Batches from here on are left alone. */
  end: number
  /** The wall clock. */
  now: number
  deleteRetentionMs: number
  /** Whether a batch is the last one of a producer that may come back: its sequence must not be forgotten. */
  isLastOfProducer(header: BatchHeader, lastOffset: number): boolean
  /** Whether a batch belongs to a transaction that was aborted. */
  isAborted(header: BatchHeader): boolean
}

/** The batches that are to take the place of those before `round.end`. */
export function compacted(batches: readonly StoredBatch[], round: CleaningRound): StoredBatch[] {
  const newest = newestOffsets(batches, round)
  const kept: StoredBatch[] = []
  for (const batch of batches) {
    if (batch.lastOffset >= round.end) break
    const cleaned = cleanBatch(batch, newest, round)
    if (cleaned) kept.push(cleaned)
  }
  return kept
}

const headerOf = ({ bytes }: StoredBatch): BatchHeader => readBatchHeader(bytes, 0) as BatchHeader

/** The newest offset of each key among the records that are new since the last round. */
function newestOffsets(batches: readonly StoredBatch[], round: CleaningRound): Map<string, number> {
  const newest = new Map<string, number>()
  for (const batch of batches) {
    if (batch.lastOffset < round.firstDirty) continue
    if (batch.lastOffset >= round.end) break
    if (round.isAborted(headerOf(batch))) continue
    for (const { key, offset } of readableRecords(batch.bytes) ?? []) if (key) newest.set(key.toString('latin1'), offset)
  }
  return newest
}

function cleanBatch(batch: StoredBatch, newest: ReadonlyMap<string, number>, round: CleaningRound): StoredBatch | undefined {
  const header = headerOf(batch)
  // Markers are what transactions end with; there is one for each, so they stay.
  if (attributes.control(header.attributes)) return batch
  const records = readableRecords(batch.bytes)
  if (records === undefined) return batch
  const horizon = attributes.deleteHorizon(header.attributes) ? header.baseTimestamp : undefined
  const stays = ({ key, value, offset }: FetchedRecord): boolean => {
    if (key === null) return false
    if (value === null && horizon !== undefined && round.now >= horizon) return false
    return offset >= (newest.get(key.toString('latin1')) ?? -1)
  }
  const kept = round.isAborted(header) ? [] : records.filter(stays)
  if (kept.length === 0) {
    // The last batch of a round stays too, or the log could end before its own end.
    const needed = round.isLastOfProducer(header, batch.lastOffset) || batch.lastOffset + 1 === round.end
    if (!needed) return undefined
    return records.length === 0 ? batch : withBytes(batch, rewritten(batch.bytes, header, []))
  }
  const getsHorizon = horizon === undefined && kept.some(({ value }) => value === null)
  if (kept.length === records.length && !getsHorizon) return batch
  return withBytes(batch, rewritten(batch.bytes, header, kept, getsHorizon ? round.now + round.deleteRetentionMs : horizon))
}

function withBytes(batch: StoredBatch, bytes: Uint8Array): StoredBatch {
  const { maxTimestamp } = readBatchHeader(bytes, 0) as BatchHeader
  const { baseOffset, lastOffset, leaderEpoch } = batch
  return { baseOffset, lastOffset, leaderEpoch, maxTimestamp, bytes, size: bytes.length }
}
