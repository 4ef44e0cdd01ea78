import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { listOffsets } from '../../../src/shared/protocol/generated/list-offsets.ts'
import { offsetForLeaderEpoch } from '../../../src/shared/protocol/generated/offset-for-leader-epoch.ts'
import { BATCH_OVERHEAD, BatchField, writeInt32 } from '../../../src/shared/record-batch.ts'
import { type BatchInit, makeBatch, reseal } from './batches.ts'
import type { RawClient } from './client.ts'
import { Fixture } from './fixture.ts'

const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const START = 1_699_999_000_000

async function ask(
  fixture: Fixture,
  client: RawClient,
  timestamp: number,
  { version = 9, currentLeaderEpoch = -1, partition = 0 } = {},
) {
  const partitions = [{ partitionIndex: partition, timestamp, currentLeaderEpoch }]
  const { topics } = await fixture.after(
    client.call(listOffsets, version, { replicaId: -1, topics: [{ name: 't', partitions }] }),
  )
  return topics[0]!.partitions[0]!
}

function packed(init: BatchInit, codec: number, pack: (records: Uint8Array) => Uint8Array): Buffer {
  const plain = makeBatch({ ...init, attributes: codec })
  const batch = Buffer.concat([plain.subarray(0, BATCH_OVERHEAD), pack(plain.subarray(BATCH_OVERHEAD))])
  writeInt32(batch, BatchField.length, batch.length - 12)
  return reseal(batch)
}

describe('ListOffsets', () => {
  test('the ends of a log', async () => {
    const fixture = await Fixture.start({ configs: { 'retention.bytes': '10000' } })
    const client = await fixture.client()
    expect(await ask(fixture, client, LATEST)).toMatchObject({ errorCode: 0, offset: 0, timestamp: -1 })
    for (let i = 0; i < 4; i++) await fixture.produce(client, { values: ['x'.repeat(5000)] })
    expect(await ask(fixture, client, LATEST)).toMatchObject({ offset: 4, timestamp: -1, leaderEpoch: 0 })
    expect(await ask(fixture, client, EARLIEST)).toMatchObject({ offset: 2, timestamp: -1, leaderEpoch: 0 })
    expect(await ask(fixture, client, -4)).toMatchObject({ offset: 2 })
    expect(await ask(fixture, client, -5)).toMatchObject({ offset: -1 })
  })

  test.each([1, 2, 4, 6, 9, 11])('version %d finds the first record at or after a time', async (version) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    await fixture.produce(client, { values: ['a', 'b', 'c'], timestamp: START, timestampStep: 10 })
    await fixture.produce(client, { values: ['d', 'e'], timestamp: START + 100 })
    const at = async (time: number) => {
      const { offset, timestamp } = await ask(fixture, client, time, { version })
      return [offset, timestamp]
    }
    expect(await at(0)).toEqual([0, START])
    expect(await at(START + 1)).toEqual([1, START + 10])
    expect(await at(START + 20)).toEqual([2, START + 20])
    expect(await at(START + 21)).toEqual([3, START + 100])
    expect(await at(START + 101)).toEqual([-1, -1])
  })

  test('the greatest timestamp is that of the first record that has it', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    expect(await ask(fixture, client, MAX_TIMESTAMP)).toMatchObject({ errorCode: 0, offset: -1 })
    await fixture.produce(client, { values: ['a', 'b'], timestamp: START, timestampStep: 50 })
    await fixture.produce(client, { values: ['c'], timestamp: START + 20 })
    expect(await ask(fixture, client, MAX_TIMESTAMP)).toMatchObject({ offset: 1, timestamp: START + 50, leaderEpoch: 0 })
  })

  test.each<[string, Buffer, number]>([
    ['gzip', packed({ values: ['a', 'b'], timestamp: START, timestampStep: 10 }, 1, gzipSync), 1],
    ['zstd', packed({ values: ['a', 'b'], timestamp: START, timestampStep: 10 }, 4, zstdCompressSync), 1],
    [
      'snappy, which it cannot read, to the batch',
      packed({ values: ['a', 'b'], timestamp: START, timestampStep: 10 }, 2, (b) => b),
      0,
    ],
    ['gzip that is none, to the batch', packed({ values: ['a', 'b'], timestamp: START, timestampStep: 10 }, 1, (b) => b), 0],
  ])('looks into batches compressed with %s', async (_codec, batch, offset) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    await fixture.produce(client, batch)
    expect(await ask(fixture, client, START + 5)).toMatchObject({ errorCode: 0, offset })
    expect(fixture.bugs).toEqual([])
  })

  test('has an error for a wrong leader, epoch, partition and a place that the version does not know', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const { leader } = fixture.cluster.logFacts('t', 0)
    const [client, other] = [await fixture.client(leader), await fixture.client(3 - leader)]
    expect(await ask(fixture, other, LATEST)).toMatchObject({ errorCode: 6, offset: -1, timestamp: -1 })
    expect(await ask(fixture, client, LATEST, { currentLeaderEpoch: 4 })).toMatchObject({ errorCode: 75 })
    expect(await ask(fixture, client, LATEST, { partition: 9 })).toMatchObject({ errorCode: 3 })
    expect(await ask(fixture, client, MAX_TIMESTAMP, { version: 6 })).toMatchObject({ errorCode: 35 })
    expect(await ask(fixture, client, -7)).toMatchObject({ errorCode: 35 })
  })
})

test('F5 OffsetForLeaderEpoch tells where an epoch ended', async () => {
  const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 2 }] })
  fixture.cluster.moveLeader('t', 0, 1)
  const first = fixture.cluster.logFacts('t', 0).leaderEpoch
  await fixture.produce(await fixture.client(1), { values: ['a', 'b'] })
  fixture.cluster.moveLeader('t', 0, 2)
  const client = await fixture.client(2)
  await fixture.produce(client, { values: ['c'] })
  const ask = async (leaderEpoch: number, currentLeaderEpoch = -1) => {
    const topics = [{ topic: 't', partitions: [{ partition: 0, leaderEpoch, currentLeaderEpoch }] }]
    return (await fixture.after(client.call(offsetForLeaderEpoch, 4, { replicaId: -1, topics }))).topics[0]!.partitions[0]!
  }
  expect(await ask(first)).toMatchObject({ errorCode: 0, leaderEpoch: first, endOffset: 2 })
  expect(await ask(first + 1)).toMatchObject({ errorCode: 0, leaderEpoch: first + 1, endOffset: 3 })
  expect(await ask(first + 2)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1 })
  expect(await ask(first, first)).toMatchObject({ errorCode: 74 })
})
