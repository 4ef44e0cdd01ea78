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
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateSummaryData(w: Writer, v: number, m: Draft<ReadStateSummaryData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readReadStateSummaryData(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeReadShareGroupStateSummaryRequest(w: Writer, v: number, m: Draft<ReadShareGroupStateSummaryRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
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
  const deliveryCompleteCount: number = v >= 1 ? r.int32() : -1
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
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const stateEpoch = m.stateEpoch === undefined ? 0 : m.stateEpoch
  w.int32(stateEpoch)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  const startOffset = m.startOffset === undefined ? 0 : m.startOffset
  w.int64(startOffset)
  if (v >= 1) {
    const deliveryCompleteCount = m.deliveryCompleteCount === undefined ? -1 : m.deliveryCompleteCount
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResult(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateSummaryResult(w: Writer, v: number, m: Draft<ReadStateSummaryResult>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateSummaryResponse {
  results: ReadStateSummaryResult[]
}

function readReadShareGroupStateSummaryResponse(r: Reader, v: number): ReadShareGroupStateSummaryResponse {
  const results: ReadStateSummaryResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readReadStateSummaryResult(r, v))
  }
  r.skipTags()
  return { results }
}

function writeReadShareGroupStateSummaryResponse(w: Writer, v: number, m: Draft<ReadShareGroupStateSummaryResponse>): void {
  const results = m.results === undefined ? [] : m.results
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
