// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ListOffsetsPartition {
  partitionIndex: number
  currentLeaderEpoch: number
  timestamp: number
}

function readListOffsetsPartition(r: Reader, v: number): ListOffsetsPartition {
  const partitionIndex = r.int32()
  const currentLeaderEpoch = v >= 4 ? r.int32() : -1
  const timestamp = r.int64()
  if (v >= 6) r.skipTags()
  return { partitionIndex, currentLeaderEpoch, timestamp }
}

function writeListOffsetsPartition(w: Writer, v: number, m: Draft<ListOffsetsPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  if (v >= 4) {
    const { currentLeaderEpoch = -1 } = m
    w.int32(currentLeaderEpoch)
  }
  const { timestamp = 0 } = m
  w.int64(timestamp)
  if (v >= 6) w.unsignedVarint(0)
}

export interface ListOffsetsTopic {
  name: string
  partitions: ListOffsetsPartition[]
}

function readListOffsetsTopic(r: Reader, v: number): ListOffsetsTopic {
  const name = v >= 6 ? r.compactString() : r.string()
  const partitions: ListOffsetsPartition[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(17) : r.arrayLength(12)); n > 0; n--) partitions.push(readListOffsetsPartition(r, v))
  if (v >= 6) r.skipTags()
  return { name, partitions }
}

function writeListOffsetsTopic(w: Writer, v: number, m: Draft<ListOffsetsTopic>): void {
  const { name = '' } = m
  if (v >= 6) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 6) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeListOffsetsPartition(w, v, item)
  if (v >= 6) w.unsignedVarint(0)
}

export interface ListOffsetsRequest {
  replicaId: number
  isolationLevel: number
  topics: ListOffsetsTopic[]
  timeoutMs: number
}

function readListOffsetsRequest(r: Reader, v: number): ListOffsetsRequest {
  const replicaId = r.int32()
  const isolationLevel = v >= 2 ? r.int8() : 0
  const topics: ListOffsetsTopic[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readListOffsetsTopic(r, v))
  const timeoutMs = v >= 10 ? r.int32() : 0
  if (v >= 6) r.skipTags()
  return { replicaId, isolationLevel, topics, timeoutMs }
}

function writeListOffsetsRequest(w: Writer, v: number, m: Draft<ListOffsetsRequest>): void {
  const { replicaId = 0 } = m
  w.int32(replicaId)
  if (v >= 2) {
    const { isolationLevel = 0 } = m
    w.int8(isolationLevel)
  } else if (m.isolationLevel !== undefined && m.isolationLevel !== 0) throw new UnsupportedField('ListOffsetsRequest', 'isolationLevel', v, 2, 32767)
  const { topics = [] } = m
  if (v >= 6) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeListOffsetsTopic(w, v, item)
  if (v >= 10) {
    const { timeoutMs = 0 } = m
    w.int32(timeoutMs)
  }
  if (v >= 6) w.unsignedVarint(0)
}

export interface ListOffsetsPartitionResponse {
  partitionIndex: number
  errorCode: number
  timestamp: number
  offset: number
  leaderEpoch: number
}

function readListOffsetsPartitionResponse(r: Reader, v: number): ListOffsetsPartitionResponse {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const timestamp = r.int64()
  const offset = r.int64()
  const leaderEpoch = v >= 4 ? r.int32() : -1
  if (v >= 6) r.skipTags()
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch }
}

function writeListOffsetsPartitionResponse(w: Writer, v: number, m: Draft<ListOffsetsPartitionResponse>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { timestamp = -1 } = m
  w.int64(timestamp)
  const { offset = -1 } = m
  w.int64(offset)
  if (v >= 4) {
    const { leaderEpoch = -1 } = m
    w.int32(leaderEpoch)
  } else if (m.leaderEpoch !== undefined && m.leaderEpoch !== -1) throw new UnsupportedField('ListOffsetsResponse', 'leaderEpoch', v, 4, 32767)
  if (v >= 6) w.unsignedVarint(0)
}

export interface ListOffsetsTopicResponse {
  name: string
  partitions: ListOffsetsPartitionResponse[]
}

function readListOffsetsTopicResponse(r: Reader, v: number): ListOffsetsTopicResponse {
  const name = v >= 6 ? r.compactString() : r.string()
  const partitions: ListOffsetsPartitionResponse[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(27) : r.arrayLength(22)); n > 0; n--) partitions.push(readListOffsetsPartitionResponse(r, v))
  if (v >= 6) r.skipTags()
  return { name, partitions }
}

function writeListOffsetsTopicResponse(w: Writer, v: number, m: Draft<ListOffsetsTopicResponse>): void {
  const { name = '' } = m
  if (v >= 6) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 6) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeListOffsetsPartitionResponse(w, v, item)
  if (v >= 6) w.unsignedVarint(0)
}

export interface ListOffsetsResponse {
  throttleTimeMs: number
  topics: ListOffsetsTopicResponse[]
}

function readListOffsetsResponse(r: Reader, v: number): ListOffsetsResponse {
  const throttleTimeMs = v >= 2 ? r.int32() : 0
  const topics: ListOffsetsTopicResponse[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readListOffsetsTopicResponse(r, v))
  if (v >= 6) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeListOffsetsResponse(w: Writer, v: number, m: Draft<ListOffsetsResponse>): void {
  if (v >= 2) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { topics = [] } = m
  if (v >= 6) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeListOffsetsTopicResponse(w, v, item)
  if (v >= 6) w.unsignedVarint(0)
}

export const listOffsets: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 11,
  flexibleFrom: 6,
  encodeRequest: writeListOffsetsRequest,
  decodeRequest: readListOffsetsRequest,
  encodeResponse: writeListOffsetsResponse,
  decodeResponse: readListOffsetsResponse,
}
