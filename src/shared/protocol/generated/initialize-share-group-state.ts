// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partition: number
  stateEpoch: number
  startOffset: number
}

function readPartitionData(r: Reader, _v: number): PartitionData {
  const partition = r.int32()
  const stateEpoch = r.int32()
  const startOffset = r.int64()
  r.skipTags()
  return { partition, stateEpoch, startOffset }
}

function writePartitionData(w: Writer, _v: number, m: Draft<PartitionData>): void {
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const stateEpoch = m.stateEpoch === undefined ? 0 : m.stateEpoch
  w.int32(stateEpoch)
  const startOffset = m.startOffset === undefined ? 0 : m.startOffset
  w.int64(startOffset)
  w.unsignedVarint(0)
}

export interface InitializeStateData {
  topicId: string
  partitions: PartitionData[]
}

function readInitializeStateData(r: Reader, v: number): InitializeStateData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeInitializeStateData(w: Writer, v: number, m: Draft<InitializeStateData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface InitializeShareGroupStateRequest {
  groupId: string
  topics: InitializeStateData[]
}

function readInitializeShareGroupStateRequest(r: Reader, v: number): InitializeShareGroupStateRequest {
  const groupId = r.compactString()
  const topics: InitializeStateData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readInitializeStateData(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeInitializeShareGroupStateRequest(w: Writer, v: number, m: Draft<InitializeShareGroupStateRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeInitializeStateData(w, v, item)
  w.unsignedVarint(0)
}

export interface PartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
}

function readPartitionResult(r: Reader, _v: number): PartitionResult {
  const partition = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { partition, errorCode, errorMessage }
}

function writePartitionResult(w: Writer, _v: number, m: Draft<PartitionResult>): void {
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface InitializeStateResult {
  topicId: string
  partitions: PartitionResult[]
}

function readInitializeStateResult(r: Reader, v: number): InitializeStateResult {
  const topicId = r.uuid()
  const partitions: PartitionResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResult(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeInitializeStateResult(w: Writer, v: number, m: Draft<InitializeStateResult>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface InitializeShareGroupStateResponse {
  results: InitializeStateResult[]
}

function readInitializeShareGroupStateResponse(r: Reader, v: number): InitializeShareGroupStateResponse {
  const results: InitializeStateResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readInitializeStateResult(r, v))
  }
  r.skipTags()
  return { results }
}

function writeInitializeShareGroupStateResponse(w: Writer, v: number, m: Draft<InitializeShareGroupStateResponse>): void {
  const results = m.results === undefined ? [] : m.results
  w.compactArrayLength(results.length)
  for (const item of results) writeInitializeStateResult(w, v, item)
  w.unsignedVarint(0)
}

export const initializeShareGroupState: Api<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse> = {
  key: 83,
  name: 'InitializeShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeInitializeShareGroupStateRequest,
  decodeRequest: readInitializeShareGroupStateRequest,
  encodeResponse: writeInitializeShareGroupStateResponse,
  decodeResponse: readInitializeShareGroupStateResponse,
}
