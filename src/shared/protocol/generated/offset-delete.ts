// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface OffsetDeleteRequestPartition {
  partitionIndex: number
}

function readOffsetDeleteRequestPartition(r: Reader, _v: number): OffsetDeleteRequestPartition {
  const partitionIndex = r.int32()
  return { partitionIndex }
}

function writeOffsetDeleteRequestPartition(w: Writer, _v: number, m: Draft<OffsetDeleteRequestPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
}

export interface OffsetDeleteRequestTopic {
  name: string
  partitions: OffsetDeleteRequestPartition[]
}

function readOffsetDeleteRequestTopic(r: Reader, v: number): OffsetDeleteRequestTopic {
  const name = r.string()
  const partitions: OffsetDeleteRequestPartition[] = []
  for (let n = r.notNull(r.arrayLength(4)); n > 0; n--) partitions.push(readOffsetDeleteRequestPartition(r, v))
  return { name, partitions }
}

function writeOffsetDeleteRequestTopic(w: Writer, v: number, m: Draft<OffsetDeleteRequestTopic>): void {
  const { name = '' } = m
  w.string(name)
  const { partitions = [] } = m
  w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetDeleteRequestPartition(w, v, item)
}

export interface OffsetDeleteRequest {
  groupId: string
  topics: OffsetDeleteRequestTopic[]
}

function readOffsetDeleteRequest(r: Reader, v: number): OffsetDeleteRequest {
  const groupId = r.string()
  const topics: OffsetDeleteRequestTopic[] = []
  for (let n = r.notNull(r.arrayLength(6)); n > 0; n--) topics.push(readOffsetDeleteRequestTopic(r, v))
  return { groupId, topics }
}

function writeOffsetDeleteRequest(w: Writer, v: number, m: Draft<OffsetDeleteRequest>): void {
  const { groupId = '' } = m
  w.string(groupId)
  const { topics = [] } = m
  w.arrayLength(topics.length)
  for (const item of topics) writeOffsetDeleteRequestTopic(w, v, item)
}

export interface OffsetDeleteResponsePartition {
  partitionIndex: number
  errorCode: number
}

function readOffsetDeleteResponsePartition(r: Reader, _v: number): OffsetDeleteResponsePartition {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  return { partitionIndex, errorCode }
}

function writeOffsetDeleteResponsePartition(w: Writer, _v: number, m: Draft<OffsetDeleteResponsePartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
}

export interface OffsetDeleteResponseTopic {
  name: string
  partitions: OffsetDeleteResponsePartition[]
}

function readOffsetDeleteResponseTopic(r: Reader, v: number): OffsetDeleteResponseTopic {
  const name = r.string()
  const partitions: OffsetDeleteResponsePartition[] = []
  for (let n = r.notNull(r.arrayLength(6)); n > 0; n--) partitions.push(readOffsetDeleteResponsePartition(r, v))
  return { name, partitions }
}

function writeOffsetDeleteResponseTopic(w: Writer, v: number, m: Draft<OffsetDeleteResponseTopic>): void {
  const { name = '' } = m
  w.string(name)
  const { partitions = [] } = m
  w.arrayLength(partitions.length)
  for (const item of partitions) writeOffsetDeleteResponsePartition(w, v, item)
}

export interface OffsetDeleteResponse {
  errorCode: number
  throttleTimeMs: number
  topics: OffsetDeleteResponseTopic[]
}

function readOffsetDeleteResponse(r: Reader, v: number): OffsetDeleteResponse {
  const errorCode = r.int16()
  const throttleTimeMs = r.int32()
  const topics: OffsetDeleteResponseTopic[] = []
  for (let n = r.notNull(r.arrayLength(6)); n > 0; n--) topics.push(readOffsetDeleteResponseTopic(r, v))
  return { errorCode, throttleTimeMs, topics }
}

function writeOffsetDeleteResponse(w: Writer, v: number, m: Draft<OffsetDeleteResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
  w.arrayLength(topics.length)
  for (const item of topics) writeOffsetDeleteResponseTopic(w, v, item)
}

export const offsetDelete: Api<OffsetDeleteRequest, OffsetDeleteResponse> = {
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 32767,
  encodeRequest: writeOffsetDeleteRequest,
  decodeRequest: readOffsetDeleteRequest,
  encodeResponse: writeOffsetDeleteResponse,
  decodeResponse: readOffsetDeleteResponse,
}
