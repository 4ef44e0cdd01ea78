/** Asks a real Kafka and the embedded broker the same and compares their answers. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import type { Api } from '../../../src/shared/protocol/api.ts'
import { createTopics } from '../../../src/shared/protocol/generated/create-topics.ts'
import { listOffsets } from '../../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { type RealKafka, startKafka } from '../../kafka/index.ts'
import { RawClient } from './client.ts'

type Body = object | ((broker: number) => object)
type ListOffsetsAnswer = ReturnType<typeof listOffsets.decodeResponse>
type MetadataAnswer = ReturnType<typeof metadata.decodeResponse>

/** What differs for good reason. */
const IGNORED: readonly string[] = [
  'throttleTimeMs',
  'topicId',
  'clusterId',
  'port',
  'sessionId',
  'errorMessage',
  'batchIndexErrorMessage',
  'apiKeys',
  'supportedFeatures',
  'finalizedFeatures',
  'finalizedFeaturesEpoch',
]

interface Comparison {
  /** Fields that differ for good reason, besides those that always do. */
  ignore?: string[]
  /** Nobody promises an order of the lists in this answer. */
  unordered?: boolean
}

export class Both {
  readonly #env = nodeEnv()
  readonly #real: RealKafka
  readonly #embedded: EmbeddedBroker
  readonly #addresses: string[]
  /** A topic with two partitions, and one that stamps on append. */
  readonly topic = `p-${randomUUID()}`
  readonly stamped = `s-${randomUUID()}`
  /** One whose records are deleted, and one that is compacted. */
  readonly doomed = `d-${randomUUID()}`
  readonly compacted = `c-${randomUUID()}`
  /** The id of `topic` on either broker. */
  readonly ids: string[] = []

  private constructor(real: RealKafka, embedded: EmbeddedBroker) {
    this.#real = real
    this.#embedded = embedded
    this.#addresses = [real.brokers[0]!, embedded.brokers[0]!]
  }

  static async start(): Promise<Both> {
    const both = new Both(...(await Promise.all([startKafka({ nodes: 1 }), startBroker()])))
    for (const broker of [0, 1]) await both.#makeTopics(broker)
    return both
  }

  async stop(): Promise<void> {
    await Promise.all([this.#real.stop(), this.#embedded.close()])
  }

  /** Asks the real (0) or the embedded broker (1), on a connection of its own. */
  async ask(broker: number, api: Api, version: number, body: Body): Promise<unknown> {
    const client = await RawClient.open(this.#env, this.#addresses[broker]!)
    try {
      return await client.call(api, version, typeof body === 'function' ? body(broker) : body)
    } finally {
      client.close()
    }
  }

  /** Asks both and expects the same. */
  async same(api: Api, version: number, body: Body, { ignore = [], unordered = false }: Comparison = {}): Promise<void> {
    const ignored = new Set([...IGNORED, ...ignore])
    const answers = await Promise.all([0, 1].map((broker) => this.ask(broker, api, version, body)))
    const [expected, got] = answers.map((answer) => comparable(answer, ignored, unordered))
    expect(got, `${api.name} version ${version}`).toEqual(expected)
  }

  async #makeTopics(broker: number): Promise<void> {
    const one = { numPartitions: 2, replicationFactor: 1 }
    const configs = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
    const topics = [
      { ...one, name: this.topic },
      { ...one, name: this.stamped, configs },
      { ...one, name: this.doomed },
      { ...one, name: this.compacted, configs: [{ name: 'cleanup.policy', value: 'compact' }] },
    ]
    await this.ask(broker, createTopics, 7, { timeoutMs: 10_000, topics })
    // A real broker says who leads before that one knows it itself, so ask what only a leader answers.
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
    const leads = { replicaId: -1, topics: topics.map(({ name }) => ({ name, partitions })) }
    for (let ready = false; !ready; ) {
      const answer = (await this.ask(broker, listOffsets, 7, leads)) as ListOffsetsAnswer
      ready = answer.topics.every((one) => one.partitions.every(({ errorCode }) => errorCode === 0))
    }
    const answer = (await this.ask(broker, metadata, 12, { topics: [{ name: this.topic }] })) as MetadataAnswer
    this.ids[broker] = answer.topics[0]!.topicId
  }
}

function comparable(value: unknown, ignored: ReadonlySet<string>, unordered: boolean): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex')
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, ignored, unordered))
    return unordered ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([name]) => !ignored.has(name))
  return Object.fromEntries(fields.map(([name, field]) => [name, comparable(field, ignored, unordered)]))
}
