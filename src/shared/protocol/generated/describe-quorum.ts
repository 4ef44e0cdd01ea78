// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
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
  topicName: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicName = r.compactString()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) partitions.push(readPartitionData(r, v))
  r.skipTags()
  return { topicName, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeQuorumRequest {
  topics: TopicData[]
}

function readDescribeQuorumRequest(r: Reader, v: number): DescribeQuorumRequest {
  const topics: TopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicData(r, v))
  r.skipTags()
  return { topics }
}

function writeDescribeQuorumRequest(w: Writer, v: number, m: Draft<DescribeQuorumRequest>): void {
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicData(w, v, item)
  w.unsignedVarint(0)
}

export interface ReplicaState {
  replicaId: number
  replicaDirectoryId: string
  logEndOffset: number
  lastFetchTimestamp: number
  lastCaughtUpTimestamp: number
}

function readReplicaState(r: Reader, v: number): ReplicaState {
  const replicaId = r.int32()
  const replicaDirectoryId = v >= 2 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const logEndOffset = r.int64()
  const lastFetchTimestamp = v >= 1 ? r.int64() : -1
  const lastCaughtUpTimestamp = v >= 1 ? r.int64() : -1
  r.skipTags()
  return { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }
}

function writeReplicaState(w: Writer, v: number, m: Draft<ReplicaState>): void {
  const { replicaId = 0 } = m
  w.int32(replicaId)
  if (v >= 2) {
    const { replicaDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(replicaDirectoryId)
  } else if (m.replicaDirectoryId !== undefined && m.replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA') throw new UnsupportedField('DescribeQuorumResponse', 'replicaDirectoryId', v, 2, 32767)
  const { logEndOffset = 0 } = m
  w.int64(logEndOffset)
  if (v >= 1) {
    const { lastFetchTimestamp = -1 } = m
    w.int64(lastFetchTimestamp)
  }
  if (v >= 1) {
    const { lastCaughtUpTimestamp = -1 } = m
    w.int64(lastCaughtUpTimestamp)
  }
  w.unsignedVarint(0)
}

export interface ResponsePartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  leaderId: number
  leaderEpoch: number
  highWatermark: number
  currentVoters: ReplicaState[]
  observers: ReplicaState[]
}

function readResponsePartitionData(r: Reader, v: number): ResponsePartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : ''
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const highWatermark = r.int64()
  const currentVoters: ReplicaState[] = []
  for (let n = r.notNull(r.compactArrayLength(13)); n > 0; n--) currentVoters.push(readReplicaState(r, v))
  const observers: ReplicaState[] = []
  for (let n = r.notNull(r.compactArrayLength(13)); n > 0; n--) observers.push(readReplicaState(r, v))
  r.skipTags()
  return {
    partitionIndex,
    errorCode,
    errorMessage,
    leaderId,
    leaderEpoch,
    highWatermark,
    currentVoters,
    observers,
  }
}

function writeResponsePartitionData(w: Writer, v: number, m: Draft<ResponsePartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 2) {
    const { errorMessage = '' } = m
    w.compactNullableString(errorMessage)
  }
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  const { highWatermark = 0 } = m
  w.int64(highWatermark)
  const { currentVoters = [] } = m
  w.compactArrayLength(currentVoters.length)
  for (const item of currentVoters) writeReplicaState(w, v, item)
  const { observers = [] } = m
  w.compactArrayLength(observers.length)
  for (const item of observers) writeReplicaState(w, v, item)
  w.unsignedVarint(0)
}

export interface ResponseTopicData {
  topicName: string
  partitions: ResponsePartitionData[]
}

function readResponseTopicData(r: Reader, v: number): ResponseTopicData {
  const topicName = r.compactString()
  const partitions: ResponsePartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(25)); n > 0; n--) partitions.push(readResponsePartitionData(r, v))
  r.skipTags()
  return { topicName, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const { topicName = '' } = m
  w.compactString(topicName)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface Listener {
  name: string
  host: string
  port: number
}

function readListener(r: Reader, _v: number): Listener {
  const name = r.compactString()
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { name, host, port }
}

function writeListener(w: Writer, _v: number, m: Draft<Listener>): void {
  const { name = '' } = m
  w.compactString(name)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface Node {
  nodeId: number
  listeners: Listener[]
}

function readNode(r: Reader, v: number): Node {
  const nodeId = r.int32()
  const listeners: Listener[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) listeners.push(readListener(r, v))
  r.skipTags()
  return { nodeId, listeners }
}

function writeNode(w: Writer, v: number, m: Draft<Node>): void {
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { listeners = [] } = m
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeQuorumResponse {
  errorCode: number
  errorMessage: string | null
  topics: ResponseTopicData[]
  nodes: Node[]
}

function readDescribeQuorumResponse(r: Reader, v: number): DescribeQuorumResponse {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : ''
  const topics: ResponseTopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readResponseTopicData(r, v))
  const nodes: Node[] = []
  if (v >= 2) {
    for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) nodes.push(readNode(r, v))
  }
  r.skipTags()
  return { errorCode, errorMessage, topics, nodes }
}

function writeDescribeQuorumResponse(w: Writer, v: number, m: Draft<DescribeQuorumResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 2) {
    const { errorMessage = '' } = m
    w.compactNullableString(errorMessage)
  }
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  if (v >= 2) {
    const { nodes = [] } = m
    w.compactArrayLength(nodes.length)
    for (const item of nodes) writeNode(w, v, item)
  } else if (m.nodes !== undefined && m.nodes.length > 0) throw new UnsupportedField('DescribeQuorumResponse', 'nodes', v, 2, 32767)
  w.unsignedVarint(0)
}

export const describeQuorum: Api<DescribeQuorumRequest, DescribeQuorumResponse> = {
  key: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeDescribeQuorumRequest,
  decodeRequest: readDescribeQuorumRequest,
  encodeResponse: writeDescribeQuorumResponse,
  decodeResponse: readDescribeQuorumResponse,
}
