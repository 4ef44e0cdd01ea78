// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribeShareGroupOffsetsRequestTopic {
  topicName: string
  partitions: number[]
}

function readDescribeShareGroupOffsetsRequestTopic(r: Reader, _v: number): DescribeShareGroupOffsetsRequestTopic {
  const topicName = r.compactString()
  const partitions: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  r.skipTags()
  return { topicName, partitions }
}

function writeDescribeShareGroupOffsetsRequestTopic(w: Writer, _v: number, m: Draft<DescribeShareGroupOffsetsRequestTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsRequestGroup {
  groupId: string
  topics: DescribeShareGroupOffsetsRequestTopic[] | null
}

function readDescribeShareGroupOffsetsRequestGroup(r: Reader, v: number): DescribeShareGroupOffsetsRequestGroup {
  const groupId = r.compactString()
  let topics: DescribeShareGroupOffsetsRequestTopic[] | null = []
  {
    const n = r.compactArrayLength(1)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readDescribeShareGroupOffsetsRequestTopic(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeDescribeShareGroupOffsetsRequestGroup(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsRequestGroup>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  if (topics === null) {
      w.compactArrayLength(-1)
    } else {
      w.compactArrayLength(topics.length)
      for (const item of topics) writeDescribeShareGroupOffsetsRequestTopic(w, v, item)
    }
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsRequest {
  groups: DescribeShareGroupOffsetsRequestGroup[]
}

function readDescribeShareGroupOffsetsRequest(r: Reader, v: number): DescribeShareGroupOffsetsRequest {
  const groups: DescribeShareGroupOffsetsRequestGroup[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readDescribeShareGroupOffsetsRequestGroup(r, v))
  }
  r.skipTags()
  return { groups }
}

function writeDescribeShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsRequest>): void {
  const groups = m.groups === undefined ? [] : m.groups
  w.compactArrayLength(groups.length)
  for (const item of groups) writeDescribeShareGroupOffsetsRequestGroup(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsResponsePartition {
  partitionIndex: number
  startOffset: number
  leaderEpoch: number
  lag: number
  errorCode: number
  errorMessage: string | null
}

function readDescribeShareGroupOffsetsResponsePartition(r: Reader, v: number): DescribeShareGroupOffsetsResponsePartition {
  const partitionIndex = r.int32()
  const startOffset = r.int64()
  const leaderEpoch = r.int32()
  const lag: number = v >= 1 ? r.int64() : -1
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { partitionIndex, startOffset, leaderEpoch, lag, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponsePartition(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponsePartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const startOffset = m.startOffset === undefined ? 0 : m.startOffset
  w.int64(startOffset)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  if (v >= 1) {
    const lag = m.lag === undefined ? -1 : m.lag
    w.int64(lag)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  partitions: DescribeShareGroupOffsetsResponsePartition[]
}

function readDescribeShareGroupOffsetsResponseTopic(r: Reader, v: number): DescribeShareGroupOffsetsResponseTopic {
  const topicName = r.compactString()
  const topicId = r.uuid()
  const partitions: DescribeShareGroupOffsetsResponsePartition[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readDescribeShareGroupOffsetsResponsePartition(r, v))
  }
  r.skipTags()
  return { topicName, topicId, partitions }
}

function writeDescribeShareGroupOffsetsResponseTopic(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponseTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeDescribeShareGroupOffsetsResponsePartition(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsResponseGroup {
  groupId: string
  topics: DescribeShareGroupOffsetsResponseTopic[]
  errorCode: number
  errorMessage: string | null
}

function readDescribeShareGroupOffsetsResponseGroup(r: Reader, v: number): DescribeShareGroupOffsetsResponseGroup {
  const groupId = r.compactString()
  const topics: DescribeShareGroupOffsetsResponseTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readDescribeShareGroupOffsetsResponseTopic(r, v))
  }
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { groupId, topics, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponseGroup(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponseGroup>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeDescribeShareGroupOffsetsResponseTopic(w, v, item)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsResponse {
  throttleTimeMs: number
  groups: DescribeShareGroupOffsetsResponseGroup[]
}

function readDescribeShareGroupOffsetsResponse(r: Reader, v: number): DescribeShareGroupOffsetsResponse {
  const throttleTimeMs = r.int32()
  const groups: DescribeShareGroupOffsetsResponseGroup[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readDescribeShareGroupOffsetsResponseGroup(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, groups }
}

function writeDescribeShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const groups = m.groups === undefined ? [] : m.groups
  w.compactArrayLength(groups.length)
  for (const item of groups) writeDescribeShareGroupOffsetsResponseGroup(w, v, item)
  w.unsignedVarint(0)
}

export const describeShareGroupOffsets: Api<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeDescribeShareGroupOffsetsRequest,
  decodeRequest: readDescribeShareGroupOffsetsRequest,
  encodeResponse: writeDescribeShareGroupOffsetsResponse,
  decodeResponse: readDescribeShareGroupOffsetsResponse,
}
