/** A cluster on a virtual clock in this thread, with a raw client, for tests of the protocol. */
import { Cluster } from '../../../src/main/testing/broker/cluster.ts'
import type { ClusterOptions } from '../../../src/main/testing/broker/cluster-options.ts'
import { createTopics } from '../../../src/shared/protocol/generated/create-topics.ts'
import { fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { type BatchInit, makeBatch } from './batches.ts'
import { RawClient } from './client.ts'
import { VirtualEnv } from './virtual-env.ts'

export type FixtureOptions = Partial<Omit<ClusterOptions, 'configs'>> & { configs?: Record<string, string> }

export class Fixture {
  readonly env: VirtualEnv
  readonly cluster: Cluster
  readonly bugs: unknown[] = []

  private constructor(env: VirtualEnv, options: FixtureOptions) {
    this.env = env
    this.cluster = new Cluster(env, {
      nodes: 1,
      host: 'virtual',
      port: 0,
      rack: null,
      topics: [{ topic: 't', partitions: 2 }],
      autoCreateTopics: false,
      onBug: (error) => this.bugs.push(error),
      ...options,
      configs: new Map(Object.entries(options.configs ?? {})),
    })
  }

  static async start(options: FixtureOptions = {}, seed = 1): Promise<Fixture> {
    const fixture = new Fixture(new VirtualEnv(seed), options)
    await fixture.cluster.start()
    return fixture
  }

  /** A connection to a node. */
  async client(node = 1): Promise<RawClient> {
    const client = new RawClient(this.env, this.cluster.addresses[node - 1]!)
    await this.env.advance(0)
    await client.connected
    return client
  }

  /** What a call gives once `ms` have passed. */
  async after<T>(call: Promise<T>, ms = 0): Promise<T> {
    call.catch(() => {})
    await this.env.advance(ms)
    const pending = Symbol('pending')
    const settled = await Promise.race([call, Promise.resolve(pending)])
    if (settled === pending) throw new Error(`no answer within ${ms} ms`)
    return settled as T
  }

  async isPending(call: Promise<unknown>, ms = 0): Promise<boolean> {
    call.catch(() => {})
    await this.env.advance(ms)
    const pending = Symbol('pending')
    return (await Promise.race([call.catch(() => undefined), Promise.resolve(pending)])) === pending
  }

  id(topic = 't'): string {
    return this.cluster.topics.get(topic)!.id
  }

  /** One batch to one partition; gives that partition's answer. */
  async produce(
    client: RawClient,
    batch: BatchInit | Uint8Array = {},
    where: { partition?: number; version?: number; acks?: number; topic?: string } = {},
  ) {
    const { partition = 0, version = 13, acks = -1, topic = 't' } = where
    const records = batch instanceof Uint8Array ? batch : makeBatch(batch)
    const about = version >= 13 ? { topicId: this.id(topic) } : { name: topic }
    const body = { acks, timeoutMs: 1000, topicData: [{ ...about, partitionData: [{ index: partition, records }] }] }
    const response = await this.after(client.call(produce, version, body))
    return { ...response.responses[0]!.partitionResponses[0]!, nodeEndpoints: response.nodeEndpoints }
  }
}

export interface FetchWish {
  topicId?: string
  topic?: string
  partition?: number
  offset?: number
  currentLeaderEpoch?: number
  lastFetchedEpoch?: number
  maxBytes?: number
}

export interface FetchHead {
  version?: number
  maxWaitMs?: number
  minBytes?: number
  maxBytes?: number
  sessionId?: number
  sessionEpoch?: number
  isolationLevel?: number
}

/** A Fetch of some partitions. */
export function fetchFrom(client: RawClient, wishes: FetchWish[], head: FetchHead = {}) {
  const { version = 18, ...rest } = head
  const topics = wishes.map(
    ({ topicId, topic, partition = 0, offset = 0, maxBytes = 1_000_000, currentLeaderEpoch = -1, lastFetchedEpoch }) => ({
      ...(topicId !== undefined && { topicId }),
      ...(topic !== undefined && { topic }),
      partitions: [
        {
          partition,
          fetchOffset: offset,
          partitionMaxBytes: maxBytes,
          currentLeaderEpoch,
          ...(lastFetchedEpoch !== undefined && { lastFetchedEpoch }),
        },
      ],
    }),
  )
  return client.call(fetch, version, { maxWaitMs: 0, minBytes: 1, maxBytes: 10_000_000, ...rest, topics })
}

export { createTopics, fetch, metadata, produce }
