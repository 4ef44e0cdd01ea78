// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TxnOffsetCommitRequestPartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  committedMetadata: string | null
}

function readTxnOffsetCommitRequestPartition(r: Reader, v: number): TxnOffsetCommitRequestPartition {
  const partitionIndex = r.int32()
  const committedOffset = r.int64()
  const committedLeaderEpoch = v >= 2 ? r.int32() : -1
  const committedMetadata: string | null = v >= 3 ? r.compactNullableString() : r.nullableString()
  if (v >= 3) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }
}

function writeTxnOffsetCommitRequestPartition(w: Writer, v: number, m: Draft<TxnOffsetCommitRequestPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { committedOffset = 0 } = m
  w.int64(committedOffset)
  if (v >= 2) {
    const { committedLeaderEpoch = -1 } = m
    w.int32(committedLeaderEpoch)
  }
  const { committedMetadata = '' } = m
  if (v >= 3) w.compactNullableString(committedMetadata)
  else w.nullableString(committedMetadata)
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitRequestTopic {
  name: string
  partitions: TxnOffsetCommitRequestPartition[]
}

function readTxnOffsetCommitRequestTopic(r: Reader, v: number): TxnOffsetCommitRequestTopic {
  const name = v >= 3 ? r.compactString() : r.string()
  const partitions: TxnOffsetCommitRequestPartition[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(18) : r.arrayLength(14)); n > 0; n--) partitions.push(readTxnOffsetCommitRequestPartition(r, v))
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitRequestTopic(w: Writer, v: number, m: Draft<TxnOffsetCommitRequestTopic>): void {
  const { name = '' } = m
  if (v >= 3) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 3) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeTxnOffsetCommitRequestPartition(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitRequest {
  transactionalId: string
  groupId: string
  producerId: number
  producerEpoch: number
  generationId: number
  memberId: string
  groupInstanceId: string | null
  topics: TxnOffsetCommitRequestTopic[]
}

function readTxnOffsetCommitRequest(r: Reader, v: number): TxnOffsetCommitRequest {
  const transactionalId = v >= 3 ? r.compactString() : r.string()
  const groupId = v >= 3 ? r.compactString() : r.string()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const generationId = v >= 3 ? r.int32() : -1
  const memberId = v >= 3 ? r.compactString() : ''
  const groupInstanceId: string | null = v >= 3 ? r.compactNullableString() : null
  const topics: TxnOffsetCommitRequestTopic[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readTxnOffsetCommitRequestTopic(r, v))
  if (v >= 3) r.skipTags()
  return {
    transactionalId,
    groupId,
    producerId,
    producerEpoch,
    generationId,
    memberId,
    groupInstanceId,
    topics,
  }
}

function writeTxnOffsetCommitRequest(w: Writer, v: number, m: Draft<TxnOffsetCommitRequest>): void {
  const { transactionalId = '' } = m
  if (v >= 3) w.compactString(transactionalId)
  else w.string(transactionalId)
  const { groupId = '' } = m
  if (v >= 3) w.compactString(groupId)
  else w.string(groupId)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  if (v >= 3) {
    const { generationId = -1 } = m
    w.int32(generationId)
  } else if (m.generationId !== undefined && m.generationId !== -1) throw new UnsupportedField('TxnOffsetCommitRequest', 'generationId', v, 3, 32767)
  if (v >= 3) {
    const { memberId = '' } = m
    w.compactString(memberId)
  } else if (m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('TxnOffsetCommitRequest', 'memberId', v, 3, 32767)
  if (v >= 3) {
    const { groupInstanceId = null } = m
    w.compactNullableString(groupInstanceId)
  } else if (m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('TxnOffsetCommitRequest', 'groupInstanceId', v, 3, 32767)
  const { topics = [] } = m
  if (v >= 3) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeTxnOffsetCommitRequestTopic(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitResponsePartition {
  partitionIndex: number
  errorCode: number
}

function readTxnOffsetCommitResponsePartition(r: Reader, v: number): TxnOffsetCommitResponsePartition {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  if (v >= 3) r.skipTags()
  return { partitionIndex, errorCode }
}

function writeTxnOffsetCommitResponsePartition(w: Writer, v: number, m: Draft<TxnOffsetCommitResponsePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitResponseTopic {
  name: string
  partitions: TxnOffsetCommitResponsePartition[]
}

function readTxnOffsetCommitResponseTopic(r: Reader, v: number): TxnOffsetCommitResponseTopic {
  const name = v >= 3 ? r.compactString() : r.string()
  const partitions: TxnOffsetCommitResponsePartition[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(7) : r.arrayLength(6)); n > 0; n--) partitions.push(readTxnOffsetCommitResponsePartition(r, v))
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitResponseTopic(w: Writer, v: number, m: Draft<TxnOffsetCommitResponseTopic>): void {
  const { name = '' } = m
  if (v >= 3) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 3) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeTxnOffsetCommitResponsePartition(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitResponse {
  throttleTimeMs: number
  topics: TxnOffsetCommitResponseTopic[]
}

function readTxnOffsetCommitResponse(r: Reader, v: number): TxnOffsetCommitResponse {
  const throttleTimeMs = r.int32()
  const topics: TxnOffsetCommitResponseTopic[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readTxnOffsetCommitResponseTopic(r, v))
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeTxnOffsetCommitResponse(w: Writer, v: number, m: Draft<TxnOffsetCommitResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  if (v >= 3) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeTxnOffsetCommitResponseTopic(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export const txnOffsetCommit: Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  encodeRequest: writeTxnOffsetCommitRequest,
  decodeRequest: readTxnOffsetCommitRequest,
  encodeResponse: writeTxnOffsetCommitResponse,
  decodeResponse: readTxnOffsetCommitResponse,
}
