/** ConsumerGroupDescribe 0–1 (KIP-848): members, epochs, what they have and what they are to have. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  consumerGroupDescribe,
} from '../../../../shared/protocol/generated/consumer-group-describe.ts'
import type { Cluster } from '../cluster.ts'
import { listed, type TopicPartitions, withoutEpochs } from '../groups/assignment.ts'
import type { ConsumerGroup } from '../groups/consumer-group.ts'
import type { ConsumerMember } from '../groups/consumer-member.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { atCoordinator, textOf } from './at-coordinator.ts'
import { GROUP_OPERATIONS } from './operations.ts'

type Described = NonNullable<Draft<ConsumerGroupDescribeResponse>['groups']>[number]
type Member = NonNullable<Described['members']>[number]

const MemberType = { CLASSIC: 0, CONSUMER: 1 } as const

export const consumerGroupDescribeHandler: Handler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = {
  api: consumerGroupDescribe,
  groupsOf: ({ groupIds }) => groupIds,
  handle({ groupIds, includeAuthorizedOperations }, context) {
    return { groups: groupIds.map((groupId) => describe(groupId, includeAuthorizedOperations, context)) }
  },
}

function describe(groupId: string, operations: boolean, context: RequestContext): Described {
  const failed = (errorCode: number, errorMessage: string | null = null): Described => ({ groupId, errorCode, errorMessage })
  if (groupId === '') return failed(ErrorCode.INVALID_GROUP_ID)
  return atCoordinator<Described>(
    context,
    groupId,
    (errorCode, refusal) => failed(errorCode, textOf(refusal)),
    ({ store }) => {
      const group = store.consumerGroupOf(groupId)
      return {
        groupId,
        errorMessage: null,
        groupState: group.state,
        groupEpoch: group.epoch,
        assignmentEpoch: group.assignmentEpoch,
        assignorName: group.assignor,
        members: Array.from(group.members.values(), (member) => describeMember(group, member, context.cluster)),
        ...(operations && { authorizedOperations: GROUP_OPERATIONS }),
      }
    },
  )
}

function describeMember(group: ConsumerGroup, member: ConsumerMember, cluster: Cluster): Member {
  const all = new Map(withoutEpochs(member.assigned))
  for (const [topicId, epochs] of member.revoking) all.set(topicId, new Set([...(all.get(topicId) ?? []), ...epochs.keys()]))
  return {
    memberId: member.id,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.epoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...member.topicNames],
    subscribedTopicRegex: member.regex,
    assignment: { topicPartitions: named(listed(all), cluster) },
    targetAssignment: { topicPartitions: named(listed(group.targetOf(member.id)), cluster) },
    memberType: member.classic ? MemberType.CLASSIC : MemberType.CONSUMER,
  }
}

/** With names; topics that are gone are left out. */
function named(partitions: readonly TopicPartitions[], cluster: Cluster) {
  return partitions.flatMap((one) => {
    const topic = cluster.topics.byId(one.topicId)
    return topic ? [{ ...one, topicName: topic.name }] : []
  })
}
