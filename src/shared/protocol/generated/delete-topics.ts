// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField, UnsupportedNull } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteTopicState {
  name: string | null
  topicId: string
}

function readDeleteTopicState(r: Reader, _v: number): DeleteTopicState {
  const name: string | null = r.compactNullableString()
  const topicId = r.uuid()
  r.skipTags()
  return { name, topicId }
}

function writeDeleteTopicState(w: Writer, _v: number, m: Draft<DeleteTopicState>): void {
  const { name = null } = m
  w.compactNullableString(name)
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  w.unsignedVarint(0)
}

export interface DeleteTopicsRequest {
  topics: DeleteTopicState[]
  topicNames: string[]
  timeoutMs: number
}

function readDeleteTopicsRequest(r: Reader, v: number): DeleteTopicsRequest {
  const topics: DeleteTopicState[] = []
  if (v >= 6) {
    for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readDeleteTopicState(r, v))
  }
  const topicNames: string[] = []
  if (v <= 5) {
    for (let n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(2)); n > 0; n--) topicNames.push(v >= 4 ? r.compactString() : r.string())
  }
  const timeoutMs = r.int32()
  if (v >= 4) r.skipTags()
  return { topics, topicNames, timeoutMs }
}

function writeDeleteTopicsRequest(w: Writer, v: number, m: Draft<DeleteTopicsRequest>): void {
  if (v >= 6) {
    const { topics = [] } = m
    w.compactArrayLength(topics.length)
    for (const item of topics) writeDeleteTopicState(w, v, item)
  } else if (m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('DeleteTopicsRequest', 'topics', v, 6, 32767)
  if (v <= 5) {
    const { topicNames = [] } = m
    if (v >= 4) w.compactArrayLength(topicNames.length)
    else w.arrayLength(topicNames.length)
    for (const item of topicNames) {
      if (v >= 4) w.compactString(item)
      else w.string(item)
    }
  }
  const { timeoutMs = 0 } = m
  w.int32(timeoutMs)
  if (v >= 4) w.unsignedVarint(0)
}

export interface DeletableTopicResult {
  name: string | null
  topicId: string
  errorCode: number
  errorMessage: string | null
}

function readDeletableTopicResult(r: Reader, v: number): DeletableTopicResult {
  const name: string | null = v >= 6 ? r.compactNullableString() : (v >= 4 ? r.compactString() : r.string())
  const topicId = v >= 6 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 5 ? r.compactNullableString() : null
  if (v >= 4) r.skipTags()
  return { name, topicId, errorCode, errorMessage }
}

function writeDeletableTopicResult(w: Writer, v: number, m: Draft<DeletableTopicResult>): void {
  const { name = '' } = m
  if (v < 6 && name === null) throw new UnsupportedNull('DeleteTopicsResponse', 'name', v)
  if (v >= 4) w.compactNullableString(name)
  else w.nullableString(name)
  if (v >= 6) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 5) {
    const { errorMessage = null } = m
    w.compactNullableString(errorMessage)
  }
  if (v >= 4) w.unsignedVarint(0)
}

export interface DeleteTopicsResponse {
  throttleTimeMs: number
  responses: DeletableTopicResult[]
}

function readDeleteTopicsResponse(r: Reader, v: number): DeleteTopicsResponse {
  const throttleTimeMs = r.int32()
  const responses: DeletableTopicResult[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) responses.push(readDeletableTopicResult(r, v))
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, responses }
}

function writeDeleteTopicsResponse(w: Writer, v: number, m: Draft<DeleteTopicsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { responses = [] } = m
  if (v >= 4) w.compactArrayLength(responses.length)
  else w.arrayLength(responses.length)
  for (const item of responses) writeDeletableTopicResult(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export const deleteTopics: Api<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  flexibleFrom: 4,
  encodeRequest: writeDeleteTopicsRequest,
  decodeRequest: readDeleteTopicsRequest,
  encodeResponse: writeDeleteTopicsResponse,
  decodeResponse: readDeleteTopicsResponse,
}
