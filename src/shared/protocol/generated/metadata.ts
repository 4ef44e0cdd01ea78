// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField, UnsupportedNull } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface MetadataRequestTopic {
  topicId: string
  name: string | null
}

function readMetadataRequestTopic(r: Reader, v: number): MetadataRequestTopic {
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const name: string | null = v >= 10 ? r.compactNullableString() : (v >= 9 ? r.compactString() : r.string())
  if (v >= 9) r.skipTags()
  return { topicId, name }
}

function writeMetadataRequestTopic(w: Writer, v: number, m: Draft<MetadataRequestTopic>): void {
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  const { name = '' } = m
  if (v < 10 && name === null) throw new UnsupportedNull('MetadataRequest', 'name', v)
  if (v >= 9) w.compactNullableString(name)
  else w.nullableString(name)
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataRequest {
  topics: MetadataRequestTopic[] | null
  allowAutoTopicCreation: boolean
  includeClusterAuthorizedOperations: boolean
  includeTopicAuthorizedOperations: boolean
}

function readMetadataRequest(r: Reader, v: number): MetadataRequest {
  let topics: MetadataRequestTopic[] | null
  {
    const n = v >= 1 ? (v >= 9 ? r.compactArrayLength(2) : r.arrayLength(2)) : r.notNull(r.arrayLength(2))
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readMetadataRequestTopic(r, v))
  }
  const allowAutoTopicCreation = v >= 4 ? r.boolean() : true
  const includeClusterAuthorizedOperations = v >= 8 && v <= 10 ? r.boolean() : false
  const includeTopicAuthorizedOperations = v >= 8 ? r.boolean() : false
  if (v >= 9) r.skipTags()
  return { topics, allowAutoTopicCreation, includeClusterAuthorizedOperations, includeTopicAuthorizedOperations }
}

function writeMetadataRequest(w: Writer, v: number, m: Draft<MetadataRequest>): void {
  const { topics = [] } = m
  if (v < 1 && topics === null) throw new UnsupportedNull('MetadataRequest', 'topics', v)
  if (v >= 9) w.compactArrayLength(topics === null ? -1 : topics.length)
  else w.arrayLength(topics === null ? -1 : topics.length)
  for (const item of topics ?? []) writeMetadataRequestTopic(w, v, item)
  if (v >= 4) {
    const { allowAutoTopicCreation = true } = m
    w.boolean(allowAutoTopicCreation)
  } else if (m.allowAutoTopicCreation !== undefined && m.allowAutoTopicCreation !== true) throw new UnsupportedField('MetadataRequest', 'allowAutoTopicCreation', v, 4, 32767)
  if (v >= 8 && v <= 10) {
    const { includeClusterAuthorizedOperations = false } = m
    w.boolean(includeClusterAuthorizedOperations)
  } else if (m.includeClusterAuthorizedOperations !== undefined && m.includeClusterAuthorizedOperations !== false) throw new UnsupportedField('MetadataRequest', 'includeClusterAuthorizedOperations', v, 8, 10)
  if (v >= 8) {
    const { includeTopicAuthorizedOperations = false } = m
    w.boolean(includeTopicAuthorizedOperations)
  } else if (m.includeTopicAuthorizedOperations !== undefined && m.includeTopicAuthorizedOperations !== false) throw new UnsupportedField('MetadataRequest', 'includeTopicAuthorizedOperations', v, 8, 32767)
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataResponseBroker {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

function readMetadataResponseBroker(r: Reader, v: number): MetadataResponseBroker {
  const nodeId = r.int32()
  const host = v >= 9 ? r.compactString() : r.string()
  const port = r.int32()
  const rack: string | null = v >= 1 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : null
  if (v >= 9) r.skipTags()
  return { nodeId, host, port, rack }
}

function writeMetadataResponseBroker(w: Writer, v: number, m: Draft<MetadataResponseBroker>): void {
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { host = '' } = m
  if (v >= 9) w.compactString(host)
  else w.string(host)
  const { port = 0 } = m
  w.int32(port)
  if (v >= 1) {
    const { rack = null } = m
    if (v >= 9) w.compactNullableString(rack)
    else w.nullableString(rack)
  }
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataResponsePartition {
  errorCode: number
  partitionIndex: number
  leaderId: number
  leaderEpoch: number
  replicaNodes: number[]
  isrNodes: number[]
  offlineReplicas: number[]
}

function readMetadataResponsePartition(r: Reader, v: number): MetadataResponsePartition {
  const errorCode = r.int16()
  const partitionIndex = r.int32()
  const leaderId = r.int32()
  const leaderEpoch = v >= 7 ? r.int32() : -1
  const replicaNodes: number[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) replicaNodes.push(r.int32())
  const isrNodes: number[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) isrNodes.push(r.int32())
  const offlineReplicas: number[] = []
  if (v >= 5) {
    for (let n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) offlineReplicas.push(r.int32())
  }
  if (v >= 9) r.skipTags()
  return {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas,
  }
}

function writeMetadataResponsePartition(w: Writer, v: number, m: Draft<MetadataResponsePartition>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  if (v >= 7) {
    const { leaderEpoch = -1 } = m
    w.int32(leaderEpoch)
  }
  const { replicaNodes = [] } = m
  if (v >= 9) w.compactArrayLength(replicaNodes.length)
  else w.arrayLength(replicaNodes.length)
  for (const item of replicaNodes) w.int32(item)
  const { isrNodes = [] } = m
  if (v >= 9) w.compactArrayLength(isrNodes.length)
  else w.arrayLength(isrNodes.length)
  for (const item of isrNodes) w.int32(item)
  if (v >= 5) {
    const { offlineReplicas = [] } = m
    if (v >= 9) w.compactArrayLength(offlineReplicas.length)
    else w.arrayLength(offlineReplicas.length)
    for (const item of offlineReplicas) w.int32(item)
  }
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataResponseTopic {
  errorCode: number
  name: string | null
  topicId: string
  isInternal: boolean
  partitions: MetadataResponsePartition[]
  topicAuthorizedOperations: number
}

function readMetadataResponseTopic(r: Reader, v: number): MetadataResponseTopic {
  const errorCode = r.int16()
  const name: string | null = v >= 12 ? r.compactNullableString() : (v >= 9 ? r.compactString() : r.string())
  const topicId = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const isInternal = v >= 1 ? r.boolean() : false
  const partitions: MetadataResponsePartition[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(18) : r.arrayLength(18)); n > 0; n--) partitions.push(readMetadataResponsePartition(r, v))
  const topicAuthorizedOperations = v >= 8 ? r.int32() : -2147483648
  if (v >= 9) r.skipTags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writeMetadataResponseTopic(w: Writer, v: number, m: Draft<MetadataResponseTopic>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { name = '' } = m
  if (v < 12 && name === null) throw new UnsupportedNull('MetadataResponse', 'name', v)
  if (v >= 9) w.compactNullableString(name)
  else w.nullableString(name)
  if (v >= 10) {
    const { topicId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(topicId)
  }
  if (v >= 1) {
    const { isInternal = false } = m
    w.boolean(isInternal)
  }
  const { partitions = [] } = m
  if (v >= 9) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) writeMetadataResponsePartition(w, v, item)
  if (v >= 8) {
    const { topicAuthorizedOperations = -2147483648 } = m
    w.int32(topicAuthorizedOperations)
  } else if (m.topicAuthorizedOperations !== undefined && m.topicAuthorizedOperations !== -2147483648) throw new UnsupportedField('MetadataResponse', 'topicAuthorizedOperations', v, 8, 32767)
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataResponse {
  throttleTimeMs: number
  brokers: MetadataResponseBroker[]
  clusterId: string | null
  controllerId: number
  topics: MetadataResponseTopic[]
  clusterAuthorizedOperations: number
  errorCode: number
}

function readMetadataResponse(r: Reader, v: number): MetadataResponse {
  const throttleTimeMs = v >= 3 ? r.int32() : 0
  const brokers: MetadataResponseBroker[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(11) : r.arrayLength(10)); n > 0; n--) brokers.push(readMetadataResponseBroker(r, v))
  const clusterId: string | null = v >= 2 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : null
  const controllerId = v >= 1 ? r.int32() : -1
  const topics: MetadataResponseTopic[] = []
  for (let n = r.notNull(v >= 9 ? r.compactArrayLength(10) : r.arrayLength(8)); n > 0; n--) topics.push(readMetadataResponseTopic(r, v))
  const clusterAuthorizedOperations = v >= 8 && v <= 10 ? r.int32() : -2147483648
  const errorCode = v >= 13 ? r.int16() : 0
  if (v >= 9) r.skipTags()
  return {
    throttleTimeMs,
    brokers,
    clusterId,
    controllerId,
    topics,
    clusterAuthorizedOperations,
    errorCode,
  }
}

function writeMetadataResponse(w: Writer, v: number, m: Draft<MetadataResponse>): void {
  if (v >= 3) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { brokers = [] } = m
  if (v >= 9) w.compactArrayLength(brokers.length)
  else w.arrayLength(brokers.length)
  for (const item of brokers) writeMetadataResponseBroker(w, v, item)
  if (v >= 2) {
    const { clusterId = null } = m
    if (v >= 9) w.compactNullableString(clusterId)
    else w.nullableString(clusterId)
  }
  if (v >= 1) {
    const { controllerId = -1 } = m
    w.int32(controllerId)
  }
  const { topics = [] } = m
  if (v >= 9) w.compactArrayLength(topics.length)
  else w.arrayLength(topics.length)
  for (const item of topics) writeMetadataResponseTopic(w, v, item)
  if (v >= 8 && v <= 10) {
    const { clusterAuthorizedOperations = -2147483648 } = m
    w.int32(clusterAuthorizedOperations)
  } else if (m.clusterAuthorizedOperations !== undefined && m.clusterAuthorizedOperations !== -2147483648) throw new UnsupportedField('MetadataResponse', 'clusterAuthorizedOperations', v, 8, 10)
  if (v >= 13) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  }
  if (v >= 9) w.unsignedVarint(0)
}

export const metadata: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 13,
  flexibleFrom: 9,
  encodeRequest: writeMetadataRequest,
  decodeRequest: readMetadataRequest,
  encodeResponse: writeMetadataResponse,
  decodeResponse: readMetadataResponse,
}
