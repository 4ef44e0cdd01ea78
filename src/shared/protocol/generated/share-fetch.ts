// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AcknowledgementBatch {
  firstOffset: number
  lastOffset: number
  acknowledgeTypes: number[]
}

function readAcknowledgementBatch(r: Reader, _v: number): AcknowledgementBatch {
  const firstOffset = r.int64()
  const lastOffset = r.int64()
  const acknowledgeTypes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) acknowledgeTypes.push(r.int8())
  r.skipTags()
  return { firstOffset, lastOffset, acknowledgeTypes }
}

function writeAcknowledgementBatch(w: Writer, _v: number, m: Draft<AcknowledgementBatch>): void {
  const { firstOffset = 0 } = m
  w.int64(firstOffset)
  const { lastOffset = 0 } = m
  w.int64(lastOffset)
  const { acknowledgeTypes = [] } = m
  w.compactArrayLength(acknowledgeTypes.length)
  for (const item of acknowledgeTypes) w.int8(item)
  w.unsignedVarint(0)
}

export interface FetchPartition {
  partitionIndex: number
  partitionMaxBytes: number
  acknowledgementBatches: AcknowledgementBatch[]
}

function readFetchPartition(r: Reader, v: number): FetchPartition {
  const partitionIndex = r.int32()
  const partitionMaxBytes: number = 0
  const acknowledgementBatches: AcknowledgementBatch[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) acknowledgementBatches.push(readAcknowledgementBatch(r, v))
  r.skipTags()
  return { partitionIndex, partitionMaxBytes, acknowledgementBatches }
}

function writeFetchPartition(w: Writer, v: number, m: Draft<FetchPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  if (m.partitionMaxBytes !== undefined && m.partitionMaxBytes !== 0) throw new UnsupportedField('ShareFetchRequest', 'partitionMaxBytes', v, 0, 0)
  const { acknowledgementBatches = [] } = m
  w.compactArrayLength(acknowledgementBatches.length)
  for (const item of acknowledgementBatches) writeAcknowledgementBatch(w, v, item)
  w.unsignedVarint(0)
}

export interface FetchTopic {
  topicId: string
  partitions: FetchPartition[]
}

function readFetchTopic(r: Reader, v: number): FetchTopic {
  const topicId = r.uuid()
  const partitions: FetchPartition[] = []
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) partitions.push(readFetchPartition(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeFetchTopic(w: Writer, v: number, m: Draft<FetchTopic>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeFetchPartition(w, v, item)
  w.unsignedVarint(0)
}

export interface ForgottenTopic {
  topicId: string
  partitions: number[]
}

function readForgottenTopic(r: Reader, _v: number): ForgottenTopic {
  const topicId = r.uuid()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topicId, partitions }
}

function writeForgottenTopic(w: Writer, _v: number, m: Draft<ForgottenTopic>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface ShareFetchRequest {
  groupId: string | null
  memberId: string | null
  shareSessionEpoch: number
  maxWaitMs: number
  minBytes: number
  maxBytes: number
  maxRecords: number
  batchSize: number
  shareAcquireMode: number
  isRenewAck: boolean
  topics: FetchTopic[]
  forgottenTopicsData: ForgottenTopic[]
}

function readShareFetchRequest(r: Reader, v: number): ShareFetchRequest {
  const groupId: string | null = r.compactNullableString()
  const memberId: string | null = r.compactNullableString()
  const shareSessionEpoch = r.int32()
  const maxWaitMs = r.int32()
  const minBytes = r.int32()
  const maxBytes = r.int32()
  const maxRecords = r.int32()
  const batchSize = r.int32()
  const shareAcquireMode = v >= 2 ? r.int8() : 0
  const isRenewAck = v >= 2 ? r.boolean() : false
  const topics: FetchTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readFetchTopic(r, v))
  const forgottenTopicsData: ForgottenTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) forgottenTopicsData.push(readForgottenTopic(r, v))
  r.skipTags()
  return {
    groupId,
    memberId,
    shareSessionEpoch,
    maxWaitMs,
    minBytes,
    maxBytes,
    maxRecords,
    batchSize,
    shareAcquireMode,
    isRenewAck,
    topics,
    forgottenTopicsData,
  }
}

function writeShareFetchRequest(w: Writer, v: number, m: Draft<ShareFetchRequest>): void {
  const { groupId = null } = m
  w.compactNullableString(groupId)
  const { memberId = '' } = m
  w.compactNullableString(memberId)
  const { shareSessionEpoch = 0 } = m
  w.int32(shareSessionEpoch)
  const { maxWaitMs = 0 } = m
  w.int32(maxWaitMs)
  const { minBytes = 0 } = m
  w.int32(minBytes)
  const { maxBytes = 2147483647 } = m
  w.int32(maxBytes)
  const { maxRecords = 0 } = m
  w.int32(maxRecords)
  const { batchSize = 0 } = m
  w.int32(batchSize)
  if (v >= 2) {
    const { shareAcquireMode = 0 } = m
    w.int8(shareAcquireMode)
  }
  if (v >= 2) {
    const { isRenewAck = false } = m
    w.boolean(isRenewAck)
  } else if (m.isRenewAck !== undefined && m.isRenewAck !== false) throw new UnsupportedField('ShareFetchRequest', 'isRenewAck', v, 2, 32767)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeFetchTopic(w, v, item)
  const { forgottenTopicsData = [] } = m
  w.compactArrayLength(forgottenTopicsData.length)
  for (const item of forgottenTopicsData) writeForgottenTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface LeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
}

function readLeaderIdAndEpoch(r: Reader, _v: number): LeaderIdAndEpoch {
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  r.skipTags()
  return { leaderId, leaderEpoch }
}

function writeLeaderIdAndEpoch(w: Writer, _v: number, m: Draft<LeaderIdAndEpoch>): void {
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  w.unsignedVarint(0)
}

export interface AcquiredRecords {
  firstOffset: number
  lastOffset: number
  deliveryCount: number
}

function readAcquiredRecords(r: Reader, _v: number): AcquiredRecords {
  const firstOffset = r.int64()
  const lastOffset = r.int64()
  const deliveryCount = r.int16()
  r.skipTags()
  return { firstOffset, lastOffset, deliveryCount }
}

function writeAcquiredRecords(w: Writer, _v: number, m: Draft<AcquiredRecords>): void {
  const { firstOffset = 0 } = m
  w.int64(firstOffset)
  const { lastOffset = 0 } = m
  w.int64(lastOffset)
  const { deliveryCount = 0 } = m
  w.int16(deliveryCount)
  w.unsignedVarint(0)
}

export interface PartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  acknowledgeErrorCode: number
  acknowledgeErrorMessage: string | null
  currentLeader: LeaderIdAndEpoch
  records: Buffer | null
  acquiredRecords: AcquiredRecords[]
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const acknowledgeErrorCode = r.int16()
  const acknowledgeErrorMessage: string | null = r.compactNullableString()
  const currentLeader = readLeaderIdAndEpoch(r, v)
  const records: Buffer | null = r.compactNullableBytes()
  const acquiredRecords: AcquiredRecords[] = []
  for (let n = r.notNull(r.compactArrayLength(19)); n > 0; n--) acquiredRecords.push(readAcquiredRecords(r, v))
  r.skipTags()
  return {
    partitionIndex,
    errorCode,
    errorMessage,
    acknowledgeErrorCode,
    acknowledgeErrorMessage,
    currentLeader,
    records,
    acquiredRecords,
  }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { acknowledgeErrorCode = 0 } = m
  w.int16(acknowledgeErrorCode)
  const { acknowledgeErrorMessage = null } = m
  w.compactNullableString(acknowledgeErrorMessage)
  const { currentLeader = {} } = m
  writeLeaderIdAndEpoch(w, v, currentLeader)
  const { records = null } = m
  w.compactNullableBytes(records)
  const { acquiredRecords = [] } = m
  w.compactArrayLength(acquiredRecords.length)
  for (const item of acquiredRecords) writeAcquiredRecords(w, v, item)
  w.unsignedVarint(0)
}

export interface ShareFetchableTopicResponse {
  topicId: string
  partitions: PartitionData[]
}

function readShareFetchableTopicResponse(r: Reader, v: number): ShareFetchableTopicResponse {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(22)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeShareFetchableTopicResponse(w: Writer, v: number, m: Draft<ShareFetchableTopicResponse>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

function readNodeEndpoint(r: Reader, _v: number): NodeEndpoint {
  const nodeId = r.int32()
  const host = r.compactString()
  const port = r.int32()
  const rack: string | null = r.compactNullableString()
  r.skipTags()
  return { nodeId, host, port, rack }
}

function writeNodeEndpoint(w: Writer, _v: number, m: Draft<NodeEndpoint>): void {
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.int32(port)
  const { rack = null } = m
  w.compactNullableString(rack)
  w.unsignedVarint(0)
}

export interface ShareFetchResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  acquisitionLockTimeoutMs: number
  responses: ShareFetchableTopicResponse[]
  nodeEndpoints: NodeEndpoint[]
}

function readShareFetchResponse(r: Reader, v: number): ShareFetchResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const acquisitionLockTimeoutMs = r.int32()
  const responses: ShareFetchableTopicResponse[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) responses.push(readShareFetchableTopicResponse(r, v))
  const nodeEndpoints: NodeEndpoint[] = []
  for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints }
}

function writeShareFetchResponse(w: Writer, v: number, m: Draft<ShareFetchResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { acquisitionLockTimeoutMs = 0 } = m
  w.int32(acquisitionLockTimeoutMs)
  const { responses = [] } = m
  w.compactArrayLength(responses.length)
  for (const item of responses) writeShareFetchableTopicResponse(w, v, item)
  const { nodeEndpoints = [] } = m
  w.compactArrayLength(nodeEndpoints.length)
  for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
  w.unsignedVarint(0)
}

export const shareFetch: Api<ShareFetchRequest, ShareFetchResponse> = {
  key: 78,
  name: 'ShareFetch',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeShareFetchRequest,
  decodeRequest: readShareFetchRequest,
  encodeResponse: writeShareFetchResponse,
  decodeResponse: readShareFetchResponse,
}
