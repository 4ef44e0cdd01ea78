import { describe, expect, test } from 'vitest'
import { BatchField, writeInt32 } from '../../../src/shared/record-batch.ts'
import { headerOf, makeBatch, recordsIn, reseal } from './batches.ts'
import { Fixture, fetchFrom, produce } from './fixture.ts'

const Code = {
  UNKNOWN_SERVER_ERROR: -1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  NOT_LEADER_OR_FOLLOWER: 6,
  MESSAGE_TOO_LARGE: 10,
  NOT_ENOUGH_REPLICAS: 19,
  INVALID_REQUIRED_ACKS: 21,
  INVALID_TIMESTAMP: 32,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  UNSUPPORTED_COMPRESSION_TYPE: 76,
  INVALID_RECORD: 87,
  UNKNOWN_TOPIC_ID: 100,
}

describe('T1 Produce', () => {
  test.each([3, 5, 7, 8, 9, 10, 12, 13])('version %d appends and says where', async (version) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    expect(await fixture.produce(client, { values: ['a', 'b'] }, { version })).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
      logAppendTimeMs: -1,
    })
    expect(await fixture.produce(client, { values: ['c'] }, { version })).toMatchObject({ errorCode: 0, baseOffset: 2 })
    expect(fixture.cluster.logFacts('t', 0)).toEqual({
      logStartOffset: 0,
      lastStableOffset: 3,
      highWatermark: 3,
      leader: 1,
      leaderEpoch: 0,
    })
  })

  test('one request writes to many partitions of many topics, each with its own verdict', async () => {
    const fixture = await Fixture.start({ topics: [{ topic: 't', partitions: 2 }, { topic: 'u' }] })
    const client = await fixture.client()
    const part = (index: number, records = makeBatch()) => ({ index, records })
    const corrupt = makeBatch()
    corrupt[70]! ^= 1
    const topicData = [
      { name: 't', partitionData: [part(0), part(1, corrupt), part(7)] },
      { name: 'u', partitionData: [part(0)] },
      { name: 'none', partitionData: [part(0)] },
    ]
    const { responses } = await fixture.after(client.call(produce, 9, { acks: 1, timeoutMs: 1, topicData }))
    const codes = responses.map((topic) => topic.partitionResponses.map(({ errorCode }) => errorCode))
    expect(codes).toEqual([[0, Code.CORRUPT_MESSAGE, Code.UNKNOWN_TOPIC_OR_PARTITION], [0], [Code.UNKNOWN_TOPIC_OR_PARTITION]])
    expect(fixture.cluster.counts.list('Produce')).toEqual([{ api: 'Produce', node: 1, requests: 1, partitions: [5] }])
  })

  test('what was written is read back byte for byte, but for offset and epoch', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const batch = makeBatch({ values: ['x'.repeat(10_000), 'y'], attributes: 4 })
    await fixture.produce(client, {})
    await fixture.produce(client, batch)
    const { responses } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset: 1 }]))
    const got = Buffer.from(responses[0]!.partitions[0]!.records!)
    expect(headerOf(got)).toMatchObject({ baseOffset: 1, partitionLeaderEpoch: 0 })
    expect(got.subarray(16).equals(batch.subarray(16))).toBe(true)
  })

  test('an unknown topic id has an error of its own', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const topicData = [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitionData: [{ index: 0, records: makeBatch() }] }]
    const { responses } = await fixture.after(client.call(produce, 13, { acks: 1, timeoutMs: 1, topicData }))
    expect(responses[0]).toMatchObject({
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      partitionResponses: [{ errorCode: Code.UNKNOWN_TOPIC_ID }],
    })
    expect(await fixture.produce(client, {}, { partition: 2 })).toMatchObject({ errorCode: Code.UNKNOWN_TOPIC_OR_PARTITION })
  })

  test('acks 0 is not answered, and a failure closes the connection', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const unanswered = fixture.produce(client, {}, { acks: 0 }).catch((error) => error.message)
    expect(await fixture.produce(client, { values: ['b'] })).toMatchObject({ baseOffset: 1 })
    expect(await unanswered).toContain('no answer')
    fixture.produce(client, {}, { acks: 0, partition: 9 }).catch(() => {})
    // What came behind it on the connection is not handled any more.
    fixture.produce(client, {}, { acks: 0 }).catch(() => {})
    await fixture.env.advance(1)
    await client.closed
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(2)
  })

  test.each([-2, 2, 300])('acks %d is refused', async (acks) => {
    const fixture = await Fixture.start()
    expect(await fixture.produce(await fixture.client(), {}, { acks })).toMatchObject({
      errorCode: Code.INVALID_REQUIRED_ACKS,
      baseOffset: -1,
    })
  })

  test('acks all needs the minimum of in-sync replicas, acks 1 does not', async () => {
    const fixture = await Fixture.start({
      nodes: 2,
      topics: [{ topic: 't', replicationFactor: 2 }],
      configs: { 'min.insync.replicas': '2' },
    })
    const leader = fixture.cluster.logFacts('t', 0).leader
    const client = await fixture.client(leader)
    expect(await fixture.produce(client)).toMatchObject({ errorCode: 0 })
    fixture.cluster.kill(3 - leader)
    expect(await fixture.produce(client)).toMatchObject({ errorCode: Code.NOT_ENOUGH_REPLICAS })
    expect(await fixture.produce(client, {}, { acks: 1 })).toMatchObject({ errorCode: 0 })
  })
})

describe('F17 a batch that is not what it should be', () => {
  const two = Buffer.concat([makeBatch(), makeBatch()])
  const cut = makeBatch().subarray(0, 50)
  const magic1 = makeBatch()
  magic1[BatchField.magic] = 1
  const badCrc = makeBatch()
  badCrc[BatchField.crc]! ^= 1
  const shortLength = makeBatch()
  writeInt32(shortLength, BatchField.length, 20)

  test.each<[string, Uint8Array, number]>([
    ['no batch', new Uint8Array(0), Code.INVALID_RECORD],
    ['two batches', two, Code.INVALID_RECORD],
    ['half a batch', cut, Code.INVALID_RECORD],
    ['magic 1', magic1, Code.INVALID_RECORD],
    ['a wrong checksum', badCrc, Code.CORRUPT_MESSAGE],
    ['a length below the header', shortLength, Code.CORRUPT_MESSAGE],
    ['a record count that lies', makeBatch({ recordCount: 5 }), Code.INVALID_RECORD],
    ['a record count of 2^31 − 1', makeBatch({ recordCount: 2 ** 31 - 1, lastOffsetDelta: 2 ** 31 - 2 }), Code.INVALID_RECORD],
    ['no records', makeBatch({ recordCount: 0, lastOffsetDelta: -1 }), Code.INVALID_RECORD],
    ['a negative record count', makeBatch({ recordCount: -1, lastOffsetDelta: -2 }), Code.INVALID_RECORD],
    ['a control batch', makeBatch({ attributes: 0x20 }), Code.INVALID_RECORD],
    [
      'a transactional batch',
      makeBatch({ attributes: 0x10, producerId: 1, producerEpoch: 0, baseSequence: 0 }),
      Code.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    ],
    ['an unknown codec', makeBatch({ attributes: 5 }), Code.UNKNOWN_SERVER_ERROR],
    ['a producer without sequence', makeBatch({ producerId: 1, producerEpoch: 0 }), Code.INVALID_RECORD],
    ['a time in the far future', makeBatch({ timestamp: 1_800_000_000_000 }), Code.INVALID_TIMESTAMP],
    ['more than max.message.bytes', makeBatch({ values: ['x'.repeat(1_048_588)] }), Code.MESSAGE_TOO_LARGE],
  ])('%s is refused and leaves no trace', async (_what, batch, errorCode) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    expect(await fixture.produce(client, batch)).toMatchObject({ errorCode, baseOffset: -1 })
    expect(await fixture.produce(client)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(fixture.bugs).toEqual([])
  })

  test('zstd needs version 7', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    expect(await fixture.produce(client, { attributes: 4 }, { version: 6 })).toMatchObject({
      errorCode: Code.UNSUPPORTED_COMPRESSION_TYPE,
    })
    expect(await fixture.produce(client, { attributes: 4 }, { version: 7 })).toMatchObject({ errorCode: 0 })
  })
})

describe('F37 idempotent Produce', () => {
  const from = (baseSequence: number, values = ['v'], producerEpoch = 0) => ({
    values,
    producerId: 9,
    producerEpoch,
    baseSequence,
  })

  test('a batch sent again is answered with its first offset and is in the log once', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    await fixture.produce(client, { values: ['other'] })
    expect(await fixture.produce(client, from(0, ['a', 'b']))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await fixture.produce(client, from(2))).toMatchObject({ errorCode: 0, baseOffset: 3 })
    expect(await fixture.produce(client, from(0, ['a', 'b']))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(4)
  })

  test('a gap is refused', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    await fixture.produce(client, from(0))
    expect(await fixture.produce(client, from(2))).toMatchObject({ errorCode: Code.OUT_OF_ORDER_SEQUENCE_NUMBER })
  })

  test('a producer that was silent for long is forgotten, by the time of its records: any sequence begins anew', async () => {
    const fixture = await Fixture.start({ producerIdExpirationMs: 1_000 })
    const client = await fixture.client()
    const now = fixture.env.wallClock()
    const send = (baseSequence: number, timestamp: number) => fixture.produce(client, { ...from(baseSequence), timestamp })
    await send(0, now)
    await fixture.env.advance(999)
    expect(await send(5, now)).toMatchObject({ errorCode: Code.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await fixture.env.advance(1)
    expect(await send(5, now + 1_000)).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await send(9, now + 1_000)).toMatchObject({ errorCode: Code.OUT_OF_ORDER_SEQUENCE_NUMBER })
  })

  test('a leader without the last batches knows only what it has', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const { leader, leaderEpoch } = fixture.cluster.logFacts('t', 0)
    const old = await fixture.client(leader)
    for (let i = 0; i < 4; i++) await fixture.produce(old, from(i))
    fixture.cluster.loseRecords('t', 0, 2)
    const lossy = { leader: 3 - leader, leaderEpoch: leaderEpoch + 1, highWatermark: 2 }
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject(lossy)
    const client = await fixture.client(3 - leader)
    expect(await fixture.produce(client, from(4))).toMatchObject({ errorCode: Code.OUT_OF_ORDER_SEQUENCE_NUMBER })
    expect(await fixture.produce(client, from(1))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await fixture.produce(client, { ...from(0), producerEpoch: 1 })).toMatchObject({ errorCode: 0, baseOffset: 2 })
    const diverged = { topicId: fixture.id(), offset: 4, lastFetchedEpoch: leaderEpoch }
    const { responses } = await fixture.after(fetchFrom(client, [diverged]))
    expect(responses[0]!.partitions[0]).toMatchObject({ divergingEpoch: { epoch: leaderEpoch, endOffset: 2 } })
  })

  test('the state goes with the leadership', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const leader = fixture.cluster.logFacts('t', 0).leader
    await fixture.produce(await fixture.client(leader), from(0))
    fixture.cluster.moveLeader('t', 0, 3 - leader)
    expect(await fixture.produce(await fixture.client(3 - leader), from(0))).toMatchObject({ errorCode: 0, baseOffset: 0 })
  })
})

describe('who leads', () => {
  test('KIP-951: NOT_LEADER_OR_FOLLOWER names the leader and its address from version 10 on', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const { leader } = fixture.cluster.logFacts('t', 0)
    const other = await fixture.client(3 - leader)
    const [host, port] = fixture.cluster.addresses[leader - 1]!.split(':')
    expect(await fixture.produce(other)).toMatchObject({
      errorCode: Code.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: leader, leaderEpoch: 0 },
      nodeEndpoints: [{ nodeId: leader, host, port: Number(port), rack: null }],
    })
    expect(await fixture.produce(other, {}, { version: 9 })).toMatchObject({ errorCode: Code.NOT_LEADER_OR_FOLLOWER })
  })

  test('F5 a moved leader takes batches with the new epoch', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const { leader } = fixture.cluster.logFacts('t', 0)
    await fixture.produce(await fixture.client(leader))
    fixture.cluster.moveLeader('t', 0, 3 - leader)
    const client = await fixture.client(3 - leader)
    expect(await fixture.produce(client)).toMatchObject({ baseOffset: 1 })
    const { responses } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset: 1 }]))
    expect(headerOf(responses[0]!.partitions[0]!.records as Uint8Array).partitionLeaderEpoch).toBe(1)
  })
})

test('a topic that stamps on append gives its own time and a valid checksum', async () => {
  const fixture = await Fixture.start({ configs: { 'message.timestamp.type': 'LogAppendTime' } })
  const client = await fixture.client()
  await fixture.env.advance(500)
  const now = fixture.env.wallClock()
  expect(await fixture.produce(client, { timestamp: 5, attributes: 2 })).toMatchObject({ errorCode: 0, logAppendTimeMs: now })
  const { responses } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }]))
  const got = Buffer.from(responses[0]!.partitions[0]!.records!)
  const header = headerOf(got)
  expect(header).toMatchObject({ attributes: 2 | 8, maxTimestamp: now, baseTimestamp: 5 })
  expect(headerOf(reseal(Buffer.from(got))).crc).toBe(header.crc)
})

test('retention leaves a partition with no more batches than its bytes need', async () => {
  const fixture = await Fixture.start({ configs: { 'retention.bytes': '30000' } })
  const client = await fixture.client()
  for (let i = 0; i < 10; i++) await fixture.produce(client, { values: ['x'.repeat(9000)] })
  expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ logStartOffset: 6, highWatermark: 10 })
  const { responses } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset: 7 }]))
  expect(recordsIn(responses[0]!.partitions[0]!.records)).toHaveLength(3)
})
