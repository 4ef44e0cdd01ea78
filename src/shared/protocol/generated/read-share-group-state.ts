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

export interface ReadStateData {
  topicId: string
  partitions: PartitionData[]
}

function readReadStateData(r: Reader, v: number): ReadStateData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateData(w: Writer, v: number, m: Draft<ReadStateData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateRequest {
  groupId: string
  topics: ReadStateData[]
}

function readReadShareGroupStateRequest(r: Reader, v: number): ReadShareGroupStateRequest {
  const groupId = r.compactString()
  const topics: ReadStateData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readReadStateData(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeReadShareGroupStateRequest(w: Writer, v: number, m: Draft<ReadShareGroupStateRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeReadStateData(w, v, item)
  w.unsignedVarint(0)
}

export interface StateBatch {
  firstOffset: number
  lastOffset: number
  deliveryState: number
  deliveryCount: number
}

function readStateBatch(r: Reader, _v: number): StateBatch {
  const firstOffset = r.int64()
  const lastOffset = r.int64()
  const deliveryState = r.int8()
  const deliveryCount = r.int16()
  r.skipTags()
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function writeStateBatch(w: Writer, _v: number, m: Draft<StateBatch>): void {
  const firstOffset = m.firstOffset === undefined ? 0 : m.firstOffset
  w.int64(firstOffset)
  const lastOffset = m.lastOffset === undefined ? 0 : m.lastOffset
  w.int64(lastOffset)
  const deliveryState = m.deliveryState === undefined ? 0 : m.deliveryState
  w.int8(deliveryState)
  const deliveryCount = m.deliveryCount === undefined ? 0 : m.deliveryCount
  w.int16(deliveryCount)
  w.unsignedVarint(0)
}

export interface PartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  stateEpoch: number
  startOffset: number
  stateBatches: StateBatch[]
}

function readPartitionResult(r: Reader, v: number): PartitionResult {
  const partition = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const stateEpoch = r.int32()
  const startOffset = r.int64()
  const stateBatches: StateBatch[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) stateBatches.push(readStateBatch(r, v))
  }
  r.skipTags()
  return { partition, errorCode, errorMessage, stateEpoch, startOffset, stateBatches }
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
  const startOffset = m.startOffset === undefined ? 0 : m.startOffset
  w.int64(startOffset)
  const stateBatches = m.stateBatches === undefined ? [] : m.stateBatches
  w.compactArrayLength(stateBatches.length)
  for (const item of stateBatches) writeStateBatch(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadStateResult {
  topicId: string
  partitions: PartitionResult[]
}

function readReadStateResult(r: Reader, v: number): ReadStateResult {
  const topicId = r.uuid()
  const partitions: PartitionResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResult(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateResult(w: Writer, v: number, m: Draft<ReadStateResult>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateResponse {
  results: ReadStateResult[]
}

function readReadShareGroupStateResponse(r: Reader, v: number): ReadShareGroupStateResponse {
  const results: ReadStateResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readReadStateResult(r, v))
  }
  r.skipTags()
  return { results }
}

function writeReadShareGroupStateResponse(w: Writer, v: number, m: Draft<ReadShareGroupStateResponse>): void {
  const results = m.results === undefined ? [] : m.results
  w.compactArrayLength(results.length)
  for (const item of results) writeReadStateResult(w, v, item)
  w.unsignedVarint(0)
}

export const readShareGroupState: Api<ReadShareGroupStateRequest, ReadShareGroupStateResponse> = {
  key: 84,
  name: 'ReadShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeReadShareGroupStateRequest,
  decodeRequest: readReadShareGroupStateRequest,
  encodeResponse: writeReadShareGroupStateResponse,
  decodeResponse: readReadShareGroupStateResponse,
}
