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

export interface AcknowledgePartition {
  partitionIndex: number
  acknowledgementBatches: AcknowledgementBatch[]
}

function readAcknowledgePartition(r: Reader, v: number): AcknowledgePartition {
  const partitionIndex = r.int32()
  const acknowledgementBatches: AcknowledgementBatch[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) acknowledgementBatches.push(readAcknowledgementBatch(r, v))
  r.skipTags()
  return { partitionIndex, acknowledgementBatches }
}

function writeAcknowledgePartition(w: Writer, v: number, m: Draft<AcknowledgePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { acknowledgementBatches = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) partitions.push(readAcknowledgePartition(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeAcknowledgeTopic(w: Writer, v: number, m: Draft<AcknowledgeTopic>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
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
  const isRenewAck = v >= 2 ? r.boolean() : false
  const topics: AcknowledgeTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readAcknowledgeTopic(r, v))
  r.skipTags()
  return { groupId, memberId, shareSessionEpoch, isRenewAck, topics }
}

function writeShareAcknowledgeRequest(w: Writer, v: number, m: Draft<ShareAcknowledgeRequest>): void {
  const { groupId = null } = m
  w.compactNullableString(groupId)
  const { memberId = '' } = m
  w.compactNullableString(memberId)
  const { shareSessionEpoch = 0 } = m
  w.int32(shareSessionEpoch)
  if (v >= 2) {
    const { isRenewAck = false } = m
    w.boolean(isRenewAck)
  } else if (m.isRenewAck !== undefined && m.isRenewAck !== false) throw new UnsupportedField('ShareAcknowledgeRequest', 'isRenewAck', v, 2, 32767)
  const { topics = [] } = m
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
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
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
  const currentLeader = readLeaderIdAndEpoch(r, v)
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage, currentLeader }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { currentLeader = {} } = m
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
  for (let n = r.notNull(r.compactArrayLength(17)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeShareAcknowledgeTopicResponse(w: Writer, v: number, m: Draft<ShareAcknowledgeTopicResponse>): void {
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
  const acquisitionLockTimeoutMs = v >= 2 ? r.int32() : 0
  const responses: ShareAcknowledgeTopicResponse[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) responses.push(readShareAcknowledgeTopicResponse(r, v))
  const nodeEndpoints: NodeEndpoint[] = []
  for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints }
}

function writeShareAcknowledgeResponse(w: Writer, v: number, m: Draft<ShareAcknowledgeResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  if (v >= 2) {
    const { acquisitionLockTimeoutMs = 0 } = m
    w.int32(acquisitionLockTimeoutMs)
  }
  const { responses = [] } = m
  w.compactArrayLength(responses.length)
  for (const item of responses) writeShareAcknowledgeTopicResponse(w, v, item)
  const { nodeEndpoints = [] } = m
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
