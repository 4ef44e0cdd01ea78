/** DeleteTopics, by name or (from version 6 on) by id. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopics,
} from '../../../../shared/protocol/generated/delete-topics.ts'
import type { Handler, RequestContext } from '../handler.ts'

type Result = NonNullable<Draft<DeleteTopicsResponse>['responses']>[number]

export const deleteTopicsHandler: Handler<DeleteTopicsRequest, DeleteTopicsResponse> = {
  api: deleteTopics,
  handle(request, context) {
    const byName = request.topicNames.map((name) => deleteOne(name, undefined, context))
    return { responses: [...byName, ...request.topics.map(({ name, topicId }) => deleteOne(name, topicId, context))] }
  },
}

function deleteOne(name: string | null, id: string | undefined, { cluster, version, faults }: RequestContext): Result {
  const topic = name === null ? cluster.topicById(id ?? '') : cluster.topics.get(name)
  if (topic === undefined) {
    const errorCode = name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    return { name, ...(name === null && id !== undefined && { topicId: id }), errorCode }
  }
  const fault = faults.failureOf(topic.name)
  if (!fault || fault.afterAppend) cluster.deleteTopic(topic)
  return { name: topic.name, ...(version >= 6 && { topicId: topic.id }), errorCode: fault?.error ?? ErrorCode.NONE }
}
