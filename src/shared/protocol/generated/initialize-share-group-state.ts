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
  const { partition = 0 } = m
  w.int32(partition)
  const { stateEpoch = 0 } = m
  w.int32(stateEpoch)
  const { startOffset = 0 } = m
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
  for (let n = r.notNull(r.compactArrayLength(17)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeInitializeStateData(w: Writer, v: number, m: Draft<InitializeStateData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readInitializeStateData(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeInitializeShareGroupStateRequest(w: Writer, v: number, m: Draft<InitializeShareGroupStateRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
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
  const { partition = 0 } = m
  w.int32(partition)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readPartitionResult(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeInitializeStateResult(w: Writer, v: number, m: Draft<InitializeStateResult>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface InitializeShareGroupStateResponse {
  results: InitializeStateResult[]
}

function readInitializeShareGroupStateResponse(r: Reader, v: number): InitializeShareGroupStateResponse {
  const results: InitializeStateResult[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) results.push(readInitializeStateResult(r, v))
  r.skipTags()
  return { results }
}

function writeInitializeShareGroupStateResponse(w: Writer, v: number, m: Draft<InitializeShareGroupStateResponse>): void {
  const { results = [] } = m
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
