// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribableLogDirTopic {
  topic: string
  partitions: number[]
}

function readDescribableLogDirTopic(r: Reader, v: number): DescribableLogDirTopic {
  const topic = v >= 2 ? r.compactString() : r.string()
  const partitions: number[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  if (v >= 2) r.skipTags()
  return { topic, partitions }
}

function writeDescribableLogDirTopic(w: Writer, v: number, m: Draft<DescribableLogDirTopic>): void {
  const { topic = '' } = m
  if (v >= 2) w.compactString(topic)
  else w.string(topic)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsRequest {
  topics: DescribableLogDirTopic[] | null
}

function readDescribeLogDirsRequest(r: Reader, v: number): DescribeLogDirsRequest {
  let topics: DescribableLogDirTopic[] | null
  {
    const n = v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readDescribableLogDirTopic(r, v))
  }
  if (v >= 2) r.skipTags()
  return { topics }
}

function writeDescribeLogDirsRequest(w: Writer, v: number, m: Draft<DescribeLogDirsRequest>): void {
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics === null ? -1 : topics.length)
  else w.arrayLength(topics === null ? -1 : topics.length)
  for (const item of topics ?? []) writeDescribableLogDirTopic(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsPartition {
  partitionIndex: number
  partitionSize: number
  offsetLag: number
  isFutureKey: boolean
}

function readDescribeLogDirsPartition(r: Reader, v: number): DescribeLogDirsPartition {
  const partitionIndex = r.int32()
  const partitionSize = r.int64()
  const offsetLag = r.int64()
  const isFutureKey = r.boolean()
  if (v >= 2) r.skipTags()
  return { partitionIndex, partitionSize, offsetLag, isFutureKey }
}

function writeDescribeLogDirsPartition(w: Writer, v: number, m: Draft<DescribeLogDirsPartition>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { partitionSize = 0 } = m
  w.int64(partitionSize)
  const { offsetLag = 0 } = m
  w.int64(offsetLag)
  const { isFutureKey = false } = m
  w.boolean(isFutureKey)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsTopic {
  name: string
  partitions: DescribeLogDirsPartition[]
}

function readDescribeLogDirsTopic(r: Reader, v: number): DescribeLogDirsTopic {
  const name = v >= 2 ? r.compactString() : r.string()
  const partitions: DescribeLogDirsPartition[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(22) : r.arrayLength(21)); n > 0; n--) partitions.push(readDescribeLogDirsPartition(r, v))
  if (v >= 2) r.skipTags()
  return { name, partitions }
}

function writeDescribeLogDirsTopic(w: Writer, v: number, m: Draft<DescribeLogDirsTopic>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 2) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeDescribeLogDirsPartition(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsResult {
  errorCode: number
  logDir: string
  topics: DescribeLogDirsTopic[]
  totalBytes: number
  usableBytes: number
  isCordoned: boolean
}

function readDescribeLogDirsResult(r: Reader, v: number): DescribeLogDirsResult {
  const errorCode = r.int16()
  const logDir = v >= 2 ? r.compactString() : r.string()
  const topics: DescribeLogDirsTopic[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) topics.push(readDescribeLogDirsTopic(r, v))
  const totalBytes = v >= 4 ? r.int64() : -1
  const usableBytes = v >= 4 ? r.int64() : -1
  const isCordoned = v >= 5 ? r.boolean() : false
  if (v >= 2) r.skipTags()
  return { errorCode, logDir, topics, totalBytes, usableBytes, isCordoned }
}

function writeDescribeLogDirsResult(w: Writer, v: number, m: Draft<DescribeLogDirsResult>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { logDir = '' } = m
  if (v >= 2) w.compactString(logDir)
  else w.string(logDir)
  const { topics = [] } = m
  if (v >= 2) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeDescribeLogDirsTopic(w, v, item)
  if (v >= 4) {
    const { totalBytes = -1 } = m
    w.int64(totalBytes)
  }
  if (v >= 4) {
    const { usableBytes = -1 } = m
    w.int64(usableBytes)
  }
  if (v >= 5) {
    const { isCordoned = false } = m
    w.boolean(isCordoned)
  }
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsResponse {
  throttleTimeMs: number
  errorCode: number
  results: DescribeLogDirsResult[]
}

function readDescribeLogDirsResponse(r: Reader, v: number): DescribeLogDirsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = v >= 3 ? r.int16() : 0
  const results: DescribeLogDirsResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(5) : r.arrayLength(8)); n > 0; n--) results.push(readDescribeLogDirsResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, results }
}

function writeDescribeLogDirsResponse(w: Writer, v: number, m: Draft<DescribeLogDirsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 3) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  }
  const { results = [] } = m
  if (v >= 2) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
  for (const item of results) writeDescribeLogDirsResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const describeLogDirs: Api<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 1,
  maxVersion: 5,
  flexibleFrom: 2,
  encodeRequest: writeDescribeLogDirsRequest,
  decodeRequest: readDescribeLogDirsRequest,
  encodeResponse: writeDescribeLogDirsResponse,
  decodeResponse: readDescribeLogDirsResponse,
}
