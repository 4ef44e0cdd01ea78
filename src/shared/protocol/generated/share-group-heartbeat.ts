// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ShareGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  rackId: string | null
  subscribedTopicNames: string[] | null
}

function readShareGroupHeartbeatRequest(r: Reader, _v: number): ShareGroupHeartbeatRequest {
  const groupId = r.compactString()
  const memberId = r.compactString()
  const memberEpoch = r.int32()
  const rackId: string | null = r.compactNullableString()
  let subscribedTopicNames: string[] | null
  {
    const n = r.compactArrayLength(1)
    subscribedTopicNames = n < 0 ? null : []
    if (subscribedTopicNames) for (let i = 0; i < n; i++) subscribedTopicNames.push(r.compactString())
  }
  r.skipTags()
  return { groupId, memberId, memberEpoch, rackId, subscribedTopicNames }
}

function writeShareGroupHeartbeatRequest(w: Writer, _v: number, m: Draft<ShareGroupHeartbeatRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { memberId = '' } = m
  w.compactString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { rackId = null } = m
  w.compactNullableString(rackId)
  const { subscribedTopicNames = null } = m
  w.compactArrayLength(subscribedTopicNames === null ? -1 : subscribedTopicNames.length)
  for (const item of subscribedTopicNames ?? []) w.compactString(item)
  w.unsignedVarint(0)
}

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

export interface Assignment {
  topicPartitions: TopicPartitions[]
}

function readAssignment(r: Reader, v: number): Assignment {
  const topicPartitions: TopicPartitions[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topicPartitions.push(readTopicPartitions(r, v))
  r.skipTags()
  return { topicPartitions }
}

function writeAssignment(w: Writer, v: number, m: Draft<Assignment>): void {
  const { topicPartitions = [] } = m
  w.compactArrayLength(topicPartitions.length)
  for (const item of topicPartitions) writeTopicPartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface ShareGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string | null
  memberEpoch: number
  heartbeatIntervalMs: number
  assignment: Assignment | null
}

function readShareGroupHeartbeatResponse(r: Reader, v: number): ShareGroupHeartbeatResponse {
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

function writeShareGroupHeartbeatResponse(w: Writer, v: number, m: Draft<ShareGroupHeartbeatResponse>): void {
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

export const shareGroupHeartbeat: Api<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> = {
  key: 76,
  name: 'ShareGroupHeartbeat',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeShareGroupHeartbeatRequest,
  decodeRequest: readShareGroupHeartbeatRequest,
  encodeResponse: writeShareGroupHeartbeatResponse,
  decodeResponse: readShareGroupHeartbeatResponse,
}
