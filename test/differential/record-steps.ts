/** Steps about records: Produce of every kind, Fetch at any place with and without a session, ListOffsets, OffsetForLeaderEpoch, DeleteRecords. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { deleteRecords } from '../../src/shared/protocol/generated/delete-records.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { offsetForLeaderEpoch } from '../../src/shared/protocol/generated/offset-for-leader-epoch.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { BATCH_OVERHEAD, BatchField, writeInt32 } from '../../src/shared/record-batch.ts'
import { makeBatch, reseal } from '../main/testing/batches.ts'
import { anyPartition, anyTopic, anyVersion, kind, type StepKind, since, versionOf } from './step.ts'
import type { Producer, TopicRef, World } from './world.ts'

const damages = [
  ...['empty', 'crc', 'magic 1', 'magic 3', 'cut', 'short', 'tail', 'two', 'length', 'control', 'count', 'delta', 'codec'],
  ...['none', 'no sequence', 'transactional', 'keyless time', 'log append', 'horizon'],
] as const

const written = fc.record({
  partition: anyPartition,
  records: fc.integer({ min: 1, max: 4 }),
  size: fc.constantFrom(1, 20, 300, 2_000),
  /** Seconds after the sequence's clock. Not near where the topic that takes nothing older draws the line, which moves; the last one is too far ahead. */
  time: fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 20, max: 60 }) },
    { weight: 10, arbitrary: fc.integer({ min: -60, max: -1 }) },
    { weight: 1, arbitrary: fc.constant(7_200) },
  ),
  gzip: fc.boolean(),
  damage: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...damages) }),
  producer: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: fc.nat(3) }),
  sequence: fc.constantFrom('next', 'next', 'next', 'next', 'again', 'gap', 'zero', 'back', 'wrap', 'overlap'),
  epoch: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1, 2),
})

type Written = typeof written extends fc.Arbitrary<infer T> ? T : never
type Damage = (typeof damages)[number]

const keyOf = (topic: TopicRef, partition: number): string => `${topic}-${partition}`

function sequenceOf(producer: Producer, key: string, { sequence, epoch, records }: Written): number {
  const known = producer.sequences.get(key) ?? { next: 0, last: 0, count: records }
  if (epoch > 0 && sequence === 'next') return 0
  const max = 2 ** 31 - 1
  return {
    next: known.next,
    again: known.last,
    gap: known.next + 2,
    zero: 0,
    back: known.next - 1,
    wrap: max,
    overlap: known.last + 1,
  }[sequence]!
}

export function batchOf(world: World, topic: TopicRef, one: Written, attributes = 0): Buffer | null {
  const producer = one.producer === undefined ? undefined : world.producer(one.producer)
  const idempotent = producer && {
    producerEpoch: producer.epoch + one.epoch,
    baseSequence: sequenceOf(producer, keyOf(topic, one.partition), one),
  }
  // Both brokers get the same bytes, so the ids must be the same; those that brokers gave are put in later.
  const batch = makeBatch({
    values: Array.from({ length: one.records }, (_, i) => `${i}`.padEnd(one.size, 'x')),
    timestamp: world.clock + one.time * 1000,
    // of a header that says nothing of time a real broker finds out by the records
    timestampStep: one.damage === 'keyless time' ? 0 : 1000,
    attributes,
    ...(idempotent && { producerId: 0, ...idempotent }),
  })
  const packed = one.gzip ? pack(batch) : batch
  return one.damage === undefined ? packed : damaged(packed, one.damage)
}

function pack(batch: Buffer): Buffer {
  const packed = Buffer.concat([batch.subarray(0, BATCH_OVERHEAD), gzipSync(batch.subarray(BATCH_OVERHEAD))])
  packed[BatchField.attributes + 1]! |= 1
  writeInt32(packed, BatchField.length, packed.length - 12)
  return reseal(packed)
}

function damaged(batch: Buffer, damage: Damage): Buffer | null {
  const set = (edit: () => void): Buffer => {
    edit()
    return reseal(batch)
  }
  switch (damage) {
    case 'empty':
      return Buffer.alloc(0)
    case 'crc':
      batch[BatchField.crc]! ^= 1
      return batch
    case 'magic 1':
    case 'magic 3':
      batch[BatchField.magic] = damage === 'magic 1' ? 1 : 3
      return batch
    case 'cut':
      return batch.subarray(0, batch.length - 3)
    case 'short':
      return batch.subarray(0, 20)
    case 'tail':
      return Buffer.concat([batch, Buffer.alloc(7)])
    case 'two':
      return Buffer.concat([batch, batch])
    case 'length':
      writeInt32(batch, BatchField.length, 10)
      return batch
    case 'control':
      return set(() => (batch[BatchField.attributes + 1]! |= 32))
    case 'transactional':
      return set(() => (batch[BatchField.attributes + 1]! |= 16))
    case 'log append':
      return set(() => (batch[BatchField.attributes + 1]! |= 8))
    case 'horizon':
      return set(() => (batch[BatchField.attributes + 1]! |= 64))
    case 'codec':
      return set(() => (batch[BatchField.attributes + 1]! |= 7))
    case 'count':
      return set(() => writeInt32(batch, BatchField.recordCount, 9))
    case 'delta':
      return set(() => writeInt32(batch, BatchField.lastOffsetDelta, 5))
    case 'none':
      return set(() => writeInt32(batch, BatchField.recordCount, 0))
    case 'no sequence':
      return set(() => writeInt32(batch, BatchField.baseSequence, -1))
    case 'keyless time':
      return set(() => batch.fill(255, BatchField.baseTimestamp, BatchField.producerId))
  }
}

/** The same batch with the id that this broker gave. */
export function withId(batch: Buffer | null, id: number | undefined): Buffer | null {
  if (batch === null || batch.length < BATCH_OVERHEAD || id === undefined) return batch
  const copy = Buffer.from(batch)
  const intact = copy.readUInt32BE(BatchField.crc) === reseal(Buffer.from(batch)).readUInt32BE(BatchField.crc)
  copy.writeBigInt64BE(BigInt(id), BatchField.producerId)
  return intact ? reseal(copy) : copy
}

const produceStep = kind(
  'produce',
  12,
  fc.record({
    topic: anyTopic,
    version: anyVersion,
    acks: fc.constantFrom(-1, -1, -1, 1, 1, 0, 2),
    batches: fc.array(written, { minLength: 1, maxLength: 2 }),
  }),
  async (world, { topic, version: pick, acks, batches: wanted }) => {
    const version = versionOf(produce, pick)
    const batches = wanted.filter(({ partition }, i) => wanted.findIndex((other) => other.partition === partition) === i)
    const bytes = batches.map((one) => batchOf(world, topic, one))
    const body = (side: 0 | 1) => ({
      acks,
      timeoutMs: 5_000,
      topicData: [
        {
          ...(version >= 13 ? { topicId: world.topicId(topic, side) } : { name: world.topicName(topic) }),
          partitionData: batches.map(({ partition, producer }, i) => {
            return {
              index: partition,
              records: withId(bytes[i]!, producer === undefined ? undefined : world.producer(producer).ids[side]),
            }
          }),
        },
      ],
    })
    if (acks === 0) {
      await world.pair.tell('writer', produce, version, body)
      // Whether it is still open tells whether all went well.
      await world.pair.same('writer', listOffsets, 7, () => ({
        replicaId: -1,
        topics: [{ name: world.topicName(0), partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
      }))
      return
    }
    const answers = await world.pair.same('writer', produce, version, body)
    answers?.[0].responses[0]?.partitionResponses.forEach(({ index, errorCode }) => {
      const one = batches.find(({ partition }) => partition === index)!
      if (errorCode === 0 && one.producer !== undefined) advance(world.producer(one.producer), keyOf(topic, index), one)
    })
  },
)

function advance(producer: Producer, key: string, one: Written): void {
  const base = sequenceOf(producer, key, one)
  if (one.sequence === 'again') return
  if (one.epoch > 0) {
    producer.epoch += one.epoch
    producer.sequences.clear()
  }
  const next = (base + one.records) % 2 ** 31
  producer.sequences.set(key, { next, last: base, count: one.records })
}

const place = fc.record({
  topic: anyTopic,
  partition: anyPartition,
  offset: fc.oneof(fc.nat(12), fc.nat(60), fc.constantFrom(-1, 1_000)),
  bytes: fc.constantFrom(1, 100, 500, 5_000, 1_000_000, 0),
  leaderEpoch: fc.constantFrom(-1, -1, -1, -1, 0, 0, 5),
  lastEpoch: fc.constantFrom(-1, -1, -1, 0, 3),
})

const fetchStep = kind(
  'fetch',
  10,
  fc.record({
    version: anyVersion,
    places: fc.array(place, { maxLength: 3 }),
    maxBytes: fc.constantFrom(1, 300, 10_000, 10_000_000),
    minBytes: fc.constantFrom(0, 1, 1, 5_000),
    waitMs: fc.constantFrom(0, 0, 5),
    committed: fc.boolean(),
    session: fc.constantFrom('none', 'none', 'open', 'next', 'next', 'next', 'stale', 'unknown', 'end'),
    forgotten: fc.option(place, { freq: 5, nil: undefined }),
  }),
  async (world, wish) => {
    const version = versionOf(fetch, wish.version)
    const session = version >= 7 ? sessionOf(world, wish.session) : undefined
    const about = (topic: TopicRef, side: 0 | 1) =>
      version >= 13 ? { topicId: world.topicId(topic, side) } : { topic: world.topicName(topic) }
    const keys = wish.places.map(({ topic, partition }) => `${world.topicName(topic)} ${partition}`)
    const places = wish.places.filter((_, i) => keys.indexOf(keys[i]!) === i)
    const topics = [...new Set(places.map(({ topic }) => topic))]
    const answers = await world.pair.same(
      'reader',
      fetch,
      version,
      (side) => ({
        maxWaitMs: wish.waitMs,
        minBytes: wish.minBytes,
        maxBytes: wish.maxBytes,
        isolationLevel: wish.committed ? 1 : 0,
        ...(session && { sessionId: session.ids[side]!, sessionEpoch: session.epoch }),
        topics: topics.map((topic) => ({
          ...about(topic, side),
          partitions: places
            .filter((one) => one.topic === topic)
            .map(({ partition, offset, bytes, leaderEpoch, lastEpoch }) => ({
              ...{ partition, fetchOffset: offset, partitionMaxBytes: bytes },
              ...since(version, 9, { currentLeaderEpoch: leaderEpoch }),
              ...since(version, 12, { lastFetchedEpoch: lastEpoch }),
            })),
        })),
        ...(session &&
          wish.forgotten && {
            forgottenTopicsData: [{ ...about(wish.forgotten.topic, side), partitions: [wish.forgotten.partition] }],
          }),
      }),
      // A topic may come in several pieces.
      ({ responses, ...head }) => ({
        ...head,
        responses: responses.flatMap(({ topic, topicId, partitions }) => partitions.map((one) => ({ topic, topicId, ...one }))),
      }),
    )
    if (answers?.[0].errorCode !== 0 || !session) return
    if (session.opens && answers[0].sessionId !== 0) {
      const ids = [answers[0].sessionId, answers[1].sessionId] as const
      world.pair.learn(`session ${world.sessions.length}`, ids)
      world.sessions.push({ ids, epoch: 1 })
    } else if (session.known) session.known.epoch++
  },
)

function sessionOf(world: World, wish: string) {
  const known = world.sessions.at(-1)
  if (wish === 'none') return { ids: [0, 0], epoch: -1 }
  if (wish === 'unknown') return { ids: [123, 123], epoch: 2 }
  if (wish === 'open' || known === undefined) return { ids: [0, 0], epoch: 0, opens: true }
  if (wish === 'end') return { ids: known.ids, epoch: -1 }
  return { ids: known.ids, epoch: known.epoch + (wish === 'stale' ? 3 : 0), known: wish === 'stale' ? undefined : known }
}

const listOffsetsStep = kind(
  'list offsets',
  5,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    partition: anyPartition,
    timestamp: fc.oneof(fc.constantFrom(-1, -2, -3, -4, -5, -6, -7, 0), fc.integer({ min: -70, max: 70 })),
    leaderEpoch: fc.constantFrom(-1, -1, -1, 0, 5),
    committed: fc.boolean(),
  }),
  async (world, { version: pick, topic, partition, timestamp, leaderEpoch, committed }) => {
    const version = versionOf(listOffsets, pick)
    const time = timestamp <= 0 && timestamp >= -7 ? timestamp : world.clock + timestamp * 1000
    const partitions = [{ partitionIndex: partition, timestamp: time, ...since(version, 4, { currentLeaderEpoch: leaderEpoch }) }]
    await world.pair.same('reader', listOffsets, version, () => ({
      replicaId: -1,
      ...since(version, 2, { isolationLevel: committed ? 1 : 0 }),
      topics: [{ name: world.topicName(topic), partitions }],
    }))
  },
)

const epochStep = kind(
  'leader epoch',
  2,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    partition: anyPartition,
    leaderEpoch: fc.constantFrom(-1, 0, 0, 1, 4),
    current: fc.constantFrom(-1, 0, 0, 3),
  }),
  async (world, { version, topic, partition, leaderEpoch, current }) => {
    const partitions = [{ partition, currentLeaderEpoch: current, leaderEpoch }]
    await world.pair.same('reader', offsetForLeaderEpoch, versionOf(offsetForLeaderEpoch, version), () => ({
      topics: [{ topic: world.topicName(topic), partitions }],
    }))
  },
)

const deleteStep = kind(
  'delete records',
  2,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    partition: anyPartition,
    offset: fc.oneof(fc.nat(10), fc.constantFrom(-1, -1, -2, 1_000)),
  }),
  async (world, { version, topic, partition, offset }) => {
    const partitions = [{ partitionIndex: partition, offset }]
    await world.pair.same('admin', deleteRecords, versionOf(deleteRecords, version), () => ({
      timeoutMs: 5_000,
      topics: [{ name: world.topicName(topic), partitions }],
    }))
  },
)

export const recordSteps: StepKind[] = [produceStep, fetchStep, listOffsetsStep, epochStep, deleteStep]

/** Where the logs of all topics begin and end, and all that is in them. */
export async function observeLogs(world: World, withRecords: boolean): Promise<void> {
  for (const { name, partitions, deleted } of world.topics) {
    if (deleted) continue
    const places = (timestamp: number) => {
      const wanted = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp }))
      return world.pair.same('admin', listOffsets, 7, () => ({ replicaId: -1, topics: [{ name, partitions: wanted }] }))
    }
    await places(-1)
    const starts = (await places(-2))![0].topics[0]!.partitions
    if (!withRecords) continue
    const all = starts.map(({ partitionIndex, offset }) => ({
      ...{ partition: partitionIndex, fetchOffset: offset, currentLeaderEpoch: -1 },
      partitionMaxBytes: 10_000_000,
    }))
    const limits = { maxWaitMs: 0, maxBytes: 50_000_000, isolationLevel: 1, sessionEpoch: -1 }
    await world.pair.same('admin', fetch, 12, () => ({ ...limits, topics: [{ topic: name, partitions: all }] }))
  }
}
