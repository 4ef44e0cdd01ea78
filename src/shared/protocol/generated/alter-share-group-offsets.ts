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
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { startOffset = 0 } = m
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
  for (let n = r.notNull(r.compactArrayLength(13)); n > 0; n--) partitions.push(readAlterShareGroupOffsetsRequestPartition(r, v))
  r.skipTags()
  return { topicName, partitions }
}

function writeAlterShareGroupOffsetsRequestTopic(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsRequestTopic>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readAlterShareGroupOffsetsRequestTopic(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeAlterShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
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
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readAlterShareGroupOffsetsResponsePartition(r, v))
  r.skipTags()
  return { topicName, topicId, partitions }
}

function writeAlterShareGroupOffsetsResponseTopic(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsResponseTopic>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(19)); n > 0; n--) responses.push(readAlterShareGroupOffsetsResponseTopic(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

function writeAlterShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<AlterShareGroupOffsetsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { responses = [] } = m
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
