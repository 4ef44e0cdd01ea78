/** DeleteTopics, by name or (from version 6 on) by id. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopics,
} from '../../../../shared/protocol/generated/delete-topics.ts'
import type { Handler, RequestContext } from '../handler.ts'

const BY_ID_SINCE = 6
const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

type Result = NonNullable<Draft<DeleteTopicsResponse>['responses']>[number]

export const deleteTopicsHandler: Handler<DeleteTopicsRequest, DeleteTopicsResponse> = {
  api: deleteTopics,
  handle(request, context) {
    const wanted = context.version >= BY_ID_SINCE ? request.topics : request.topicNames.map((name) => ({ name, topicId: NO_ID }))
    const times = new Map<string, number>()
    for (const one of wanted) times.set(keyOf(one), (times.get(keyOf(one)) ?? 0) + 1)
    const once = new Map(wanted.map((one) => [keyOf(one), one]))
    const responses = Array.from(once, ([key, one]) => {
      const unclear = times.get(key)! > 1 || (one.name !== null && one.topicId !== NO_ID)
      return unclear ? { ...one, errorCode: ErrorCode.INVALID_REQUEST } : deleteOne(one, context)
    })
    return { responses }
  },
}

interface Wanted {
  name: string | null
  topicId: string
}

const keyOf = ({ name, topicId }: Wanted): string => (name === null ? `id ${topicId}` : `name ${name}`)

function deleteOne(wanted: Wanted, { cluster, faults }: RequestContext): Result {
  const { name, topicId } = wanted
  const topic = name === null ? cluster.topics.byId(topicId) : cluster.topics.get(name)
  if (topic === undefined) {
    return { ...wanted, errorCode: name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }
  }
  const fault = faults.failureOf(topic.name)
  if (!fault || fault.afterAppend) cluster.topics.delete(topic)
  return { name: topic.name, topicId: topic.id, errorCode: fault?.error ?? ErrorCode.NONE }
}
