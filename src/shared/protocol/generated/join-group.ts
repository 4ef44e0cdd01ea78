// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField, UnsupportedNull } from '../api.ts'
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
  const { name = '' } = m
  if (v >= 6) w.compactString(name)
  else w.string(name)
  const { metadata = NO_BYTES } = m
  if (v >= 6) w.compactBytes(metadata)
  else w.bytes(metadata)
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
  const rebalanceTimeoutMs = v >= 1 ? r.int32() : -1
  const memberId = v >= 6 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 5 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : null
  const protocolType = v >= 6 ? r.compactString() : r.string()
  const protocols: JoinGroupRequestProtocol[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) protocols.push(readJoinGroupRequestProtocol(r, v))
  const reason: string | null = v >= 8 ? r.compactNullableString() : null
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
  const { groupId = '' } = m
  if (v >= 6) w.compactString(groupId)
  else w.string(groupId)
  const { sessionTimeoutMs = 0 } = m
  w.int32(sessionTimeoutMs)
  if (v >= 1) {
    const { rebalanceTimeoutMs = -1 } = m
    w.int32(rebalanceTimeoutMs)
  }
  const { memberId = '' } = m
  if (v >= 6) w.compactString(memberId)
  else w.string(memberId)
  if (v >= 5) {
    const { groupInstanceId = null } = m
    if (v >= 6) w.compactNullableString(groupInstanceId)
    else w.nullableString(groupInstanceId)
  } else if (m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('JoinGroupRequest', 'groupInstanceId', v, 5, 32767)
  const { protocolType = '' } = m
  if (v >= 6) w.compactString(protocolType)
  else w.string(protocolType)
  const { protocols = [] } = m
  if (v >= 6) w.compactArrayLength(protocols.length)
  else w.arrayLength(protocols.length)
  for (const item of protocols) writeJoinGroupRequestProtocol(w, v, item)
  if (v >= 8) {
    const { reason = null } = m
    w.compactNullableString(reason)
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
  const groupInstanceId: string | null = v >= 5 ? (v >= 6 ? r.compactNullableString() : r.nullableString()) : null
  const metadata = v >= 6 ? r.compactBytes() : r.bytes()
  if (v >= 6) r.skipTags()
  return { memberId, groupInstanceId, metadata }
}

function writeJoinGroupResponseMember(w: Writer, v: number, m: Draft<JoinGroupResponseMember>): void {
  const { memberId = '' } = m
  if (v >= 6) w.compactString(memberId)
  else w.string(memberId)
  if (v >= 5) {
    const { groupInstanceId = null } = m
    if (v >= 6) w.compactNullableString(groupInstanceId)
    else w.nullableString(groupInstanceId)
  }
  const { metadata = NO_BYTES } = m
  if (v >= 6) w.compactBytes(metadata)
  else w.bytes(metadata)
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
  const throttleTimeMs = v >= 2 ? r.int32() : 0
  const errorCode = r.int16()
  const generationId = r.int32()
  const protocolType: string | null = v >= 7 ? r.compactNullableString() : null
  const protocolName: string | null = v >= 7 ? r.compactNullableString() : (v >= 6 ? r.compactString() : r.string())
  const leader = v >= 6 ? r.compactString() : r.string()
  const skipAssignment = v >= 9 ? r.boolean() : false
  const memberId = v >= 6 ? r.compactString() : r.string()
  const members: JoinGroupResponseMember[] = []
  for (let n = r.notNull(v >= 6 ? r.compactArrayLength(4) : r.arrayLength(6)); n > 0; n--) members.push(readJoinGroupResponseMember(r, v))
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
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { generationId = -1 } = m
  w.int32(generationId)
  if (v >= 7) {
    const { protocolType = null } = m
    w.compactNullableString(protocolType)
  }
  const { protocolName = '' } = m
  if (v < 7 && protocolName === null) throw new UnsupportedNull('JoinGroupResponse', 'protocolName', v)
  if (v >= 6) w.compactNullableString(protocolName)
  else w.nullableString(protocolName)
  const { leader = '' } = m
  if (v >= 6) w.compactString(leader)
  else w.string(leader)
  if (v >= 9) {
    const { skipAssignment = false } = m
    w.boolean(skipAssignment)
  } else if (m.skipAssignment !== undefined && m.skipAssignment !== false) throw new UnsupportedField('JoinGroupResponse', 'skipAssignment', v, 9, 32767)
  const { memberId = '' } = m
  if (v >= 6) w.compactString(memberId)
  else w.string(memberId)
  const { members = [] } = m
  if (v >= 6) w.compactArrayLength(members.length)
  else w.arrayLength(members.length)
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
