/** Steps about topics and the cluster: create, grow and delete them, well and badly; their configs; metadata; producers' ids; coordinators. */
import fc from 'fast-check'
import { createPartitions } from '../../src/shared/protocol/generated/create-partitions.ts'
import { createTopics } from '../../src/shared/protocol/generated/create-topics.ts'
import { deleteTopics } from '../../src/shared/protocol/generated/delete-topics.ts'
import { describeCluster } from '../../src/shared/protocol/generated/describe-cluster.ts'
import { describeConfigs } from '../../src/shared/protocol/generated/describe-configs.ts'
import { describeTopicPartitions } from '../../src/shared/protocol/generated/describe-topic-partitions.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { anyTopic, anyVersion, kind, type StepKind, since, versionOf } from './step.ts'
import type { World } from './world.ts'

/** Topics in one sequence: enough to make some and delete some. */
const MOST_TOPICS = 6

const configs: readonly (readonly [string, string | null])[] = [
  ...([
    ['max.message.bytes', '1000'],
    ['max.message.bytes', '-1'],
    ['max.message.bytes', 'much'],
    ['cleanup.policy', 'compact'],
    ['cleanup.policy', 'delete'],
    ['cleanup.policy', 'compact,delete'],
    ['cleanup.policy', 'nothing'],
    ['cleanup.policy', ''],
    ['message.timestamp.type', 'LogAppendTime'],
    ['message.timestamp.type', 'CreateTime'],
    ['message.timestamp.type', 'Sundial'],
  ] as const),
  ...([
    ['message.timestamp.after.max.ms', '10000'],
    ['message.timestamp.before.max.ms', '1800000'],
    ['retention.ms', '-1'],
    ['retention.ms', '-2'],
    ['retention.ms', '99999999999'],
    ['retention.bytes', '1000000'],
    ['min.insync.replicas', '1'],
    ['min.insync.replicas', '0'],
    ['compression.type', 'producer'],
    ['no.such.config', '1'],
    ['segment.bytes', '10'],
    ['retention.ms', null],
  ] as const),
]

const config = fc.constantFrom(...configs)
const few = fc.array(config, { maxLength: 2 })

const unique = (list: readonly (readonly [string, string | null])[]) => {
  return list.filter(([name], i) => list.findIndex(([other]) => other === name) === i).map(([name, value]) => ({ name, value }))
}

const createStep = kind(
  'create topic',
  3,
  fc.record({
    version: anyVersion,
    name: fc.constantFrom('new', 'new', 'new', 'there', 'bad name', '.', '', 'long'),
    partitions: fc.constantFrom(1, 2, 3, -1, 0, -2),
    replicas: fc.constantFrom(1, 1, 1, -1, 0, 2),
    assigned: fc.option(fc.constantFrom([[1], [1]], [[2]], [[]], [[1, 1]]), { freq: 4, nil: undefined }),
    configs: few,
    onlyValidate: fc.boolean(),
    twice: fc.constantFrom(false, false, false, true),
  }),
  async (world, wish) => {
    const version = versionOf(createTopics, wish.version)
    const fresh = `${world.prefix}-t${world.topics.length}`
    const isNew = wish.name === 'new'
    const name = { new: fresh, there: world.topics[0]!.name, long: 'x'.repeat(250) }[wish.name as 'new'] ?? wish.name
    const spec = wish.assigned
      ? {
          numPartitions: -1,
          replicationFactor: -1,
          assignments: wish.assigned.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
        }
      : { numPartitions: wish.partitions, replicationFactor: wish.replicas }
    const topic = { name, ...spec, configs: unique(wish.configs) }
    const validateOnly = wish.onlyValidate || world.topics.length >= MOST_TOPICS
    const [real, embedded] = await world.must(createTopics, version, () => ({
      timeoutMs: 10_000,
      validateOnly,
      topics: wish.twice ? [topic, topic] : [topic],
    }))
    // Kafka tells all its configs; which values those of the topic have is what `describe configs` asks.
    const comparable = [real, embedded].map(({ topics }) => topics.map(({ configs: _, topicId: __, ...shown }) => shown))
    world.pair.equal(comparable as [unknown, unknown], `CreateTopics ${version}`)
    const [made] = real.topics
    if (!isNew || validateOnly || made?.errorCode !== 0) return
    await world.adopt(name, wish.assigned ? wish.assigned.length : Math.abs(wish.partitions))
  },
)

const growStep = kind(
  'create partitions',
  1,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    count: fc.constantFrom(0, 1, 2, 3, 4),
    validateOnly: fc.boolean(),
    assigned: fc.option(fc.constantFrom([1], [7], []), { freq: 4, nil: null }),
  }),
  async (world, { version, topic, count, validateOnly, assigned }) => {
    const assignments = assigned && [{ brokerIds: assigned }]
    const answers = await world.pair.same('admin', createPartitions, versionOf(createPartitions, version), () => ({
      timeoutMs: 10_000,
      validateOnly,
      topics: [{ name: world.topicName(topic), count, assignments }],
    }))
    const known = world.topic(topic)
    if (known && !validateOnly && answers?.[0].results[0]?.errorCode === 0) await world.changed(known, count)
  },
)

const deleteStep = kind(
  'delete topic',
  1,
  fc.record({ version: anyVersion, topic: anyTopic, by: fc.constantFrom('name', 'id', 'both', 'twice') }),
  async (world, { version: pick, topic, by }) => {
    const version = versionOf(deleteTopics, pick)
    const name = world.topicName(topic)
    const one = (side: 0 | 1) => {
      const topicId = world.topicId(topic, side)
      return { name: { name }, id: { name: null, topicId }, both: { name, topicId }, twice: { name } }[by]!
    }
    const answers = await world.pair.same('admin', deleteTopics, version, (side) => ({
      timeoutMs: 10_000,
      ...(version >= 6 ? { topics: by === 'twice' ? [one(side), one(side)] : [one(side)] } : { topicNames: [name] }),
    }))
    const known = world.topic(topic)
    if (known && answers?.[0].responses.some(({ errorCode }) => errorCode === 0)) await world.changed(known, 0)
  },
)

const metadataStep = kind(
  'metadata',
  3,
  fc.record({ version: anyVersion, topics: fc.array(anyTopic, { maxLength: 3 }), byId: fc.boolean(), operations: fc.boolean() }),
  async (world, wish) => {
    const version = versionOf(metadata, wish.version)
    const body = (side: 0 | 1) => ({
      topics: wish.topics.map((topic) =>
        wish.byId && version >= 12 ? { name: null, topicId: world.topicId(topic, side) } : { name: world.topicName(topic) },
      ),
      ...since(version, 4, { allowAutoTopicCreation: false }),
      ...since(version, 8, { includeTopicAuthorizedOperations: wish.operations }),
    })
    // Version 0 takes no topics for all of them, those of others as well.
    if (version === 0 && wish.topics.length === 0) return
    await world.pair.same('admin', metadata, version, body)
  },
)

const describePartitionsStep = kind(
  'describe partitions',
  2,
  fc.record({
    topics: fc.array(anyTopic, { maxLength: 3 }),
    limit: fc.constantFrom(0, 1, 2, 3, 100, 3_000),
    cursor: fc.option(fc.tuple(anyTopic, fc.constantFrom(-1, 0, 1, 2, 9)), { freq: 2, nil: null }),
  }),
  async (world, { topics, limit, cursor }) => {
    // None means all, those of others as well.
    if (topics.length === 0) return
    await world.pair.same('admin', describeTopicPartitions, 0, () => ({
      topics: [...new Set(topics.map((topic) => world.topicName(topic)))].map((name) => ({ name })),
      responsePartitionLimit: limit,
      cursor: cursor && { topicName: world.topicName(cursor[0]), partitionIndex: cursor[1] },
    }))
  },
)

const alterStep = kind(
  'alter configs',
  3,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    changes: fc.array(fc.tuple(config, fc.constantFrom(0, 0, 0, 1, 2, 3, 9)), { minLength: 1, maxLength: 2 }),
    validateOnly: fc.constantFrom(false, false, true),
  }),
  async (world, { version, topic, changes, validateOnly }) => {
    const resource = {
      resourceType: 2,
      resourceName: world.topicName(topic),
      configs: changes.map(([[name, value], configOperation]) => ({ name, value, configOperation })),
    }
    const answers = await world.pair.same('admin', incrementalAlterConfigs, versionOf(incrementalAlterConfigs, version), () => ({
      resources: [resource],
      validateOnly,
    }))
    if (validateOnly || answers?.[0].responses[0]?.errorCode !== 0) return
    // A real broker's leader hears of it a little later.
    await world.until('the configs are the same', async () => {
      const same = await configsOf(world, resource.resourceName)
      return [same[0] === same[1], true]
    })
    await world.pause(30)
  },
)

async function configsOf(world: World, resourceName: string): Promise<string[]> {
  const names = ['max.message.bytes', 'cleanup.policy', 'message.timestamp.type', 'message.timestamp.after.max.ms']
  const configurationKeys = [
    ...names,
    'message.timestamp.before.max.ms',
    'retention.ms',
    'retention.bytes',
    'min.insync.replicas',
  ]
  const answers = await world.must(describeConfigs, 4, () => ({
    resources: [{ resourceType: 2, resourceName, configurationKeys }],
  }))
  return answers.map(({ results }) => {
    const shown = results[0]!.configs
      .filter(({ configSource }) => configSource === 1)
      .map(({ name, value }) => `${name}=${value}`)
    return shown.toSorted().join()
  })
}

const describeStep = kind(
  'describe configs',
  2,
  fc.record({
    version: anyVersion,
    topic: anyTopic,
    name: fc.constantFrom('max.message.bytes', 'cleanup.policy', 'retention.ms', 'message.timestamp.type', 'no.such.config'),
    synonyms: fc.boolean(),
  }),
  async (world, { version, topic, name, synonyms }) => {
    const resource = { resourceType: 2, resourceName: world.topicName(topic), configurationKeys: [name] }
    await world.pair.same('admin', describeConfigs, versionOf(describeConfigs, version), () => ({
      resources: [resource],
      includeSynonyms: synonyms,
    }))
  },
)

const clusterStep = kind(
  'describe cluster',
  1,
  fc.record({ version: anyVersion, endpointType: fc.constantFrom(1, 1, 2, 3) }),
  async (world, { version: pick, endpointType }) => {
    const version = versionOf(describeCluster, pick)
    await world.pair.same('admin', describeCluster, version, () => since(version, 1, { endpointType }))
  },
)

const producerIdStep = kind(
  'producer id',
  2,
  fc.record({
    version: anyVersion,
    slot: fc.nat(3),
    id: fc.constantFrom('none', 'none', 'own', 'unknown'),
    epoch: fc.constantFrom(-1, 0, 0, 1),
  }),
  async (world, { version: pick, slot, id, epoch }) => {
    const version = versionOf(initProducerId, pick)
    const known = world.producer(slot)
    const body = (side: 0 | 1) => ({
      transactionalId: null,
      transactionTimeoutMs: 60_000,
      ...(version >= 3 && id !== 'none' && { producerId: id === 'own' ? known.ids[side]! : 77, producerEpoch: epoch }),
    })
    const answers = await world.must(initProducerId, version, body)
    if (answers.every(({ errorCode }) => errorCode === 0)) {
      const ids = [answers[0].producerId, answers[1].producerId] as const
      world.pair.learn(`producer ${slot} of ${world.pair.requests}`, ids)
      world.producers[slot] = { ids, epoch: answers[0].producerEpoch, sequences: new Map() }
    }
    world.pair.equal(answers, `InitProducerId ${version}`)
  },
)

const coordinatorStep = kind(
  'find coordinator',
  1,
  fc.record({
    version: anyVersion,
    keyType: fc.constantFrom(0, 0, 1, 3),
    keys: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 2 }),
  }),
  async (world, { version: pick, keyType, keys }) => {
    const version = versionOf(findCoordinator, pick)
    const named = keys.map((key) => (key === '' ? '' : `${world.prefix}-${key}`))
    if (version < 4 && named.length !== 1) return
    await world.pair.same('admin', findCoordinator, version, () => ({
      ...(version >= 1 && { keyType }),
      ...(version >= 4 ? { coordinatorKeys: named } : { key: named[0]! }),
    }))
  },
)

export const topicSteps: StepKind[] = [
  createStep,
  growStep,
  deleteStep,
  metadataStep,
  describePartitionsStep,
  alterStep,
  describeStep,
  clusterStep,
  producerIdStep,
  coordinatorStep,
]
