/**
 * What is in a topic's log, read past the client under test: its own connection, Fetch by topic name, and a record batch decoder
 * of its own. The judge of order, loss and duplicates.
 */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import lz4 from 'lz4-napi'
import snappy from 'snappy'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { RawClient } from '../main/testing/client.ts'

export interface LogRecord {
  partition: number
  offset: number
  timestamp: number
  key: Buffer | null
  value: Buffer | null
  headers: [string, Buffer | null][]
  /** Of the batch it came in. */
  codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  producerId: number
  /** Its place among its producer's records of the partition; −1 without idempotence. */
  sequence: number
  /** What the whole batch takes in the log. */
  batchBytes: number
}

const METADATA_VERSION = 9
/** The last version that asks by topic name is 12; 4 is the first with these batches that every broker here has. */
const FETCH_VERSION = 4
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const UNPACK: Record<LogRecord['codec'], (packed: Buffer) => Buffer> = {
  none: (packed) => packed,
  gzip: (packed) => gunzipSync(packed),
  snappy: unpackSnappy,
  lz4: (packed) => lz4.decompressFrameSync(packed),
  zstd: (packed) => zstdDecompressSync(packed),
}

/** In the framing of snappy-java: sixteen bytes, then blocks behind their lengths. librdkafka writes one block without any. */
function unpackSnappy(packed: Buffer): Buffer {
  const blocks: Buffer[] = []
  if (packed.toString('latin1', 1, 7) !== 'SNAPPY')
    return snappy.uncompressSync(packed, { asBuffer: true, copyOutputData: true }) as Buffer
  for (let at = 16; at < packed.length; at += 4 + packed.readInt32BE(at)) {
    const block = packed.subarray(at + 4, at + 4 + packed.readInt32BE(at))
    blocks.push(snappy.uncompressSync(block, { asBuffer: true, copyOutputData: true }) as Buffer)
  }
  return Buffer.concat(blocks)
}

/** Walks through the fields of a record: zigzag varints, and bytes after their length. */
class Fields {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  varint(): number {
    const first = this.#bytes[this.at]!
    if (first < 0x80) {
      this.at++
      return (first >>> 1) ^ -(first & 1)
    }
    let raw = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.at++]!
      raw |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number((raw >> 1n) ^ -(raw & 1n))
    }
  }

  sized(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    this.at += length
    return Buffer.from(this.#bytes.subarray(this.at - length, this.at))
  }
}

function decodeBatch(partition: number, batch: Buffer): LogRecord[] {
  const baseOffset = Number(batch.readBigInt64BE(0))
  const attributes = batch.readInt16BE(21)
  const codec = CODECS[attributes & 7]!
  const logAppendTime = (attributes & 8) !== 0
  const baseTimestamp = Number(batch.readBigInt64BE(27))
  const maxTimestamp = Number(batch.readBigInt64BE(35))
  const producerId = Number(batch.readBigInt64BE(43))
  const baseSequence = batch.readInt32BE(53)
  const packed = batch.subarray(61)
  const records = UNPACK[codec](packed)
  const fields = new Fields(records, 0)
  return Array.from({ length: batch.readInt32BE(57) }, (_, index) => {
    const length = fields.varint()
    const end = fields.at + length
    fields.at++ // the record's attributes
    const timestamp = logAppendTime ? maxTimestamp : baseTimestamp + fields.varint()
    if (logAppendTime) fields.varint()
    const offset = baseOffset + fields.varint()
    const sequence = baseSequence < 0 ? -1 : baseSequence + index
    const key = fields.sized()
    const value = fields.sized()
    const headers = Array.from({ length: fields.varint() }, (): [string, Buffer | null] => [
      fields.sized()!.toString(),
      fields.sized(),
    ])
    if (fields.at !== end) throw new Error(`record ${offset} ends at ${fields.at}, not at ${end}`)
    return { partition, offset, timestamp, key, value, headers, codec, producerId, sequence, batchBytes: batch.length }
  })
}

type Visit = (record: LogRecord) => void

/** The answer of a node that does not lead the partition (any more). */
const NOT_LEADER_OR_FOLLOWER = 6

/** One Fetch of one partition. */
async function fetchFrom(client: RawClient, topic: string, partition: number, offset: number) {
  const { responses } = await client.call(fetch, FETCH_VERSION, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 50_000_000,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: 20_000_000 }] }],
  })
  const { errorCode, highWatermark, records: chunks } = responses[0]!.partitions[0]!
  const bytes = Buffer.concat(Array.isArray(chunks) ? chunks : chunks ? [chunks] : [])
  return { errorCode, highWatermark, bytes }
}

function refused(errorCode: number, topic: string, partition: number): Error {
  return new Error(`the log reader got error ${errorCode} for ${topic}-${partition}`)
}

/** Reads to the end, and returns undefined then; else the offset at which the leader ceased to be one. */
async function readPartition(
  client: RawClient,
  topic: string,
  partition: number,
  from: number,
  visit: Visit,
): Promise<number | undefined> {
  for (let offset = from; ; ) {
    const { errorCode, highWatermark, bytes } = await fetchFrom(client, topic, partition, offset)
    if (errorCode === NOT_LEADER_OR_FOLLOWER) return offset
    if (errorCode !== 0) throw refused(errorCode, topic, partition)
    for (let at = 0; at + 12 <= bytes.length; ) {
      const end = at + 12 + bytes.readInt32BE(at + 8)
      if (end > bytes.length) break // a batch cut off by the limit
      const batch = decodeBatch(partition, bytes.subarray(at, end))
      for (const record of batch) if (record.offset >= offset) visit(record)
      offset = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + 23) + 1
      at = end
    }
    if (offset >= highWatermark) return undefined
  }
}

/** Every record of the topic, by partition and then by offset. */
export async function readLog(brokers: readonly string[], topic: string): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  await scanLog(brokers, topic, (record) => records.push(record))
  return records
}

/** Shows every record of the topic to `visit`, in the same order, and keeps none: for logs that are too long to hold. */
export async function scanLog(brokers: readonly string[], topic: string, visit: Visit): Promise<void> {
  const partitions = (await leadersOf(brokers, topic)).size
  for (let partition = 0; partition < partitions; partition++) {
    let from: number | undefined = 0
    while (from !== undefined) {
      const leader = (await leadersOf(brokers, topic)).get(partition)
      if (leader === undefined) throw new Error(`the log reader finds no leader of ${topic}-${partition}`)
      const client = await RawClient.open(nodeEnv(), leader)
      from = await readPartition(client, topic, partition, from, visit)
      client.close()
    }
  }
}

/** The batches of a partition as its leader has them, up to 20 MB. */
export async function rawPartition(brokers: readonly string[], topic: string, partition: number): Promise<Buffer> {
  const client = await RawClient.open(nodeEnv(), (await leadersOf(brokers, topic)).get(partition)!)
  const { errorCode, bytes } = await fetchFrom(client, topic, partition, 0)
  client.close()
  if (errorCode !== 0) throw refused(errorCode, topic, partition)
  return bytes
}

/** The address of the leader of each partition that exists. */
async function leadersOf(brokers: readonly string[], topic: string): Promise<Map<number, string | undefined>> {
  const client = await firstOf(brokers)
  const { brokers: nodes, topics } = await client.call(metadata, METADATA_VERSION, { topics: [{ name: topic }] })
  client.close()
  const addresses = new Map(nodes.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]))
  return new Map(topics[0]!.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, addresses.get(leaderId)]))
}

/** Some of the nodes may be down. */
async function firstOf(brokers: readonly string[]): Promise<RawClient> {
  const failures: unknown[] = []
  for (const broker of brokers) {
    try {
      return await RawClient.open(nodeEnv(), broker)
    } catch (error) {
      failures.push(error)
    }
  }
  throw new AggregateError(failures, 'the log reader reaches no broker')
}

/** The values as text, partition by partition: what is compared with the order of the calls. */
export function valuesByPartition(records: readonly LogRecord[]): Map<number, string[]> {
  const values = new Map<number, string[]>()
  for (const { partition, value } of records) {
    const list = values.get(partition) ?? []
    values.set(partition, list)
    list.push(String(value))
  }
  return values
}
