/** Reads what one fetch wants from the logs, once, at the time it is called. Knows no sessions and does not wait. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { FetchResponse } from '../../../../shared/protocol/generated/fetch.ts'
import type { Cluster } from '../cluster.ts'
import type { WantedPartition } from '../fetch-session.ts'
import type { RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import type { AbortedTransaction } from '../transactions/partition-transactions.ts'
import { LeaderHints, leaderError, replicaError } from './leadership.ts'

export type FetchedPartition = NonNullable<NonNullable<Draft<FetchResponse>['responses']>[number]['partitions']>[number]

export interface Reading {
  wanted: WantedPartition
  /** Undefined when there is no such partition. */
  partition: Partition | undefined
  answer: FetchedPartition
  length: number
}

export interface Readings {
  list: Reading[]
  /** Bytes of records in all of them. */
  length: number
  /** Something the client must know at once: an error, a diverging log, or that it is to read elsewhere. */
  urgent: boolean
  hints: LeaderHints
}

const TOPIC_IDS_SINCE = 13
const HINTS_SINCE = 16
/** `index.interval.bytes` */
const INDEX_INTERVAL_BYTES = 4096
/** From then on consumers say where they are and may be served by followers (KIP-392). */
const FOLLOWERS_SINCE = 11
/** With these the answer says who leads. */
const HINTED_ERRORS: ReadonlySet<number> = new Set([ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.FENCED_LEADER_EPOCH])

export interface ReadLimits {
  maxBytes: number
  readCommitted: boolean
  /** Where the reader is; empty: it does not say. */
  rackId: string
}

export function readAll(wanted: Iterable<WantedPartition>, limits: ReadLimits, context: RequestContext): Readings {
  const readings: Readings = { list: [], length: 0, urgent: false, hints: new LeaderHints(context, HINTS_SINCE) }
  for (const one of wanted) {
    const room = limits.maxBytes - readings.length
    // The first batch of the first partition that has one comes whatever its size, or a client could get stuck (KIP-74).
    const reading = readOne(one, room, readings.length === 0, limits, context, readings.hints)
    readings.list.push(reading)
    readings.length += reading.length
    const { errorCode = 0, divergingEpoch, preferredReadReplica } = reading.answer
    readings.urgent ||= errorCode !== ErrorCode.NONE || divergingEpoch !== undefined || preferredReadReplica !== undefined
  }
  return readings
}

function readOne(
  wanted: WantedPartition,
  room: number,
  firstAlways: boolean,
  limits: ReadLimits,
  context: RequestContext,
  hints: LeaderHints,
): Reading {
  const { cluster, version } = context
  const byId = version >= TOPIC_IDS_SINCE
  const topic = byId ? cluster.topics.byId(wanted.topicId) : cluster.topics.get(wanted.topic)
  if (topic !== undefined) wanted.foundName = topic.name
  const partition = topic?.partitions[wanted.partition]?.seenBy(context.node.id)
  const failed = (errorCode: number): Reading => {
    const hint = partition && HINTED_ERRORS.has(errorCode) ? hints.of(partition) : {}
    return { wanted, partition, answer: { ...failure(wanted.partition, errorCode), ...hint }, length: 0 }
  }

  const fault = context.faults.failureOf(topic?.name, wanted.partition)
  if (fault) return failed(fault.error ?? 0)
  if (partition === undefined) {
    const errorCode = byId && topic === undefined ? lostTopic(wanted, cluster) : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    const reading = failed(errorCode)
    // a log that was looked at has none
    if (errorCode === ErrorCode.INCONSISTENT_TOPIC_ID) return reading
    return { ...reading, answer: { ...reading.answer, abortedTransactions: [] } }
  }
  const error = (version >= FOLLOWERS_SINCE ? replicaError : leaderError)(partition, context, wanted.currentLeaderEpoch)
  if (error !== ErrorCode.NONE) return failed(error)
  const near = partition.leader === context.node.id ? cluster.replicaNear(limits.rackId, partition) : undefined
  const maxBytes = Math.min(room, wanted.partitionMaxBytes)
  return readLog(wanted, partition, maxBytes, firstAlways, limits.readCommitted, near)
}

/** There is no topic with the id. */
function lostTopic({ foundName, partition }: WantedPartition, cluster: Cluster): number {
  if (foundName === undefined) return ErrorCode.UNKNOWN_TOPIC_ID
  const another = cluster.partition(foundName, partition)
  return another === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INCONSISTENT_TOPIC_ID
}

function readLog(
  wanted: WantedPartition,
  partition: Partition,
  maxBytes: number,
  firstAlways: boolean,
  readCommitted: boolean,
  near: number | undefined,
): Reading {
  const { log, lastStableOffset: stable } = partition
  const { fetchOffset, lastFetchedEpoch } = wanted
  const outOfRange = (): Reading => {
    return { wanted, partition, answer: failure(wanted.partition, ErrorCode.OFFSET_OUT_OF_RANGE), length: 0 }
  }
  const answer = (
    more: Pick<FetchedPartition, 'records' | 'divergingEpoch' | 'preferredReadReplica' | 'abortedTransactions'>,
    length = 0,
  ): Reading => {
    const marks = { highWatermark: log.highWatermark, lastStableOffset: stable, logStartOffset: log.logStartOffset }
    const abortedTransactions = readCommitted ? abortedIn(partition, fetchOffset, length) : null
    return { wanted, partition, answer: { partitionIndex: wanted.partition, ...marks, abortedTransactions, ...more }, length }
  }
  if (lastFetchedEpoch >= 0) {
    const { leaderEpoch: epoch, endOffset } = log.endOfEpoch(lastFetchedEpoch)
    if (endOffset < 0) return outOfRange()
    if (endOffset < fetchOffset || epoch < lastFetchedEpoch)
      return answer({ records: [], abortedTransactions: null, divergingEpoch: { epoch, endOffset } })
  }
  if (fetchOffset < log.logStartOffset || fetchOffset > log.logEndOffset) return outOfRange()
  if (near !== undefined) return answer({ records: [], preferredReadReplica: near })
  const { chunks, length } = log.read(fetchOffset, maxBytes, firstAlways, readCommitted ? stable : log.highWatermark)
  return answer({ records: chunks }, length)
}

/** Kafka finds the end of what it reads in an index with an entry every so many bytes, and so names transactions behind it too. */
function abortedIn({ log, transactions }: Partition, from: number, length: number): AbortedTransaction[] {
  if (length === 0 || !transactions.hasAborted) return []
  return transactions.abortedBetween(from, log.offsetBehind(from, length + INDEX_INTERVAL_BYTES))
}

function failure(partitionIndex: number, errorCode: number): FetchedPartition {
  return { partitionIndex, errorCode, highWatermark: -1, abortedTransactions: null, records: [] }
}
