/** ListOffsets: the ends of a log, and offsets by time. The only API that looks into batches, and only for times. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsets,
} from '../../../../shared/protocol/generated/list-offsets.ts'
import { firstRecord } from '../batch-records.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { PartitionLog } from '../log.ts'
import { leaderError } from './leadership.ts'

type Wanted = ListOffsetsRequest['topics'][number]['partitions'][number]
type Answer = NonNullable<NonNullable<Draft<ListOffsetsResponse>['topics']>[number]['partitions']>[number]
type Found = Pick<Answer, 'offset' | 'timestamp' | 'leaderEpoch'>

/** Timestamps that mean a place in the log. */
const Place = {
  LATEST: -1,
  EARLIEST: -2,
  MAX_TIMESTAMP: -3,
  EARLIEST_LOCAL: -4,
  LATEST_TIERED: -5,
  EARLIEST_PENDING_UPLOAD: -6,
} as const

/** The version from which on a place may be asked for. */
const placeSince: ReadonlyMap<number, number> = new Map<number, number>([
  [Place.MAX_TIMESTAMP, 7],
  [Place.EARLIEST_LOCAL, 8],
  [Place.LATEST_TIERED, 9],
  [Place.EARLIEST_PENDING_UPLOAD, 11],
])

const LEADER_EPOCH_SINCE = 4
const READ_COMMITTED = 1
const NOTHING: Found = { offset: -1, timestamp: -1 }

export const listOffsetsHandler: Handler<ListOffsetsRequest, ListOffsetsResponse> = {
  api: listOffsets,
  handle(request, context) {
    const topics = request.topics.map(({ name, partitions }) => {
      return { name, partitions: partitions.map((wanted) => answerOf(name, wanted, request.isolationLevel, context)) }
    })
    return { topics }
  },
}

function answerOf(topic: string, wanted: Wanted, isolationLevel: number, context: RequestContext): Answer {
  const { partitionIndex, timestamp, currentLeaderEpoch } = wanted
  const failed = (errorCode: number): Answer => ({ partitionIndex, errorCode })
  const fault = context.faults.failureOf(topic, partitionIndex)
  if (fault) return failed(fault.error ?? 0)
  if (timestamp < Place.EARLIEST_PENDING_UPLOAD || context.version < (placeSince.get(timestamp) ?? 0)) {
    return failed(ErrorCode.UNSUPPORTED_VERSION)
  }
  const partition = context.cluster.partition(topic, partitionIndex)?.seenBy(context.node.id)
  if (partition === undefined) return failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const leadership = leaderError(partition, context, currentLeaderEpoch)
  if (leadership !== ErrorCode.NONE) return failed(leadership)
  const end = isolationLevel === READ_COMMITTED ? partition.lastStableOffset : partition.log.highWatermark
  const { leaderEpoch, ...found } = find(partition.log, timestamp, end)
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    ...found,
    ...(context.version >= LEADER_EPOCH_SINCE && leaderEpoch !== undefined && { leaderEpoch }),
  }
}

/** `end`: up to where the client may read. */
function find(log: PartitionLog, timestamp: number, end: number): Found {
  switch (timestamp) {
    case Place.LATEST:
      return { offset: end, timestamp: -1, leaderEpoch: log.latestEpoch }
    case Place.EARLIEST:
    case Place.EARLIEST_LOCAL:
      return { offset: log.logStartOffset, timestamp: -1, leaderEpoch: log.epochAt(log.logStartOffset) }
    case Place.LATEST_TIERED:
    case Place.EARLIEST_PENDING_UPLOAD:
      return NOTHING
    case Place.MAX_TIMESTAMP: {
      const batch = log.batchOfMaxTimestamp()
      // also when the log begins behind it, as Kafka does
      return batch === undefined ? NOTHING : since(log, batch.maxTimestamp, 0, end)
    }
    default:
      return since(log, timestamp, log.logStartOffset, end)
  }
}

/** The first record that is not older, from an offset on. Batches may be without records, after a compaction. */
function since(log: PartitionLog, timestamp: number, from: number, end: number): Found {
  for (const batch of log.batchesSince(timestamp)) {
    const found = firstRecord(batch, timestamp, from)
    // The record at that time is not looked for among those that may be read: it is there or it is not.
    if (found && found.offset >= end) return NOTHING
    if (found) return { offset: found.offset, timestamp: found.timestamp, leaderEpoch: batch.leaderEpoch }
  }
  return NOTHING
}
