import { describe, expect, test } from 'vitest'
import { Admin } from '../../src/main/admin.ts'
import type { OffsetQuery } from '../../src/main/list-offsets.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import type { ListOffsetsPartition, ListOffsetsRequest } from '../../src/shared/protocol/generated/list-offsets.ts'
import { failure } from '../support/fake-cluster.ts'
import { connected, never, rejection, settings } from '../support/metadata-world.ts'

const LIST_OFFSETS = 2
const NOT_LEADER = 6

/** Leaders answer with the offset 1000 × partition + timestamp, so that every answer shows what it belongs to. */
async function offsetsWorld() {
  const world = await connected()
  const { env, cluster, metadata } = world
  const admin = new Admin({ env, io: cluster, metadata, options: settings })
  const refusals = new Map<string, number>()
  cluster.handlers.set(LIST_OFFSETS, ({ topics }: ListOffsetsRequest) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => ({
        partitionIndex,
        errorCode: refusals.get(`${name} ${partitionIndex}`) ?? 0,
        oldStyleOffsets: [],
        timestamp,
        offset: 1_000 * partitionIndex + timestamp,
        leaderEpoch: 4,
      })),
    })),
  }))
  const requests = () => cluster.calls.filter(({ apiKey }) => apiKey === LIST_OFFSETS)
  return { ...world, admin, refusals, requests }
}

const at = (topic: string, partition: number, timestamp: OffsetQuery['timestamp']): OffsetQuery => ({
  topic,
  partition,
  timestamp,
})

describe('listOffsets', () => {
  test('makes one request to each leader and answers in the order of the queries', async () => {
    const { env, cluster, admin, requests } = await offsetsWorld()
    cluster.topic('a', 4)
    cluster.topic('b', 1)
    const queries = [at('a', 3, 'latest'), at('a', 0, 'earliest'), at('b', 0, 'maxTimestamp'), at('a', 1, 77), at('a', 2, 0)]
    const listed = await env.until(admin.listOffsets(queries))
    expect(listed.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([
      ['a', 3, 2_999],
      ['a', 0, -2],
      ['b', 0, -3],
      ['a', 1, 1_077],
      ['a', 2, 2_000],
    ])
    expect(listed[3]).toEqual({ topic: 'a', partition: 1, offset: 1_077, timestamp: 77, leaderEpoch: 4 })
    expect(requests().map(({ target }) => target)).toEqual([1, 2, 3])
    expect(requests()[0]!.body).toMatchObject({
      isolationLevel: 0,
      topics: [
        { name: 'a', partitions: [{ partitionIndex: 3, currentLeaderEpoch: 0, timestamp: -1 }, { partitionIndex: 0 }] },
        { name: 'b' },
      ],
    })
  })

  test('read_committed is passed on', async () => {
    const { env, cluster, admin, requests } = await offsetsWorld()
    cluster.topic('a')
    await env.until(admin.listOffsets([at('a', 0, 'latest')], { isolationLevel: 'read_committed' }))
    expect(requests()[0]!.body.isolationLevel).toBe(1)
  })

  test('several questions about one partition go in requests of their own', async () => {
    const { env, cluster, admin, requests } = await offsetsWorld()
    cluster.topic('a')
    const listed = await env.until(admin.listOffsets([at('a', 0, 'earliest'), at('a', 0, 'latest'), at('a', 0, 5)]))
    expect(listed.map(({ offset }) => offset)).toEqual([-2, -1, 5])
    for (const { body } of requests())
      expect(body.topics.flatMap(({ partitions }: { partitions: ListOffsetsPartition[] }) => partitions)).toHaveLength(1)
  })

  test('no queries, no requests', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    expect(await env.until(admin.listOffsets([]))).toEqual([])
    expect(cluster.calls).toEqual([])
  })

  test('F1 a leader that moved is found; answers that are there already are kept', async () => {
    const { env, cluster, refusals, admin, requests } = await offsetsWorld()
    const topic = cluster.topic('a', 2)
    refusals.set('a 1', NOT_LEADER)
    const listed = admin.listOffsets([at('a', 0, 'latest'), at('a', 1, 'latest')])
    await env.advance(1_000)
    topic.partitions[1] = { leader: 3, epoch: 5 }
    cluster.before = ({ apiKey, target }) => {
      if (apiKey === LIST_OFFSETS && target === 3) refusals.clear()
    }
    expect((await env.until(listed)).map(({ offset }) => offset)).toEqual([-1, 999])
    expect(requests().filter(({ target }) => target === 1)).toHaveLength(1)
    expect(requests().at(-1)).toMatchObject({ target: 3, body: { topics: [{ partitions: [{ currentLeaderEpoch: 5 }] }] } })
  })

  test('F6 a partition without a leader is waited for', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    const topic = cluster.topic('a', [{ leader: -1, epoch: 3 }])
    const listed = admin.listOffsets([at('a', 0, 'latest')])
    await env.advance(5_000)
    topic.partitions[0] = { leader: 2, epoch: 4 }
    expect(await env.until(listed, 2_600)).toHaveLength(1)
  })

  test('a leader that cannot be reached is tried again, after a look at the metadata', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    const topic = cluster.topic('a')
    cluster.before = ({ apiKey, target }) => {
      if (apiKey === LIST_OFFSETS && target === 1) throw failure('CONNECTION_FAILED')
    }
    const listed = admin.listOffsets([at('a', 0, 'latest')])
    await env.advance(2_000)
    topic.partitions[0] = { leader: 2, epoch: 1 }
    await env.until(listed, 2_600)
  })

  test('IX3 a permanent error ends at the timeout, with few requests', async () => {
    const { env, cluster, refusals, admin, requests } = await offsetsWorld()
    cluster.topic('a')
    refusals.set('a 0', NOT_LEADER)
    const error = await env.until(rejection(admin.listOffsets([at('a', 0, 'latest')], { timeoutMs: 10_000 })))
    expect(error).toMatchObject({ code: 'TIMEOUT', context: { brokerError: 'NOT_LEADER_OR_FOLLOWER' } })
    expect(requests().length).toBeLessThan(18)
  })

  test('a partition that the topic does not have is an error after a fresh look', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    const topic = cluster.topic('a', 2)
    await env.until(admin.listOffsets([at('a', 1, 'latest')]))
    topic.partitions.push({ leader: 1, epoch: 0 })
    expect(await env.until(admin.listOffsets([at('a', 2, 'latest')]))).toHaveLength(1)
    const error = await env.until(rejection(admin.listOffsets([at('a', 3, 'latest')])))
    expect(error.code).toBe('UNKNOWN_PARTITION')
    expect(error.message).toContain('it has 3, numbered from 0')
  })

  test('errors that no retry mends are collected', async () => {
    const { env, cluster, refusals, admin } = await offsetsWorld()
    cluster.topic('a', 3)
    refusals.set('a 0', 29)
    refusals.set('a 2', 29)
    const error = await env.until(rejection(admin.listOffsets([at('a', 0, 0), at('a', 1, 0), at('a', 2, 0)])))
    expect(error).toMatchObject({
      code: 'BROKER_ERROR',
      context: { topic: 'a', partition: 0, brokerError: 'TOPIC_AUTHORIZATION_FAILED' },
    })
    expect((error.cause as AggregateError).errors.map(({ context }: KafkaError) => context.partition)).toEqual([0, 2])
  })

  test('maxTimestamp on a broker that would misread it is UNSUPPORTED', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    cluster.topic('a')
    cluster.version = 6
    expect((await env.until(rejection(admin.listOffsets([at('a', 0, 'maxTimestamp')])))).code).toBe('UNSUPPORTED')
    expect(await env.until(admin.listOffsets([at('a', 0, 'latest')]))).toHaveLength(1)
  })

  test('an unknown topic is UNKNOWN_TOPIC', async () => {
    const { env, admin } = await offsetsWorld()
    expect((await env.until(rejection(admin.listOffsets([at('nope', 0, 'latest')])))).code).toBe('UNKNOWN_TOPIC')
  })

  test.each([['newest'], [-1], [1.5], [undefined]])('refuses the timestamp %o', async (timestamp) => {
    const { admin } = await offsetsWorld()
    const error = await rejection(admin.listOffsets([at('a', 0, timestamp as 'latest')]))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.message).toContain("'earliest', 'latest', 'maxTimestamp'")
  })

  test('a signal ends it', async () => {
    const { env, cluster, admin } = await offsetsWorld()
    cluster.topic('a')
    cluster.before = ({ apiKey }) => (apiKey === LIST_OFFSETS ? never : undefined)
    const abort = new AbortController()
    const error = rejection(admin.listOffsets([at('a', 0, 'latest')], { signal: abort.signal }))
    await env.advance(500)
    abort.abort('enough')
    expect(await env.until(error, 0)).toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })
})
