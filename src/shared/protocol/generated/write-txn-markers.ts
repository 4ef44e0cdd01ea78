// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface WritableTxnMarkerTopic {
  name: string
  partitionIndexes: number[]
}

function readWritableTxnMarkerTopic(r: Reader, _v: number): WritableTxnMarkerTopic {
  const name = r.compactString()
  const partitionIndexes: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitionIndexes.push(r.int32())
  r.skipTags()
  return { name, partitionIndexes }
}

function writeWritableTxnMarkerTopic(w: Writer, _v: number, m: Draft<WritableTxnMarkerTopic>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitionIndexes = [] } = m
  w.compactArrayLength(partitionIndexes.length)
  for (const item of partitionIndexes) w.int32(item)
  w.unsignedVarint(0)
}

export interface WritableTxnMarker {
  producerId: number
  producerEpoch: number
  transactionResult: boolean
  topics: WritableTxnMarkerTopic[]
  coordinatorEpoch: number
  transactionVersion: number
}

function readWritableTxnMarker(r: Reader, v: number): WritableTxnMarker {
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const transactionResult = r.boolean()
  const topics: WritableTxnMarkerTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readWritableTxnMarkerTopic(r, v))
  const coordinatorEpoch = r.int32()
  const transactionVersion = v >= 2 ? r.int8() : 0
  r.skipTags()
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch, transactionVersion }
}

function writeWritableTxnMarker(w: Writer, v: number, m: Draft<WritableTxnMarker>): void {
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  const { transactionResult = false } = m
  w.boolean(transactionResult)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeWritableTxnMarkerTopic(w, v, item)
  const { coordinatorEpoch = 0 } = m
  w.int32(coordinatorEpoch)
  if (v >= 2) {
    const { transactionVersion = 0 } = m
    w.int8(transactionVersion)
  }
  w.unsignedVarint(0)
}

export interface WriteTxnMarkersRequest {
  markers: WritableTxnMarker[]
}

function readWriteTxnMarkersRequest(r: Reader, v: number): WriteTxnMarkersRequest {
  const markers: WritableTxnMarker[] = []
  for (let n = r.notNull(r.compactArrayLength(17)); n > 0; n--) markers.push(readWritableTxnMarker(r, v))
  r.skipTags()
  return { markers }
}

function writeWriteTxnMarkersRequest(w: Writer, v: number, m: Draft<WriteTxnMarkersRequest>): void {
  const { markers = [] } = m
  w.compactArrayLength(markers.length)
  for (const item of markers) writeWritableTxnMarker(w, v, item)
  w.unsignedVarint(0)
}

export interface WritableTxnMarkerPartitionResult {
  partitionIndex: number
  errorCode: number
}

function readWritableTxnMarkerPartitionResult(r: Reader, _v: number): WritableTxnMarkerPartitionResult {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  r.skipTags()
  return { partitionIndex, errorCode }
}

function writeWritableTxnMarkerPartitionResult(w: Writer, _v: number, m: Draft<WritableTxnMarkerPartitionResult>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export interface WritableTxnMarkerTopicResult {
  name: string
  partitions: WritableTxnMarkerPartitionResult[]
}

function readWritableTxnMarkerTopicResult(r: Reader, v: number): WritableTxnMarkerTopicResult {
  const name = r.compactString()
  const partitions: WritableTxnMarkerPartitionResult[] = []
  for (let n = r.notNull(r.compactArrayLength(7)); n > 0; n--) partitions.push(readWritableTxnMarkerPartitionResult(r, v))
  r.skipTags()
  return { name, partitions }
}

function writeWritableTxnMarkerTopicResult(w: Writer, v: number, m: Draft<WritableTxnMarkerTopicResult>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) writeWritableTxnMarkerPartitionResult(w, v, item)
  w.unsignedVarint(0)
}

export interface WritableTxnMarkerResult {
  producerId: number
  topics: WritableTxnMarkerTopicResult[]
}

function readWritableTxnMarkerResult(r: Reader, v: number): WritableTxnMarkerResult {
  const producerId = r.int64()
  const topics: WritableTxnMarkerTopicResult[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readWritableTxnMarkerTopicResult(r, v))
  r.skipTags()
  return { producerId, topics }
}

function writeWritableTxnMarkerResult(w: Writer, v: number, m: Draft<WritableTxnMarkerResult>): void {
  const { producerId = 0 } = m
  w.int64(producerId)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeWritableTxnMarkerTopicResult(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteTxnMarkersResponse {
  markers: WritableTxnMarkerResult[]
}

function readWriteTxnMarkersResponse(r: Reader, v: number): WriteTxnMarkersResponse {
  const markers: WritableTxnMarkerResult[] = []
  for (let n = r.notNull(r.compactArrayLength(10)); n > 0; n--) markers.push(readWritableTxnMarkerResult(r, v))
  r.skipTags()
  return { markers }
}

function writeWriteTxnMarkersResponse(w: Writer, v: number, m: Draft<WriteTxnMarkersResponse>): void {
  const { markers = [] } = m
  w.compactArrayLength(markers.length)
  for (const item of markers) writeWritableTxnMarkerResult(w, v, item)
  w.unsignedVarint(0)
}

export const writeTxnMarkers: Api<WriteTxnMarkersRequest, WriteTxnMarkersResponse> = {
  key: 27,
  name: 'WriteTxnMarkers',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 1,
  encodeRequest: writeWriteTxnMarkersRequest,
  decodeRequest: readWriteTxnMarkersRequest,
  encodeResponse: writeWriteTxnMarkersResponse,
  decodeResponse: readWriteTxnMarkersResponse,
}
