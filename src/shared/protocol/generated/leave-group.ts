// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface MemberIdentity {
  memberId: string
  groupInstanceId: string | null
  reason: string | null
}

function readMemberIdentity(r: Reader, v: number): MemberIdentity {
  const memberId = v >= 4 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 4 ? r.compactNullableString() : r.nullableString()
  const reason: string | null = v >= 5 ? r.compactNullableString() : null
  if (v >= 4) r.skipTags()
  return { memberId, groupInstanceId, reason }
}

function writeMemberIdentity(w: Writer, v: number, m: Draft<MemberIdentity>): void {
  const { memberId = '' } = m
  if (v >= 4) w.compactString(memberId)
  else w.string(memberId)
  const { groupInstanceId = null } = m
  if (v >= 4) w.compactNullableString(groupInstanceId)
  else w.nullableString(groupInstanceId)
  if (v >= 5) {
    const { reason = null } = m
    w.compactNullableString(reason)
  }
  if (v >= 4) w.unsignedVarint(0)
}

export interface LeaveGroupRequest {
  groupId: string
  memberId: string
  members: MemberIdentity[]
}

function readLeaveGroupRequest(r: Reader, v: number): LeaveGroupRequest {
  const groupId = v >= 4 ? r.compactString() : r.string()
  const memberId = v <= 2 ? r.string() : ''
  const members: MemberIdentity[] = []
  if (v >= 3) {
    for (let n = r.notNull(v >= 4 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) members.push(readMemberIdentity(r, v))
  }
  if (v >= 4) r.skipTags()
  return { groupId, memberId, members }
}

function writeLeaveGroupRequest(w: Writer, v: number, m: Draft<LeaveGroupRequest>): void {
  const { groupId = '' } = m
  if (v >= 4) w.compactString(groupId)
  else w.string(groupId)
  if (v <= 2) {
    const { memberId = '' } = m
    w.string(memberId)
  } else if (m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('LeaveGroupRequest', 'memberId', v, 0, 2)
  if (v >= 3) {
    const { members = [] } = m
    if (v >= 4) w.compactArrayLength(members.length)
    else w.arrayLength(members.length)
    for (const item of members) writeMemberIdentity(w, v, item)
  } else if (m.members !== undefined && m.members.length > 0) throw new UnsupportedField('LeaveGroupRequest', 'members', v, 3, 32767)
  if (v >= 4) w.unsignedVarint(0)
}

export interface MemberResponse {
  memberId: string
  groupInstanceId: string | null
  errorCode: number
}

function readMemberResponse(r: Reader, v: number): MemberResponse {
  const memberId = v >= 4 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 4 ? r.compactNullableString() : r.nullableString()
  const errorCode = r.int16()
  if (v >= 4) r.skipTags()
  return { memberId, groupInstanceId, errorCode }
}

function writeMemberResponse(w: Writer, v: number, m: Draft<MemberResponse>): void {
  const { memberId = '' } = m
  if (v >= 4) w.compactString(memberId)
  else w.string(memberId)
  const { groupInstanceId = '' } = m
  if (v >= 4) w.compactNullableString(groupInstanceId)
  else w.nullableString(groupInstanceId)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 4) w.unsignedVarint(0)
}

export interface LeaveGroupResponse {
  throttleTimeMs: number
  errorCode: number
  members: MemberResponse[]
}

function readLeaveGroupResponse(r: Reader, v: number): LeaveGroupResponse {
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const members: MemberResponse[] = []
  if (v >= 3) {
    for (let n = r.notNull(v >= 4 ? r.compactArrayLength(5) : r.arrayLength(6)); n > 0; n--) members.push(readMemberResponse(r, v))
  }
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, errorCode, members }
}

function writeLeaveGroupResponse(w: Writer, v: number, m: Draft<LeaveGroupResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 3) {
    const { members = [] } = m
    if (v >= 4) w.compactArrayLength(members.length)
    else w.arrayLength(members.length)
    for (const item of members) writeMemberResponse(w, v, item)
  } else if (m.members !== undefined && m.members.length > 0) throw new UnsupportedField('LeaveGroupResponse', 'members', v, 3, 32767)
  if (v >= 4) w.unsignedVarint(0)
}

export const leaveGroup: Api<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 4,
  encodeRequest: writeLeaveGroupRequest,
  decodeRequest: readLeaveGroupRequest,
  encodeResponse: writeLeaveGroupResponse,
  decodeResponse: readLeaveGroupResponse,
}
