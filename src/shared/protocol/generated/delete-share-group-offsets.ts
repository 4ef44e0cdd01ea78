// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteShareGroupOffsetsRequestTopic {
  topicName: string
}

function readDeleteShareGroupOffsetsRequestTopic(r: Reader, _v: number): DeleteShareGroupOffsetsRequestTopic {
  const topicName = r.compactString()
  r.skipTags()
  return { topicName }
}

function writeDeleteShareGroupOffsetsRequestTopic(w: Writer, _v: number, m: Draft<DeleteShareGroupOffsetsRequestTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupOffsetsRequest {
  groupId: string
  topics: DeleteShareGroupOffsetsRequestTopic[]
}

function readDeleteShareGroupOffsetsRequest(r: Reader, v: number): DeleteShareGroupOffsetsRequest {
  const groupId = r.compactString()
  const topics: DeleteShareGroupOffsetsRequestTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readDeleteShareGroupOffsetsRequestTopic(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeDeleteShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<DeleteShareGroupOffsetsRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeDeleteShareGroupOffsetsRequestTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  errorCode: number
  errorMessage: string | null
}

function readDeleteShareGroupOffsetsResponseTopic(r: Reader, _v: number): DeleteShareGroupOffsetsResponseTopic {
  const topicName = r.compactString()
  const topicId = r.uuid()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { topicName, topicId, errorCode, errorMessage }
}

function writeDeleteShareGroupOffsetsResponseTopic(w: Writer, _v: number, m: Draft<DeleteShareGroupOffsetsResponseTopic>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupOffsetsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  responses: DeleteShareGroupOffsetsResponseTopic[]
}

function readDeleteShareGroupOffsetsResponse(r: Reader, v: number): DeleteShareGroupOffsetsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const responses: DeleteShareGroupOffsetsResponseTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readDeleteShareGroupOffsetsResponseTopic(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

function writeDeleteShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<DeleteShareGroupOffsetsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const responses = m.responses === undefined ? [] : m.responses
  w.compactArrayLength(responses.length)
  for (const item of responses) writeDeleteShareGroupOffsetsResponseTopic(w, v, item)
  w.unsignedVarint(0)
}

export const deleteShareGroupOffsets: Api<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> = {
  key: 92,
  name: 'DeleteShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDeleteShareGroupOffsetsRequest,
  decodeRequest: readDeleteShareGroupOffsetsRequest,
  encodeResponse: writeDeleteShareGroupOffsetsResponse,
  decodeResponse: readDeleteShareGroupOffsetsResponse,
}
