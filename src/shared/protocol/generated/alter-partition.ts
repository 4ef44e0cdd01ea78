// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface BrokerState {
  brokerId: number
  brokerEpoch: number
}

function readBrokerState(r: Reader, _v: number): BrokerState {
  const brokerId = r.int32()
  const brokerEpoch = r.int64()
  r.skipTags()
  return { brokerId, brokerEpoch }
}

function writeBrokerState(w: Writer, _v: number, m: Draft<BrokerState>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  w.unsignedVarint(0)
}

export interface PartitionData {
  partitionIndex: number
  leaderEpoch: number
  newIsr: number[]
  newIsrWithEpochs: BrokerState[]
  leaderRecoveryState: number
  partitionEpoch: number
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const leaderEpoch = r.int32()
  const newIsr: number[] = []
  if (v <= 2) {
    for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) newIsr.push(r.int32())
  }
  const newIsrWithEpochs: BrokerState[] = []
  if (v >= 3) {
    for (let n = r.notNull(r.compactArrayLength(13)); n > 0; n--) newIsrWithEpochs.push(readBrokerState(r, v))
  }
  const leaderRecoveryState = r.int8()
  const partitionEpoch = r.int32()
  r.skipTags()
  return { partitionIndex, leaderEpoch, newIsr, newIsrWithEpochs, leaderRecoveryState, partitionEpoch }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v <= 2) {
    const { newIsr = [] } = m
    w.compactArrayLength(newIsr.length)
    for (const item of newIsr) w.int32(item)
  } else if (m.newIsr !== undefined && m.newIsr.length > 0) throw new UnsupportedField('AlterPartitionRequest', 'newIsr', v, 0, 2)
  if (v >= 3) {
    const { newIsrWithEpochs = [] } = m
    w.compactArrayLength(newIsrWithEpochs.length)
    for (const item of newIsrWithEpochs) writeBrokerState(w, v, item)
  } else if (m.newIsrWithEpochs !== undefined && m.newIsrWithEpochs.length > 0) throw new UnsupportedField('AlterPartitionRequest', 'newIsrWithEpochs', v, 3, 32767)
  const { leaderRecoveryState = 0 } = m
  w.int8(leaderRecoveryState)
  const { partitionEpoch = 0 } = m
  w.int32(partitionEpoch)
  w.unsignedVarint(0)
}

export interface TopicData {
  topicId: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(14)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterPartitionRequest {
  brokerId: number
  brokerEpoch: number
  topics: TopicData[]
}

function readAlterPartitionRequest(r: Reader, v: number): AlterPartitionRequest {
  const brokerId = r.int32()
  const brokerEpoch = r.int64()
  const topics: TopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readTopicData(r, v))
  r.skipTags()
  return { brokerId, brokerEpoch, topics }
}

function writeAlterPartitionRequest(w: Writer, v: number, m: Draft<AlterPartitionRequest>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicData(w, v, item)
  w.unsignedVarint(0)
}

export interface ResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
  isr: number[]
  leaderRecoveryState: number
  partitionEpoch: number
}

function readResponsePartitionData(r: Reader, _v: number): ResponsePartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const isr: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) isr.push(r.int32())
  const leaderRecoveryState = r.int8()
  const partitionEpoch = r.int32()
  r.skipTags()
  return {
    partitionIndex,
    errorCode,
    leaderId,
    leaderEpoch,
    isr,
    leaderRecoveryState,
    partitionEpoch,
  }
}

function writeResponsePartitionData(w: Writer, _v: number, m: Draft<ResponsePartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  const { isr = [] } = m
  w.compactArrayLength(isr.length)
  for (const item of isr) w.int32(item)
  const { leaderRecoveryState = 0 } = m
  w.int8(leaderRecoveryState)
  const { partitionEpoch = 0 } = m
  w.int32(partitionEpoch)
  w.unsignedVarint(0)
}

export interface ResponseTopicData {
  topicId: string
  partitions: ResponsePartitionData[]
}

function readResponseTopicData(r: Reader, v: number): ResponseTopicData {
  const topicId = r.uuid()
  const partitions: ResponsePartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(21)); n > 0; n--) partitions.push(readResponsePartitionData(r, v))
  r.skipTags()
  return { topicId, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(topicId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterPartitionResponse {
  throttleTimeMs: number
  errorCode: number
  topics: ResponseTopicData[]
}

function readAlterPartitionResponse(r: Reader, v: number): AlterPartitionResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const topics: ResponseTopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readResponseTopicData(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, topics }
}

function writeAlterPartitionResponse(w: Writer, v: number, m: Draft<AlterPartitionResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  w.unsignedVarint(0)
}

export const alterPartition: Api<AlterPartitionRequest, AlterPartitionResponse> = {
  key: 56,
  name: 'AlterPartition',
  minVersion: 2,
  maxVersion: 3,
  flexibleFrom: 0,
  encodeRequest: writeAlterPartitionRequest,
  decodeRequest: readAlterPartitionRequest,
  encodeResponse: writeAlterPartitionResponse,
  decodeResponse: readAlterPartitionResponse,
}
