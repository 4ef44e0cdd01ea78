import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { ZERO_UUID } from '../../src/main/cluster-view.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import type { MetadataResponse } from '../../src/shared/protocol/generated/metadata.ts'
import { type FakePartition, newTopicId, type Push } from '../support/fake-cluster.ts'
import { connected, never } from '../support/metadata-world.ts'

describe('changes', () => {
  async function known(partitions: FakePartition[] | number) {
    const world = await connected()
    const topic = world.cluster.topic('t', partitions)
    const view = await world.env.until(world.metadata.topic('t'))
    world.cluster.calls.length = 0
    world.cluster.pushes.length = 0
    await world.env.advance(20_000)
    const refreshed = async () => {
      world.metadata.stale(['t'], 'test')
      await world.env.advance(1_500)
      return world.metadata.cached('t')!
    }
    return { ...world, topic, view, refreshed }
  }

  test('a new leader reaches the workers and the view under the same handle', async () => {
    const { cluster, topic, refreshed } = await known(2)
    topic.partitions[1] = { leader: 3, epoch: 4 }
    expect((await refreshed()).partitions[1]).toEqual({ handle: 1, partition: 1, leader: 3, leaderEpoch: 4 })
    expect(cluster.pushes).toEqual([
      {
        type: 'partitions',
        partitions: [{ handle: 1, topic: 't', topicId: topic.topicId, partition: 1, leader: 3, leaderEpoch: 4 }],
      },
    ])
  })

  test('F6 an older leader epoch is ignored', async () => {
    const { cluster, topic, refreshed } = await known([{ leader: 2, epoch: 7 }])
    topic.partitions[0] = { leader: 1, epoch: 6 }
    expect((await refreshed()).partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 7 })
    expect(cluster.pushes).toEqual([])
  })

  test('F6 leader −1 means wait, and −1 never becomes the epoch', async () => {
    const { topic, refreshed } = await known([{ leader: 2, epoch: 7 }])
    topic.partitions[0] = { leader: -1, epoch: -1 }
    expect((await refreshed()).partitions[0]).toMatchObject({ leader: -1, leaderEpoch: 7 })
    topic.partitions[0] = { leader: 1, epoch: 6 }
    expect((await refreshed()).partitions[0]).toMatchObject({ leader: -1, leaderEpoch: 7 })
    topic.partitions[0] = { leader: 1, epoch: 8 }
    expect((await refreshed()).partitions[0]).toMatchObject({ leader: 1, leaderEpoch: 8 })
  })

  test('F43 a leader that is no broker of the cluster is no leader', async () => {
    const { topic, refreshed } = await known([{ leader: 2, epoch: 7 }])
    topic.partitions[0] = { leader: 99, epoch: 8 }
    expect((await refreshed()).partitions[0]).toMatchObject({ leader: -1, leaderEpoch: 8 })
  })

  test('F9 new partitions are appended, the old ones keep their handles', async () => {
    const { cluster, topic, refreshed } = await known(2)
    topic.partitions.push({ leader: 1, epoch: 0 })
    expect((await refreshed()).partitions.map(({ handle }) => handle)).toEqual([0, 1, 2])
    expect(cluster.pushes).toMatchObject([{ partitions: [{ handle: 2, partition: 2 }] }])
  })

  test('F6 an answer from before an expansion takes no partition away', async () => {
    const { topic, refreshed } = await known(3)
    topic.partitions = [{ leader: 3, epoch: 1 }]
    const { partitions } = await refreshed()
    expect(partitions.map(({ leader, handle }) => [leader, handle])).toEqual([
      [3, 0],
      [2, 1],
      [3, 2],
    ])
  })

  test('F10 a topic that was created again gets new handles, and the old ones end with UNKNOWN_TOPIC', async () => {
    const { cluster, refreshed } = await known(2)
    const again = cluster.topic('t', 1)
    const view = await refreshed()
    expect(view).toMatchObject({ topicId: again.topicId, partitions: [{ handle: 2 }] })
    expect(cluster.pushes).toMatchObject([
      { type: 'drop', handles: [0, 1], error: { code: 'UNKNOWN_TOPIC', message: expect.stringContaining('created again') } },
      { type: 'partitions', partitions: [{ handle: 2, topicId: again.topicId }] },
    ])
  })

  test('F10 a lagging broker that still tells the replaced topic id is not believed', async () => {
    const { cluster, topic, refreshed } = await known(1)
    const again = cluster.topic('t', 1)
    await refreshed()
    cluster.pushes.length = 0
    cluster.topics.set('t', topic)
    expect((await refreshed()).topicId).toBe(again.topicId)
    expect(cluster.pushes).toEqual([])
  })

  test('F10 a lagging broker that still tells a topic that was deleted through this client is not believed', async () => {
    const { env, cluster, metadata } = await known(1)
    await metadata.forget('t')
    const waiting = metadata.topic('t')
    await env.advance(1_000)
    expect(metadata.cached('t')).toBeUndefined()
    const again = cluster.topic('t', 1)
    await env.advance(2_000)
    expect((await waiting).topicId).toBe(again.topicId)
  })

  test('F10 a topic id that was taken for replaced and is told ever after is believed in the end', async () => {
    const { env, cluster, metadata, topic, refreshed } = await known(1)
    cluster.topic('t', 1)
    await refreshed()
    cluster.topics.set('t', topic)
    metadata.stale(['t'], 'test')
    await env.advance(6_000)
    expect((await env.until(metadata.topic('t'))).topicId).toBe(topic.topicId)
  })

  test('F10 while the old partitions end nobody gets their handles', async () => {
    const { env, cluster, metadata } = await known(1)
    const again = cluster.topic('t', 1)
    cluster.beforePush = ({ type }: Push) => (type === 'drop' ? never : undefined)
    metadata.stale(['t'], 'test')
    await env.advance(100)
    expect(metadata.cached('t')).toBeUndefined()
    expect(again.partitions).toHaveLength(1)
  })

  test('F10 a topic that stays unknown is deleted: its partitions end, though not before unknownTopicTimeoutMs', async () => {
    const { env, cluster, metadata } = await known(2)
    cluster.topics.delete('t')
    metadata.stale(['t'], 'test')
    await env.advance(4_900)
    expect(cluster.pushes).toEqual([])
    expect(metadata.cached('t')).toBeDefined()
    await env.advance(1_000)
    expect(cluster.pushes).toMatchObject([
      { type: 'drop', handles: [0, 1], error: { code: 'UNKNOWN_TOPIC', message: expect.stringContaining('was deleted') } },
    ])
    expect(metadata.cached('t')).toBeUndefined()
    const asked = cluster.calls.length
    await env.advance(60_000)
    expect(cluster.calls).toHaveLength(asked)
  })

  test('F10 a broker that does not know the topic for a moment changes nothing', async () => {
    const { env, cluster, metadata, topic, view } = await known(2)
    cluster.topics.delete('t')
    metadata.stale(['t'], 'test')
    await env.advance(3_000)
    cluster.topics.set('t', topic)
    await env.advance(10_000)
    cluster.topics.delete('t')
    metadata.stale(['t'], 'test')
    await env.advance(3_000)
    expect(metadata.cached('t')).toBe(view)
    expect(cluster.pushes).toEqual([])
  })

  test('a topic id that appears with an upgrade keeps the handles', async () => {
    const { topic, cluster, refreshed } = await known(2)
    const old = await connected()
    old.cluster.topic('t', 2, ZERO_UUID)
    const before = await old.env.until(old.metadata.topic('t'))
    expect(before.topicId).toBe(ZERO_UUID)
    const topicId = newTopicId()
    old.cluster.topics.get('t')!.topicId = topicId
    old.metadata.stale(['t'], 'test')
    await old.env.advance(1_500)
    expect(old.metadata.cached('t')).toMatchObject({ topicId, partitions: [{ handle: 0 }, { handle: 1 }] })
    expect(old.cluster.pushes.at(-1)).toMatchObject({ type: 'partitions', partitions: [{ topicId }, { topicId }] })
    // and an answer of a broker that was not upgraded yet takes the id not away
    topic.topicId = ZERO_UUID
    expect((await refreshed()).topicId).not.toBe(ZERO_UUID)
    expect(cluster.pushes).toEqual([])
  })

  test('what the workers could not be told is told again before anybody sees it', async () => {
    const { env, cluster, metadata, topic } = await known(1)
    topic.partitions[0] = { leader: 3, epoch: 9 }
    let failures = 2
    cluster.beforePush = () => {
      if (failures-- > 0) throw new KafkaError('WORKER_DIED', 'gone')
    }
    metadata.stale(['t'], 'test')
    await env.settle()
    expect(metadata.cached('t')!.partitions[0]).toMatchObject({ leader: 1 })
    await env.advance(2_000)
    expect(metadata.cached('t')!.partitions[0]).toMatchObject({ leader: 3, leaderEpoch: 9 })
    expect(cluster.told.get(0)).toMatchObject({ leader: 3, leaderEpoch: 9 })
  })

  test('F10 a topic that ends while older news is on its way to the workers stays gone', async () => {
    const { env, cluster, metadata, topic } = await known(1)
    topic.partitions[0] = { leader: 3, epoch: 9 }
    let go = () => {}
    cluster.beforePush = ({ type }: Push) => (type === 'partitions' ? new Promise<void>((resolve) => (go = resolve)) : never)
    metadata.stale(['t'], 'test')
    await env.settle()
    metadata.forget('t')
    go()
    await env.settle()
    expect(cluster.pushes).toMatchObject([{ type: 'partitions' }])
    expect(metadata.cached('t')).toBeUndefined()
  })

  test('forget ends a topic at once', async () => {
    const { env, cluster, metadata } = await known(2)
    await env.until(metadata.forget('t'), 0)
    expect(metadata.cached('t')).toBeUndefined()
    expect(cluster.pushes).toMatchObject([{ type: 'drop', handles: [0, 1] }])
  })
})

describe('F43 lies', () => {
  test('duplicate, negative and huge partition ids are ignored one by one', async () => {
    const { env, cluster, metadata } = await connected()
    const indices = [0, 1, -1, 2 ** 31 - 1, 2, 17]
    cluster.topic(
      't',
      indices.map((index) => ({ leader: 1, epoch: 0, index })),
    )
    expect((await env.until(metadata.topic('t'))).partitions.map(({ partition }) => partition)).toEqual([0, 1, 2])
  })

  test('of entries for the same partition the first one counts', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('t', [
      { leader: 1, epoch: 3, index: 0 },
      { leader: 2, epoch: 9, index: 0 },
    ])
    expect((await env.until(metadata.topic('t'))).partitions).toEqual([{ handle: 0, partition: 0, leader: 1, leaderEpoch: 3 }])
  })

  test('a gap is a partition without a leader', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic(
      't',
      [0, 0, 2].map((index) => ({ leader: 1, epoch: 0, index })),
    )
    expect((await env.until(metadata.topic('t'))).partitions.map(({ leader }) => leader)).toEqual([1, -1, 1])
  })

  test('brokers with impossible addresses keep their last one, an empty list keeps all', async () => {
    const { env, cluster, metadata } = await connected()
    const good = metadata.brokers
    cluster.brokers = [
      { nodeId: 1, host: 'broker-1', port: 70_000, rack: null },
      { nodeId: 2, host: '', port: 1, rack: null },
      { nodeId: 3, host: 'broker-3', port: 9092, rack: null },
      { nodeId: 3, host: 'twice', port: 1, rack: null },
      { nodeId: -7, host: 'negative', port: 1, rack: null },
      { nodeId: 4, host: 'new', port: 0, rack: null },
    ]
    await env.until(metadata.refresh())
    expect(metadata.brokers).toEqual(good)
    cluster.brokers = []
    await env.until(metadata.refresh())
    expect(metadata.brokers).toEqual(good)
    expect(cluster.pushes).toEqual([])
  })

  test('topics that were not asked for are ignored, topics that are missing in the answer are asked for again', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('t')
    let lies = 3
    cluster.handlers.set(3, (_body, call) => {
      const answer = cluster.metadata(call)
      if (lies-- > 0) for (const topic of answer.topics) topic.name = lies === 0 ? null : 'other'
      return answer
    })
    expect((await env.until(metadata.topic('t'))).topic).toBe('t')
    expect(metadata.cached('other')).toBeUndefined()
  })

  const int = fc.oneof(fc.integer({ min: -2, max: 5 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31)))
  const answer = fc.record({
    throttleTimeMs: int,
    brokers: fc.array(
      fc.record({
        nodeId: int,
        host: fc.constantFrom('', 'x', 'y'),
        port: fc.constantFrom(-1, 0, 1, 70_000),
        rack: fc.constant(null),
      }),
    ),
    clusterId: fc.constantFrom(null, 'c'),
    controllerId: int,
    errorCode: fc.constantFrom(0, 0, 0, 0, 129, 999),
    clusterAuthorizedOperations: int,
    topics: fc.array(
      fc.record({
        errorCode: fc.constantFrom(0, 0, 0, 0, 3, 5, 29, 100, 999),
        name: fc.constantFrom('t', 't', 't', 'other', null),
        topicId: fc.constantFrom(ZERO_UUID, 'AAAAAAAAAAAAAAAAAAAAAQ', 'AAAAAAAAAAAAAAAAAAAAAg'),
        isInternal: fc.boolean(),
        topicAuthorizedOperations: int,
        partitions: fc.array(
          fc.record({
            errorCode: int,
            partitionIndex: int,
            leaderId: int,
            leaderEpoch: int,
            replicaNodes: fc.constant([]),
            isrNodes: fc.constant([]),
            offlineReplicas: fc.constant([]),
          }),
        ),
      }),
    ),
  })
  property.prop([fc.array(answer, { minLength: 1, maxLength: 12 })])(
    'F6 F43 IX1 whatever is answered: no crash, epochs only grow, handles are unique, views agree with the workers',
    async (answers) => {
      const { env, cluster, metadata } = await connected()
      cluster.topic('t', 2)
      await env.until(metadata.topic('t'))
      const epochs = new Map<number, number>()
      const dropped = new Set<number>()
      for (const body of answers) {
        cluster.handlers.set(3, () => structuredClone(body) as unknown as MetadataResponse)
        metadata.stale(['t'], 'test')
        metadata.topic('t').catch(() => undefined)
        await env.advance(1_500)
        for (const push of cluster.pushes) if (push.type === 'drop') for (const handle of push.handles) dropped.add(handle)
        const view = metadata.cached('t')
        for (const [index, { handle, partition, leader, leaderEpoch }] of (view?.partitions ?? []).entries()) {
          expect(partition).toBe(index)
          expect(dropped).not.toContain(handle)
          expect(leaderEpoch).toBeGreaterThanOrEqual(epochs.get(handle) ?? -1)
          epochs.set(handle, leaderEpoch)
          expect(cluster.told.get(handle)).toMatchObject({ partition, leader, leaderEpoch, topicId: view!.topicId })
          expect(leader === -1 || metadata.brokers.length === 0 || leader >= 0).toBe(true)
        }
        expect(new Set(view?.partitions.map(({ handle }) => handle)).size).toBe(view?.partitions.length ?? 0)
      }
      metadata.close()
    },
  )
})
