/**
 * What a group has committed, asked of its coordinator by somebody who is no member of it: finds the coordinator, and asks again where it
 * has moved. Knows nothing of members.
 */
import { KafkaError } from '../shared/errors.ts'
import { adviceFor } from '../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { type FindCoordinatorResponse, findCoordinator } from '../shared/protocol/generated/find-coordinator.ts'
import { type OffsetFetchResponse, offsetFetch } from '../shared/protocol/generated/offset-fetch.ts'
import { type AdminContext, ask, type CallLimits, retrying, worthAnotherTry } from './retrying.ts'

/** A topic by name and id, with how many partitions it has. */
export interface DescribedTopic {
  topic: string
  topicId: string
  partitions: number
}

export interface GroupOffset {
  topic: string
  partition: number
  /** −1: nothing is committed. */
  offset: number
  metadata: string
}

const MOVED: ReadonlySet<number> = new Set([ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE])

/** Of all partitions of these topics. */
export async function groupOffsets(
  context: AdminContext,
  groupName: string,
  topics: readonly DescribedTopic[],
  limits: CallLimits,
): Promise<GroupOffset[]> {
  let found: GroupOffset[] = []
  await retrying(context, limits, `asking what group '${groupName}' has committed`, async () => {
    try {
      found = await offsetsAt(context, await coordinatorOf(context, groupName, limits), groupName, topics, limits)
      return undefined
    } catch (thrown) {
      const error = KafkaError.from(thrown, 'OffsetFetch')
      if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
      return error
    }
  })
  return found
}

async function coordinatorOf(context: AdminContext, groupName: string, limits: CallLimits): Promise<number> {
  // also makes the coordinator's address known
  await context.metadata.refresh(limits)
  const request = { keyType: 0, coordinatorKeys: [groupName] }
  const { body, broker } = await ask(context, limits, 'FindCoordinator', 'any', findCoordinator.key, request)
  const answer = (body as FindCoordinatorResponse).coordinators.find(({ key }) => key === groupName)
  const errorCode = answer?.errorCode ?? ErrorCode.COORDINATOR_NOT_AVAILABLE
  if (!answer || errorCode !== ErrorCode.NONE) throw refused('FindCoordinator', groupName, broker, errorCode)
  return answer.nodeId
}

async function offsetsAt(
  context: AdminContext,
  node: number,
  groupName: string,
  topics: readonly DescribedTopic[],
  limits: CallLimits,
): Promise<GroupOffset[]> {
  const wanted = topics.map(({ topic, topicId, partitions }) => {
    return { name: topic, topicId, partitionIndexes: Array.from({ length: partitions }, (_, index) => index) }
  })
  // what is committed within a transaction that is open may still go back
  const request = { groups: [{ groupId: groupName, memberId: null, memberEpoch: -1, topics: wanted }], requireStable: true }
  const { body, broker } = await ask(context, limits, 'OffsetFetch', node, offsetFetch.key, request)
  const group = (body as OffsetFetchResponse).groups.find(({ groupId }) => groupId === groupName)
  const groupError = group?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR
  if (!group || groupError !== ErrorCode.NONE) throw refused('OffsetFetch', groupName, broker, groupError)
  return group.topics.flatMap((answer) => {
    // by name up to version 9, by id from 10 on
    const { topic } = topics.find(({ topic, topicId }) => topic === answer.name || topicId === answer.topicId) ?? { topic: '' }
    return answer.partitions.map(({ partitionIndex: partition, errorCode, committedOffset: offset, metadata }) => {
      if (errorCode !== ErrorCode.NONE) throw refused('OffsetFetch', groupName, broker, errorCode)
      return { topic, partition, offset, metadata: metadata ?? '' }
    })
  })
}

function refused(api: string, group: string, broker: string, errorCode: number): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const advice = adviceFor(errorCode)
  const text = `${api} of group '${group}' at broker ${broker} failed: ${name}.${advice && ` ${advice}`}`
  const context = { group, broker, api, brokerError: name, brokerErrorCode: errorCode }
  return new KafkaError('BROKER_ERROR', text, { ...context, retriable: retriable || MOVED.has(errorCode) })
}
