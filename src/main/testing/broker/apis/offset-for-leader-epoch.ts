/** OffsetForLeaderEpoch (KIP-320): where an epoch ended, so that clients notice a truncated log. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpoch,
} from '../../../../shared/protocol/generated/offset-for-leader-epoch.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { leaderError } from './leadership.ts'

type Wanted = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number]
type Answer = NonNullable<NonNullable<Draft<OffsetForLeaderEpochResponse>['topics']>[number]['partitions']>[number]

export const offsetForLeaderEpochHandler: Handler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  api: offsetForLeaderEpoch,
  handle(request, context) {
    const topics = request.topics.map(({ topic, partitions }) => {
      return { topic, partitions: partitions.map((wanted) => answerOf(topic, wanted, context)) }
    })
    return { topics }
  },
}

function answerOf(topic: string, { partition: index, currentLeaderEpoch, leaderEpoch }: Wanted, context: RequestContext): Answer {
  const fault = context.faults.failureOf(topic, index)
  if (fault) return { partition: index, errorCode: fault.error ?? 0 }
  const partition = context.cluster.partition(topic, index)?.seenBy(context.node.id)
  if (partition === undefined) return { partition: index, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }
  const errorCode = leaderError(partition, context, currentLeaderEpoch)
  if (errorCode !== ErrorCode.NONE) return { partition: index, errorCode }
  return { partition: index, errorCode, ...partition.log.endOfEpoch(leaderEpoch) }
}
