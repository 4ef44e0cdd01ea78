/**
 * An I/O layer without workers: answers Metadata from a small cluster that the test changes as it likes, other APIs from handlers
 * that the test sets, and keeps a record of everything it was asked and told.
 */

import { ZERO_UUID } from '../../src/main/cluster-view.ts'
import type { Env } from '../../src/shared/env.ts'
import { KafkaError, type WireError } from '../../src/shared/errors.ts'
import type { BrokerAddress, CallResult, CallTarget, PartitionLeader } from '../../src/shared/io-api.ts'
import type { MetadataResponse, MetadataResponseTopic } from '../../src/shared/protocol/generated/metadata.ts'

export interface FakePartition {
  leader: number
  epoch: number
  index?: number
}

export interface FakeTopic {
  topicId: string
  errorCode: number
  partitions: FakePartition[]
}

export interface Call {
  at: number
  target: CallTarget
  apiKey: number
  // biome-ignore lint/suspicious/noExplicitAny: requests are read by tests that know what they are
  body: any
}

export type Push =
  | { type: 'brokers'; brokers: BrokerAddress[] }
  | { type: 'partitions'; partitions: PartitionLeader[] }
  | { type: 'drop'; handles: number[]; error: WireError }

export const METADATA = 3

let nextId = 1
/** A topic id that nothing else has. */
export function newTopicId(): string {
  return Buffer.from(String(nextId++).padStart(16, '0')).toString('base64url')
}

export class FakeCluster {
  readonly env: Pick<Env, 'now'>
  brokers = [1, 2, 3].map((nodeId) => ({ nodeId, host: `broker-${nodeId}`, port: 9092, rack: null as string | null }))
  readonly topics = new Map<string, FakeTopic>()
  controllerId = 1
  errorCode = 0
  version = 12
  readonly calls: Call[] = []
  readonly pushes: Push[] = []
  /** The highest epoch, leader and existence that workers were told, by handle. */
  readonly told = new Map<number, PartitionLeader>()
  /** Answers the other APIs; may throw. */
  readonly handlers = new Map<number, (body: never, call: Call) => unknown>()
  /** Runs before each answer; may throw or wait. */
  before: (call: Call) => unknown = () => undefined
  /** Runs before a push counts; may throw or wait. */
  beforePush: (push: Push) => unknown = () => undefined

  constructor(env: Pick<Env, 'now'>) {
    this.env = env
  }

  topic(name: string, partitions: FakePartition[] | number = 1, topicId = newTopicId()): FakeTopic {
    const list =
      typeof partitions === 'number'
        ? Array.from({ length: partitions }, (_, i) => ({ leader: (i % 3) + 1, epoch: 0 }))
        : partitions
    const topic = { topicId, errorCode: 0, partitions: list }
    this.topics.set(name, topic)
    return topic
  }

  get metadataCalls(): Call[] {
    return this.calls.filter(({ apiKey }) => apiKey === METADATA)
  }

  /** Names of the topics of each metadata request. */
  get asked(): string[][] {
    return this.metadataCalls.map(({ body }) => body.topics.map(({ name }: { name: string }) => name))
  }

  async setBrokers(brokers: BrokerAddress[]): Promise<void> {
    await this.#push({ type: 'brokers', brokers })
  }

  async setPartitions(partitions: PartitionLeader[]): Promise<void> {
    await this.#push({ type: 'partitions', partitions })
    for (const partition of partitions) this.told.set(partition.handle, partition)
  }

  async dropPartitions(handles: number[], error: WireError): Promise<void> {
    await this.#push({ type: 'drop', handles, error })
    for (const handle of handles) this.told.delete(handle)
  }

  async #push(push: Push): Promise<void> {
    await this.beforePush(push)
    this.pushes.push(push)
  }

  async call(target: CallTarget, apiKey: number, body: unknown): Promise<CallResult> {
    const call = { at: this.env.now(), target, apiKey, body } as Call
    this.calls.push(call)
    await this.before(call)
    const handler = this.handlers.get(apiKey)
    const answer = handler === undefined ? this.metadata(call) : await handler(body as never, call)
    return { version: this.version, body: answer, nodeId: typeof target === 'number' ? target : 1, broker: 'broker-1:9092' }
  }

  metadata({ body }: Call): MetadataResponse {
    return {
      throttleTimeMs: 0,
      brokers: this.brokers,
      clusterId: 'cluster',
      controllerId: this.controllerId,
      topics: body.topics.map(({ name }: { name: string }) => this.#topic(name)),
      clusterAuthorizedOperations: -2147483648,
      errorCode: this.errorCode,
    }
  }

  #topic(name: string): MetadataResponseTopic {
    const topic = this.topics.get(name)
    const { topicId, errorCode, partitions } = topic ?? { topicId: ZERO_UUID, errorCode: 3, partitions: [] }
    return {
      errorCode,
      name,
      topicId,
      isInternal: false,
      partitions: partitions.map(({ leader, epoch, index }, position) => ({
        errorCode: leader < 0 ? 5 : 0,
        partitionIndex: index ?? position,
        leaderId: leader,
        leaderEpoch: epoch,
        replicaNodes: [1, 2, 3],
        isrNodes: [1, 2, 3],
        offlineReplicas: [],
      })),
      topicAuthorizedOperations: -2147483648,
    }
  }
}

export function failure(
  code: 'CONNECTION_FAILED' | 'CONNECTION_LOST' | 'TIMEOUT' | 'NO_BROKER' | 'UNSUPPORTED',
  message = code.toLowerCase(),
): KafkaError {
  return new KafkaError(code, message, { retriable: code !== 'UNSUPPORTED' })
}
