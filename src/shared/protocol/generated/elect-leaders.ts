// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicPartitions {
  topic: string
  partitions: number[]
}

function readTopicPartitions(r: Reader, v: number): TopicPartitions {
  const topic = v >= 2 ? r.compactString() : r.string()
  const partitions: number[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  if (v >= 2) r.skipTags()
  return { topic, partitions }
}

function writeTopicPartitions(w: Writer, v: number, m: Draft<TopicPartitions>): void {
  const { topic = '' } = m
  if (v >= 2) w.compactString(topic)
  else w.string(topic)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface ElectLeadersRequest {
  electionType: number
  topicPartitions: TopicPartitions[] | null
  timeoutMs: number
}

function readElectLeadersRequest(r: Reader, v: number): ElectLeadersRequest {
  const electionType = v >= 1 ? r.int8() : 0
  let topicPartitions: TopicPartitions[] | null
  {
    const n = v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)
    topicPartitions = n < 0 ? null : []
    if (topicPartitions) for (let i = 0; i < n; i++) topicPartitions.push(readTopicPartitions(r, v))
  }
  const timeoutMs = r.int32()
  if (v >= 2) r.skipTags()
  return { electionType, topicPartitions, timeoutMs }
}

function writeElectLeadersRequest(w: Writer, v: number, m: Draft<ElectLeadersRequest>): void {
  if (v >= 1) {
    const { electionType = 0 } = m
    w.int8(electionType)
  } else if (m.electionType !== undefined && m.electionType !== 0) throw new UnsupportedField('ElectLeadersRequest', 'electionType', v, 1, 32767)
  const { topicPartitions = [] } = m
  if (v >= 2) w.compactArrayLength(topicPartitions === null ? -1 : topicPartitions.length)
  else w.arrayLength(topicPartitions === null ? -1 : topicPartitions.length)
  for (const item of topicPartitions ?? []) writeTopicPartitions(w, v, item)
  const { timeoutMs = 60000 } = m
  w.int32(timeoutMs)
  if (v >= 2) w.unsignedVarint(0)
}

export interface PartitionResult {
  partitionId: number
  errorCode: number
  errorMessage: string | null
}

function readPartitionResult(r: Reader, v: number): PartitionResult {
  const partitionId = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  if (v >= 2) r.skipTags()
  return { partitionId, errorCode, errorMessage }
}

function writePartitionResult(w: Writer, v: number, m: Draft<PartitionResult>): void {
  const { partitionId = 0 } = m
  w.int32(partitionId)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  if (v >= 2) w.unsignedVarint(0)
}

export interface ReplicaElectionResult {
  topic: string
  partitionResult: PartitionResult[]
}

function readReplicaElectionResult(r: Reader, v: number): ReplicaElectionResult {
  const topic = v >= 2 ? r.compactString() : r.string()
  const partitionResult: PartitionResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(8) : r.arrayLength(8)); n > 0; n--) partitionResult.push(readPartitionResult(r, v))
  if (v >= 2) r.skipTags()
  return { topic, partitionResult }
}

function writeReplicaElectionResult(w: Writer, v: number, m: Draft<ReplicaElectionResult>): void {
  const { topic = '' } = m
  if (v >= 2) w.compactString(topic)
  else w.string(topic)
  const { partitionResult = [] } = m
  if (v >= 2) w.compactArrayLength(partitionResult.length)
  else w.arrayLength(partitionResult.length)
  for (const item of partitionResult) writePartitionResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface ElectLeadersResponse {
  throttleTimeMs: number
  errorCode: number
  replicaElectionResults: ReplicaElectionResult[]
}

function readElectLeadersResponse(r: Reader, v: number): ElectLeadersResponse {
  const throttleTimeMs = r.int32()
  const errorCode = v >= 1 ? r.int16() : 0
  const replicaElectionResults: ReplicaElectionResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) replicaElectionResults.push(readReplicaElectionResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, replicaElectionResults }
}

function writeElectLeadersResponse(w: Writer, v: number, m: Draft<ElectLeadersResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 1) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  } else if (m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('ElectLeadersResponse', 'errorCode', v, 1, 32767)
  const { replicaElectionResults = [] } = m
  if (v >= 2) w.compactArrayLength(replicaElectionResults.length)
  else w.arrayLength(replicaElectionResults.length)
  for (const item of replicaElectionResults) writeReplicaElectionResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const electLeaders: Api<ElectLeadersRequest, ElectLeadersResponse> = {
  key: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeElectLeadersRequest,
  decodeRequest: readElectLeadersRequest,
  encodeResponse: writeElectLeadersResponse,
  decodeResponse: readElectLeadersResponse,
}
