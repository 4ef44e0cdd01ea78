// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ConsumerGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
}

function readConsumerGroupDescribeRequest(r: Reader, _v: number): ConsumerGroupDescribeRequest {
  const groupIds: string[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) groupIds.push((r.compactString()))
  }
  const includeAuthorizedOperations = r.boolean()
  r.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

function writeConsumerGroupDescribeRequest(w: Writer, _v: number, m: Draft<ConsumerGroupDescribeRequest>): void {
  const groupIds = m.groupIds === undefined ? [] : m.groupIds
  w.compactArrayLength(groupIds.length)
  for (const item of groupIds) w.compactString(item)
  const includeAuthorizedOperations = m.includeAuthorizedOperations === undefined ? false : m.includeAuthorizedOperations
  w.boolean(includeAuthorizedOperations)
  w.unsignedVarint(0)
}

export interface TopicPartitions {
  topicId: string
  topicName: string
  partitions: number[]
}

function readTopicPartitions(r: Reader, _v: number): TopicPartitions {
  const topicId = r.uuid()
  const topicName = r.compactString()
  const partitions: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  r.skipTags()
  return { topicId, topicName, partitions }
}

function writeTopicPartitions(w: Writer, _v: number, m: Draft<TopicPartitions>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface Assignment {
  topicPartitions: TopicPartitions[]
}

function readAssignment(r: Reader, v: number): Assignment {
  const topicPartitions: TopicPartitions[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topicPartitions.push(readTopicPartitions(r, v))
  }
  r.skipTags()
  return { topicPartitions }
}

function writeAssignment(w: Writer, v: number, m: Draft<Assignment>): void {
  const topicPartitions = m.topicPartitions === undefined ? [] : m.topicPartitions
  w.compactArrayLength(topicPartitions.length)
  for (const item of topicPartitions) writeTopicPartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface Member {
  memberId: string
  instanceId: string | null
  rackId: string | null
  memberEpoch: number
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  subscribedTopicRegex: string | null
  assignment: Assignment
  targetAssignment: Assignment
  memberType: number
}

function readMember(r: Reader, v: number): Member {
  const memberId = r.compactString()
  const instanceId: string | null = r.compactNullableString()
  const rackId: string | null = r.compactNullableString()
  const memberEpoch = r.int32()
  const clientId = r.compactString()
  const clientHost = r.compactString()
  const subscribedTopicNames: string[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) subscribedTopicNames.push((r.compactString()))
  }
  const subscribedTopicRegex: string | null = r.compactNullableString()
  const assignment: Assignment = readAssignment(r, v)
  const targetAssignment: Assignment = readAssignment(r, v)
  const memberType: number = v >= 1 ? r.int8() : -1
  r.skipTags()
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    assignment,
    targetAssignment,
    memberType,
  }
}

function writeMember(w: Writer, v: number, m: Draft<Member>): void {
  const memberId = m.memberId === undefined ? '' : m.memberId
  w.compactString(memberId)
  const instanceId = m.instanceId === undefined ? null : m.instanceId
  w.compactNullableString(instanceId)
  const rackId = m.rackId === undefined ? null : m.rackId
  w.compactNullableString(rackId)
  const memberEpoch = m.memberEpoch === undefined ? 0 : m.memberEpoch
  w.int32(memberEpoch)
  const clientId = m.clientId === undefined ? '' : m.clientId
  w.compactString(clientId)
  const clientHost = m.clientHost === undefined ? '' : m.clientHost
  w.compactString(clientHost)
  const subscribedTopicNames = m.subscribedTopicNames === undefined ? [] : m.subscribedTopicNames
  w.compactArrayLength(subscribedTopicNames.length)
  for (const item of subscribedTopicNames) w.compactString(item)
  const subscribedTopicRegex = m.subscribedTopicRegex === undefined ? null : m.subscribedTopicRegex
  w.compactNullableString(subscribedTopicRegex)
  const assignment = m.assignment === undefined ? { topicPartitions: [] } : m.assignment
  writeAssignment(w, v, assignment)
  const targetAssignment = m.targetAssignment === undefined ? { topicPartitions: [] } : m.targetAssignment
  writeAssignment(w, v, targetAssignment)
  if (v >= 1) {
    const memberType = m.memberType === undefined ? -1 : m.memberType
    w.int8(memberType)
  }
  w.unsignedVarint(0)
}

export interface DescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  groupEpoch: number
  assignmentEpoch: number
  assignorName: string
  members: Member[]
  authorizedOperations: number
}

function readDescribedGroup(r: Reader, v: number): DescribedGroup {
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const groupId = r.compactString()
  const groupState = r.compactString()
  const groupEpoch = r.int32()
  const assignmentEpoch = r.int32()
  const assignorName = r.compactString()
  const members: Member[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) members.push(readMember(r, v))
  }
  const authorizedOperations = r.int32()
  r.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    assignorName,
    members,
    authorizedOperations,
  }
}

function writeDescribedGroup(w: Writer, v: number, m: Draft<DescribedGroup>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const groupState = m.groupState === undefined ? '' : m.groupState
  w.compactString(groupState)
  const groupEpoch = m.groupEpoch === undefined ? 0 : m.groupEpoch
  w.int32(groupEpoch)
  const assignmentEpoch = m.assignmentEpoch === undefined ? 0 : m.assignmentEpoch
  w.int32(assignmentEpoch)
  const assignorName = m.assignorName === undefined ? '' : m.assignorName
  w.compactString(assignorName)
  const members = m.members === undefined ? [] : m.members
  w.compactArrayLength(members.length)
  for (const item of members) writeMember(w, v, item)
  const authorizedOperations = m.authorizedOperations === undefined ? -2147483648 : m.authorizedOperations
  w.int32(authorizedOperations)
  w.unsignedVarint(0)
}

export interface ConsumerGroupDescribeResponse {
  throttleTimeMs: number
  groups: DescribedGroup[]
}

function readConsumerGroupDescribeResponse(r: Reader, v: number): ConsumerGroupDescribeResponse {
  const throttleTimeMs = r.int32()
  const groups: DescribedGroup[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readDescribedGroup(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, groups }
}

function writeConsumerGroupDescribeResponse(w: Writer, v: number, m: Draft<ConsumerGroupDescribeResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const groups = m.groups === undefined ? [] : m.groups
  w.compactArrayLength(groups.length)
  for (const item of groups) writeDescribedGroup(w, v, item)
  w.unsignedVarint(0)
}

export const consumerGroupDescribe: Api<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeConsumerGroupDescribeRequest,
  decodeRequest: readConsumerGroupDescribeRequest,
  encodeResponse: writeConsumerGroupDescribeResponse,
  decodeResponse: readConsumerGroupDescribeResponse,
}
