/** CreatePartitions: topics grow. Any node does it, as with KRaft. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitions,
} from '../../../../shared/protocol/generated/create-partitions.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'

type Wanted = CreatePartitionsRequest['topics'][number]
type Result = NonNullable<Draft<CreatePartitionsResponse>['results']>[number]

export const createPartitionsHandler: Handler<CreatePartitionsRequest, CreatePartitionsResponse> = {
  api: createPartitions,
  handle(request, context) {
    const times = new Map<string, number>()
    for (const { name } of request.topics) times.set(name, (times.get(name) ?? 0) + 1)
    const once = new Map(request.topics.map((wanted) => [wanted.name, wanted]))
    const results = Array.from(once, ([name, wanted]) =>
      times.get(name)! > 1 ? refused(name, DUPLICATE) : grow(wanted, request.validateOnly, context),
    )
    return { results }
  },
}

const DUPLICATE = new Refusal(ErrorCode.INVALID_REQUEST, 'The request names this topic more than once')

function grow({ name, count, assignments }: Wanted, validateOnly: boolean, { cluster, faults }: RequestContext): Result {
  const fault = faults.failureOf(name)
  if (fault && !fault.afterAppend) return { name, errorCode: fault.error ?? 0, errorMessage: null }
  try {
    const topic = cluster.topics.get(name)
    if (!topic) throw new Refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic '${name}'`)
    const replicas = assignments?.map(({ brokerIds }) => brokerIds)
    cluster.topics.grow(topic, count, replicas, validateOnly)
    return { name, errorCode: fault?.error ?? ErrorCode.NONE, errorMessage: null }
  } catch (error) {
    if (error instanceof Refusal) return refused(name, error)
    throw error
  }
}

function refused(name: string, { errorCode, message }: Refusal): Result {
  return { name, errorCode, errorMessage: message }
}
