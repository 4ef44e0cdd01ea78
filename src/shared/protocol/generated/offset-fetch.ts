// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField, UnsupportedNull } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface OffsetFetchRequestTopic {
  name: string
  partitionIndexes: number[]
}

function readOffsetFetchRequestTopic(r: Reader, v: number): OffsetFetchRequestTopic {
  const name = v >= 6 ? r.compactString() : r.string()
  const partitionIndexes: number[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitionIndexes.push(r.int32())
  if (v >= 6) r.skipTags()
  return { name, partitionIndexes }
}

function writeOffsetFetchRequestTopic(w: Writer, v: number, m: Draft<OffsetFetchRequestTopic>): void {
  const { name = '' } = m
  if (v >= 6) w.compactString(name)
  else w.string(name)
  const { partitionIndexes = [] } = m
  if (v >= 6) w.compactArrayLength(partitionIndexes.length)
  else w.arrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchRequestTopics {
  name: string
  topicId: string
  partitionIndexes: number[]
}

function readOffsetFetchRequestTopics(r: Reader, v: number): OffsetFetchRequestTopics {
  const name = v <= 9 ? r.compactString() : ''
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionIndexes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitionIndexes.push(r.int32())
  r.skipTags()
  return { name, topicId, partitionIndexes }
}

function writeOffsetFetchRequestTopics(w: Writer, v: number, m: Draft<OffsetFetchRequestTopics>): void {
  if (v <= 9) {
    const { name = '' } = m
    w.compactString(name)
  }
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitionIndexes = [] } = m
  w.compactArrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  w.unsignedVarint(0)
}

export interface OffsetFetchRequestGroup {
  groupId: string
  memberId: string | null
  memberEpoch: number
  topics: OffsetFetchRequestTopics[] | null
}

function readOffsetFetchRequestGroup(r: Reader, v: number): OffsetFetchRequestGroup {
  const groupId = r.compactString()
  const memberId: string | null = v >= 9 ? r.compactNullableString() : null
  const memberEpoch = v >= 9 ? r.int32() : -1
  let topics: OffsetFetchRequestTopics[] | null
  {
    const n = r.compactArrayLength(2)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readOffsetFetchRequestTopics(r, v))
  }
  r.skipTags()
  return { groupId, memberId, memberEpoch, topics }
}

function writeOffsetFetchRequestGroup(w: Writer, v: number, m: Draft<OffsetFetchRequestGroup>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  if (v >= 9) {
    const { memberId = null } = m
    w.compactNullableString(memberId)
  }
  if (v >= 9) {
    const { memberEpoch = -1 } = m
    w.int32(memberEpoch)
  }
  const { topics = [] } = m
  w.compactArrayLength(topics === null ? -1 : topics.length)
  for (const item of topics ?? []) writeOffsetFetchRequestTopics(w, v, item)
  w.unsignedVarint(0)
}

export interface OffsetFetchRequest {
  groupId: string
  topics: OffsetFetchRequestTopic[] | null
  groups: OffsetFetchRequestGroup[]
  requireStable: boolean
}

function readOffsetFetchRequest(r: Reader, v: number): OffsetFetchRequest {
  const groupId = v <= 7 ? (v >= 6 ? r.compactString() : r.string()) : ''
  let topics: OffsetFetchRequestTopic[] | null = []
  if (v <= 7) {
    const n = v >= 2 ? (v >= 6 ? r.compactArrayLength(3) : r.arrayLength(6)) : r.notNull(r.arrayLength(6))
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readOffsetFetchRequestTopic(r, v))
  }
  const groups: OffsetFetchRequestGroup[] = []
  if (v >= 8) {
    for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) groups.push(readOffsetFetchRequestGroup(r, v))
  }
  const requireStable = v >= 7 ? r.boolean() : false
  if (v >= 6) r.skipTags()
  return { groupId, topics, groups, requireStable }
}

function writeOffsetFetchRequest(w: Writer, v: number, m: Draft<OffsetFetchRequest>): void {
  if (v <= 7) {
    const { groupId = '' } = m
    if (v >= 6) w.compactString(groupId)
    else w.string(groupId)
  } else if (m.groupId !== undefined && m.groupId !== '') throw new UnsupportedField('OffsetFetchRequest', 'groupId', v, 0, 7)
  if (v <= 7) {
    const { topics = [] } = m
    if (v < 2 && topics === null) throw new UnsupportedNull('OffsetFetchRequest', 'topics', v)
    if (v >= 6) w.compactArrayLength(topics === null ? -1 : topics.length)
    else w.arrayLength(topics === null ? -1 : topics.length)
    for (const item of topics ?? []) writeOffsetFetchRequestTopic(w, v, item)
  } else if (m.topics !== undefined && (m.topics === null || m.topics.length > 0)) throw new UnsupportedField('OffsetFetchRequest', 'topics', v, 0, 7)
  if (v >= 8) {
    const { groups = [] } = m
    w.compactArrayLength(groups.length)
    for (const item of groups) writeOffsetFetchRequestGroup(w, v, item)
  } else if (m.groups !== undefined && m.groups.length > 0) throw new UnsupportedField('OffsetFetchRequest', 'groups', v, 8, 32767)
  if (v >= 7) {
    const { requireStable = false } = m
    w.boolean(requireStable)
  } else if (m.requireStable !== undefined && m.requireStable !== false) throw new UnsupportedField('OffsetFetchRequest', 'requireStable', v, 7, 32767)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponsePartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  metadata: string | null
  errorCode: number
}

function readOffsetFetchResponsePartition(r: Reader, v: number): OffsetFetchResponsePartition {
  const partitionIndex = r.int32()
  const committedOffset = r.int64()
  const committedLeaderEpoch = v >= 5 ? r.int32() : -1
  const metadata: string | null = v >= 6 ? r.compactNullableString() : r.nullableString()
  const errorCode = r.int16()
  if (v >= 6) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponsePartition(w: Writer, v: number, m: Draft<OffsetFetchResponsePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { committedOffset = 0 } = m
  w.int64(committedOffset)
  if (v >= 5) {
    const { committedLeaderEpoch = -1 } = m
    w.int32(committedLeaderEpoch)
  }
  const { metadata = '' } = m
  if (v >= 6) w.compactNullableString(metadata)
  else w.nullableString(metadata)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponseTopic {
  name: string
  partitions: OffsetFetchResponsePartition[]
}

function readOffsetFetchResponseTopic(r: Reader, v: number): OffsetFetchResponseTopic {
  const name = v >= 6 ? r.compactString() : r.string()
  const partitions: OffsetFetchResponsePartition[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(20) : r.arrayLength(16)); n > 0; n--) partitions.push(readOffsetFetchResponsePartition(r, v))
  if (v >= 6) r.skipTags()
  return { name, partitions }
}

function writeOffsetFetchResponseTopic(w: Writer, v: number, m: Draft<OffsetFetchResponseTopic>): void {
  const { name = '' } = m
  if (v >= 6) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 6) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetFetchResponsePartition(w, v, item)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponsePartitions {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  metadata: string | null
  errorCode: number
}

function readOffsetFetchResponsePartitions(r: Reader, _v: number): OffsetFetchResponsePartitions {
  const partitionIndex = r.int32()
  const committedOffset = r.int64()
  const committedLeaderEpoch = r.int32()
  const metadata: string | null = r.compactNullableString()
  const errorCode = r.int16()
  r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponsePartitions(w: Writer, _v: number, m: Draft<OffsetFetchResponsePartitions>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { committedOffset = 0 } = m
  w.int64(committedOffset)
  const { committedLeaderEpoch = -1 } = m
  w.int32(committedLeaderEpoch)
  const { metadata = '' } = m
  w.compactNullableString(metadata)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export interface OffsetFetchResponseTopics {
  name: string
  topicId: string
  partitions: OffsetFetchResponsePartitions[]
}

function readOffsetFetchResponseTopics(r: Reader, v: number): OffsetFetchResponseTopics {
  const name = v <= 9 ? r.compactString() : ''
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: OffsetFetchResponsePartitions[] = []
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) partitions.push(readOffsetFetchResponsePartitions(r, v))
  r.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetFetchResponseTopics(w: Writer, v: number, m: Draft<OffsetFetchResponseTopics>): void {
  if (v <= 9) {
    const { name = '' } = m
    w.compactString(name)
  }
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeOffsetFetchResponsePartitions(w, v, item)
  w.unsignedVarint(0)
}

export interface OffsetFetchResponseGroup {
  groupId: string
  topics: OffsetFetchResponseTopics[]
  errorCode: number
}

function readOffsetFetchResponseGroup(r: Reader, v: number): OffsetFetchResponseGroup {
  const groupId = r.compactString()
  const topics: OffsetFetchResponseTopics[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) topics.push(readOffsetFetchResponseTopics(r, v))
  const errorCode = r.int16()
  r.skipTags()
  return { groupId, topics, errorCode }
}

function writeOffsetFetchResponseGroup(w: Writer, v: number, m: Draft<OffsetFetchResponseGroup>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeOffsetFetchResponseTopics(w, v, item)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export interface OffsetFetchResponse {
  throttleTimeMs: number
  topics: OffsetFetchResponseTopic[]
  errorCode: number
  groups: OffsetFetchResponseGroup[]
}

function readOffsetFetchResponse(r: Reader, v: number): OffsetFetchResponse {
  const throttleTimeMs = v >= 3 ? r.int32() : 0
  const topics: OffsetFetchResponseTopic[] = []
  if (v <= 7) {
    for (let n = r.notNull(v >= 6 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readOffsetFetchResponseTopic(r, v))
  }
  const errorCode = v >= 2 && v <= 7 ? r.int16() : 0
  const groups: OffsetFetchResponseGroup[] = []
  if (v >= 8) {
    for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) groups.push(readOffsetFetchResponseGroup(r, v))
  }
  if (v >= 6) r.skipTags()
  return { throttleTimeMs, topics, errorCode, groups }
}

function writeOffsetFetchResponse(w: Writer, v: number, m: Draft<OffsetFetchResponse>): void {
  if (v >= 3) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  if (v <= 7) {
    const { topics = [] } = m
    if (v >= 6) w.compactArrayLength(topics.length)
    else w.arrayLength(topics.length)
    for (const item of topics) writeOffsetFetchResponseTopic(w, v, item)
  } else if (m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'topics', v, 0, 7)
  if (v >= 2 && v <= 7) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  }
  if (v >= 8) {
    const { groups = [] } = m
    w.compactArrayLength(groups.length)
    for (const item of groups) writeOffsetFetchResponseGroup(w, v, item)
  } else if (m.groups !== undefined && m.groups.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'groups', v, 8, 32767)
  if (v >= 6) w.unsignedVarint(0)
}

export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 10,
  flexibleFrom: 6,
  encodeRequest: writeOffsetFetchRequest,
  decodeRequest: readOffsetFetchRequest,
  encodeResponse: writeOffsetFetchResponse,
  decodeResponse: readOffsetFetchResponse,
}
