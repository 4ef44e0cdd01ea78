// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partitionIndex: number
}

function readPartitionData(r: Reader, _v: number): PartitionData {
  const partitionIndex = r.int32()
  r.skipTags()
  return { partitionIndex }
}

function writePartitionData(w: Writer, _v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  w.unsignedVarint(0)
}

export interface TopicData {
  topicId: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicId = r.uuid()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) partitions.push(readPartitionData(r, v))
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

export interface DirectoryData {
  id: string
  topics: TopicData[]
}

function readDirectoryData(r: Reader, v: number): DirectoryData {
  const id = r.uuid()
  const topics: TopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readTopicData(r, v))
  r.skipTags()
  return { id, topics }
}

function writeDirectoryData(w: Writer, v: number, m: Draft<DirectoryData>): void {
  const { id = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(id)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicData(w, v, item)
  w.unsignedVarint(0)
}

export interface AssignReplicasToDirsRequest {
  brokerId: number
  brokerEpoch: number
  directories: DirectoryData[]
}

function readAssignReplicasToDirsRequest(r: Reader, v: number): AssignReplicasToDirsRequest {
  const brokerId = r.int32()
  const brokerEpoch = r.int64()
  const directories: DirectoryData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) directories.push(readDirectoryData(r, v))
  r.skipTags()
  return { brokerId, brokerEpoch, directories }
}

function writeAssignReplicasToDirsRequest(w: Writer, v: number, m: Draft<AssignReplicasToDirsRequest>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  const { directories = [] } = m
  w.compactArrayLength(directories.length)
  for (const item of directories) writeDirectoryData(w, v, item)
  w.unsignedVarint(0)
}

export interface ResponsePartitionData {
  partitionIndex: number
  errorCode: number
}

function readResponsePartitionData(r: Reader, _v: number): ResponsePartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  r.skipTags()
  return { partitionIndex, errorCode }
}

function writeResponsePartitionData(w: Writer, _v: number, m: Draft<ResponsePartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export interface ResponseTopicData {
  topicId: string
  partitions: ResponsePartitionData[]
}

function readResponseTopicData(r: Reader, v: number): ResponseTopicData {
  const topicId = r.uuid()
  const partitions: ResponsePartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(7)); n > 0; n--) partitions.push(readResponsePartitionData(r, v))
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

export interface ResponseDirectoryData {
  id: string
  topics: ResponseTopicData[]
}

function readResponseDirectoryData(r: Reader, v: number): ResponseDirectoryData {
  const id = r.uuid()
  const topics: ResponseTopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) topics.push(readResponseTopicData(r, v))
  r.skipTags()
  return { id, topics }
}

function writeResponseDirectoryData(w: Writer, v: number, m: Draft<ResponseDirectoryData>): void {
  const { id = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(id)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  w.unsignedVarint(0)
}

export interface AssignReplicasToDirsResponse {
  throttleTimeMs: number
  errorCode: number
  directories: ResponseDirectoryData[]
}

function readAssignReplicasToDirsResponse(r: Reader, v: number): AssignReplicasToDirsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const directories: ResponseDirectoryData[] = []
  for (let n = r.notNull(r.compactArrayLength(18)); n > 0; n--) directories.push(readResponseDirectoryData(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, directories }
}

function writeAssignReplicasToDirsResponse(w: Writer, v: number, m: Draft<AssignReplicasToDirsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { directories = [] } = m
  w.compactArrayLength(directories.length)
  for (const item of directories) writeResponseDirectoryData(w, v, item)
  w.unsignedVarint(0)
}

export const assignReplicasToDirs: Api<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> = {
  key: 73,
  name: 'AssignReplicasToDirs',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeAssignReplicasToDirsRequest,
  decodeRequest: readAssignReplicasToDirsRequest,
  encodeResponse: writeAssignReplicasToDirsResponse,
  decodeResponse: readAssignReplicasToDirsResponse,
}
