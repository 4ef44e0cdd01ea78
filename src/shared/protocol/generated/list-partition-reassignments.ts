// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ListPartitionReassignmentsTopics {
  name: string
  partitionIndexes: number[]
}

function readListPartitionReassignmentsTopics(r: Reader, _v: number): ListPartitionReassignmentsTopics {
  const name = r.compactString()
  const partitionIndexes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitionIndexes.push(r.int32())
  r.skipTags()
  return { name, partitionIndexes }
}

function writeListPartitionReassignmentsTopics(w: Writer, _v: number, m: Draft<ListPartitionReassignmentsTopics>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitionIndexes = [] } = m
  w.compactArrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  w.unsignedVarint(0)
}

export interface ListPartitionReassignmentsRequest {
  timeoutMs: number
  topics: ListPartitionReassignmentsTopics[] | null
}

function readListPartitionReassignmentsRequest(r: Reader, v: number): ListPartitionReassignmentsRequest {
  const timeoutMs = r.int32()
  let topics: ListPartitionReassignmentsTopics[] | null
  {
    const n = r.compactArrayLength(3)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readListPartitionReassignmentsTopics(r, v))
  }
  r.skipTags()
  return { timeoutMs, topics }
}

function writeListPartitionReassignmentsRequest(w: Writer, v: number, m: Draft<ListPartitionReassignmentsRequest>): void {
  const { timeoutMs = 60000 } = m
  w.int32(timeoutMs)
  const { topics = null } = m
  w.compactArrayLength(topics === null ? -1 : topics.length)
  for (const item of topics ?? []) writeListPartitionReassignmentsTopics(w, v, item)
  w.unsignedVarint(0)
}

export interface OngoingPartitionReassignment {
  partitionIndex: number
  replicas: number[]
  addingReplicas: number[]
  removingReplicas: number[]
}

function readOngoingPartitionReassignment(r: Reader, _v: number): OngoingPartitionReassignment {
  const partitionIndex = r.int32()
  const replicas: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) replicas.push(r.int32())
  const addingReplicas: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) addingReplicas.push(r.int32())
  const removingReplicas: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) removingReplicas.push(r.int32())
  r.skipTags()
  return { partitionIndex, replicas, addingReplicas, removingReplicas }
}

function writeOngoingPartitionReassignment(w: Writer, _v: number, m: Draft<OngoingPartitionReassignment>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { replicas = [] } = m
  w.compactArrayLength(replicas.length)
  for (const item of replicas) w.int32(item)
  const { addingReplicas = [] } = m
  w.compactArrayLength(addingReplicas.length)
  for (const item of addingReplicas) w.int32(item)
  const { removingReplicas = [] } = m
  w.compactArrayLength(removingReplicas.length)
  for (const item of removingReplicas) w.int32(item)
  w.unsignedVarint(0)
}

export interface OngoingTopicReassignment {
  name: string
  partitions: OngoingPartitionReassignment[]
}

function readOngoingTopicReassignment(r: Reader, v: number): OngoingTopicReassignment {
  const name = r.compactString()
  const partitions: OngoingPartitionReassignment[] = []
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) partitions.push(readOngoingPartitionReassignment(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeOngoingTopicReassignment(w: Writer, v: number, m: Draft<OngoingTopicReassignment>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeOngoingPartitionReassignment(w, v, item)
  w.unsignedVarint(0)
}

export interface ListPartitionReassignmentsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  topics: OngoingTopicReassignment[]
}

function readListPartitionReassignmentsResponse(r: Reader, v: number): ListPartitionReassignmentsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const topics: OngoingTopicReassignment[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readOngoingTopicReassignment(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, topics }
}

function writeListPartitionReassignmentsResponse(w: Writer, v: number, m: Draft<ListPartitionReassignmentsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeOngoingTopicReassignment(w, v, item)
  w.unsignedVarint(0)
}

export const listPartitionReassignments: Api<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> = {
  key: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeListPartitionReassignmentsRequest,
  decodeRequest: readListPartitionReassignmentsRequest,
  encodeResponse: writeListPartitionReassignmentsResponse,
  decodeResponse: readListPartitionReassignmentsResponse,
}
