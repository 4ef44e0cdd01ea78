/**
 * The entries of a journal as bytes: a length, a checksum, a type, a payload. Of a batch the checksum covers the header alone, which has
 * the batch's own. Says of bytes that are no entry whether they are a tail that was not written whole, or damage. Knows no files.
 */
import { crc32c } from '../../../../shared/crc32c.ts'
import { BATCH_OVERHEAD, checkCrc, readBatchHeader, readInt32, writeInt32 } from '../../../../shared/record-batch.ts'

export const EntryType = { BATCH: 1, STATE: 2 } as const
export type EntryType = (typeof EntryType)[keyof typeof EntryType]

/** Length and checksum, which the length does not count. */
const PREFIX_BYTES = 8
/** Prefix and type. */
const HEAD_BYTES = PREFIX_BYTES + 1
/** The length of a topic's id and a partition's number, before a batch. */
export const BATCH_PLACE_BYTES = 20
const MAX_ENTRY_BYTES = 512 * 1024 * 1024

export interface Entry {
  type: EntryType
  payload: Uint8Array
  /** Where the next one begins. */
  end: number
}

/** Why there is no entry: `more` bytes are needed, or it is none. */
export type NoEntry = 'more' | 'none'

/** What goes in front of the payload, which is given in pieces. */
export function entryHead(type: EntryType, pieces: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  writeInt32(head, 0, 1 + pieces.reduce((sum, { length }) => sum + length, 0))
  head[PREFIX_BYTES] = type
  const covered = type === EntryType.BATCH ? [pieces[0]!, pieces[1]!.subarray(0, BATCH_OVERHEAD)] : pieces
  writeInt32(head, 4, checksum(type, covered))
  return head
}

function checksum(type: EntryType, pieces: readonly Uint8Array[]): number {
  return crc32c(Buffer.concat([Uint8Array.of(type), ...pieces])) | 0
}

/** The entry at `at`; `bytes` may end within it. */
export function readEntry(bytes: Uint8Array, at: number): Entry | NoEntry {
  if (bytes.length - at < HEAD_BYTES) return 'more'
  const length = readInt32(bytes, at)
  const type = bytes[at + PREFIX_BYTES] as EntryType
  if (length < 1 || length > MAX_ENTRY_BYTES || (type !== EntryType.BATCH && type !== EntryType.STATE)) return 'none'
  const end = at + PREFIX_BYTES + length
  if (end > bytes.length) return 'more'
  const payload = bytes.subarray(at + HEAD_BYTES, end)
  return isIntact(type, payload, readInt32(bytes, at + 4)) ? { type, payload, end } : 'none'
}

function isIntact(type: EntryType, payload: Uint8Array, crc: number): boolean {
  if (type === EntryType.STATE) return checksum(type, [payload]) === crc
  if (checksum(type, [payload.subarray(0, BATCH_PLACE_BYTES + BATCH_OVERHEAD)]) !== crc) return false
  const header = readBatchHeader(payload, BATCH_PLACE_BYTES)
  return typeof header !== 'string' && checkCrc(payload, BATCH_PLACE_BYTES, header)
}

/** Whether what is at `at`, and is no entry, is followed by one: then bytes in the middle changed, and it is no torn tail. */
export function isDamage(bytes: Uint8Array, at: number): boolean {
  if (bytes.length - at < PREFIX_BYTES) return false
  const length = readInt32(bytes, at)
  if (length < 1 || length > MAX_ENTRY_BYTES) return false
  return typeof readEntry(bytes, at + PREFIX_BYTES + length) === 'object'
}
