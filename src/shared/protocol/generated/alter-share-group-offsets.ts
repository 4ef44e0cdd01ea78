// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AlterShareGroupOffsetsRequestPartition {
  partitionIndex: number
  startOffset: number
}

function readAlterShareGroupOffsetsRequestPartition(r: Reader, _v: number): AlterShareGroupOffsetsRequestPartition {
  const partitionIndex = r.int32()
  const startOffset = r.int64()
  r.skipTags()
  return { partitionIndex, startOffset }
}

function writeAlterShareGroupOffsetsRequestPartition(w: Writer, _v: number, m: Draft<AlterShareGroupOffsetsRequestPartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const startOffset = m.startOffset === undefined ? 0 : m.startOffset
  w.int64(startOffset)
  w.unsignedVarint(0)
}

export interface AlterShareGroupOffsetsRequestTopic {
  topicName: string
  partitions: AlterShareGroupOffsetsRequestPartition[]
}

function readAlterShareGroupOffsetsRequestTopic(r: Reader, v: number): AlterShareGroupOffsetsRequestTopic {
  const topicName = r.compactString()
  const partitions: AlterShareGroupOffsetsRequestPartition[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readAlterShareGroupOffsetsRequestPartition(r, v))
  }
  r.skipTags()
  return { topicName, partitions }
}

function writeAlterShareGroupOffsetsRequestTopic(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsRequestTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeAlterShareGroupOffsetsRequestPartition(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterShareGroupOffsetsRequest {
  groupId: string
  topics: AlterShareGroupOffsetsRequestTopic[]
}

function readAlterShareGroupOffsetsRequest(r: Reader, v: number): AlterShareGroupOffsetsRequest {
  const groupId = r.compactString()
  const topics: AlterShareGroupOffsetsRequestTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readAlterShareGroupOffsetsRequestTopic(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeAlterShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeAlterShareGroupOffsetsRequestTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterShareGroupOffsetsResponsePartition {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
}

function readAlterShareGroupOffsetsResponsePartition(r: Reader, _v: number): AlterShareGroupOffsetsResponsePartition {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage }
}

function writeAlterShareGroupOffsetsResponsePartition(w: Writer, _v: number, m: Draft<AlterShareGroupOffsetsResponsePartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface AlterShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  partitions: AlterShareGroupOffsetsResponsePartition[]
}

function readAlterShareGroupOffsetsResponseTopic(r: Reader, v: number): AlterShareGroupOffsetsResponseTopic {
  const topicName = r.compactString()
  const topicId = r.uuid()
  const partitions: AlterShareGroupOffsetsResponsePartition[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readAlterShareGroupOffsetsResponsePartition(r, v))
  }
  r.skipTags()
  return { topicName, topicId, partitions }
}

function writeAlterShareGroupOffsetsResponseTopic(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsResponseTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeAlterShareGroupOffsetsResponsePartition(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterShareGroupOffsetsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  responses: AlterShareGroupOffsetsResponseTopic[]
}

function readAlterShareGroupOffsetsResponse(r: Reader, v: number): AlterShareGroupOffsetsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const responses: AlterShareGroupOffsetsResponseTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readAlterShareGroupOffsetsResponseTopic(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

function writeAlterShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const responses = m.responses === undefined ? [] : m.responses
  w.compactArrayLength(responses.length)
  for (const item of responses) writeAlterShareGroupOffsetsResponseTopic(w, v, item)
  w.unsignedVarint(0)
}

export const alterShareGroupOffsets: Api<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> = {
  key: 91,
  name: 'AlterShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeAlterShareGroupOffsetsRequest,
  decodeRequest: readAlterShareGroupOffsetsRequest,
  encodeResponse: writeAlterShareGroupOffsetsResponse,
  decodeResponse: readAlterShareGroupOffsetsResponse,
}
