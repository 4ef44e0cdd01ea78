// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ReplicaState {
  replicaId: number
  replicaEpoch: number
}

function readReplicaState(r: Reader, v: number): ReplicaState {
  const replicaId: number = v >= 15 ? r.int32() : -1
  const replicaEpoch: number = v >= 15 ? r.int64() : -1
  if (v >= 12) r.skipTags()
  return { replicaId, replicaEpoch }
}

function writeReplicaState(w: Writer, v: number, m: Draft<ReplicaState>): void {
  if (v >= 15) {
    const replicaId = m.replicaId === undefined ? -1 : m.replicaId
    w.int32(replicaId)
  }
  if ((v < 15) && m.replicaId !== undefined && m.replicaId !== -1) throw new UnsupportedField('FetchRequest', 'replicaId', v, 15)
  if (v >= 15) {
    const replicaEpoch = m.replicaEpoch === undefined ? -1 : m.replicaEpoch
    w.int64(replicaEpoch)
  }
  if ((v < 15) && m.replicaEpoch !== undefined && m.replicaEpoch !== -1) throw new UnsupportedField('FetchRequest', 'replicaEpoch', v, 15)
  if (v >= 12) w.unsignedVarint(0)
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
  const currentLeaderEpoch: number = v >= 9 ? r.int32() : -1
  const fetchOffset = r.int64()
  const lastFetchedEpoch: number = v >= 12 ? r.int32() : -1
  const logStartOffset: number = v >= 5 ? r.int64() : -1
  const partitionMaxBytes = r.int32()
  let replicaDirectoryId: string = 'AAAAAAAAAAAAAAAAAAAAAA'
  let highWatermark: number = 9223372036854776000
  if (v >= 12) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 17)) {
            r.skip(size)
            break
          }
          replicaDirectoryId = r.uuid()
          break
        }
        case 1: {
          if (!(v >= 18)) {
            r.skip(size)
            break
          }
          highWatermark = r.int64()
          break
        }
        default:
          r.skip(size)
      }
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
  const partition = m.partition === undefined ? 0 : m.partition
  w.int32(partition)
  if (v >= 9) {
    const currentLeaderEpoch = m.currentLeaderEpoch === undefined ? -1 : m.currentLeaderEpoch
    w.int32(currentLeaderEpoch)
  }
  const fetchOffset = m.fetchOffset === undefined ? 0 : m.fetchOffset
  w.int64(fetchOffset)
  if (v >= 12) {
    const lastFetchedEpoch = m.lastFetchedEpoch === undefined ? -1 : m.lastFetchedEpoch
    w.int32(lastFetchedEpoch)
  }
  if ((v < 12) && m.lastFetchedEpoch !== undefined && m.lastFetchedEpoch !== -1) throw new UnsupportedField('FetchRequest', 'lastFetchedEpoch', v, 12)
  if (v >= 5) {
    const logStartOffset = m.logStartOffset === undefined ? -1 : m.logStartOffset
    w.int64(logStartOffset)
  }
  const partitionMaxBytes = m.partitionMaxBytes === undefined ? 0 : m.partitionMaxBytes
  w.int32(partitionMaxBytes)
  if (v >= 12) {
    let tags = 0
    const replicaDirectoryId = m.replicaDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.replicaDirectoryId
    const hasReplicaDirectoryId = v >= 17 && replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA'
    if (hasReplicaDirectoryId) tags++
    const highWatermark = m.highWatermark === undefined ? 9223372036854776000 : m.highWatermark
    const hasHighWatermark = v >= 18 && highWatermark !== 9223372036854776000
    if (hasHighWatermark) tags++
    w.unsignedVarint(tags)
    if (hasReplicaDirectoryId) w.tag(0, (w) => {
      w.uuid(replicaDirectoryId)
    })
    if (hasHighWatermark) w.tag(1, (w) => {
      w.int64(highWatermark)
    })
  }
}

export interface FetchTopic {
  topic: string
  topicId: string
  partitions: FetchPartition[]
}

function readFetchTopic(r: Reader, v: number): FetchTopic {
  const topic: string = v <= 12 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: FetchPartition[] = []
  {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readFetchPartition(r, v))
  }
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchTopic(w: Writer, v: number, m: Draft<FetchTopic>): void {
  if (v <= 12) {
    const topic = m.topic === undefined ? '' : m.topic
    if (v >= 12) { w.compactString(topic) } else { w.string(topic) }
  }
  if (v >= 13) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 12) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) writeFetchPartition(w, v, item)
  if (v >= 12) w.unsignedVarint(0)
}

export interface ForgottenTopic {
  topic: string
  topicId: string
  partitions: number[]
}

function readForgottenTopic(r: Reader, v: number): ForgottenTopic {
  const topic: string = (v >= 7 && v <= 12) ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: number[] = []
  if (v >= 7) {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeForgottenTopic(w: Writer, v: number, m: Draft<ForgottenTopic>): void {
  if (v >= 7 && v <= 12) {
    const topic = m.topic === undefined ? '' : m.topic
    if (v >= 12) { w.compactString(topic) } else { w.string(topic) }
  }
  if (v >= 13) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  if (v >= 7) {
    const partitions = m.partitions === undefined ? [] : m.partitions
    if (v >= 12) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
    for (const item of partitions) w.int32(item)
  }
  if ((v < 7) && m.partitions !== undefined && m.partitions.length > 0) throw new UnsupportedField('FetchRequest', 'partitions', v, 7)
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
  const replicaId: number = v <= 14 ? r.int32() : -1
  const maxWaitMs = r.int32()
  const minBytes = r.int32()
  const maxBytes = r.int32()
  const isolationLevel = r.int8()
  const sessionId: number = v >= 7 ? r.int32() : 0
  const sessionEpoch: number = v >= 7 ? r.int32() : -1
  const topics: FetchTopic[] = []
  {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readFetchTopic(r, v))
  }
  const forgottenTopicsData: ForgottenTopic[] = []
  if (v >= 7) {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) forgottenTopicsData.push(readForgottenTopic(r, v))
  }
  const rackId: string = v >= 11 ? (v >= 12 ? r.compactString() : r.string()) : ''
  let clusterId: string | null = null
  let replicaState: ReplicaState = { replicaId: -1, replicaEpoch: -1 }
  if (v >= 12) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 12)) {
            r.skip(size)
            break
          }
          clusterId = v >= 12 ? (v >= 12 ? r.compactNullableString() : r.nullableString()) : (v >= 12 ? r.compactString() : r.string())
          break
        }
        case 1: {
          if (!(v >= 15)) {
            r.skip(size)
            break
          }
          replicaState = readReplicaState(r, v)
          break
        }
        default:
          r.skip(size)
      }
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
    const replicaId = m.replicaId === undefined ? -1 : m.replicaId
    w.int32(replicaId)
  }
  if ((v > 14) && m.replicaId !== undefined && m.replicaId !== -1) throw new UnsupportedField('FetchRequest', 'replicaId', v, 0)
  const maxWaitMs = m.maxWaitMs === undefined ? 0 : m.maxWaitMs
  w.int32(maxWaitMs)
  const minBytes = m.minBytes === undefined ? 0 : m.minBytes
  w.int32(minBytes)
  const maxBytes = m.maxBytes === undefined ? 2147483647 : m.maxBytes
  w.int32(maxBytes)
  const isolationLevel = m.isolationLevel === undefined ? 0 : m.isolationLevel
  w.int8(isolationLevel)
  if (v >= 7) {
    const sessionId = m.sessionId === undefined ? 0 : m.sessionId
    w.int32(sessionId)
  }
  if (v >= 7) {
    const sessionEpoch = m.sessionEpoch === undefined ? -1 : m.sessionEpoch
    w.int32(sessionEpoch)
  }
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 12) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeFetchTopic(w, v, item)
  if (v >= 7) {
    const forgottenTopicsData = m.forgottenTopicsData === undefined ? [] : m.forgottenTopicsData
    if (v >= 12) { w.compactArrayLength(forgottenTopicsData.length) } else { w.arrayLength(forgottenTopicsData.length) }
    for (const item of forgottenTopicsData) writeForgottenTopic(w, v, item)
  }
  if ((v < 7) && m.forgottenTopicsData !== undefined && m.forgottenTopicsData.length > 0) throw new UnsupportedField('FetchRequest', 'forgottenTopicsData', v, 7)
  if (v >= 11) {
    const rackId = m.rackId === undefined ? '' : m.rackId
    if (v >= 12) { w.compactString(rackId) } else { w.string(rackId) }
  }
  if (v >= 12) {
    let tags = 0
    const clusterId = m.clusterId === undefined ? null : m.clusterId
    const hasClusterId = v >= 12 && clusterId !== null
    if (hasClusterId) tags++
    const replicaState = m.replicaState === undefined ? { replicaId: -1, replicaEpoch: -1 } : m.replicaState
    const hasReplicaState = v >= 15 && ((replicaState.replicaId !== undefined && replicaState.replicaId !== -1) || (replicaState.replicaEpoch !== undefined && replicaState.replicaEpoch !== -1))
    if (hasReplicaState) tags++
    w.unsignedVarint(tags)
    if (hasClusterId) w.tag(0, (w) => {
      if (v >= 12) { if (v >= 12) { w.compactNullableString(clusterId) } else { w.nullableString(clusterId) } } else { if (v >= 12) { w.compactString(clusterId!) } else { w.string(clusterId!) } }
    })
    if (hasReplicaState) w.tag(1, (w) => {
      writeReplicaState(w, v, replicaState)
    })
  }
  if ((v < 15) && m.replicaState !== undefined && ((m.replicaState.replicaId !== undefined && m.replicaState.replicaId !== -1) || (m.replicaState.replicaEpoch !== undefined && m.replicaState.replicaEpoch !== -1))) throw new UnsupportedField('FetchRequest', 'replicaState', v, 15)
}

export interface EpochEndOffset {
  epoch: number
  endOffset: number
}

function readEpochEndOffset(r: Reader, v: number): EpochEndOffset {
  const epoch: number = v >= 12 ? r.int32() : -1
  const endOffset: number = v >= 12 ? r.int64() : -1
  if (v >= 12) r.skipTags()
  return { epoch, endOffset }
}

function writeEpochEndOffset(w: Writer, v: number, m: Draft<EpochEndOffset>): void {
  if (v >= 12) {
    const epoch = m.epoch === undefined ? -1 : m.epoch
    w.int32(epoch)
  }
  if ((v < 12) && m.epoch !== undefined && m.epoch !== -1) throw new UnsupportedField('FetchResponse', 'epoch', v, 12)
  if (v >= 12) {
    const endOffset = m.endOffset === undefined ? -1 : m.endOffset
    w.int64(endOffset)
  }
  if ((v < 12) && m.endOffset !== undefined && m.endOffset !== -1) throw new UnsupportedField('FetchResponse', 'endOffset', v, 12)
  if (v >= 12) w.unsignedVarint(0)
}

export interface LeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
}

function readLeaderIdAndEpoch(r: Reader, v: number): LeaderIdAndEpoch {
  const leaderId: number = v >= 12 ? r.int32() : -1
  const leaderEpoch: number = v >= 12 ? r.int32() : -1
  if (v >= 12) r.skipTags()
  return { leaderId, leaderEpoch }
}

function writeLeaderIdAndEpoch(w: Writer, v: number, m: Draft<LeaderIdAndEpoch>): void {
  if (v >= 12) {
    const leaderId = m.leaderId === undefined ? -1 : m.leaderId
    w.int32(leaderId)
  }
  if ((v < 12) && m.leaderId !== undefined && m.leaderId !== -1) throw new UnsupportedField('FetchResponse', 'leaderId', v, 12)
  if (v >= 12) {
    const leaderEpoch = m.leaderEpoch === undefined ? -1 : m.leaderEpoch
    w.int32(leaderEpoch)
  }
  if ((v < 12) && m.leaderEpoch !== undefined && m.leaderEpoch !== -1) throw new UnsupportedField('FetchResponse', 'leaderEpoch', v, 12)
  if (v >= 12) w.unsignedVarint(0)
}

export interface SnapshotId {
  endOffset: number
  epoch: number
}

function readSnapshotId(r: Reader, v: number): SnapshotId {
  const endOffset = r.int64()
  const epoch = r.int32()
  if (v >= 12) r.skipTags()
  return { endOffset, epoch }
}

function writeSnapshotId(w: Writer, v: number, m: Draft<SnapshotId>): void {
  const endOffset = m.endOffset === undefined ? -1 : m.endOffset
  w.int64(endOffset)
  const epoch = m.epoch === undefined ? -1 : m.epoch
  w.int32(epoch)
  if (v >= 12) w.unsignedVarint(0)
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
  const producerId = m.producerId === undefined ? 0 : m.producerId
  w.int64(producerId)
  const firstOffset = m.firstOffset === undefined ? 0 : m.firstOffset
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
  const logStartOffset: number = v >= 5 ? r.int64() : -1
  let abortedTransactions: AbortedTransaction[] | null = []
  {
    const n = v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1)
    abortedTransactions = n < 0 ? null : []
    if (abortedTransactions) for (let i = 0; i < n; i++) abortedTransactions.push(readAbortedTransaction(r, v))
  }
  const preferredReadReplica: number = v >= 11 ? r.int32() : -1
  const records: Buffer | null = v >= 12 ? r.compactNullableBytes() : r.nullableBytes()
  let divergingEpoch: EpochEndOffset = { epoch: -1, endOffset: -1 }
  let currentLeader: LeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }
  let snapshotId: SnapshotId = { endOffset: -1, epoch: -1 }
  if (v >= 12) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 12)) {
            r.skip(size)
            break
          }
          divergingEpoch = readEpochEndOffset(r, v)
          break
        }
        case 1: {
          if (!(v >= 12)) {
            r.skip(size)
            break
          }
          currentLeader = readLeaderIdAndEpoch(r, v)
          break
        }
        case 2: {
          if (!(v >= 12)) {
            r.skip(size)
            break
          }
          snapshotId = readSnapshotId(r, v)
          break
        }
        default:
          r.skip(size)
      }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const highWatermark = m.highWatermark === undefined ? 0 : m.highWatermark
  w.int64(highWatermark)
  const lastStableOffset = m.lastStableOffset === undefined ? -1 : m.lastStableOffset
  w.int64(lastStableOffset)
  if (v >= 5) {
    const logStartOffset = m.logStartOffset === undefined ? -1 : m.logStartOffset
    w.int64(logStartOffset)
  }
  const abortedTransactions = m.abortedTransactions === undefined ? [] : m.abortedTransactions
  if (abortedTransactions === null) {
      if (v >= 12) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
    } else {
      if (v >= 12) { w.compactArrayLength(abortedTransactions.length) } else { w.arrayLength(abortedTransactions.length) }
      for (const item of abortedTransactions) writeAbortedTransaction(w, v, item)
    }
  if (v >= 11) {
    const preferredReadReplica = m.preferredReadReplica === undefined ? -1 : m.preferredReadReplica
    w.int32(preferredReadReplica)
  }
  if ((v < 11) && m.preferredReadReplica !== undefined && m.preferredReadReplica !== -1) throw new UnsupportedField('FetchResponse', 'preferredReadReplica', v, 11)
  const records = m.records === undefined ? null : m.records
  if (v >= 12) { w.compactNullableBytes(records) } else { w.nullableBytes(records) }
  if (v >= 12) {
    let tags = 0
    const divergingEpoch = m.divergingEpoch === undefined ? { epoch: -1, endOffset: -1 } : m.divergingEpoch
    const hasDivergingEpoch = v >= 12 && ((divergingEpoch.epoch !== undefined && divergingEpoch.epoch !== -1) || (divergingEpoch.endOffset !== undefined && divergingEpoch.endOffset !== -1))
    if (hasDivergingEpoch) tags++
    const currentLeader = m.currentLeader === undefined ? { leaderId: -1, leaderEpoch: -1 } : m.currentLeader
    const hasCurrentLeader = v >= 12 && ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== -1) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== -1))
    if (hasCurrentLeader) tags++
    const snapshotId = m.snapshotId === undefined ? { endOffset: -1, epoch: -1 } : m.snapshotId
    const hasSnapshotId = v >= 12 && ((snapshotId.endOffset !== undefined && snapshotId.endOffset !== -1) || (snapshotId.epoch !== undefined && snapshotId.epoch !== -1))
    if (hasSnapshotId) tags++
    w.unsignedVarint(tags)
    if (hasDivergingEpoch) w.tag(0, (w) => {
      writeEpochEndOffset(w, v, divergingEpoch)
    })
    if (hasCurrentLeader) w.tag(1, (w) => {
      writeLeaderIdAndEpoch(w, v, currentLeader)
    })
    if (hasSnapshotId) w.tag(2, (w) => {
      writeSnapshotId(w, v, snapshotId)
    })
  }
  if ((v < 12) && m.divergingEpoch !== undefined && ((m.divergingEpoch.epoch !== undefined && m.divergingEpoch.epoch !== -1) || (m.divergingEpoch.endOffset !== undefined && m.divergingEpoch.endOffset !== -1))) throw new UnsupportedField('FetchResponse', 'divergingEpoch', v, 12)
  if ((v < 12) && m.currentLeader !== undefined && ((m.currentLeader.leaderId !== undefined && m.currentLeader.leaderId !== -1) || (m.currentLeader.leaderEpoch !== undefined && m.currentLeader.leaderEpoch !== -1))) throw new UnsupportedField('FetchResponse', 'currentLeader', v, 12)
  if ((v < 12) && m.snapshotId !== undefined && ((m.snapshotId.endOffset !== undefined && m.snapshotId.endOffset !== -1) || (m.snapshotId.epoch !== undefined && m.snapshotId.epoch !== -1))) throw new UnsupportedField('FetchResponse', 'snapshotId', v, 12)
}

export interface FetchableTopicResponse {
  topic: string
  topicId: string
  partitions: PartitionData[]
}

function readFetchableTopicResponse(r: Reader, v: number): FetchableTopicResponse {
  const topic: string = v <= 12 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 13 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: PartitionData[] = []
  {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionData(r, v))
  }
  if (v >= 12) r.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchableTopicResponse(w: Writer, v: number, m: Draft<FetchableTopicResponse>): void {
  if (v <= 12) {
    const topic = m.topic === undefined ? '' : m.topic
    if (v >= 12) { w.compactString(topic) } else { w.string(topic) }
  }
  if (v >= 13) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 12) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) writePartitionData(w, v, item)
  if (v >= 12) w.unsignedVarint(0)
}

export interface NodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

function readNodeEndpoint(r: Reader, v: number): NodeEndpoint {
  const nodeId: number = v >= 16 ? r.int32() : 0
  const host: string = v >= 16 ? (v >= 12 ? r.compactString() : r.string()) : ''
  const port: number = v >= 16 ? r.int32() : 0
  const rack: string | null = v >= 16 ? v >= 16 ? (v >= 12 ? r.compactNullableString() : r.nullableString()) : (v >= 12 ? r.compactString() : r.string()) : null
  if (v >= 12) r.skipTags()
  return { nodeId, host, port, rack }
}

function writeNodeEndpoint(w: Writer, v: number, m: Draft<NodeEndpoint>): void {
  if (v >= 16) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 16) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('FetchResponse', 'nodeId', v, 16)
  if (v >= 16) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 12) { w.compactString(host) } else { w.string(host) }
  }
  if ((v < 16) && m.host !== undefined && m.host !== '') throw new UnsupportedField('FetchResponse', 'host', v, 16)
  if (v >= 16) {
    const port = m.port === undefined ? 0 : m.port
    w.int32(port)
  }
  if ((v < 16) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('FetchResponse', 'port', v, 16)
  if (v >= 16) {
    const rack = m.rack === undefined ? null : m.rack
    if (v >= 16) { if (v >= 12) { w.compactNullableString(rack) } else { w.nullableString(rack) } } else { if (v >= 12) { w.compactString(rack!) } else { w.string(rack!) } }
  }
  if ((v < 16) && m.rack !== undefined && m.rack !== null) throw new UnsupportedField('FetchResponse', 'rack', v, 16)
  if (v >= 12) w.unsignedVarint(0)
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
  const errorCode: number = v >= 7 ? r.int16() : 0
  const sessionId: number = v >= 7 ? r.int32() : 0
  const responses: FetchableTopicResponse[] = []
  {
    const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) responses.push(readFetchableTopicResponse(r, v))
  }
  let nodeEndpoints: NodeEndpoint[] = []
  if (v >= 12) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 16)) {
            r.skip(size)
            break
          }
          nodeEndpoints = []
          const n = r.notNull(v >= 12 ? r.compactArrayLength(1) : r.arrayLength(1))
          for (let i = 0; i < n; i++) nodeEndpoints.push(readNodeEndpoint(r, v))
          break
        }
        default:
          r.skip(size)
      }
      r.expectAt(end)
    }
  }
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints }
}

function writeFetchResponse(w: Writer, v: number, m: Draft<FetchResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 7) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if (v >= 7) {
    const sessionId = m.sessionId === undefined ? 0 : m.sessionId
    w.int32(sessionId)
  }
  if ((v < 7) && m.sessionId !== undefined && m.sessionId !== 0) throw new UnsupportedField('FetchResponse', 'sessionId', v, 7)
  const responses = m.responses === undefined ? [] : m.responses
  if (v >= 12) { w.compactArrayLength(responses.length) } else { w.arrayLength(responses.length) }
  for (const item of responses) writeFetchableTopicResponse(w, v, item)
  if (v >= 12) {
    let tags = 0
    const nodeEndpoints = m.nodeEndpoints === undefined ? [] : m.nodeEndpoints
    const hasNodeEndpoints = v >= 16 && nodeEndpoints.length > 0
    if (hasNodeEndpoints) tags++
    w.unsignedVarint(tags)
    if (hasNodeEndpoints) w.tag(0, (w) => {
      if (v >= 12) { w.compactArrayLength(nodeEndpoints.length) } else { w.arrayLength(nodeEndpoints.length) }
      for (const item of nodeEndpoints) writeNodeEndpoint(w, v, item)
    })
  }
  if ((v < 16) && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0) throw new UnsupportedField('FetchResponse', 'nodeEndpoints', v, 16)
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
