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
  const partition = m.partition === undefined ? 0 : m.partition
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeDeleteStateData(w: Writer, v: number, m: Draft<DeleteStateData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readDeleteStateData(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeDeleteShareGroupStateRequest(w: Writer, v: number, m: Draft<DeleteShareGroupStateRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
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
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResult(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeDeleteStateResult(w: Writer, v: number, m: Draft<DeleteStateResult>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface DeleteShareGroupStateResponse {
  results: DeleteStateResult[]
}

function readDeleteShareGroupStateResponse(r: Reader, v: number): DeleteShareGroupStateResponse {
  const results: DeleteStateResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readDeleteStateResult(r, v))
  }
  r.skipTags()
  return { results }
}

function writeDeleteShareGroupStateResponse(w: Writer, v: number, m: Draft<DeleteShareGroupStateResponse>): void {
  const results = m.results === undefined ? [] : m.results
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
