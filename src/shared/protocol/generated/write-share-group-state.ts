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
  const { firstOffset = 0 } = m
  w.int64(firstOffset)
  const { lastOffset = 0 } = m
  w.int64(lastOffset)
  const { deliveryState = 0 } = m
  w.int8(deliveryState)
  const { deliveryCount = 0 } = m
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
  const deliveryCompleteCount = v >= 1 ? r.int32() : -1
  const stateBatches: StateBatch[] = []
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) stateBatches.push(readStateBatch(r, v))
  r.skipTags()
  return { partition, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partition = 0 } = m
  w.int32(partition)
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
  const { stateBatches = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(22)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeWriteStateData(w: Writer, v: number, m: Draft<WriteStateData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readWriteStateData(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeWriteShareGroupStateRequest(w: Writer, v: number, m: Draft<WriteShareGroupStateRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
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
  const { partition = 0 } = m
  w.int32(partition)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
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
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readPartitionResult(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeWriteStateResult(w: Writer, v: number, m: Draft<WriteStateResult>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteShareGroupStateResponse {
  results: WriteStateResult[]
}

function readWriteShareGroupStateResponse(r: Reader, v: number): WriteShareGroupStateResponse {
  const results: WriteStateResult[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) results.push(readWriteStateResult(r, v))
  r.skipTags()
  return { results }
}

function writeWriteShareGroupStateResponse(w: Writer, v: number, m: Draft<WriteShareGroupStateResponse>): void {
  const { results = [] } = m
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
