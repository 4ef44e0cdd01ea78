// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicRequest {
  name: string
}

function readTopicRequest(r: Reader, _v: number): TopicRequest {
  const name = r.compactString()
  r.skipTags()
  return { name }
}

function writeTopicRequest(w: Writer, _v: number, m: Draft<TopicRequest>): void {
  const { name = '' } = m
  w.compactString(name)
  w.unsignedVarint(0)
}

export interface Cursor {
  topicName: string
  partitionIndex: number
}

function readCursor(r: Reader, _v: number): Cursor {
  const topicName = r.compactString()
  const partitionIndex = r.int32()
  r.skipTags()
  return { topicName, partitionIndex }
}

function writeCursor(w: Writer, _v: number, m: Draft<Cursor>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  w.unsignedVarint(0)
}

export interface DescribeTopicPartitionsRequest {
  topics: TopicRequest[]
  responsePartitionLimit: number
  cursor: Cursor | null
}

function readDescribeTopicPartitionsRequest(r: Reader, v: number): DescribeTopicPartitionsRequest {
  const topics: TopicRequest[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) topics.push(readTopicRequest(r, v))
  const responsePartitionLimit = r.int32()
  const cursor: Cursor | null = r.int8() < 0 ? null : readCursor(r, v)
  r.skipTags()
  return { topics, responsePartitionLimit, cursor }
}

function writeDescribeTopicPartitionsRequest(w: Writer, v: number, m: Draft<DescribeTopicPartitionsRequest>): void {
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicRequest(w, v, item)
  const { responsePartitionLimit = 2000 } = m
  w.int32(responsePartitionLimit)
  const { cursor = null } = m
  if (cursor === null) w.int8(-1)
  else {
    w.int8(1)
    writeCursor(w, v, cursor)
  }
  w.unsignedVarint(0)
}

export interface DescribeTopicPartitionsResponsePartition {
  errorCode: number
  partitionIndex: number
  leaderId: number
  leaderEpoch: number
  replicaNodes: number[]
  isrNodes: number[]
  eligibleLeaderReplicas: number[] | null
  lastKnownElr: number[] | null
  offlineReplicas: number[]
}

function readDescribeTopicPartitionsResponsePartition(r: Reader, _v: number): DescribeTopicPartitionsResponsePartition {
  const errorCode = r.int16()
  const partitionIndex = r.int32()
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const replicaNodes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) replicaNodes.push(r.int32())
  const isrNodes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) isrNodes.push(r.int32())
  let eligibleLeaderReplicas: number[] | null
  {
    const n = r.compactArrayLength(4)
    eligibleLeaderReplicas = n < 0 ? null : []
    if (eligibleLeaderReplicas) for (let i = 0; i < n; i++) eligibleLeaderReplicas.push(r.int32())
  }
  let lastKnownElr: number[] | null
  {
    const n = r.compactArrayLength(4)
    lastKnownElr = n < 0 ? null : []
    if (lastKnownElr) for (let i = 0; i < n; i++) lastKnownElr.push(r.int32())
  }
  const offlineReplicas: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) offlineReplicas.push(r.int32())
  r.skipTags()
  return {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    eligibleLeaderReplicas,
    lastKnownElr,
    offlineReplicas,
  }
}

function writeDescribeTopicPartitionsResponsePartition(w: Writer, _v: number, m: Draft<DescribeTopicPartitionsResponsePartition>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = -1 } = m
  w.int32(leaderEpoch)
  const { replicaNodes = [] } = m
  w.compactArrayLength(replicaNodes.length)
  for (const item of replicaNodes) w.int32(item)
  const { isrNodes = [] } = m
  w.compactArrayLength(isrNodes.length)
  for (const item of isrNodes) w.int32(item)
  const { eligibleLeaderReplicas = null } = m
  w.compactArrayLength(eligibleLeaderReplicas === null ? -1 : eligibleLeaderReplicas.length)
  for (const item of eligibleLeaderReplicas ?? []) w.int32(item)
  const { lastKnownElr = null } = m
  w.compactArrayLength(lastKnownElr === null ? -1 : lastKnownElr.length)
  for (const item of lastKnownElr ?? []) w.int32(item)
  const { offlineReplicas = [] } = m
  w.compactArrayLength(offlineReplicas.length)
  for (const item of offlineReplicas) w.int32(item)
  w.unsignedVarint(0)
}

export interface DescribeTopicPartitionsResponseTopic {
  errorCode: number
  name: string | null
  topicId: string
  isInternal: boolean
  partitions: DescribeTopicPartitionsResponsePartition[]
  topicAuthorizedOperations: number
}

function readDescribeTopicPartitionsResponseTopic(r: Reader, v: number): DescribeTopicPartitionsResponseTopic {
  const errorCode = r.int16()
  const name: string | null = r.compactNullableString()
  const topicId = r.uuid()
  const isInternal = r.boolean()
  const partitions: DescribeTopicPartitionsResponsePartition[] = []
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) partitions.push(readDescribeTopicPartitionsResponsePartition(r, v))
  const topicAuthorizedOperations = r.int32()
  r.skipTags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writeDescribeTopicPartitionsResponseTopic(w: Writer, v: number, m: Draft<DescribeTopicPartitionsResponseTopic>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { name = '' } = m
  w.compactNullableString(name)
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { isInternal = false } = m
  w.boolean(isInternal)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeDescribeTopicPartitionsResponsePartition(w, v, item)
  const { topicAuthorizedOperations = -2147483648 } = m
  w.int32(topicAuthorizedOperations)
  w.unsignedVarint(0)
}

export interface ResponseCursor {
  topicName: string
  partitionIndex: number
}

function readResponseCursor(r: Reader, _v: number): ResponseCursor {
  const topicName = r.compactString()
  const partitionIndex = r.int32()
  r.skipTags()
  return { topicName, partitionIndex }
}

function writeResponseCursor(w: Writer, _v: number, m: Draft<ResponseCursor>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  w.unsignedVarint(0)
}

export interface DescribeTopicPartitionsResponse {
  throttleTimeMs: number
  topics: DescribeTopicPartitionsResponseTopic[]
  nextCursor: ResponseCursor | null
}

function readDescribeTopicPartitionsResponse(r: Reader, v: number): DescribeTopicPartitionsResponse {
  const throttleTimeMs = r.int32()
  const topics: DescribeTopicPartitionsResponseTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(26)); n > 0; n--) topics.push(readDescribeTopicPartitionsResponseTopic(r, v))
  const nextCursor: ResponseCursor | null = r.int8() < 0 ? null : readResponseCursor(r, v)
  r.skipTags()
  return { throttleTimeMs, topics, nextCursor }
}

function writeDescribeTopicPartitionsResponse(w: Writer, v: number, m: Draft<DescribeTopicPartitionsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeDescribeTopicPartitionsResponseTopic(w, v, item)
  const { nextCursor = null } = m
  if (nextCursor === null) w.int8(-1)
  else {
    w.int8(1)
    writeResponseCursor(w, v, nextCursor)
  }
  w.unsignedVarint(0)
}

export const describeTopicPartitions: Api<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> = {
  key: 75,
  name: 'DescribeTopicPartitions',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDescribeTopicPartitionsRequest,
  decodeRequest: readDescribeTopicPartitionsRequest,
  encodeResponse: writeDescribeTopicPartitionsResponse,
  decodeResponse: readDescribeTopicPartitionsResponse,
}
