// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partitionIndex: number
  replicaEpoch: number
  replicaId: number
  replicaDirectoryId: string
  voterDirectoryId: string
  lastOffsetEpoch: number
  lastOffset: number
  preVote: boolean
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const replicaEpoch = r.int32()
  const replicaId = r.int32()
  const replicaDirectoryId = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const voterDirectoryId = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const lastOffsetEpoch = r.int32()
  const lastOffset = r.int64()
  const preVote = v >= 2 ? r.boolean() : false
  r.skipTags()
  return {
    partitionIndex,
    replicaEpoch,
    replicaId,
    replicaDirectoryId,
    voterDirectoryId,
    lastOffsetEpoch,
    lastOffset,
    preVote,
  }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { replicaEpoch = 0 } = m
  w.int32(replicaEpoch)
  const { replicaId = 0 } = m
  w.int32(replicaId)
  if (v >= 1) {
    const { replicaDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(replicaDirectoryId)
  }
  if (v >= 1) {
    const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(voterDirectoryId)
  }
  const { lastOffsetEpoch = 0 } = m
  w.int32(lastOffsetEpoch)
  const { lastOffset = 0 } = m
  w.int64(lastOffset)
  if (v >= 2) {
    const { preVote = false } = m
    w.boolean(preVote)
  } else if (m.preVote !== undefined && m.preVote !== false) throw new UnsupportedField('VoteRequest', 'preVote', v, 2, 32767)
  w.unsignedVarint(0)
}

export interface TopicData {
  topicName: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicName = r.compactString()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(25)); n > 0; n--) partitions.push(readPartitionData(r, v))
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

export interface VoteRequest {
  clusterId: string | null
  voterId: number
  topics: TopicData[]
}

function readVoteRequest(r: Reader, v: number): VoteRequest {
  const clusterId: string | null = r.compactNullableString()
  const voterId = v >= 1 ? r.int32() : -1
  const topics: TopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicData(r, v))
  r.skipTags()
  return { clusterId, voterId, topics }
}

function writeVoteRequest(w: Writer, v: number, m: Draft<VoteRequest>): void {
  const { clusterId = null } = m
  w.compactNullableString(clusterId)
  if (v >= 1) {
    const { voterId = -1 } = m
    w.int32(voterId)
  }
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
  voteGranted: boolean
}

function readResponsePartitionData(r: Reader, _v: number): ResponsePartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const voteGranted = r.boolean()
  r.skipTags()
  return { partitionIndex, errorCode, leaderId, leaderEpoch, voteGranted }
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
  const { voteGranted = false } = m
  w.boolean(voteGranted)
  w.unsignedVarint(0)
}

export interface ResponseTopicData {
  topicName: string
  partitions: ResponsePartitionData[]
}

function readResponseTopicData(r: Reader, v: number): ResponseTopicData {
  const topicName = r.compactString()
  const partitions: ResponsePartitionData[] = []
  for (let n = r.notNull(r.compactArrayLength(16)); n > 0; n--) partitions.push(readResponsePartitionData(r, v))
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

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
}

function readNodeEndpoint(r: Reader, _v: number): NodeEndpoint {
  const nodeId = r.int32()
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { nodeId, host, port }
}

function writeNodeEndpoint(w: Writer, _v: number, m: Draft<NodeEndpoint>): void {
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface VoteResponse {
  errorCode: number
  topics: ResponseTopicData[]
  nodeEndpoints: NodeEndpoint[]
}

function readVoteResponse(r: Reader, v: number): VoteResponse {
  const errorCode = r.int16()
  const topics: ResponseTopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readResponseTopicData(r, v))
  let nodeEndpoints: NodeEndpoint[] = []
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0 && v >= 1) {
      nodeEndpoints = []
      for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
    } else r.skip(end - r.offset)
    r.expectAt(end)
  }
  return { errorCode, topics, nodeEndpoints }
}

function writeVoteResponse(w: Writer, v: number, m: Draft<VoteResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  const { nodeEndpoints = [] } = m
  const hasNodeEndpoints = v >= 1 && nodeEndpoints.length > 0
  w.unsignedVarint(Number(hasNodeEndpoints))
  if (hasNodeEndpoints) {
    w.tag(0, (w) => {
      w.compactArrayLength(nodeEndpoints.length)
      for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
    })
  }
  if (v < 1) {
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('VoteResponse', 'nodeEndpoints', v, 1, 32767)
  }
}

export const vote: Api<VoteRequest, VoteResponse> = {
  key: 52,
  name: 'Vote',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeVoteRequest,
  decodeRequest: readVoteRequest,
  encodeResponse: writeVoteResponse,
  decodeResponse: readVoteResponse,
}
