// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface OffsetCommitRequestPartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  committedMetadata: string | null
}

function readOffsetCommitRequestPartition(r: Reader, v: number): OffsetCommitRequestPartition {
  const partitionIndex = r.int32()
  const committedOffset = r.int64()
  const committedLeaderEpoch = v >= 6 ? r.int32() : -1
  const committedMetadata: string | null = v >= 8 ? r.compactNullableString() : r.nullableString()
  if (v >= 8) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }
}

function writeOffsetCommitRequestPartition(w: Writer, v: number, m: Draft<OffsetCommitRequestPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { committedOffset = 0 } = m
  w.int64(committedOffset)
  if (v >= 6) {
    const { committedLeaderEpoch = -1 } = m
    w.int32(committedLeaderEpoch)
  }
  const { committedMetadata = '' } = m
  if (v >= 8) w.compactNullableString(committedMetadata)
  else w.nullableString(committedMetadata)
  if (v >= 8) w.unsignedVarint(0)
}

export interface OffsetCommitRequestTopic {
  name: string
  topicId: string
  partitions: OffsetCommitRequestPartition[]
}

function readOffsetCommitRequestTopic(r: Reader, v: number): OffsetCommitRequestTopic {
  const name = v <= 9 ? (v >= 8 ? r.compactString() : r.string()) : ''
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: OffsetCommitRequestPartition[] = []
  for (let n = r.notNull(v >= 8 ? r.compactArrayLength(18) : r.arrayLength(14)); n > 0; n--) partitions.push(readOffsetCommitRequestPartition(r, v))
  if (v >= 8) r.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetCommitRequestTopic(w: Writer, v: number, m: Draft<OffsetCommitRequestTopic>): void {
  if (v <= 9) {
    const { name = '' } = m
    if (v >= 8) w.compactString(name)
    else w.string(name)
  }
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  if (v >= 8) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetCommitRequestPartition(w, v, item)
  if (v >= 8) w.unsignedVarint(0)
}

export interface OffsetCommitRequest {
  groupId: string
  generationIdOrMemberEpoch: number
  memberId: string
  groupInstanceId: string | null
  retentionTimeMs: number
  topics: OffsetCommitRequestTopic[]
}

function readOffsetCommitRequest(r: Reader, v: number): OffsetCommitRequest {
  const groupId = v >= 8 ? r.compactString() : r.string()
  const generationIdOrMemberEpoch = r.int32()
  const memberId = v >= 8 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 7 ? (v >= 8 ? r.compactNullableString() : r.nullableString()) : null
  const retentionTimeMs = v <= 4 ? r.int64() : -1
  const topics: OffsetCommitRequestTopic[] = []
  for (let n = r.notNull(v >= 8 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) topics.push(readOffsetCommitRequestTopic(r, v))
  if (v >= 8) r.skipTags()
  return { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs, topics }
}

function writeOffsetCommitRequest(w: Writer, v: number, m: Draft<OffsetCommitRequest>): void {
  const { groupId = '' } = m
  if (v >= 8) w.compactString(groupId)
  else w.string(groupId)
  const { generationIdOrMemberEpoch = -1 } = m
  w.int32(generationIdOrMemberEpoch)
  const { memberId = '' } = m
  if (v >= 8) w.compactString(memberId)
  else w.string(memberId)
  if (v >= 7) {
    const { groupInstanceId = null } = m
    if (v >= 8) w.compactNullableString(groupInstanceId)
    else w.nullableString(groupInstanceId)
  } else if (m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('OffsetCommitRequest', 'groupInstanceId', v, 7, 32767)
  if (v <= 4) {
    const { retentionTimeMs = -1 } = m
    w.int64(retentionTimeMs)
  }
  const { topics = [] } = m
  if (v >= 8) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeOffsetCommitRequestTopic(w, v, item)
  if (v >= 8) w.unsignedVarint(0)
}

export interface OffsetCommitResponsePartition {
  partitionIndex: number
  errorCode: number
}

function readOffsetCommitResponsePartition(r: Reader, v: number): OffsetCommitResponsePartition {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  if (v >= 8) r.skipTags()
  return { partitionIndex, errorCode }
}

function writeOffsetCommitResponsePartition(w: Writer, v: number, m: Draft<OffsetCommitResponsePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 8) w.unsignedVarint(0)
}

export interface OffsetCommitResponseTopic {
  name: string
  topicId: string
  partitions: OffsetCommitResponsePartition[]
}

function readOffsetCommitResponseTopic(r: Reader, v: number): OffsetCommitResponseTopic {
  const name = v <= 9 ? (v >= 8 ? r.compactString() : r.string()) : ''
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: OffsetCommitResponsePartition[] = []
  for (let n = r.notNull(v >= 8 ? r.compactArrayLength(7) : r.arrayLength(6)); n > 0; n--) partitions.push(readOffsetCommitResponsePartition(r, v))
  if (v >= 8) r.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetCommitResponseTopic(w: Writer, v: number, m: Draft<OffsetCommitResponseTopic>): void {
  if (v <= 9) {
    const { name = '' } = m
    if (v >= 8) w.compactString(name)
    else w.string(name)
  }
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  if (v >= 8) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetCommitResponsePartition(w, v, item)
  if (v >= 8) w.unsignedVarint(0)
}

export interface OffsetCommitResponse {
  throttleTimeMs: number
  topics: OffsetCommitResponseTopic[]
}

function readOffsetCommitResponse(r: Reader, v: number): OffsetCommitResponse {
  const throttleTimeMs = v >= 3 ? r.int32() : 0
  const topics: OffsetCommitResponseTopic[] = []
  for (let n = r.notNull(v >= 8 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) topics.push(readOffsetCommitResponseTopic(r, v))
  if (v >= 8) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeOffsetCommitResponse(w: Writer, v: number, m: Draft<OffsetCommitResponse>): void {
  if (v >= 3) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { topics = [] } = m
  if (v >= 8) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeOffsetCommitResponseTopic(w, v, item)
  if (v >= 8) w.unsignedVarint(0)
}

export const offsetCommit: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 10,
  flexibleFrom: 8,
  encodeRequest: writeOffsetCommitRequest,
  decodeRequest: readOffsetCommitRequest,
  encodeResponse: writeOffsetCommitResponse,
  decodeResponse: readOffsetCommitResponse,
}
