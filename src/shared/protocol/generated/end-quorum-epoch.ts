// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ReplicaInfo {
  candidateId: number
  candidateDirectoryId: string
}

function readReplicaInfo(r: Reader, _v: number): ReplicaInfo {
  const candidateId = r.int32()
  const candidateDirectoryId = r.uuid()
  r.skipTags()
  return { candidateId, candidateDirectoryId }
}

function writeReplicaInfo(w: Writer, _v: number, m: Draft<ReplicaInfo>): void {
  const { candidateId = 0 } = m
  w.int32(candidateId)
  const { candidateDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(candidateDirectoryId)
  w.unsignedVarint(0)
}

export interface PartitionData {
  partitionIndex: number
  leaderId: number
  leaderEpoch: number
  preferredSuccessors: number[]
  preferredCandidates: ReplicaInfo[]
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const preferredSuccessors: number[] = []
  if (v <= 0) {
    for (let n = r.notNull(r.arrayLength(4)); n > 0; n--) preferredSuccessors.push(r.int32())
  }
  const preferredCandidates: ReplicaInfo[] = []
  if (v >= 1) {
    for (let n = r.notNull(r.compactArrayLength(21)); n > 0; n--) preferredCandidates.push(readReplicaInfo(r, v))
  }
  if (v >= 1) r.skipTags()
  return { partitionIndex, leaderId, leaderEpoch, preferredSuccessors, preferredCandidates }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v <= 0) {
    const { preferredSuccessors = [] } = m
    w.arrayLength(preferredSuccessors.length)
    for (const item of preferredSuccessors) w.int32(item)
  }
  if (v >= 1) {
    const { preferredCandidates = [] } = m
    w.compactArrayLength(preferredCandidates.length)
    for (const item of preferredCandidates) writeReplicaInfo(w, v, item)
  }
  if (v >= 1) w.unsignedVarint(0)
}

export interface TopicData {
  topicName: string
  partitions: PartitionData[]
}

function readTopicData(r: Reader, v: number): TopicData {
  const topicName = v >= 1 ? r.compactString() : r.string()
  const partitions: PartitionData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(14) : r.arrayLength(16)); n > 0; n--) partitions.push(readPartitionData(r, v))
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

export interface EndQuorumEpochRequest {
  clusterId: string | null
  topics: TopicData[]
  leaderEndpoints: LeaderEndpoint[]
}

function readEndQuorumEpochRequest(r: Reader, v: number): EndQuorumEpochRequest {
  const clusterId: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  const topics: TopicData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readTopicData(r, v))
  const leaderEndpoints: LeaderEndpoint[] = []
  if (v >= 1) {
    for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) leaderEndpoints.push(readLeaderEndpoint(r, v))
  }
  if (v >= 1) r.skipTags()
  return { clusterId, topics, leaderEndpoints }
}

function writeEndQuorumEpochRequest(w: Writer, v: number, m: Draft<EndQuorumEpochRequest>): void {
  const { clusterId = null } = m
  if (v >= 1) w.compactNullableString(clusterId)
  else w.nullableString(clusterId)
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

export interface EndQuorumEpochResponse {
  errorCode: number
  topics: ResponseTopicData[]
  nodeEndpoints: NodeEndpoint[]
}

function readEndQuorumEpochResponse(r: Reader, v: number): EndQuorumEpochResponse {
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

function writeEndQuorumEpochResponse(w: Writer, v: number, m: Draft<EndQuorumEpochResponse>): void {
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
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('EndQuorumEpochResponse', 'nodeEndpoints', v, 1, 32767)
  }
}

export const endQuorumEpoch: Api<EndQuorumEpochRequest, EndQuorumEpochResponse> = {
  key: 54,
  name: 'EndQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encodeRequest: writeEndQuorumEpochRequest,
  decodeRequest: readEndQuorumEpochRequest,
  encodeResponse: writeEndQuorumEpochResponse,
  decodeResponse: readEndQuorumEpochResponse,
}
