// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface CreatableReplicaAssignment {
  partitionIndex: number
  brokerIds: number[]
}

function readCreatableReplicaAssignment(r: Reader, v: number): CreatableReplicaAssignment {
  const partitionIndex = r.int32()
  const brokerIds: number[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) brokerIds.push(r.int32())
  }
  if (v >= 5) r.skipTags()
  return { partitionIndex, brokerIds }
}

function writeCreatableReplicaAssignment(w: Writer, v: number, m: Draft<CreatableReplicaAssignment>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const brokerIds = m.brokerIds === undefined ? [] : m.brokerIds
  if (v >= 5) { w.compactArrayLength(brokerIds.length) } else { w.arrayLength(brokerIds.length) }
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
  const name = m.name === undefined ? '' : m.name
  if (v >= 5) { w.compactString(name) } else { w.string(name) }
  const value = m.value === undefined ? '' : m.value
  if (v >= 5) { w.compactNullableString(value) } else { w.nullableString(value) }
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
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) assignments.push(readCreatableReplicaAssignment(r, v))
  }
  const configs: CreatableTopicConfig[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) configs.push(readCreatableTopicConfig(r, v))
  }
  if (v >= 5) r.skipTags()
  return { name, numPartitions, replicationFactor, assignments, configs }
}

function writeCreatableTopic(w: Writer, v: number, m: Draft<CreatableTopic>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 5) { w.compactString(name) } else { w.string(name) }
  const numPartitions = m.numPartitions === undefined ? 0 : m.numPartitions
  w.int32(numPartitions)
  const replicationFactor = m.replicationFactor === undefined ? 0 : m.replicationFactor
  w.int16(replicationFactor)
  const assignments = m.assignments === undefined ? [] : m.assignments
  if (v >= 5) { w.compactArrayLength(assignments.length) } else { w.arrayLength(assignments.length) }
  for (const item of assignments) writeCreatableReplicaAssignment(w, v, item)
  const configs = m.configs === undefined ? [] : m.configs
  if (v >= 5) { w.compactArrayLength(configs.length) } else { w.arrayLength(configs.length) }
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
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readCreatableTopic(r, v))
  }
  const timeoutMs = r.int32()
  const validateOnly = r.boolean()
  if (v >= 5) r.skipTags()
  return { topics, timeoutMs, validateOnly }
}

function writeCreateTopicsRequest(w: Writer, v: number, m: Draft<CreateTopicsRequest>): void {
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 5) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeCreatableTopic(w, v, item)
  const timeoutMs = m.timeoutMs === undefined ? 60000 : m.timeoutMs
  w.int32(timeoutMs)
  const validateOnly = m.validateOnly === undefined ? false : m.validateOnly
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

function readCreatableTopicConfigs(r: Reader, v: number): CreatableTopicConfigs {
  const name: string = v >= 5 ? (v >= 5 ? r.compactString() : r.string()) : ''
  const value: string | null = v >= 5 ? v >= 5 ? (v >= 5 ? r.compactNullableString() : r.nullableString()) : (v >= 5 ? r.compactString() : r.string()) : ''
  const readOnly: boolean = v >= 5 ? r.boolean() : false
  const configSource: number = v >= 5 ? r.int8() : -1
  const isSensitive: boolean = v >= 5 ? r.boolean() : false
  if (v >= 5) r.skipTags()
  return { name, value, readOnly, configSource, isSensitive }
}

function writeCreatableTopicConfigs(w: Writer, v: number, m: Draft<CreatableTopicConfigs>): void {
  if (v >= 5) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 5) { w.compactString(name) } else { w.string(name) }
  }
  if ((v < 5) && m.name !== undefined && m.name !== '') throw new UnsupportedField('CreateTopicsResponse', 'name', v, 5)
  if (v >= 5) {
    const value = m.value === undefined ? '' : m.value
    if (v >= 5) { if (v >= 5) { w.compactNullableString(value) } else { w.nullableString(value) } } else { if (v >= 5) { w.compactString(value!) } else { w.string(value!) } }
  }
  if ((v < 5) && m.value !== undefined && m.value !== '') throw new UnsupportedField('CreateTopicsResponse', 'value', v, 5)
  if (v >= 5) {
    const readOnly = m.readOnly === undefined ? false : m.readOnly
    w.boolean(readOnly)
  }
  if ((v < 5) && m.readOnly !== undefined && m.readOnly !== false) throw new UnsupportedField('CreateTopicsResponse', 'readOnly', v, 5)
  if (v >= 5) {
    const configSource = m.configSource === undefined ? -1 : m.configSource
    w.int8(configSource)
  }
  if (v >= 5) {
    const isSensitive = m.isSensitive === undefined ? false : m.isSensitive
    w.boolean(isSensitive)
  }
  if ((v < 5) && m.isSensitive !== undefined && m.isSensitive !== false) throw new UnsupportedField('CreateTopicsResponse', 'isSensitive', v, 5)
  if (v >= 5) w.unsignedVarint(0)
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
  const topicId: string = v >= 7 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 5 ? r.compactNullableString() : r.nullableString()
  const numPartitions: number = v >= 5 ? r.int32() : -1
  const replicationFactor: number = v >= 5 ? r.int16() : -1
  let configs: CreatableTopicConfigs[] | null = []
  if (v >= 5) {
    const n = v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1)
    if (!(v >= 5)) r.notNull(n)
    configs = n < 0 ? null : []
    if (configs) for (let i = 0; i < n; i++) configs.push(readCreatableTopicConfigs(r, v))
  }
  let topicConfigErrorCode: number = 0
  if (v >= 5) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 5)) {
            r.skip(size)
            break
          }
          topicConfigErrorCode = r.int16()
          break
        }
        default:
          r.skip(size)
      }
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
  const name = m.name === undefined ? '' : m.name
  if (v >= 5) { w.compactString(name) } else { w.string(name) }
  if (v >= 7) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 5) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  if (v >= 5) {
    const numPartitions = m.numPartitions === undefined ? -1 : m.numPartitions
    w.int32(numPartitions)
  }
  if (v >= 5) {
    const replicationFactor = m.replicationFactor === undefined ? -1 : m.replicationFactor
    w.int16(replicationFactor)
  }
  if (v >= 5) {
    const configs = m.configs === undefined ? [] : m.configs
    if (configs === null) {
        if (!(v >= 5)) throw new TypeError('CreateTopicsResponse: configs must not be null in version ' + v)
    if (v >= 5) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
      } else {
        if (v >= 5) { w.compactArrayLength(configs.length) } else { w.arrayLength(configs.length) }
        for (const item of configs) writeCreatableTopicConfigs(w, v, item)
      }
  }
  if (v >= 5) {
    let tags = 0
    const topicConfigErrorCode = m.topicConfigErrorCode === undefined ? 0 : m.topicConfigErrorCode
    const hasTopicConfigErrorCode = v >= 5 && topicConfigErrorCode !== 0
    if (hasTopicConfigErrorCode) tags++
    w.unsignedVarint(tags)
    if (hasTopicConfigErrorCode) w.tag(0, (w) => {
      w.int16(topicConfigErrorCode)
    })
  }
}

export interface CreateTopicsResponse {
  throttleTimeMs: number
  topics: CreatableTopicResult[]
}

function readCreateTopicsResponse(r: Reader, v: number): CreateTopicsResponse {
  const throttleTimeMs = r.int32()
  const topics: CreatableTopicResult[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readCreatableTopicResult(r, v))
  }
  if (v >= 5) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeCreateTopicsResponse(w: Writer, v: number, m: Draft<CreateTopicsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 5) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
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
