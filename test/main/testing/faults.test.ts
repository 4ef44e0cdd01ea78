import { describe, expect, test } from 'vitest'
import type { FaultRule } from '../../../src/main/testing/broker/fault-desk.ts'
import { Fixture, fetchFrom, metadata } from './fixture.ts'

const PRODUCE = 0
const FETCH = 1
const METADATA = 3
const rule = (fields: Partial<FaultRule>): FaultRule => ({ kind: 'fail', apiKey: PRODUCE, times: 1, ...fields })

describe('T3 faults on the wire', () => {
  test('fail: the answer is the error and nothing is written', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const id = fixture.cluster.desk.add(rule({ error: 7 }))
    expect(await fixture.produce(client)).toMatchObject({ errorCode: 7, baseOffset: -1 })
    expect(await fixture.produce(client)).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(fixture.cluster.desk.hits(id)).toBe(1)
  })

  test('fail after append: the answer is the error, the batch is there, and a retry of it is a duplicate', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ error: 7, afterAppend: true }))
    const batch = { producerId: 3, producerEpoch: 0, baseSequence: 0 }
    expect(await fixture.produce(client, batch)).toMatchObject({ errorCode: 7, baseOffset: -1 })
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(1)
    expect(await fixture.produce(client, batch)).toMatchObject({ errorCode: 0, baseOffset: 0 })
  })

  test('fail of one partition leaves the others alone', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ apiKey: FETCH, error: 1, topic: 't', partition: 1 }))
    const wishes = [0, 1].map((partition) => ({ topicId: fixture.id(), partition }))
    const codes = async () =>
      (await fixture.after(fetchFrom(client, wishes))).responses.flatMap(({ partitions }) => partitions.map((p) => p.errorCode))
    expect(await codes()).toEqual([0, 1])
    expect(await codes()).toEqual([0, 0])
  })

  test.each<[string, number, (fixture: Fixture) => Promise<unknown>]>([
    [
      'a topic in Metadata',
      3,
      async (fixture) => (await fixture.after((await fixture.client()).call(metadata, 12, { topics: null }))).topics[0],
    ],
    [
      'a partition in Metadata',
      3,
      async (fixture) =>
        (await fixture.after((await fixture.client()).call(metadata, 12, { topics: null }))).topics[0]!.partitions[1],
    ],
  ])('fail of %s', async (what, apiKey, ask) => {
    const fixture = await Fixture.start()
    fixture.cluster.desk.add(rule({ apiKey, error: 5, topic: 't', ...(what.startsWith('a partition') && { partition: 1 }) }))
    expect(await ask(fixture)).toMatchObject({ errorCode: 5 })
    expect(await ask(fixture)).toMatchObject({ errorCode: 0 })
  })

  test('delay: the request takes effect at once, the answer and all behind it come late', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ kind: 'delay', ms: 300 }))
    const late = fixture.produce(client).catch((error) => error.message)
    expect(await late).toContain('no answer')
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(1)
    const behind = client.call(metadata, 12, { topics: [] })
    expect(await fixture.isPending(behind, 298)).toBe(true)
    await fixture.after(behind, 2)
  })

  test('F20 throttle: the answer comes at once and says so, what is behind it is not read for so long', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ kind: 'throttle', apiKey: METADATA, ms: 300 }))
    expect(await fixture.after(client.call(metadata, 12, { topics: [] }))).toMatchObject({ throttleTimeMs: 300 })
    const behind = client.call(metadata, 12, { topics: [] })
    expect(await fixture.isPending(behind, 298)).toBe(true)
    expect(await fixture.after(behind, 2)).toMatchObject({ throttleTimeMs: 0 })
    fixture.cluster.desk.add(rule({ kind: 'throttle', apiKey: METADATA, ms: 300 }))
    await fixture.after(client.call(metadata, 12, { topics: [] }))
    expect(await fixture.produce(await fixture.client())).toMatchObject({ errorCode: 0 })
  })

  test('F20 throttle of a Fetch: it gets nothing, a session it asked for is not made and one that is there stays', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    await fixture.produce(client, { values: ['a'] })
    const wishes = [{ topicId: fixture.id() }]
    const throttle = () => fixture.cluster.desk.add(rule({ kind: 'throttle', apiKey: FETCH, ms: 10 }))
    throttle()
    const nothing = { throttleTimeMs: 10, errorCode: 0, responses: [], nodeEndpoints: [] }
    expect(await fixture.after(fetchFrom(client, wishes, { sessionEpoch: 0 }))).toEqual({ ...nothing, sessionId: 0 })
    const { sessionId } = await fixture.after(fetchFrom(client, wishes, { sessionEpoch: 0 }), 10)
    throttle()
    const second = await fixture.after(fetchFrom(client, [], { sessionId, sessionEpoch: 1 }))
    expect(second).toEqual({ ...nothing, sessionId })
    const third = await fixture.after(fetchFrom(client, wishes, { sessionId, sessionEpoch: 2 }), 10)
    expect(third.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0)
  })

  test.each([false, true])('F13 drop: the connection ends instead of an answer (taking effect: %s)', async (afterApply) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ kind: 'drop', afterApply }))
    await expect(fixture.produce(client)).rejects.toThrow('connection closed')
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(afterApply ? 1 : 0)
    expect(await fixture.produce(await fixture.client())).toMatchObject({ errorCode: 0 })
  })

  test.each([false, true])('F11 hang: no answer ever, others are served (taking effect: %s)', async (afterApply) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    fixture.cluster.desk.add(rule({ kind: 'hang', afterApply }))
    await expect(fixture.produce(client)).rejects.toThrow('no answer')
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(afterApply ? 1 : 0)
    expect(await fixture.isPending(client.call(metadata, 12, { topics: [] }), 1_000_000)).toBe(true)
    expect(await fixture.produce(await fixture.client())).toMatchObject({ errorCode: 0 })
  })

  test('a fault of a topic is seen by a fetch that waits', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const call = fetchFrom(client, [{ topicId: fixture.id() }], { maxWaitMs: 500 })
    expect(await fixture.isPending(call, 100)).toBe(true)
    fixture.cluster.desk.add(rule({ apiKey: FETCH, error: 6, topic: 't' }))
    expect((await fixture.after(call, 500)).responses[0]!.partitions).toMatchObject([{ errorCode: 0 }])
    expect((await fixture.after(fetchFrom(client, [{ topicId: fixture.id() }]))).responses[0]!.partitions).toMatchObject([
      { errorCode: 6 },
    ])
  })
})
