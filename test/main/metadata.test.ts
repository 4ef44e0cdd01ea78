import { describe, expect, test } from 'vitest'
import { failure } from '../support/fake-cluster.ts'
import { connected, never, rejection, start } from '../support/metadata-world.ts'

describe('connect', () => {
  test('asks for no topic, and resolves when the workers know the brokers', async () => {
    const { env, cluster, metadata } = start()
    await env.until(metadata.connect())
    expect(cluster.asked).toEqual([[]])
    expect(cluster.calls[0]).toMatchObject({ target: -2, body: { topics: [], allowAutoTopicCreation: false } })
    expect(metadata).toMatchObject({
      brokers: [{ nodeId: 1 }, { nodeId: 2 }, { nodeId: 3 }],
      controllerId: 1,
      clusterId: 'cluster',
    })
    expect(cluster.pushes.at(-1)).toMatchObject({
      type: 'brokers',
      brokers: [{ nodeId: 1 }, { nodeId: 2 }, { nodeId: 3 }, { nodeId: -2 }, { nodeId: -3 }],
    })
  })

  test('F44 tries each address in turn and ends with NO_BROKER that tells why for each', async () => {
    const { env, cluster, metadata } = start(['a:1', '[::1]:2'])
    cluster.before = ({ target }) => {
      throw failure('CONNECTION_FAILED', target === -2 ? 'no such host' : 'connection refused')
    }
    const error = await env.until(rejection(metadata.connect()), 10)
    expect(error.code).toBe('NO_BROKER')
    expect(error.message).toContain('a:1: no such host')
    expect(error.message).toContain('[::1]:2: connection refused')
    expect(cluster.calls.map(({ target }) => target)).toEqual([-2, -3])
  })

  test('F44 a dead first address costs a second, not its timeout', async () => {
    const { env, cluster, metadata } = start()
    cluster.before = ({ target }) => (target === -2 ? never : undefined)
    await env.until(metadata.connect(), 1_001)
    expect(env.now()).toBe(1_000)
  })

  test('F43 a first answer without any usable broker is a failure of that address', async () => {
    const { env, cluster, metadata } = start(['a:1'])
    cluster.brokers = [{ nodeId: 1, host: 'x', port: 70_000, rack: null }]
    expect((await env.until(rejection(metadata.connect()))).message).toContain('a:1: its answer names no broker of its cluster')
  })

  test('several callers share one attempt, a second call does nothing, and a failed one can be repeated', async () => {
    const { env, cluster, metadata } = start(['a:1'])
    cluster.before = () => {
      throw failure('CONNECTION_FAILED')
    }
    await env.until(rejection(metadata.connect()))
    cluster.before = () => undefined
    await env.until(Promise.all([metadata.connect(), metadata.connect()]))
    await env.until(metadata.connect())
    expect(cluster.calls).toHaveLength(2)
  })

  test('can be aborted', async () => {
    const { env, cluster, metadata } = start()
    cluster.before = () => never
    const abort = new AbortController()
    const error = rejection(metadata.connect(abort.signal))
    await env.settle()
    abort.abort('enough')
    expect(await env.until(error, 0)).toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })
})

describe('topic', () => {
  test('names only the topics of interest, and resolves when the workers know the handles', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('orders', 2)
    cluster.topic('other', 2)
    let pushed = () => {}
    cluster.beforePush = () => new Promise<void>((resolve) => (pushed = resolve))
    let resolved = false
    const topic = metadata.topic('orders').finally(() => (resolved = true))
    await env.advance(10)
    expect(resolved).toBe(false)
    expect(metadata.cached('orders')).toBeUndefined()
    pushed()
    const view = await env.until(topic)
    expect(view.partitions).toEqual([
      { handle: 0, partition: 0, leader: 1, leaderEpoch: 0 },
      { handle: 1, partition: 1, leader: 2, leaderEpoch: 0 },
    ])
    expect(metadata.cached('orders')).toBe(view)
    expect(await metadata.topic('orders')).toBe(view)
    expect(cluster.asked).toEqual([['orders']])
    expect([...cluster.told.values()]).toEqual([
      { handle: 0, topic: 'orders', topicId: view.topicId, partition: 0, leader: 1, leaderEpoch: 0 },
      { handle: 1, topic: 'orders', topicId: view.topicId, partition: 1, leader: 2, leaderEpoch: 0 },
    ])
  })

  test('a thousand calls for a hundred topics in one turn are one request', async () => {
    const { env, cluster, metadata } = await connected()
    const names = Array.from({ length: 1_000 }, (_, i) => `t${i % 100}`)
    for (const name of names) if (!cluster.topics.has(name)) cluster.topic(name)
    const views = await env.until(Promise.all(names.map((name) => metadata.topic(name))))
    expect(cluster.asked.map((asked) => asked.length)).toEqual([100])
    expect(new Set(views.map(({ partitions }) => partitions[0]!.handle)).size).toBe(100)
  })

  test('F10 a topic that stays unknown fails with UNKNOWN_TOPIC and advice when unknownTopicTimeoutMs is over', async () => {
    const { env, cluster, metadata } = await connected()
    const error = await env.until(rejection(metadata.topic('nope')))
    expect(error).toMatchObject({ code: 'UNKNOWN_TOPIC', context: { topic: 'nope' } })
    expect(error.message).toContain('admin.createTopics')
    expect(env.now()).toBeGreaterThanOrEqual(5_000)
    expect(env.now()).toBeLessThan(5_200)
    expect(cluster.calls.length).toBeLessThan(12)
    const asked = cluster.calls.length
    await env.advance(60_000)
    expect(cluster.calls).toHaveLength(asked)
  })

  test('a topic that is created meanwhile is found', async () => {
    const { env, cluster, metadata } = await connected()
    const topic = metadata.topic('late')
    await env.advance(3_000)
    cluster.topic('late')
    expect((await env.until(topic)).topic).toBe('late')
    expect(env.now()).toBeLessThan(4_300)
  })

  test('each caller waits its own time', async () => {
    const { env, metadata } = await connected()
    const first = rejection(metadata.topic('nope'))
    await env.advance(4_000)
    const second = rejection(metadata.topic('nope', { unknownTimeoutMs: 10_000 }))
    await env.until(first)
    expect(env.now()).toBeLessThan(5_200)
    await env.until(second)
    expect(env.now()).toBeGreaterThanOrEqual(14_000)
  })

  test('F43 IP7 zero partitions with error 0 are waited for, then an error, never a success', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('empty', 0)
    const error = await env.until(rejection(metadata.topic('empty')))
    expect(error).toMatchObject({ code: 'UNKNOWN_TOPIC', retriable: true })
    expect(error.message).toContain('without any partition')
    expect(env.now()).toBeGreaterThanOrEqual(5_000)
  })

  test('partitions without a leader are partitions', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('t', [{ leader: -1, epoch: -1 }])
    expect((await env.until(metadata.topic('t'))).partitions).toEqual([{ handle: 0, partition: 0, leader: -1, leaderEpoch: -1 }])
  })

  test('F39 a refusal of the broker ends the wait at once, and a loop of calls makes no storm', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('secret').errorCode = 29
    const error = await env.until(rejection(metadata.topic('secret')), 1)
    expect(error).toMatchObject({ code: 'BROKER_ERROR', context: { brokerError: 'TOPIC_AUTHORIZATION_FAILED' } })
    const end = env.now() + 20_000
    while (env.now() < end) await env.until(rejection(metadata.topic('secret')))
    expect(cluster.calls.length).toBeLessThan(35)
    cluster.topics.get('secret')!.errorCode = 0
    await env.until(metadata.topic('secret'), 1_500)
  })

  test.each([[''], ['.'], ['..'], ['a b'], ['ü'], ['x'.repeat(250)], ['a/b'], [undefined]])(
    'refuses the name %o without asking',
    async (name) => {
      const { env, cluster, metadata } = await connected()
      expect((await env.until(rejection(metadata.topic(name as string)))).code).toBe('INVALID_ARGUMENT')
      expect(cluster.calls).toEqual([])
    },
  )

  test('IX9 topics named like built-ins are topics', async () => {
    const { env, cluster, metadata } = await connected()
    for (const name of ['__proto__', 'constructor', 'toString']) {
      cluster.topic(name)
      expect((await env.until(metadata.topic(name))).topic).toBe(name)
    }
    expect(metadata.cached('hasOwnProperty')).toBeUndefined()
  })

  test('a signal ends the wait with its reason, also before it starts', async () => {
    const { env, cluster, metadata } = await connected()
    const abort = new AbortController()
    const wait = rejection(metadata.topic('nope', { signal: abort.signal }))
    await env.advance(500)
    abort.abort('enough')
    expect(await env.until(wait, 0)).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    cluster.calls.length = 0
    expect(await env.until(rejection(metadata.topic('new', { signal: abort.signal })), 0)).toMatchObject({ code: 'ABORTED' })
    await env.advance(5_000)
    expect(cluster.calls.length).toBeLessThanOrEqual(1)
  })

  test('the deadline ends the wait and the error tells the last failure', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.before = () => {
      throw failure('NO_BROKER', 'all of them are down')
    }
    const error = await env.until(rejection(metadata.topic('t', { deadline: env.now() + 700 })))
    expect(error.code).toBe('TIMEOUT')
    expect(error.message).toContain('after 700 ms')
    expect(error.message).toContain('all of them are down')
  })

  test('a caller that joins a request which is refused does not keep later ones from asking', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('secret').errorCode = 29
    cluster.before = () => new Promise<void>((resolve) => env.setTimeout(resolve, 50))
    const first = rejection(metadata.topic('secret'))
    await env.advance(20)
    await env.until(Promise.all([first, rejection(metadata.topic('secret'))]))
    expect(cluster.calls).toHaveLength(1)
    cluster.topics.get('secret')!.errorCode = 0
    await env.until(metadata.topic('secret'), 1_500)
  })

  test('a passing refusal is waited out', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('t').errorCode = 7
    const topic = metadata.topic('t')
    await env.advance(8_000)
    cluster.topics.get('t')!.errorCode = 0
    await env.until(topic, 1_300)
  })

  test('a topic that shows up in between was not unknown all the time', async () => {
    const { env, cluster, metadata } = await connected()
    const led = metadata.topic('t', { until: ({ partitions }) => partitions[0]!.leader >= 0 })
    await env.advance(3_500)
    const topic = cluster.topic('t', [{ leader: -1, epoch: 0 }])
    await env.advance(1_300)
    cluster.topics.delete('t')
    await env.advance(3_500)
    topic.partitions = [{ leader: 1, epoch: 1 }]
    cluster.topics.set('t', topic)
    await env.until(led, 1_300)
  })

  test('until waits for a view to the liking of the caller', async () => {
    const { env, cluster, metadata } = await connected()
    const topic = cluster.topic('t', [{ leader: -1, epoch: 0 }])
    const led = metadata.topic('t', { until: ({ partitions }) => partitions[0]!.leader >= 0 })
    await env.advance(1_000)
    topic.partitions = [{ leader: 2, epoch: 1 }]
    expect((await env.until(led, 1_300)).partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 1 })
  })
})

describe('close', () => {
  test('IX5 rejects all that waits with CLOSED and leaves no timer', async () => {
    const { env, cluster, metadata } = await connected()
    const unknown = rejection(metadata.topic('nope'))
    await env.advance(300)
    cluster.before = () => never
    const stuck = [rejection(metadata.topic('other')), rejection(metadata.refresh()), unknown]
    await env.advance(300)
    metadata.close()
    for (const error of await env.until(Promise.all(stuck), 0)) expect(error.code).toBe('CLOSED')
    await env.settle()
    expect(env.pending).toBe(0)
    metadata.close()
  })

  test('IX5 ends a connect that is under way', async () => {
    const { env, cluster, metadata } = start()
    cluster.before = () => never
    const error = rejection(metadata.connect())
    await env.advance(1_500)
    metadata.close()
    expect((await env.until(error, 0)).code).toBe('CLOSED')
    await env.settle()
    expect(env.pending).toBe(0)
  })

  test('afterwards every call is refused', async () => {
    const { env, metadata } = await connected()
    metadata.close()
    const calls = [metadata.topic('t'), metadata.connect(), metadata.refresh()].map(rejection)
    for (const error of await env.until(Promise.all(calls), 0)) expect(error.code).toBe('CLOSED')
    metadata.stale(['t'], 'test')
    await env.advance(1_000)
    expect(env.pending).toBe(0)
  })
})

describe('F9: nextAnswer', () => {
  test('an answer to a request that had left before does not count, the next one does', async () => {
    const { env, cluster, metadata } = await connected()
    const topic = cluster.topic('a', 1)
    await env.until(metadata.topic('a'))
    const held = Promise.withResolvers<void>()
    let calls = 0
    cluster.before = () => {
      if (++calls === 1) return held.promise
      // the topic grows after the first answer was made
      if (calls === 2) topic.partitions.push({ leader: 2, epoch: 0 })
      return undefined
    }
    metadata.stale(['a'], 'test')
    await env.advance(200)
    expect(calls).toBe(1)
    const asked = metadata.nextAnswer()
    const grown = metadata.topic('a', { until: ({ partitions }) => partitions.length > 1 || asked() })
    held.resolve()
    expect((await env.until(grown)).partitions).toHaveLength(2)
    expect(calls).toBe(2)
  })

  test('a partition that is not there is asked for once', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.topic('a', 1)
    await env.until(metadata.topic('a'))
    const before = cluster.calls.length
    const asked = metadata.nextAnswer()
    const same = metadata.topic('a', { until: ({ partitions }) => partitions.length > 7 || asked() })
    expect((await env.until(same)).partitions).toHaveLength(1)
    expect(cluster.calls).toHaveLength(before + 1)
  })
})
