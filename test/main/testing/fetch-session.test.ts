import { describe, expect, test } from 'vitest'
import { type FetchContext, FetchSessions, type WantedPartition } from '../../../src/main/testing/broker/fetch-session.ts'
import { VirtualEnv } from './virtual-env.ts'

const ID_NOT_FOUND = 70
const INVALID_EPOCH = 71
const TOPIC_ID_ERROR = 106

const want = (partition: number, fetchOffset = 0): WantedPartition => ({
  topic: '',
  topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
  partition,
  currentLeaderEpoch: -1,
  fetchOffset,
  lastFetchedEpoch: -1,
  partitionMaxBytes: 1000,
})

const answer = (fields: { errorCode?: number; highWatermark?: number; hasRecords?: boolean; logStartOffset?: number } = {}) => ({
  errorCode: 0,
  highWatermark: 5,
  logStartOffset: 0,
  hasRecords: false,
  diverges: false,
  isElsewhere: false,
  ...fields,
})

const request = (sessionId: number, sessionEpoch: number, wanted: WantedPartition[] = [], forgotten: WantedPartition[] = []) => ({
  sessionId,
  sessionEpoch,
  usesTopicIds: true,
  wanted,
  forgotten,
})

const opened = (context: FetchContext | number): FetchContext => {
  if (typeof context === 'number') throw new Error(`session error ${context}`)
  return context
}

const partitions = (context: FetchContext | number) => Array.from(opened(context).wanted, ({ partition }) => partition)

describe('F47 fetch sessions (KIP-227)', () => {
  test('session 0, epoch 0 opens one; further fetches only send changes', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const id = opened(sessions.open(request(0, 0, [want(0), want(1)]))).conclude()
    expect(id).toBeGreaterThan(0)
    expect(partitions(sessions.open(request(id, 1)))).toEqual([0, 1])
    expect(partitions(sessions.open(request(id, 2, [want(2)], [want(0)])))).toEqual([1, 2])
    const moved = opened(sessions.open(request(id, 3, [want(1, 9)])))
    expect([...moved.wanted].find(({ partition }) => partition === 1)?.fetchOffset).toBe(9)
  })

  test('an unknown id and a wrong epoch have errors of their own', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const id = opened(sessions.open(request(0, 0, [want(0)]))).conclude()
    expect(sessions.open(request(id + 1, 1))).toBe(ID_NOT_FOUND)
    expect(sessions.open(request(id, 2))).toBe(INVALID_EPOCH)
    expect(sessions.open({ ...request(id, 1), usesTopicIds: false })).toBe(TOPIC_ID_ERROR)
    expect(partitions(sessions.open(request(id, 1)))).toEqual([0])
  })

  test('epoch −1 is without session and closes the one it names', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    expect(opened(sessions.open(request(0, -1, [want(0)]))).conclude()).toBe(0)
    const id = opened(sessions.open(request(0, 0, [want(0)]))).conclude()
    expect(opened(sessions.open(request(id, -1, [want(0)]))).conclude()).toBe(0)
    expect(sessions.open(request(id, 1))).toBe(ID_NOT_FOUND)
  })

  test('epoch 0 with an id replaces that session', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const id = opened(sessions.open(request(0, 0, [want(0)]))).conclude()
    const next = opened(sessions.open(request(id, 0, [want(3)]))).conclude()
    expect(next).not.toBe(id)
    expect(sessions.size).toBe(1)
    expect(partitions(sessions.open(request(next, 1)))).toEqual([3])
  })

  test('a session without partitions is over', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const id = opened(sessions.open(request(0, 0, [want(0)]))).conclude()
    expect(opened(sessions.open(request(id, 1, [], [want(0)]))).conclude()).toBe(0)
    expect(sessions.open(request(id, 2))).toBe(ID_NOT_FOUND)
  })

  test('only news is sent: records, a moved mark, an error, and its end', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const first = opened(sessions.open(request(0, 0, [want(0)])))
    expect(first.isNews(want(0), answer())).toBe(true)
    const id = first.conclude()
    let epoch = 1
    const next = (fields = {}) => opened(sessions.open(request(id, epoch++))).isNews(want(0), answer(fields))
    expect(next()).toBe(false)
    expect(next({ hasRecords: true })).toBe(true)
    expect(next()).toBe(false)
    expect(next({ highWatermark: 6 })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1 })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1, errorCode: 6 })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1, errorCode: 6 })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1 })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1 })).toBe(false)
    expect(next({ highWatermark: 6, logStartOffset: 1, isElsewhere: true })).toBe(true)
    expect(next({ highWatermark: 6, logStartOffset: 1, diverges: true })).toBe(true)
  })

  test('a partition that gave records goes to the end of the line', () => {
    const sessions = new FetchSessions(new VirtualEnv())
    const first = opened(sessions.open(request(0, 0, [want(0), want(1), want(2)])))
    first.isNews(want(0), answer({ hasRecords: true }))
    expect(partitions(sessions.open(request(first.conclude(), 1)))).toEqual([1, 2, 0])
  })

  test('a full house gives no session until one has been idle for two minutes', async () => {
    const env = new VirtualEnv()
    const sessions = new FetchSessions(env, 2)
    const open = () => opened(sessions.open(request(0, 0, [want(0)]))).conclude()
    const [a, b] = [open(), open()]
    expect(open()).toBe(0)
    await env.advance(100_000)
    sessions.open(request(a, 1))
    await env.advance(30_000)
    expect(open()).toBeGreaterThan(0)
    expect(sessions.open(request(b, 1))).toBe(ID_NOT_FOUND)
    expect(partitions(sessions.open(request(a, 2)))).toEqual([0])
  })
})
