/** DeleteRecords: logs begin later from now on, by order of a client. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  deleteRecords,
} from '../../../../shared/protocol/generated/delete-records.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { OFFSETS_TOPIC } from '../topic-name.ts'
import { leaderError } from './leadership.ts'

type Wanted = DeleteRecordsRequest['topics'][number]['partitions'][number]
type Answer = NonNullable<NonNullable<Draft<DeleteRecordsResponse>['topics']>[number]['partitions']>[number]

/** Instead of an offset: all that can be read. */
const HIGH_WATERMARK = -1

export const deleteRecordsHandler: Handler<DeleteRecordsRequest, DeleteRecordsResponse> = {
  api: deleteRecords,
  handle(request, context) {
    // A partition that is named twice is asked for once, the last time.
    const wishes = new Map<string, Map<number, Wanted>>()
    for (const { name, partitions } of request.topics) {
      const wanted = wishes.get(name) ?? new Map<number, Wanted>()
      for (const one of partitions) wanted.set(one.partitionIndex, one)
      wishes.set(name, wanted)
    }
    const topics = Array.from(wishes, ([name, wanted]) => ({
      name,
      partitions: Array.from(wanted.values(), (one) => answerOf(name, one, context)),
    }))
    return { topics }
  },
}

function answerOf(topic: string, { partitionIndex, offset }: Wanted, context: RequestContext): Answer {
  const failed = (errorCode: number): Answer => ({ partitionIndex, lowWatermark: -1, errorCode })
  const fault = context.faults.failureOf(topic, partitionIndex)
  if (fault && !fault.afterAppend) return failed(fault.error ?? 0)
  const partition = context.cluster.partition(topic, partitionIndex)
  if (partition === undefined) return failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  if (topic === OFFSETS_TOPIC) return failed(ErrorCode.INVALID_TOPIC_EXCEPTION)
  const leadership = leaderError(partition, context)
  if (leadership !== ErrorCode.NONE) return failed(leadership)
  const { compacted, deleted } = partition.topic.settings
  if (compacted && !deleted) return failed(ErrorCode.POLICY_VIOLATION)
  const { log } = partition
  const wanted = offset === HIGH_WATERMARK ? log.highWatermark : offset
  if (wanted < 0 || wanted > log.highWatermark) return failed(ErrorCode.OFFSET_OUT_OF_RANGE)
  partition.deleteBefore(wanted)
  return fault ? failed(fault.error ?? 0) : { partitionIndex, lowWatermark: log.logStartOffset, errorCode: ErrorCode.NONE }
}
