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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  if (v >= 2) r.skipTags()
  return { topic, partitions }
}

function writeDescribableLogDirTopic(w: Writer, v: number, m: Draft<DescribableLogDirTopic>): void {
  const topic = m.topic === undefined ? '' : m.topic
  if (v >= 2) { w.compactString(topic) } else { w.string(topic) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 2) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) w.int32(item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeLogDirsRequest {
  topics: DescribableLogDirTopic[] | null
}

function readDescribeLogDirsRequest(r: Reader, v: number): DescribeLogDirsRequest {
  let topics: DescribableLogDirTopic[] | null = []
  {
    const n = v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readDescribableLogDirTopic(r, v))
  }
  if (v >= 2) r.skipTags()
  return { topics }
}

function writeDescribeLogDirsRequest(w: Writer, v: number, m: Draft<DescribeLogDirsRequest>): void {
  const topics = m.topics === undefined ? [] : m.topics
  if (topics === null) {
      if (v >= 2) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
    } else {
      if (v >= 2) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
      for (const item of topics) writeDescribableLogDirTopic(w, v, item)
    }
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const partitionSize = m.partitionSize === undefined ? 0 : m.partitionSize
  w.int64(partitionSize)
  const offsetLag = m.offsetLag === undefined ? 0 : m.offsetLag
  w.int64(offsetLag)
  const isFutureKey = m.isFutureKey === undefined ? false : m.isFutureKey
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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readDescribeLogDirsPartition(r, v))
  }
  if (v >= 2) r.skipTags()
  return { name, partitions }
}

function writeDescribeLogDirsTopic(w: Writer, v: number, m: Draft<DescribeLogDirsTopic>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 2) { w.compactString(name) } else { w.string(name) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 2) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readDescribeLogDirsTopic(r, v))
  }
  const totalBytes: number = v >= 4 ? r.int64() : -1
  const usableBytes: number = v >= 4 ? r.int64() : -1
  const isCordoned: boolean = v >= 5 ? r.boolean() : false
  if (v >= 2) r.skipTags()
  return { errorCode, logDir, topics, totalBytes, usableBytes, isCordoned }
}

function writeDescribeLogDirsResult(w: Writer, v: number, m: Draft<DescribeLogDirsResult>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const logDir = m.logDir === undefined ? '' : m.logDir
  if (v >= 2) { w.compactString(logDir) } else { w.string(logDir) }
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 2) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeDescribeLogDirsTopic(w, v, item)
  if (v >= 4) {
    const totalBytes = m.totalBytes === undefined ? -1 : m.totalBytes
    w.int64(totalBytes)
  }
  if (v >= 4) {
    const usableBytes = m.usableBytes === undefined ? -1 : m.usableBytes
    w.int64(usableBytes)
  }
  if (v >= 5) {
    const isCordoned = m.isCordoned === undefined ? false : m.isCordoned
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
  const errorCode: number = v >= 3 ? r.int16() : 0
  const results: DescribeLogDirsResult[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) results.push(readDescribeLogDirsResult(r, v))
  }
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, results }
}

function writeDescribeLogDirsResponse(w: Writer, v: number, m: Draft<DescribeLogDirsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 3) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  const results = m.results === undefined ? [] : m.results
  if (v >= 2) { w.compactArrayLength(results.length) } else { w.arrayLength(results.length) }
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
