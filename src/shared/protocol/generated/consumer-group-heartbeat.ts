// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicPartitions {
  topicId: string
  partitions: number[]
}

function readTopicPartitions(r: Reader, _v: number): TopicPartitions {
  const topicId = r.uuid()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topicId, partitions }
}

function writeTopicPartitions(w: Writer, _v: number, m: Draft<TopicPartitions>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface ConsumerGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  instanceId: string | null
  rackId: string | null
  rebalanceTimeoutMs: number
  subscribedTopicNames: string[] | null
  subscribedTopicRegex: string | null
  serverAssignor: string | null
  topicPartitions: TopicPartitions[] | null
}

function readConsumerGroupHeartbeatRequest(r: Reader, v: number): ConsumerGroupHeartbeatRequest {
  const groupId = r.compactString()
  const memberId = r.compactString()
  const memberEpoch = r.int32()
  const instanceId: string | null = r.compactNullableString()
  const rackId: string | null = r.compactNullableString()
  const rebalanceTimeoutMs = r.int32()
  let subscribedTopicNames: string[] | null
  {
    const n = r.compactArrayLength(1)
    subscribedTopicNames = n < 0 ? null : []
    if (subscribedTopicNames) for (let i = 0; i < n; i++) subscribedTopicNames.push(r.compactString())
  }
  const subscribedTopicRegex: string | null = v >= 1 ? r.compactNullableString() : null
  const serverAssignor: string | null = r.compactNullableString()
  let topicPartitions: TopicPartitions[] | null
  {
    const n = r.compactArrayLength(18)
    topicPartitions = n < 0 ? null : []
    if (topicPartitions) for (let i = 0; i < n; i++) topicPartitions.push(readTopicPartitions(r, v))
  }
  r.skipTags()
  return {
    groupId,
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    subscribedTopicNames,
    subscribedTopicRegex,
    serverAssignor,
    topicPartitions,
  }
}

function writeConsumerGroupHeartbeatRequest(w: Writer, v: number, m: Draft<ConsumerGroupHeartbeatRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { memberId = '' } = m
  w.compactString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { instanceId = null } = m
  w.compactNullableString(instanceId)
  const { rackId = null } = m
  w.compactNullableString(rackId)
  const { rebalanceTimeoutMs = -1 } = m
  w.int32(rebalanceTimeoutMs)
  const { subscribedTopicNames = null } = m
  w.compactArrayLength(subscribedTopicNames === null ? -1 : subscribedTopicNames.length)
  for (const item of subscribedTopicNames ?? []) w.compactString(item)
  if (v >= 1) {
    const { subscribedTopicRegex = null } = m
    w.compactNullableString(subscribedTopicRegex)
  } else if (m.subscribedTopicRegex !== undefined && m.subscribedTopicRegex !== null) throw new UnsupportedField('ConsumerGroupHeartbeatRequest', 'subscribedTopicRegex', v, 1, 32767)
  const { serverAssignor = null } = m
  w.compactNullableString(serverAssignor)
  const { topicPartitions = null } = m
  w.compactArrayLength(topicPartitions === null ? -1 : topicPartitions.length)
  for (const item of topicPartitions ?? []) writeTopicPartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface ResponseTopicPartitions {
  topicId: string
  partitions: number[]
}

function readResponseTopicPartitions(r: Reader, _v: number): ResponseTopicPartitions {
  const topicId = r.uuid()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topicId, partitions }
}

function writeResponseTopicPartitions(w: Writer, _v: number, m: Draft<ResponseTopicPartitions>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface Assignment {
  topicPartitions: ResponseTopicPartitions[]
}

function readAssignment(r: Reader, v: number): Assignment {
  const topicPartitions: ResponseTopicPartitions[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topicPartitions.push(readResponseTopicPartitions(r, v))
  r.skipTags()
  return { topicPartitions }
}

function writeAssignment(w: Writer, v: number, m: Draft<Assignment>): void {
  const { topicPartitions = [] } = m
  w.compactArrayLength(topicPartitions.length)
  for (const item of topicPartitions) writeResponseTopicPartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface ConsumerGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string | null
  memberEpoch: number
  heartbeatIntervalMs: number
  assignment: Assignment | null
}

function readConsumerGroupHeartbeatResponse(r: Reader, v: number): ConsumerGroupHeartbeatResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const memberId: string | null = r.compactNullableString()
  const memberEpoch = r.int32()
  const heartbeatIntervalMs = r.int32()
  const assignment: Assignment | null = r.int8() < 0 ? null : readAssignment(r, v)
  r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment,
  }
}

function writeConsumerGroupHeartbeatResponse(w: Writer, v: number, m: Draft<ConsumerGroupHeartbeatResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { memberId = null } = m
  w.compactNullableString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { heartbeatIntervalMs = 0 } = m
  w.int32(heartbeatIntervalMs)
  const { assignment = null } = m
  if (assignment === null) w.int8(-1)
  else {
    w.int8(1)
    writeAssignment(w, v, assignment)
  }
  w.unsignedVarint(0)
}

export const consumerGroupHeartbeat: Api<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> = {
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeConsumerGroupHeartbeatRequest,
  decodeRequest: readConsumerGroupHeartbeatRequest,
  encodeResponse: writeConsumerGroupHeartbeatResponse,
  decodeResponse: readConsumerGroupHeartbeatResponse,
}
