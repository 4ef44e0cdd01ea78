// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface CreatableReplicaAssignment {
  partitionIndex: number
  brokerIds: number[]
}

function readCreatableReplicaAssignment(r: Reader, v: number): CreatableReplicaAssignment {
  const partitionIndex = r.int32()
  const brokerIds: number[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) brokerIds.push(r.int32())
  if (v >= 5) r.skipTags()
  return { partitionIndex, brokerIds }
}

function writeCreatableReplicaAssignment(w: Writer, v: number, m: Draft<CreatableReplicaAssignment>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { brokerIds = [] } = m
  if (v >= 5) w.compactArrayLength(brokerIds.length)
  else w.arrayLength(brokerIds.length)
  for (const item of brokerIds) w.int32(item)
  if (v >= 5) w.unsignedVarint(0)
}

export interface CreatableTopicConfig {
  name: string
  value: string | null
}

function readCreatableTopicConfig(r: Reader, v: number): CreatableTopicConfig {
  const name = v >= 5 ? r.compactString() : r.string()
  const value: string | null = v >= 5 ? r.compactNullableString() : r.nullableString()
  if (v >= 5) r.skipTags()
  return { name, value }
}

function writeCreatableTopicConfig(w: Writer, v: number, m: Draft<CreatableTopicConfig>): void {
  const { name = '' } = m
  if (v >= 5) w.compactString(name)
  else w.string(name)
  const { value = '' } = m
  if (v >= 5) w.compactNullableString(value)
  else w.nullableString(value)
  if (v >= 5) w.unsignedVarint(0)
}

export interface CreatableTopic {
  name: string
  numPartitions: number
  replicationFactor: number
  assignments: CreatableReplicaAssignment[]
  configs: CreatableTopicConfig[]
}

function readCreatableTopic(r: Reader, v: number): CreatableTopic {
  const name = v >= 5 ? r.compactString() : r.string()
  const numPartitions = r.int32()
  const replicationFactor = r.int16()
  const assignments: CreatableReplicaAssignment[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(6) : r.arrayLength(8)); n > 0; n--) assignments.push(readCreatableReplicaAssignment(r, v))
  const configs: CreatableTopicConfig[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) configs.push(readCreatableTopicConfig(r, v))
  if (v >= 5) r.skipTags()
  return { name, numPartitions, replicationFactor, assignments, configs }
}

function writeCreatableTopic(w: Writer, v: number, m: Draft<CreatableTopic>): void {
  const { name = '' } = m
  if (v >= 5) w.compactString(name)
  else w.string(name)
  const { numPartitions = 0 } = m
  w.int32(numPartitions)
  const { replicationFactor = 0 } = m
  w.int16(replicationFactor)
  const { assignments = [] } = m
  if (v >= 5) w.compactArrayLength(assignments.length)
  else w.arrayLength(assignments.length)
  for (const item of assignments) writeCreatableReplicaAssignment(w, v, item)
  const { configs = [] } = m
  if (v >= 5) w.compactArrayLength(configs.length)
  else w.arrayLength(configs.length)
  for (const item of configs) writeCreatableTopicConfig(w, v, item)
  if (v >= 5) w.unsignedVarint(0)
}

export interface CreateTopicsRequest {
  topics: CreatableTopic[]
  timeoutMs: number
  validateOnly: boolean
}

function readCreateTopicsRequest(r: Reader, v: number): CreateTopicsRequest {
  const topics: CreatableTopic[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(10) : r.arrayLength(16)); n > 0; n--) topics.push(readCreatableTopic(r, v))
  const timeoutMs = r.int32()
  const validateOnly = r.boolean()
  if (v >= 5) r.skipTags()
  return { topics, timeoutMs, validateOnly }
}

function writeCreateTopicsRequest(w: Writer, v: number, m: Draft<CreateTopicsRequest>): void {
  const { topics = [] } = m
  if (v >= 5) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeCreatableTopic(w, v, item)
  const { timeoutMs = 60000 } = m
  w.int32(timeoutMs)
  const { validateOnly = false } = m
  w.boolean(validateOnly)
  if (v >= 5) w.unsignedVarint(0)
}

export interface CreatableTopicConfigs {
  name: string
  value: string | null
  readOnly: boolean
  configSource: number
  isSensitive: boolean
}

function readCreatableTopicConfigs(r: Reader, _v: number): CreatableTopicConfigs {
  const name = r.compactString()
  const value: string | null = r.compactNullableString()
  const readOnly = r.boolean()
  const configSource = r.int8()
  const isSensitive = r.boolean()
  r.skipTags()
  return { name, value, readOnly, configSource, isSensitive }
}

function writeCreatableTopicConfigs(w: Writer, _v: number, m: Draft<CreatableTopicConfigs>): void {
  const { name = '' } = m
  w.compactString(name)
  const { value = '' } = m
  w.compactNullableString(value)
  const { readOnly = false } = m
  w.boolean(readOnly)
  const { configSource = -1 } = m
  w.int8(configSource)
  const { isSensitive = false } = m
  w.boolean(isSensitive)
  w.unsignedVarint(0)
}

export interface CreatableTopicResult {
  name: string
  topicId: string
  errorCode: number
  errorMessage: string | null
  topicConfigErrorCode: number
  numPartitions: number
  replicationFactor: number
  configs: CreatableTopicConfigs[] | null
}

function readCreatableTopicResult(r: Reader, v: number): CreatableTopicResult {
  const name = v >= 5 ? r.compactString() : r.string()
  const topicId = v >= 7 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 5 ? r.compactNullableString() : r.nullableString()
  const numPartitions = v >= 5 ? r.int32() : -1
  const replicationFactor = v >= 5 ? r.int16() : -1
  let configs: CreatableTopicConfigs[] | null = []
  if (v >= 5) {
    const n = r.compactArrayLength(6)
    configs = n < 0 ? null : []
    if (configs) for (let i = 0; i < n; i++) configs.push(readCreatableTopicConfigs(r, v))
  }
  let topicConfigErrorCode: number = 0
  if (v >= 5) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0) {
        topicConfigErrorCode = r.int16()
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    name,
    topicId,
    errorCode,
    errorMessage,
    topicConfigErrorCode,
    numPartitions,
    replicationFactor,
    configs,
  }
}

function writeCreatableTopicResult(w: Writer, v: number, m: Draft<CreatableTopicResult>): void {
  const { name = '' } = m
  if (v >= 5) w.compactString(name)
  else w.string(name)
  if (v >= 7) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 5) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  if (v >= 5) {
    const { numPartitions = -1 } = m
    w.int32(numPartitions)
  }
  if (v >= 5) {
    const { replicationFactor = -1 } = m
    w.int16(replicationFactor)
  }
  if (v >= 5) {
    const { configs = [] } = m
    w.compactArrayLength(configs === null ? -1 : configs.length)
    for (const item of configs ?? []) writeCreatableTopicConfigs(w, v, item)
  }
  if (v >= 5) {
    const { topicConfigErrorCode = 0 } = m
    const hasTopicConfigErrorCode = topicConfigErrorCode !== 0
    w.unsignedVarint(Number(hasTopicConfigErrorCode))
    if (hasTopicConfigErrorCode) w.tag(0, (w) => w.int16(topicConfigErrorCode))
  }
}

export interface CreateTopicsResponse {
  throttleTimeMs: number
  topics: CreatableTopicResult[]
}

function readCreateTopicsResponse(r: Reader, v: number): CreateTopicsResponse {
  const throttleTimeMs = r.int32()
  const topics: CreatableTopicResult[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(12) : r.arrayLength(6)); n > 0; n--) topics.push(readCreatableTopicResult(r, v))
  if (v >= 5) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeCreateTopicsResponse(w: Writer, v: number, m: Draft<CreateTopicsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  if (v >= 5) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeCreatableTopicResult(w, v, item)
  if (v >= 5) w.unsignedVarint(0)
}

export const createTopics: Api<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  flexibleFrom: 5,
  encodeRequest: writeCreateTopicsRequest,
  decodeRequest: readCreateTopicsRequest,
  encodeResponse: writeCreateTopicsResponse,
  decodeResponse: readCreateTopicsResponse,
}
