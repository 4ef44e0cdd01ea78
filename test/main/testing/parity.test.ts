/**
 * The same raw requests to a real Kafka and to the embedded broker: the answers must be the same, but for ids, ports, texts
 * and what nobody promises an order of. Each suite begins with a topic of its own, so both logs grow alike.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { topicConfigs } from '../../../src/main/testing/broker/topic-configs.ts'
import type { Api } from '../../../src/shared/protocol/api.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { createPartitions } from '../../../src/shared/protocol/generated/create-partitions.ts'
import { createTopics } from '../../../src/shared/protocol/generated/create-topics.ts'
import { deleteRecords } from '../../../src/shared/protocol/generated/delete-records.ts'
import { deleteTopics } from '../../../src/shared/protocol/generated/delete-topics.ts'
import { describeCluster } from '../../../src/shared/protocol/generated/describe-cluster.ts'
import { type DescribeConfigsResponse, describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { describeTopicPartitions } from '../../../src/shared/protocol/generated/describe-topic-partitions.ts'
import { electLeaders } from '../../../src/shared/protocol/generated/elect-leaders.ts'
import { fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { incrementalAlterConfigs } from '../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { listOffsets } from '../../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { offsetForLeaderEpoch } from '../../../src/shared/protocol/generated/offset-for-leader-epoch.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { BatchField, writeInt32 } from '../../../src/shared/record-batch.ts'
import { explainMissing, findKafka } from '../../kafka/index.ts'
import { type BatchInit, makeBatch } from './batches.ts'
import { Both } from './both.ts'
import { foundParity } from './found-parity.ts'
import { nodeParity } from './node-parity.ts'
import { toolsParity } from './tools-parity.ts'

const NOWHERE_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const now = Date.now()
const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''

let both: Both
let topic: string
let stamped: string
let ids: string[]

const versionsOf = (api: Api): number[] =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => api.minVersion + i)

describe.skipIf(via === undefined)(`T5 answers like real Kafka${whether}`, () => {
  beforeAll(async () => {
    both = await Both.start()
    ;({ topic, stamped, ids } = both)
  }, 120_000)

  afterAll(() => both?.stop())

  test('ApiVersions', async () => {
    for (const version of versionsOf(apiVersions)) {
      await both.same(apiVersions, version, version < 3 ? {} : { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
      if (version >= 3) await both.same(apiVersions, version, { clientSoftwareName: '', clientSoftwareVersion: '-' })
    }
    type Versions = ReturnType<typeof apiVersions.decodeResponse>
    const ranges = async (broker: number) => ((await both.ask(broker, apiVersions, 0, {})) as Versions).apiKeys
    expect(await ranges(0)).toEqual(expect.arrayContaining(await ranges(1)))
  })

  test('Produce of every kind of batch', async () => {
    const batch = (init: BatchInit = {}) => makeBatch({ timestamp: now, ...init })
    const edited = (edit: (bytes: Buffer) => void) => {
      const bytes = batch()
      edit(bytes)
      return bytes
    }
    const batches = [
      batch(),
      Buffer.alloc(0),
      Buffer.concat([batch(), batch()]),
      Buffer.concat([batch(), Buffer.alloc(5)]),
      batch().subarray(0, 50),
      batch().subarray(0, 10),
      edited((bytes) => bytes.fill(1, BatchField.magic, BatchField.magic + 1)),
      edited((bytes) => bytes.fill(3, BatchField.magic, BatchField.magic + 1)),
      edited((bytes) => bytes.fill(9, BatchField.crc, BatchField.crc + 1)),
      edited((bytes) => writeInt32(bytes, BatchField.length, 20)),
      edited((bytes) => writeInt32(bytes, BatchField.length, -1)),
      batch({ recordCount: 5 }),
      batch({ recordCount: 5, lastOffsetDelta: 4 }),
      batch({ recordCount: 0, lastOffsetDelta: -1 }),
      batch({ recordCount: -1, lastOffsetDelta: -2 }),
      batch({ attributes: 32 }),
      batch({ attributes: 5 }),
      batch({ attributes: 7 }),
      batch({ attributes: 16, producerId: 77, producerEpoch: 0, baseSequence: 0 }),
      batch({ producerId: 5, producerEpoch: 0 }),
      batch({ timestamp: now + 7_200_000 }),
      batch({ timestamp: now + 3_000_000, values: ['a', 'b', 'c'], timestampStep: 400_000 }),
      batch({ timestamp: 1 }),
      batch({ timestamp: -1 }),
      batch({ values: ['x'.repeat(1_048_588)] }),
      batch({ attributes: 128 }),
      batch({ attributes: 64 }),
      batch({ attributes: 8 }),
    ]
    for (const version of [3, 7, 8, 10, 12, 13]) {
      for (const records of batches) {
        const partitionData = [{ index: 0, records }]
        const body = (broker: number) => ({
          acks: -1,
          timeoutMs: 5000,
          topicData: [{ ...(version >= 13 ? { topicId: ids[broker]! } : { name: topic }), partitionData }],
        })
        await both.same(produce, version, body)
      }
    }
  })

  test('Produce to what is not there, and with impossible acks', async () => {
    const partitionData = [{ index: 0, records: makeBatch({ timestamp: now }) }]
    const to = (about: object, acks = 1) => ({ acks, timeoutMs: 5000, topicData: [{ ...about, partitionData }] })
    await both.same(produce, 12, to({ name: 'none' }))
    await both.same(produce, 12, to({ name: 'no ne' }))
    await both.same(produce, 13, to({ topicId: NOWHERE_ID }))
    await both.same(produce, 12, {
      acks: 1,
      timeoutMs: 1,
      topicData: [{ name: topic, partitionData: [{ ...partitionData[0], index: 9 }] }],
    })
    for (const acks of [-2, 2]) await both.same(produce, 12, to({ name: topic }, acks))
    await both.same(produce, 12, to({ name: stamped }), { ignore: ['logAppendTimeMs'] })
  })

  test('F37 idempotent Produce, batch by batch', async () => {
    const MAX = 2 ** 31 - 1
    const sequences: [producerId: number, epoch: number, sequence: number, count: number][] = [
      ...[
        [0, 0, 3],
        [0, 3, 2],
        [0, 0, 3],
        [0, 3, 2],
        [0, 0, 2],
        [0, 7, 1],
        [0, 5, 1],
        [0, 6, 1],
        [0, 7, 1],
        [0, 8, 1],
      ],
      ...[
        [0, 0, 3],
        [0, 3, 2],
        [0, 4, 1],
        [1, 5, 1],
        [1, 0, 1],
        [0, 9, 1],
        [0, 8, 1],
        [1, 1, 1],
        [3, 0, 1],
        [2, 0, 1],
      ],
    ].map(([epoch, sequence, count]) => [1_000_001, epoch!, sequence!, count!])
    sequences.push([1_000_002, 5, 17, 1], [1_000_002, 5, 18, 1], [1_000_002, 5, 17, 1])
    sequences.push([1_000_003, 0, MAX - 1, 2], [1_000_003, 0, 0, 1], [1_000_003, 0, MAX - 1, 2])
    sequences.push([1_000_004, 0, MAX, 3], [1_000_004, 0, 2, 1], [1_000_004, 0, MAX, 3], [1_000_004, 0, 3, 1])
    for (const [producerId, producerEpoch, baseSequence, count] of sequences) {
      const records = makeBatch({ timestamp: now, values: Array(count).fill('v'), producerId, producerEpoch, baseSequence })
      await both.same(produce, 12, {
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name: topic, partitionData: [{ index: 1, records }] }],
      })
    }
  })

  test('Fetch', async () => {
    const wishes = [{}, { fetchOffset: 20, partition: 1 }, { fetchOffset: 1000 }, { fetchOffset: -5 }, { partition: 77 }]
    for (const version of versionsOf(fetch)) {
      const body =
        (partition: object, head: object = {}, about?: object) =>
        (broker: number) => ({
          maxWaitMs: 0,
          minBytes: 1,
          maxBytes: 1e7,
          ...head,
          topics: [
            {
              ...(about ?? (version >= 13 ? { topicId: ids[broker]! } : { topic })),
              partitions: [{ partitionMaxBytes: 1e6, currentLeaderEpoch: -1, ...partition }],
            },
          ],
        })
      for (const wish of wishes) await both.same(fetch, version, body(wish))
      await both.same(fetch, version, body({}, { isolationLevel: 1 }))
      await both.same(fetch, version, body({}, {}, version >= 13 ? { topicId: NOWHERE_ID } : { topic: 'none' }))
      if (version >= 7) await both.same(fetch, version, body({}, { sessionId: 12_345, sessionEpoch: 3 }))
      if (version >= 9) for (const currentLeaderEpoch of [0, 5]) await both.same(fetch, version, body({ currentLeaderEpoch }))
      if (version >= 12) for (const lastFetchedEpoch of [0, 3]) await both.same(fetch, version, body({ lastFetchedEpoch }))
    }
  })

  test('F47 Fetch sessions', async () => {
    for (const version of [7, 12, 13, 18]) {
      const sessions = [0, 0]
      const about = (broker: number) => (version >= 13 ? { topicId: ids[broker]! } : { topic })
      const body =
        (sessionEpoch: number, partitions: object[], forgotten: number[] = []) =>
        (broker: number) => ({
          maxWaitMs: 0,
          minBytes: 1,
          maxBytes: 1e7,
          sessionId: sessions[broker]!,
          sessionEpoch,
          topics: partitions.map((one) => ({
            ...about(broker),
            partitions: [{ partitionMaxBytes: 1e6, currentLeaderEpoch: -1, ...one }],
          })),
          ...(forgotten.length > 0 && { forgottenTopicsData: [{ ...about(broker), partitions: forgotten }] }),
        })
      await both.same(fetch, version, body(0, [{}, { partition: 1 }]))
      for (const broker of [0, 1]) {
        const opened = (await both.ask(broker, fetch, version, body(0, [{}, { partition: 1 }])(broker))) as { sessionId: number }
        sessions[broker] = opened.sessionId
      }
      await both.same(fetch, version, body(1, []))
      await both.same(fetch, version, body(2, [{ fetchOffset: 22, partition: 1 }, { fetchOffset: 9 }]))
      await both.same(fetch, version, body(3, []))
      await both.same(fetch, version, body(9, []))
      await both.same(fetch, version >= 13 ? 12 : 13, body(4, []))
      await both.same(fetch, version, body(4, [], [0, 1]))
      await both.same(fetch, version, body(5, []))
    }
  })

  test('ListOffsets and OffsetForLeaderEpoch', async () => {
    for (const version of versionsOf(listOffsets)) {
      for (const timestamp of [-1, -2, -3, -4, -5, -6, -7, 0, now, now + 1, now + 1e9]) {
        const partitions = [0, 1, 9].map((partitionIndex) => ({ partitionIndex, timestamp, currentLeaderEpoch: -1 }))
        await both.same(listOffsets, version, { replicaId: -1, topics: [{ name: topic, partitions }] }, { unordered: true })
      }
    }
    for (const currentLeaderEpoch of [0, 5]) {
      const partitions = [{ partitionIndex: 0, timestamp: -1, currentLeaderEpoch }]
      await both.same(
        listOffsets,
        7,
        {
          replicaId: -1,
          topics: [
            { name: topic, partitions },
            { name: 'none', partitions },
          ],
        },
        { unordered: true },
      )
    }
    for (const timestamp of [-3, 0, 6]) {
      const partitions = [{ partitionIndex: 0, timestamp }]
      await both.same(listOffsets, 7, { replicaId: -1, topics: [{ name: stamped, partitions }] }, { ignore: ['timestamp'] })
    }
    for (const version of versionsOf(offsetForLeaderEpoch)) {
      for (const [currentLeaderEpoch, leaderEpoch] of [
        [-1, 0],
        [0, 0],
        [3, 0],
        [-1, 4],
        [-1, -1],
      ]) {
        const partitions = [0, 8].map((partition) => ({ partition, currentLeaderEpoch, leaderEpoch }))
        await both.same(
          offsetForLeaderEpoch,
          version,
          {
            replicaId: -1,
            topics: [
              { topic, partitions },
              { topic: 'none', partitions },
            ],
          },
          { unordered: true },
        )
      }
    }
  })

  test('Metadata', async () => {
    for (const version of versionsOf(metadata)) {
      const quiet = version >= 4 ? { allowAutoTopicCreation: false } : {}
      await both.same(
        metadata,
        version,
        { ...quiet, topics: [{ name: topic }, { name: 'none' }, { name: 'no ne' }] },
        { unordered: true },
      )
      await both.same(metadata, version, { ...quiet, topics: [{ name: topic }, { name: topic }] })
      if (version >= 1) await both.same(metadata, version, { ...quiet, topics: [] })
      if (version >= 12) {
        for (const id of [undefined, NOWHERE_ID]) {
          await both.same(metadata, version, (broker: number) => ({ topics: [{ name: null, topicId: id ?? ids[broker]! }] }))
        }
      }
      if (version < 8) continue
      const operations = {
        includeTopicAuthorizedOperations: true,
        ...(version <= 10 && { includeClusterAuthorizedOperations: true }),
      }
      await both.same(
        metadata,
        version,
        { ...quiet, topics: [{ name: topic }, { name: 'none' }], ...operations },
        { unordered: true },
      )
    }
  })

  test('Metadata by id in versions that have ids and cannot use them', async () => {
    const { topic, ids } = both
    for (const version of [10, 11]) {
      for (const name of [null, topic]) {
        const body = (broker: number) => ({ topics: [{ name, topicId: ids[broker]! }, { name: topic }] })
        await both.same(metadata, version, body)
      }
    }
  })

  test('CreateTopics and DeleteTopics', async () => {
    const one = { numPartitions: 1, replicationFactor: 1 }
    const chosen = (...assignments: [partitionIndex: number, brokerIds: number[]][]) => ({
      numPartitions: -1,
      replicationFactor: -1,
      assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
    })
    const config = (name: string, value: string | null) => ({ ...one, configs: [{ name, value }] })
    const topics = [
      { name: topic, ...one },
      ...['bad name', '..', '', 'x'.repeat(250), 'twice', 'twice'].map((name) => ({ name, ...one })),
      ...[0, -2].map((numPartitions) => ({ ...one, name: `parts${numPartitions}`, numPartitions })),
      ...[0, 9].map((replicationFactor) => ({ ...one, name: `factor${replicationFactor}`, replicationFactor })),
      { name: 'c1', ...config('nonsense', '1') },
      { name: 'c2', ...config('retention.ms', 'abc') },
      { name: 'c3', ...config('retention.ms', null) },
      { name: 'c4', ...config('cleanup.policy', 'delete,compact') },
      { name: 'a1', ...chosen([0, [1]], [1, [1]]) },
      { name: 'a2', ...chosen([1, [1]]) },
      { name: 'a3', ...chosen([0, [7]]) },
      { name: 'a4', ...chosen([0, []]) },
      { name: 'a5', ...chosen([0, [1]]), ...one },
    ]
    for (const version of versionsOf(createTopics)) {
      await both.same(
        createTopics,
        version,
        { timeoutMs: 5000, validateOnly: true, topics },
        { ignore: ['configs'], unordered: true },
      )
    }
    const doomed = [
      { name: 'none' },
      { name: null, topicId: NOWHERE_ID },
      { name: topic, topicId: NOWHERE_ID },
      { name: 'x' },
      { name: 'x' },
    ]
    await both.same(deleteTopics, 6, { timeoutMs: 5000, topics: doomed }, { unordered: true })
    await both.same(deleteTopics, 4, { timeoutMs: 5000, topicNames: ['none'] })
  })

  test('CreatePartitions', async () => {
    const replicas = (...lists: number[][]) => ({ assignments: lists.map((brokerIds) => ({ brokerIds })) })
    const wishes = [
      { name: 'none', count: 3 },
      { name: topic, count: 0 },
      { name: topic, count: 1 },
      { name: topic, count: 2 },
      { name: topic, count: 4 },
      { name: topic, count: 4, ...replicas([1], [1]) },
      { name: topic, count: 4, ...replicas([1]) },
      { name: topic, count: 3, ...replicas([1, 2]) },
      { name: topic, count: 3, ...replicas([7]) },
      { name: topic, count: 3, ...replicas([]) },
    ]
    for (const version of versionsOf(createPartitions)) {
      for (const wish of wishes) {
        const topics = [{ assignments: null, ...wish }]
        await both.same(createPartitions, version, { timeoutMs: 5000, validateOnly: true, topics })
      }
      const twice = { name: topic, count: 9, assignments: null }
      await both.same(createPartitions, version, { timeoutMs: 5000, validateOnly: true, topics: [twice, twice] })
    }
  })

  test('IncrementalAlterConfigs', async () => {
    const [set, remove, append, subtract] = [0, 1, 2, 3]
    const wishes: [name: string, configOperation: number, value: string | null][] = [
      ['max.message.bytes', set!, '20000'],
      ['max.message.bytes', set!, '-1'],
      ['max.message.bytes', set!, 'much'],
      ['max.message.bytes', set!, null],
      ['max.message.bytes', append!, '1'],
      ['max.message.bytes', remove!, null],
      ['max.message.bytes', 9, '1'],
      ['cleanup.policy', append!, 'compact'],
      ['cleanup.policy', subtract!, 'compact'],
      ['cleanup.policy', subtract!, 'delete'],
      ['cleanup.policy', append!, 'nothing'],
      ['cleanup.policy', set!, 'compact,delete'],
      ['no.such.config', set!, '1'],
      ['no.such.config', remove!, null],
      ['no.such.config', append!, '1'],
    ]
    for (const version of versionsOf(incrementalAlterConfigs)) {
      const alter = (resources: object[]) =>
        both.same(incrementalAlterConfigs, version, { resources, validateOnly: true } as never, { unordered: true })
      const about = (resourceName: string, configs: object[] = []) => ({ resourceType: 2, resourceName, configs })
      for (const [name, configOperation, value] of wishes) await alter([about(topic, [{ name, configOperation, value }])])
      const one = { name: 'retention.ms', configOperation: set, value: '1000' }
      await alter([about(topic, [one, one])])
      await alter([about(topic, [one]), about(topic, [one])])
      for (const name of ['none', 'no ne', '']) await alter([about(name, [one]), about(topic)])
      await alter([about('none', [{ ...one, value: 'x' }]), { resourceType: 77, resourceName: topic, configs: [one] }])
    }
    const alter = (configOperation: number, name: string, value: string | null) => {
      const resources = [{ resourceType: 2, resourceName: topic, configs: [{ name, configOperation, value }] }]
      return both.same(incrementalAlterConfigs, 1, { resources, validateOnly: false })
    }
    const shown = async (value: string) => {
      const resources = [{ resourceType: 2, resourceName: topic, configurationKeys: ['max.message.bytes'] }]
      for (const broker of [0, 1]) {
        const read = async () => (await both.ask(broker, describeConfigs, 4, { resources })) as DescribeConfigsResponse
        await expect.poll(async () => (await read()).results[0]!.configs[0]!.value).toBe(value)
      }
    }
    await alter(set!, 'max.message.bytes', '20000')
    await shown('20000')
    await alter(remove!, 'max.message.bytes', null)
    await shown('1048588')
  })

  test('what configs topics may have, alone and together', async () => {
    const values = ['-3', '-2', '-1', '0', '1', '5', '14', '1024', '1048576', '2147483648', '9223372036854775808', '1.5', 'abc']
    const texts = [
      '',
      ' 5 ',
      '+5',
      'true',
      'TRUE',
      '1e3',
      'delete',
      ' delete , compact ',
      'delete,delete',
      'gzip',
      'GZIP',
      '0:1',
      '*',
    ]
    const sets = [...topicConfigs.keys()].flatMap((name) => [...values, ...texts].map((value) => [[name, value] as const]))
    const together = [
      [['min.compaction.lag.ms', '5'] as const, ['max.compaction.lag.ms', '3'] as const],
      [['segment.ms', '1'] as const, ['segment.jitter.ms', '2'] as const],
      [['local.retention.ms', '5'] as const, ['retention.ms', '3'] as const],
    ]
    const topics = [...sets, ...together].map((configs, i) => {
      const entries = configs.map(([name, value]) => ({ name, value }))
      return { name: `configs-${i}`, numPartitions: 1, replicationFactor: 1, configs: entries }
    })
    await both.same(createTopics, 7, { timeoutMs: 9000, validateOnly: true, topics }, { ignore: ['configs'], unordered: true })
  })

  test('the synonyms of configs', async () => {
    const resources = [{ resourceType: 2, resourceName: topic, configurationKeys: null }]
    type Described = DescribeConfigsResponse['results'][number]['configs']
    const describe = async (broker: number): Promise<Described> => {
      const answer = (await both.ask(broker, describeConfigs, 4, { resources, includeSynonyms: true })) as DescribeConfigsResponse
      // the embedded broker bounds what it keeps; what the real one was told at its start it says besides
      const ours = answer.results[0]!.configs.filter(({ name }) => name !== 'retention.bytes')
      const told = ours.map((config) => ({ ...config, synonyms: config.synonyms.filter(({ source }) => source !== 4) }))
      return told.sort((a, b) => (a.name < b.name ? -1 : 1))
    }
    expect(await describe(1)).toEqual(await describe(0))
  })

  test('DeleteRecords', async () => {
    const records = makeBatch({ values: ['a', 'b', 'c'], timestamp: now })
    const name = both.doomed
    await both.same(produce, 9, { acks: -1, timeoutMs: 9000, topicData: [{ name, partitionData: [{ index: 0, records }] }] })
    const remove = (partitions: [partitionIndex: number, offset: number][], of = name) =>
      [0, 1, 2].map((version) => {
        const topics = [{ name: of, partitions: partitions.map(([partitionIndex, offset]) => ({ partitionIndex, offset })) }]
        return both.same(deleteRecords, version, { topics, timeoutMs: 5000 }, { unordered: true })
      })
    for (const offset of [-3, -2, 4, 0, 2, 1]) await Promise.all(remove([[0, offset]]))
    await Promise.all([
      ...remove([
        [7, 0],
        [1, -1],
      ]),
      ...remove([[0, 0]], 'none'),
      ...remove([[0, 0]], both.compacted),
    ])
    const fetchFrom = async (fetchOffset: number) => {
      const wanted = { partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1000, currentLeaderEpoch: -1 }] }
      await both.same(fetch, 12, { maxWaitMs: 0, maxBytes: 9999, topics: [{ topic: name, ...wanted }] })
    }
    await fetchFrom(1)
    await fetchFrom(2)
    for (const timestamp of [-2, -1, -3, now]) {
      const topics = [{ name, partitions: [{ partitionIndex: 0, timestamp }] }]
      await both.same(listOffsets, 7, { replicaId: -1, topics })
    }
    await Promise.all(remove([[0, -1]]))
    await fetchFrom(3)
    await fetchFrom(2)
  })

  test('DescribeTopicPartitions, page by page', async () => {
    const named = [stamped, topic, 'none', 'no ne', topic, both.doomed].map((name) => ({ name }))
    const cursors = [null, { topicName: topic, partitionIndex: 1 }, { topicName: topic, partitionIndex: 9 }]
    const starts = [...cursors, { topicName: 'a', partitionIndex: 0 }, { topicName: 'zz', partitionIndex: 0 }]
    for (const cursor of starts) {
      for (const responsePartitionLimit of [1, 2, 3, 100, 0, -1]) {
        await both.same(describeTopicPartitions, 0, { topics: named, responsePartitionLimit, cursor })
      }
    }
    for (const responsePartitionLimit of [1, 100])
      await both.same(describeTopicPartitions, 0, { topics: [], responsePartitionLimit, cursor: null })
    const impossible = { topicName: topic, partitionIndex: -1 }
    await both.same(describeTopicPartitions, 0, { topics: named, responsePartitionLimit: 9, cursor: impossible })
  })

  test('ElectLeaders', async () => {
    for (const version of versionsOf(electLeaders)) {
      const wish = {
        timeoutMs: 5000,
        topicPartitions: [
          { topic, partitions: [0, 9] },
          { topic: 'none', partitions: [0] },
        ],
      }
      for (const electionType of version >= 1 ? [0, 1, 2] : [0])
        await both.same(electLeaders, version, { ...wish, electionType }, { unordered: true })
      await both.same(electLeaders, version, { timeoutMs: 5000, topicPartitions: null }, { unordered: true, ignore: ['topic'] })
    }
  })

  test('InitProducerId, DescribeCluster and DescribeConfigs', async () => {
    for (const version of [0, 2, 3, 5]) {
      await both.same(initProducerId, version, { transactionalId: '', transactionTimeoutMs: 1000 })
      if (version >= 3)
        await both.same(initProducerId, version, {
          transactionalId: null,
          transactionTimeoutMs: 1000,
          producerId: 5,
          producerEpoch: -1,
        })
    }
    for (const version of versionsOf(describeCluster)) {
      for (const endpointType of version >= 1 ? [1, 2, 3] : [1]) {
        await both.same(describeCluster, version, { includeClusterAuthorizedOperations: true, endpointType })
      }
    }
    const resources = [topic, 'none', 'no ne'].map((resourceName) => ({
      resourceType: 2,
      resourceName,
      configurationKeys: ['retention.ms'],
    }))
    for (const version of versionsOf(describeConfigs)) await both.same(describeConfigs, version, { resources })
  })

  foundParity(() => both)
  nodeParity(() => both)
  toolsParity(() => both)
})
