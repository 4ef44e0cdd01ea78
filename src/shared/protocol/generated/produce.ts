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
  const index = m.index === undefined ? 0 : m.index
  w.int32(index)
  const records = m.records === undefined ? null : m.records
  if (v >= 9) { w.compactNullableBytes(records) } else { w.nullableBytes(records) }
  if (v >= 9) w.unsignedVarint(0)
}

export interface TopicProduceData {
  name: string
  topicId: string
  partitionData: PartitionProduceData[]
}

function readTopicProduceData(r: Reader, v: number): TopicProduceData {
  const name: string = v <= 12 ? (v >= 9 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionData: PartitionProduceData[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitionData.push(readPartitionProduceData(r, v))
  }
  if (v >= 9) r.skipTags()
  return { name, topicId, partitionData }
}

function writeTopicProduceData(w: Writer, v: number, m: Draft<TopicProduceData>): void {
  if (v <= 12) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 9) { w.compactString(name) } else { w.string(name) }
  }
  if (v >= 13) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const partitionData = m.partitionData === undefined ? [] : m.partitionData
  if (v >= 9) { w.compactArrayLength(partitionData.length) } else { w.arrayLength(partitionData.length) }
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
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topicData.push(readTopicProduceData(r, v))
  }
  if (v >= 9) r.skipTags()
  return { transactionalId, acks, timeoutMs, topicData }
}

function writeProduceRequest(w: Writer, v: number, m: Draft<ProduceRequest>): void {
  const transactionalId = m.transactionalId === undefined ? null : m.transactionalId
  if (v >= 9) { w.compactNullableString(transactionalId) } else { w.nullableString(transactionalId) }
  const acks = m.acks === undefined ? 0 : m.acks
  w.int16(acks)
  const timeoutMs = m.timeoutMs === undefined ? 0 : m.timeoutMs
  w.int32(timeoutMs)
  const topicData = m.topicData === undefined ? [] : m.topicData
  if (v >= 9) { w.compactArrayLength(topicData.length) } else { w.arrayLength(topicData.length) }
  for (const item of topicData) writeTopicProduceData(w, v, item)
  if (v >= 9) w.unsignedVarint(0)
}

export interface BatchIndexAndErrorMessage {
  batchIndex: number
  batchIndexErrorMessage: string | null
}

function readBatchIndexAndErrorMessage(r: Reader, v: number): BatchIndexAndErrorMessage {
  const batchIndex: number = v >= 8 ? r.int32() : 0
  const batchIndexErrorMessage: string | null = v >= 8 ? v >= 8 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string()) : null
  if (v >= 9) r.skipTags()
  return { batchIndex, batchIndexErrorMessage }
}

function writeBatchIndexAndErrorMessage(w: Writer, v: number, m: Draft<BatchIndexAndErrorMessage>): void {
  if (v >= 8) {
    const batchIndex = m.batchIndex === undefined ? 0 : m.batchIndex
    w.int32(batchIndex)
  }
  if ((v < 8) && m.batchIndex !== undefined && m.batchIndex !== 0) throw new UnsupportedField('ProduceResponse', 'batchIndex', v, 8)
  if (v >= 8) {
    const batchIndexErrorMessage = m.batchIndexErrorMessage === undefined ? null : m.batchIndexErrorMessage
    if (v >= 8) { if (v >= 9) { w.compactNullableString(batchIndexErrorMessage) } else { w.nullableString(batchIndexErrorMessage) } } else { if (v >= 9) { w.compactString(batchIndexErrorMessage!) } else { w.string(batchIndexErrorMessage!) } }
  }
  if ((v < 8) && m.batchIndexErrorMessage !== undefined && m.batchIndexErrorMessage !== null) throw new UnsupportedField('ProduceResponse', 'batchIndexErrorMessage', v, 8)
  if (v >= 9) w.unsignedVarint(0)
}

export interface LeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
}

function readLeaderIdAndEpoch(r: Reader, v: number): LeaderIdAndEpoch {
  const leaderId: number = v >= 10 ? r.int32() : -1
  const leaderEpoch: number = v >= 10 ? r.int32() : -1
  if (v >= 9) r.skipTags()
  return { leaderId, leaderEpoch }
}

function writeLeaderIdAndEpoch(w: Writer, v: number, m: Draft<LeaderIdAndEpoch>): void {
  if (v >= 10) {
    const leaderId = m.leaderId === undefined ? -1 : m.leaderId
    w.int32(leaderId)
  }
  if ((v < 10) && m.leaderId !== undefined && m.leaderId !== -1) throw new UnsupportedField('ProduceResponse', 'leaderId', v, 10)
  if (v >= 10) {
    const leaderEpoch = m.leaderEpoch === undefined ? -1 : m.leaderEpoch
    w.int32(leaderEpoch)
  }
  if ((v < 10) && m.leaderEpoch !== undefined && m.leaderEpoch !== -1) throw new UnsupportedField('ProduceResponse', 'leaderEpoch', v, 10)
  if (v >= 9) w.unsignedVarint(0)
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
  const logStartOffset: number = v >= 5 ? r.int64() : -1
  const recordErrors: BatchIndexAndErrorMessage[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) recordErrors.push(readBatchIndexAndErrorMessage(r, v))
  }
  const errorMessage: string | null = v >= 8 ? v >= 8 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string()) : null
  let currentLeader: LeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }
  if (v >= 9) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 10)) {
            r.skip(size)
            break
          }
          currentLeader = readLeaderIdAndEpoch(r, v)
          break
        }
        default:
          r.skip(size)
      }
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
  const index = m.index === undefined ? 0 : m.index
  w.int32(index)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const baseOffset = m.baseOffset === undefined ? 0 : m.baseOffset
  w.int64(baseOffset)
  const logAppendTimeMs = m.logAppendTimeMs === undefined ? -1 : m.logAppendTimeMs
  w.int64(logAppendTimeMs)
  if (v >= 5) {
    const logStartOffset = m.logStartOffset === undefined ? -1 : m.logStartOffset
    w.int64(logStartOffset)
  }
  if (v >= 8) {
    const recordErrors = m.recordErrors === undefined ? [] : m.recordErrors
    if (v >= 9) { w.compactArrayLength(recordErrors.length) } else { w.arrayLength(recordErrors.length) }
    for (const item of recordErrors) writeBatchIndexAndErrorMessage(w, v, item)
  }
  if (v >= 8) {
    const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
    if (v >= 8) { if (v >= 9) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) } } else { if (v >= 9) { w.compactString(errorMessage!) } else { w.string(errorMessage!) } }
  }
  if (v >= 9) {
    let tags = 0
    const currentLeader = m.currentLeader === undefined ? { leaderId: -1, leaderEpoch: -1 } : m.currentLeader
    const hasCurrentLeader = v >= 10 && ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== -1) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== -1))
    if (hasCurrentLeader) tags++
    w.unsignedVarint(tags)
    if (hasCurrentLeader) w.tag(0, (w) => {
      writeLeaderIdAndEpoch(w, v, currentLeader)
    })
  }
  if ((v < 10) && m.currentLeader !== undefined && ((m.currentLeader.leaderId !== undefined && m.currentLeader.leaderId !== -1) || (m.currentLeader.leaderEpoch !== undefined && m.currentLeader.leaderEpoch !== -1))) throw new UnsupportedField('ProduceResponse', 'currentLeader', v, 10)
}

export interface TopicProduceResponse {
  name: string
  topicId: string
  partitionResponses: PartitionProduceResponse[]
}

function readTopicProduceResponse(r: Reader, v: number): TopicProduceResponse {
  const name: string = v <= 12 ? (v >= 9 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionResponses: PartitionProduceResponse[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitionResponses.push(readPartitionProduceResponse(r, v))
  }
  if (v >= 9) r.skipTags()
  return { name, topicId, partitionResponses }
}

function writeTopicProduceResponse(w: Writer, v: number, m: Draft<TopicProduceResponse>): void {
  if (v <= 12) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 9) { w.compactString(name) } else { w.string(name) }
  }
  if (v >= 13) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const partitionResponses = m.partitionResponses === undefined ? [] : m.partitionResponses
  if (v >= 9) { w.compactArrayLength(partitionResponses.length) } else { w.arrayLength(partitionResponses.length) }
  for (const item of partitionResponses) writePartitionProduceResponse(w, v, item)
  if (v >= 9) w.unsignedVarint(0)
}

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

function readNodeEndpoint(r: Reader, v: number): NodeEndpoint {
  const nodeId: number = v >= 10 ? r.int32() : 0
  const host: string = v >= 10 ? (v >= 9 ? r.compactString() : r.string()) : ''
  const port: number = v >= 10 ? r.int32() : 0
  const rack: string | null = v >= 10 ? v >= 10 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string()) : null
  if (v >= 9) r.skipTags()
  return { nodeId, host, port, rack }
}

function writeNodeEndpoint(w: Writer, v: number, m: Draft<NodeEndpoint>): void {
  if (v >= 10) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 10) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('ProduceResponse', 'nodeId', v, 10)
  if (v >= 10) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 9) { w.compactString(host) } else { w.string(host) }
  }
  if ((v < 10) && m.host !== undefined && m.host !== '') throw new UnsupportedField('ProduceResponse', 'host', v, 10)
  if (v >= 10) {
    const port = m.port === undefined ? 0 : m.port
    w.int32(port)
  }
  if ((v < 10) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('ProduceResponse', 'port', v, 10)
  if (v >= 10) {
    const rack = m.rack === undefined ? null : m.rack
    if (v >= 10) { if (v >= 9) { w.compactNullableString(rack) } else { w.nullableString(rack) } } else { if (v >= 9) { w.compactString(rack!) } else { w.string(rack!) } }
  }
  if ((v < 10) && m.rack !== undefined && m.rack !== null) throw new UnsupportedField('ProduceResponse', 'rack', v, 10)
  if (v >= 9) w.unsignedVarint(0)
}

export interface ProduceResponse {
  responses: TopicProduceResponse[]
  throttleTimeMs: number
  nodeEndpoints: NodeEndpoint[]
}

function readProduceResponse(r: Reader, v: number): ProduceResponse {
  const responses: TopicProduceResponse[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readTopicProduceResponse(r, v))
  }
  const throttleTimeMs = r.int32()
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 9) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 10)) {
            r.skip(size)
            break
          }
          nodeEndpoints = []
          const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
          for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
          break
        }
        default:
          r.skip(size)
      }
      r.expectAt(end)
    }
  }
  return { responses, throttleTimeMs, nodeEndpoints }
}

function writeProduceResponse(w: Writer, v: number, m: Draft<ProduceResponse>): void {
  const responses = m.responses === undefined ? [] : m.responses
  if (v >= 9) { w.compactArrayLength(responses.length) } else { w.arrayLength(responses.length) }
  for (const item of responses) writeTopicProduceResponse(w, v, item)
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 9) {
    let tags = 0
    const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
    const hasNodeEndpoints = v >= 10 && nodeEndpoints.length > 0
    if (hasNodeEndpoints) tags++
    w.unsignedVarint(tags)
    if (hasNodeEndpoints) w.tag(0, (w) => {
      if (v >= 9) { w.compactArrayLength(nodeEndpoints.length) } else { w.arrayLength(nodeEndpoints.length) }
      for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
    })
  }
  if ((v < 10) && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('ProduceResponse', 'nodeEndpoints', v, 10)
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
