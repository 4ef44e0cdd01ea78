import { describe, expect, test } from 'vitest'
import { handlers } from '../../../src/main/testing/broker/apis/index.ts'
import { handledApis } from '../../../src/main/testing/broker/apis/names.ts'
import { topicConfigs } from '../../../src/main/testing/broker/topic-configs.ts'
import { encodeRequestFrame } from '../../../src/shared/protocol/frame.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { createPartitions } from '../../../src/shared/protocol/generated/create-partitions.ts'
import { deleteTopics } from '../../../src/shared/protocol/generated/delete-topics.ts'
import { describeCluster } from '../../../src/shared/protocol/generated/describe-cluster.ts'
import { describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { findCoordinator } from '../../../src/shared/protocol/generated/find-coordinator.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { createTopics, Fixture, metadata } from './fixture.ts'

describe('ApiVersions', () => {
  test('advertises what is handled, each with its versions, and nothing else', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const software = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0.1.0' }
    for (let version = 0; version <= 4; version++) {
      const { errorCode, apiKeys } = await fixture.after(client.call(apiVersions, version, version >= 3 ? software : {}))
      expect(errorCode).toBe(0)
      const known = apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion])
      expect(known).toEqual(Array.from(handlers, ([key, { api }]) => [key, api.maxVersion]))
    }
    expect(new Map(Array.from(handlers, ([key, { api }]) => [api.name, key]))).toEqual(handledApis)
  })

  test('KIP-511: a version that is too new is answered in version 0, with the versions there are', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const writer = new Writer()
    encodeRequestFrame(writer, apiVersions, 4, 99, 'x', { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
    const frame = writer.finish()
    frame.writeInt16BE(77, 6)
    const call = client.call(apiVersions, 0, {})
    client.expectRaw(99, apiVersions, 0)
    client.send(frame)
    await fixture.after(call)
    expect(await fixture.after(client.raw(99))).toMatchObject({
      errorCode: 35,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
    })
  })

  test('a client that gives itself an impossible name is told so', async () => {
    const fixture = await Fixture.start()
    const call = (await fixture.client()).call(apiVersions, 3, { clientSoftwareName: '', clientSoftwareVersion: '-' })
    expect(await fixture.after(call)).toMatchObject({ errorCode: 42, apiKeys: [] })
  })
})

describe('Metadata', () => {
  const ask = async (fixture: Fixture, version: number, body: object) =>
    fixture.after((await fixture.client()).call(metadata, version, body))

  test.each([0, 1, 4, 7, 9, 12, 13])('version %d tells nodes, leaders and replicas', async (version) => {
    const fixture = await Fixture.start({ nodes: 3, rack: 'r', topics: [{ topic: 't', partitions: 3 }] })
    const answer = await ask(fixture, version, { topics: [{ name: 't' }] })
    expect(answer.brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`])).toEqual(
      fixture.cluster.addresses.map((address, i) => [i + 1, address]),
    )
    const { partitions } = answer.topics[0]!
    expect(new Set(partitions.map(({ leaderId }) => leaderId))).toEqual(new Set([1, 2, 3]))
    expect(partitions.map(({ replicaNodes }) => replicaNodes.length)).toEqual([3, 3, 3])
    if (version >= 1) expect(answer).toMatchObject({ controllerId: 1, brokers: [{ rack: 'r' }, {}, {}] })
    if (version >= 2) expect(answer.clusterId).toBe(fixture.cluster.id)
    if (version >= 10) expect(answer.topics[0]!.topicId).toBe(fixture.id())
  })

  test('no list is all topics, an empty one none; in version 0 an empty one is all', async () => {
    const fixture = await Fixture.start({ topics: [{ topic: 'a' }, { topic: 'b' }] })
    const names = async (version: number, topics: [] | null) =>
      (await ask(fixture, version, { topics })).topics.map(({ name }) => name)
    expect(await names(1, null)).toEqual(['a', 'b'])
    expect(await names(1, [])).toEqual([])
    expect(await names(0, [])).toEqual(['a', 'b'])
  })

  test('topics can be asked for by id', async () => {
    const fixture = await Fixture.start()
    const topics = [
      { name: null, topicId: fixture.id() },
      { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
    ]
    expect(await ask(fixture, 12, { topics })).toMatchObject({
      topics: [
        { errorCode: 0, name: 't' },
        { errorCode: 100, name: null },
      ],
    })
  })

  test('a missing topic is made only where both sides want it', async () => {
    const body = (name: string, allowAutoTopicCreation = true) => ({ topics: [{ name }], allowAutoTopicCreation })
    const strict = await Fixture.start()
    expect((await ask(strict, 12, body('new'))).topics).toMatchObject([{ errorCode: 3, name: 'new' }])
    const lenient = await Fixture.start({ autoCreateTopics: true })
    expect((await ask(lenient, 12, body('new', false))).topics).toMatchObject([{ errorCode: 3 }])
    expect((await ask(lenient, 12, body('new'))).topics).toMatchObject([{ errorCode: 0, partitions: [{ leaderId: 1 }] }])
    expect((await ask(lenient, 12, body('no good'))).topics).toMatchObject([{ errorCode: 17 }])
  })

  test('F6 a partition without leader says −1 and LEADER_NOT_AVAILABLE, and gets over it', async () => {
    const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 1 }] })
    const { leader } = fixture.cluster.logFacts('t', 0)
    const other = 3 - leader
    const partition = async () => {
      const answer = await fixture.after((await fixture.client(other)).call(metadata, 12, { topics: [{ name: 't' }] }))
      return [answer.brokers.length, answer.topics[0]!.partitions[0]!] as const
    }
    fixture.cluster.kill(leader)
    expect(await partition()).toMatchObject([
      1,
      { errorCode: 5, leaderId: -1, leaderEpoch: 1, offlineReplicas: [leader], isrNodes: [leader] },
    ])
    await fixture.cluster.revive(leader)
    expect(await partition()).toMatchObject([2, { errorCode: 0, leaderId: leader, leaderEpoch: 2, offlineReplicas: [] }])
  })
})

describe('nodes that stop and start', () => {
  test('F1 another in-sync replica leads with the next epoch, the log goes on, the node comes back on its port', async () => {
    const fixture = await Fixture.start({ nodes: 3, topics: [{ topic: 't', replicationFactor: 2 }] })
    const [partition] = fixture.cluster.topics.get('t')!.partitions
    const [first, second] = partition!.replicas as [number, number]
    const client = await fixture.client(first)
    await fixture.produce(client)
    const address = fixture.cluster.addresses[first - 1]
    fixture.cluster.kill(first)
    await fixture.env.advance(1)
    await client.closed
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ leader: second, leaderEpoch: 1 })
    expect(await fixture.produce(await fixture.client(second))).toMatchObject({ baseOffset: 1 })
    await fixture.cluster.revive(first)
    expect(fixture.cluster.addresses[first - 1]).toBe(address)
    expect(partition!.isr).toEqual([second, first])
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ leader: second, leaderEpoch: 1, highWatermark: 2 })
  })

  test('a node that comes back to a partition without leader is in sync once there is one', async () => {
    const fixture = await Fixture.start({ nodes: 2, topics: [{ topic: 't', replicationFactor: 2 }] })
    const [partition] = fixture.cluster.topics.get('t')!.partitions
    const [first, second] = partition!.replicas as [number, number]
    fixture.cluster.kill(first)
    fixture.cluster.kill(second)
    await fixture.cluster.revive(first)
    expect([partition!.leader, partition!.isr]).toEqual([-1, [second]])
    await fixture.cluster.revive(second)
    expect([partition!.leader, partition!.isr]).toEqual([second, [second, first]])
  })

  test('G20 the same seed gives the same cluster', async () => {
    const ids = async (seed: number) => {
      const { cluster } = await Fixture.start({ nodes: 3 }, seed)
      return [cluster.id, ...Array.from(cluster.topics.values(), ({ id }) => id)]
    }
    expect(await ids(7)).toEqual(await ids(7))
    expect(await ids(8)).not.toEqual(await ids(7))
  })

  test('the controller is a live node', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    fixture.cluster.kill(1)
    const answer = await fixture.after((await fixture.client(2)).call(describeCluster, 2, {}))
    expect(answer).toMatchObject({ controllerId: 2, clusterId: fixture.cluster.id, brokers: [{ brokerId: 2, isFenced: false }] })
  })

  test.each([() => ['kill', 7], () => ['moveLeader', 't', 0, 7], () => ['moveLeader', 't', 5, 1], () => ['logFacts', 'none', 0]])(
    'what does not exist is an error (%#)',
    async (call) => {
      const fixture = await Fixture.start()
      const [method, ...args] = call() as ['logFacts', ...[string, number]]
      expect(() => fixture.cluster[method](...args)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    },
  )

  test('a stopped node cannot be made leader', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    fixture.cluster.kill(2)
    expect(() => fixture.cluster.moveLeader('t', 0, 2)).toThrow('Node 2 is stopped')
  })
})

describe('CreatePartitions', () => {
  const grow = async (
    fixture: Fixture,
    topics: { name: string; count: number; assignments?: { brokerIds: number[] }[] }[],
    validateOnly = false,
  ) => {
    const wanted = topics.map((topic) => ({ assignments: null, ...topic }))
    const body = { timeoutMs: 1000, validateOnly, topics: wanted }
    return (await fixture.after((await fixture.client()).call(createPartitions, 3, body))).results
  }

  test('F9: new partitions can be used at once, and the old ones stay as they are', async () => {
    const fixture = await Fixture.start({ nodes: 3, topics: [{ topic: 't', partitions: 2, replicationFactor: 2 }] })
    const before = [0, 1].map((partition) => fixture.cluster.logFacts('t', partition))
    expect(await grow(fixture, [{ name: 't', count: 4, assignments: [{ brokerIds: [3, 1] }, { brokerIds: [2, 3] }] }])).toEqual([
      { name: 't', errorCode: 0, errorMessage: null },
    ])
    expect([0, 1].map((partition) => fixture.cluster.logFacts('t', partition))).toEqual(before)
    const answer = await fixture.after((await fixture.client()).call(metadata, 12, { topics: [{ name: 't' }] }))
    const { partitions } = answer.topics[0]!
    expect(partitions.slice(2).map(({ replicaNodes }) => replicaNodes)).toEqual([
      [3, 1],
      [2, 3],
    ])
    expect(await fixture.produce(await fixture.client(3), {}, { partition: 2 })).toMatchObject({ errorCode: 0 })
  })

  test('F9: nothing but growth is taken, one topic does not spoil another, and validateOnly changes nothing', async () => {
    const fixture = await Fixture.start({ topics: [{ topic: 't', partitions: 2 }, { topic: 'u' }] })
    const wishes = [
      { name: 't', count: 2 },
      { name: 'none', count: 9 },
      { name: 'u', count: 2 },
    ]
    expect((await grow(fixture, wishes)).map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['t', 37],
      ['none', 3],
      ['u', 0],
    ])
    expect(await grow(fixture, [{ name: 't', count: 3 }], true)).toMatchObject([{ errorCode: 0 }])
    expect(() => fixture.cluster.logFacts('t', 2)).toThrow('There is no partition t-2')
    const twice = { name: 't', count: 3 }
    expect(await grow(fixture, [twice, twice])).toMatchObject([{ name: 't', errorCode: 42 }])
  })
})

describe('CreateTopics and DeleteTopics', () => {
  const one = (fields: object) => ({ name: 'new', numPartitions: 1, replicationFactor: 1, ...fields })
  const create = async (fixture: Fixture, topics: object[], version = 7, validateOnly = false) => {
    const body = { timeoutMs: 1000, validateOnly, topics: topics as { name: string }[] }
    return (await fixture.after((await fixture.client()).call(createTopics, version, body))).topics
  }

  test.each([2, 4, 5, 7])('version %d makes a topic that works', async (version) => {
    const fixture = await Fixture.start()
    expect(await create(fixture, [one({ numPartitions: 4 })], version)).toMatchObject([{ name: 'new', errorCode: 0 }])
    expect(await fixture.produce(await fixture.client(), {}, { topic: 'new', partition: 3 })).toMatchObject({ errorCode: 0 })
  })

  test('says what it made, configs included', async () => {
    const fixture = await Fixture.start({ nodes: 3, configs: { 'retention.ms': '5' } })
    const configs = [{ name: 'max.message.bytes', value: '2000' }]
    const [made] = await create(fixture, [one({ numPartitions: -1, replicationFactor: -1, configs })])
    expect(made).toMatchObject({ topicId: fixture.id('new'), numPartitions: 1, replicationFactor: 3 })
    const source = new Map(made!.configs!.map((config) => [config.name, [config.value, config.configSource]]))
    expect(source.get('max.message.bytes')).toEqual(['2000', 1])
    expect(source.get('retention.ms')).toEqual(['5', 4])
    expect(source.get('segment.ms')).toEqual(['604800000', 5])
    expect(await fixture.produce(await fixture.client(1), { values: ['x'.repeat(3000)] }, { topic: 'new' })).toMatchObject({
      errorCode: expect.toSatisfy((code: number) => code === 10 || code === 6),
    })
  })

  test.each<[string, object, number]>([
    ['a name that exists', { name: 't' }, 36],
    ['an impossible name', { name: 'a b' }, 17],
    ['a dot-dot', { name: '..' }, 17],
    ['an endless name', { name: 'x'.repeat(250) }, 17],
    ['no partitions', { numPartitions: 0 }, 37],
    ['too many partitions', { numPartitions: 2_000_000_000 }, 37],
    ['more replicas than nodes', { replicationFactor: 2 }, 38],
    ['no replicas', { replicationFactor: 0 }, 38],
    ['an unknown config', { configs: [{ name: 'flavour', value: 'x' }] }, 40],
    ['a config named like a built-in', { configs: [{ name: '__proto__', value: 'x' }] }, 40],
    ['an impossible config value', { configs: [{ name: 'retention.ms', value: 'long' }] }, 40],
    ['a null config value', { configs: [{ name: 'retention.ms', value: null }] }, 40],
    ['an unknown node', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [5] }] }, 39],
    [
      'a gap in the partitions',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      39,
    ],
    ['counts beside an assignment', { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }, 42],
  ])('refuses %s', async (_what, fields, errorCode) => {
    const fixture = await Fixture.start()
    const [refused] = await create(fixture, [one(fields)])
    expect(refused).toMatchObject({ errorCode, errorMessage: expect.stringMatching(/.+/) })
    expect([...fixture.cluster.topics.keys()]).toHaveLength(1)
  })

  test('names that differ in dot and underscore only collide', async () => {
    const fixture = await Fixture.start()
    expect(await create(fixture, [one({ name: 'a.b' })])).toMatchObject([{ errorCode: 0 }])
    expect(await create(fixture, [one({ name: 'a_b' })])).toMatchObject([{ errorCode: 17 }])
  })

  test('a name given twice is refused, the others are made', async () => {
    const fixture = await Fixture.start()
    const results = await create(fixture, [one({ name: 'x' }), one({ name: 'x' }), one({ name: 'y' })])
    expect(results.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['x', 42],
      ['y', 0],
    ])
  })

  test('validateOnly makes nothing', async () => {
    const fixture = await Fixture.start()
    expect(await create(fixture, [one({})], 7, true)).toMatchObject([{ errorCode: 0 }])
    expect(fixture.cluster.topics.has('new')).toBe(false)
  })

  test('replicas can be named', async () => {
    const fixture = await Fixture.start({ nodes: 3 })
    const assignments = [
      { partitionIndex: 0, brokerIds: [2, 3] },
      { partitionIndex: 1, brokerIds: [3, 1] },
    ]
    await create(fixture, [one({ numPartitions: -1, replicationFactor: -1, assignments })])
    expect(fixture.cluster.topics.get('new')!.partitions.map(({ replicas, leader }) => [replicas, leader])).toEqual([
      [[2, 3], 2],
      [[3, 1], 3],
    ])
  })

  test('F10 a topic is deleted by name or id; made again it has a new id and an empty log', async () => {
    const fixture = await Fixture.start({ topics: [{ topic: 't' }, { topic: 'u' }] })
    const client = await fixture.client()
    await fixture.produce(client)
    const old = fixture.id()
    const topics = [{ name: 't' }, { name: null, topicId: fixture.id('u') }, { name: 'none' }]
    const { responses } = await fixture.after(client.call(deleteTopics, 6, { topics, timeoutMs: 1 }))
    expect(responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['t', 0],
      ['u', 0],
      ['none', 3],
    ])
    await create(fixture, [one({ name: 't' })])
    expect(fixture.id()).not.toBe(old)
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(0)
    const { responses: byName } = await fixture.after(client.call(deleteTopics, 4, { topicNames: ['t'], timeoutMs: 1 }))
    expect(byName).toMatchObject([{ name: 't', errorCode: 0 }])
    expect([...fixture.cluster.topics.keys()]).toEqual([])
  })
})

describe('InitProducerId', () => {
  test('gives each producer an id of its own, also across nodes', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const ids: number[] = []
    for (const node of [1, 2, 1, 2]) {
      const client = await fixture.client(node)
      const answer = await fixture.after(client.call(initProducerId, 5, { transactionalId: null, transactionTimeoutMs: 1 }))
      expect(answer).toMatchObject({ errorCode: 0, producerEpoch: 0 })
      ids.push(answer.producerId)
    }
    expect(new Set(ids).size).toBe(4)
  })

  test('blocks of ids run out and are followed by others', async () => {
    const fixture = await Fixture.start({ nodes: 2 })
    const [one, two] = fixture.cluster.nodes
    const ids = Array.from({ length: 2500 }, (_, i) => (i % 2 ? one! : two!).nextProducerId())
    expect(new Set(ids).size).toBe(2500)
  })

  test.each([
    ['', 1000, 42],
    ['tx', 0, 50],
    ['tx', 900_001, 50],
  ])('the transactional id %o with a timeout of %d ms is refused', async (transactionalId, transactionTimeoutMs, errorCode) => {
    const fixture = await Fixture.start()
    const call = (await fixture.client()).call(initProducerId, 4, { transactionalId, transactionTimeoutMs })
    expect(await fixture.after(call)).toMatchObject({ errorCode, producerId: -1, producerEpoch: -1 })
  })
})

describe('FindCoordinator', () => {
  test('names a live node, the same one each time, in both forms of the request', async () => {
    const fixture = await Fixture.start({ nodes: 3 })
    fixture.cluster.kill(1)
    const client = await fixture.client(2)
    const one = await fixture.after(client.call(findCoordinator, 3, { key: 'g' }))
    expect(one.errorCode).toBe(0)
    expect([2, 3]).toContain(one.nodeId)
    expect(`${one.host}:${one.port}`).toBe(fixture.cluster.addresses[one.nodeId - 1])
    const many = await fixture.after(client.call(findCoordinator, 6, { coordinatorKeys: ['g', 'h'] }))
    expect(many.coordinators).toMatchObject([
      { key: 'g', nodeId: one.nodeId, errorCode: 0 },
      { key: 'h', errorCode: 0 },
    ])
  })

  test('refuses key types that there are not', async () => {
    const fixture = await Fixture.start()
    const call = (await fixture.client()).call(findCoordinator, 5, { coordinatorKeys: ['g'], keyType: 2 })
    expect((await fixture.after(call)).coordinators).toMatchObject([{ errorCode: 42, nodeId: -1 }])
  })
})

describe('DescribeConfigs', () => {
  test('tells all configs of a topic, or those asked for', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const resource = (configurationKeys: string[] | null, resourceName = 't', resourceType = 2) => ({
      resourceType,
      resourceName,
      configurationKeys,
    })
    const resources = [
      resource(null),
      resource(['retention.ms']),
      resource(null, 'none'),
      resource(['node.id', 'no.such'], '1', 4),
      resource(null, '9', 4),
    ]
    const { results } = await fixture.after(client.call(describeConfigs, 4, { resources, includeSynonyms: true }))
    expect(results.map(({ errorCode, configs }) => [errorCode, configs.length])).toEqual([
      [0, topicConfigs.size],
      [0, 1],
      [3, 0],
      [0, 1],
      [42, 0],
    ])
    expect(results[1]!.configs).toMatchObject([{ name: 'retention.ms', value: '604800000', configSource: 5, configType: 5 }])
  })
})
