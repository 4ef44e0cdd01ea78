// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface JoinGroupRequestProtocol {
  name: string
  metadata: Buffer
}

function readJoinGroupRequestProtocol(r: Reader, v: number): JoinGroupRequestProtocol {
  const name = v >= 6 ? r.compactString() : r.string()
  const metadata = v >= 6 ? r.compactBytes() : r.bytes()
  if (v >= 6) r.skipTags()
  return { name, metadata }
}

function writeJoinGroupRequestProtocol(w: Writer, v: number, m: Draft<JoinGroupRequestProtocol>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 6) { w.compactString(name) } else { w.string(name) }
  const metadata = m.metadata === undefined ? NO_BYTES : m.metadata
  if (v >= 6) { w.compactBytes(metadata) } else { w.bytes(metadata) }
  if (v >= 6) w.unsignedVarint(0)
}

export interface JoinGroupRequest {
  groupId: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  memberId: string
  groupInstanceId: string | null
  protocolType: string
  protocols: JoinGroupRequestProtocol[]
  reason: string | null
}

function readJoinGroupRequest(r: Reader, v: number): JoinGroupRequest {
  const groupId = v >= 6 ? r.compactString() : r.string()
  const sessionTimeoutMs = r.int32()
  const rebalanceTimeoutMs: number = v >= 1 ? r.int32() : -1
  const memberId = v >= 6 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 5 ? v >= 5 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : null
  const protocolType = v >= 6 ? r.compactString() : r.string()
  const protocols: JoinGroupRequestProtocol[] = []
  {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) protocols.push(readJoinGroupRequestProtocol(r, v))
  }
  const reason: string | null = v >= 8 ? v >= 8 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : null
  if (v >= 6) r.skipTags()
  return {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    groupInstanceId,
    protocolType,
    protocols,
    reason,
  }
}

function writeJoinGroupRequest(w: Writer, v: number, m: Draft<JoinGroupRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 6) { w.compactString(groupId) } else { w.string(groupId) }
  const sessionTimeoutMs = m.sessionTimeoutMs === undefined ? 0 : m.sessionTimeoutMs
  w.int32(sessionTimeoutMs)
  if (v >= 1) {
    const rebalanceTimeoutMs = m.rebalanceTimeoutMs === undefined ? -1 : m.rebalanceTimeoutMs
    w.int32(rebalanceTimeoutMs)
  }
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 6) { w.compactString(memberId) } else { w.string(memberId) }
  if (v >= 5) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 5) { if (v >= 6) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 6) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  if ((v < 5) && m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('JoinGroupRequest', 'groupInstanceId', v, 5)
  const protocolType = m.protocolType === undefined ? '' : m.protocolType
  if (v >= 6) { w.compactString(protocolType) } else { w.string(protocolType) }
  const protocols = m.protocols === undefined ? [] : m.protocols
  if (v >= 6) { w.compactArrayLength(protocols.length) } else { w.arrayLength(protocols.length) }
  for (const item of protocols) writeJoinGroupRequestProtocol(w, v, item)
  if (v >= 8) {
    const reason = m.reason === undefined ? null : m.reason
    if (v >= 8) { if (v >= 6) { w.compactNullableString(reason) } else { w.nullableString(reason) } } else { if (v >= 6) { w.compactString(reason!) } else { w.string(reason!) } }
  }
  if (v >= 6) w.unsignedVarint(0)
}

export interface JoinGroupResponseMember {
  memberId: string
  groupInstanceId: string | null
  metadata: Buffer
}

function readJoinGroupResponseMember(r: Reader, v: number): JoinGroupResponseMember {
  const memberId = v >= 6 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 5 ? v >= 5 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : null
  const metadata = v >= 6 ? r.compactBytes() : r.bytes()
  if (v >= 6) r.skipTags()
  return { memberId, groupInstanceId, metadata }
}

function writeJoinGroupResponseMember(w: Writer, v: number, m: Draft<JoinGroupResponseMember>): void {
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 6) { w.compactString(memberId) } else { w.string(memberId) }
  if (v >= 5) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 5) { if (v >= 6) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 6) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  const metadata = m.metadata === undefined ? NO_BYTES : m.metadata
  if (v >= 6) { w.compactBytes(metadata) } else { w.bytes(metadata) }
  if (v >= 6) w.unsignedVarint(0)
}

export interface JoinGroupResponse {
  throttleTimeMs: number
  errorCode: number
  generationId: number
  protocolType: string | null
  protocolName: string | null
  leader: string
  skipAssignment: boolean
  memberId: string
  members: JoinGroupResponseMember[]
}

function readJoinGroupResponse(r: Reader, v: number): JoinGroupResponse {
  const throttleTimeMs: number = v >= 2 ? r.int32() : 0
  const errorCode = r.int16()
  const generationId = r.int32()
  const protocolType: string | null = v >= 7 ? v >= 7 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string()) : null
  const protocolName: string | null = v >= 7 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : (v >= 6 ? r.compactString() : r.string())
  const leader = v >= 6 ? r.compactString() : r.string()
  const skipAssignment: boolean = v >= 9 ? r.boolean() : false
  const memberId = v >= 6 ? r.compactString() : r.string()
  const members: JoinGroupResponseMember[] = []
  {
    const n = r.notNull(v >= 6 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) members.push(readJoinGroupResponseMember(r, v))
  }
  if (v >= 6) r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    generationId,
    protocolType,
    protocolName,
    leader,
    skipAssignment,
    memberId,
    members,
  }
}

function writeJoinGroupResponse(w: Writer, v: number, m: Draft<JoinGroupResponse>): void {
  if (v >= 2) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const generationId = m.generationId === undefined ? -1 : m.generationId
  w.int32(generationId)
  if (v >= 7) {
    const protocolType = m.protocolType === undefined ? null : m.protocolType
    if (v >= 7) { if (v >= 6) { w.compactNullableString(protocolType) } else { w.nullableString(protocolType) } } else { if (v >= 6) { w.compactString(protocolType!) } else { w.string(protocolType!) } }
  }
  const protocolName = m.protocolName === undefined ? '' : m.protocolName
  if (v >= 7) { if (v >= 6) { w.compactNullableString(protocolName) } else { w.nullableString(protocolName) } } else { if (v >= 6) { w.compactString(protocolName!) } else { w.string(protocolName!) } }
  const leader = m.leader === undefined ? '' : m.leader
  if (v >= 6) { w.compactString(leader) } else { w.string(leader) }
  if (v >= 9) {
    const skipAssignment = m.skipAssignment === undefined ? false : m.skipAssignment
    w.boolean(skipAssignment)
  }
  if ((v < 9) && m.skipAssignment !== undefined && m.skipAssignment !== false) throw new UnsupportedField('JoinGroupResponse', 'skipAssignment', v, 9)
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 6) { w.compactString(memberId) } else { w.string(memberId) }
  const members = m.members === undefined ? [] : m.members
  if (v >= 6) { w.compactArrayLength(members.length) } else { w.arrayLength(members.length) }
  for (const item of members) writeJoinGroupResponseMember(w, v, item)
  if (v >= 6) w.unsignedVarint(0)
}

export const joinGroup: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleFrom: 6,
  encodeRequest: writeJoinGroupRequest,
  decodeRequest: readJoinGroupRequest,
  encodeResponse: writeJoinGroupResponse,
  decodeResponse: readJoinGroupResponse,
}
