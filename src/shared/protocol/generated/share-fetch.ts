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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) acknowledgeTypes.push(r.int8())
  }
  r.skipTags()
  return { firstOffset, lastOffset, acknowledgeTypes }
}

function writeAcknowledgementBatch(w: Writer, _v: number, m: Draft<AcknowledgementBatch>): void {
  const firstOffset = m.firstOffset === undefined ? 0 : m.firstOffset
  w.int64(firstOffset)
  const lastOffset = m.lastOffset === undefined ? 0 : m.lastOffset
  w.int64(lastOffset)
  const acknowledgeTypes = m.acknowledgeTypes === undefined ? [] : m.acknowledgeTypes
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) acknowledgementBatches.push(readAcknowledgementBatch(r, v))
  }
  r.skipTags()
  return { partitionIndex, partitionMaxBytes, acknowledgementBatches }
}

function writeFetchPartition(w: Writer, v: number, m: Draft<FetchPartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const acknowledgementBatches = m.acknowledgementBatches === undefined ? [] : m.acknowledgementBatches
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readFetchPartition(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeFetchTopic(w: Writer, v: number, m: Draft<FetchTopic>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeForgottenTopic(w: Writer, _v: number, m: Draft<ForgottenTopic>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  const shareAcquireMode: number = v >= 2 ? r.int8() : 0
  const isRenewAck: boolean = v >= 2 ? r.boolean() : false
  const topics: FetchTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readFetchTopic(r, v))
  }
  const forgottenTopicsData: ForgottenTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) forgottenTopicsData.push(readForgottenTopic(r, v))
  }
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
  const groupId = m.groupId === undefined ? null : m.groupId
  w.compactNullableString(groupId)
  const memberId = m.memberId === undefined ? '' : m.memberId
  w.compactNullableString(memberId)
  const shareSessionEpoch = m.shareSessionEpoch === undefined ? 0 : m.shareSessionEpoch
  w.int32(shareSessionEpoch)
  const maxWaitMs = m.maxWaitMs === undefined ? 0 : m.maxWaitMs
  w.int32(maxWaitMs)
  const minBytes = m.minBytes === undefined ? 0 : m.minBytes
  w.int32(minBytes)
  const maxBytes = m.maxBytes === undefined ? 2147483647 : m.maxBytes
  w.int32(maxBytes)
  const maxRecords = m.maxRecords === undefined ? 0 : m.maxRecords
  w.int32(maxRecords)
  const batchSize = m.batchSize === undefined ? 0 : m.batchSize
  w.int32(batchSize)
  if (v >= 2) {
    const shareAcquireMode = m.shareAcquireMode === undefined ? 0 : m.shareAcquireMode
    w.int8(shareAcquireMode)
  }
  if (v >= 2) {
    const isRenewAck = m.isRenewAck === undefined ? false : m.isRenewAck
    w.boolean(isRenewAck)
  }
  if ((v < 2) && m.isRenewAck !== undefined && m.isRenewAck !== false) throw new UnsupportedField('ShareFetchRequest', 'isRenewAck', v, 2)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeFetchTopic(w, v, item)
  const forgottenTopicsData = m.forgottenTopicsData === undefined ? [] : m.forgottenTopicsData
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
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
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
  const firstOffset = m.firstOffset === undefined ? 0 : m.firstOffset
  w.int64(firstOffset)
  const lastOffset = m.lastOffset === undefined ? 0 : m.lastOffset
  w.int64(lastOffset)
  const deliveryCount = m.deliveryCount === undefined ? 0 : m.deliveryCount
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
  const currentLeader: LeaderIdAndEpoch = readLeaderIdAndEpoch(r, v)
  const records: Buffer | null = r.compactNullableBytes()
  const acquiredRecords: AcquiredRecords[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) acquiredRecords.push(readAcquiredRecords(r, v))
  }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const acknowledgeErrorCode = m.acknowledgeErrorCode === undefined ? 0 : m.acknowledgeErrorCode
  w.int16(acknowledgeErrorCode)
  const acknowledgeErrorMessage = m.acknowledgeErrorMessage === undefined ? null : m.acknowledgeErrorMessage
  w.compactNullableString(acknowledgeErrorMessage)
  const currentLeader = m.currentLeader === undefined ? { leaderId: 0, leaderEpoch: 0 } : m.currentLeader
  writeLeaderIdAndEpoch(w, v, currentLeader)
  const records = m.records === undefined ? null : m.records
  w.compactNullableBytes(records)
  const acquiredRecords = m.acquiredRecords === undefined ? [] : m.acquiredRecords
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeShareFetchableTopicResponse(w: Writer, v: number, m: Draft<ShareFetchableTopicResponse>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  const nodeId = m.nodeId === undefined ? 0 : m.nodeId
  w.int32(nodeId)
  const host = m.host === undefined ? '' : m.host
  w.compactString(host)
  const port = m.port === undefined ? 0 : m.port
  w.int32(port)
  const rack = m.rack === undefined ? null : m.rack
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readShareFetchableTopicResponse(r, v))
  }
  const nodeEndpoints: NodeEndpoint[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints }
}

function writeShareFetchResponse(w: Writer, v: number, m: Draft<ShareFetchResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const acquisitionLockTimeoutMs = m.acquisitionLockTimeoutMs === undefined ? 0 : m.acquisitionLockTimeoutMs
  w.int32(acquisitionLockTimeoutMs)
  const responses = m.responses === undefined ? [] : m.responses
  w.compactArrayLength(responses.length)
  for (const item of responses) writeShareFetchableTopicResponse(w, v, item)
  const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
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
