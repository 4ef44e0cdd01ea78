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

export interface ReadStateData {
  topicId: string
  partitions: PartitionData[]
}

function readReadStateData(r: Reader, v: number): ReadStateData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateData(w: Writer, v: number, m: Draft<ReadStateData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readReadStateData(r, v))
  r.skipTags()
  return { groupId, topics }
}

function writeReadShareGroupStateRequest(w: Writer, v: number, m: Draft<ReadShareGroupStateRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { topics = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) stateBatches.push(readStateBatch(r, v))
  r.skipTags()
  return { partition, errorCode, errorMessage, stateEpoch, startOffset, stateBatches }
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
  const { startOffset = 0 } = m
  w.int64(startOffset)
  const { stateBatches = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(21)); n > 0; n--) partitions.push(readPartitionResult(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeReadStateResult(w: Writer, v: number, m: Draft<ReadStateResult>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface ReadShareGroupStateResponse {
  results: ReadStateResult[]
}

function readReadShareGroupStateResponse(r: Reader, v: number): ReadShareGroupStateResponse {
  const results: ReadStateResult[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) results.push(readReadStateResult(r, v))
  r.skipTags()
  return { results }
}

function writeReadShareGroupStateResponse(w: Writer, v: number, m: Draft<ReadShareGroupStateResponse>): void {
  const { results = [] } = m
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
