/** What a record costs on its way through: tail, record, seal, walk, index, getters. `node bench/micro/record-batch.ts` */
import { copyBytes } from '../../src/shared/copy-bytes.ts'
import { attributes, BATCH_OVERHEAD, readRecords } from '../../src/shared/record-batch.ts'
import { tailBound, writeTail } from '../../src/shared/tail.ts'
import type { Bytes, FetchedRecord, HeaderInput } from '../../src/shared/types.ts'
import { inspectBatches } from '../../src/workers/fetched-batches.ts'
import { compressBatch, recordSize, sealBatch, writeRecord } from '../../src/workers/record-batch.ts'
import { report } from './measure.ts'

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

await report(
  'Main: writing a tail into shared memory',
  'record',
  shapes.map(([name, key, value, headers]) => ({
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
  })),
)

await report(
  'Worker: from tail to record',
  'record',
  [16, 32, 64, 104, 256, 1004].map((tailBytes) => ({
    name: `tail of ${tailBytes} bytes`,
    units: RECORDS,
    run() {
      let at = BATCH_OVERHEAD
      for (let i = 0, tail = 0; i < RECORDS; i++, tail += tailBytes) {
        const size = recordSize(tailBytes, i, i)
        if (at + size > SIZE) at = BATCH_OVERHEAD
        at = writeRecord(target, at, i, i, ring, tail, tail + tailBytes)
      }
      return at
    },
  })),
)

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
for (const bytes of [16, 24, 32, 100, 1000]) {
  await report(
    `Copying ${bytes} bytes from shared memory`,
    'copy',
    copies.map(([name, copy]) => ({
      name,
      units: RECORDS,
      run() {
        for (let i = 0; i < RECORDS; i++) copy(ring, i, i + bytes, target, i * bytes)
      },
    })),
  )
}

/** A sealed batch of equal records. */
function batchOf(key: Bytes, value: Bytes, headers: HeaderInput[] | undefined): Buffer {
  let end = BATCH_OVERHEAD
  for (let i = 0; i < RECORDS; i++) end = writeRecord(target, end, i, i, ring, 0, writeTail(ring, 0, key, value, headers))
  const seal = { recordCount: RECORDS, baseTimestamp: 1764000000000, maxTimestamp: 1764000000999, attributes: attributes.make(0) }
  sealBatch(target, 0, end, { ...seal, producerId: -1, producerEpoch: -1, baseSequence: -1 })
  return Buffer.from(target.subarray(0, end))
}

const batches = shapes.map(([name, key, value, headers]) => ({ name, batch: batchOf(key, value, headers) }))
await report(
  'Main: index of records',
  'record',
  batches.map(({ name, batch }) => ({ name, units: RECORDS, run: () => readRecords('topic', 0, batch, 0, []) })),
)

const records: FetchedRecord[] = []
readRecords('topic', 0, batches.at(-1)!.batch, 0, records)
await report('Main: getters', 'record', [
  { name: 'value', units: RECORDS, run: () => records.reduce((sum, { value }) => sum + value!.length, 0) },
  { name: 'key', units: RECORDS, run: () => records.reduce((sum, { key }) => sum + key!.length, 0) },
  { name: 'two headers', units: RECORDS, run: () => records.reduce((sum, { headers }) => sum + headers.length, 0) },
])

const { batch } = batches[4]!
const limits = { maxBatchBytes: 1 << 26 }
const codecs = (['gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) => ({
  codec,
  packed: compressBatch(batch, 0, batch.length, codec, undefined),
}))
await report('Worker: a fetched batch of 100-byte texts', 'record', [
  { name: 'check', units: RECORDS, run: () => inspectBatches(batch, limits, 0) },
  ...codecs.map(({ codec, packed }) => ({
    name: `${codec}: inflate`,
    units: RECORDS,
    run: () => inspectBatches(packed, limits, 0),
  })),
  ...codecs.map(({ codec }) => ({
    name: `${codec}: compress`,
    units: RECORDS,
    run: () => compressBatch(batch, 0, batch.length, codec, undefined),
  })),
])
