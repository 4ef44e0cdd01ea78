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
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitionIndexes.push(r.int32())
  r.skipTags()
  return { name, partitionIndexes }
}

function writeTopicRequest(w: Writer, _v: number, m: Draft<TopicRequest>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitionIndexes = [] } = m
  w.compactArrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  w.unsignedVarint(0)
}

export interface DescribeProducersRequest {
  topics: TopicRequest[]
}

function readDescribeProducersRequest(r: Reader, v: number): DescribeProducersRequest {
  const topics: TopicRequest[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicRequest(r, v))
  r.skipTags()
  return { topics }
}

function writeDescribeProducersRequest(w: Writer, v: number, m: Draft<DescribeProducersRequest>): void {
  const { topics = [] } = m
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
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int32(producerEpoch)
  const { lastSequence = -1 } = m
  w.int32(lastSequence)
  const { lastTimestamp = -1 } = m
  w.int64(lastTimestamp)
  const { coordinatorEpoch = 0 } = m
  w.int32(coordinatorEpoch)
  const { currentTxnStartOffset = -1 } = m
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
  for (let n = r.notNull(r.compactArrayLength(37)); n > 0; n--) activeProducers.push(readProducerState(r, v))
  r.skipTags()
  return { partitionIndex, errorCode, errorMessage, activeProducers }
}

function writePartitionResponse(w: Writer, v: number, m: Draft<PartitionResponse>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { activeProducers = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) partitions.push(readPartitionResponse(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeTopicResponse(w: Writer, v: number, m: Draft<TopicResponse>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicResponse(r, v))
  r.skipTags()
  return { throttleTimeMs, topics }
}

function writeDescribeProducersResponse(w: Writer, v: number, m: Draft<DescribeProducersResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { topics = [] } = m
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
