/**
 * What is fuzzed: every decoder of bytes that come from a broker, with good bytes to start from, and which errors it may throw. A
 * decoder's `run` says in a few words how it ended; anything that is not foreseen it throws.
 */

import { InflatesTooFar, NotOfCodec } from '../../src/shared/compression/codec.ts'
import { compress, decompress } from '../../src/shared/compression/index.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { MalformedFrame, Reader } from '../../src/shared/protocol/reader.ts'
import { BatchField, batchCrc, readBatchHeader, readRecords, writeInt32 } from '../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../src/shared/types.ts'
import { inspectBatches } from '../../src/workers/fetched-batches.ts'
import { compressBatch } from '../../src/workers/record-batch.ts'
import { goldenCases } from '../shared/golden-batches.ts'
import { codecOf, codecs, goldenMessages } from '../shared/protocol/golden.ts'
import { makeBatch, plainRecords } from '../workers/batches.ts'
import type { Random } from './random.ts'

export interface Seed {
  bytes: Buffer
  /** Of the protocol message. */
  version: number
}

export interface Decoder {
  readonly name: string
  /** How many of a thousand frames go to decoders of its kind. */
  readonly kind: Kind
  readonly seeds: Seed[]
  /** What must be right for the decoder to look any further, such as a checksum. */
  mend?(frame: Buffer, random: Random): void
  /**
   * Native code in it announces memory that it may never touch, such as a window of zstd, and the heap is collected for that: here it
   * proves nothing.
   */
  readonly announces?: boolean
  run(frame: Buffer, version: number): string
}

export type Kind = 'response' | 'message' | 'batch' | 'codec'

export const SHARES: Readonly<Record<Kind, number>> = { response: 550, message: 150, batch: 200, codec: 100 }

/** What a batch may inflate to here: little, so that the memory of a frame can be judged. */
const MAX_INFLATED = 256 * 1024

/** A decoder did what it must not do. */
export class Misdeed extends Error {}

function protocolDecoder(name: string): Decoder {
  const codec = codecOf(name)
  const golden = goldenMessages.filter(({ m, v }) => m === name && v <= codec.maxVersion)
  return {
    name,
    kind: name.endsWith('Response') ? 'response' : 'message',
    seeds: golden.map(({ v, hex }) => ({ bytes: Buffer.from(hex, 'hex'), version: v })),
    run(frame, version) {
      const reader = new Reader(frame)
      let value: unknown
      try {
        value = codec.decode(reader, version)
      } catch (error) {
        if (error instanceof MalformedFrame) return error.message
        throw error
      }
      if (reader.offset > frame.length) throw new Misdeed(`read to ${reader.offset} of ${frame.length}`)
      const count = elements(value)
      if (count > frame.length) throw new Misdeed(`made ${count} elements of ${frame.length} bytes`)
      return 'read'
    },
  }
}

/** How many elements all arrays of a value have. */
function elements(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0
  let count = Array.isArray(value) ? value.length : 0
  for (const name in value) count += elements((value as Record<string, unknown>)[name])
  return count
}

const records = makeBatch(plainRecords(50))
const packed = (['gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) =>
  compressBatch(records, 0, records.length, codec, undefined),
)
const batchSeeds: Seed[] = [...goldenCases.map(({ bytes }) => bytes), ...packed].map((bytes) => ({ bytes, version: 0 }))

const batches: Decoder = {
  name: 'batches',
  announces: true,
  kind: 'batch',
  seeds: batchSeeds,
  mend(frame, random) {
    if (random(4) > 0) mendChecksums(frame)
  },
  run(frame) {
    const { chunks, error, nextOffset } = inspectBatches(frame, { maxBatchBytes: MAX_INFLATED }, 0)
    if (nextOffset < 0) throw new Misdeed(`the next offset is ${nextOffset}`)
    const read = chunks.map((chunk) => readAll(Buffer.from(chunk)))
    if (error && !FORESEEN.has(error.code)) throw error
    if (error?.cause) judgeCause(error.cause)
    return error?.message ?? read.find((outcome) => outcome !== 'read') ?? 'read'
  },
}

const recordReader: Decoder = {
  name: 'records',
  kind: 'batch',
  seeds: goldenCases
    .filter(({ batches: all }) => all.every(({ codec }) => codec === 'none'))
    .map(({ bytes }) => ({ bytes, version: 0 })),
  run: readAll,
}

const FORESEEN: ReadonlySet<string> = new Set(['CORRUPT_BATCH', 'UNSUPPORTED', 'UNSUPPORTED_COMPRESSION'])

/** All records with all that is in them: what was found good must be readable. */
function readAll(bytes: Buffer): string {
  const into: FetchedRecord[] = []
  let outcome = 'read'
  try {
    readRecords('t', 0, bytes, 0, into)
  } catch (error) {
    if (!(error instanceof KafkaError && error.code === 'CORRUPT_BATCH')) throw error
    outcome = error.message
  }
  for (const { key, value, headers } of into) {
    const size = (key?.length ?? 0) + (value?.length ?? 0) + headers.length
    if (size > bytes.length) throw new Misdeed(`a record of ${size} bytes among ${bytes.length}`)
  }
  return outcome
}

function mendChecksums(bytes: Buffer): void {
  for (let at = 0; ; ) {
    const header = readBatchHeader(bytes, at)
    if (typeof header === 'string') return
    writeInt32(bytes, at + BatchField.crc, batchCrc(bytes, at, header.batchLength))
    at += header.batchLength
  }
}

function codecDecoder(codec: 'gzip' | 'snappy' | 'lz4' | 'zstd'): Decoder {
  const texts: Uint8Array[] = [0, 3_000, 70_000, MAX_INFLATED - 1_000, MAX_INFLATED + 1_000].map((size) =>
    Buffer.alloc(size, '0123456789abcdef!'),
  )
  texts.push(records)
  const byJava = goldenCases.filter(({ batches: all }) => all[0]?.codec === codec).map(({ bytes }) => bytes.subarray(61))
  return {
    name: codec,
    kind: 'codec',
    announces: codec === 'zstd',
    seeds: [...texts.map((text) => Buffer.from(compress(codec, undefined, text))), ...byJava].map((bytes) => ({
      bytes,
      version: 0,
    })),
    run(frame) {
      try {
        const { length } = decompress(codec, frame, MAX_INFLATED)
        if (length > MAX_INFLATED) throw new Misdeed(`${length} bytes came out`)
        return 'read'
      } catch (error) {
        if (!(error instanceof KafkaError && error.code === 'CORRUPT_BATCH')) throw error
        judgeCause(error.cause)
        return error.message
      }
    },
  }
}

/** Everything that goes wrong in a codec is called a corrupt batch; a slip of our own must not hide behind that. */
function judgeCause(cause: unknown): void {
  const isOurs = cause instanceof NotOfCodec || cause instanceof InflatesTooFar
  if (!isOurs && (cause instanceof TypeError || cause instanceof RangeError || !(cause instanceof Error))) throw cause
}

export const decoders: readonly Decoder[] = [
  ...Array.from(codecs.keys(), protocolDecoder).filter(({ seeds }) => seeds.length > 0),
  batches,
  recordReader,
  ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map(codecDecoder),
]

/** An outcome without what differs from frame to frame: the kind of answer, by which new ones are known. */
export function outcomeKind(outcome: string): string {
  return outcome.replace(/(?<![a-z])-?\d+(\.\d+)?(e[+-]?\d+)?/g, 'N')
}
