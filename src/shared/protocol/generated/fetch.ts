// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ReplicaState {
  replicaId: number
  replicaEpoch: number
}

function readReplicaState(r: Reader, _v: number): ReplicaState {
  const replicaId = r.int32()
  const replicaEpoch = r.int64()
  r.skipTags()
  return { replicaId, replicaEpoch }
}

function writeReplicaState(w: Writer, _v: number, m: Draft<ReplicaState>): void {
  const { replicaId = -1 } = m
  w.int32(replicaId)
  const { replicaEpoch = -1 } = m
  w.int64(replicaEpoch)
  w.unsignedVarint(0)
}

export interface FetchPartition {
  partition: number
  currentLeaderEpoch: number
  fetchOffset: number
  lastFetchedEpoch: number
  logStartOffset: number
  partitionMaxBytes: number
  replicaDirectoryId: string
  highWatermark: number
}

function readFetchPartition(r: Reader, v: number): FetchPartition {
  const partition = r.int32()
  const currentLeaderEpoch = v >= 9 ? r.int32() : -1
  const fetchOffset = r.int64()
  const lastFetchedEpoch = v >= 12 ? r.int32() : -1
  const logStartOffset = v >= 5 ? r.int64() : -1
  const partitionMaxBytes = r.int32()
  let replicaDirectoryId: string = 'AAAAAAAAAAAAAAAAAAAAAA'
  let highWatermark: number = 2 ** 63
  if (v >= 12) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0 && v >= 17) {
        replicaDirectoryId = r.uuid()
      } else if (tag === 1 && v >= 18) {
        highWatermark = r.int64()
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
    replicaDirectoryId,
    highWatermark,
  }
}

function writeFetchPartition(w: Writer, v: number, m: Draft<FetchPartition>): void {
  const { partition = 0 } = m
  w.int32(partition)
  if (v >= 9) {
    const { currentLeaderEpoch = -1 } = m
    w.int32(currentLeaderEpoch)
  }
  const { fetchOffset = 0 } = m
  w.int64(fetchOffset)
  if (v >= 12) {
    const { lastFetchedEpoch = -1 } = m
    w.int32(lastFetchedEpoch)
  } else if (m.lastFetchedEpoch !== undefined && m.lastFetchedEpoch !== -1) throw new UnsupportedField('FetchRequest', 'lastFetchedEpoch', v, 12, 32767)
  if (v >= 5) {
    const { logStartOffset = -1 } = m
    w.int64(logStartOffset)
  }
  const { partitionMaxBytes = 0 } = m
  w.int32(partitionMaxBytes)
  if (v >= 12) {
    const { replicaDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    const hasReplicaDirectoryId = v >= 17 && replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA'
    const { highWatermark = 2 ** 63 } = m
    const hasHighWatermark = v >= 18 && highWatermark !== 2 ** 63
    w.unsignedVarint(Number(hasReplicaDirectoryId) + Number(hasHighWatermark))
    if (hasReplicaDirectoryId) w.tag(0, (w) => w.uuid(replicaDirectoryId))
    if (hasHighWatermark) w.tag(1, (w) => w.int64(highWatermark))
  }
}

export interface FetchTopic {
  topic: string
  topicId: string
  partitions: FetchPartition[]
}

function readFetchTopic(r: Reader, v: number): FetchTopic {
  const topic = v <= 12 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: FetchPartition[] = []
  for (let n = r.notNull(v >= 12 ? r.compactArrayLength(33) : r.arrayLength(16)); n > 0; n--) partitions.push(readFetchPartition(r, v))
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchTopic(w: Writer, v: number, m: Draft<FetchTopic>): void {
  if (v <= 12) {
    const { topic = '' } = m
    if (v >= 12) w.compactString(topic)
    else w.string(topic)
  }
  if (v >= 13) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  if (v >= 12) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeFetchPartition(w, v, item)
  if (v >= 12) w.unsignedVarint(0)
}

export interface ForgottenTopic {
  topic: string
  topicId: string
  partitions: number[]
}

function readForgottenTopic(r: Reader, v: number): ForgottenTopic {
  const topic = v <= 12 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: number[] = []
  for (let n = r.notNull(v >= 12 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeForgottenTopic(w: Writer, v: number, m: Draft<ForgottenTopic>): void {
  if (v <= 12) {
    const { topic = '' } = m
    if (v >= 12) w.compactString(topic)
    else w.string(topic)
  }
  if (v >= 13) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  if (v >= 12) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  if (v >= 12) w.unsignedVarint(0)
}

export interface FetchRequest {
  clusterId: string | null
  replicaId: number
  replicaState: ReplicaState
  maxWaitMs: number
  minBytes: number
  maxBytes: number
  isolationLevel: number
  sessionId: number
  sessionEpoch: number
  topics: FetchTopic[]
  forgottenTopicsData: ForgottenTopic[]
  rackId: string
}

function readFetchRequest(r: Reader, v: number): FetchRequest {
  const replicaId = v <= 14 ? r.int32() : -1
  const maxWaitMs = r.int32()
  const minBytes = r.int32()
  const maxBytes = r.int32()
  const isolationLevel = r.int8()
  const sessionId = v >= 7 ? r.int32() : 0
  const sessionEpoch = v >= 7 ? r.int32() : -1
  const topics: FetchTopic[] = []
  for (let n = r.notNull(v >= 12 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) topics.push(readFetchTopic(r, v))
  const forgottenTopicsData: ForgottenTopic[] = []
  if (v >= 7) {
    for (let n = r.notNull(v >= 12 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) forgottenTopicsData.push(readForgottenTopic(r, v))
  }
  const rackId = v >= 11 ? (v >= 12 ? r.compactString() : r.string()) : ''
  let clusterId: string | null = null
  let replicaState: ReplicaState = { replicaId: -1, replicaEpoch: -1 }
  if (v >= 12) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0) {
        clusterId = r.compactNullableString()
      } else if (tag === 1 && v >= 15) {
        replicaState = readReplicaState(r, v)
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    clusterId,
    replicaId,
    replicaState,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    topics,
    forgottenTopicsData,
    rackId,
  }
}

function writeFetchRequest(w: Writer, v: number, m: Draft<FetchRequest>): void {
  if (v <= 14) {
    const { replicaId = -1 } = m
    w.int32(replicaId)
  } else if (m.replicaId !== undefined && m.replicaId !== -1) throw new UnsupportedField('FetchRequest', 'replicaId', v, 0, 14)
  const { maxWaitMs = 0 } = m
  w.int32(maxWaitMs)
  const { minBytes = 0 } = m
  w.int32(minBytes)
  const { maxBytes = 2147483647 } = m
  w.int32(maxBytes)
  const { isolationLevel = 0 } = m
  w.int8(isolationLevel)
  if (v >= 7) {
    const { sessionId = 0 } = m
    w.int32(sessionId)
  }
  if (v >= 7) {
    const { sessionEpoch = -1 } = m
    w.int32(sessionEpoch)
  }
  const { topics = [] } = m
  if (v >= 12) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeFetchTopic(w, v, item)
  if (v >= 7) {
    const { forgottenTopicsData = [] } = m
    if (v >= 12) w.compactArrayLength(forgottenTopicsData.length)
    else w.arrayLength(forgottenTopicsData.length)
    for (const item of forgottenTopicsData) writeForgottenTopic(w, v, item)
  } else if (m.forgottenTopicsData !== undefined && m.forgottenTopicsData.length > 0) throw new UnsupportedField('FetchRequest', 'forgottenTopicsData', v, 7, 32767)
  if (v >= 11) {
    const { rackId = '' } = m
    if (v >= 12) w.compactString(rackId)
    else w.string(rackId)
  }
  if (v >= 12) {
    const { clusterId = null } = m
    const hasClusterId = clusterId !== null
    const { replicaState = {} } = m
    const hasReplicaState = v >= 15 && ((replicaState.replicaId !== undefined && replicaState.replicaId !== -1) || (replicaState.replicaEpoch !== undefined && replicaState.replicaEpoch !== -1))
    w.unsignedVarint(Number(hasClusterId) + Number(hasReplicaState))
    if (hasClusterId) w.tag(0, (w) => w.compactNullableString(clusterId))
    if (hasReplicaState) w.tag(1, (w) => writeReplicaState(w, v, replicaState))
  }
  if (v < 15) {
    if (m.replicaState !== undefined && ((m.replicaState.replicaId !== undefined && m.replicaState.replicaId !== -1) || (m.replicaState.replicaEpoch !== undefined && m.replicaState.replicaEpoch !== -1))) throw new UnsupportedField('FetchRequest', 'replicaState', v, 15, 32767)
  }
}

export interface EpochEndOffset {
  epoch: number
  endOffset: number
}

function readEpochEndOffset(r: Reader, _v: number): EpochEndOffset {
  const epoch = r.int32()
  const endOffset = r.int64()
  r.skipTags()
  return { epoch, endOffset }
}

function writeEpochEndOffset(w: Writer, _v: number, m: Draft<EpochEndOffset>): void {
  const { epoch = -1 } = m
  w.int32(epoch)
  const { endOffset = -1 } = m
  w.int64(endOffset)
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
  const { leaderId = -1 } = m
  w.int32(leaderId)
  const { leaderEpoch = -1 } = m
  w.int32(leaderEpoch)
  w.unsignedVarint(0)
}

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
  const { endOffset = -1 } = m
  w.int64(endOffset)
  const { epoch = -1 } = m
  w.int32(epoch)
  w.unsignedVarint(0)
}

export interface AbortedTransaction {
  producerId: number
  firstOffset: number
}

function readAbortedTransaction(r: Reader, v: number): AbortedTransaction {
  const producerId = r.int64()
  const firstOffset = r.int64()
  if (v >= 12) r.skipTags()
  return { producerId, firstOffset }
}

function writeAbortedTransaction(w: Writer, v: number, m: Draft<AbortedTransaction>): void {
  const { producerId = 0 } = m
  w.int64(producerId)
  const { firstOffset = 0 } = m
  w.int64(firstOffset)
  if (v >= 12) w.unsignedVarint(0)
}

export interface PartitionData {
  partitionIndex: number
  errorCode: number
  highWatermark: number
  lastStableOffset: number
  logStartOffset: number
  divergingEpoch: EpochEndOffset
  currentLeader: LeaderIdAndEpoch
  snapshotId: SnapshotId
  abortedTransactions: AbortedTransaction[] | null
  preferredReadReplica: number
  records: Buffer | null
}

function readPartitionData(r: Reader, v: number): PartitionData {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const highWatermark = r.int64()
  const lastStableOffset = r.int64()
  const logStartOffset = v >= 5 ? r.int64() : -1
  let abortedTransactions: AbortedTransaction[] | null
  {
    const n = v >= 12 ? r.compactArrayLength(17) : r.arrayLength(16)
    abortedTransactions = n < 0 ? null : []
    if (abortedTransactions) for (let i = 0; i < n; i++) abortedTransactions.push(readAbortedTransaction(r, v))
  }
  const preferredReadReplica = v >= 11 ? r.int32() : -1
  const records: Buffer | null = v >= 12 ? r.compactNullableBytes() : r.nullableBytes()
  let divergingEpoch: EpochEndOffset = { epoch: -1, endOffset: -1 }
  let currentLeader: LeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }
  let snapshotId: SnapshotId = { endOffset: -1, epoch: -1 }
  if (v >= 12) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0) {
        divergingEpoch = readEpochEndOffset(r, v)
      } else if (tag === 1) {
        currentLeader = readLeaderIdAndEpoch(r, v)
      } else if (tag === 2) {
        snapshotId = readSnapshotId(r, v)
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader,
    snapshotId,
    abortedTransactions,
    preferredReadReplica,
    records,
  }
}

function writePartitionData(w: Writer, v: number, m: Draft<PartitionData>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { highWatermark = 0 } = m
  w.int64(highWatermark)
  const { lastStableOffset = -1 } = m
  w.int64(lastStableOffset)
  if (v >= 5) {
    const { logStartOffset = -1 } = m
    w.int64(logStartOffset)
  }
  const { abortedTransactions = [] } = m
  if (v >= 12) w.compactArrayLength(abortedTransactions === null ? -1 : abortedTransactions.length)
  else w.arrayLength(abortedTransactions === null ? -1 : abortedTransactions.length)
  for (const item of abortedTransactions ?? []) writeAbortedTransaction(w, v, item)
  if (v >= 11) {
    const { preferredReadReplica = -1 } = m
    w.int32(preferredReadReplica)
  } else if (m.preferredReadReplica !== undefined && m.preferredReadReplica !== -1) throw new UnsupportedField('FetchResponse', 'preferredReadReplica', v, 11, 32767)
  const { records = null } = m
  if (v >= 12) w.compactNullableBytes(records)
  else w.nullableBytes(records)
  if (v >= 12) {
    const { divergingEpoch = {} } = m
    const hasDivergingEpoch = ((divergingEpoch.epoch !== undefined && divergingEpoch.epoch !== -1) || (divergingEpoch.endOffset !== undefined && divergingEpoch.endOffset !== -1))
    const { currentLeader = {} } = m
    const hasCurrentLeader = ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== -1) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== -1))
    const { snapshotId = {} } = m
    const hasSnapshotId = ((snapshotId.endOffset !== undefined && snapshotId.endOffset !== -1) || (snapshotId.epoch !== undefined && snapshotId.epoch !== -1))
    w.unsignedVarint(Number(hasDivergingEpoch) + Number(hasCurrentLeader) + Number(hasSnapshotId))
    if (hasDivergingEpoch) w.tag(0, (w) => writeEpochEndOffset(w, v, divergingEpoch))
    if (hasCurrentLeader) w.tag(1, (w) => writeLeaderIdAndEpoch(w, v, currentLeader))
    if (hasSnapshotId) w.tag(2, (w) => writeSnapshotId(w, v, snapshotId))
  }
  if (v < 12) {
    if (m.divergingEpoch !== undefined && ((m.divergingEpoch.epoch !== undefined && m.divergingEpoch.epoch !== -1) || (m.divergingEpoch.endOffset !== undefined && m.divergingEpoch.endOffset !== -1))) throw new UnsupportedField('FetchResponse', 'divergingEpoch', v, 12, 32767)
  }
  if (v < 12) {
    if (m.currentLeader !== undefined && ((m.currentLeader.leaderId !== undefined && m.currentLeader.leaderId !== -1) || (m.currentLeader.leaderEpoch !== undefined && m.currentLeader.leaderEpoch !== -1))) throw new UnsupportedField('FetchResponse', 'currentLeader', v, 12, 32767)
  }
  if (v < 12) {
    if (m.snapshotId !== undefined && ((m.snapshotId.endOffset !== undefined && m.snapshotId.endOffset !== -1) || (m.snapshotId.epoch !== undefined && m.snapshotId.epoch !== -1))) throw new UnsupportedField('FetchResponse', 'snapshotId', v, 12, 32767)
  }
}

export interface FetchableTopicResponse {
  topic: string
  topicId: string
  partitions: PartitionData[]
}

function readFetchableTopicResponse(r: Reader, v: number): FetchableTopicResponse {
  const topic = v <= 12 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: PartitionData[] = []
  for (let n = r.notNull(v >= 12 ? r.compactArrayLength(37) : r.arrayLength(30)); n > 0; n--) partitions.push(readPartitionData(r, v))
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchableTopicResponse(w: Writer, v: number, m: Draft<FetchableTopicResponse>): void {
  if (v <= 12) {
    const { topic = '' } = m
    if (v >= 12) w.compactString(topic)
    else w.string(topic)
  }
  if (v >= 13) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { partitions = [] } = m
  if (v >= 12) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writePartitionData(w, v, item)
  if (v >= 12) w.unsignedVarint(0)
}

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

function readNodeEndpoint(r: Reader, _v: number): NodeEndpoint {
  const nodeId = r.int32()
  const host = r.compactString()
  const port = r.int32()
  const rack: string | null = r.compactNullableString()
  r.skipTags()
  return { nodeId, host, port, rack }
}

function writeNodeEndpoint(w: Writer, _v: number, m: Draft<NodeEndpoint>): void {
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.int32(port)
  const { rack = null } = m
  w.compactNullableString(rack)
  w.unsignedVarint(0)
}

export interface FetchResponse {
  throttleTimeMs: number
  errorCode: number
  sessionId: number
  responses: FetchableTopicResponse[]
  nodeEndpoints: NodeEndpoint[]
}

function readFetchResponse(r: Reader, v: number): FetchResponse {
  const throttleTimeMs = r.int32()
  const errorCode = v >= 7 ? r.int16() : 0
  const sessionId = v >= 7 ? r.int32() : 0
  const responses: FetchableTopicResponse[] = []
  for (let n = r.notNull(v >= 12 ? r.compactArrayLength(2) : r.arrayLength(6)); n > 0; n--) responses.push(readFetchableTopicResponse(r, v))
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 12) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0 && v >= 16) {
        nodeEndpoints = []
        for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) nodeEndpoints.push(readNodeEndpoint(r, v))
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints }
}

function writeFetchResponse(w: Writer, v: number, m: Draft<FetchResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 7) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  }
  if (v >= 7) {
    const { sessionId = 0 } = m
    w.int32(sessionId)
  } else if (m.sessionId !== undefined && m.sessionId !== 0) throw new UnsupportedField('FetchResponse', 'sessionId', v, 7, 32767)
  const { responses = [] } = m
  if (v >= 12) w.compactArrayLength(responses.length)
  else w.arrayLength(responses.length)
  for (const item of responses) writeFetchableTopicResponse(w, v, item)
  if (v >= 12) {
    const { nodeEndpoints = [] } = m
    const hasNodeEndpoints = v >= 16 && nodeEndpoints.length > 0
    w.unsignedVarint(Number(hasNodeEndpoints))
    if (hasNodeEndpoints) {
      w.tag(0, (w) => {
        w.compactArrayLength(nodeEndpoints.length)
        for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
      })
    }
  }
  if (v < 16) {
    if (m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('FetchResponse', 'nodeEndpoints', v, 16, 32767)
  }
}

export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 18,
  flexibleFrom: 12,
  encodeRequest: writeFetchRequest,
  decodeRequest: readFetchRequest,
  encodeResponse: writeFetchResponse,
  decodeResponse: readFetchResponse,
}
