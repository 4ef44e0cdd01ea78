import { describe, expect, test } from 'vitest'
import { Admin } from '../../src/main/admin.ts'
import { ZERO_UUID } from '../../src/main/cluster-view.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import type { CreatePartitionsRequest } from '../../src/shared/protocol/generated/create-partitions.ts'
import type { CreateTopicsRequest } from '../../src/shared/protocol/generated/create-topics.ts'
import type { DeleteTopicsRequest } from '../../src/shared/protocol/generated/delete-topics.ts'
import { type Call, failure, newTopicId } from '../support/fake-cluster.ts'
import { connected, never, rejection, settings, start } from '../support/metadata-world.ts'

const CREATE = 19
const DELETE = 20
const GROW = 37
const INVALID_PARTITIONS = 37
const NOT_CONTROLLER = 41
const REQUEST_TIMED_OUT = 7
const TOPIC_ALREADY_EXISTS = 36
const UNKNOWN_TOPIC = 3

/** An admin on a fake cluster whose controller creates and deletes topics. */
async function adminWorld() {
  const world = await connected()
  const { env, cluster, metadata } = world
  const admin = new Admin({ env, io: cluster, metadata, options: settings })
  const refusals = new Map<string, { errorCode: number; errorMessage: string | null }>()
  cluster.handlers.set(CREATE, (body: CreateTopicsRequest) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name, numPartitions, assignments }) => {
      const refusal =
        refusals.get(name) ??
        (cluster.topics.has(name) ? { errorCode: TOPIC_ALREADY_EXISTS, errorMessage: 'It exists.' } : undefined)
      const created = refusal ? undefined : cluster.topic(name, assignments.length || numPartitions)
      return { name, topicId: created?.topicId ?? ZERO_UUID, errorCode: 0, errorMessage: null, ...refusal }
    }),
  }))
  cluster.handlers.set(DELETE, (body: DeleteTopicsRequest) => ({
    throttleTimeMs: 0,
    responses: body.topics.map(({ name }) => {
      const topicId = cluster.topics.get(name!)?.topicId ?? ZERO_UUID
      const known = cluster.topics.delete(name!)
      return { name, topicId, errorCode: known ? 0 : UNKNOWN_TOPIC, errorMessage: null, ...refusals.get(name!) }
    }),
  }))
  cluster.handlers.set(GROW, (body: CreatePartitionsRequest) => ({
    throttleTimeMs: 0,
    results: body.topics.map(({ name, count }) => {
      const topic = cluster.topics.get(name)
      const present = topic?.partitions.length ?? 0
      const errorCode = topic === undefined ? UNKNOWN_TOPIC : count > present ? 0 : INVALID_PARTITIONS
      for (let index = present; errorCode === 0 && index < count; index++) topic!.partitions.push({ leader: 1, epoch: 0 })
      return { name, errorCode, errorMessage: null, ...refusals.get(name) }
    }),
  }))
  const callsOf = (apiKey: number) => cluster.calls.filter((call) => call.apiKey === apiKey)
  return { ...world, admin, refusals, callsOf }
}

/** Makes the first call of an API go wrong in some way. */
function firstTime(apiKey: number, act: (call: Call) => unknown) {
  let first = true
  return (call: Call) => {
    if (call.apiKey !== apiKey || !first) return undefined
    first = false
    return act(call)
  }
}

const raise = (error: KafkaError) => () => {
  throw error
}

describe('createTopics', () => {
  test('asks the controller and tells what was created', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.controllerId = 2
    const configs = { 'retention.ms': '1000' }
    const created = await env.until(
      admin.createTopics([
        { topic: 'a', partitions: 3, configs },
        { topic: 'b', configs: new Map([['x', 'y']]) },
      ]),
    )
    expect(created).toEqual([
      { topic: 'a', topicId: cluster.topics.get('a')!.topicId, partitions: 3, replicationFactor: 3 },
      { topic: 'b', topicId: cluster.topics.get('b')!.topicId, partitions: 1, replicationFactor: 3 },
    ])
    expect(callsOf(CREATE)).toMatchObject([
      {
        target: 1,
        body: {
          topics: [
            {
              name: 'a',
              numPartitions: 3,
              replicationFactor: -1,
              assignments: [],
              configs: [{ name: 'retention.ms', value: '1000' }],
            },
            { name: 'b', numPartitions: 1, replicationFactor: -1, assignments: [], configs: [{ name: 'x', value: 'y' }] },
          ],
        },
      },
    ])
  })

  test('the first call of a client finds the controller first', async () => {
    const { env, cluster, metadata } = start()
    cluster.handlers.set(CREATE, () => {
      cluster.topic('a')
      return { topics: [{ name: 'a', topicId: ZERO_UUID, errorCode: 0, errorMessage: null }] }
    })
    cluster.controllerId = 3
    await env.until(new Admin({ env, io: cluster, metadata, options: settings }).createTopics([{ topic: 'a' }]))
    expect(cluster.calls.map(({ apiKey, target }) => [apiKey, target])).toEqual([
      [3, 'any'],
      [CREATE, 3],
      [3, 'any'],
    ])
  })

  test('no topics, no requests', async () => {
    const { env, cluster, admin } = await adminWorld()
    expect(await env.until(admin.createTopics([]))).toEqual([])
    await env.until(admin.deleteTopics([]))
    expect(cluster.calls).toEqual([])
  })

  test('assignments stand for partitions and replication factor', async () => {
    const { env, admin, callsOf } = await adminWorld()
    const created = await env.until(
      admin.createTopics([
        {
          topic: 'a',
          assignments: [
            [1, 2],
            [2, 3],
          ],
        },
      ]),
    )
    expect(created).toMatchObject([{ partitions: 2 }])
    expect(callsOf(CREATE)[0]!.body.topics).toMatchObject([
      {
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [
          { partitionIndex: 0, brokerIds: [1, 2] },
          { partitionIndex: 1, brokerIds: [2, 3] },
        ],
      },
    ])
  })

  test('resolves only when all partitions have leaders and the workers know them', async () => {
    const { env, cluster, metadata, admin } = await adminWorld()
    cluster.handlers.set(CREATE, () => ({ topics: [{ name: 'a', topicId: ZERO_UUID, errorCode: 0, errorMessage: null }] }))
    let resolved = false
    const created = admin.createTopics([{ topic: 'a', partitions: 2 }]).finally(() => (resolved = true))
    await env.advance(8_000)
    const topic = cluster.topic('a', [{ leader: 1, epoch: 0 }])
    await env.advance(2_000)
    topic.partitions.push({ leader: -1, epoch: 0 })
    await env.advance(2_000)
    expect(resolved).toBe(false)
    topic.partitions[1] = { leader: 2, epoch: 1 }
    await env.until(created, 1_300)
    expect(metadata.cached('a')!.partitions).toHaveLength(2)
    expect(cluster.told.size).toBe(2)
  })

  test('F10 a topic created again is not mistaken for the old one of the same name', async () => {
    const { env, cluster, metadata, admin } = await adminWorld()
    const old = cluster.topic('a')
    await env.until(metadata.topic('a'))
    const topicId = newTopicId()
    cluster.handlers.set(CREATE, () => ({ topics: [{ name: 'a', topicId, errorCode: 0, errorMessage: null }] }))
    const created = admin.createTopics([{ topic: 'a' }])
    await env.advance(1_000)
    expect(metadata.cached('a')).toMatchObject({ topicId: old.topicId })
    cluster.topic('a', 1, topicId)
    expect(await env.until(created)).toMatchObject([{ topicId }])
  })

  test("a refusal names the topic, Kafka's error, and what the broker says", async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.topic('a')
    const error = await env.until(rejection(admin.createTopics([{ topic: 'a' }])))
    expect(error).toMatchObject({
      code: 'BROKER_ERROR',
      context: { topic: 'a', api: 'CreateTopics', brokerError: 'TOPIC_ALREADY_EXISTS', brokerErrorCode: 36 },
    })
    expect(error.message).toContain('The broker says: It exists.')
    expect(callsOf(CREATE)).toHaveLength(1)
  })

  test('several refusals are one error that names the first and carries all', async () => {
    const { env, cluster, admin } = await adminWorld()
    for (const topic of ['a', 'b', 'c']) cluster.topic(topic)
    const error = await env.until(rejection(admin.createTopics(['a', 'x', 'b', 'c'].map((topic) => ({ topic })))))
    expect(error.message).toContain("topic 'a'")
    expect(error.message).toContain('2 more parts of this call failed')
    expect((error.cause as AggregateError).errors.map(({ context }: KafkaError) => context.topic)).toEqual(['a', 'b', 'c'])
    expect(cluster.topics.has('x')).toBe(true)
  })

  test('NOT_CONTROLLER leads to fresh metadata and the new controller; topics that are done are not sent again', async () => {
    const { env, cluster, refusals, admin, callsOf } = await adminWorld()
    refusals.set('b', { errorCode: NOT_CONTROLLER, errorMessage: null })
    cluster.controllerId = 3
    cluster.before = (call) => {
      if (call.apiKey === CREATE && call.target === 3) refusals.clear()
    }
    await env.until(admin.createTopics([{ topic: 'a' }, { topic: 'b' }]))
    expect(callsOf(CREATE).map(({ target, body }) => [target, body.topics.map(({ name }: { name: string }) => name)])).toEqual([
      [1, ['a', 'b']],
      [3, ['b']],
    ])
  })

  test.each([
    ['the connection was lost', failure('CONNECTION_LOST')],
    ['the request timed out', failure('TIMEOUT')],
  ])('when %s after the topic was made, its existence counts as success if it has the wanted shape', async (_what, error) => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.before = firstTime(CREATE, () => {
      cluster.topic('a', 2)
      throw error
    })
    expect(await env.until(admin.createTopics([{ topic: 'a', partitions: 2, replicationFactor: 3 }]))).toMatchObject([
      { topic: 'a', partitions: 2 },
    ])
    expect(callsOf(CREATE)).toHaveLength(2)
  })

  test.each([[{ topic: 'a', partitions: 3 }], [{ topic: 'a', partitions: 2, replicationFactor: 1 }]])(
    'but not when its shape is another one: %o',
    async (wanted) => {
      const { env, cluster, admin } = await adminWorld()
      cluster.before = firstTime(CREATE, () => {
        cluster.topic('a', 2)
        throw failure('CONNECTION_LOST')
      })
      expect((await env.until(rejection(admin.createTopics([wanted])))).context.brokerError).toBe('TOPIC_ALREADY_EXISTS')
    },
  )

  test('a broker that ran out of time may have made the topic all the same', async () => {
    const { env, cluster, refusals, admin } = await adminWorld()
    refusals.set('a', { errorCode: REQUEST_TIMED_OUT, errorMessage: null })
    const created = admin.createTopics([{ topic: 'a' }])
    await env.settle()
    refusals.clear()
    cluster.topic('a')
    expect(await env.until(created)).toMatchObject([{ topic: 'a' }])
  })

  test('IX3 retries with back-off and ends at its timeout with the last failure', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.before = raise(failure('NO_BROKER', 'all are down'))
    const error = await env.until(rejection(admin.createTopics([{ topic: 'a' }], { timeoutMs: 10_000 })))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true, cause: { code: 'NO_BROKER' } })
    expect(error.message).toContain('all are down')
    expect(env.now()).toBeLessThanOrEqual(10_000)
    expect(callsOf(CREATE).length).toBeGreaterThan(8)
    expect(callsOf(CREATE).length).toBeLessThan(18)
  })

  test('an answer that leaves a topic out is asked for again', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    const create = cluster.handlers.get(CREATE)!
    cluster.handlers.set(CREATE, (body, call) => (callsOf(CREATE).length === 1 ? { topics: [] } : create(body, call)))
    await env.until(admin.createTopics([{ topic: 'a' }]))
    expect(callsOf(CREATE)).toHaveLength(2)
  })

  test('what cannot succeed is not tried again', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.before = raise(failure('UNSUPPORTED', 'too old'))
    expect((await env.until(rejection(admin.createTopics([{ topic: 'a' }])))).message).toBe('too old')
    expect(callsOf(CREATE)).toHaveLength(1)
  })

  test.each([
    ['a misspelt option', [{ topic: 'a', partition: 3 }], "did you mean 'partitions'?"],
    ['a bad name', [{ topic: 'a b' }], 'cannot name a topic'],
    ['the same topic twice', [{ topic: 'a' }, { topic: 'a' }], 'is named twice'],
  ])('refuses %s without asking', async (_what, topics, message) => {
    const { cluster, admin } = await adminWorld()
    await expect(admin.createTopics(topics as never)).rejects.toThrow(message)
    expect(cluster.calls).toEqual([])
  })

  test.each([['during the request'], ['during a pause'], ['while it waits for leaders']])('a signal ends it %s', async (when) => {
    const { env, cluster, admin } = await adminWorld()
    if (when === 'during the request') cluster.before = () => never
    if (when === 'during a pause') cluster.before = raise(failure('NO_BROKER'))
    if (when === 'while it waits for leaders') {
      cluster.handlers.set(CREATE, () => ({ topics: [{ name: 'a', topicId: ZERO_UUID, errorCode: 0, errorMessage: null }] }))
    }
    const abort = new AbortController()
    const error = rejection(admin.createTopics([{ topic: 'a' }], { signal: abort.signal }))
    await env.advance(2_000)
    abort.abort('enough')
    expect(await env.until(error, 0)).toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })

  test('IX5 close ends what is under way with CLOSED and leaves no timer', async () => {
    const { env, cluster, metadata, admin } = await adminWorld()
    cluster.before = () => never
    const errors = [
      rejection(admin.createTopics([{ topic: 'a' }])),
      rejection(admin.listOffsets([{ topic: 'a', partition: 0, timestamp: 'latest' }])),
    ]
    await env.advance(2_000)
    admin.close()
    metadata.close()
    for (const { code } of await env.until(Promise.all(errors), 0)) expect(code).toBe('CLOSED')
    await env.settle()
    expect(env.pending).toBe(0)
  })
})

describe('createPartitions', () => {
  test('F9: asks the controller and resolves when the metadata shows the new partitions with leaders', async () => {
    const { env, cluster, admin, metadata, callsOf } = await adminWorld()
    cluster.topic('a', 1)
    cluster.topic('b', 2)
    await env.until(metadata.topic('a'))
    await env.until(
      admin.createPartitions([
        { topic: 'a', count: 3 },
        { topic: 'b', count: 3, assignments: [[2, 1]] },
      ]),
    )
    expect(callsOf(GROW)).toMatchObject([
      {
        target: 1,
        body: {
          topics: [
            { name: 'a', count: 3, assignments: null },
            { name: 'b', count: 3, assignments: [{ brokerIds: [2, 1] }] },
          ],
        },
      },
    ])
    expect(metadata.cached('a')!.partitions).toHaveLength(3)
  })

  test('F9: a lost answer is no failure when the partitions are there', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    const topic = cluster.topic('a', 1)
    cluster.before = firstTime(GROW, () => {
      for (let index = 1; index < 3; index++) topic.partitions.push({ leader: 1, epoch: 0 })
      throw failure('CONNECTION_LOST')
    })
    await env.until(admin.createPartitions([{ topic: 'a', count: 3 }]))
    expect(callsOf(GROW)).toHaveLength(2)
  })

  test('F9: refuses an unknown topic and a number that is no growth at once; what can grow does', async () => {
    const { env, cluster, admin, metadata } = await adminWorld()
    cluster.topic('a', 2)
    cluster.topic('b', 2)
    const wishes = ['none', 'a', 'b'].map((topic) => ({ topic, count: topic === 'a' ? 2 : 5 }))
    const error = await env.until(rejection(admin.createPartitions(wishes)), 5_000)
    expect(error.message).toContain('One more part of this call failed')
    expect((error.cause as AggregateError).errors.map(({ context }) => [context.topic, context.brokerError])).toEqual([
      ['none', 'UNKNOWN_TOPIC_OR_PARTITION'],
      ['a', 'INVALID_PARTITIONS'],
    ])
    expect(metadata.cached('b')!.partitions).toHaveLength(5)
    await expect(
      admin.createPartitions([
        { topic: 'a', count: 3 },
        { topic: 'a', count: 4 },
      ]),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(admin.createPartitions([{ topic: 'a', count: 0 }])).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})

describe('deleteTopics', () => {
  test('resolves when brokers no longer show the topics; their partitions end at once', async () => {
    const { env, cluster, metadata, admin } = await adminWorld()
    const topic = cluster.topic('a', 2)
    await env.until(metadata.topic('a'))
    cluster.handlers.set(DELETE, () => ({ responses: [{ name: 'a', topicId: topic.topicId, errorCode: 0, errorMessage: null }] }))
    let resolved = false
    const deleted = admin.deleteTopics(['a']).finally(() => (resolved = true))
    await env.advance(3_000)
    expect(resolved).toBe(false)
    cluster.topics.delete('a')
    await env.until(deleted, 1_300)
    expect(metadata.cached('a')).toBeUndefined()
    expect(cluster.pushes.at(-1)).toMatchObject({ type: 'drop', handles: [0, 1] })
  })

  test('another topic that got the name meanwhile does not stand in the way', async () => {
    const { env, cluster, admin } = await adminWorld()
    const topic = cluster.topic('a')
    cluster.handlers.set(DELETE, () => {
      cluster.topic('a')
      return { responses: [{ name: 'a', topicId: topic.topicId, errorCode: 0, errorMessage: null }] }
    })
    await env.until(admin.deleteTopics(['a']), 1_000)
  })

  test('brokers before 2.8 get the older form of the request', async () => {
    const { env, cluster, admin, callsOf } = await adminWorld()
    cluster.topic('a')
    cluster.before = firstTime(DELETE, raise(failure('UNSUPPORTED')))
    cluster.handlers.set(DELETE, () => {
      cluster.topics.delete('a')
      return { responses: [{ name: 'a', topicId: ZERO_UUID, errorCode: 0, errorMessage: null }] }
    })
    await env.until(admin.deleteTopics(['a']))
    expect(callsOf(DELETE).map(({ body }) => body)).toMatchObject([
      { topics: [{ name: 'a' }], topicNames: ['a'] },
      { topicNames: ['a'] },
    ])
    expect(callsOf(DELETE)[1]!.body.topics).toBeUndefined()
  })

  test('a topic that does not exist is an error, but not after an attempt of unknown outcome', async () => {
    const { env, cluster, admin } = await adminWorld()
    expect((await env.until(rejection(admin.deleteTopics(['nope'])))).context.brokerError).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    cluster.topic('a')
    cluster.before = firstTime(DELETE, () => {
      cluster.topics.delete('a')
      throw failure('CONNECTION_LOST')
    })
    await env.until(admin.deleteTopics(['a']))
  })
})

test('deleteTopics refuses bad and repeated names without asking', async () => {
  const { cluster, admin } = await adminWorld()
  await expect(admin.deleteTopics(['a', 'a'])).rejects.toThrow('is named twice')
  await expect(admin.deleteTopics([''])).rejects.toThrow('cannot name a topic')
  expect(cluster.calls).toEqual([])
})
