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
  {
    const n = r.notNull(r.compactArrayLength(4))
    for (let i = 0; i < n; i++) partitionIndexes.push(r.int32())
  }
  r.skipTags()
  return { name, partitionIndexes }
}

function writeWritableTxnMarkerTopic(w: Writer, _v: number, m: Draft<WritableTxnMarkerTopic>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitionIndexes = m.partitionIndexes === undefined ? [] : m.partitionIndexes
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readWritableTxnMarkerTopic(r, v))
  }
  const coordinatorEpoch = r.int32()
  const transactionVersion: number = v >= 2 ? r.int8() : 0
  r.skipTags()
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch, transactionVersion }
}

function writeWritableTxnMarker(w: Writer, v: number, m: Draft<WritableTxnMarker>): void {
  const producerId = m.producerId === undefined ? 0 : m.producerId
  w.int64(producerId)
  const producerEpoch = m.producerEpoch === undefined ? 0 : m.producerEpoch
  w.int16(producerEpoch)
  const transactionResult = m.transactionResult === undefined ? false : m.transactionResult
  w.boolean(transactionResult)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeWritableTxnMarkerTopic(w, v, item)
  const coordinatorEpoch = m.coordinatorEpoch === undefined ? 0 : m.coordinatorEpoch
  w.int32(coordinatorEpoch)
  if (v >= 2) {
    const transactionVersion = m.transactionVersion === undefined ? 0 : m.transactionVersion
    w.int8(transactionVersion)
  }
  w.unsignedVarint(0)
}

export interface WriteTxnMarkersRequest {
  markers: WritableTxnMarker[]
}

function readWriteTxnMarkersRequest(r: Reader, v: number): WriteTxnMarkersRequest {
  const markers: WritableTxnMarker[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) markers.push(readWritableTxnMarker(r, v))
  }
  r.skipTags()
  return { markers }
}

function writeWriteTxnMarkersRequest(w: Writer, v: number, m: Draft<WriteTxnMarkersRequest>): void {
  const markers = m.markers === undefined ? [] : m.markers
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readWritableTxnMarkerPartitionResult(r, v))
  }
  r.skipTags()
  return { name, partitions }
}

function writeWritableTxnMarkerTopicResult(w: Writer, v: number, m: Draft<WritableTxnMarkerTopicResult>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const partitions = m.partitions === undefined ? [] : m.partitions
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readWritableTxnMarkerTopicResult(r, v))
  }
  r.skipTags()
  return { producerId, topics }
}

function writeWritableTxnMarkerResult(w: Writer, v: number, m: Draft<WritableTxnMarkerResult>): void {
  const producerId = m.producerId === undefined ? 0 : m.producerId
  w.int64(producerId)
  const topics = m.topics === undefined ? [] : m.topics
  w.compactArrayLength(topics.length)
  for (const item of topics) writeWritableTxnMarkerTopicResult(w, v, item)
  w.unsignedVarint(0)
}

export interface WriteTxnMarkersResponse {
  markers: WritableTxnMarkerResult[]
}

function readWriteTxnMarkersResponse(r: Reader, v: number): WriteTxnMarkersResponse {
  const markers: WritableTxnMarkerResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) markers.push(readWritableTxnMarkerResult(r, v))
  }
  r.skipTags()
  return { markers }
}

function writeWriteTxnMarkersResponse(w: Writer, v: number, m: Draft<WriteTxnMarkersResponse>): void {
  const markers = m.markers === undefined ? [] : m.markers
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
