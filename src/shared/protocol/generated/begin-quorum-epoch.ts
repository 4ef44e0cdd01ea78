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
  const voterDirectoryId: string = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  if (v >= 1) r.skipTags()
  return { partitionIndex, voterDirectoryId, leaderId, leaderEpoch }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  if (v >= 1) {
    const voterDirectoryId = m.voterDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.voterDirectoryId
    w.uuid(voterDirectoryId)
  }
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
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
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { topicName, partitions }
}

function writeTopicData(w: Writer, v: number, m: Draft<TopicData>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  if (v >= 1) { w.compactString(topicName) } else { w.string(topicName) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 1) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) writePartitionData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface LeaderEndpoint {
  name: string
  host: string
  port: number
}

function readLeaderEndpoint(r: Reader, v: number): LeaderEndpoint {
  const name: string = v >= 1 ? (v >= 1 ? r.compactString() : r.string()) : ''
  const host: string = v >= 1 ? (v >= 1 ? r.compactString() : r.string()) : ''
  const port: number = v >= 1 ? r.uint16() : 0
  if (v >= 1) r.skipTags()
  return { name, host, port }
}

function writeLeaderEndpoint(w: Writer, v: number, m: Draft<LeaderEndpoint>): void {
  if (v >= 1) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 1) { w.compactString(name) } else { w.string(name) }
  }
  if ((v < 1) && m.name !== undefined && m.name !== '') throw new UnsupportedField('BeginQuorumEpochRequest', 'name', v, 1)
  if (v >= 1) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 1) { w.compactString(host) } else { w.string(host) }
  }
  if ((v < 1) && m.host !== undefined && m.host !== '') throw new UnsupportedField('BeginQuorumEpochRequest', 'host', v, 1)
  if (v >= 1) {
    const port = m.port === undefined ? 0 : m.port
    w.uint16(port)
  }
  if ((v < 1) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('BeginQuorumEpochRequest', 'port', v, 1)
  if (v >= 1) w.unsignedVarint(0)
}

export interface BeginQuorumEpochRequest {
  clusterId: string | null
  voterId: number
  topics: TopicData[]
  leaderEndpoints: LeaderEndpoint[]
}

function readBeginQuorumEpochRequest(r: Reader, v: number): BeginQuorumEpochRequest {
  const clusterId: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  const voterId: number = v >= 1 ? r.int32() : -1
  const topics: TopicData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicData(r, v))
  }
  const leaderEndpoints: LeaderEndpoint[] = []
  if (v >= 1) {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) leaderEndpoints.push(readLeaderEndpoint(r, v))
  }
  if (v >= 1) r.skipTags()
  return { clusterId, voterId, topics, leaderEndpoints }
}

function writeBeginQuorumEpochRequest(w: Writer, v: number, m: Draft<BeginQuorumEpochRequest>): void {
  const clusterId = m.clusterId === undefined ? null : m.clusterId
  if (v >= 1) { w.compactNullableString(clusterId) } else { w.nullableString(clusterId) }
  if (v >= 1) {
    const voterId = m.voterId === undefined ? -1 : m.voterId
    w.int32(voterId)
  }
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 1) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeTopicData(w, v, item)
  if (v >= 1) {
    const leaderEndpoints = m.leaderEndpoints === undefined ? [] : m.leaderEndpoints
    if (v >= 1) { w.compactArrayLength(leaderEndpoints.length) } else { w.arrayLength(leaderEndpoints.length) }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
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
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readResponsePartitionData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { topicName, partitions }
}

function writeResponseTopicData(w: Writer, v: number, m: Draft<ResponseTopicData>): void {
  const topicName = m.topicName === undefined ? '' : m.topicName
  if (v >= 1) { w.compactString(topicName) } else { w.string(topicName) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 1) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) writeResponsePartitionData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
}

function readNodeEndpoint(r: Reader, v: number): NodeEndpoint {
  const nodeId: number = v >= 1 ? r.int32() : 0
  const host: string = v >= 1 ? (v >= 1 ? r.compactString() : r.string()) : ''
  const port: number = v >= 1 ? r.uint16() : 0
  if (v >= 1) r.skipTags()
  return { nodeId, host, port }
}

function writeNodeEndpoint(w: Writer, v: number, m: Draft<NodeEndpoint>): void {
  if (v >= 1) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 1) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('BeginQuorumEpochResponse', 'nodeId', v, 1)
  if (v >= 1) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 1) { w.compactString(host) } else { w.string(host) }
  }
  if ((v < 1) && m.host !== undefined && m.host !== '') throw new UnsupportedField('BeginQuorumEpochResponse', 'host', v, 1)
  if (v >= 1) {
    const port = m.port === undefined ? 0 : m.port
    w.uint16(port)
  }
  if ((v < 1) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('BeginQuorumEpochResponse', 'port', v, 1)
  if (v >= 1) w.unsignedVarint(0)
}

export interface BeginQuorumEpochResponse {
  errorCode: number
  topics: ResponseTopicData[]
  nodeEndpoints: NodeEndpoint[]
}

function readBeginQuorumEpochResponse(r: Reader, v: number): BeginQuorumEpochResponse {
  const errorCode = r.int16()
  const topics: ResponseTopicData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readResponseTopicData(r, v))
  }
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 1) {
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
          const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
          for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
          break
        }
        default:
          r.skip(size)
      }
      r.expectAt(end)
    }
  }
  return { errorCode, topics, nodeEndpoints }
}

function writeBeginQuorumEpochResponse(w: Writer, v: number, m: Draft<BeginQuorumEpochResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 1) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeResponseTopicData(w, v, item)
  if (v >= 1) {
    let tags = 0
    const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
    const hasNodeEndpoints = v >= 1 && nodeEndpoints.length > 0
    if (hasNodeEndpoints) tags++
    w.unsignedVarint(tags)
    if (hasNodeEndpoints) w.tag(0, (w) => {
      if (v >= 1) { w.compactArrayLength(nodeEndpoints.length) } else { w.arrayLength(nodeEndpoints.length) }
      for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
    })
  }
  if ((v < 1) && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('BeginQuorumEpochResponse', 'nodeEndpoints', v, 1)
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
