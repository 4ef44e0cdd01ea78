// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface OffsetFetchRequestTopic {
  name: string
  partitionIndexes: number[]
}

function readOffsetFetchRequestTopic(r: Reader, v: number): OffsetFetchRequestTopic {
  const name: string = v <= 7 ? (v >= 6 ? r.compactString() : r.string()) : ''
  const partitionIndexes: number[] = []
  if (v <= 7) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) partitionIndexes.push(r.int32())
  }
  if (v >= 6) r.skipTags()
  return { name, partitionIndexes }
}

function writeOffsetFetchRequestTopic(w: Writer, v: number, m: Draft<OffsetFetchRequestTopic>): void {
  if (v <= 7) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 6) { w.compactString(name) } else { w.string(name) }
  }
  if ((v > 7) && m.name !== undefined && m.name !== '') throw new UnsupportedField('OffsetFetchRequest', 'name', v, 0)
  if (v <= 7) {
    const partitionIndexes = m.partitionIndexes === undefined ? [] : m.partitionIndexes
    if (v >= 6) { w.compactArrayLength(partitionIndexes.length) } else { w.arrayLength(partitionIndexes.length) }
    for (const item of partitionIndexes) w.int32(item)
  }
  if ((v > 7) && m.partitionIndexes !== undefined && m.partitionIndexes.length > 0) throw new UnsupportedField('OffsetFetchRequest', 'partitionIndexes', v, 0)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchRequestTopics {
  name: string
  topicId: string
  partitionIndexes: number[]
}

function readOffsetFetchRequestTopics(r: Reader, v: number): OffsetFetchRequestTopics {
  const name: string = (v >= 8 && v <= 9) ? (v >= 6 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitionIndexes: number[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) partitionIndexes.push(r.int32())
  }
  if (v >= 6) r.skipTags()
  return { name, topicId, partitionIndexes }
}

function writeOffsetFetchRequestTopics(w: Writer, v: number, m: Draft<OffsetFetchRequestTopics>): void {
  if (v >= 8 && v <= 9) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 6) { w.compactString(name) } else { w.string(name) }
  }
  if (v >= 10) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  if (v >= 8) {
    const partitionIndexes = m.partitionIndexes === undefined ? [] : m.partitionIndexes
    if (v >= 6) { w.compactArrayLength(partitionIndexes.length) } else { w.arrayLength(partitionIndexes.length) }
    for (const item of partitionIndexes) w.int32(item)
  }
  if ((v < 8) && m.partitionIndexes !== undefined && m.partitionIndexes.length > 0) throw new UnsupportedField('OffsetFetchRequest', 'partitionIndexes', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchRequestGroup {
  groupId: string
  memberId: string | null
  memberEpoch: number
  topics: OffsetFetchRequestTopics[] | null
}

function readOffsetFetchRequestGroup(r: Reader, v: number): OffsetFetchRequestGroup {
  const groupId: string = v >= 8 ? (v >= 6 ? r.compactString() : r.string()) : ''
  const memberId: string | null = v >= 9 ? v >= 9 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : null
  const memberEpoch: number = v >= 9 ? r.int32() : -1
  let topics: OffsetFetchRequestTopics[] | null = []
  if (v >= 8) {
    const n = v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1)
    if (!(v >= 8)) r.notNull(n)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readOffsetFetchRequestTopics(r, v))
  }
  if (v >= 6) r.skipTags()
  return { groupId, memberId, memberEpoch, topics }
}

function writeOffsetFetchRequestGroup(w: Writer, v: number, m: Draft<OffsetFetchRequestGroup>): void {
  if (v >= 8) {
    const groupId = m.groupId === undefined ? '' : m.groupId
    if (v >= 6) { w.compactString(groupId) } else { w.string(groupId) }
  }
  if ((v < 8) && m.groupId !== undefined && m.groupId !== '') throw new UnsupportedField('OffsetFetchRequest', 'groupId', v, 8)
  if (v >= 9) {
    const memberId = m.memberId === undefined ? null : m.memberId
    if (v >= 9) { if (v >= 6) { w.compactNullableString(memberId) } else { w.nullableString(memberId) } } else { if (v >= 6) { w.compactString(memberId!) } else { w.string(memberId!) } }
  }
  if (v >= 9) {
    const memberEpoch = m.memberEpoch === undefined ? -1 : m.memberEpoch
    w.int32(memberEpoch)
  }
  if (v >= 8) {
    const topics = m.topics === undefined ? [] : m.topics
    if (topics === null) {
        if (!(v >= 8)) throw new TypeError('OffsetFetchRequest: topics must not be null in version ' + v)
    if (v >= 6) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
      } else {
        if (v >= 6) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
        for (const item of topics) writeOffsetFetchRequestTopics(w, v, item)
      }
  }
  if ((v < 8) && m.topics !== undefined && (m.topics === null || m.topics.length > 0)) throw new UnsupportedField('OffsetFetchRequest', 'topics', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchRequest {
  groupId: string
  topics: OffsetFetchRequestTopic[] | null
  groups: OffsetFetchRequestGroup[]
  requireStable: boolean
}

function readOffsetFetchRequest(r: Reader, v: number): OffsetFetchRequest {
  const groupId: string = v <= 7 ? (v >= 6 ? r.compactString() : r.string()) : ''
  let topics: OffsetFetchRequestTopic[] | null = []
  if (v <= 7) {
    const n = v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1)
    if (!(v >= 2 && v <= 7)) r.notNull(n)
    topics = n < 0 ? null : []
    if (topics) for (let i = 0; i < n; i++) topics.push(readOffsetFetchRequestTopic(r, v))
  }
  const groups: OffsetFetchRequestGroup[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readOffsetFetchRequestGroup(r, v))
  }
  const requireStable: boolean = v >= 7 ? r.boolean() : false
  if (v >= 6) r.skipTags()
  return { groupId, topics, groups, requireStable }
}

function writeOffsetFetchRequest(w: Writer, v: number, m: Draft<OffsetFetchRequest>): void {
  if (v <= 7) {
    const groupId = m.groupId === undefined ? '' : m.groupId
    if (v >= 6) { w.compactString(groupId) } else { w.string(groupId) }
  }
  if ((v > 7) && m.groupId !== undefined && m.groupId !== '') throw new UnsupportedField('OffsetFetchRequest', 'groupId', v, 0)
  if (v <= 7) {
    const topics = m.topics === undefined ? [] : m.topics
    if (topics === null) {
        if (!(v >= 2 && v <= 7)) throw new TypeError('OffsetFetchRequest: topics must not be null in version ' + v)
    if (v >= 6) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
      } else {
        if (v >= 6) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
        for (const item of topics) writeOffsetFetchRequestTopic(w, v, item)
      }
  }
  if ((v > 7) && m.topics !== undefined && (m.topics === null || m.topics.length > 0)) throw new UnsupportedField('OffsetFetchRequest', 'topics', v, 0)
  if (v >= 8) {
    const groups = m.groups === undefined ? [] : m.groups
    if (v >= 6) { w.compactArrayLength(groups.length) } else { w.arrayLength(groups.length) }
    for (const item of groups) writeOffsetFetchRequestGroup(w, v, item)
  }
  if ((v < 8) && m.groups !== undefined && m.groups.length > 0) throw new UnsupportedField('OffsetFetchRequest', 'groups', v, 8)
  if (v >= 7) {
    const requireStable = m.requireStable === undefined ? false : m.requireStable
    w.boolean(requireStable)
  }
  if ((v < 7) && m.requireStable !== undefined && m.requireStable !== false) throw new UnsupportedField('OffsetFetchRequest', 'requireStable', v, 7)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponsePartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  metadata: string | null
  errorCode: number
}

function readOffsetFetchResponsePartition(r: Reader, v: number): OffsetFetchResponsePartition {
  const partitionIndex: number = v <= 7 ? r.int32() : 0
  const committedOffset: number = v <= 7 ? r.int64() : 0
  const committedLeaderEpoch: number = (v >= 5 && v <= 7) ? r.int32() : -1
  const metadata: string | null = v <= 7 ? v <= 7 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : ''
  const errorCode: number = v <= 7 ? r.int16() : 0
  if (v >= 6) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponsePartition(w: Writer, v: number, m: Draft<OffsetFetchResponsePartition>): void {
  if (v <= 7) {
    const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
    w.int32(partitionIndex)
  }
  if ((v > 7) && m.partitionIndex !== undefined && m.partitionIndex !== 0) throw new UnsupportedField('OffsetFetchResponse', 'partitionIndex', v, 0)
  if (v <= 7) {
    const committedOffset = m.committedOffset === undefined ? 0 : m.committedOffset
    w.int64(committedOffset)
  }
  if ((v > 7) && m.committedOffset !== undefined && m.committedOffset !== 0) throw new UnsupportedField('OffsetFetchResponse', 'committedOffset', v, 0)
  if (v >= 5 && v <= 7) {
    const committedLeaderEpoch = m.committedLeaderEpoch === undefined ? -1 : m.committedLeaderEpoch
    w.int32(committedLeaderEpoch)
  }
  if (v <= 7) {
    const metadata = m.metadata === undefined ? '' : m.metadata
    if (v <= 7) { if (v >= 6) { w.compactNullableString(metadata) } else { w.nullableString(metadata) } } else { if (v >= 6) { w.compactString(metadata!) } else { w.string(metadata!) } }
  }
  if ((v > 7) && m.metadata !== undefined && m.metadata !== '') throw new UnsupportedField('OffsetFetchResponse', 'metadata', v, 0)
  if (v <= 7) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v > 7) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('OffsetFetchResponse', 'errorCode', v, 0)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponseTopic {
  name: string
  partitions: OffsetFetchResponsePartition[]
}

function readOffsetFetchResponseTopic(r: Reader, v: number): OffsetFetchResponseTopic {
  const name: string = v <= 7 ? (v >= 6 ? r.compactString() : r.string()) : ''
  const partitions: OffsetFetchResponsePartition[] = []
  if (v <= 7) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readOffsetFetchResponsePartition(r, v))
  }
  if (v >= 6) r.skipTags()
  return { name, partitions }
}

function writeOffsetFetchResponseTopic(w: Writer, v: number, m: Draft<OffsetFetchResponseTopic>): void {
  if (v <= 7) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 6) { w.compactString(name) } else { w.string(name) }
  }
  if ((v > 7) && m.name !== undefined && m.name !== '') throw new UnsupportedField('OffsetFetchResponse', 'name', v, 0)
  if (v <= 7) {
    const partitions = m.partitions === undefined ? [] : m.partitions
    if (v >= 6) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
    for (const item of partitions) writeOffsetFetchResponsePartition(w, v, item)
  }
  if ((v > 7) && m.partitions !== undefined && m.partitions.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'partitions', v, 0)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponsePartitions {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  metadata: string | null
  errorCode: number
}

function readOffsetFetchResponsePartitions(r: Reader, v: number): OffsetFetchResponsePartitions {
  const partitionIndex: number = v >= 8 ? r.int32() : 0
  const committedOffset: number = v >= 8 ? r.int64() : 0
  const committedLeaderEpoch: number = v >= 8 ? r.int32() : -1
  const metadata: string | null = v >= 8 ? v >= 8 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : ''
  const errorCode: number = v >= 8 ? r.int16() : 0
  if (v >= 6) r.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponsePartitions(w: Writer, v: number, m: Draft<OffsetFetchResponsePartitions>): void {
  if (v >= 8) {
    const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
    w.int32(partitionIndex)
  }
  if ((v < 8) && m.partitionIndex !== undefined && m.partitionIndex !== 0) throw new UnsupportedField('OffsetFetchResponse', 'partitionIndex', v, 8)
  if (v >= 8) {
    const committedOffset = m.committedOffset === undefined ? 0 : m.committedOffset
    w.int64(committedOffset)
  }
  if ((v < 8) && m.committedOffset !== undefined && m.committedOffset !== 0) throw new UnsupportedField('OffsetFetchResponse', 'committedOffset', v, 8)
  if (v >= 8) {
    const committedLeaderEpoch = m.committedLeaderEpoch === undefined ? -1 : m.committedLeaderEpoch
    w.int32(committedLeaderEpoch)
  }
  if (v >= 8) {
    const metadata = m.metadata === undefined ? '' : m.metadata
    if (v >= 8) { if (v >= 6) { w.compactNullableString(metadata) } else { w.nullableString(metadata) } } else { if (v >= 6) { w.compactString(metadata!) } else { w.string(metadata!) } }
  }
  if ((v < 8) && m.metadata !== undefined && m.metadata !== '') throw new UnsupportedField('OffsetFetchResponse', 'metadata', v, 8)
  if (v >= 8) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v < 8) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('OffsetFetchResponse', 'errorCode', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponseTopics {
  name: string
  topicId: string
  partitions: OffsetFetchResponsePartitions[]
}

function readOffsetFetchResponseTopics(r: Reader, v: number): OffsetFetchResponseTopics {
  const name: string = (v >= 8 && v <= 9) ? (v >= 6 ? r.compactString() : r.string()) : ''
  const topicId: string = v >= 10 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  const partitions: OffsetFetchResponsePartitions[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) partitions.push(readOffsetFetchResponsePartitions(r, v))
  }
  if (v >= 6) r.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetFetchResponseTopics(w: Writer, v: number, m: Draft<OffsetFetchResponseTopics>): void {
  if (v >= 8 && v <= 9) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 6) { w.compactString(name) } else { w.string(name) }
  }
  if (v >= 10) {
    const topicId = m.topicId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.topicId
    w.uuid(topicId)
  }
  if (v >= 8) {
    const partitions = m.partitions === undefined ? [] : m.partitions
    if (v >= 6) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
    for (const item of partitions) writeOffsetFetchResponsePartitions(w, v, item)
  }
  if ((v < 8) && m.partitions !== undefined && m.partitions.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'partitions', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponseGroup {
  groupId: string
  topics: OffsetFetchResponseTopics[]
  errorCode: number
}

function readOffsetFetchResponseGroup(r: Reader, v: number): OffsetFetchResponseGroup {
  const groupId: string = v >= 8 ? (v >= 6 ? r.compactString() : r.string()) : ''
  const topics: OffsetFetchResponseTopics[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readOffsetFetchResponseTopics(r, v))
  }
  const errorCode: number = v >= 8 ? r.int16() : 0
  if (v >= 6) r.skipTags()
  return { groupId, topics, errorCode }
}

function writeOffsetFetchResponseGroup(w: Writer, v: number, m: Draft<OffsetFetchResponseGroup>): void {
  if (v >= 8) {
    const groupId = m.groupId === undefined ? '' : m.groupId
    if (v >= 6) { w.compactString(groupId) } else { w.string(groupId) }
  }
  if ((v < 8) && m.groupId !== undefined && m.groupId !== '') throw new UnsupportedField('OffsetFetchResponse', 'groupId', v, 8)
  if (v >= 8) {
    const topics = m.topics === undefined ? [] : m.topics
    if (v >= 6) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
    for (const item of topics) writeOffsetFetchResponseTopics(w, v, item)
  }
  if ((v < 8) && m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'topics', v, 8)
  if (v >= 8) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v < 8) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('OffsetFetchResponse', 'errorCode', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export interface OffsetFetchResponse {
  throttleTimeMs: number
  topics: OffsetFetchResponseTopic[]
  errorCode: number
  groups: OffsetFetchResponseGroup[]
}

function readOffsetFetchResponse(r: Reader, v: number): OffsetFetchResponse {
  const throttleTimeMs: number = v >= 3 ? r.int32() : 0
  const topics: OffsetFetchResponseTopic[] = []
  if (v <= 7) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readOffsetFetchResponseTopic(r, v))
  }
  const errorCode: number = (v >= 2 && v <= 7) ? r.int16() : 0
  const groups: OffsetFetchResponseGroup[] = []
  if (v >= 8) {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readOffsetFetchResponseGroup(r, v))
  }
  if (v >= 6) r.skipTags()
  return { throttleTimeMs, topics, errorCode, groups }
}

function writeOffsetFetchResponse(w: Writer, v: number, m: Draft<OffsetFetchResponse>): void {
  if (v >= 3) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  if (v <= 7) {
    const topics = m.topics === undefined ? [] : m.topics
    if (v >= 6) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
    for (const item of topics) writeOffsetFetchResponseTopic(w, v, item)
  }
  if ((v > 7) && m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'topics', v, 0)
  if (v >= 2 && v <= 7) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if (v >= 8) {
    const groups = m.groups === undefined ? [] : m.groups
    if (v >= 6) { w.compactArrayLength(groups.length) } else { w.arrayLength(groups.length) }
    for (const item of groups) writeOffsetFetchResponseGroup(w, v, item)
  }
  if ((v < 8) && m.groups !== undefined && m.groups.length > 0) throw new UnsupportedField('OffsetFetchResponse', 'groups', v, 8)
  if (v >= 6) w.unsignedVarint(0)
}

export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 10,
  flexibleFrom: 6,
  encodeRequest: writeOffsetFetchRequest,
  decodeRequest: readOffsetFetchRequest,
  encodeResponse: writeOffsetFetchResponse,
  decodeResponse: readOffsetFetchResponse,
}
