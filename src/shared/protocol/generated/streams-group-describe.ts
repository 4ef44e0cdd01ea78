// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface StreamsGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
}

function readStreamsGroupDescribeRequest(r: Reader, _v: number): StreamsGroupDescribeRequest {
  const groupIds: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) groupIds.push(r.compactString())
  const includeAuthorizedOperations = r.boolean()
  r.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

function writeStreamsGroupDescribeRequest(w: Writer, _v: number, m: Draft<StreamsGroupDescribeRequest>): void {
  const { groupIds = [] } = m
  w.compactArrayLength(groupIds.length)
  for (const item of groupIds) w.compactString(item)
  const { includeAuthorizedOperations = false } = m
  w.boolean(includeAuthorizedOperations)
  w.unsignedVarint(0)
}

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

export interface Subtopology {
  subtopologyId: string
  sourceTopics: string[]
  repartitionSinkTopics: string[]
  stateChangelogTopics: TopicInfo[]
  repartitionSourceTopics: TopicInfo[]
}

function readSubtopology(r: Reader, v: number): Subtopology {
  const subtopologyId = r.compactString()
  const sourceTopics: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) sourceTopics.push(r.compactString())
  const repartitionSinkTopics: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) repartitionSinkTopics.push(r.compactString())
  const stateChangelogTopics: TopicInfo[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) stateChangelogTopics.push(readTopicInfo(r, v))
  const repartitionSourceTopics: TopicInfo[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) repartitionSourceTopics.push(readTopicInfo(r, v))
  r.skipTags()
  return { subtopologyId, sourceTopics, repartitionSinkTopics, stateChangelogTopics, repartitionSourceTopics }
}

function writeSubtopology(w: Writer, v: number, m: Draft<Subtopology>): void {
  const { subtopologyId = '' } = m
  w.compactString(subtopologyId)
  const { sourceTopics = [] } = m
  w.compactArrayLength(sourceTopics.length)
  for (const item of sourceTopics) w.compactString(item)
  const { repartitionSinkTopics = [] } = m
  w.compactArrayLength(repartitionSinkTopics.length)
  for (const item of repartitionSinkTopics) w.compactString(item)
  const { stateChangelogTopics = [] } = m
  w.compactArrayLength(stateChangelogTopics.length)
  for (const item of stateChangelogTopics) writeTopicInfo(w, v, item)
  const { repartitionSourceTopics = [] } = m
  w.compactArrayLength(repartitionSourceTopics.length)
  for (const item of repartitionSourceTopics) writeTopicInfo(w, v, item)
  w.unsignedVarint(0)
}

export interface Topology {
  epoch: number
  subtopologies: Subtopology[] | null
}

function readTopology(r: Reader, v: number): Topology {
  const epoch = r.int32()
  let subtopologies: Subtopology[] | null
  {
    const n = r.compactArrayLength(6)
    subtopologies = n < 0 ? null : []
    if (subtopologies) for (let i = 0; i < n; i++) subtopologies.push(readSubtopology(r, v))
  }
  r.skipTags()
  return { epoch, subtopologies }
}

function writeTopology(w: Writer, v: number, m: Draft<Topology>): void {
  const { epoch = 0 } = m
  w.int32(epoch)
  const { subtopologies = null } = m
  w.compactArrayLength(subtopologies === null ? -1 : subtopologies.length)
  for (const item of subtopologies ?? []) writeSubtopology(w, v, item)
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

export interface Assignment {
  activeTasks: TaskIds[]
  standbyTasks: TaskIds[]
  warmupTasks: TaskIds[]
}

function readAssignment(r: Reader, v: number): Assignment {
  const activeTasks: TaskIds[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) activeTasks.push(readTaskIds(r, v))
  const standbyTasks: TaskIds[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) standbyTasks.push(readTaskIds(r, v))
  const warmupTasks: TaskIds[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) warmupTasks.push(readTaskIds(r, v))
  r.skipTags()
  return { activeTasks, standbyTasks, warmupTasks }
}

function writeAssignment(w: Writer, v: number, m: Draft<Assignment>): void {
  const { activeTasks = [] } = m
  w.compactArrayLength(activeTasks.length)
  for (const item of activeTasks) writeTaskIds(w, v, item)
  const { standbyTasks = [] } = m
  w.compactArrayLength(standbyTasks.length)
  for (const item of standbyTasks) writeTaskIds(w, v, item)
  const { warmupTasks = [] } = m
  w.compactArrayLength(warmupTasks.length)
  for (const item of warmupTasks) writeTaskIds(w, v, item)
  w.unsignedVarint(0)
}

export interface Member {
  memberId: string
  memberEpoch: number
  instanceId: string | null
  rackId: string | null
  clientId: string
  clientHost: string
  topologyEpoch: number
  processId: string
  userEndpoint: Endpoint | null
  clientTags: KeyValue[]
  taskOffsets: TaskOffset[]
  taskEndOffsets: TaskOffset[]
  assignment: Assignment
  targetAssignment: Assignment
  isClassic: boolean
}

function readMember(r: Reader, v: number): Member {
  const memberId = r.compactString()
  const memberEpoch = r.int32()
  const instanceId: string | null = r.compactNullableString()
  const rackId: string | null = r.compactNullableString()
  const clientId = r.compactString()
  const clientHost = r.compactString()
  const topologyEpoch = r.int32()
  const processId = r.compactString()
  const userEndpoint: Endpoint | null = r.int8() < 0 ? null : readEndpoint(r, v)
  const clientTags: KeyValue[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) clientTags.push(readKeyValue(r, v))
  const taskOffsets: TaskOffset[] = []
  for (let n = r.notNull(r.compactArrayLength(14)); n > 0; n--) taskOffsets.push(readTaskOffset(r, v))
  const taskEndOffsets: TaskOffset[] = []
  for (let n = r.notNull(r.compactArrayLength(14)); n > 0; n--) taskEndOffsets.push(readTaskOffset(r, v))
  const assignment = readAssignment(r, v)
  const targetAssignment = readAssignment(r, v)
  const isClassic = r.boolean()
  r.skipTags()
  return {
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    clientId,
    clientHost,
    topologyEpoch,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    assignment,
    targetAssignment,
    isClassic,
  }
}

function writeMember(w: Writer, v: number, m: Draft<Member>): void {
  const { memberId = '' } = m
  w.compactString(memberId)
  const { memberEpoch = 0 } = m
  w.int32(memberEpoch)
  const { instanceId = null } = m
  w.compactNullableString(instanceId)
  const { rackId = null } = m
  w.compactNullableString(rackId)
  const { clientId = '' } = m
  w.compactString(clientId)
  const { clientHost = '' } = m
  w.compactString(clientHost)
  const { topologyEpoch = 0 } = m
  w.int32(topologyEpoch)
  const { processId = '' } = m
  w.compactString(processId)
  const { userEndpoint = null } = m
  if (userEndpoint === null) w.int8(-1)
  else {
    w.int8(1)
    writeEndpoint(w, v, userEndpoint)
  }
  const { clientTags = [] } = m
  w.compactArrayLength(clientTags.length)
  for (const item of clientTags) writeKeyValue(w, v, item)
  const { taskOffsets = [] } = m
  w.compactArrayLength(taskOffsets.length)
  for (const item of taskOffsets) writeTaskOffset(w, v, item)
  const { taskEndOffsets = [] } = m
  w.compactArrayLength(taskEndOffsets.length)
  for (const item of taskEndOffsets) writeTaskOffset(w, v, item)
  const { assignment = {} } = m
  writeAssignment(w, v, assignment)
  const { targetAssignment = {} } = m
  writeAssignment(w, v, targetAssignment)
  const { isClassic = false } = m
  w.boolean(isClassic)
  w.unsignedVarint(0)
}

export interface DescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  groupEpoch: number
  assignmentEpoch: number
  topology: Topology | null
  members: Member[]
  authorizedOperations: number
}

function readDescribedGroup(r: Reader, v: number): DescribedGroup {
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const groupId = r.compactString()
  const groupState = r.compactString()
  const groupEpoch = r.int32()
  const assignmentEpoch = r.int32()
  const topology: Topology | null = r.int8() < 0 ? null : readTopology(r, v)
  const members: Member[] = []
  for (let n = r.notNull(r.compactArrayLength(28)); n > 0; n--) members.push(readMember(r, v))
  const authorizedOperations = r.int32()
  r.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    topology,
    members,
    authorizedOperations,
  }
}

function writeDescribedGroup(w: Writer, v: number, m: Draft<DescribedGroup>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  const { groupId = '' } = m
  w.compactString(groupId)
  const { groupState = '' } = m
  w.compactString(groupState)
  const { groupEpoch = 0 } = m
  w.int32(groupEpoch)
  const { assignmentEpoch = 0 } = m
  w.int32(assignmentEpoch)
  const { topology = null } = m
  if (topology === null) w.int8(-1)
  else {
    w.int8(1)
    writeTopology(w, v, topology)
  }
  const { members = [] } = m
  w.compactArrayLength(members.length)
  for (const item of members) writeMember(w, v, item)
  const { authorizedOperations = -2147483648 } = m
  w.int32(authorizedOperations)
  w.unsignedVarint(0)
}

export interface StreamsGroupDescribeResponse {
  throttleTimeMs: number
  groups: DescribedGroup[]
}

function readStreamsGroupDescribeResponse(r: Reader, v: number): StreamsGroupDescribeResponse {
  const throttleTimeMs = r.int32()
  const groups: DescribedGroup[] = []
  for (let n = r.notNull(r.compactArrayLength(20)); n > 0; n--) groups.push(readDescribedGroup(r, v))
  r.skipTags()
  return { throttleTimeMs, groups }
}

function writeStreamsGroupDescribeResponse(w: Writer, v: number, m: Draft<StreamsGroupDescribeResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { groups = [] } = m
  w.compactArrayLength(groups.length)
  for (const item of groups) writeDescribedGroup(w, v, item)
  w.unsignedVarint(0)
}

export const streamsGroupDescribe: Api<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> = {
  key: 89,
  name: 'StreamsGroupDescribe',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeStreamsGroupDescribeRequest,
  decodeRequest: readStreamsGroupDescribeRequest,
  encodeResponse: writeStreamsGroupDescribeResponse,
  decodeResponse: readStreamsGroupDescribeResponse,
}
