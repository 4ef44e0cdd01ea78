// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AlterReplicaLogDirTopic {
  name: string
  partitions: number[]
}

function readAlterReplicaLogDirTopic(r: Reader, v: number): AlterReplicaLogDirTopic {
  const name = v >= 2 ? r.compactString() : r.string()
  const partitions: number[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  if (v >= 2) r.skipTags()
  return { name, partitions }
}

function writeAlterReplicaLogDirTopic(w: Writer, v: number, m: Draft<AlterReplicaLogDirTopic>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterReplicaLogDir {
  path: string
  topics: AlterReplicaLogDirTopic[]
}

function readAlterReplicaLogDir(r: Reader, v: number): AlterReplicaLogDir {
  const path = v >= 2 ? r.compactString() : r.string()
  const topics: AlterReplicaLogDirTopic[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readAlterReplicaLogDirTopic(r, v))
  if (v >= 2) r.skipTags()
  return { path, topics }
}

function writeAlterReplicaLogDir(w: Writer, v: number, m: Draft<AlterReplicaLogDir>): void {
  const { path = '' } = m
  if (v >= 2) w.compactString(path)
  else w.string(path)
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeAlterReplicaLogDirTopic(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterReplicaLogDirsRequest {
  dirs: AlterReplicaLogDir[]
}

function readAlterReplicaLogDirsRequest(r: Reader, v: number): AlterReplicaLogDirsRequest {
  const dirs: AlterReplicaLogDir[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) dirs.push(readAlterReplicaLogDir(r, v))
  if (v >= 2) r.skipTags()
  return { dirs }
}

function writeAlterReplicaLogDirsRequest(w: Writer, v: number, m: Draft<AlterReplicaLogDirsRequest>): void {
  const { dirs = [] } = m
  if (v >= 2) w.compactArrayLength(dirs.length)
  else w.arrayLength(dirs.length)
  for (const item of dirs) writeAlterReplicaLogDir(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterReplicaLogDirPartitionResult {
  partitionIndex: number
  errorCode: number
}

function readAlterReplicaLogDirPartitionResult(r: Reader, v: number): AlterReplicaLogDirPartitionResult {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  if (v >= 2) r.skipTags()
  return { partitionIndex, errorCode }
}

function writeAlterReplicaLogDirPartitionResult(w: Writer, v: number, m: Draft<AlterReplicaLogDirPartitionResult>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterReplicaLogDirTopicResult {
  topicName: string
  partitions: AlterReplicaLogDirPartitionResult[]
}

function readAlterReplicaLogDirTopicResult(r: Reader, v: number): AlterReplicaLogDirTopicResult {
  const topicName = v >= 2 ? r.compactString() : r.string()
  const partitions: AlterReplicaLogDirPartitionResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(7) : r.arrayLength(6)); n > 0; n--) partitions.push(readAlterReplicaLogDirPartitionResult(r, v))
  if (v >= 2) r.skipTags()
  return { topicName, partitions }
}

function writeAlterReplicaLogDirTopicResult(w: Writer, v: number, m: Draft<AlterReplicaLogDirTopicResult>): void {
  const { topicName = '' } = m
  if (v >= 2) w.compactString(topicName)
  else w.string(topicName)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeAlterReplicaLogDirPartitionResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterReplicaLogDirsResponse {
  throttleTimeMs: number
  results: AlterReplicaLogDirTopicResult[]
}

function readAlterReplicaLogDirsResponse(r: Reader, v: number): AlterReplicaLogDirsResponse {
  const throttleTimeMs = r.int32()
  const results: AlterReplicaLogDirTopicResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) results.push(readAlterReplicaLogDirTopicResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, results }
}

function writeAlterReplicaLogDirsResponse(w: Writer, v: number, m: Draft<AlterReplicaLogDirsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
  if (v >= 2) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
  for (const item of results) writeAlterReplicaLogDirTopicResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const alterReplicaLogDirs: Api<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> = {
  key: 34,
  name: 'AlterReplicaLogDirs',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeAlterReplicaLogDirsRequest,
  decodeRequest: readAlterReplicaLogDirsRequest,
  encodeResponse: writeAlterReplicaLogDirsResponse,
  decodeResponse: readAlterReplicaLogDirsResponse,
}
