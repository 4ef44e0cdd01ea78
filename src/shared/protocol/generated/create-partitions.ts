// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface CreatePartitionsAssignment {
  brokerIds: number[]
}

function readCreatePartitionsAssignment(r: Reader, v: number): CreatePartitionsAssignment {
  const brokerIds: number[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) brokerIds.push(r.int32())
  if (v >= 2) r.skipTags()
  return { brokerIds }
}

function writeCreatePartitionsAssignment(w: Writer, v: number, m: Draft<CreatePartitionsAssignment>): void {
  const { brokerIds = [] } = m
  if (v >= 2) w.compactArrayLength(brokerIds.length)
  else w.arrayLength(brokerIds.length)
  for (const item of brokerIds) w.int32(item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreatePartitionsTopic {
  name: string
  count: number
  assignments: CreatePartitionsAssignment[] | null
}

function readCreatePartitionsTopic(r: Reader, v: number): CreatePartitionsTopic {
  const name = v >= 2 ? r.compactString() : r.string()
  const count = r.int32()
  let assignments: CreatePartitionsAssignment[] | null
  {
    const n = v >= 2 ? r.compactArrayLength(2) : r.arrayLength(4)
    assignments = n < 0 ? null : []
    if (assignments) for (let i = 0; i < n; i++) assignments.push(readCreatePartitionsAssignment(r, v))
  }
  if (v >= 2) r.skipTags()
  return { name, count, assignments }
}

function writeCreatePartitionsTopic(w: Writer, v: number, m: Draft<CreatePartitionsTopic>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { count = 0 } = m
  w.int32(count)
  const { assignments = [] } = m
  if (v >= 2) w.compactArrayLength(assignments === null ? -1 : assignments.length)
  else w.arrayLength(assignments === null ? -1 : assignments.length)
  for (const item of assignments ?? []) writeCreatePartitionsAssignment(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreatePartitionsRequest {
  topics: CreatePartitionsTopic[]
  timeoutMs: number
  validateOnly: boolean
}

function readCreatePartitionsRequest(r: Reader, v: number): CreatePartitionsRequest {
  const topics: CreatePartitionsTopic[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(7) : r.arrayLength(10)); n > 0; n--) topics.push(readCreatePartitionsTopic(r, v))
  const timeoutMs = r.int32()
  const validateOnly = r.boolean()
  if (v >= 2) r.skipTags()
  return { topics, timeoutMs, validateOnly }
}

function writeCreatePartitionsRequest(w: Writer, v: number, m: Draft<CreatePartitionsRequest>): void {
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeCreatePartitionsTopic(w, v, item)
  const { timeoutMs = 0 } = m
  w.int32(timeoutMs)
  const { validateOnly = false } = m
  w.boolean(validateOnly)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreatePartitionsTopicResult {
  name: string
  errorCode: number
  errorMessage: string | null
}

function readCreatePartitionsTopicResult(r: Reader, v: number): CreatePartitionsTopicResult {
  const name = v >= 2 ? r.compactString() : r.string()
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  if (v >= 2) r.skipTags()
  return { name, errorCode, errorMessage }
}

function writeCreatePartitionsTopicResult(w: Writer, v: number, m: Draft<CreatePartitionsTopicResult>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreatePartitionsResponse {
  throttleTimeMs: number
  results: CreatePartitionsTopicResult[]
}

function readCreatePartitionsResponse(r: Reader, v: number): CreatePartitionsResponse {
  const throttleTimeMs = r.int32()
  const results: CreatePartitionsTopicResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(5) : r.arrayLength(6)); n > 0; n--) results.push(readCreatePartitionsTopicResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, results }
}

function writeCreatePartitionsResponse(w: Writer, v: number, m: Draft<CreatePartitionsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
  if (v >= 2) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
  for (const item of results) writeCreatePartitionsTopicResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const createPartitions: Api<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeCreatePartitionsRequest,
  decodeRequest: readCreatePartitionsRequest,
  encodeResponse: writeCreatePartitionsResponse,
  decodeResponse: readCreatePartitionsResponse,
}
