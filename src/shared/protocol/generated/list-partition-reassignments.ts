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
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitionIndexes.push(r.int32())
  }
  r.skipTags()
  return { name, partitionIndexes }
}

function writeListPartitionReassignmentsTopics(w: Writer, _v: number, m: Draft<ListPartitionReassignmentsTopics>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitionIndexes = m.partitionIndexes === undefined ? [] : m.partitionIndexes
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
  let topics: ListPartitionReassignmentsTopics[] | null = []
  {
    const n = r.compactArrayLength(1)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readListPartitionReassignmentsTopics(r, v))
  }
  r.skipTags()
  return { timeoutMs, topics }
}

function writeListPartitionReassignmentsRequest(w: Writer, v: number, m: Draft<ListPartitionReassignmentsRequest>): void {
  const timeoutMs = m.timeoutMs === undefined ? 60000 : m.timeoutMs
  w.int32(timeoutMs)
  const topics = m.topics === undefined ? null : m.topics
  if (topics === null) {
      w.compactArrayLength(-1)
    } else {
      w.compactArrayLength(topics.length)
      for (const item of topics) writeListPartitionReassignmentsTopics(w, v, item)
    }
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
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) replicas.push(r.int32())
  }
  const addingReplicas: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) addingReplicas.push(r.int32())
  }
  const removingReplicas: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) removingReplicas.push(r.int32())
  }
  r.skipTags()
  return { partitionIndex, replicas, addingReplicas, removingReplicas }
}

function writeOngoingPartitionReassignment(w: Writer, _v: number, m: Draft<OngoingPartitionReassignment>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const replicas = m.replicas === undefined ? [] : m.replicas
  w.compactArrayLength(replicas.length)
  for (const item of replicas) w.int32(item)
  const addingReplicas = m.addingReplicas === undefined ? [] : m.addingReplicas
  w.compactArrayLength(addingReplicas.length)
  for (const item of addingReplicas) w.int32(item)
  const removingReplicas = m.removingReplicas === undefined ? [] : m.removingReplicas
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readOngoingPartitionReassignment(r, v))
  }
  r.skipTags()
  return { name, partitions }
}

function writeOngoingTopicReassignment(w: Writer, v: number, m: Draft<OngoingTopicReassignment>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readOngoingTopicReassignment(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, topics }
}

function writeListPartitionReassignmentsResponse(w: Writer, v: number, m: Draft<ListPartitionReassignmentsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  w.compactNullableString(errorMessage)
  const topics = m.topics === undefined ? [] : m.topics
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
