// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ShareGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
}

function readShareGroupDescribeRequest(r: Reader, _v: number): ShareGroupDescribeRequest {
  const groupIds: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) groupIds.push(r.compactString())
  const includeAuthorizedOperations = r.boolean()
  r.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

function writeShareGroupDescribeRequest(w: Writer, _v: number, m: Draft<ShareGroupDescribeRequest>): void {
  const { groupIds = [] } = m
  w.compactArrayLength(groupIds.length)
  for (const item of groupIds) w.compactString(item)
  const { includeAuthorizedOperations = false } = m
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
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topicId, topicName, partitions }
}

function writeTopicPartitions(w: Writer, _v: number, m: Draft<TopicPartitions>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface Assignment {
  topicPartitions: TopicPartitions[]
}

function readAssignment(r: Reader, v: number): Assignment {
  const topicPartitions: TopicPartitions[] = []
  for (let n = r.notNull(r.compactArrayLength(19)); n > 0; n--) topicPartitions.push(readTopicPartitions(r, v))
  r.skipTags()
  return { topicPartitions }
}

function writeAssignment(w: Writer, v: number, m: Draft<Assignment>): void {
  const { topicPartitions = [] } = m
  w.compactArrayLength(topicPartitions.length)
  for (const item of topicPartitions) writeTopicPartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface Member {
  memberId: string
  rackId: string | null
  memberEpoch: number
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  assignment: Assignment
}

function readMember(r: Reader, v: number): Member {
  const memberId = r.compactString()
  const rackId: string | null = r.compactNullableString()
  const memberEpoch = r.int32()
  const clientId = r.compactString()
  const clientHost = r.compactString()
  const subscribedTopicNames: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) subscribedTopicNames.push(r.compactString())
  const assignment = readAssignment(r, v)
  r.skipTags()
  return {
    memberId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    assignment,
  }
}

function writeMember(w: Writer, v: number, m: Draft<Member>): void {
  const { memberId = '' } = m
  w.compactString(memberId)
  const { rackId = null } = m
  w.compactNullableString(rackId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { clientId = '' } = m
  w.compactString(clientId)
  const { clientHost = '' } = m
  w.compactString(clientHost)
  const { subscribedTopicNames = [] } = m
  w.compactArrayLength(subscribedTopicNames.length)
  for (const item of subscribedTopicNames) w.compactString(item)
  const { assignment = {} } = m
  writeAssignment(w, v, assignment)
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
  for (let n = r.notNull(r.compactArrayLength(12)); n > 0; n--) members.push(readMember(r, v))
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { groupId = '' } = m
  w.compactString(groupId)
  const { groupState = '' } = m
  w.compactString(groupState)
  const { groupEpoch = 0 } = m
  w.int32(groupEpoch)
  const { assignmentEpoch = 0 } = m
  w.int32(assignmentEpoch)
  const { assignorName = '' } = m
  w.compactString(assignorName)
  const { members = [] } = m
  w.compactArrayLength(members.length)
  for (const item of members) writeMember(w, v, item)
  const { authorizedOperations = -2147483648 } = m
  w.int32(authorizedOperations)
  w.unsignedVarint(0)
}

export interface ShareGroupDescribeResponse {
  throttleTimeMs: number
  groups: DescribedGroup[]
}

function readShareGroupDescribeResponse(r: Reader, v: number): ShareGroupDescribeResponse {
  const throttleTimeMs = r.int32()
  const groups: DescribedGroup[] = []
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) groups.push(readDescribedGroup(r, v))
  r.skipTags()
  return { throttleTimeMs, groups }
}

function writeShareGroupDescribeResponse(w: Writer, v: number, m: Draft<ShareGroupDescribeResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { groups = [] } = m
  w.compactArrayLength(groups.length)
  for (const item of groups) writeDescribedGroup(w, v, item)
  w.unsignedVarint(0)
}

export const shareGroupDescribe: Api<ShareGroupDescribeRequest, ShareGroupDescribeResponse> = {
  key: 77,
  name: 'ShareGroupDescribe',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeShareGroupDescribeRequest,
  decodeRequest: readShareGroupDescribeRequest,
  encodeResponse: writeShareGroupDescribeResponse,
  decodeResponse: readShareGroupDescribeResponse,
}
