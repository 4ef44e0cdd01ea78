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
  const endOffset = m.endOffset === undefined ? 0 : m.endOffset
  w.int64(endOffset)
  const epoch = m.epoch === undefined ? 0 : m.epoch
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
  const snapshotId: SnapshotId = readSnapshotId(r, v)
  const position = r.int64()
  let replicaDirectoryId: string = 'AAAAAAAAAAAAAAAAAAAAAA'
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
        replicaDirectoryId = r.uuid()
        break
      }
      default:
        r.skip(size)
    }
    r.expectAt(end)
  }
  return { partition, currentLeaderEpoch, snapshotId, position, replicaDirectoryId }
}

function writePartitionSnapshot(w: Writer, v: number, m: Draft<PartitionSnapshot>): void {
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  const currentLeaderEpoch = m.currentLeaderEpoch === undefined ? 0 : m.currentLeaderEpoch
  w.int32(currentLeaderEpoch)
  const snapshotId = m.snapshotId === undefined ? { endOffset: 0, epoch: 0 } : m.snapshotId
  writeSnapshotId(w, v, snapshotId)
  const position = m.position === undefined ? 0 : m.position
  w.int64(position)
  let tags = 0
  const replicaDirectoryId = m.replicaDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.replicaDirectoryId
  const hasReplicaDirectoryId = v >= 1 && replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA'
  if (hasReplicaDirectoryId) tags++
  w.unsignedVarint(tags)
  if (hasReplicaDirectoryId) w.tag(0, (w) => {
    w.uuid(replicaDirectoryId)
  })
}

export interface TopicSnapshot {
  name: string
  partitions: PartitionSnapshot[]
}

function readTopicSnapshot(r: Reader, v: number): TopicSnapshot {
  const name = r.compactString()
  const partitions: PartitionSnapshot[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionSnapshot(r, v))
  }
  r.skipTags()
  return { name, partitions }
}

function writeTopicSnapshot(w: Writer, v: number, m: Draft<TopicSnapshot>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicSnapshot(r, v))
  }
  let clusterId: string | null = null
  for (let count = r.unsignedVarint(); count > 0; count--) {
    const tag = r.unsignedVarint()
    const size = r.unsignedVarint()
    const end = r.offset + size
    switch (tag) {
      case 0: {
        clusterId = r.compactNullableString()
        break
      }
      default:
        r.skip(size)
    }
    r.expectAt(end)
  }
  return { clusterId, replicaId, maxBytes, topics }
}

function writeFetchSnapshotRequest(w: Writer, v: number, m: Draft<FetchSnapshotRequest>): void {
  const replicaId = m.replicaId === undefined ? -1 : m.replicaId
  w.int32(replicaId)
  const maxBytes = m.maxBytes === undefined ? 2147483647 : m.maxBytes
  w.int32(maxBytes)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicSnapshot(w, v, item)
  let tags = 0
  const clusterId = m.clusterId === undefined ? null : m.clusterId
  const hasClusterId = clusterId !== null
  if (hasClusterId) tags++
  w.unsignedVarint(tags)
  if (hasClusterId) w.tag(0, (w) => {
    w.compactNullableString(clusterId)
  })
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
  const endOffset = m.endOffset === undefined ? 0 : m.endOffset
  w.int64(endOffset)
  const epoch = m.epoch === undefined ? 0 : m.epoch
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
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const leaderEpoch = m.leaderEpoch === undefined ? 0 : m.leaderEpoch
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
  const snapshotId: ResponseSnapshotId = readResponseSnapshotId(r, v)
  const size_ = r.int64()
  const position = r.int64()
  const unalignedRecords: Buffer | null = r.compactNullableBytes()
  let currentLeader: LeaderIdAndEpoch = { leaderId: 0, leaderEpoch: 0 }
  for (let count = r.unsignedVarint(); count > 0; count--) {
    const tag = r.unsignedVarint()
    const size = r.unsignedVarint()
    const end = r.offset + size
    switch (tag) {
      case 0: {
        currentLeader = readLeaderIdAndEpoch(r, v)
        break
      }
      default:
        r.skip(size)
    }
    r.expectAt(end)
  }
  return {
    index,
    errorCode,
    snapshotId,
    currentLeader,
    size: size_,
    position,
    unalignedRecords,
  }
}

function writeResponsePartitionSnapshot(w: Writer, v: number, m: Draft<ResponsePartitionSnapshot>): void {
  const index = m.index === undefined ? 0 : m.index
  w.int32(index)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const snapshotId = m.snapshotId === undefined ? { endOffset: 0, epoch: 0 } : m.snapshotId
  writeResponseSnapshotId(w, v, snapshotId)
  const size_ = m.size === undefined ? 0 : m.size
  w.int64(size_)
  const position = m.position === undefined ? 0 : m.position
  w.int64(position)
  const unalignedRecords = m.unalignedRecords === undefined ? null : m.unalignedRecords
  w.compactNullableBytes(unalignedRecords)
  let tags = 0
  const currentLeader = m.currentLeader === undefined ? { leaderId: 0, leaderEpoch: 0 } : m.currentLeader
  const hasCurrentLeader = ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== 0) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== 0))
  if (hasCurrentLeader) tags++
  w.unsignedVarint(tags)
  if (hasCurrentLeader) w.tag(0, (w) => {
    writeLeaderIdAndEpoch(w, v, currentLeader)
  })
}

export interface ResponseTopicSnapshot {
  name: string
  partitions: ResponsePartitionSnapshot[]
}

function readResponseTopicSnapshot(r: Reader, v: number): ResponseTopicSnapshot {
  const name = r.compactString()
  const partitions: ResponsePartitionSnapshot[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readResponsePartitionSnapshot(r, v))
  }
  r.skipTags()
  return { name, partitions }
}

function writeResponseTopicSnapshot(w: Writer, v: number, m: Draft<ResponseTopicSnapshot>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeResponsePartitionSnapshot(w, v, item)
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
  if ((v < 1) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('FetchSnapshotResponse', 'nodeId', v, 1)
  if (v >= 1) {
    const host = m.host === undefined ? '' : m.host
    w.compactString(host)
  }
  if ((v < 1) && m.host !== undefined && m.host !== '') throw new UnsupportedField('FetchSnapshotResponse', 'host', v, 1)
  if (v >= 1) {
    const port = m.port === undefined ? 0 : m.port
    w.uint16(port)
  }
  if ((v < 1) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('FetchSnapshotResponse', 'port', v, 1)
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readResponseTopicSnapshot(r, v))
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
  return { throttleTimeMs, errorCode, topics, nodeEndpoints }
}

function writeFetchSnapshotResponse(w: Writer, v: number, m: Draft<FetchSnapshotResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeResponseTopicSnapshot(w, v, item)
  let tags = 0
  const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
  const hasNodeEndpoints = v >= 1 && nodeEndpoints.length > 0
  if (hasNodeEndpoints) tags++
  w.unsignedVarint(tags)
  if (hasNodeEndpoints) w.tag(0, (w) => {
    w.compactArrayLength(nodeEndpoints.length)
    for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
  })
  if ((v < 1) && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('FetchSnapshotResponse', 'nodeEndpoints', v, 1)
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
