// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface OffsetForLeaderPartition {
  partition: number
  currentLeaderEpoch: number
  leaderEpoch: number
}

function readOffsetForLeaderPartition(r: Reader, v: number): OffsetForLeaderPartition {
  const partition = r.int32()
  const currentLeaderEpoch = r.int32()
  const leaderEpoch = r.int32()
  if (v >= 4) r.skipTags()
  return { partition, currentLeaderEpoch, leaderEpoch }
}

function writeOffsetForLeaderPartition(w: Writer, v: number, m: Draft<OffsetForLeaderPartition>): void {
  const { partition = 0 } = m
  w.int32(partition)
  const { currentLeaderEpoch = -1 } = m
  w.int32(currentLeaderEpoch)
  const { leaderEpoch = 0 } = m
  w.int32(leaderEpoch)
  if (v >= 4) w.unsignedVarint(0)
}

export interface OffsetForLeaderTopic {
  topic: string
  partitions: OffsetForLeaderPartition[]
}

function readOffsetForLeaderTopic(r: Reader, v: number): OffsetForLeaderTopic {
  const topic = v >= 4 ? r.compactString() : r.string()
  const partitions: OffsetForLeaderPartition[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(13) : r.arrayLength(12)); n > 0; n--) partitions.push(readOffsetForLeaderPartition(r, v))
  if (v >= 4) r.skipTags()
  return { topic, partitions }
}

function writeOffsetForLeaderTopic(w: Writer, v: number, m: Draft<OffsetForLeaderTopic>): void {
  const { topic = '' } = m
  if (v >= 4) w.compactString(topic)
  else w.string(topic)
  const { partitions = [] } = m
  if (v >= 4) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetForLeaderPartition(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export interface OffsetForLeaderEpochRequest {
  replicaId: number
  topics: OffsetForLeaderTopic[]
}

function readOffsetForLeaderEpochRequest(r: Reader, v: number): OffsetForLeaderEpochRequest {
  const replicaId = v >= 3 ? r.int32() : -2
  const topics: OffsetForLeaderTopic[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readOffsetForLeaderTopic(r, v))
  if (v >= 4) r.skipTags()
  return { replicaId, topics }
}

function writeOffsetForLeaderEpochRequest(w: Writer, v: number, m: Draft<OffsetForLeaderEpochRequest>): void {
  if (v >= 3) {
    const { replicaId = -2 } = m
    w.int32(replicaId)
  }
  const { topics = [] } = m
  if (v >= 4) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeOffsetForLeaderTopic(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export interface EpochEndOffset {
  errorCode: number
  partition: number
  leaderEpoch: number
  endOffset: number
}

function readEpochEndOffset(r: Reader, v: number): EpochEndOffset {
  const errorCode = r.int16()
  const partition = r.int32()
  const leaderEpoch = r.int32()
  const endOffset = r.int64()
  if (v >= 4) r.skipTags()
  return { errorCode, partition, leaderEpoch, endOffset }
}

function writeEpochEndOffset(w: Writer, v: number, m: Draft<EpochEndOffset>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { partition = 0 } = m
  w.int32(partition)
  const { leaderEpoch = -1 } = m
  w.int32(leaderEpoch)
  const { endOffset = -1 } = m
  w.int64(endOffset)
  if (v >= 4) w.unsignedVarint(0)
}

export interface OffsetForLeaderTopicResult {
  topic: string
  partitions: EpochEndOffset[]
}

function readOffsetForLeaderTopicResult(r: Reader, v: number): OffsetForLeaderTopicResult {
  const topic = v >= 4 ? r.compactString() : r.string()
  const partitions: EpochEndOffset[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(19) : r.arrayLength(18)); n > 0; n--) partitions.push(readEpochEndOffset(r, v))
  if (v >= 4) r.skipTags()
  return { topic, partitions }
}

function writeOffsetForLeaderTopicResult(w: Writer, v: number, m: Draft<OffsetForLeaderTopicResult>): void {
  const { topic = '' } = m
  if (v >= 4) w.compactString(topic)
  else w.string(topic)
  const { partitions = [] } = m
  if (v >= 4) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeEpochEndOffset(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export interface OffsetForLeaderEpochResponse {
  throttleTimeMs: number
  topics: OffsetForLeaderTopicResult[]
}

function readOffsetForLeaderEpochResponse(r: Reader, v: number): OffsetForLeaderEpochResponse {
  const throttleTimeMs = r.int32()
  const topics: OffsetForLeaderTopicResult[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readOffsetForLeaderTopicResult(r, v))
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeOffsetForLeaderEpochResponse(w: Writer, v: number, m: Draft<OffsetForLeaderEpochResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  if (v >= 4) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeOffsetForLeaderTopicResult(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export const offsetForLeaderEpoch: Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  flexibleFrom: 4,
  encodeRequest: writeOffsetForLeaderEpochRequest,
  decodeRequest: readOffsetForLeaderEpochRequest,
  encodeResponse: writeOffsetForLeaderEpochResponse,
  decodeResponse: readOffsetForLeaderEpochResponse,
}
