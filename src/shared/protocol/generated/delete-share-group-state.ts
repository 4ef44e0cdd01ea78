// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partition: number
}

function readPartitionData(r: Reader, _v: number): PartitionData {
  const partition = r.int32()
  r.skipTags()
  return { partition }
}

function writePartitionData(w: Writer, _v: number, m: Draft<PartitionData>): void {
  const { partition = 0 } = m
  w.int32(partition)
  w.unsignedVarint(0)
}

export interface DeleteStateData {
  topicId: string
  partitions: PartitionData[]
}

function readDeleteStateData(r: Reader, v: number): DeleteStateData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeDeleteStateData(w: Writer, v: number, m: Draft<DeleteStateData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupStateRequest {
  groupId: string
  topics: DeleteStateData[]
}

function readDeleteShareGroupStateRequest(r: Reader, v: number): DeleteShareGroupStateRequest {
  const groupId = r.compactString()
  const topics: DeleteStateData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readDeleteStateData(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeDeleteShareGroupStateRequest(w: Writer, v: number, m: Draft<DeleteShareGroupStateRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeDeleteStateData(w, v, item)
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

export interface DeleteStateResult {
  topicId: string
  partitions: PartitionResult[]
}

function readDeleteStateResult(r: Reader, v: number): DeleteStateResult {
  const topicId = r.uuid()
  const partitions: PartitionResult[] = []
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readPartitionResult(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeDeleteStateResult(w: Writer, v: number, m: Draft<DeleteStateResult>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupStateResponse {
  results: DeleteStateResult[]
}

function readDeleteShareGroupStateResponse(r: Reader, v: number): DeleteShareGroupStateResponse {
  const results: DeleteStateResult[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) results.push(readDeleteStateResult(r, v))
  r.skipTags()
  return { results }
}

function writeDeleteShareGroupStateResponse(w: Writer, v: number, m: Draft<DeleteShareGroupStateResponse>): void {
  const { results = [] } = m
  w.compactArrayLength(results.length)
  for (const item of results) writeDeleteStateResult(w, v, item)
  w.unsignedVarint(0)
}

export const deleteShareGroupState: Api<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse> = {
  key: 86,
  name: 'DeleteShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDeleteShareGroupStateRequest,
  decodeRequest: readDeleteShareGroupStateRequest,
  encodeResponse: writeDeleteShareGroupStateResponse,
  decodeResponse: readDeleteShareGroupStateResponse,
}
