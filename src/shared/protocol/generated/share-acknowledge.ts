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

export interface AcknowledgePartition {
  partitionIndex: number
  acknowledgementBatches: AcknowledgementBatch[]
}

function readAcknowledgePartition(r: Reader, v: number): AcknowledgePartition {
  const partitionIndex = r.int32()
  const acknowledgementBatches: AcknowledgementBatch[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) acknowledgementBatches.push(readAcknowledgementBatch(r, v))
  }
  r.skipTags()
  return { partitionIndex, acknowledgementBatches }
}

function writeAcknowledgePartition(w: Writer, v: number, m: Draft<AcknowledgePartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const acknowledgementBatches = m.acknowledgementBatches === undefined ? [] : m.acknowledgementBatches
  w.compactArrayLength(acknowledgementBatches.length)
  for (const item of acknowledgementBatches) writeAcknowledgementBatch(w, v, item)
  w.unsignedVarint(0)
}

export interface AcknowledgeTopic {
  topicId: string
  partitions: AcknowledgePartition[]
}

function readAcknowledgeTopic(r: Reader, v: number): AcknowledgeTopic {
  const topicId = r.uuid()
  const partitions: AcknowledgePartition[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readAcknowledgePartition(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeAcknowledgeTopic(w: Writer, v: number, m: Draft<AcknowledgeTopic>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeAcknowledgePartition(w, v, item)
  w.unsignedVarint(0)
}

export interface ShareAcknowledgeRequest {
  groupId: string | null
  memberId: string | null
  shareSessionEpoch: number
  isRenewAck: boolean
  topics: AcknowledgeTopic[]
}

function readShareAcknowledgeRequest(r: Reader, v: number): ShareAcknowledgeRequest {
  const groupId: string | null = r.compactNullableString()
  const memberId: string | null = r.compactNullableString()
  const shareSessionEpoch = r.int32()
  const isRenewAck: boolean = v >= 2 ? r.boolean() : false
  const topics: AcknowledgeTopic[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readAcknowledgeTopic(r, v))
  }
  r.skipTags()
  return { groupId, memberId, shareSessionEpoch, isRenewAck, topics }
}

function writeShareAcknowledgeRequest(w: Writer, v: number, m: Draft<ShareAcknowledgeRequest>): void {
  const groupId = m.groupId === undefined ? null : m.groupId
  w.compactNullableString(groupId)
  const memberId = m.memberId === undefined ? '' : m.memberId
  w.compactNullableString(memberId)
  const shareSessionEpoch = m.shareSessionEpoch === undefined ? 0 : m.shareSessionEpoch
  w.int32(shareSessionEpoch)
  if (v >= 2) {
    const isRenewAck = m.isRenewAck === undefined ? false : m.isRenewAck
    w.boolean(isRenewAck)
  }
  if ((v < 2) && m.isRenewAck !== undefined && m.isRenewAck !== false) throw new UnsupportedField('ShareAcknowledgeRequest', 'isRenewAck', v, 2)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeAcknowledgeTopic(w, v, item)
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

export interface PartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  currentLeader: LeaderIdAndEpoch
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const currentLeader: LeaderIdAndEpoch = readLeaderIdAndEpoch(r, v)
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage, currentLeader }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const currentLeader = m.currentLeader === undefined ? { leaderId: 0, leaderEpoch: 0 } : m.currentLeader
  writeLeaderIdAndEpoch(w, v, currentLeader)
  w.unsignedVarint(0)
}

export interface ShareAcknowledgeTopicResponse {
  topicId: string
  partitions: PartitionData[]
}

function readShareAcknowledgeTopicResponse(r: Reader, v: number): ShareAcknowledgeTopicResponse {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeShareAcknowledgeTopicResponse(w: Writer, v: number, m: Draft<ShareAcknowledgeTopicResponse>): void {
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

export interface ShareAcknowledgeResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  acquisitionLockTimeoutMs: number
  responses: ShareAcknowledgeTopicResponse[]
  nodeEndpoints: NodeEndpoint[]
}

function readShareAcknowledgeResponse(r: Reader, v: number): ShareAcknowledgeResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const acquisitionLockTimeoutMs: number = v >= 2 ? r.int32() : 0
  const responses: ShareAcknowledgeTopicResponse[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readShareAcknowledgeTopicResponse(r, v))
  }
  const nodeEndpoints: NodeEndpoint[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints }
}

function writeShareAcknowledgeResponse(w: Writer, v: number, m: Draft<ShareAcknowledgeResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  if (v >= 2) {
    const acquisitionLockTimeoutMs = m.acquisitionLockTimeoutMs === undefined ? 0 : m.acquisitionLockTimeoutMs
    w.int32(acquisitionLockTimeoutMs)
  }
  const responses = m.responses === undefined ? [] : m.responses
  w.compactArrayLength(responses.length)
  for (const item of responses) writeShareAcknowledgeTopicResponse(w, v, item)
  const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
  w.compactArrayLength(nodeEndpoints.length)
  for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
  w.unsignedVarint(0)
}

export const shareAcknowledge: Api<ShareAcknowledgeRequest, ShareAcknowledgeResponse> = {
  key: 79,
  name: 'ShareAcknowledge',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeShareAcknowledgeRequest,
  decodeRequest: readShareAcknowledgeRequest,
  encodeResponse: writeShareAcknowledgeResponse,
  decodeResponse: readShareAcknowledgeResponse,
}
