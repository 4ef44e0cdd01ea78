// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partition: number
  leaderEpoch: number
}

function readPartitionData(r: Reader, _v: number): PartitionData {
  const partition = r.int32()
  const leaderEpoch = r.int32()
  r.skipTags()
  return { partition, leaderEpoch }
}

function writePartitionData(w: Writer, _v: number, m: Draft<PartitionData>): void {
  const { partition = 0 } = m
  w.int32(partition)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  w.unsignedVarint(0)
}

export interface ReadStateSummaryData {
  topicId: string
  partitions: PartitionData[]
}

function readReadStateSummaryData(r: Reader, v: number): ReadStateSummaryData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateSummaryData(w: Writer, v: number, m: Draft<ReadStateSummaryData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateSummaryRequest {
  groupId: string
  topics: ReadStateSummaryData[]
}

function readReadShareGroupStateSummaryRequest(r: Reader, v: number): ReadShareGroupStateSummaryRequest {
  const groupId = r.compactString()
  const topics: ReadStateSummaryData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readReadStateSummaryData(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeReadShareGroupStateSummaryRequest(w: Writer, v: number, m: Draft<ReadShareGroupStateSummaryRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeReadStateSummaryData(w, v, item)
  w.unsignedVarint(0)
}

export interface PartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  stateEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number
}

function readPartitionResult(r: Reader, v: number): PartitionResult {
  const partition = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const stateEpoch = r.int32()
  const leaderEpoch = r.int32()
  const startOffset = r.int64()
  const deliveryCompleteCount = v >= 1 ? r.int32() : -1
  r.skipTags()
  return {
    partition,
    errorCode,
    errorMessage,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
  }
}

function writePartitionResult(w: Writer, v: number, m: Draft<PartitionResult>): void {
  const { partition = 0 } = m
  w.int32(partition)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { stateEpoch = 0 } = m
  w.int32(stateEpoch)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  const { startOffset = 0 } = m
  w.int64(startOffset)
  if (v >= 1) {
    const { deliveryCompleteCount = -1 } = m
    w.int32(deliveryCompleteCount)
  }
  w.unsignedVarint(0)
}

export interface ReadStateSummaryResult {
  topicId: string
  partitions: PartitionResult[]
}

function readReadStateSummaryResult(r: Reader, v: number): ReadStateSummaryResult {
  const topicId = r.uuid()
  const partitions: PartitionResult[] = []
  for (let n = r.notNull(r.compactArrayLength(24)); n > 0; n--) partitions.push(readPartitionResult(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateSummaryResult(w: Writer, v: number, m: Draft<ReadStateSummaryResult>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateSummaryResponse {
  results: ReadStateSummaryResult[]
}

function readReadShareGroupStateSummaryResponse(r: Reader, v: number): ReadShareGroupStateSummaryResponse {
  const results: ReadStateSummaryResult[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) results.push(readReadStateSummaryResult(r, v))
  r.skipTags()
  return { results }
}

function writeReadShareGroupStateSummaryResponse(w: Writer, v: number, m: Draft<ReadShareGroupStateSummaryResponse>): void {
  const { results = [] } = m
  w.compactArrayLength(results.length)
  for (const item of results) writeReadStateSummaryResult(w, v, item)
  w.unsignedVarint(0)
}

export const readShareGroupStateSummary: Api<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse> = {
  key: 87,
  name: 'ReadShareGroupStateSummary',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeReadShareGroupStateSummaryRequest,
  decodeRequest: readReadShareGroupStateSummaryRequest,
  encodeResponse: writeReadShareGroupStateSummaryResponse,
  decodeResponse: readReadShareGroupStateSummaryResponse,
}
