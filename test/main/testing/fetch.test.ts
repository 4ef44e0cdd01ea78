import { describe, expect, test } from 'vitest'
import { deleteTopics } from '../../../src/shared/protocol/generated/delete-topics.ts'
import { recordsIn } from './batches.ts'
import type { RawClient } from './client.ts'
import { createTopics, Fixture, fetchFrom } from './fixture.ts'

const Code = {
  OFFSET_OUT_OF_RANGE: 1,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  NOT_LEADER_OR_FOLLOWER: 6,
  FETCH_SESSION_ID_NOT_FOUND: 70,
  INVALID_FETCH_SESSION_EPOCH: 71,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  UNKNOWN_TOPIC_ID: 100,
  INCONSISTENT_TOPIC_ID: 103,
}

type Response = Awaited<ReturnType<typeof fetchFrom>>

const parts = (response: Response) => response.responses.flatMap((topic) => topic.partitions)
const offsets = (response: Response) => parts(response).map(({ records }) => recordsIn(records).map(([offset]) => offset))

async function withRecords(values: string[], options = {}): Promise<{ fixture: Fixture; client: RawClient }> {
  const fixture = await Fixture.start(options)
  const client = await fixture.client()
  for (const value of values) await fixture.produce(client, { values: [value] })
  return { fixture, client }
}

describe('T1 Fetch', () => {
  test.each([4, 7, 11, 12, 13, 16, 18])('version %d reads from an offset', async (version) => {
    const { fixture, client } = await withRecords(['a', 'b', 'c'])
    const wish = version >= 13 ? { topicId: fixture.id() } : { topic: 't' }
    const response = await fixture.after(fetchFrom(client, [{ ...wish, offset: 1 }], { version }))
    expect(offsets(response)).toEqual([[1, 2]])
    expect(parts(response)[0]).toMatchObject({
      errorCode: 0,
      highWatermark: 3,
      lastStableOffset: 3,
      partitionIndex: 0,
      abortedTransactions: null,
    })
  })

  test('read_committed has an empty list of aborted transactions', async () => {
    const { fixture, client } = await withRecords(['a'])
    const response = await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }], { isolationLevel: 1 }))
    expect(parts(response)[0]).toMatchObject({ abortedTransactions: [], lastStableOffset: 1 })
  })

  test('has an error for what is not there', async () => {
    const { fixture, client } = await withRecords(['a'])
    const code = async (wish: object, version = 18) =>
      parts(await fixture.after(fetchFrom(client, [wish], { version })))[0]!.errorCode
    expect(await code({ topic: 'none' }, 12)).toBe(Code.UNKNOWN_TOPIC_OR_PARTITION)
    expect(await code({ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' })).toBe(Code.UNKNOWN_TOPIC_ID)
    expect(await code({ topicId: fixture.id(), partition: 5 })).toBe(Code.UNKNOWN_TOPIC_OR_PARTITION)
    expect(await code({ topicId: fixture.id(), offset: 2 })).toBe(Code.OFFSET_OUT_OF_RANGE)
    expect(await code({ topicId: fixture.id(), offset: -1 })).toBe(Code.OFFSET_OUT_OF_RANGE)
    expect(await code({ topicId: fixture.id(), offset: 1 })).toBe(0)
  })

  test('below the log start is out of range', async () => {
    const { fixture, client } = await withRecords(['x'.repeat(5000), 'y'.repeat(5000)], {
      configs: { 'retention.bytes': '5000' },
    })
    const response = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset: 0 }]))
    expect(parts(response)[0]).toMatchObject({ errorCode: Code.OFFSET_OUT_OF_RANGE, highWatermark: -1 })
  })
})

describe('limits', () => {
  test('KIP-74: the first batch comes however small the limits', async () => {
    const { fixture, client } = await withRecords(['x'.repeat(5000), 'y'])
    const response = await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), maxBytes: 1 }], { maxBytes: 1 }))
    expect(offsets(response)).toEqual([[0]])
  })

  test('the limit of the response holds across partitions', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    for (const partition of [0, 1]) {
      for (let i = 0; i < 3; i++) await fixture.produce(client, { values: ['x'.repeat(5000)] }, { partition })
    }
    const wishes = [0, 1].map((partition) => ({ topicId: fixture.id(), partition }))
    expect(offsets(await fixture.after(fetchFrom(client, wishes, { maxBytes: 11_000 })))).toEqual([[0, 1], []])
    expect(offsets(await fixture.after(fetchFrom(client, wishes, { maxBytes: 21_000 })))).toEqual([[0, 1, 2], [0]])
  })
})

describe('a long poll', () => {
  const poll = { maxWaitMs: 500, minBytes: 1 }

  test('waits for its time and then answers empty', async () => {
    const { fixture, client } = await withRecords([])
    const call = fetchFrom(client, [{ topicId: fixture.id() }], poll)
    expect(await fixture.isPending(call, 499)).toBe(true)
    expect(offsets(await fixture.after(call, 2))).toEqual([[]])
  })

  test('answers as soon as something is written, and holds up nobody else', async () => {
    const { fixture, client } = await withRecords([])
    const call = fetchFrom(client, [{ topicId: fixture.id() }], poll)
    expect(await fixture.isPending(call, 100)).toBe(true)
    await fixture.produce(await fixture.client(), { values: ['now'] })
    expect(offsets(await fixture.after(call))).toEqual([[0]])
    expect(fixture.cluster.partition('t', 0)!.watchers.size).toBe(0)
  })

  test('waits for minBytes', async () => {
    const { fixture, client } = await withRecords(['a'])
    const writer = await fixture.client()
    const call = fetchFrom(client, [{ topicId: fixture.id() }], { maxWaitMs: 500, minBytes: 6000 })
    expect(await fixture.isPending(call, 1)).toBe(true)
    await fixture.produce(writer, { values: ['x'.repeat(3000)] })
    expect(await fixture.isPending(call, 1)).toBe(true)
    await fixture.produce(writer, { values: ['x'.repeat(3000)] })
    expect(offsets(await fixture.after(call))).toEqual([[0, 1, 2]])
  })

  test('holds up what is behind it on its own connection, which is then answered in order', async () => {
    const { fixture, client } = await withRecords([])
    const call = fetchFrom(client, [{ topicId: fixture.id() }], poll)
    const behind = fetchFrom(client, [{ topicId: fixture.id() }])
    expect(await fixture.isPending(behind, 400)).toBe(true)
    await fixture.after(Promise.all([call, behind]), 200)
    expect(client.answered).toEqual([1, 2])
  })

  test.each<[string, (fixture: Fixture) => void, number]>([
    ['the leader moves', (fixture) => fixture.cluster.moveLeader('t', 0, 2), Code.NOT_LEADER_OR_FOLLOWER],
    [
      'the topic is deleted',
      (fixture) => fixture.cluster.topics.delete(fixture.cluster.topics.get('t')!),
      Code.UNKNOWN_TOPIC_OR_PARTITION,
    ],
  ])('ends when %s', async (_what, change, errorCode) => {
    const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 1 }] })
    fixture.cluster.moveLeader('t', 0, 1)
    const client = await fixture.client()
    const call = fetchFrom(client, [{ topicId: fixture.id() }], poll)
    expect(await fixture.isPending(call, 10)).toBe(true)
    change(fixture)
    expect(parts(await fixture.after(call))[0]).toMatchObject({ errorCode })
  })

  test('is forgotten when its connection ends', async () => {
    const { fixture, client } = await withRecords([])
    fetchFrom(client, [{ topicId: fixture.id() }], { maxWaitMs: 1_000_000, minBytes: 1 }).catch(() => {})
    await fixture.env.advance(1)
    client.close()
    await fixture.env.advance(1)
    expect(fixture.cluster.partition('t', 0)!.watchers.size).toBe(0)
    expect(fixture.env.pendingTasks).toBe(0)
  })
})

describe('F5 leader epochs (KIP-320)', () => {
  test('an old epoch is fenced, a future one unknown, both before leadership', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    fixture.cluster.moveLeader('t', 0, 2)
    fixture.cluster.moveLeader('t', 0, 1)
    const epoch = fixture.cluster.logFacts('t', 0).leaderEpoch
    const code = async (node: number, currentLeaderEpoch: number, version = 18) => {
      const client = await fixture.client(node)
      const about = version >= 13 ? { topicId: fixture.id() } : { topic: 't' }
      return parts(await fixture.after(fetchFrom(client, [{ ...about, currentLeaderEpoch }], { version })))[0]!.errorCode
    }
    expect(await code(1, epoch)).toBe(0)
    expect(await code(1, epoch - 1)).toBe(Code.FENCED_LEADER_EPOCH)
    expect(await code(1, epoch + 1)).toBe(Code.UNKNOWN_LEADER_EPOCH)
    expect(await code(2, epoch - 1)).toBe(Code.FENCED_LEADER_EPOCH)
    expect(await code(2, epoch)).toBe(0) // from version 11 on followers serve consumers (KIP-392)
    expect(await code(2, epoch, 11)).toBe(0)
    expect(await code(2, epoch, 10)).toBe(Code.NOT_LEADER_OR_FOLLOWER)
  })

  test('KIP-951: from version 16 on the answer names the leader', async () => {
    const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 1 }] })
    fixture.cluster.moveLeader('t', 0, 1)
    fixture.cluster.moveLeader('t', 0, 2)
    const client = await fixture.client(1)
    const response = await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }]))
    expect(response).toMatchObject({
      responses: [{ partitions: [{ errorCode: Code.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId: 2 } }] }],
      nodeEndpoints: [{ nodeId: 2, host: 'virtual', rack: null }],
    })
  })

  test('a client whose log went another way is told where to cut', async () => {
    const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 2 }] })
    fixture.cluster.moveLeader('t', 0, 1)
    await fixture.produce(await fixture.client(1), { values: ['a', 'b'] })
    const first = fixture.cluster.logFacts('t', 0).leaderEpoch
    fixture.cluster.moveLeader('t', 0, 2)
    const client = await fixture.client(2)
    await fixture.produce(client, { values: ['c'] })
    const read = async (offset: number) =>
      parts(await fixture.after(fetchFrom(client, [{ topicId: fixture.id(), offset, lastFetchedEpoch: first }])))[0]
    expect(await read(2)).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: -1, endOffset: -1 } })
    expect(await read(3)).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: first, endOffset: 2 } })
  })
})

describe('F47 sessions on the wire', () => {
  test('an incremental fetch sends only what is new', async () => {
    const { fixture, client } = await withRecords(['a'])
    const topicId = fixture.id()
    const first = await fixture.after(
      fetchFrom(client, [{ topicId }, { topicId, partition: 1 }], { sessionId: 0, sessionEpoch: 0 }),
    )
    expect(offsets(first)).toEqual([[0], []])
    const { sessionId } = first
    const second = await fixture.after(fetchFrom(client, [{ topicId, offset: 1 }], { sessionId, sessionEpoch: 1 }))
    expect(second).toMatchObject({ sessionId, responses: [] })
    await fixture.produce(client, { values: ['b'] }, { partition: 1 })
    const third = await fixture.after(fetchFrom(client, [], { sessionId, sessionEpoch: 2 }))
    expect(parts(third).map(({ partitionIndex }) => partitionIndex)).toEqual([1])
  })

  test('a topic that is deleted is missed by the name it had, and another one of that name is not taken for it', async () => {
    const { fixture, client } = await withRecords(['a'])
    const topicId = fixture.id()
    const { sessionId } = await fixture.after(fetchFrom(client, [{ topicId }], { sessionId: 0, sessionEpoch: 0 }))
    const code = async (sessionEpoch: number) =>
      parts(await fixture.after(fetchFrom(client, [], { sessionId, sessionEpoch })))[0]?.errorCode
    await fixture.after(client.call(deleteTopics, 5, { topicNames: ['t'], timeoutMs: 1 }))
    expect(await code(1)).toBe(Code.UNKNOWN_TOPIC_OR_PARTITION)
    expect(parts(await fixture.after(fetchFrom(client, [{ topicId }])))[0]!.errorCode).toBe(Code.UNKNOWN_TOPIC_ID)
    await fixture.after(
      client.call(createTopics, 7, { topics: [{ name: 't', numPartitions: 1, replicationFactor: 1 }], timeoutMs: 1 }),
    )
    expect(await code(2)).toBe(Code.INCONSISTENT_TOPIC_ID)
  })

  test('errors of the session are about the whole response', async () => {
    const { fixture, client } = await withRecords(['a'])
    const topicId = fixture.id()
    const { sessionId } = await fixture.after(fetchFrom(client, [{ topicId }], { sessionId: 0, sessionEpoch: 0 }))
    expect(await fixture.after(fetchFrom(client, [], { sessionId, sessionEpoch: 5 }))).toMatchObject({
      errorCode: Code.INVALID_FETCH_SESSION_EPOCH,
      sessionId: 0,
      responses: [],
    })
    expect(await fixture.after(fetchFrom(client, [], { sessionId: sessionId + 1, sessionEpoch: 1 }))).toMatchObject({
      errorCode: Code.FETCH_SESSION_ID_NOT_FOUND,
    })
  })

  test('are lost when their node restarts', async () => {
    const { fixture, client } = await withRecords(['a'])
    const { sessionId } = await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }], { sessionId: 0, sessionEpoch: 0 }))
    fixture.cluster.kill(1)
    await fixture.cluster.revive(1)
    const again = await fixture.client()
    expect(await fixture.after(fetchFrom(again, [], { sessionId, sessionEpoch: 1 }))).toMatchObject({
      errorCode: Code.FETCH_SESSION_ID_NOT_FOUND,
    })
  })

  test('T3 the desk can lose one', async () => {
    const { fixture, client } = await withRecords(['a'])
    fixture.cluster.desk.add({ kind: 'fail', apiKey: 1, times: 1, error: Code.FETCH_SESSION_ID_NOT_FOUND })
    expect(await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }]))).toMatchObject({ errorCode: 70, responses: [] })
    expect(offsets(await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }])))).toEqual([[0]])
  })
})
