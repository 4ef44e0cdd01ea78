/** What the protocol's hot frames cost to encode and to decode. `node bench/micro/protocol.ts` */
import type { Api, Draft } from '../../src/shared/protocol/api.ts'
import { encodeRequestFrame, encodeResponseFrame, readResponseHeader } from '../../src/shared/protocol/frame.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { main, type Subject } from './measure.ts'

const TOPICS = 100
const PARTITIONS = 10
const BATCHES = 6
/** A frame is too little for a clock. */
const FRAMES = 50

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const topicId = Buffer.alloc(16, 7).toString('base64url')

function decoding<Response>(
  name: string,
  units: number,
  api: Api<unknown, Response>,
  version: number,
  body: Draft<Response>,
): Subject {
  const writer = new Writer()
  encodeResponseFrame(writer, api, version, 1, body)
  const frame = writer.finish()
  return {
    name: `${name} v${version}`,
    units: units * FRAMES,
    run() {
      for (let i = 0; i < FRAMES; i++) {
        const reader = new Reader(frame, 4)
        readResponseHeader(reader, api, version)
        api.decodeResponse(reader, version)
      }
    },
  }
}

const cluster = {
  clusterId: 'Lm5vdGhpbmctdG8tc2Vl',
  controllerId: 1,
  brokers: range(3).map((nodeId) => ({ nodeId, host: `broker-${nodeId}.example.org`, port: 9092, rack: 'a' })),
  topics: range(TOPICS).map((topic) => ({
    name: `orders.of.region-${topic}`,
    topicId,
    partitions: range(PARTITIONS).map((partitionIndex) => ({
      partitionIndex,
      leaderId: 1,
      leaderEpoch: 5,
      replicaNodes: [0, 1, 2],
      isrNodes: [0, 1, 2],
    })),
  })),
}
const produced = {
  responses: [
    { name: 'orders', topicId, partitionResponses: range(BATCHES).map((index) => ({ index, baseOffset: 12345678 + index })) },
  ],
}
const fetched = {
  sessionId: 77,
  responses: [
    {
      topic: 'orders',
      topicId,
      partitions: range(BATCHES).map((partitionIndex) => ({
        partitionIndex,
        highWatermark: 12345678,
        lastStableOffset: 12345678,
        logStartOffset: 0,
        records: Buffer.alloc(100_000),
      })),
    },
  ],
}

const records = Buffer.alloc(16_384)
const request = {
  acks: -1,
  timeoutMs: 30_000,
  topicData: [{ name: 'orders', topicId, partitionData: range(BATCHES).map((index) => ({ index, records })) }],
}
const encoding = [produce.maxVersion, 8].map((version) => ({
  name: `encode produce request v${version}`,
  units: FRAMES,
  run() {
    for (let i = 0; i < FRAMES; i++) {
      const writer = new Writer()
      encodeRequestFrame(writer, produce, version, 1, 'bench', request)
      writer.chunks()
    }
  },
}))

await main('protocol', [
  {
    title: 'Protocol: produce and fetch of 6 partitions',
    unit: 'frame',
    subjects: [
      ...encoding,
      decoding('decode produce response', 1, produce, produce.maxVersion, produced),
      decoding('decode fetch response', 1, fetch, fetch.maxVersion, fetched),
      decoding('decode fetch response', 1, fetch, 11, fetched),
    ],
  },
  {
    title: 'Protocol: metadata of 100 topics with 10 partitions',
    unit: 'partition',
    subjects: [metadata.maxVersion, 8].map((version) =>
      decoding('decode metadata response', TOPICS * PARTITIONS, metadata, version, cluster),
    ),
  },
])
