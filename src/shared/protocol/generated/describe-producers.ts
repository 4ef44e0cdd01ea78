// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicRequest {
  name: string
  partitionIndexes: number[]
}

function readTopicRequest(r: Reader, _v: number): TopicRequest {
  const name = r.compactString()
  const partitionIndexes: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitionIndexes.push(r.int32())
  }
  r.skipTags()
  return { name, partitionIndexes }
}

function writeTopicRequest(w: Writer, _v: number, m: Draft<TopicRequest>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitionIndexes = m.partitionIndexes === undefined ? [] : m.partitionIndexes
  w.compactArrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  w.unsignedVarint(0)
}

export interface DescribeProducersRequest {
  topics: TopicRequest[]
}

function readDescribeProducersRequest(r: Reader, v: number): DescribeProducersRequest {
  const topics: TopicRequest[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicRequest(r, v))
  }
  r.skipTags()
  return { topics }
}

function writeDescribeProducersRequest(w: Writer, v: number, m: Draft<DescribeProducersRequest>): void {
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicRequest(w, v, item)
  w.unsignedVarint(0)
}

export interface ProducerState {
  producerId: number
  producerEpoch: number
  lastSequence: number
  lastTimestamp: number
  coordinatorEpoch: number
  currentTxnStartOffset: number
}

function readProducerState(r: Reader, _v: number): ProducerState {
  const producerId = r.int64()
  const producerEpoch = r.int32()
  const lastSequence = r.int32()
  const lastTimestamp = r.int64()
  const coordinatorEpoch = r.int32()
  const currentTxnStartOffset = r.int64()
  r.skipTags()
  return { producerId, producerEpoch, lastSequence, lastTimestamp, coordinatorEpoch, currentTxnStartOffset }
}

function writeProducerState(w: Writer, _v: number, m: Draft<ProducerState>): void {
  const producerId = m.producerId === undefined ? 0 : m.producerId
  w.int64(producerId)
  const producerEpoch = m.producerEpoch === undefined ? 0 : m.producerEpoch
  w.int32(producerEpoch)
  const lastSequence = m.lastSequence === undefined ? -1 : m.lastSequence
  w.int32(lastSequence)
  const lastTimestamp = m.lastTimestamp === undefined ? -1 : m.lastTimestamp
  w.int64(lastTimestamp)
  const coordinatorEpoch = m.coordinatorEpoch === undefined ? 0 : m.coordinatorEpoch
  w.int32(coordinatorEpoch)
  const currentTxnStartOffset = m.currentTxnStartOffset === undefined ? -1 : m.currentTxnStartOffset
  w.int64(currentTxnStartOffset)
  w.unsignedVarint(0)
}

export interface PartitionResponse {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  activeProducers: ProducerState[]
}

function readPartitionResponse(r: Reader, v: number): PartitionResponse {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const activeProducers: ProducerState[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) activeProducers.push(readProducerState(r, v))
  }
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage, activeProducers }
}

function writePartitionResponse(w: Writer, v: number, m: Draft<PartitionResponse>): void {
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  const activeProducers = m.activeProducers === undefined ? [] : m.activeProducers
  w.compactArrayLength(activeProducers.length)
  for (const item of activeProducers) writeProducerState(w, v, item)
  w.unsignedVarint(0)
}

export interface TopicResponse {
  name: string
  partitions: PartitionResponse[]
}

function readTopicResponse(r: Reader, v: number): TopicResponse {
  const name = r.compactString()
  const partitions: PartitionResponse[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readPartitionResponse(r, v))
  }
  r.skipTags()
  return { name, partitions }
}

function writeTopicResponse(w: Writer, v: number, m: Draft<TopicResponse>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writePartitionResponse(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeProducersResponse {
  throttleTimeMs: number
  topics: TopicResponse[]
}

function readDescribeProducersResponse(r: Reader, v: number): DescribeProducersResponse {
  const throttleTimeMs = r.int32()
  const topics: TopicResponse[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readTopicResponse(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, topics }
}

function writeDescribeProducersResponse(w: Writer, v: number, m: Draft<DescribeProducersResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicResponse(w, v, item)
  w.unsignedVarint(0)
}

export const describeProducers: Api<DescribeProducersRequest, DescribeProducersResponse> = {
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDescribeProducersRequest,
  decodeRequest: readDescribeProducersRequest,
  encodeResponse: writeDescribeProducersResponse,
  decodeResponse: readDescribeProducersResponse,
}
