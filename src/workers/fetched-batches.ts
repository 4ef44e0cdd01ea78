/**
 * From the bytes of one partition in a Fetch response to whole, checked, uncompressed batches. Reads batch headers and
 * checksums, never records; knows neither requests nor credits.
 */

import { CODECS, decompress } from '../shared/compression/index.ts'
import { copyBytes } from '../shared/copy-bytes.ts'
import { KafkaError } from '../shared/errors.ts'
import type { CompressionName } from '../shared/io-api.ts'
import {
  attributes as attributeBits,
  BATCH_OVERHEAD,
  type BatchFailure,
  BatchField,
  type BatchHeader,
  checkCrc,
  hasPossibleOffsets,
  LOG_OVERHEAD,
  readBatchHeader,
  readInt16,
  writeInt16,
  writeInt32,
} from '../shared/record-batch.ts'

export interface FetchedBatches {
  /**
   * Whole uncompressed batches in order: views on the input, neighbours in one view; and owned ones that were inflated, whose
   * checksum field is stale, since nobody checks it again. They may begin with records below the offset wanted.
   */
  chunks: Uint8Array[]
  /** The length of all chunks. */
  totalBytes: number
  /** The offset to ask for next: past everything here, control batches, what was left out and compacted gaps included. */
  nextOffset: number
  /** The leader epoch of the last batch before `nextOffset`; −1 when there is none here. */
  lastEpoch: number
  /** Why it ends early, and the offset of the batch that cannot be read. */
  error?: KafkaError
  errorOffset?: number
}

export interface FetchLimits {
  /** The most a compressed batch may inflate to; all of them together stay under twice that. */
  maxBatchBytes: number
}

/** Says which batches are not for readers; called with all of them in order, also with those before the offset wanted. */
export interface BatchFilter {
  leavesOut(bytes: Uint8Array, at: number, header: BatchHeader): boolean
}

/**
 * Walks `bytes` (borrowed) from the batch that holds `fromOffset`. A cut-off batch at the end is left out, as brokers do cut;
 * so is what follows when `maxBatchBytes` were inflated, to be fetched again. The first batch that cannot be read ends the
 * walk: what came before is returned with the error, nothing is passed over.
 */
export function inspectBatches(bytes: Uint8Array, limits: FetchLimits, fromOffset: number, filter?: BatchFilter): FetchedBatches {
  const found = new Chunks(bytes)
  let nextOffset = fromOffset
  let lastEpoch = -1
  let previousEnd = 0
  for (let at = 0; at < bytes.length && found.ownedBytes < limits.maxBatchBytes; ) {
    const header = readBatchHeader(bytes, at)
    // Only the last batch of several can be cut off: brokers leave out a first one that does not fit (KIP-74).
    if (header === 'truncated' && at > 0) break
    try {
      if (typeof header === 'string') throw unreadable(bytes, at, header)
      // Before anything in the batch is believed, also that it can be left out.
      if (!checkCrc(bytes, at, header)) throw damaged('its checksum does not match its bytes')
      if (!hasPossibleOffsets(header))
        throw damaged(`it claims the offset ${header.baseOffset} and ${header.lastOffsetDelta} more`)
      if (header.baseOffset < previousEnd) throw damaged(`it begins at ${header.baseOffset}, before the end of the one before`)
      previousEnd = header.baseOffset + header.lastOffsetDelta + 1
      const leftOut = filter?.leavesOut(bytes, at, header) ?? false
      if (previousEnd > fromOffset) {
        if (!leftOut) addBatch(found, bytes, at, header, limits)
        nextOffset = previousEnd
        lastEpoch = header.partitionLeaderEpoch
      }
      at += header.batchLength
    } catch (thrown) {
      const errorOffset = typeof header === 'string' ? nextOffset : Math.max(header.baseOffset, nextOffset)
      return { ...found.finish(), nextOffset, lastEpoch, error: located(thrown, errorOffset), errorOffset }
    }
  }
  return { ...found.finish(), nextOffset, lastEpoch }
}

function addBatch(found: Chunks, bytes: Uint8Array, at: number, header: BatchHeader, limits: FetchLimits): void {
  const bits = header.attributes
  if (attributeBits.control(bits)) return
  if (header.recordCount === 0) {
    // compaction leaves bare headers; anything behind one would be passed over
    if (header.batchLength > BATCH_OVERHEAD) throw damaged('it claims no records and has bytes of some')
    return
  }
  const end = at + header.batchLength
  const number = attributeBits.codec(bits)
  const codec = CODECS[number]
  if (codec === undefined) {
    throw new KafkaError('UNSUPPORTED_COMPRESSION', `its codec has the unknown number ${number}: it needs a newer client`)
  }
  if (codec === 'none') found.add(at, end)
  else found.addOwned(inflate(bytes, at, end, codec, limits))
}

function inflate(bytes: Uint8Array, at: number, end: number, codec: CompressionName, limits: FetchLimits): Buffer {
  const records = decompress(codec, bytes.subarray(at + BATCH_OVERHEAD, end), limits.maxBatchBytes)
  const batch = Buffer.allocUnsafe(BATCH_OVERHEAD + records.length)
  copyBytes(bytes, at, at + BATCH_OVERHEAD, batch, 0)
  copyBytes(records, 0, records.length, batch, BATCH_OVERHEAD)
  writeInt32(batch, BatchField.length, batch.length - LOG_OVERHEAD)
  writeInt16(batch, BatchField.attributes, attributeBits.withCodec(readInt16(batch, BatchField.attributes), 0))
  return batch
}

function unreadable(bytes: Uint8Array, at: number, failure: BatchFailure): KafkaError {
  if (failure !== 'unknown-magic') {
    const left = bytes.length - at
    return damaged(left < LOG_OVERHEAD ? `only ${left} bytes arrived` : `${failure} among ${left} bytes`)
  }
  const magic = bytes[at + BatchField.magic]!
  const advice = magic < 2 ? 'written before Kafka 0.11; copy the topic with an older client' : 'it needs a newer client'
  return new KafkaError('UNSUPPORTED', `its record format is ${magic}, not 2: ${advice}`)
}

/** Perhaps only on its way here, so that fetching again may help. */
function damaged(why: string): KafkaError {
  return new KafkaError('CORRUPT_BATCH', why, { retriable: true })
}

/** The failure with its place, in fields and in words. */
function located(thrown: unknown, offset: number): KafkaError {
  const { code, message, retriable, context, cause } = KafkaError.from(thrown, 'reading a fetched batch')
  return new KafkaError(code, `The record batch at offset ${offset} cannot be read: ${message}`, {
    ...context,
    offset,
    retriable,
    cause,
  })
}

/** Collects ranges of the input, joining neighbours, and owned batches between them. */
class Chunks {
  readonly #bytes: Uint8Array
  readonly #chunks: Uint8Array[] = []
  ownedBytes = 0
  #totalBytes = 0
  #start = 0
  #end = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  add(start: number, end: number): void {
    if (start !== this.#end) {
      this.#flush()
      this.#start = start
    }
    this.#end = end
  }

  addOwned(batch: Uint8Array): void {
    this.#flush()
    this.#chunks.push(batch)
    this.#totalBytes += batch.length
    this.ownedBytes += batch.length
  }

  finish(): { chunks: Uint8Array[]; totalBytes: number } {
    this.#flush()
    return { chunks: this.#chunks, totalBytes: this.#totalBytes }
  }

  #flush(): void {
    if (this.#end > this.#start) {
      this.#chunks.push(this.#bytes.subarray(this.#start, this.#end))
      this.#totalBytes += this.#end - this.#start
    }
    this.#start = this.#end
  }
}
