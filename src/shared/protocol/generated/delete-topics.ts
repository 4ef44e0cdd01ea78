// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteTopicState {
  name: string | null
  topicId: string
}

function readDeleteTopicState(r: Reader, v: number): DeleteTopicState {
  const name: string | null = v >= 6 ? v >= 6 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const topicId: string = v >= 6 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  if (v >= 4) r.skipTags()
  return { name, topicId }
}

function writeDeleteTopicState(w: Writer, v: number, m: Draft<DeleteTopicState>): void {
  if (v >= 6) {
    const name = m.name === undefined ? null : m.name
    if (v >= 6) { if (v >= 4) { w.compactNullableString(name) } else { w.nullableString(name) } } else { if (v >= 4) { w.compactString(name!) } else { w.string(name!) } }
  }
  if ((v < 6) && m.name !== undefined && m.name !== null) throw new UnsupportedField('DeleteTopicsRequest', 'name', v, 6)
  if (v >= 6) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  if ((v < 6) && m.topicId !== undefined && m.topicId !== 'AAAAAAAAAAAAAAAAAAAAAA') throw new UnsupportedField('DeleteTopicsRequest', 'topicId', v, 6)
  if (v >= 4) w.unsignedVarint(0)
}

export interface DeleteTopicsRequest {
  topics: DeleteTopicState[]
  topicNames: string[]
  timeoutMs: number
}

function readDeleteTopicsRequest(r: Reader, v: number): DeleteTopicsRequest {
  const topics: DeleteTopicState[] = []
  if (v >= 6) {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readDeleteTopicState(r, v))
  }
  const topicNames: string[] = []
  if (v <= 5) {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topicNames.push((v >= 4 ? r.compactString() : r.string()))
  }
  const timeoutMs = r.int32()
  if (v >= 4) r.skipTags()
  return { topics, topicNames, timeoutMs }
}

function writeDeleteTopicsRequest(w: Writer, v: number, m: Draft<DeleteTopicsRequest>): void {
  if (v >= 6) {
    const topics = m.topics === undefined ? [] : m.topics
    if (v >= 4) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
    for (const item of topics) writeDeleteTopicState(w, v, item)
  }
  if ((v < 6) && m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('DeleteTopicsRequest', 'topics', v, 6)
  if (v <= 5) {
    const topicNames = m.topicNames === undefined ? [] : m.topicNames
    if (v >= 4) { w.compactArrayLength(topicNames.length) } else { w.arrayLength(topicNames.length) }
    for (const item of topicNames) if (v >= 4) { w.compactString(item) } else { w.string(item) }
  }
  const timeoutMs = m.timeoutMs === undefined ? 0 : m.timeoutMs
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
  const name: string | null = v >= 6 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string())
  const topicId: string = v >= 6 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  if (v >= 4) r.skipTags()
  return { name, topicId, errorCode, errorMessage }
}

function writeDeletableTopicResult(w: Writer, v: number, m: Draft<DeletableTopicResult>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 6) { if (v >= 4) { w.compactNullableString(name) } else { w.nullableString(name) } } else { if (v >= 4) { w.compactString(name!) } else { w.string(name!) } }
  if (v >= 6) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 5) {
    const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
    if (v >= 5) { if (v >= 4) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) } } else { if (v >= 4) { w.compactString(errorMessage!) } else { w.string(errorMessage!) } }
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
  {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readDeletableTopicResult(r, v))
  }
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, responses }
}

function writeDeleteTopicsResponse(w: Writer, v: number, m: Draft<DeleteTopicsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const responses = m.responses === undefined ? [] : m.responses
  if (v >= 4) { w.compactArrayLength(responses.length) } else { w.arrayLength(responses.length) }
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
