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
  const committedLeaderEpoch: number = v >= 2 ? r.int32() : -1
  const committedMetadata: string | null = v >= 3 ? r.compactNullableString() : r.nullableString()
  if (v >= 3) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }
}

function writeTxnOffsetCommitRequestPartition(w: Writer, v: number, m: Draft<TxnOffsetCommitRequestPartition>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const committedOffset = m.committedOffset === undefined ? 0 : m.committedOffset
  w.int64(committedOffset)
  if (v >= 2) {
    const committedLeaderEpoch = m.committedLeaderEpoch === undefined ? -1 : m.committedLeaderEpoch
    w.int32(committedLeaderEpoch)
  }
  const committedMetadata = m.committedMetadata === undefined ? '' : m.committedMetadata
  if (v >= 3) { w.compactNullableString(committedMetadata) } else { w.nullableString(committedMetadata) }
  if (v >= 3) w.unsignedVarint(0)
}

export interface TxnOffsetCommitRequestTopic {
  name: string
  partitions: TxnOffsetCommitRequestPartition[]
}

function readTxnOffsetCommitRequestTopic(r: Reader, v: number): TxnOffsetCommitRequestTopic {
  const name = v >= 3 ? r.compactString() : r.string()
  const partitions: TxnOffsetCommitRequestPartition[] = []
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readTxnOffsetCommitRequestPartition(r, v))
  }
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitRequestTopic(w: Writer, v: number, m: Draft<TxnOffsetCommitRequestTopic>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 3) { w.compactString(name) } else { w.string(name) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 3) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
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
  const generationId: number = v >= 3 ? r.int32() : -1
  const memberId: string = v >= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const groupInstanceId: string | null = v >= 3 ? v >= 3 ? (v >= 3 ? r.compactNullableString() : r.nullableString()) : (v >= 3 ? r.compactString() : r.string()) : null
  const topics: TxnOffsetCommitRequestTopic[] = []
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTxnOffsetCommitRequestTopic(r, v))
  }
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
  const transactionalId = m.transactionalId === undefined ? '' : m.transactionalId
  if (v >= 3) { w.compactString(transactionalId) } else { w.string(transactionalId) }
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 3) { w.compactString(groupId) } else { w.string(groupId) }
  const producerId = m.producerId === undefined ? 0 : m.producerId
  w.int64(producerId)
  const producerEpoch = m.producerEpoch === undefined ? 0 : m.producerEpoch
  w.int16(producerEpoch)
  if (v >= 3) {
    const generationId = m.generationId === undefined ? -1 : m.generationId
    w.int32(generationId)
  }
  if ((v < 3) && m.generationId !== undefined && m.generationId !== -1) throw new UnsupportedField('TxnOffsetCommitRequest', 'generationId', v, 3)
  if (v >= 3) {
    const memberId = m.memberId === undefined ? '' : m.memberId
    if (v >= 3) { w.compactString(memberId) } else { w.string(memberId) }
  }
  if ((v < 3) && m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('TxnOffsetCommitRequest', 'memberId', v, 3)
  if (v >= 3) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 3) { if (v >= 3) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 3) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  if ((v < 3) && m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('TxnOffsetCommitRequest', 'groupInstanceId', v, 3)
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 3) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
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
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readTxnOffsetCommitResponsePartition(r, v))
  }
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitResponseTopic(w: Writer, v: number, m: Draft<TxnOffsetCommitResponseTopic>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 3) { w.compactString(name) } else { w.string(name) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 3) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
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
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTxnOffsetCommitResponseTopic(r, v))
  }
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, topics }
}

function writeTxnOffsetCommitResponse(w: Writer, v: number, m: Draft<TxnOffsetCommitResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 3) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
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
