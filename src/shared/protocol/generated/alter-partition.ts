// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface BrokerState {
  brokerId: number
  brokerEpoch: number
}

function readBrokerState(r: Reader, v: number): BrokerState {
  const brokerId: number = v >= 3 ? r.int32() : 0
  const brokerEpoch: number = v >= 3 ? r.int64() : -1
  r.skipTags()
  return { brokerId, brokerEpoch }
}

function writeBrokerState(w: Writer, v: number, m: Draft<BrokerState>): void {
  if (v >= 3) {
    const brokerId = m.brokerId === undefined ? 0 : m.brokerId
    w.int32(brokerId)
  }
  if ((v < 3) && m.brokerId !== undefined && m.brokerId !== 0) throw new UnsupportedField('AlterPartitionRequest', 'brokerId', v, 3)
  if (v >= 3) {
    const brokerEpoch = m.brokerEpoch === undefined ? -1 : m.brokerEpoch
    w.int64(brokerEpoch)
  }
  if ((v < 3) && m.brokerEpoch !== undefined && m.brokerEpoch !== -1) throw new UnsupportedField('AlterPartitionRequest', 'brokerEpoch', v, 3)
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
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) newIsr.push(r.int32())
  }
  const newIsrWithEpochs: BrokerState[] = []
  if (v >= 3) {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) newIsrWithEpochs.push(readBrokerState(r, v))
  }
  const leaderRecoveryState = r.int8()
  const partitionEpoch = r.int32()
  r.skipTags()
  return { partitionIndex, leaderEpoch, newIsr, newIsrWithEpochs, leaderRecoveryState, partitionEpoch }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  if (v <= 2) {
    const newIsr = m.newIsr === undefined ? [] : m.newIsr
    w.compactArrayLength(newIsr.length)
    for (const item of newIsr) w.int32(item)
  }
  if ((v > 2) && m.newIsr !== undefined && m.newIsr.length > 0) throw new UnsupportedField('AlterPartitionRequest', 'newIsr', v, 0)
  if (v >= 3) {
    const newIsrWithEpochs = m.newIsrWithEpochs === undefined ? [] : m.newIsrWithEpochs
    w.compactArrayLength(newIsrWithEpochs.length)
    for (const item of newIsrWithEpochs) writeBrokerState(w, v, item)
  }
  if ((v < 3) && m.newIsrWithEpochs !== undefined && m.newIsrWithEpochs.length > 0) throw new UnsupportedField('AlterPartitionRequest', 'newIsrWithEpochs', v, 3)
  const leaderRecoveryState = m.leaderRecoveryState === undefined ? 0 : m.leaderRecoveryState
  w.int8(leaderRecoveryState)
  const partitionEpoch = m.partitionEpoch === undefined ? 0 : m.partitionEpoch
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicData(r, v))
  }
  r.skipTags()
  return { brokerId, brokerEpoch, topics }
}

function writeAlterPartitionRequest(w: Writer, v: number, m: Draft<AlterPartitionRequest>): void {
  const brokerId = m.brokerId === undefined ? 0 : m.brokerId
  w.int32(brokerId)
  const brokerEpoch = m.brokerEpoch === undefined ? -1 : m.brokerEpoch
  w.int64(brokerEpoch)
  const topics = m.topics === undefined ? [] : m.topics
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
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) isr.push(r.int32())
  }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  const isr = m.isr === undefined ? [] : m.isr
  w.compactArrayLength(isr.length)
  for (const item of isr) w.int32(item)
  const leaderRecoveryState = m.leaderRecoveryState === undefined ? 0 : m.leaderRecoveryState
  w.int8(leaderRecoveryState)
  const partitionEpoch = m.partitionEpoch === undefined ? 0 : m.partitionEpoch
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readResponsePartitionData(r, v))
  }
  r.skipTags()
  return { topicId, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
  w.uuid(topicId)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readResponseTopicData(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, topics }
}

function writeAlterPartitionResponse(w: Writer, v: number, m: Draft<AlterPartitionResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const topics = m.topics === undefined ? [] : m.topics
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
