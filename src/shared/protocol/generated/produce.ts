// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionProduceData {
  index: number
  records: Buffer | null
}

function readPartitionProduceData(r: Reader, v: number): PartitionProduceData {
  const index = r.int32()
  const records: Buffer | null = v >= 9 ? r.compactNullableBytes() : r.nullableBytes()
  if (v >= 9) r.skipTags()
  return { index, records }
}

function writePartitionProduceData(w: Writer, v: number, m: Draft<PartitionProduceData>): void {
  const { index = 0 } = m
  w.int32(index)
  const { records = null } = m
  if (v >= 9) w.compactNullableBytes(records)
  else w.nullableBytes(records)
  if (v >= 9) w.unsignedVarint(0)
}

export interface TopicProduceData {
  name: string
  topicId: string
  partitionData: PartitionProduceData[]
}

function readTopicProduceData(r: Reader, v: number): TopicProduceData {
  const name = v <= 12 ? (v >= 9 ? r.compactString() : r.string()) : ''
  const topicId = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionData: PartitionProduceData[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(6) : r.arrayLength(8)); n > 0; n--) partitionData.push(readPartitionProduceData(r, v))
  if (v >= 9) r.skipTags()
  return { name, topicId, partitionData }
}

function writeTopicProduceData(w: Writer, v: number, m: Draft<TopicProduceData>): void {
  if (v <= 12) {
    const { name = '' } = m
    if (v >= 9) w.compactString(name)
    else w.string(name)
  }
  if (v >= 13) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitionData = [] } = m
  if (v >= 9) w.compactArrayLength(partitionData.length)
  else w.arrayLength(partitionData.length)
  for (const item of partitionData) writePartitionProduceData(w, v, item)
  if (v >= 9) w.unsignedVarint(0)
}

export interface ProduceRequest {
  transactionalId: string | null
  acks: number
  timeoutMs: number
  topicData: TopicProduceData[]
}

function readProduceRequest(r: Reader, v: number): ProduceRequest {
  const transactionalId: string | null = v >= 9 ? r.compactNullableString() : r.nullableString()
  const acks = r.int16()
  const timeoutMs = r.int32()
  const topicData: TopicProduceData[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) topicData.push(readTopicProduceData(r, v))
  if (v >= 9) r.skipTags()
  return { transactionalId, acks, timeoutMs, topicData }
}

function writeProduceRequest(w: Writer, v: number, m: Draft<ProduceRequest>): void {
  const { transactionalId = null } = m
  if (v >= 9) w.compactNullableString(transactionalId)
  else w.nullableString(transactionalId)
  const { acks = 0 } = m
  w.int16(acks)
  const { timeoutMs = 0 } = m
  w.int32(timeoutMs)
  const { topicData = [] } = m
  if (v >= 9) w.compactArrayLength(topicData.length)
  else w.arrayLength(topicData.length)
  for (const item of topicData) writeTopicProduceData(w, v, item)
  if (v >= 9) w.unsignedVarint(0)
}

export interface BatchIndexAndErrorMessage {
  batchIndex: number
  batchIndexErrorMessage: string | null
}

function readBatchIndexAndErrorMessage(r: Reader, v: number): BatchIndexAndErrorMessage {
  const batchIndex = r.int32()
  const batchIndexErrorMessage: string | null = v >= 9 ? r.compactNullableString() : r.nullableString()
  if (v >= 9) r.skipTags()
  return { batchIndex, batchIndexErrorMessage }
}

function writeBatchIndexAndErrorMessage(w: Writer, v: number, m: Draft<BatchIndexAndErrorMessage>): void {
  const { batchIndex = 0 } = m
  w.int32(batchIndex)
  const { batchIndexErrorMessage = null } = m
  if (v >= 9) w.compactNullableString(batchIndexErrorMessage)
  else w.nullableString(batchIndexErrorMessage)
  if (v >= 9) w.unsignedVarint(0)
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
  const { leaderId = -1 } = m
  w.int32(leaderId)
  const { leaderEpoch = -1 } = m
  w.int32(leaderEpoch)
  w.unsignedVarint(0)
}

export interface PartitionProduceResponse {
  index: number
  errorCode: number
  baseOffset: number
  logAppendTimeMs: number
  logStartOffset: number
  recordErrors: BatchIndexAndErrorMessage[]
  errorMessage: string | null
  currentLeader: LeaderIdAndEpoch
}

function readPartitionProduceResponse(r: Reader, v: number): PartitionProduceResponse {
  const index = r.int32()
  const errorCode = r.int16()
  const baseOffset = r.int64()
  const logAppendTimeMs = r.int64()
  const logStartOffset = v >= 5 ? r.int64() : -1
  const recordErrors: BatchIndexAndErrorMessage[] = []
  if (v >= 8) {
    for (let n = r.notNull(v >= 9 ? r.compactArrayLength(6) : r.arrayLength(6)); n > 0; n--) recordErrors.push(readBatchIndexAndErrorMessage(r, v))
  }
  const errorMessage: string | null = v >= 8 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : null
  let currentLeader: LeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }
  if (v >= 9) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0 && v >= 10) {
        currentLeader = readLeaderIdAndEpoch(r, v)
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    index,
    errorCode,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    errorMessage,
    currentLeader,
  }
}

function writePartitionProduceResponse(w: Writer, v: number, m: Draft<PartitionProduceResponse>): void {
  const { index = 0 } = m
  w.int32(index)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { baseOffset = 0 } = m
  w.int64(baseOffset)
  const { logAppendTimeMs = -1 } = m
  w.int64(logAppendTimeMs)
  if (v >= 5) {
    const { logStartOffset = -1 } = m
    w.int64(logStartOffset)
  }
  if (v >= 8) {
    const { recordErrors = [] } = m
    if (v >= 9) w.compactArrayLength(recordErrors.length)
    else w.arrayLength(recordErrors.length)
    for (const item of recordErrors) writeBatchIndexAndErrorMessage(w, v, item)
  }
  if (v >= 8) {
    const { errorMessage = null } = m
    if (v >= 9) w.compactNullableString(errorMessage)
    else w.nullableString(errorMessage)
  }
  if (v >= 9) {
    const { currentLeader = {} } = m
    const hasCurrentLeader = v >= 10 && ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== -1) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== -1))
    w.unsignedVarint(Number(hasCurrentLeader))
    if (hasCurrentLeader) w.tag(0, (w) => writeLeaderIdAndEpoch(w, v, currentLeader))
  }
  if (v < 10) {
    if (m.currentLeader !== undefined && ((m.currentLeader.leaderId !== undefined && m.currentLeader.leaderId !== -1) || (m.currentLeader.leaderEpoch !== undefined && m.currentLeader.leaderEpoch !== -1))) throw new UnsupportedField('ProduceResponse', 'currentLeader', v, 10, 32767)
  }
}

export interface TopicProduceResponse {
  name: string
  topicId: string
  partitionResponses: PartitionProduceResponse[]
}

function readTopicProduceResponse(r: Reader, v: number): TopicProduceResponse {
  const name = v <= 12 ? (v >= 9 ? r.compactString() : r.string()) : ''
  const topicId = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionResponses: PartitionProduceResponse[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(33) : r.arrayLength(22)); n > 0; n--) partitionResponses.push(readPartitionProduceResponse(r, v))
  if (v >= 9) r.skipTags()
  return { name, topicId, partitionResponses }
}

function writeTopicProduceResponse(w: Writer, v: number, m: Draft<TopicProduceResponse>): void {
  if (v <= 12) {
    const { name = '' } = m
    if (v >= 9) w.compactString(name)
    else w.string(name)
  }
  if (v >= 13) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitionResponses = [] } = m
  if (v >= 9) w.compactArrayLength(partitionResponses.length)
  else w.arrayLength(partitionResponses.length)
  for (const item of partitionResponses) writePartitionProduceResponse(w, v, item)
  if (v >= 9) w.unsignedVarint(0)
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

export interface ProduceResponse {
  responses: TopicProduceResponse[]
  throttleTimeMs: number
  nodeEndpoints: NodeEndpoint[]
}

function readProduceResponse(r: Reader, v: number): ProduceResponse {
  const responses: TopicProduceResponse[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) responses.push(readTopicProduceResponse(r, v))
  const throttleTimeMs = r.int32()
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 9) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0 && v >= 10) {
        nodeEndpoints = []
        for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return { responses, throttleTimeMs, nodeEndpoints }
}

function writeProduceResponse(w: Writer, v: number, m: Draft<ProduceResponse>): void {
  const { responses = [] } = m
  if (v >= 9) w.compactArrayLength(responses.length)
  else w.arrayLength(responses.length)
  for (const item of responses) writeTopicProduceResponse(w, v, item)
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 9) {
    const { nodeEndpoints = [] } = m
    const hasNodeEndpoints = v >= 10 && nodeEndpoints.length > 0
    w.unsignedVarint(Number(hasNodeEndpoints))
    if (hasNodeEndpoints) {
      w.tag(0, (w) => {
        w.compactArrayLength(nodeEndpoints.length)
        for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
      })
    }
  }
  if (v < 10) {
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('ProduceResponse', 'nodeEndpoints', v, 10, 32767)
  }
}

export const produce: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 13,
  flexibleFrom: 9,
  encodeRequest: writeProduceRequest,
  decodeRequest: readProduceRequest,
  encodeResponse: writeProduceResponse,
  decodeResponse: readProduceResponse,
}
