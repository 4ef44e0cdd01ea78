// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteRecordsPartition {
  partitionIndex: number
  offset: number
}

function readDeleteRecordsPartition(r: Reader, v: number): DeleteRecordsPartition {
  const partitionIndex = r.int32()
  const offset = r.int64()
  if (v >= 2) r.skipTags()
  return { partitionIndex, offset }
}

function writeDeleteRecordsPartition(w: Writer, v: number, m: Draft<DeleteRecordsPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { offset = 0 } = m
  w.int64(offset)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteRecordsTopic {
  name: string
  partitions: DeleteRecordsPartition[]
}

function readDeleteRecordsTopic(r: Reader, v: number): DeleteRecordsTopic {
  const name = v >= 2 ? r.compactString() : r.string()
  const partitions: DeleteRecordsPartition[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(13) : r.arrayLength(12)); n > 0; n--) partitions.push(readDeleteRecordsPartition(r, v))
  if (v >= 2) r.skipTags()
  return { name, partitions }
}

function writeDeleteRecordsTopic(w: Writer, v: number, m: Draft<DeleteRecordsTopic>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeDeleteRecordsPartition(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteRecordsRequest {
  topics: DeleteRecordsTopic[]
  timeoutMs: number
}

function readDeleteRecordsRequest(r: Reader, v: number): DeleteRecordsRequest {
  const topics: DeleteRecordsTopic[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readDeleteRecordsTopic(r, v))
  const timeoutMs = r.int32()
  if (v >= 2) r.skipTags()
  return { topics, timeoutMs }
}

function writeDeleteRecordsRequest(w: Writer, v: number, m: Draft<DeleteRecordsRequest>): void {
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeDeleteRecordsTopic(w, v, item)
  const { timeoutMs = 0 } = m
  w.int32(timeoutMs)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteRecordsPartitionResult {
  partitionIndex: number
  lowWatermark: number
  errorCode: number
}

function readDeleteRecordsPartitionResult(r: Reader, v: number): DeleteRecordsPartitionResult {
  const partitionIndex = r.int32()
  const lowWatermark = r.int64()
  const errorCode = r.int16()
  if (v >= 2) r.skipTags()
  return { partitionIndex, lowWatermark, errorCode }
}

function writeDeleteRecordsPartitionResult(w: Writer, v: number, m: Draft<DeleteRecordsPartitionResult>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { lowWatermark = 0 } = m
  w.int64(lowWatermark)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteRecordsTopicResult {
  name: string
  partitions: DeleteRecordsPartitionResult[]
}

function readDeleteRecordsTopicResult(r: Reader, v: number): DeleteRecordsTopicResult {
  const name = v >= 2 ? r.compactString() : r.string()
  const partitions: DeleteRecordsPartitionResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(15) : r.arrayLength(14)); n > 0; n--) partitions.push(readDeleteRecordsPartitionResult(r, v))
  if (v >= 2) r.skipTags()
  return { name, partitions }
}

function writeDeleteRecordsTopicResult(w: Writer, v: number, m: Draft<DeleteRecordsTopicResult>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeDeleteRecordsPartitionResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteRecordsResponse {
  throttleTimeMs: number
  topics: DeleteRecordsTopicResult[]
}

function readDeleteRecordsResponse(r: Reader, v: number): DeleteRecordsResponse {
  const throttleTimeMs = r.int32()
  const topics: DeleteRecordsTopicResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readDeleteRecordsTopicResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeDeleteRecordsResponse(w: Writer, v: number, m: Draft<DeleteRecordsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeDeleteRecordsTopicResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const deleteRecords: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeDeleteRecordsRequest,
  decodeRequest: readDeleteRecordsRequest,
  encodeResponse: writeDeleteRecordsResponse,
  decodeResponse: readDeleteRecordsResponse,
}
