/** Typed access to `record-batches.json`, which Kafka's own classes wrote (see `golden/java/RecordBatches.java`). */
import { readFileSync } from 'node:fs'

export interface GoldenBatch {
  baseOffset: number
  sizeInBytes: number
  leaderEpoch: number
  lastOffset: number
  maxTimestamp: number
  producerId: number
  producerEpoch: number
  baseSequence: number
  transactional: boolean
  control: boolean
  codec: string
  timestampType: string
  deleteHorizon: number | null
  crc: number
}

export interface GoldenRecord {
  offset: number
  timestamp: number
  key: Buffer | null
  value: Buffer | null
  headers: [string, Buffer | null][]
}

export interface GoldenCase {
  name: string
  bytes: Buffer
  nextOffset: number
  batches: GoldenBatch[]
  records: GoldenRecord[]
}

type RawRecord = [number, number, string | null, string | null, [string, string | null][]]
type RawBatch = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  boolean,
  boolean,
  string,
  string,
  number | null,
  number,
]
interface RawCase {
  name: string
  nextOffset: number
  bytes: string
  batches: RawBatch[]
  records: RawRecord[]
}

const raw = JSON.parse(readFileSync(new URL('../golden/record-batches.json', import.meta.url), 'utf8')) as RawCase[]

export const goldenCases: GoldenCase[] = raw.map(({ name, nextOffset, bytes, batches, records }) => ({
  name,
  nextOffset,
  bytes: Buffer.from(bytes, 'base64'),
  batches: batches.map((batch) => ({
    baseOffset: batch[0],
    sizeInBytes: batch[1],
    leaderEpoch: batch[2],
    lastOffset: batch[3],
    maxTimestamp: batch[4],
    producerId: batch[5],
    producerEpoch: batch[6],
    baseSequence: batch[7],
    transactional: batch[8],
    control: batch[9],
    codec: batch[10],
    timestampType: batch[11],
    deleteHorizon: batch[12],
    crc: batch[13],
  })),
  records: records.map(([offset, timestamp, key, value, headers]) => ({
    offset,
    timestamp,
    key: fromBase64(key),
    value: fromBase64(value),
    headers: headers.map(([name, bytes]) => [Buffer.from(name, 'base64').toString(), fromBase64(bytes)]),
  })),
}))

export function goldenCase(name: string): GoldenCase {
  const found = goldenCases.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no golden case is named ${name}`)
  return found
}

function fromBase64(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'base64')
}
