/**
 * What a request is about, so that faults can name topics, partitions, groups, transactional ids and clients, whatever the API. Knows
 * Kafka's habits of naming fields and no API but Fetch, whose sessions leave out what was said before. Found out only when asked.
 */
import type { RequestHeader } from '../../../shared/protocol/frame.ts'
import { fetch } from '../../../shared/protocol/generated/fetch.ts'
import { findCoordinator } from '../../../shared/protocol/generated/find-coordinator.ts'
import type { Broker } from './broker.ts'
import type { AnyHandler } from './handler.ts'

type Fields = Readonly<Record<string, unknown>>

const TRANSACTION_KEY = 1
const TOPIC_RESOURCE = 2
/** Lists of topics, but for those that a request is not about any more. */
const isTopicList = (name: string): boolean => /topic/i.test(name) && !/forgotten/i.test(name)
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** What faults ask of a request. */
export interface Subject {
  readonly clientId: string | null
  readonly groups: readonly string[]
  readonly transactionalIds: readonly string[]
  /** Whether it is about a topic or, when one is given, about this partition of it. */
  isAbout(topic: string, partition?: number): boolean
}

export class RequestSubject implements Subject {
  readonly #node: Broker
  readonly #handler: AnyHandler
  readonly #header: RequestHeader
  readonly #request: unknown

  constructor(node: Broker, handler: AnyHandler, header: RequestHeader, request: unknown) {
    this.#node = node
    this.#handler = handler
    this.#header = header
    this.#request = request
  }

  get clientId(): string | null {
    return this.#header.clientId
  }

  get groups(): readonly string[] {
    return this.#handler.groupsOf?.(this.#request) ?? []
  }

  get transactionalIds(): readonly string[] {
    return isFields(this.#request) ? transactionalIdsOf(this.#request, this.#handler.api.key) : []
  }

  isAbout(topic: string, partition?: number): boolean {
    if (!isFields(this.#request)) return false
    // all topics there are
    if (this.#request['topics'] === null) return true
    for (const mention of this.#mentions(this.#request)) {
      const name = mention.topic ?? this.#node.cluster.topics.byId(mention.topicId ?? '')?.name
      if (name === topic && (partition === undefined || mention.partition === undefined || mention.partition === partition))
        return true
    }
    return false
  }

  *#mentions(request: Fields): Generator<Mention> {
    yield* mentionsIn(request)
    if (this.#handler.api.key !== fetch.key) return
    for (const { topic, topicId, partition } of this.#node.sessions.partitionsOf(Number(request['sessionId']))) {
      yield { topic: textOf(topic), topicId, partition }
    }
  }
}

/** A topic by name or id, and a partition unless it is about the topic as a whole. */
interface Mention {
  topic: string | undefined
  topicId: string | undefined
  partition: number | undefined
}

function* mentionsIn(fields: Fields): Generator<Mention> {
  if (fields['resourceType'] === TOPIC_RESOURCE) {
    yield { topic: textOf(fields['resourceName']), topicId: undefined, partition: undefined }
  }
  for (const [name, list] of Object.entries(fields)) {
    if (!Array.isArray(list)) continue
    for (const item of list as unknown[]) {
      if (isTopicList(name)) yield* mentionsOf(item)
      else if (isFields(item)) yield* mentionsIn(item)
    }
  }
}

/** One item of a list of topics: a name, or a topic with its partitions. */
function* mentionsOf(item: unknown): Generator<Mention> {
  if (!isFields(item)) {
    yield { topic: textOf(item), topicId: undefined, partition: undefined }
    return
  }
  const topic = textOf(item['name']) ?? textOf(item['topic']) ?? textOf(item['topicName'])
  const topicId = textOf(item['topicId'])
  const partitions = item['partitions'] ?? item['partitionData'] ?? item['partitionIndexes']
  if (!Array.isArray(partitions) || partitions.length === 0) yield { topic, topicId, partition: undefined }
  else for (const each of partitions as unknown[]) yield { topic, topicId, partition: partitionOf(each) }
}

function partitionOf(item: unknown): number | undefined {
  const index = isFields(item) ? (item['index'] ?? item['partition'] ?? item['partitionIndex']) : item
  return typeof index === 'number' ? index : undefined
}

function transactionalIdsOf(fields: Fields, apiKey: number): string[] {
  if (apiKey === findCoordinator.key) {
    if (fields['keyType'] !== TRANSACTION_KEY) return []
    return [fields['key'], ...(fields['coordinatorKeys'] as unknown[])].flatMap((key) => textOf(key) ?? [])
  }
  const ids: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (/transactionalIds?$/i.test(name)) ids.push(...[value].flat().flatMap((id) => textOf(id) ?? []))
    else if (name === 'transactions' && Array.isArray(value)) {
      for (const item of value as unknown[]) if (isFields(item)) ids.push(...transactionalIdsOf(item, apiKey))
    }
  }
  return ids
}
