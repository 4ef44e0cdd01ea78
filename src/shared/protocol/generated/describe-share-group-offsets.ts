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
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topicName, partitions }
}

function writeDescribeShareGroupOffsetsRequestTopic(w: Writer, _v: number, m: Draft<DescribeShareGroupOffsetsRequestTopic>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitions = [] } = m
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
  let topics: DescribeShareGroupOffsetsRequestTopic[] | null
  {
    const n = r.compactArrayLength(3)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readDescribeShareGroupOffsetsRequestTopic(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeDescribeShareGroupOffsetsRequestGroup(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsRequestGroup>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
  w.compactArrayLength(topics === null ? -1 : topics.length)
  for (const item of topics ?? []) writeDescribeShareGroupOffsetsRequestTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeShareGroupOffsetsRequest {
  groups: DescribeShareGroupOffsetsRequestGroup[]
}

function readDescribeShareGroupOffsetsRequest(r: Reader, v: number): DescribeShareGroupOffsetsRequest {
  const groups: DescribeShareGroupOffsetsRequestGroup[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) groups.push(readDescribeShareGroupOffsetsRequestGroup(r, v))
  r.skipTags()
  return { groups }
}

function writeDescribeShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsRequest>): void {
  const { groups = [] } = m
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
  const lag = v >= 1 ? r.int64() : -1
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { partitionIndex, startOffset, leaderEpoch, lag, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponsePartition(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponsePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { startOffset = 0 } = m
  w.int64(startOffset)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v >= 1) {
    const { lag = -1 } = m
    w.int64(lag)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) partitions.push(readDescribeShareGroupOffsetsResponsePartition(r, v))
  r.skipTags()
  return { topicName, topicId, partitions }
}

function writeDescribeShareGroupOffsetsResponseTopic(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponseTopic>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(19)); n > 0; n--) topics.push(readDescribeShareGroupOffsetsResponseTopic(r, v))
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { groupId, topics, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponseGroup(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponseGroup>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeDescribeShareGroupOffsetsResponseTopic(w, v, item)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) groups.push(readDescribeShareGroupOffsetsResponseGroup(r, v))
  r.skipTags()
  return { throttleTimeMs, groups }
}

function writeDescribeShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<DescribeShareGroupOffsetsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { groups = [] } = m
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
