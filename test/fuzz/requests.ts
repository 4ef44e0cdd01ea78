/** Which damaged request comes at which place of a series: the same for the same seed. Knows frames, not who is sent them. */
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import type { AnyHandler } from '../../src/main/testing/broker/handler.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { makeBatch } from '../main/testing/batches.ts'
import { codecOf, goldenMessages } from '../shared/protocol/golden.ts'
import { corpus } from './corpus.ts'
import { mutant } from './mutate.ts'
import { type Random, randomOf } from './random.ts'

/** What a connection is sent: a request as it would stand on the wire. */
export interface DamagedRequest {
  api: string
  version: number
  bytes: Buffer
}

const CLIENT = Buffer.from('0004667a7a79', 'hex')
const LENGTH_BYTES = 4

/** Bodies that reach what there is: the topics `t` and `u`, a group `g` with a member `m`, a group `k`. */
const bodies: ReadonlyMap<string, object> = new Map<string, object>([
  ['Produce', { acks: -1, timeoutMs: 1, topicData: [{ name: 't', partitionData: [{ index: 0, records: makeBatch() }] }] }],
  ['Fetch', { maxWaitMs: 5, minBytes: 1, maxBytes: 100, topics: [{ topic: 't', partitions: [{ partitionMaxBytes: 99 }] }] }],
  ['ListOffsets', { replicaId: -1, topics: [{ name: 't', partitions: [{ timestamp: -1 }] }] }],
  ['Metadata', { topics: [{ name: 't' }, { name: 'u' }] }],
  ['CreateTopics', { topics: [{ name: 'n', numPartitions: 1, replicationFactor: 1 }] }],
  ['CreatePartitions', { topics: [{ name: 'u', count: 3 }] }],
  ['InitProducerId', { transactionTimeoutMs: 1 }],
  ['FindCoordinator', { key: 'g' }],
  [
    'JoinGroup',
    { groupId: 'k', sessionTimeoutMs: 9000, protocolType: 'p', protocols: [{ name: 'p', metadata: Buffer.alloc(9) }] },
  ],
  ['SyncGroup', { groupId: 'k', generationId: 1, memberId: 'm' }],
  ['Heartbeat', { groupId: 'k', generationId: 1, memberId: 'm' }],
  ['LeaveGroup', { groupId: 'g', memberId: 'm' }],
  [
    'OffsetCommit',
    { groupId: 'g', memberId: 'm', generationIdOrMemberEpoch: 2, topics: [{ name: 't', partitions: [{ committedOffset: 1 }] }] },
  ],
  ['OffsetFetch', { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0] }] }],
  ['ConsumerGroupHeartbeat', { groupId: 'g', memberId: 'm', memberEpoch: 2, subscribedTopicNames: ['t'], topicPartitions: [] }],
  ['ConsumerGroupDescribe', { groupIds: ['g', 'k'] }],
  ['DescribeGroups', { groups: ['g', 'k'] }],
  ['DescribeLogDirs', { topics: [{ topic: 't', partitions: [0, 1] }] }],
  [
    'DescribeConfigs',
    {
      resources: [2, 4, 32].map((resourceType) => ({
        resourceType,
        resourceName: resourceType === 4 ? '1' : 't',
        configurationKeys: null,
      })),
    },
  ],
  ['ListConfigResources', { resourceTypes: [2, 4] }],
  ['DescribeClientQuotas', { components: [{ entityType: 'user', matchType: 0, match: 'a' }] }],
  ['AlterPartitionReassignments', { timeoutMs: 1, topics: [{ name: 't', partitions: [{ partitionIndex: 0, replicas: [1] }] }] }],
  ['ListPartitionReassignments', { timeoutMs: 1, topics: [{ name: 't', partitionIndexes: [0] }] }],
])

interface Seed {
  version: number
  body: Buffer
}

/** Bodies of an API that are right, or were worth keeping. */
function seedsOf({ api }: AnyHandler): Seed[] {
  const name = `${api.name}Request`
  const seeds: Seed[] = []
  const own = bodies.get(api.name)
  for (let version = api.minVersion; own && version <= api.maxVersion; version++) {
    try {
      const writer = new Writer()
      api.encodeRequest(writer, version, own)
      seeds.push({ version, body: writer.finish() })
    } catch {
      // not every version has every field
    }
  }
  for (const { m, v, hex } of goldenMessages)
    if (m === name && v <= codecOf(m).maxVersion) seeds.push({ version: v, body: Buffer.from(hex, 'hex') })
  for (const { decoder, version, hex } of corpus) if (decoder === name) seeds.push({ version, body: Buffer.from(hex, 'hex') })
  return seeds
}

export class DamagedRequests {
  readonly #seed: number
  readonly #apis = Array.from(handlers.values(), (handler) => ({ handler, seeds: seedsOf(handler) }))

  constructor(seed: number) {
    this.#seed = seed
  }

  get apis(): string[] {
    return this.#apis.map(({ handler }) => handler.api.name)
  }

  at(index: number): DamagedRequest {
    const random = randomOf(this.#seed, index)
    const { handler, seeds } = this.#apis[index % this.#apis.length]!
    const { version, body } = seeds[random(seeds.length)]!
    const head = headOf(handler, version, index)
    const damaged = mutant(Buffer.concat([head, body]), random, seeds[random(seeds.length)]!.body)
    // nine of ten stay with their API, so that each has its share
    const request = random(10) === 0 ? damaged : Buffer.concat([head.subarray(0, 2), damaged.subarray(2)])
    return { api: handler.api.name, version, bytes: framed(request, random) }
  }
}

function headOf({ api }: AnyHandler, version: number, correlationId: number): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt16BE(api.key, 0)
  head.writeInt16BE(version, 2)
  head.writeInt32BE(correlationId & 0xffffff, 4)
  return Buffer.concat([head, CLIENT, Buffer.alloc(version >= api.flexibleFrom ? 1 : 0)])
}

/** With its length in front; one of twenty lies. */
function framed(request: Buffer, random: Random): Buffer {
  const lies = [
    () => request.length + 1 + random(40),
    () => random(request.length + 1),
    () => -random(2 ** 31),
    () => random(2 ** 31),
  ]
  const length = random(20) === 0 ? lies[random(lies.length)]!() : request.length
  const size = Buffer.alloc(LENGTH_BYTES)
  size.writeInt32BE(length | 0)
  return Buffer.concat([size, request])
}
