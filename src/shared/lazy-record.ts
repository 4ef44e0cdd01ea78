/**
 * A record as a view on the bytes of its batch, or on a copy of them. Knows where its key, value and headers are, and nothing of
 * batches: whoever makes one has checked all lengths within.
 */
import { isUtf8 } from 'node:buffer'
import type { ConsumedRecord } from './handler-types.ts'
import type { FetchedRecord, RecordHeader } from './types.ts'
import { MalformedVarint, VarintReader } from './varint.ts'

/** Steps over a nullable byte field; throws {@link MalformedVarint} when it runs over the reader's end. */
export function skipBytes(reader: VarintReader): void {
  const length = reader.varint()
  if (length <= 0) {
    if (length < -1) throw new MalformedVarint(reader.at)
    return
  }
  if (length > reader.end - reader.at) throw new MalformedVarint(reader.at)
  reader.at += length
}

/** Steps over all headers, likewise. */
export function skipHeaders(reader: VarintReader): void {
  const count = reader.varint()
  if (count === 0) return
  // A header takes two bytes at least, so that no claimed count costs more than the bytes that are there.
  if (count < 0 || count > (reader.end - reader.at) / 2) throw new MalformedVarint(reader.at)
  for (let i = 0; i < count; i++) {
    const keyLength = reader.varint()
    if (keyLength < 0 || keyLength > reader.end - reader.at) throw new MalformedVarint(reader.at)
    reader.at += keyLength
    skipBytes(reader)
  }
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
type Inspect = (value: unknown, options: object) => string

/** What the records of a batch have in common, so that each of them is small. */
export interface RecordSource {
  readonly topic: string
  readonly partition: number
  /** Timestamps of records count from here. */
  readonly baseTimestamp: number
  /** What its records look at. */
  readonly bytes: Buffer
}

/** A record as a view on its batch: everything but `offset` is made when asked for, anew each time. */
export class LazyRecord implements FetchedRecord {
  readonly offset: number
  readonly #source: RecordSource
  readonly #timestampDelta: number
  /** Where the key's length is. */
  readonly #tail: number

  constructor(source: RecordSource, offset: number, timestampDelta: number, tail: number) {
    this.offset = offset
    this.#source = source
    this.#timestampDelta = timestampDelta
    this.#tail = tail
  }

  get topic(): string {
    return this.#source.topic
  }

  get partition(): number {
    return this.#source.partition
  }

  get timestamp(): number {
    return this.#source.baseTimestamp + this.#timestampDelta
  }

  get key(): Buffer | null {
    const { bytes } = this.#source
    const length = lengthAt(bytes, this.#tail)
    return length < 0 ? null : bytes.subarray(behindLength, behindLength + length)
  }

  get value(): Buffer | null {
    const { bytes } = this.#source
    const keyLength = lengthAt(bytes, this.#tail)
    const length = lengthAt(bytes, keyLength > 0 ? behindLength + keyLength : behindLength)
    return length < 0 ? null : bytes.subarray(behindLength, behindLength + length)
  }

  get headers(): RecordHeader[] {
    const reader = this.#reader()
    skipBytes(reader)
    skipBytes(reader)
    const count = reader.varint()
    const headers: RecordHeader[] = []
    for (let i = 0; i < count; i++) {
      const keyLength = reader.varint()
      const key = this.#source.bytes.toString('utf8', reader.at, reader.at + keyLength)
      reader.at += keyLength
      headers.push([key, takeBytes(reader)])
    }
    return headers
  }

  /** The memory that a record looks at; undefined when it is not of this kind. */
  static bytesOf(record: FetchedRecord): Buffer | undefined {
    return #source in record ? record.#source.bytes : undefined
  }

  /** The same record as another kind. */
  protected static again<T>(record: LazyRecord, make: (source: RecordSource, timestampDelta: number, tail: number) => T): T {
    return make(record.#source, record.#timestampDelta, record.#tail)
  }

  /** Where in {@link bytesOf} the length of its key is; only for those that have them. */
  static startOf(record: FetchedRecord): number {
    return (record as unknown as LazyRecord).#tail
  }

  /** Where in {@link bytesOf} its last header ends. */
  static endOf(record: FetchedRecord): number {
    const reader = (record as unknown as LazyRecord).#reader()
    skipBytes(reader)
    skipBytes(reader)
    skipHeaders(reader)
    return reader.at
  }

  #reader(): VarintReader {
    return new VarintReader(this.#source.bytes, this.#tail)
  }

  /** Bytes that are UTF-8 become text, others `{ base64 }`. */
  toJSON(): object {
    const { topic, partition, offset, timestamp, key, value } = this
    const headers = this.headers.map(([name, bytes]) => [name, readable(bytes)])
    return { topic, partition, offset, timestamp, key: readable(key), value: readable(value), headers }
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { topic, partition, offset, timestamp, key, value, headers } = this
    return `FetchedRecord ${inspect({ topic, partition, offset, timestamp, key, value, headers }, options)}`
  }
}

/** A class of records as views: `tail` is where in the source's bytes the length of the key is. */
export type RecordKind = new (source: RecordSource, offset: number, timestampDelta: number, tail: number) => FetchedRecord

/** A record as a group delivers it. */
export class DeliveredRecord extends LazyRecord implements ConsumedRecord {
  readonly attempt: number

  constructor(source: RecordSource, offset: number, timestampDelta: number, tail: number, attempt: number = 1) {
    super(source, offset, timestampDelta, tail)
    this.attempt = attempt
  }

  /** The same record, to be delivered for the n-th time. */
  at(attempt: number): DeliveredRecord {
    const { offset } = this
    return LazyRecord.again(
      this,
      (source, timestampDelta, tail) => new DeliveredRecord(source, offset, timestampDelta, tail, attempt),
    )
  }

  override toJSON(): object {
    return { ...super.toJSON(), attempt: this.attempt }
  }

  override [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { topic, partition, offset, timestamp, attempt, key, value, headers } = this
    return `ConsumedRecord ${inspect({ topic, partition, offset, timestamp, attempt, key, value, headers }, options)}`
  }
}

/** Where the length ended that {@link lengthAt} read last. */
let behindLength = 0

/** A length that was checked when the record was made: without the cost of a reader, since this is done for each record. */
function lengthAt(bytes: Buffer, at: number): number {
  let next = bytes[at++]!
  let bits = next & 0x7f
  for (let shift = 7; next >= 0x80; shift += 7) {
    next = bytes[at++]!
    bits |= (next & 0x7f) << shift
  }
  behindLength = at
  return (bits >>> 1) ^ -(bits & 1)
}

function readable(bytes: Buffer | null): string | null | { base64: string } {
  if (bytes === null) return null
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }
}

function takeBytes(reader: VarintReader): Buffer | null {
  const length = reader.varint()
  if (length < 0) return null
  const start = reader.at
  reader.at += length
  return (reader.bytes as Buffer).subarray(start, reader.at)
}
