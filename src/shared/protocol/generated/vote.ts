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
  const replicaDirectoryId: string = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const voterDirectoryId: string = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const lastOffsetEpoch = r.int32()
  const lastOffset = r.int64()
  const preVote: boolean = v >= 2 ? r.boolean() : false
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const replicaEpoch = m.replicaEpoch === undefined ? 0 : m.replicaEpoch
  w.int32(replicaEpoch)
  const replicaId = m.replicaId === undefined ? 0 : m.replicaId
  w.int32(replicaId)
  if (v >= 1) {
    const replicaDirectoryId = m.replicaDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.replicaDirectoryId
    w.uuid(replicaDirectoryId)
  }
  if (v >= 1) {
    const voterDirectoryId = m.voterDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.voterDirectoryId
    w.uuid(voterDirectoryId)
  }
  const lastOffsetEpoch = m.lastOffsetEpoch === undefined ? 0 : m.lastOffsetEpoch
  w.int32(lastOffsetEpoch)
  const lastOffset = m.lastOffset === undefined ? 0 : m.lastOffset
  w.int64(lastOffset)
  if (v >= 2) {
    const preVote = m.preVote === undefined ? false : m.preVote
    w.boolean(preVote)
  }
  if ((v < 2) && m.preVote !== undefined && m.preVote !== false) throw new UnsupportedField('VoteRequest', 'preVote', v, 2)
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

export interface VoteRequest {
  clusterId: string | null
  voterId: number
  topics: TopicData[]
}

function readVoteRequest(r: Reader, v: number): VoteRequest {
  const clusterId: string | null = r.compactNullableString()
  const voterId: number = v >= 1 ? r.int32() : -1
  const topics: TopicData[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicData(r, v))
  }
  r.skipTags()
  return { clusterId, voterId, topics }
}

function writeVoteRequest(w: Writer, v: number, m: Draft<VoteRequest>): void {
  const clusterId = m.clusterId === undefined ? null : m.clusterId
  w.compactNullableString(clusterId)
  if (v >= 1) {
    const voterId = m.voterId === undefined ? -1 : m.voterId
    w.int32(voterId)
  }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
  w.int32(leaderEpoch)
  const voteGranted = m.voteGranted === undefined ? false : m.voteGranted
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

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
}

function readNodeEndpoint(r: Reader, v: number): NodeEndpoint {
  const nodeId: number = v >= 1 ? r.int32() : 0
  const host: string = v >= 1 ? (r.compactString()) : ''
  const port: number = v >= 1 ? r.uint16() : 0
  r.skipTags()
  return { nodeId, host, port }
}

function writeNodeEndpoint(w: Writer, v: number, m: Draft<NodeEndpoint>): void {
  if (v >= 1) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 1) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('VoteResponse', 'nodeId', v, 1)
  if (v >= 1) {
    const host = m.host === undefined ? '' : m.host
    w.compactString(host)
  }
  if ((v < 1) && m.host !== undefined && m.host !== '') throw new UnsupportedField('VoteResponse', 'host', v, 1)
  if (v >= 1) {
    const port = m.port === undefined ? 0 : m.port
    w.uint16(port)
  }
  if ((v < 1) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('VoteResponse', 'port', v, 1)
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readResponseTopicData(r, v))
  }
  let nodeEndpoints: NodeEndpoint[] = []
  for (let count = r.unsignedVarint(); count > 0; count--) {
    const tag = r.unsignedVarint()
    const size = r.unsignedVarint()
    const end = r.offset + size
    switch (tag) {
      case 0: {
        if (!(v >= 1)) {
          r.skip(size)
          break
        }
        nodeEndpoints = []
        const n = r.notNull(r.compactArrayLength(1))
        for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
        break
      }
      default:
        r.skip(size)
    }
    r.expectAt(end)
  }
  return { errorCode, topics, nodeEndpoints }
}

function writeVoteResponse(w: Writer, v: number, m: Draft<VoteResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  let tags = 0
  const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
  const hasNodeEndpoints = v >= 1 && nodeEndpoints.length > 0
  if (hasNodeEndpoints) tags++
  w.unsignedVarint(tags)
  if (hasNodeEndpoints) w.tag(0, (w) => {
    w.compactArrayLength(nodeEndpoints.length)
    for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
  })
  if ((v < 1) && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('VoteResponse', 'nodeEndpoints', v, 1)
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
