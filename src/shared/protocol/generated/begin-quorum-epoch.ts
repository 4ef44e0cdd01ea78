// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PartitionData {
  partitionIndex: number
  voterDirectoryId: string
  leaderId: number
  leaderEpoch: number
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const voterDirectoryId = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  if (v >= 1) r.skipTags()
  return { partitionIndex, voterDirectoryId, leaderId, leaderEpoch }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  if (v >= 1) {
    const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(voterDirectoryId)
  }
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v >= 1) w.unsignedVarint(0)
}

export interface TopicData {
  topicName: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicName = v >= 1 ? r.compactString() : r.string()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(29) : r.arrayLength(12)); n > 0; n--) partitions.push(readPartitionData(r, v))
  if (v >= 1) r.skipTags()
  return { topicName, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const { topicName = '' } = m
  if (v >= 1) w.compactString(topicName)
  else w.string(topicName)
  const { partitions = [] } = m
  if (v >= 1) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface LeaderEndpoint {
  name: string
  host: string
  port: number
}

function readLeaderEndpoint(r: Reader, _v: number): LeaderEndpoint {
  const name = r.compactString()
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { name, host, port }
}

function writeLeaderEndpoint(w: Writer, _v: number, m: Draft<LeaderEndpoint>): void {
  const { name = '' } = m
  w.compactString(name)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface BeginQuorumEpochRequest {
  clusterId: string | null
  voterId: number
  topics: TopicData[]
  leaderEndpoints: LeaderEndpoint[]
}

function readBeginQuorumEpochRequest(r: Reader, v: number): BeginQuorumEpochRequest {
  const clusterId: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  const voterId = v >= 1 ? r.int32() : -1
  const topics: TopicData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readTopicData(r, v))
  const leaderEndpoints: LeaderEndpoint[] = []
  if (v >= 1) {
    for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) leaderEndpoints.push(readLeaderEndpoint(r, v))
  }
  if (v >= 1) r.skipTags()
  return { clusterId, voterId, topics, leaderEndpoints }
}

function writeBeginQuorumEpochRequest(w: Writer, v: number, m: Draft<BeginQuorumEpochRequest>): void {
  const { clusterId = null } = m
  if (v >= 1) w.compactNullableString(clusterId)
  else w.nullableString(clusterId)
  if (v >= 1) {
    const { voterId = -1 } = m
    w.int32(voterId)
  }
  const { topics = [] } = m
  if (v >= 1) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeTopicData(w, v, item)
  if (v >= 1) {
    const { leaderEndpoints = [] } = m
    w.compactArrayLength(leaderEndpoints.length)
    for (const item of leaderEndpoints) writeLeaderEndpoint(w, v, item)
  }
  if (v >= 1) w.unsignedVarint(0)
}

export interface ResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
}

function readResponsePartitionData(r: Reader, v: number): ResponsePartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  if (v >= 1) r.skipTags()
  return { partitionIndex, errorCode, leaderId, leaderEpoch }
}

function writeResponsePartitionData(w: Writer, v: number, m: Draft<ResponsePartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v >= 1) w.unsignedVarint(0)
}

export interface ResponseTopicData {
  topicName: string
  partitions: ResponsePartitionData[]
}

function readResponseTopicData(r: Reader, v: number): ResponseTopicData {
  const topicName = v >= 1 ? r.compactString() : r.string()
  const partitions: ResponsePartitionData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(15) : r.arrayLength(14)); n > 0; n--) partitions.push(readResponsePartitionData(r, v))
  if (v >= 1) r.skipTags()
  return { topicName, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const { topicName = '' } = m
  if (v >= 1) w.compactString(topicName)
  else w.string(topicName)
  const { partitions = [] } = m
  if (v >= 1) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
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

export interface BeginQuorumEpochResponse {
  errorCode: number
  topics: ResponseTopicData[]
  nodeEndpoints: NodeEndpoint[]
}

function readBeginQuorumEpochResponse(r: Reader, v: number): BeginQuorumEpochResponse {
  const errorCode = r.int16()
  const topics: ResponseTopicData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readResponseTopicData(r, v))
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 1) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0) {
        nodeEndpoints = []
        for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return { errorCode, topics, nodeEndpoints }
}

function writeBeginQuorumEpochResponse(w: Writer, v: number, m: Draft<BeginQuorumEpochResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { topics = [] } = m
  if (v >= 1) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeResponseTopicData(w, v, item)
  if (v >= 1) {
    const { nodeEndpoints = [] } = m
    const hasNodeEndpoints = nodeEndpoints.length > 0
    w.unsignedVarint(Number(hasNodeEndpoints))
    if (hasNodeEndpoints) {
      w.tag(0, (w) => {
        w.compactArrayLength(nodeEndpoints.length)
        for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
      })
    }
  }
  if (v < 1) {
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('BeginQuorumEpochResponse', 'nodeEndpoints', v, 1, 32767)
  }
}

export const beginQuorumEpoch: Api<BeginQuorumEpochRequest, BeginQuorumEpochResponse> = {
  key: 53,
  name: 'BeginQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encodeRequest: writeBeginQuorumEpochRequest,
  decodeRequest: readBeginQuorumEpochRequest,
  encodeResponse: writeBeginQuorumEpochResponse,
  decodeResponse: readBeginQuorumEpochResponse,
}
