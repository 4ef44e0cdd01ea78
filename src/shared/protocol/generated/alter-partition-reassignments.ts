// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ReassignablePartition {
  partitionIndex: number
  replicas: number[] | null
}

function readReassignablePartition(r: Reader, _v: number): ReassignablePartition {
  const partitionIndex = r.int32()
  let replicas: number[] | null
  {
    const n = r.compactArrayLength(4)
    replicas = n < 0 ? null : []
    if (replicas) for (let i = 0; i < n; i++) replicas.push(r.int32())
  }
  r.skipTags()
  return { partitionIndex, replicas }
}

function writeReassignablePartition(w: Writer, _v: number, m: Draft<ReassignablePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { replicas = null } = m
  w.compactArrayLength(replicas === null ? -1 : replicas.length)
  for (const item of replicas ?? []) w.int32(item)
  w.unsignedVarint(0)
}

export interface ReassignableTopic {
  name: string
  partitions: ReassignablePartition[]
}

function readReassignableTopic(r: Reader, v: number): ReassignableTopic {
  const name = r.compactString()
  const partitions: ReassignablePartition[] = []
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) partitions.push(readReassignablePartition(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeReassignableTopic(w: Writer, v: number, m: Draft<ReassignableTopic>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeReassignablePartition(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterPartitionReassignmentsRequest {
  timeoutMs: number
  allowReplicationFactorChange: boolean
  topics: ReassignableTopic[]
}

function readAlterPartitionReassignmentsRequest(r: Reader, v: number): AlterPartitionReassignmentsRequest {
  const timeoutMs = r.int32()
  const allowReplicationFactorChange = v >= 1 ? r.boolean() : true
  const topics: ReassignableTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readReassignableTopic(r, v))
  r.skipTags()
  return { timeoutMs, allowReplicationFactorChange, topics }
}

function writeAlterPartitionReassignmentsRequest(w: Writer, v: number, m: Draft<AlterPartitionReassignmentsRequest>): void {
  const { timeoutMs = 60000 } = m
  w.int32(timeoutMs)
  if (v >= 1) {
    const { allowReplicationFactorChange = true } = m
    w.boolean(allowReplicationFactorChange)
  } else if (m.allowReplicationFactorChange !== undefined && m.allowReplicationFactorChange !== true) throw new UnsupportedField('AlterPartitionReassignmentsRequest', 'allowReplicationFactorChange', v, 1, 32767)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeReassignableTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface ReassignablePartitionResponse {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
}

function readReassignablePartitionResponse(r: Reader, _v: number): ReassignablePartitionResponse {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage }
}

function writeReassignablePartitionResponse(w: Writer, _v: number, m: Draft<ReassignablePartitionResponse>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface ReassignableTopicResponse {
  name: string
  partitions: ReassignablePartitionResponse[]
}

function readReassignableTopicResponse(r: Reader, v: number): ReassignableTopicResponse {
  const name = r.compactString()
  const partitions: ReassignablePartitionResponse[] = []
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readReassignablePartitionResponse(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeReassignableTopicResponse(w: Writer, v: number, m: Draft<ReassignableTopicResponse>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeReassignablePartitionResponse(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterPartitionReassignmentsResponse {
  throttleTimeMs: number
  allowReplicationFactorChange: boolean
  errorCode: number
  errorMessage: string | null
  responses: ReassignableTopicResponse[]
}

function readAlterPartitionReassignmentsResponse(r: Reader, v: number): AlterPartitionReassignmentsResponse {
  const throttleTimeMs = r.int32()
  const allowReplicationFactorChange = v >= 1 ? r.boolean() : true
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const responses: ReassignableTopicResponse[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) responses.push(readReassignableTopicResponse(r, v))
  r.skipTags()
  return { throttleTimeMs, allowReplicationFactorChange, errorCode, errorMessage, responses }
}

function writeAlterPartitionReassignmentsResponse(w: Writer, v: number, m: Draft<AlterPartitionReassignmentsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 1) {
    const { allowReplicationFactorChange = true } = m
    w.boolean(allowReplicationFactorChange)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  const { responses = [] } = m
  w.compactArrayLength(responses.length)
  for (const item of responses) writeReassignableTopicResponse(w, v, item)
  w.unsignedVarint(0)
}

export const alterPartitionReassignments: Api<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> = {
  key: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeAlterPartitionReassignmentsRequest,
  decodeRequest: readAlterPartitionReassignmentsRequest,
  encodeResponse: writeAlterPartitionReassignmentsResponse,
  decodeResponse: readAlterPartitionReassignmentsResponse,
}
