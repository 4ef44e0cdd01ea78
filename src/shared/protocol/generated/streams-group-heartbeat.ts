// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface KeyValue {
  key: string
  value: string
}

function readKeyValue(r: Reader, _v: number): KeyValue {
  const key = r.compactString()
  const value = r.compactString()
  r.skipTags()
  return { key, value }
}

function writeKeyValue(w: Writer, _v: number, m: Draft<KeyValue>): void {
  const { key = '' } = m
  w.compactString(key)
  const { value = '' } = m
  w.compactString(value)
  w.unsignedVarint(0)
}

export interface TopicInfo {
  name: string
  partitions: number
  replicationFactor: number
  topicConfigs: KeyValue[]
}

function readTopicInfo(r: Reader, v: number): TopicInfo {
  const name = r.compactString()
  const partitions = r.int32()
  const replicationFactor = r.int16()
  const topicConfigs: KeyValue[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topicConfigs.push(readKeyValue(r, v))
  r.skipTags()
  return { name, partitions, replicationFactor, topicConfigs }
}

function writeTopicInfo(w: Writer, v: number, m: Draft<TopicInfo>): void {
  const { name = '' } = m
  w.compactString(name)
  const { partitions = 0 } = m
  w.int32(partitions)
  const { replicationFactor = 0 } = m
  w.int16(replicationFactor)
  const { topicConfigs = [] } = m
  w.compactArrayLength(topicConfigs.length)
  for (const item of topicConfigs) writeKeyValue(w, v, item)
  w.unsignedVarint(0)
}

export interface CopartitionGroup {
  sourceTopics: number[]
  sourceTopicRegex: number[]
  repartitionSourceTopics: number[]
}

function readCopartitionGroup(r: Reader, _v: number): CopartitionGroup {
  const sourceTopics: number[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) sourceTopics.push(r.int16())
  const sourceTopicRegex: number[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) sourceTopicRegex.push(r.int16())
  const repartitionSourceTopics: number[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) repartitionSourceTopics.push(r.int16())
  r.skipTags()
  return { sourceTopics, sourceTopicRegex, repartitionSourceTopics }
}

function writeCopartitionGroup(w: Writer, _v: number, m: Draft<CopartitionGroup>): void {
  const { sourceTopics = [] } = m
  w.compactArrayLength(sourceTopics.length)
  for (const item of sourceTopics) w.int16(item)
  const { sourceTopicRegex = [] } = m
  w.compactArrayLength(sourceTopicRegex.length)
  for (const item of sourceTopicRegex) w.int16(item)
  const { repartitionSourceTopics = [] } = m
  w.compactArrayLength(repartitionSourceTopics.length)
  for (const item of repartitionSourceTopics) w.int16(item)
  w.unsignedVarint(0)
}

export interface Subtopology {
  subtopologyId: string
  sourceTopics: string[]
  sourceTopicRegex: string[]
  stateChangelogTopics: TopicInfo[]
  repartitionSinkTopics: string[]
  repartitionSourceTopics: TopicInfo[]
  copartitionGroups: CopartitionGroup[]
}

function readSubtopology(r: Reader, v: number): Subtopology {
  const subtopologyId = r.compactString()
  const sourceTopics: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) sourceTopics.push(r.compactString())
  const sourceTopicRegex: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) sourceTopicRegex.push(r.compactString())
  const stateChangelogTopics: TopicInfo[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) stateChangelogTopics.push(readTopicInfo(r, v))
  const repartitionSinkTopics: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) repartitionSinkTopics.push(r.compactString())
  const repartitionSourceTopics: TopicInfo[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) repartitionSourceTopics.push(readTopicInfo(r, v))
  const copartitionGroups: CopartitionGroup[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) copartitionGroups.push(readCopartitionGroup(r, v))
  r.skipTags()
  return {
    subtopologyId,
    sourceTopics,
    sourceTopicRegex,
    stateChangelogTopics,
    repartitionSinkTopics,
    repartitionSourceTopics,
    copartitionGroups,
  }
}

function writeSubtopology(w: Writer, v: number, m: Draft<Subtopology>): void {
  const { subtopologyId = '' } = m
  w.compactString(subtopologyId)
  const { sourceTopics = [] } = m
  w.compactArrayLength(sourceTopics.length)
  for (const item of sourceTopics) w.compactString(item)
  const { sourceTopicRegex = [] } = m
  w.compactArrayLength(sourceTopicRegex.length)
  for (const item of sourceTopicRegex) w.compactString(item)
  const { stateChangelogTopics = [] } = m
  w.compactArrayLength(stateChangelogTopics.length)
  for (const item of stateChangelogTopics) writeTopicInfo(w, v, item)
  const { repartitionSinkTopics = [] } = m
  w.compactArrayLength(repartitionSinkTopics.length)
  for (const item of repartitionSinkTopics) w.compactString(item)
  const { repartitionSourceTopics = [] } = m
  w.compactArrayLength(repartitionSourceTopics.length)
  for (const item of repartitionSourceTopics) writeTopicInfo(w, v, item)
  const { copartitionGroups = [] } = m
  w.compactArrayLength(copartitionGroups.length)
  for (const item of copartitionGroups) writeCopartitionGroup(w, v, item)
  w.unsignedVarint(0)
}

export interface Topology {
  epoch: number
  subtopologies: Subtopology[]
}

function readTopology(r: Reader, v: number): Topology {
  const epoch = r.int32()
  const subtopologies: Subtopology[] = []
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) subtopologies.push(readSubtopology(r, v))
  r.skipTags()
  return { epoch, subtopologies }
}

function writeTopology(w: Writer, v: number, m: Draft<Topology>): void {
  const { epoch = 0 } = m
  w.int32(epoch)
  const { subtopologies = [] } = m
  w.compactArrayLength(subtopologies.length)
  for (const item of subtopologies) writeSubtopology(w, v, item)
  w.unsignedVarint(0)
}

export interface TaskIds {
  subtopologyId: string
  partitions: number[]
}

function readTaskIds(r: Reader, _v: number): TaskIds {
  const subtopologyId = r.compactString()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { subtopologyId, partitions }
}

function writeTaskIds(w: Writer, _v: number, m: Draft<TaskIds>): void {
  const { subtopologyId = '' } = m
  w.compactString(subtopologyId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface Endpoint {
  host: string
  port: number
}

function readEndpoint(r: Reader, _v: number): Endpoint {
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { host, port }
}

function writeEndpoint(w: Writer, _v: number, m: Draft<Endpoint>): void {
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface TaskOffset {
  subtopologyId: string
  partition: number
  offset: number
}

function readTaskOffset(r: Reader, _v: number): TaskOffset {
  const subtopologyId = r.compactString()
  const partition = r.int32()
  const offset = r.int64()
  r.skipTags()
  return { subtopologyId, partition, offset }
}

function writeTaskOffset(w: Writer, _v: number, m: Draft<TaskOffset>): void {
  const { subtopologyId = '' } = m
  w.compactString(subtopologyId)
  const { partition = 0 } = m
  w.int32(partition)
  const { offset = 0 } = m
  w.int64(offset)
  w.unsignedVarint(0)
}

export interface StreamsGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  endpointInformationEpoch: number
  instanceId: string | null
  rackId: string | null
  rebalanceTimeoutMs: number
  topology: Topology | null
  activeTasks: TaskIds[] | null
  standbyTasks: TaskIds[] | null
  warmupTasks: TaskIds[] | null
  processId: string | null
  userEndpoint: Endpoint | null
  clientTags: KeyValue[] | null
  taskOffsets: TaskOffset[] | null
  taskEndOffsets: TaskOffset[] | null
  shutdownApplication: boolean
}

function readStreamsGroupHeartbeatRequest(r: Reader, v: number): StreamsGroupHeartbeatRequest {
  const groupId = r.compactString()
  const memberId = r.compactString()
  const memberEpoch = r.int32()
  const endpointInformationEpoch = r.int32()
  const instanceId: string | null = r.compactNullableString()
  const rackId: string | null = r.compactNullableString()
  const rebalanceTimeoutMs = r.int32()
  const topology: Topology | null = r.int8() < 0 ? null : readTopology(r, v)
  let activeTasks: TaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    activeTasks = n < 0 ? null : []
    if (activeTasks) for (let i = 0; i < n; i++) activeTasks.push(readTaskIds(r, v))
  }
  let standbyTasks: TaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    standbyTasks = n < 0 ? null : []
    if (standbyTasks) for (let i = 0; i < n; i++) standbyTasks.push(readTaskIds(r, v))
  }
  let warmupTasks: TaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    warmupTasks = n < 0 ? null : []
    if (warmupTasks) for (let i = 0; i < n; i++) warmupTasks.push(readTaskIds(r, v))
  }
  const processId: string | null = r.compactNullableString()
  const userEndpoint: Endpoint | null = r.int8() < 0 ? null : readEndpoint(r, v)
  let clientTags: KeyValue[] | null
  {
    const n = r.compactArrayLength(3)
    clientTags = n < 0 ? null : []
    if (clientTags) for (let i = 0; i < n; i++) clientTags.push(readKeyValue(r, v))
  }
  let taskOffsets: TaskOffset[] | null
  {
    const n = r.compactArrayLength(14)
    taskOffsets = n < 0 ? null : []
    if (taskOffsets) for (let i = 0; i < n; i++) taskOffsets.push(readTaskOffset(r, v))
  }
  let taskEndOffsets: TaskOffset[] | null
  {
    const n = r.compactArrayLength(14)
    taskEndOffsets = n < 0 ? null : []
    if (taskEndOffsets) for (let i = 0; i < n; i++) taskEndOffsets.push(readTaskOffset(r, v))
  }
  const shutdownApplication = r.boolean()
  r.skipTags()
  return {
    groupId,
    memberId,
    memberEpoch,
    endpointInformationEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    topology,
    activeTasks,
    standbyTasks,
    warmupTasks,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    shutdownApplication,
  }
}

function writeStreamsGroupHeartbeatRequest(w: Writer, v: number, m: Draft<StreamsGroupHeartbeatRequest>): void {
  const { groupId = '' } = m
  w.compactString(groupId)
  const { memberId = '' } = m
  w.compactString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { endpointInformationEpoch = 0 } = m
  w.int32(endpointInformationEpoch)
  const { instanceId = null } = m
  w.compactNullableString(instanceId)
  const { rackId = null } = m
  w.compactNullableString(rackId)
  const { rebalanceTimeoutMs = -1 } = m
  w.int32(rebalanceTimeoutMs)
  const { topology = null } = m
  if (topology === null) w.int8(-1)
  else {
    w.int8(1)
    writeTopology(w, v, topology)
  }
  const { activeTasks = null } = m
  w.compactArrayLength(activeTasks === null ? -1 : activeTasks.length)
  for (const item of activeTasks ?? []) writeTaskIds(w, v, item)
  const { standbyTasks = null } = m
  w.compactArrayLength(standbyTasks === null ? -1 : standbyTasks.length)
  for (const item of standbyTasks ?? []) writeTaskIds(w, v, item)
  const { warmupTasks = null } = m
  w.compactArrayLength(warmupTasks === null ? -1 : warmupTasks.length)
  for (const item of warmupTasks ?? []) writeTaskIds(w, v, item)
  const { processId = null } = m
  w.compactNullableString(processId)
  const { userEndpoint = null } = m
  if (userEndpoint === null) w.int8(-1)
  else {
    w.int8(1)
    writeEndpoint(w, v, userEndpoint)
  }
  const { clientTags = null } = m
  w.compactArrayLength(clientTags === null ? -1 : clientTags.length)
  for (const item of clientTags ?? []) writeKeyValue(w, v, item)
  const { taskOffsets = null } = m
  w.compactArrayLength(taskOffsets === null ? -1 : taskOffsets.length)
  for (const item of taskOffsets ?? []) writeTaskOffset(w, v, item)
  const { taskEndOffsets = null } = m
  w.compactArrayLength(taskEndOffsets === null ? -1 : taskEndOffsets.length)
  for (const item of taskEndOffsets ?? []) writeTaskOffset(w, v, item)
  const { shutdownApplication = false } = m
  w.boolean(shutdownApplication)
  w.unsignedVarint(0)
}

export interface Status {
  statusCode: number
  statusDetail: string
}

function readStatus(r: Reader, _v: number): Status {
  const statusCode = r.int8()
  const statusDetail = r.compactString()
  r.skipTags()
  return { statusCode, statusDetail }
}

function writeStatus(w: Writer, _v: number, m: Draft<Status>): void {
  const { statusCode = 0 } = m
  w.int8(statusCode)
  const { statusDetail = '' } = m
  w.compactString(statusDetail)
  w.unsignedVarint(0)
}

export interface ResponseTaskIds {
  subtopologyId: string
  partitions: number[]
}

function readResponseTaskIds(r: Reader, _v: number): ResponseTaskIds {
  const subtopologyId = r.compactString()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { subtopologyId, partitions }
}

function writeResponseTaskIds(w: Writer, _v: number, m: Draft<ResponseTaskIds>): void {
  const { subtopologyId = '' } = m
  w.compactString(subtopologyId)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface ResponseEndpoint {
  host: string
  port: number
}

function readResponseEndpoint(r: Reader, _v: number): ResponseEndpoint {
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { host, port }
}

function writeResponseEndpoint(w: Writer, _v: number, m: Draft<ResponseEndpoint>): void {
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface TopicPartition {
  topic: string
  partitions: number[]
}

function readTopicPartition(r: Reader, _v: number): TopicPartition {
  const topic = r.compactString()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topic, partitions }
}

function writeTopicPartition(w: Writer, _v: number, m: Draft<TopicPartition>): void {
  const { topic = '' } = m
  w.compactString(topic)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface EndpointToPartitions {
  userEndpoint: ResponseEndpoint
  activePartitions: TopicPartition[]
  standbyPartitions: TopicPartition[]
}

function readEndpointToPartitions(r: Reader, v: number): EndpointToPartitions {
  const userEndpoint = readResponseEndpoint(r, v)
  const activePartitions: TopicPartition[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) activePartitions.push(readTopicPartition(r, v))
  const standbyPartitions: TopicPartition[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) standbyPartitions.push(readTopicPartition(r, v))
  r.skipTags()
  return { userEndpoint, activePartitions, standbyPartitions }
}

function writeEndpointToPartitions(w: Writer, v: number, m: Draft<EndpointToPartitions>): void {
  const { userEndpoint = {} } = m
  writeResponseEndpoint(w, v, userEndpoint)
  const { activePartitions = [] } = m
  w.compactArrayLength(activePartitions.length)
  for (const item of activePartitions) writeTopicPartition(w, v, item)
  const { standbyPartitions = [] } = m
  w.compactArrayLength(standbyPartitions.length)
  for (const item of standbyPartitions) writeTopicPartition(w, v, item)
  w.unsignedVarint(0)
}

export interface StreamsGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string
  memberEpoch: number
  heartbeatIntervalMs: number
  acceptableRecoveryLag: number
  taskOffsetIntervalMs: number
  status: Status[] | null
  activeTasks: ResponseTaskIds[] | null
  standbyTasks: ResponseTaskIds[] | null
  warmupTasks: ResponseTaskIds[] | null
  endpointInformationEpoch: number
  partitionsByUserEndpoint: EndpointToPartitions[] | null
}

function readStreamsGroupHeartbeatResponse(r: Reader, v: number): StreamsGroupHeartbeatResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const memberId = r.compactString()
  const memberEpoch = r.int32()
  const heartbeatIntervalMs = r.int32()
  const acceptableRecoveryLag = r.int32()
  const taskOffsetIntervalMs = r.int32()
  let status: Status[] | null
  {
    const n = r.compactArrayLength(3)
    status = n < 0 ? null : []
    if (status) for (let i = 0; i < n; i++) status.push(readStatus(r, v))
  }
  let activeTasks: ResponseTaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    activeTasks = n < 0 ? null : []
    if (activeTasks) for (let i = 0; i < n; i++) activeTasks.push(readResponseTaskIds(r, v))
  }
  let standbyTasks: ResponseTaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    standbyTasks = n < 0 ? null : []
    if (standbyTasks) for (let i = 0; i < n; i++) standbyTasks.push(readResponseTaskIds(r, v))
  }
  let warmupTasks: ResponseTaskIds[] | null
  {
    const n = r.compactArrayLength(3)
    warmupTasks = n < 0 ? null : []
    if (warmupTasks) for (let i = 0; i < n; i++) warmupTasks.push(readResponseTaskIds(r, v))
  }
  const endpointInformationEpoch = r.int32()
  let partitionsByUserEndpoint: EndpointToPartitions[] | null
  {
    const n = r.compactArrayLength(7)
    partitionsByUserEndpoint = n < 0 ? null : []
    if (partitionsByUserEndpoint) for (let i = 0; i < n; i++) partitionsByUserEndpoint.push(readEndpointToPartitions(r, v))
  }
  r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    acceptableRecoveryLag,
    taskOffsetIntervalMs,
    status,
    activeTasks,
    standbyTasks,
    warmupTasks,
    endpointInformationEpoch,
    partitionsByUserEndpoint,
  }
}

function writeStreamsGroupHeartbeatResponse(w: Writer, v: number, m: Draft<StreamsGroupHeartbeatResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { memberId = '' } = m
  w.compactString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { heartbeatIntervalMs = 0 } = m
  w.int32(heartbeatIntervalMs)
  const { acceptableRecoveryLag = 0 } = m
  w.int32(acceptableRecoveryLag)
  const { taskOffsetIntervalMs = 0 } = m
  w.int32(taskOffsetIntervalMs)
  const { status = [] } = m
  w.compactArrayLength(status === null ? -1 : status.length)
  for (const item of status ?? []) writeStatus(w, v, item)
  const { activeTasks = null } = m
  w.compactArrayLength(activeTasks === null ? -1 : activeTasks.length)
  for (const item of activeTasks ?? []) writeResponseTaskIds(w, v, item)
  const { standbyTasks = null } = m
  w.compactArrayLength(standbyTasks === null ? -1 : standbyTasks.length)
  for (const item of standbyTasks ?? []) writeResponseTaskIds(w, v, item)
  const { warmupTasks = null } = m
  w.compactArrayLength(warmupTasks === null ? -1 : warmupTasks.length)
  for (const item of warmupTasks ?? []) writeResponseTaskIds(w, v, item)
  const { endpointInformationEpoch = 0 } = m
  w.int32(endpointInformationEpoch)
  const { partitionsByUserEndpoint = null } = m
  w.compactArrayLength(partitionsByUserEndpoint === null ? -1 : partitionsByUserEndpoint.length)
  for (const item of partitionsByUserEndpoint ?? []) writeEndpointToPartitions(w, v, item)
  w.unsignedVarint(0)
}

export const streamsGroupHeartbeat: Api<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> = {
  key: 88,
  name: 'StreamsGroupHeartbeat',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeStreamsGroupHeartbeatRequest,
  decodeRequest: readStreamsGroupHeartbeatRequest,
  encodeResponse: writeStreamsGroupHeartbeatResponse,
  decodeResponse: readStreamsGroupHeartbeatResponse,
}
