// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface MetadataRequestTopic {
  topicId: string
  name: string | null
}

function readMetadataRequestTopic(r: Reader, v: number): MetadataRequestTopic {
  const topicId: string = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const name: string | null = v >= 10 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string())
  if (v >= 9) r.skipTags()
  return { topicId, name }
}

function writeMetadataRequestTopic(w: Writer, v: number, m: Draft<MetadataRequestTopic>): void {
  if (v >= 10) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  const name = m.name === undefined ? '' : m.name
  if (v >= 10) { if (v >= 9) { w.compactNullableString(name) } else { w.nullableString(name) } } else { if (v >= 9) { w.compactString(name!) } else { w.string(name!) } }
  if (v >= 9) w.unsignedVarint(0)
}

export interface MetadataRequest {
  topics: MetadataRequestTopic[] | null
  allowAutoTopicCreation: boolean
  includeClusterAuthorizedOperations: boolean
  includeTopicAuthorizedOperations: boolean
}

function readMetadataRequest(r: Reader, v: number): MetadataRequest {
  let topics: MetadataRequestTopic[] | null = []
  {
    const n = v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1)
    if (!(v >= 1)) r.notNull(n)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readMetadataRequestTopic(r, v))
  }
  const allowAutoTopicCreation: boolean = v >= 4 ? r.boolean() : true
  const includeClusterAuthorizedOperations: boolean = (v >= 8 && v <= 10) ? r.boolean() : false
  const includeTopicAuthorizedOperations: boolean = v >= 8 ? r.boolean() : false
  if (v >= 9) r.skipTags()
  return { topics, allowAutoTopicCreation, includeClusterAuthorizedOperations, includeTopicAuthorizedOperations }
}

function writeMetadataRequest(w: Writer, v: number, m: Draft<MetadataRequest>): void {
  const topics = m.topics === undefined ? [] : m.topics
  if (topics === null) {
      if (!(v >= 1)) throw new TypeError('MetadataRequest: topics must not be null in version ' + v)
    if (v >= 9) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
    } else {
      if (v >= 9) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
      for (const item of topics) writeMetadataRequestTopic(w, v, item)
    }
  if (v >= 4) {
    const allowAutoTopicCreation = m.allowAutoTopicCreation === undefined ? true : m.allowAutoTopicCreation
    w.boolean(allowAutoTopicCreation)
  }
  if ((v < 4) && m.allowAutoTopicCreation !== undefined && m.allowAutoTopicCreation !== true) throw new UnsupportedField('MetadataRequest', 'allowAutoTopicCreation', v, 4)
  if (v >= 8 && v <= 10) {
    const includeClusterAuthorizedOperations = m.includeClusterAuthorizedOperations === undefined ? false : m.includeClusterAuthorizedOperations
    w.boolean(includeClusterAuthorizedOperations)
  }
  if ((v < 8 || v > 10) && m.includeClusterAuthorizedOperations !== undefined && m.includeClusterAuthorizedOperations !== false) throw new UnsupportedField('MetadataRequest', 'includeClusterAuthorizedOperations', v, 8)
  if (v >= 8) {
    const includeTopicAuthorizedOperations = m.includeTopicAuthorizedOperations === undefined ? false : m.includeTopicAuthorizedOperations
    w.boolean(includeTopicAuthorizedOperations)
  }
  if ((v < 8) && m.includeTopicAuthorizedOperations !== undefined && m.includeTopicAuthorizedOperations !== false) throw new UnsupportedField('MetadataRequest', 'includeTopicAuthorizedOperations', v, 8)
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
  const rack: string | null = v >= 1 ? v >= 1 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string()) : null
  if (v >= 9) r.skipTags()
  return { nodeId, host, port, rack }
}

function writeMetadataResponseBroker(w: Writer, v: number, m: Draft<MetadataResponseBroker>): void {
  const nodeId = m.nodeId === undefined ? 0 : m.nodeId
  w.int32(nodeId)
  const host = m.host === undefined ? '' : m.host
  if (v >= 9) { w.compactString(host) } else { w.string(host) }
  const port = m.port === undefined ? 0 : m.port
  w.int32(port)
  if (v >= 1) {
    const rack = m.rack === undefined ? null : m.rack
    if (v >= 1) { if (v >= 9) { w.compactNullableString(rack) } else { w.nullableString(rack) } } else { if (v >= 9) { w.compactString(rack!) } else { w.string(rack!) } }
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
  const leaderEpoch: number = v >= 7 ? r.int32() : -1
  const replicaNodes: number[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) replicaNodes.push(r.int32())
  }
  const isrNodes: number[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) isrNodes.push(r.int32())
  }
  const offlineReplicas: number[] = []
  if (v >= 5) {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) offlineReplicas.push(r.int32())
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
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  if (v >= 7) {
    const leaderEpoch = m.leaderEpoch === undefined ? -1 : m.leaderEpoch
    w.int32(leaderEpoch)
  }
  const replicaNodes = m.replicaNodes === undefined ? [] : m.replicaNodes
  if (v >= 9) { w.compactArrayLength(replicaNodes.length) } else { w.arrayLength(replicaNodes.length) }
  for (const item of replicaNodes) w.int32(item)
  const isrNodes = m.isrNodes === undefined ? [] : m.isrNodes
  if (v >= 9) { w.compactArrayLength(isrNodes.length) } else { w.arrayLength(isrNodes.length) }
  for (const item of isrNodes) w.int32(item)
  if (v >= 5) {
    const offlineReplicas = m.offlineReplicas === undefined ? [] : m.offlineReplicas
    if (v >= 9) { w.compactArrayLength(offlineReplicas.length) } else { w.arrayLength(offlineReplicas.length) }
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
  const name: string | null = v >= 12 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string())
  const topicId: string = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const isInternal: boolean = v >= 1 ? r.boolean() : false
  const partitions: MetadataResponsePartition[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readMetadataResponsePartition(r, v))
  }
  const topicAuthorizedOperations: number = v >= 8 ? r.int32() : -2147483648
  if (v >= 9) r.skipTags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writeMetadataResponseTopic(w: Writer, v: number, m: Draft<MetadataResponseTopic>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const name = m.name === undefined ? '' : m.name
  if (v >= 12) { if (v >= 9) { w.compactNullableString(name) } else { w.nullableString(name) } } else { if (v >= 9) { w.compactString(name!) } else { w.string(name!) } }
  if (v >= 10) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  if (v >= 1) {
    const isInternal = m.isInternal === undefined ? false : m.isInternal
    w.boolean(isInternal)
  }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 9) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
  for (const item of partitions) writeMetadataResponsePartition(w, v, item)
  if (v >= 8) {
    const topicAuthorizedOperations = m.topicAuthorizedOperations === undefined ? -2147483648 : m.topicAuthorizedOperations
    w.int32(topicAuthorizedOperations)
  }
  if ((v < 8) && m.topicAuthorizedOperations !== undefined && m.topicAuthorizedOperations !== -2147483648) throw new UnsupportedField('MetadataResponse', 'topicAuthorizedOperations', v, 8)
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
  const throttleTimeMs: number = v >= 3 ? r.int32() : 0
  const brokers: MetadataResponseBroker[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) brokers.push(readMetadataResponseBroker(r, v))
  }
  const clusterId: string | null = v >= 2 ? v >= 2 ? (v >= 9 ? r.compactNullableString() : r.nullableString()) : (v >= 9 ? r.compactString() : r.string()) : null
  const controllerId: number = v >= 1 ? r.int32() : -1
  const topics: MetadataResponseTopic[] = []
  {
    const n = r.notNull(v >= 9 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readMetadataResponseTopic(r, v))
  }
  const clusterAuthorizedOperations: number = (v >= 8 && v <= 10) ? r.int32() : -2147483648
  const errorCode: number = v >= 13 ? r.int16() : 0
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
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const brokers = m.brokers === undefined ? [] : m.brokers
  if (v >= 9) { w.compactArrayLength(brokers.length) } else { w.arrayLength(brokers.length) }
  for (const item of brokers) writeMetadataResponseBroker(w, v, item)
  if (v >= 2) {
    const clusterId = m.clusterId === undefined ? null : m.clusterId
    if (v >= 2) { if (v >= 9) { w.compactNullableString(clusterId) } else { w.nullableString(clusterId) } } else { if (v >= 9) { w.compactString(clusterId!) } else { w.string(clusterId!) } }
  }
  if (v >= 1) {
    const controllerId = m.controllerId === undefined ? -1 : m.controllerId
    w.int32(controllerId)
  }
  const topics = m.topics === undefined ? [] : m.topics
  if (v >= 9) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
  for (const item of topics) writeMetadataResponseTopic(w, v, item)
  if (v >= 8 && v <= 10) {
    const clusterAuthorizedOperations = m.clusterAuthorizedOperations === undefined ? -2147483648 : m.clusterAuthorizedOperations
    w.int32(clusterAuthorizedOperations)
  }
  if ((v < 8 || v > 10) && m.clusterAuthorizedOperations !== undefined && m.clusterAuthorizedOperations !== -2147483648) throw new UnsupportedField('MetadataResponse', 'clusterAuthorizedOperations', v, 8)
  if (v >= 13) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
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
