/**
 * Which topics the ids in an assignment stand for: asks brokers for names, and metadata for partitions and handles, so that every worker
 * knows them before a partition is used. Asks again until it has an answer or nobody wants it any more. Knows no group.
 */
import { backoffMs } from '../../shared/backoff.ts'
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { IoApi } from '../../shared/io-api.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import type { MetadataResponse } from '../../shared/protocol/generated/metadata.ts'
import type { TopicView } from '../cluster-view.ts'
import type { Metadata } from '../metadata.ts'
import { pause, within } from '../wait.ts'
import type { AssignedPartition } from './types.ts'

export interface AssignedTopicsEvents {
  /** So many partitions of the topic can be used. */
  onResolved(topicId: string, partitions: number): void
  /** It was not found out at once; told once each time it was asked for. */
  onLate(topicId: string, error: KafkaError): void
}

interface Settings {
  requestTimeoutMs: number
  retryBackoffMs: number
  retryBackoffMaxMs: number
}

const METADATA = 3
/** A topic that is assigned exists: what metadata has not heard of yet it will hear of soon. */
const PATIENCE_MS = 2_000

export class AssignedTopics {
  readonly #env: Pick<Env, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>
  readonly #io: Pick<IoApi, 'call'>
  readonly #metadata: Metadata
  readonly #settings: Settings
  readonly #events: AssignedTopicsEvents
  /** By id, also of topics that are gone: their partitions may still have to be released. */
  readonly #views = new Map<string, TopicView>()
  /** How many partitions are wanted of what is being looked up. */
  readonly #wanted = new Map<string, number>()
  readonly #end = new AbortController()

  constructor(
    env: Pick<Env, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>,
    io: Pick<IoApi, 'call'>,
    metadata: Metadata,
    settings: Settings,
    events: AssignedTopicsEvents,
  ) {
    this.#env = env
    this.#io = io
    this.#metadata = metadata
    this.#settings = settings
    this.#events = events
  }

  /** A partition that was resolved. */
  assigned(topicId: string, partition: number): AssignedPartition {
    const { topic, partitions } = this.#views.get(topicId)!
    return { topic, topicId, partition, handle: partitions[partition]!.handle }
  }

  /** More than one when the topic was made anew. */
  idsOf(topic: string): string[] {
    return [...this.#views.values()].filter((view) => view.topic === topic).map(({ topicId }) => topicId)
  }

  resolve(topicId: string, partitions: number): void {
    const known = this.#wanted.get(topicId)
    this.#wanted.set(topicId, Math.max(partitions, known ?? 0))
    if (known === undefined) void this.#lookUp(topicId)
  }

  /** Of what is being looked up, the rest is wanted no more. */
  keepOnly(wanted: ReadonlyMap<string, unknown>): void {
    for (const topicId of this.#wanted.keys()) if (!wanted.has(topicId)) this.#wanted.delete(topicId)
  }

  close(error: KafkaError): void {
    this.#wanted.clear()
    this.#end.abort(error)
  }

  async #lookUp(topicId: string): Promise<void> {
    const { signal } = this.#end
    const bounds = { initialMs: this.#settings.retryBackoffMs, maxMs: this.#settings.retryBackoffMaxMs }
    for (let failures = 0; this.#wanted.has(topicId) && !signal.aborted; ) {
      try {
        const view = await this.#view(topicId)
        if (signal.aborted) return
        this.#views.set(topicId, view)
        // more may have been wanted meanwhile
        if (view.partitions.length < (this.#wanted.get(topicId) ?? 0)) continue
        this.#wanted.delete(topicId)
        this.#events.onResolved(topicId, view.partitions.length)
      } catch (thrown) {
        if (signal.aborted) return
        if (failures++ === 0) this.#events.onLate(topicId, KafkaError.from(thrown, 'metadata of an assigned topic'))
        const wait = pause(this.#env, backoffMs(failures, bounds, this.#env.random()), { signal }, 'metadata')
        await wait.catch(() => {})
      }
    }
  }

  async #view(topicId: string): Promise<TopicView> {
    const { signal } = this.#end
    const name = this.#views.get(topicId)?.topic ?? (await this.#nameOf(topicId))
    const partitions = this.#wanted.get(topicId) ?? 0
    return this.#metadata.topic(name, {
      signal,
      deadline: this.#env.now() + PATIENCE_MS,
      until: (view) => view.topicId === topicId && view.partitions.length >= partitions,
    })
  }

  async #nameOf(topicId: string): Promise<string> {
    const { signal } = this.#end
    const { requestTimeoutMs: timeoutMs } = this.#settings
    const request = { topics: [{ topicId, name: null }], allowAutoTopicCreation: false }
    const { body, broker } = await within(
      this.#env,
      { signal },
      'the name of a topic',
      this.#io.call('any', METADATA, request, { timeoutMs }),
    )
    const found = (body as MetadataResponse).topics.find((topic) => topic.topicId === topicId)
    const errorCode = found?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_ID
    if (found?.name && errorCode === ErrorCode.NONE) return found.name
    const { name } = brokerError(errorCode)
    const text = `Broker ${broker} does not say which topic has the id ${topicId}: ${name}.`
    throw new KafkaError('BROKER_ERROR', text, {
      broker,
      api: 'Metadata',
      brokerError: name,
      brokerErrorCode: errorCode,
      retriable: true,
    })
  }
}
