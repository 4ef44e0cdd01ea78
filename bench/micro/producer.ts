/**
 * What a record costs on the caller's thread: `produceAsync` from the call to the submission ring, and its settling. Nobody sends it: a
 * reader frees the ring at once and acknowledges. `node bench/micro/producer.ts`
 */
import type { Io } from '../../src/main/io.ts'
import type { Metadata } from '../../src/main/metadata.ts'
import { Producer } from '../../src/main/producer.ts'
import { producerOptions } from '../../src/main/producer-options.ts'
import type { ProducerLane } from '../../src/main/producer-topic.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { checkOptions } from '../../src/shared/options.ts'
import { createRing, RingReader, RingWriter } from '../../src/shared/ring.ts'
import { SubmissionWriter } from '../../src/shared/submission.ts'
import { SubmissionReader } from '../../src/shared/submission-reader.ts'
import type { ProducerRecord } from '../../src/shared/types.ts'
import { main } from './measure.ts'

const PARTITIONS = 6
const RECORDS = 2000
const nothing = () => {}

function world() {
  const ring = createRing(4 << 20)
  const writer = new SubmissionWriter(new RingWriter(ring), nothing, () => performance.now())
  const reader = new SubmissionReader(new RingReader(ring))
  const lanes: ProducerLane[] = []
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
    handle: partition,
    partition,
    leader: 1,
    leaderEpoch: 0,
  }))
  const view = { topic: 'events', partitions }
  const io = {
    spilled: false,
    submissions: [writer],
    submission: () => writer,
    home: () => 0,
    openProducer: async () => {},
    openLanes: async () => {},
    waitForRoom: nothing,
  }
  const metadata = { version: 1, cached: () => view, topic: async () => view, nextAnswer: () => () => true }
  const producer = new Producer(0, checkOptions(producerOptions, {}, 'kafka.producer()'), {
    env: nodeEnv(),
    io: io as unknown as Io,
    metadata: metadata as unknown as Metadata,
    registerLane(make) {
      const lane = make(lanes.length, 0)
      lanes.push(lane)
      return lane
    },
    onClosed: nothing,
  })
  const counts: number[] = new Array(PARTITIONS).fill(0)
  const bytes: number[] = new Array(PARTITIONS).fill(0)
  const sink = {
    onRecord(lane: number, _timestamp: number, _source: Buffer, _start: number, _end: number, size: number): void {
      counts[lane]!++
      bytes[lane]! += size
    },
    onCredit: nothing,
    onCancel: nothing,
    onWaited: nothing,
    onFlush: nothing,
    onDrained: nothing,
  }
  return {
    producer,
    settle(): void {
      writer.publish()
      while (reader.drain(sink, 1 << 20));
      for (const lane of lanes) {
        if (counts[lane.id]! > 0) producer.onAcked(lane, counts[lane.id]!, 0, -1, bytes[lane.id]!)
        counts[lane.id] = bytes[lane.id] = 0
      }
    },
  }
}

async function subject(name: string, record: (n: number) => ProducerRecord, callback?: () => void) {
  const { producer, settle } = world()
  producer.produceAsync(record(0))
  await new Promise((resolve) => setImmediate(resolve))
  settle()
  return {
    name,
    units: RECORDS,
    bytes: 100,
    run(): void {
      for (let n = 0; n < RECORDS; n++) producer.produceAsync(record(n), callback)
      settle()
    },
  }
}

const value = Buffer.alloc(100, 97)
const text = 'a'.repeat(100)
const key = Buffer.alloc(10, 98)
const subjects = [
  await subject('100-byte Buffer to named partitions', (n) => ({ topic: 'events', partition: n % PARTITIONS, value })),
  await subject('100-byte Buffer, keyless', () => ({ topic: 'events', value })),
  await subject('100-byte text with a key', () => ({ topic: 'events', key, value: text })),
  await subject('100-byte Buffer with a callback', (n) => ({ topic: 'events', partition: n % PARTITIONS, value }), nothing),
]
await main('producer', [{ title: 'Producer: produceAsync, ring, settled', unit: 'record', subjects }])
