/** What a record costs on its way through: tail, record, copying, index, getters, check. `node bench/micro/record-batch.ts` */
import { copyBytes } from '../../src/shared/copy-bytes.ts'
import { attributes, BATCH_OVERHEAD, readRecords } from '../../src/shared/record-batch.ts'
import { tailBound, writeTail } from '../../src/shared/tail.ts'
import type { Bytes, FetchedRecord, HeaderInput } from '../../src/shared/types.ts'
import { inspectBatches } from '../../src/workers/fetched-batches.ts'
import { recordSize, sealBatch, writeRecord } from '../../src/workers/record-batch.ts'
import { main, type Subject } from './measure.ts'

const RECORDS = 1000
const SIZE = 4 << 20
const ring = Buffer.from(new SharedArrayBuffer(SIZE))
const target = Buffer.alloc(SIZE)

const json = '{"id":12345,"name":"someone","text":"the quick brown fox jumps over the lazy dog again","n":1,"ok":true}'.slice(
  0,
  100,
)
const traced: HeaderInput[] = [
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['retries', null],
]
const shapes: [string, Bytes, Bytes, HeaderInput[] | undefined][] = [
  ['10-byte Buffer', null, Buffer.alloc(10, 97), undefined],
  ['100-byte Buffer', null, Buffer.alloc(100, 97), undefined],
  ['1000-byte Buffer', null, Buffer.alloc(1000, 97), undefined],
  ['text key, 10-byte text', 'user-1234', '0123456789', undefined],
  ['text key, 100-byte text', 'user-1234', json, undefined],
  ['text key, 1000-byte text', 'user-1234', json.repeat(10), undefined],
  ['text key, 100 bytes of umlauts', 'schlüssel', 'ä'.repeat(50), undefined],
  ['100-byte Buffer, two headers', 'user-1234', Buffer.alloc(100, 97), traced],
]

const tails = shapes.map(([name, key, value, headers]) => ({
  name,
  units: RECORDS,
  run() {
    let at = 0
    for (let i = 0; i < RECORDS; i++) {
      if (at + tailBound(key, value, headers) > SIZE) at = 0
      at = writeTail(ring, at, key, value, headers)
    }
    return at
  },
}))

const written = [16, 32, 64, 104, 256, 1004].map((tailBytes) => ({
  name: `tail of ${tailBytes} bytes`,
  units: RECORDS,
  bytes: tailBytes,
  run() {
    let at = BATCH_OVERHEAD
    for (let i = 0, tail = 0; i < RECORDS; i++, tail += tailBytes) {
      const size = recordSize(tailBytes, i, i)
      if (at + size > SIZE) at = BATCH_OVERHEAD
      at = writeRecord(target, at, i, i, ring, tail, tail + tailBytes)
    }
    return at
  },
}))

type Copy = (source: Buffer, start: number, end: number, target: Buffer, at: number) => void
const copies: [string, Copy][] = [
  ['copyBytes', copyBytes],
  ['Buffer#copy', (source, start, end, to, at) => void source.copy(to, at, start, end)],
  ['set(subarray)', (source, start, end, to, at) => to.set(source.subarray(start, end), at)],
  ['byte loop', byteLoop],
]
function byteLoop(source: Buffer, start: number, end: number, to: Buffer, at: number): void {
  for (let from = start, next = at; from < end; from++, next++) to[next] = source[from]!
}
const copied = [16, 24, 32, 100, 1000].flatMap((bytes) =>
  copies.map(
    ([name, copy]): Subject => ({
      name: `${bytes} bytes, ${name}`,
      units: RECORDS,
      bytes,
      alone: copy !== copyBytes,
      run() {
        for (let i = 0; i < RECORDS; i++) copy(ring, i, i + bytes, target, i * bytes)
      },
    }),
  ),
)

/** A sealed batch of equal records. */
function batchOf(key: Bytes, value: Bytes, headers: HeaderInput[] | undefined): Buffer {
  let end = BATCH_OVERHEAD
  for (let i = 0; i < RECORDS; i++) end = writeRecord(target, end, i, i, ring, 0, writeTail(ring, 0, key, value, headers))
  const seal = { recordCount: RECORDS, baseTimestamp: 1764000000000, maxTimestamp: 1764000000999, attributes: attributes.make(0) }
  sealBatch(target, 0, end, { ...seal, producerId: -1, producerEpoch: -1, baseSequence: -1 })
  return Buffer.from(target.subarray(0, end))
}

const batches = shapes.map(([name, key, value, headers]) => ({ name, batch: batchOf(key, value, headers) }))
const indexed = batches.map(({ name, batch }) => ({
  name,
  units: RECORDS,
  run: () => readRecords('topic', 0, batch, 0, []),
}))

const records: FetchedRecord[] = []
readRecords('topic', 0, batches.at(-1)!.batch, 0, records)
const getters = [
  { name: 'value', units: RECORDS, run: () => records.reduce((sum, { value }) => sum + value!.length, 0) },
  { name: 'key', units: RECORDS, run: () => records.reduce((sum, { key }) => sum + key!.length, 0) },
  { name: 'two headers', units: RECORDS, run: () => records.reduce((sum, { headers }) => sum + headers.length, 0) },
]

const { batch } = batches[4]!
const limits = { maxBatchBytes: 1 << 26 }
const check = {
  name: '1000 texts of 100 bytes',
  units: RECORDS,
  bytes: batch.length / RECORDS,
  run: () => inspectBatches(batch, limits, 0),
}

await main('record-batch', [
  { title: 'Main: writing a record into the ring', unit: 'record', subjects: tails },
  { title: 'Worker: from the ring into a batch', unit: 'record', subjects: written },
  { title: 'Copying from shared memory', unit: 'copy', subjects: copied },
  { title: 'Worker: checking a fetched batch', unit: 'record', subjects: [check] },
  { title: 'Main: index of fetched records', unit: 'record', subjects: indexed },
  { title: 'Main: getters of fetched records', unit: 'record', subjects: getters },
])
