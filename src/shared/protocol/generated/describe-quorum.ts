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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  r.skipTags()
  return { topicName, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeQuorumRequest {
  topics: TopicData[]
}

function readDescribeQuorumRequest(r: Reader, v: number): DescribeQuorumRequest {
  const topics: TopicData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicData(r, v))
  }
  r.skipTags()
  return { topics }
}

function writeDescribeQuorumRequest(w: Writer, v: number, m: Draft<DescribeQuorumRequest>): void {
  const topics = m.topics === undefined ? [] : m.topics
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
  const replicaDirectoryId: string = v >= 2 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const logEndOffset = r.int64()
  const lastFetchTimestamp: number = v >= 1 ? r.int64() : -1
  const lastCaughtUpTimestamp: number = v >= 1 ? r.int64() : -1
  r.skipTags()
  return { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }
}

function writeReplicaState(w: Writer, v: number, m: Draft<ReplicaState>): void {
  const replicaId = m.replicaId === undefined ? 0 : m.replicaId
  w.int32(replicaId)
  if (v >= 2) {
    const replicaDirectoryId = m.replicaDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.replicaDirectoryId
    w.uuid(replicaDirectoryId)
  }
  if ((v < 2) && m.replicaDirectoryId !== undefined && m.replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA') throw new UnsupportedField('DescribeQuorumResponse', 'replicaDirectoryId', v, 2)
  const logEndOffset = m.logEndOffset === undefined ? 0 : m.logEndOffset
  w.int64(logEndOffset)
  if (v >= 1) {
    const lastFetchTimestamp = m.lastFetchTimestamp === undefined ? -1 : m.lastFetchTimestamp
    w.int64(lastFetchTimestamp)
  }
  if (v >= 1) {
    const lastCaughtUpTimestamp = m.lastCaughtUpTimestamp === undefined ? -1 : m.lastCaughtUpTimestamp
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
  const errorMessage: string | null = v >= 2 ? v >= 2 ? (r.compactNullableString()) : (r.compactString()) : ''
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const highWatermark = r.int64()
  const currentVoters: ReplicaState[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) currentVoters.push(readReplicaState(r, v))
  }
  const observers: ReplicaState[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) observers.push(readReplicaState(r, v))
  }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 2) {
    const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
    if (v >= 2) { w.compactNullableString(errorMessage) } else { w.compactString(errorMessage!) }
  }
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  const highWatermark = m.highWatermark === undefined ? 0 : m.highWatermark
  w.int64(highWatermark)
  const currentVoters = m.currentVoters === undefined ? [] : m.currentVoters
  w.compactArrayLength(currentVoters.length)
  for (const item of currentVoters) writeReplicaState(w, v, item)
  const observers = m.observers === undefined ? [] : m.observers
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readResponsePartitionData(r, v))
  }
  r.skipTags()
  return { topicName, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  w.compactString(topicName)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionData(w, v, item)
  w.unsignedVarint(0)
}

export interface Listener {
  name: string
  host: string
  port: number
}

function readListener(r: Reader, v: number): Listener {
  const name: string = v >= 2 ? (r.compactString()) : ''
  const host: string = v >= 2 ? (r.compactString()) : ''
  const port: number = v >= 2 ? r.uint16() : 0
  r.skipTags()
  return { name, host, port }
}

function writeListener(w: Writer, v: number, m: Draft<Listener>): void {
  if (v >= 2) {
    const name = m.name === undefined ? '' : m.name
    w.compactString(name)
  }
  if ((v < 2) && m.name !== undefined && m.name !== '') throw new UnsupportedField('DescribeQuorumResponse', 'name', v, 2)
  if (v >= 2) {
    const host = m.host === undefined ? '' : m.host
    w.compactString(host)
  }
  if ((v < 2) && m.host !== undefined && m.host !== '') throw new UnsupportedField('DescribeQuorumResponse', 'host', v, 2)
  if (v >= 2) {
    const port = m.port === undefined ? 0 : m.port
    w.uint16(port)
  }
  if ((v < 2) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('DescribeQuorumResponse', 'port', v, 2)
  w.unsignedVarint(0)
}

export interface Node {
  nodeId: number
  listeners: Listener[]
}

function readNode(r: Reader, v: number): Node {
  const nodeId: number = v >= 2 ? r.int32() : 0
  const listeners: Listener[] = []
  if (v >= 2) {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) listeners.push(readListener(r, v))
  }
  r.skipTags()
  return { nodeId, listeners }
}

function writeNode(w: Writer, v: number, m: Draft<Node>): void {
  if (v >= 2) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 2) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('DescribeQuorumResponse', 'nodeId', v, 2)
  if (v >= 2) {
    const listeners = m.listeners === undefined ? [] : m.listeners
    w.compactArrayLength(listeners.length)
    for (const item of listeners) writeListener(w, v, item)
  }
  if ((v < 2) && m.listeners !== undefined && m.listeners.length > 0) throw new UnsupportedField('DescribeQuorumResponse', 'listeners', v, 2)
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
  const errorMessage: string | null = v >= 2 ? v >= 2 ? (r.compactNullableString()) : (r.compactString()) : ''
  const topics: ResponseTopicData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readResponseTopicData(r, v))
  }
  const nodes: Node[] = []
  if (v >= 2) {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) nodes.push(readNode(r, v))
  }
  r.skipTags()
  return { errorCode, errorMessage, topics, nodes }
}

function writeDescribeQuorumResponse(w: Writer, v: number, m: Draft<DescribeQuorumResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 2) {
    const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
    if (v >= 2) { w.compactNullableString(errorMessage) } else { w.compactString(errorMessage!) }
  }
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  if (v >= 2) {
    const nodes = m.nodes === undefined ? [] : m.nodes
    w.compactArrayLength(nodes.length)
    for (const item of nodes) writeNode(w, v, item)
  }
  if ((v < 2) && m.nodes !== undefined && m.nodes.length > 0) throw new UnsupportedField('DescribeQuorumResponse', 'nodes', v, 2)
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
