/**
 * ListOffsets: finds the leader of each partition, asks each broker once for all of its partitions, and asks again where the
 * leader has moved.
 */
import { KafkaError } from '../shared/errors.ts'
import { show } from '../shared/options.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { ListOffsetsPartitionResponse, ListOffsetsResponse } from '../shared/protocol/generated/list-offsets.ts'
import type { IsolationLevel } from '../shared/types.ts'
import type { TopicView } from './cluster-view.ts'
import {
  type AdminContext,
  ask,
  brokerRefusal,
  type CallLimits,
  requestTimeout,
  retrying,
  throwFailures,
  worthAnotherTry,
} from './retrying.ts'

export interface OffsetQuery {
  topic: string
  partition: number
  /** Milliseconds since 1970: the first record that is not older. `maxTimestamp`: the record with the highest timestamp. */
  timestamp: 'earliest' | 'latest' | 'maxTimestamp' | number
}

export interface ListedOffset {
  topic: string
  partition: number
  /** −1: no such record. */
  offset: number
  /** Of the record that was found; −1 for `earliest` and `latest`. */
  timestamp: number
  /** −1: unknown. */
  leaderEpoch: number
}

/** One query on its way to its answer. */
export interface OffsetItem {
  topic: string
  partition: number
  timestamp: number
  /** How many earlier queries are for the same partition; a request may name it only once. */
  layer: number
  /** Whom to ask, and under which epoch. */
  leader: number
  leaderEpoch: number
  found: ListedOffset | undefined
  error: KafkaError | undefined
}

const LIST_OFFSETS = 2
const API = 'ListOffsets'
const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
/** The first version that knows {@link MAX_TIMESTAMP} (KIP-734). */
const MAX_TIMESTAMP_VERSION = 7

export async function listOffsets(
  context: AdminContext,
  queries: readonly OffsetQuery[],
  isolationLevel: IsolationLevel,
  limits: CallLimits,
): Promise<ListedOffset[]> {
  const items = itemsOf(queries)
  await retrying(context, limits, API, async () => {
    const open = items.filter(({ found, error }) => found === undefined && error === undefined)
    const again = await findLeaders(context, open, limits)
    const led = open.filter(({ leader, error }) => leader >= 0 && error === undefined)
    const answers = await Promise.all(byLeader(led).map((request) => askLeader(context, request, isolationLevel, limits)))
    return answers.find((error) => error !== undefined) ?? again
  })
  throwFailures(items.flatMap(({ error }) => (error === undefined ? [] : [error])))
  return items.map(({ found }) => found!)
}

function itemsOf(queries: readonly OffsetQuery[]): OffsetItem[] {
  const seen = new Map<string, number>()
  return queries.map((query) => {
    const place = `${query.topic} ${query.partition}`
    const layer = seen.get(place) ?? 0
    seen.set(place, layer + 1)
    return { ...offsetItem(query), layer }
  })
}

export function offsetItem({ topic, partition, timestamp }: OffsetQuery): OffsetItem {
  const nothing = { leader: -1, leaderEpoch: -1, found: undefined, error: undefined }
  return { topic, partition, timestamp: wireTimestamp(timestamp, topic), layer: 0, ...nothing }
}

function wireTimestamp(timestamp: OffsetQuery['timestamp'], topic: string): number {
  if (timestamp === 'latest') return LATEST
  if (timestamp === 'earliest') return EARLIEST
  if (timestamp === 'maxTimestamp') return MAX_TIMESTAMP
  if (Number.isSafeInteger(timestamp) && timestamp >= 0) return timestamp
  const allowed = "'earliest', 'latest', 'maxTimestamp' or whole milliseconds since 1970"
  throw new KafkaError(
    'INVALID_ARGUMENT',
    `listOffsets: 'timestamp' of topic ${show(topic)} must be ${allowed}, but is ${show(timestamp)}.`,
    { topic },
  )
}

interface LeaderRequest {
  leader: number
  items: OffsetItem[]
}

/** Notes whom to ask about each; gives an error when a partition has no leader. */
async function findLeaders(context: AdminContext, open: OffsetItem[], limits: CallLimits): Promise<KafkaError | undefined> {
  const views = new Map<string, TopicView>()
  await Promise.all(
    [...Map.groupBy(open, ({ topic }) => topic)].map(async ([topic, items]) => {
      views.set(topic, await viewWith(context, topic, Math.max(...items.map(({ partition }) => partition)), limits))
    }),
  )
  let again: KafkaError | undefined
  for (const item of open) {
    const view = views.get(item.topic)!
    const target = view.partitions[item.partition]
    item.leader = target?.leader ?? -1
    item.leaderEpoch = target?.leaderEpoch ?? -1
    if (target === undefined) item.error = unknownPartition(item, view.partitions.length)
    else if (target.leader < 0) again = leaderless(context, item)
  }
  return again
}

/** As few requests as there may be. */
export function byLeader(items: readonly OffsetItem[]): LeaderRequest[] {
  const groups = Map.groupBy(items, ({ leader, layer }) => `${leader} ${layer}`)
  return Array.from(groups.values(), (some) => ({ leader: some[0]!.leader, items: some }))
}

/** The topic; when it seems too small for the partition, after another look. */
async function viewWith({ metadata }: AdminContext, topic: string, partition: number, limits: CallLimits): Promise<TopicView> {
  const view = await metadata.topic(topic, limits)
  if (partition < view.partitions.length || !Number.isSafeInteger(partition)) return view
  metadata.stale([topic], `partition ${partition} is not among the ${view.partitions.length} known ones`)
  await metadata.refresh(limits)
  return metadata.topic(topic, limits)
}

function unknownPartition({ topic, partition }: OffsetItem, count: number): KafkaError {
  const message = `Topic '${topic}' has no partition ${partition}: it has ${count}, numbered from 0.`
  return new KafkaError('UNKNOWN_PARTITION', message, { topic, partition, api: API })
}

/** Has metadata asked for, and says what is wrong. */
export function leaderless({ metadata }: AdminContext, { topic, partition }: OffsetItem): KafkaError {
  metadata.stale([topic], `partition ${partition} has no leader`)
  return new KafkaError(
    'BROKER_ERROR',
    `Partition ${partition} of topic '${topic}' has no leader at present: see which brokers are down.`,
    {
      topic,
      partition,
      api: API,
      brokerError: 'LEADER_NOT_AVAILABLE',
      brokerErrorCode: ErrorCode.LEADER_NOT_AVAILABLE,
      retriable: true,
    },
  )
}

/** Settles what the leader answers; returns why something is still open. */
export async function askLeader(
  context: AdminContext,
  { leader, items }: LeaderRequest,
  isolationLevel: IsolationLevel,
  limits: CallLimits,
): Promise<KafkaError | undefined> {
  const topics = [...Map.groupBy(items, ({ topic }) => topic)]
  const request = {
    isolationLevel: isolationLevel === 'read_committed' ? 1 : 0,
    topics: topics.map(([name, parts]) => ({
      name,
      partitions: parts.map(({ partition, leaderEpoch, timestamp }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: leaderEpoch,
        timestamp,
      })),
    })),
    timeoutMs: requestTimeout(context, limits),
  }
  try {
    const { body, version, broker } = await ask(context, limits, API, leader, LIST_OFFSETS, request)
    return settle(context, items, body as ListOffsetsResponse, version, broker)
  } catch (thrown) {
    const error = KafkaError.from(thrown, API)
    if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
    const reason = `broker ${leader} did not answer: ${error.message}`
    for (const { topic, partition } of items) context.metadata.disowned(topic, partition, reason)
    return error
  }
}

function settle(
  { metadata }: AdminContext,
  items: OffsetItem[],
  response: ListOffsetsResponse,
  version: number,
  broker: string,
): KafkaError | undefined {
  const answers = new Map<string, Map<number, ListOffsetsPartitionResponse>>()
  for (const { name, partitions } of response.topics)
    answers.set(name, new Map(partitions.map((answer) => [answer.partitionIndex, answer])))
  let again: KafkaError | undefined
  for (const item of items) {
    const { topic, partition } = item
    const answer = answers.get(topic)?.get(partition)
    const errorCode = answer === undefined ? ErrorCode.UNKNOWN_SERVER_ERROR : answer.errorCode
    if (answer === undefined || errorCode !== ErrorCode.NONE) {
      const error = brokerRefusal(API, { topic, partition, broker }, errorCode, answer === undefined ? 'nothing about it' : null)
      const { retriable, invalidMetadata, name } = brokerError(errorCode)
      if (retriable || invalidMetadata || answer === undefined) {
        metadata.disowned(topic, partition, `ListOffsets of partition ${partition}: ${name}`)
        again = error
      } else item.error = error
    } else if (item.timestamp === MAX_TIMESTAMP && version < MAX_TIMESTAMP_VERSION) item.error = tooOld(item, broker)
    else item.found = { topic, partition, offset: answer.offset, timestamp: answer.timestamp, leaderEpoch: answer.leaderEpoch }
  }
  return again
}

function tooOld({ topic, partition }: OffsetItem, broker: string): KafkaError {
  const message = `Broker ${broker} cannot find a record by 'maxTimestamp': that needs Kafka 3.0 or later. Ask for 'latest' instead.`
  return new KafkaError('UNSUPPORTED', message, { topic, partition, broker, api: API })
}
