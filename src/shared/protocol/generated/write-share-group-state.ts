// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

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

export interface PartitionData {
  partition: number
  stateEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number
  stateBatches: StateBatch[]
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partition = r.int32()
  const stateEpoch = r.int32()
  const leaderEpoch = r.int32()
  const startOffset = r.int64()
  const deliveryCompleteCount: number = v >= 1 ? r.int32() : -1
  const stateBatches: StateBatch[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) stateBatches.push(readStateBatch(r, v))
  }
  r.skipTags()
  return { partition, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
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
  const stateBatches = m.stateBatches === undefined ? [] : m.stateBatches
  w.compactArrayLength(stateBatches.length)
  for (const item of stateBatches) writeStateBatch(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteStateData {
  topicId: string
  partitions: PartitionData[]
}

function readWriteStateData(r: Reader, v: number): WriteStateData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeWriteStateData(w: Writer, v: number, m: Draft<WriteStateData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteShareGroupStateRequest {
  groupId: string
  topics: WriteStateData[]
}

function readWriteShareGroupStateRequest(r: Reader, v: number): WriteShareGroupStateRequest {
  const groupId = r.compactString()
  const topics: WriteStateData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readWriteStateData(r, v))
  }
  r.skipTags()
  return { groupId, topics }
}

function writeWriteShareGroupStateRequest(w: Writer, v: number, m: Draft<WriteShareGroupStateRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  w.compactString(groupId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeWriteStateData(w, v, item)
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

export interface WriteStateResult {
  topicId: string
  partitions: PartitionResult[]
}

function readWriteStateResult(r: Reader, v: number): WriteStateResult {
  const topicId = r.uuid()
  const partitions: PartitionResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResult(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeWriteStateResult(w: Writer, v: number, m: Draft<WriteStateResult>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteShareGroupStateResponse {
  results: WriteStateResult[]
}

function readWriteShareGroupStateResponse(r: Reader, v: number): WriteShareGroupStateResponse {
  const results: WriteStateResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readWriteStateResult(r, v))
  }
  r.skipTags()
  return { results }
}

function writeWriteShareGroupStateResponse(w: Writer, v: number, m: Draft<WriteShareGroupStateResponse>): void {
  const results = m.results === undefined ? [] : m.results
  w.compactArrayLength(results.length)
  for (const item of results) writeWriteStateResult(w, v, item)
  w.unsignedVarint(0)
}

export const writeShareGroupState: Api<WriteShareGroupStateRequest, WriteShareGroupStateResponse> = {
  key: 85,
  name: 'WriteShareGroupState',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeWriteShareGroupStateRequest,
  decodeRequest: readWriteShareGroupStateRequest,
  encodeResponse: writeWriteShareGroupStateResponse,
  decodeResponse: readWriteShareGroupStateResponse,
}
