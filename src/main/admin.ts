/**
 * Administration of the cluster: creates, grows and deletes topics, lists offsets, changes SCRAM users. A call returns when its effect shows in the
 * metadata, so that what follows can rely on it. How requests are retried is in `retrying.ts` and `topic-jobs.ts`.
 */
import { KafkaError } from '../shared/errors.ts'
import { checkOptions } from '../shared/options.ts'
import { ErrorCode } from '../shared/protocol/errors.ts'
import type { CreatePartitionsResponse } from '../shared/protocol/generated/create-partitions.ts'
import type { CreateTopicsResponse } from '../shared/protocol/generated/create-topics.ts'
import type { DeleteTopicsResponse } from '../shared/protocol/generated/delete-topics.ts'
import type { MetadataResponse, MetadataResponseTopic } from '../shared/protocol/generated/metadata.ts'
import { type TopicView, ZERO_UUID } from './cluster-view.ts'
import { type DescribedTopic, type GroupOffset, groupOffsets } from './group-offsets.ts'
import { type ListedOffset, listOffsets, type OffsetQuery } from './list-offsets.ts'
import {
  type AdminOptions,
  adminOptions,
  type CheckedNewPartitions,
  type CheckedNewTopic,
  type ListOffsetsOptions,
  listOffsetsOptions,
  type NewPartitions,
  type NewTopic,
  newPartitionsOptions,
  newTopicOptions,
} from './options.ts'
import { type AdminContext, ask, type CallLimits, retrying, throwFailures, worthAnotherTry } from './retrying.ts'
import { type ScramAlteration, scramAlterationOptions } from './scram-options.ts'
import { alterScramUsers, describeScramUsers, type UserScramCredentials } from './scram-users.ts'
import { openJob, runTopicJobs, type TopicApi, type TopicJob } from './topic-jobs.ts'
import { checkTopicName } from './topic-name.ts'
import { closedError } from './wait.ts'

/** A topic as the cluster made it. */
export interface CreatedTopic {
  topic: string
  topicId: string
  partitions: number
  replicationFactor: number
}

const METADATA = 3
const CREATE_TOPICS = 19
const DELETE_TOPICS = 20
const CREATE_PARTITIONS = 37

export class Admin {
  readonly #context: AdminContext
  readonly #closing = new AbortController()

  constructor(context: AdminContext) {
    this.#context = context
  }

  /**
   * Resolves when the metadata shows every topic with all partitions and leaders: a produce right after it works. Topics that
   * succeeded stay when others fail.
   */
  async createTopics(topics: readonly NewTopic[], options?: AdminOptions): Promise<CreatedTopic[]> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'createTopics options'))
    const wanted = new Map<string, CheckedNewTopic>()
    for (const topic of topics) {
      const checked = checkOptions(newTopicOptions, topic, 'createTopics')
      checkTopicName(checked.topic)
      if (wanted.has(checked.topic)) throw named(checked.topic)
      wanted.set(checked.topic, checked)
    }
    const jobs = [...wanted.keys()].map(openJob)
    await runTopicJobs(this.#context, this.#creation(wanted, limits), jobs, limits)
    throwFailures(failuresOf(jobs))
    return Promise.all(jobs.map((job) => this.#shown(job, wanted.get(job.topic)!, limits)))
  }

  /**
   * Makes topics have more partitions. Resolves when the metadata shows all of them with leaders: a produce right after it works.
   * Other clients learn of them when their metadata grows old, or when they name such a partition. Topics that succeeded stay
   * when others fail.
   */
  async createPartitions(topics: readonly NewPartitions[], options?: AdminOptions): Promise<void> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'createPartitions options'))
    const wanted = new Map<string, CheckedNewPartitions>()
    for (const topic of topics) {
      const checked = checkOptions(newPartitionsOptions, topic, 'createPartitions')
      checkTopicName(checked.topic)
      if (wanted.has(checked.topic)) throw named(checked.topic)
      wanted.set(checked.topic, checked)
    }
    const jobs = [...wanted.keys()].map(openJob)
    await runTopicJobs(this.#context, this.#growth(wanted, limits), jobs, limits)
    const grown = jobs.filter(({ state }) => state === 'done')
    await Promise.all(grown.map(({ topic }) => this.#led(topic, wanted.get(topic)!.count, ZERO_UUID, limits)))
    throwFailures(failuresOf(jobs))
  }

  /** Resolves when the metadata no longer shows the topics. */
  async deleteTopics(topics: readonly string[], options?: AdminOptions): Promise<void> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'deleteTopics options'))
    const names = [...topics]
    for (const topic of names) checkTopicName(topic)
    const duplicate = names.find((topic, index) => names.indexOf(topic) !== index)
    if (duplicate !== undefined) throw named(duplicate)
    const jobs = names.map(openJob)
    await runTopicJobs(this.#context, deletion, jobs, limits)
    const gone = jobs.filter(({ state }) => state === 'done')
    await this.#vanished(gone, limits)
    throwFailures(failuresOf(jobs))
  }

  /** In the order of the queries. An offset of −1 says that no record is that young. */
  async listOffsets(queries: readonly OffsetQuery[], options?: ListOffsetsOptions): Promise<ListedOffset[]> {
    const { isolationLevel, ...rest } = checkOptions(listOffsetsOptions, options, 'listOffsets options')
    return listOffsets(this.#context, queries, isolationLevel, this.#limits(rest))
  }

  /** @internal Topics as a broker has them now, past the cache; for odradek/testing. */
  async describeTopics(topics: readonly string[], options?: AdminOptions): Promise<DescribedTopic[]> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'describeTopics options'))
    for (const topic of topics) checkTopicName(topic)
    let found = new Map<string, MetadataResponseTopic>()
    await retrying(this.#context, limits, 'describing topics', async () => {
      try {
        found = await this.#describe([...topics], limits)
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'Metadata')
        if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
        return error
      }
      return undefined
    })
    return topics.map((topic) => {
      const { partitions = [], topicId = ZERO_UUID } = found.get(topic) ?? {}
      if (partitions.length === 0) throw noTopic(topic)
      return { topic, topicId, partitions: partitions.length }
    })
  }

  /** @internal What a group has committed for the partitions of these topics; for odradek/testing. */
  async groupOffsets(groupName: string, topics: readonly string[], options?: AdminOptions): Promise<GroupOffset[]> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'groupOffsets options'))
    return groupOffsets(this.#context, groupName, await this.describeTopics(topics, options), limits)
  }

  /**
   * Gives users SCRAM credentials, changes them or takes them away (KIP-554). Brokers get salted passwords, never
   * the passwords. Resolves when all brokers that are known show it; where only the password changed, that does not tell, and a broker
   * may take the old one a moment longer. Changes that succeeded stay when others fail.
   */
  async alterUserScramCredentials(alterations: readonly ScramAlteration[], options?: AdminOptions): Promise<void> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'alterUserScramCredentials options'))
    const checked = alterations.map((one) => checkOptions(scramAlterationOptions, one, 'alterUserScramCredentials'))
    return alterScramUsers(this.#context, checked, limits)
  }

  /**
   * Which SCRAM credentials users have, in the order of their names; without `users`, those of all who have any. A user who has none
   * comes with an empty list.
   */
  async describeUserScramCredentials(users?: readonly string[], options?: AdminOptions): Promise<UserScramCredentials[]> {
    const limits = this.#limits(checkOptions(adminOptions, options, 'describeUserScramCredentials options'))
    const wrong = users?.find((user) => typeof user !== 'string' || user === '')
    if (wrong !== undefined)
      throw new KafkaError('INVALID_ARGUMENT', 'describeUserScramCredentials: users must be strings of 1 character or more.')
    return describeScramUsers(this.#context, users && [...new Set(users)], limits)
  }

  /** Ends calls that are under way. */
  close(): void {
    this.#closing.abort(closedError())
  }

  #limits({ timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }): CallLimits {
    const closing = this.#closing.signal
    return {
      deadline: this.#context.env.now() + timeoutMs,
      signal: signal === undefined ? closing : AbortSignal.any([closing, signal]),
    }
  }

  #creation(wanted: ReadonlyMap<string, CheckedNewTopic>, limits: CallLimits): TopicApi {
    return {
      apiKey: CREATE_TOPICS,
      name: 'CreateTopics',
      hasOldForm: false,
      request: (topics, timeoutMs) => ({ topics: topics.map((topic) => creatable(wanted.get(topic)!)), timeoutMs }),
      results: (response) => (response as CreateTopicsResponse).topics.map(({ name, ...rest }) => ({ topic: name, ...rest })),
      doneAlready: ErrorCode.TOPIC_ALREADY_EXISTS,
      isOurs: async (topic) => {
        const found = (await this.#describe([topic], limits)).get(topic)
        if (found === undefined || found.errorCode !== ErrorCode.NONE || found.partitions.length === 0) return undefined
        return hasShape(found, wanted.get(topic)!) && { topicId: found.topicId }
      },
    }
  }

  #growth(wanted: ReadonlyMap<string, CheckedNewPartitions>, limits: CallLimits): TopicApi {
    return {
      apiKey: CREATE_PARTITIONS,
      name: 'CreatePartitions',
      hasOldForm: false,
      request: (topics, timeoutMs) => ({ topics: topics.map((topic) => growing(wanted.get(topic)!)), timeoutMs }),
      results: (response) =>
        (response as CreatePartitionsResponse).results.map(({ name, ...rest }) => ({ topic: name, topicId: ZERO_UUID, ...rest })),
      doneAlready: ErrorCode.INVALID_PARTITIONS,
      final: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      isOurs: async (topic) => {
        const found = (await this.#describe([topic], limits)).get(topic)
        if (found === undefined || found.errorCode !== ErrorCode.NONE) return undefined
        return found.partitions.length === wanted.get(topic)!.count && { topicId: ZERO_UUID }
      },
    }
  }

  async #shown({ topic, topicId }: TopicJob, wanted: CheckedNewTopic, limits: CallLimits): Promise<CreatedTopic> {
    const view = await this.#led(topic, partitionsOf(wanted), topicId, limits)
    return { topic, topicId: view.topicId, partitions: view.partitions.length, replicationFactor: view.replicationFactor }
  }

  /** The topic, when it has so many partitions and all have leaders. */
  #led(topic: string, partitions: number, topicId: string, limits: CallLimits): Promise<TopicView> {
    const until = (view: TopicView) =>
      (topicId === ZERO_UUID || view.topicId === topicId) &&
      view.partitions.length >= partitions &&
      view.partitions.every(({ leader }) => leader >= 0)
    const unknownTimeoutMs = limits.deadline - this.#context.env.now()
    return this.#context.metadata.topic(topic, { ...limits, until, unknownTimeoutMs })
  }

  async #vanished(jobs: readonly TopicJob[], limits: CallLimits): Promise<void> {
    let left = [...jobs]
    await retrying(this.#context, limits, 'waiting for deleted topics to vanish', async () => {
      if (left.length === 0) return undefined
      try {
        const found = await this.#describe(
          left.map(({ topic }) => topic),
          limits,
        )
        left = left.filter((job) => isThere(found.get(job.topic), job.topicId))
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'deleteTopics')
        if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
        return error
      }
      const topic = left[0]?.topic
      if (topic === undefined) return undefined
      return new KafkaError('TIMEOUT', `Brokers still list topic '${topic}', which is being deleted.`, {
        topic,
        api: 'Metadata',
        retriable: true,
      })
    })
    for (const { topic } of jobs) await this.#context.metadata.forget(topic)
  }

  /** What one broker says about topics at this moment, past the cache. */
  async #describe(topics: string[], limits: CallLimits): Promise<Map<string, MetadataResponseTopic>> {
    const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false }
    const { body } = await ask(this.#context, limits, 'Metadata', 'any', METADATA, request)
    const found = new Map<string, MetadataResponseTopic>()
    for (const topic of (body as MetadataResponse).topics) if (topic.name !== null) found.set(topic.name, topic)
    return found
  }
}

const deletion: TopicApi = {
  apiKey: DELETE_TOPICS,
  name: 'DeleteTopics',
  hasOldForm: true,
  // Version 6 has `topics` where earlier ones have `topicNames`.
  request: (topics, timeoutMs, old) =>
    old ? { topicNames: topics, timeoutMs } : { topics: topics.map((name) => ({ name })), topicNames: topics, timeoutMs },
  results: (response) => (response as DeleteTopicsResponse).responses.map(({ name, ...rest }) => ({ topic: name, ...rest })),
  doneAlready: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  isOurs: async () => ({ topicId: ZERO_UUID }),
}

function creatable({ topic, partitions, replicationFactor, configs, assignments }: CheckedNewTopic) {
  const settings: Iterable<[string, string]> = configs instanceof Map ? configs : Object.entries(configs ?? {})
  return {
    name: topic,
    // Explicit assignments stand for both numbers, which then have to be −1.
    numPartitions: assignments === undefined ? partitions : -1,
    replicationFactor: assignments === undefined ? replicationFactor : -1,
    assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: [...settings].map(([name, value]) => ({ name, value })),
  }
}

function growing({ topic, count, assignments }: CheckedNewPartitions) {
  return { name: topic, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }
}

function partitionsOf({ partitions, assignments }: CheckedNewTopic): number {
  return assignments?.length ?? partitions
}

function hasShape({ partitions }: MetadataResponseTopic, wanted: CheckedNewTopic): boolean {
  const replicas = wanted.assignments?.[0]?.length ?? wanted.replicationFactor
  return partitions.length === partitionsOf(wanted) && (replicas === -1 || partitions[0]?.replicaNodes.length === replicas)
}

/** Whether a broker still shows the topic that was deleted, and not another one that got its name since. */
function isThere(found: MetadataResponseTopic | undefined, deletedId: string): boolean {
  if (found === undefined) return true
  if (found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || found.errorCode === ErrorCode.UNKNOWN_TOPIC_ID) return false
  return deletedId === ZERO_UUID || found.topicId === ZERO_UUID || found.topicId === deletedId
}

function failuresOf(jobs: readonly TopicJob[]): KafkaError[] {
  return jobs.flatMap(({ error }) => (error === undefined ? [] : [error]))
}

function noTopic(topic: string): KafkaError {
  const text = `The cluster knows no topic '${topic}'. Check the name, or create the topic with admin.createTopics.`
  return new KafkaError('UNKNOWN_TOPIC', text, { topic, api: 'Metadata' })
}

function named(topic: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', `Topic '${topic}' is named twice in one call.`, { topic })
}
