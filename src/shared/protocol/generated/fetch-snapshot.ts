// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface SnapshotId {
  endOffset: number
  epoch: number
}

function readSnapshotId(r: Reader, _v: number): SnapshotId {
  const endOffset = r.int64()
  const epoch = r.int32()
  r.skipTags()
  return { endOffset, epoch }
}

function writeSnapshotId(w: Writer, _v: number, m: Draft<SnapshotId>): void {
  const { endOffset = 0 } = m
  w.int64(endOffset)
  const { epoch = 0 } = m
  w.int32(epoch)
  w.unsignedVarint(0)
}

export interface PartitionSnapshot {
  partition: number
  currentLeaderEpoch: number
  snapshotId: SnapshotId
  position: number
  replicaDirectoryId: string
}

function readPartitionSnapshot(r: Reader, v: number): PartitionSnapshot {
  const partition = r.int32()
  const currentLeaderEpoch = r.int32()
  const snapshotId = readSnapshotId(r, v)
  const position = r.int64()
  let replicaDirectoryId: string = 'AAAAAAAAAAAAAAAAAAAAAA'
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0 && v >= 1) {
      replicaDirectoryId = r.uuid()
    } else r.skip(end - r.offset)
    r.expectAt(end)
  }
  return { partition, currentLeaderEpoch, snapshotId, position, replicaDirectoryId }
}

function writePartitionSnapshot(w: Writer, v: number, m: Draft<PartitionSnapshot>): void {
  const { partition = 0 } = m
  w.int32(partition)
  const { currentLeaderEpoch = 0 } = m
  w.int32(currentLeaderEpoch)
  const { snapshotId = {} } = m
  writeSnapshotId(w, v, snapshotId)
  const { position = 0 } = m
  w.int64(position)
  const { replicaDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  const hasReplicaDirectoryId = v >= 1 && replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA'
  w.unsignedVarint(Number(hasReplicaDirectoryId))
  if (hasReplicaDirectoryId) w.tag(0, (w) => w.uuid(replicaDirectoryId))
}

export interface TopicSnapshot {
  name: string
  partitions: PartitionSnapshot[]
}

function readTopicSnapshot(r: Reader, v: number): TopicSnapshot {
  const name = r.compactString()
  const partitions: PartitionSnapshot[] = []
  for (let n = r.notNull(r.compactArrayLength(30)); n > 0; n--) partitions.push(readPartitionSnapshot(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeTopicSnapshot(w: Writer, v: number, m: Draft<TopicSnapshot>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionSnapshot(w, v, item)
  w.unsignedVarint(0)
}

export interface FetchSnapshotRequest {
  clusterId: string | null
  replicaId: number
  maxBytes: number
  topics: TopicSnapshot[]
}

function readFetchSnapshotRequest(r: Reader, v: number): FetchSnapshotRequest {
  const replicaId = r.int32()
  const maxBytes = r.int32()
  const topics: TopicSnapshot[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicSnapshot(r, v))
  let clusterId: string | null = null
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0) {
      clusterId = r.compactNullableString()
    } else r.skip(end - r.offset)
    r.expectAt(end)
  }
  return { clusterId, replicaId, maxBytes, topics }
}

function writeFetchSnapshotRequest(w: Writer, v: number, m: Draft<FetchSnapshotRequest>): void {
  const { replicaId = -1 } = m
  w.int32(replicaId)
  const { maxBytes = 2147483647 } = m
  w.int32(maxBytes)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicSnapshot(w, v, item)
  const { clusterId = null } = m
  const hasClusterId = clusterId !== null
  w.unsignedVarint(Number(hasClusterId))
  if (hasClusterId) w.tag(0, (w) => w.compactNullableString(clusterId))
}

export interface ResponseSnapshotId {
  endOffset: number
  epoch: number
}

function readResponseSnapshotId(r: Reader, _v: number): ResponseSnapshotId {
  const endOffset = r.int64()
  const epoch = r.int32()
  r.skipTags()
  return { endOffset, epoch }
}

function writeResponseSnapshotId(w: Writer, _v: number, m: Draft<ResponseSnapshotId>): void {
  const { endOffset = 0 } = m
  w.int64(endOffset)
  const { epoch = 0 } = m
  w.int32(epoch)
  w.unsignedVarint(0)
}

export interface LeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
}

function readLeaderIdAndEpoch(r: Reader, _v: number): LeaderIdAndEpoch {
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  r.skipTags()
  return { leaderId, leaderEpoch }
}

function writeLeaderIdAndEpoch(w: Writer, _v: number, m: Draft<LeaderIdAndEpoch>): void {
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  w.unsignedVarint(0)
}

export interface ResponsePartitionSnapshot {
  index: number
  errorCode: number
  snapshotId: ResponseSnapshotId
  currentLeader: LeaderIdAndEpoch
  size: number
  position: number
  unalignedRecords: Buffer | null
}

function readResponsePartitionSnapshot(r: Reader, v: number): ResponsePartitionSnapshot {
  const index = r.int32()
  const errorCode = r.int16()
  const snapshotId = readResponseSnapshotId(r, v)
  const size = r.int64()
  const position = r.int64()
  const unalignedRecords: Buffer | null = r.compactNullableBytes()
  let currentLeader: LeaderIdAndEpoch = { leaderId: 0, leaderEpoch: 0 }
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0) {
      currentLeader = readLeaderIdAndEpoch(r, v)
    } else r.skip(end - r.offset)
    r.expectAt(end)
  }
  return {
    index,
    errorCode,
    snapshotId,
    currentLeader,
    size,
    position,
    unalignedRecords,
  }
}

function writeResponsePartitionSnapshot(w: Writer, v: number, m: Draft<ResponsePartitionSnapshot>): void {
  const { index = 0 } = m
  w.int32(index)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { snapshotId = {} } = m
  writeResponseSnapshotId(w, v, snapshotId)
  const { size = 0 } = m
  w.int64(size)
  const { position = 0 } = m
  w.int64(position)
  const { unalignedRecords = null } = m
  w.compactNullableBytes(unalignedRecords)
  const { currentLeader = {} } = m
  const hasCurrentLeader = ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== 0) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== 0))
  w.unsignedVarint(Number(hasCurrentLeader))
  if (hasCurrentLeader) w.tag(0, (w) => writeLeaderIdAndEpoch(w, v, currentLeader))
}

export interface ResponseTopicSnapshot {
  name: string
  partitions: ResponsePartitionSnapshot[]
}

function readResponseTopicSnapshot(r: Reader, v: number): ResponseTopicSnapshot {
  const name = r.compactString()
  const partitions: ResponsePartitionSnapshot[] = []
  for (let n = r.notNull(r.compactArrayLength(37)); n > 0; n--) partitions.push(readResponsePartitionSnapshot(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeResponseTopicSnapshot(w: Writer, v: number, m: Draft<ResponseTopicSnapshot>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionSnapshot(w, v, item)
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

export interface FetchSnapshotResponse {
  throttleTimeMs: number
  errorCode: number
  topics: ResponseTopicSnapshot[]
  nodeEndpoints: NodeEndpoint[]
}

function readFetchSnapshotResponse(r: Reader, v: number): FetchSnapshotResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const topics: ResponseTopicSnapshot[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readResponseTopicSnapshot(r, v))
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
  return { throttleTimeMs, errorCode, topics, nodeEndpoints }
}

function writeFetchSnapshotResponse(w: Writer, v: number, m: Draft<FetchSnapshotResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicSnapshot(w, v, item)
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
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('FetchSnapshotResponse', 'nodeEndpoints', v, 1, 32767)
  }
}

export const fetchSnapshot: Api<FetchSnapshotRequest, FetchSnapshotResponse> = {
  key: 59,
  name: 'FetchSnapshot',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeFetchSnapshotRequest,
  decodeRequest: readFetchSnapshotRequest,
  encodeResponse: writeFetchSnapshotResponse,
  decodeResponse: readFetchSnapshotResponse,
}
