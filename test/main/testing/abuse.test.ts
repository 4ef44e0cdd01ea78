import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { handlers } from '../../../src/main/testing/broker/apis/index.ts'
import { encodeRequestFrame } from '../../../src/shared/protocol/frame.ts'
import { deleteTopics } from '../../../src/shared/protocol/generated/delete-topics.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { QUICK } from '../../support/quick.ts'
import { makeBatch } from './batches.ts'
import { Fixture, metadata, produce } from './fixture.ts'

/** A well-formed frame of each API at its latest version, to be damaged. */
function frames(fixture: Fixture): Buffer[] {
  const topicId = fixture.id()
  const bodies = new Map<string, object>([
    ['Produce', { acks: -1, timeoutMs: 1, topicData: [{ topicId, partitionData: [{ index: 0, records: makeBatch() }] }] }],
    [
      'Fetch',
      {
        maxWaitMs: 5,
        minBytes: 1,
        maxBytes: 100,
        sessionEpoch: 0,
        topics: [{ topicId, partitions: [{ partitionMaxBytes: 99 }] }],
      },
    ],
    ['ListOffsets', { replicaId: -1, topics: [{ name: 't', partitions: [{ timestamp: -1 }] }] }],
    ['Metadata', { topics: [{ name: 't' }] }],
    ['FindCoordinator', { coordinatorKeys: ['a', 'b'] }],
    ['ApiVersions', { clientSoftwareName: 'x', clientSoftwareVersion: '1' }],
    [
      'CreateTopics',
      { topics: [{ name: 'n', numPartitions: 1, replicationFactor: 1, configs: [{ name: 'retention.ms', value: '1' }] }] },
    ],
    ['DeleteTopics', { topics: [{ name: 'u' }] }],
    ['InitProducerId', { transactionalId: null, transactionTimeoutMs: 1 }],
    ['OffsetForLeaderEpoch', { topics: [{ topic: 't', partitions: [{ leaderEpoch: 0 }] }] }],
    ['DescribeConfigs', { resources: [{ resourceType: 2, resourceName: 't', configurationKeys: null }] }],
    ['DescribeLogDirs', { topics: [{ topic: 't', partitions: [0, 1] }] }],
    [
      'AlterPartitionReassignments',
      { timeoutMs: 1, topics: [{ name: 't', partitions: [{ partitionIndex: 0, replicas: [1] }] }] },
    ],
    ['ListPartitionReassignments', { timeoutMs: 1, topics: [{ name: 't', partitionIndexes: [0] }] }],
    ['DescribeClientQuotas', { components: [{ entityType: 'user', matchType: 0, match: 'alice' }] }],
    ['ListConfigResources', { resourceTypes: [2, 4] }],
    ['DescribeAcls', { resourceTypeFilter: 2, resourceNameFilter: 't', patternTypeFilter: 3, operation: 1, permissionType: 1 }],
    [
      'CreateAcls',
      {
        creations: [
          {
            resourceType: 2,
            resourceName: 't',
            resourcePatternType: 3,
            principal: 'User:a',
            host: '*',
            operation: 3,
            permissionType: 3,
          },
        ],
      },
    ],
    [
      'DeleteAcls',
      { filters: [{ resourceTypeFilter: 2, resourceNameFilter: 't', patternTypeFilter: 3, operation: 1, permissionType: 1 }] },
    ],
    ['CreatePartitions', { topics: [{ name: 't', count: 3, assignments: [{ brokerIds: [1] }] }] }],
    ['DescribeCluster', {}],
    ['SaslHandshake', { mechanism: 'PLAIN' }],
    ['SaslAuthenticate', { authBytes: Buffer.from('\0alice\0secret') }],
    ['DescribeUserScramCredentials', { users: [{ name: 'alice' }] }],
    [
      'AlterUserScramCredentials',
      {
        deletions: [{ name: 'bob', mechanism: 1 }],
        upsertions: [{ name: 'alice', mechanism: 2, iterations: 4096, salt: Buffer.alloc(4), saltedPassword: Buffer.alloc(64) }],
      },
    ],
    ['DeleteRecords', { topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: -1 }] }], timeoutMs: 1 }],
    [
      'DescribeTopicPartitions',
      { topics: [{ name: 't' }], responsePartitionLimit: 1, cursor: { topicName: 't', partitionIndex: 0 } },
    ],
    ['ElectLeaders', { topicPartitions: [{ topic: 't', partitions: [0] }], timeoutMs: 1 }],
    [
      'IncrementalAlterConfigs',
      {
        resources: [{ resourceType: 2, resourceName: 't', configs: [{ name: 'retention.ms', configOperation: 0, value: '1' }] }],
      },
    ],
    ...groupBodies(topicId),
    ...transactionBodies(),
  ])
  return Array.from(handlers.values(), ({ api }) => {
    const writer = new Writer()
    encodeRequestFrame(writer, api, api.maxVersion, 7, 'fuzz', bodies.get(api.name)!)
    return writer.finish()
  })
}

function groupBodies(topicId: string): [string, object][] {
  const member = { groupId: 'g', memberId: 'm' }
  const partitions = [{ partitionIndex: 0, committedOffset: 1 }]
  return [
    ['OffsetCommit', { ...member, generationIdOrMemberEpoch: 2, topics: [{ topicId, partitions }] }],
    ['OffsetFetch', { groups: [{ ...member, memberEpoch: 2, topics: [{ topicId, partitionIndexes: [0] }] }] }],
    [
      'JoinGroup',
      { groupId: 'k', sessionTimeoutMs: 9000, protocolType: 'consumer', protocols: [{ name: 'p', metadata: Buffer.alloc(9) }] },
    ],
    ['Heartbeat', { groupId: 'k', generationId: 1, memberId: 'm' }],
    ['LeaveGroup', { groupId: 'g', members: [{ memberId: 'm' }] }],
    ['SyncGroup', { groupId: 'k', generationId: 1, memberId: 'm', protocolType: 'consumer', protocolName: 'p' }],
    ['DescribeGroups', { groups: ['g', 'k'] }],
    ['ListGroups', { statesFilter: ['Stable'], typesFilter: ['consumer'] }],
    ['DeleteGroups', { groupsNames: ['g', 'k'] }],
    ['OffsetDelete', { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }],
    [
      'ConsumerGroupHeartbeat',
      { ...member, memberEpoch: 2, subscribedTopicRegex: '(t|u)[a-z]{0,3}', topicPartitions: [{ topicId, partitions: [0] }] },
    ],
    ['ConsumerGroupDescribe', { groupIds: ['g', 'k'] }],
  ]
}

function transactionBodies(): [string, object][] {
  const who = { transactionalId: 'x', producerId: 0, producerEpoch: 0 }
  const topics = [{ name: 't', partitions: [0] }]
  return [
    ['AddPartitionsToTxn', { transactions: [{ ...who, topics }] }],
    ['AddOffsetsToTxn', { ...who, groupId: 'g' }],
    ['EndTxn', { ...who, committed: true }],
    [
      'TxnOffsetCommit',
      { ...who, groupId: 'g', generationId: -1, topics: [{ name: 't', partitions: [{ committedOffset: 1 }] }] },
    ],
    ['WriteTxnMarkers', { markers: [{ ...who, topics: [{ name: 't', partitionIndexes: [0] }], transactionVersion: 2 }] }],
    ['DescribeTransactions', { transactionalIds: ['x'] }],
    [
      'ListTransactions',
      { stateFilters: ['Ongoing'], producerIdFilters: [0], durationFilter: 1, transactionalIdPattern: '[xy]+' },
    ],
    ['DescribeProducers', { topics: [{ name: 't', partitionIndexes: [0] }] }],
  ]
}

/** A group with a member for damaged requests to hit. */
function populate({ cluster }: Fixture): void {
  cluster.coordinator.findPartition('g')
  const request = { ...NO_HEARTBEAT, groupId: 'g', memberId: 'm', subscribedTopicNames: ['t', 'u'], topicPartitions: [] }
  cluster.coordinator.membership.heartbeat(request, { version: 1, clientId: 'x', clientHost: '/virtual' })
  // and a transaction
  cluster.transactions.findPartition('x')
  const producer = cluster.transactions.init('x', { timeoutMs: 9000, expected: undefined })
  cluster.transactions.add('x', producer, [cluster.partition('t', 0)!], 2)
}

const NO_HEARTBEAT = {
  ...{ memberEpoch: 0, instanceId: null, rackId: null, rebalanceTimeoutMs: 9000 },
  ...{ subscribedTopicRegex: null, serverAssignor: null },
}

describe('a broker that is sent nonsense', () => {
  test.each<[string, Buffer]>([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex')],
    ['a length of −1', Buffer.from('ffffffff', 'hex')],
    ['an unknown API', Buffer.from('0000000e03e7000000000001ffff00000000', 'hex')],
    ['an unknown version', Buffer.from('0000000e0003004d00000001ffff00000000', 'hex')],
    ['a body that ends early', Buffer.from('0000000c000300000000000100000000', 'hex')],
  ])('closes the connection on %s', async (_what, bytes) => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    client.send(bytes)
    await fixture.env.advance(1)
    await client.closed
    expect(await fixture.produce(await fixture.client())).toMatchObject({ errorCode: 0 })
    expect(fixture.bugs).toEqual([])
  })

  test('closes the connection when a name that is no UTF-8 is too long to be told again', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const writer = new Writer()
    encodeRequestFrame(writer, deleteTopics, 3, 7, 'x', { topicNames: ['y'.repeat(20_000)], timeoutMs: 1 })
    const frame = writer.finish()
    frame.fill(0xff, frame.indexOf('yyy'), frame.lastIndexOf('yyy') + 3)
    client.send(frame)
    await fixture.env.advance(1)
    await client.closed
    expect(fixture.bugs).toEqual([])
  })

  test('takes ten thousand small requests in one write, in order', async () => {
    const fixture = await Fixture.start()
    const client = await fixture.client()
    const calls = Array.from({ length: 10_000 }, () => client.call(metadata, 12, { topics: [] }))
    await fixture.after(Promise.all(calls), 10)
    expect(client.answered).toEqual(calls.map((_, i) => i + 1))
  })

  test('stops reading from a peer that sends more than is worked off', async () => {
    const fixture = await Fixture.start()
    fixture.cluster.desk.add({ kind: 'delay', apiKey: 3, times: 1, ms: 1000 })
    const client = await fixture.client()
    const first = client.call(metadata, 12, { topics: [] })
    await fixture.env.advance(1)
    const topicData = [
      { topicId: fixture.id(), partitionData: [{ index: 0, records: makeBatch({ values: ['x'.repeat(900_000)] }) }] },
    ]
    const calls = Array.from({ length: 5 }, () => client.call(produce, 13, { acks: 1, timeoutMs: 1, topicData }))
    expect(await fixture.isPending(first, 10)).toBe(true)
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(0)
    await fixture.after(Promise.all(calls), 2000)
    expect(fixture.cluster.logFacts('t', 0).highWatermark).toBe(5)
  })

  test('has a limit of connections', async () => {
    const fixture = await Fixture.start({ maxConnections: 2 })
    const [first] = [await fixture.client(), await fixture.client()]
    const third = await fixture.client()
    await fixture.env.advance(1)
    await third.closed
    first!.close()
    await fixture.env.advance(1)
    expect(await fixture.produce(await fixture.client())).toMatchObject({ errorCode: 0 })
  })
})

property.prop(
  [fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.integer({ min: -3, max: 3 })],
  { numRuns: QUICK ? 500 : 3_000 },
)('F15 any damage to any request ends in an answer or a closed connection, never in a bug', async (which, damage, resize) => {
  const fixture = await Fixture.start({ topics: [{ topic: 't' }, { topic: 'u' }] })
  populate(fixture)
  const all = frames(fixture)
  const frame = all[which % all.length]!
  const body = Buffer.from(frame.subarray(4, frame.length + Math.min(resize, 0)))
  // The API key stays, so that each API has its share.
  for (const [at, value] of damage) body[2 + (at % (body.length - 2))] = value
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length + Math.max(resize, 0))
  const client = await fixture.client()
  client.ignoreAnswers()
  client.send(Buffer.concat([size, body, Buffer.alloc(Math.max(resize, 0))]))
  await fixture.env.advance(10)
  // what it left behind, sessions and rebalances, comes to its end
  await fixture.env.advance(1_000_000)
  expect(fixture.bugs).toEqual([])
  expect(await fixture.produce(await fixture.client(), {}, { topic: fixture.cluster.topics.has('t') ? 't' : 'u' })).toMatchObject(
    { errorCode: 0 },
  )
})
