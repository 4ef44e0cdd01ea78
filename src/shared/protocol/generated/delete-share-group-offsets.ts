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
  const { topicName = '' } = m
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
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) topics.push(readDeleteShareGroupOffsetsRequestTopic(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeDeleteShareGroupOffsetsRequest(w: Writer, v: number, m: Draft<DeleteShareGroupOffsetsRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
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
  const { topicName = '' } = m
  w.compactString(topicName)
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(21)); n > 0; n--) responses.push(readDeleteShareGroupOffsetsResponseTopic(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

function writeDeleteShareGroupOffsetsResponse(w: Writer, v: number, m: Draft<DeleteShareGroupOffsetsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { responses = [] } = m
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
