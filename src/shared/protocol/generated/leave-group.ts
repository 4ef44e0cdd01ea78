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
  const memberId: string = v >= 3 ? (v >= 4 ? r.compactString() : r.string()) : ''
  const groupInstanceId: string | null = v >= 3 ? v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const reason: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  if (v >= 4) r.skipTags()
  return { memberId, groupInstanceId, reason }
}

function writeMemberIdentity(w: Writer, v: number, m: Draft<MemberIdentity>): void {
  if (v >= 3) {
    const memberId = m.memberId === undefined ? '' : m.memberId
    if (v >= 4) { w.compactString(memberId) } else { w.string(memberId) }
  }
  if ((v < 3) && m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('LeaveGroupRequest', 'memberId', v, 3)
  if (v >= 3) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 3) { if (v >= 4) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 4) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  if ((v < 3) && m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('LeaveGroupRequest', 'groupInstanceId', v, 3)
  if (v >= 5) {
    const reason = m.reason === undefined ? null : m.reason
    if (v >= 5) { if (v >= 4) { w.compactNullableString(reason) } else { w.nullableString(reason) } } else { if (v >= 4) { w.compactString(reason!) } else { w.string(reason!) } }
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
  const memberId: string = v <= 2 ? (v >= 4 ? r.compactString() : r.string()) : ''
  const members: MemberIdentity[] = []
  if (v >= 3) {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) members.push(readMemberIdentity(r, v))
  }
  if (v >= 4) r.skipTags()
  return { groupId, memberId, members }
}

function writeLeaveGroupRequest(w: Writer, v: number, m: Draft<LeaveGroupRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 4) { w.compactString(groupId) } else { w.string(groupId) }
  if (v <= 2) {
    const memberId = m.memberId === undefined ? '' : m.memberId
    if (v >= 4) { w.compactString(memberId) } else { w.string(memberId) }
  }
  if ((v > 2) && m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('LeaveGroupRequest', 'memberId', v, 0)
  if (v >= 3) {
    const members = m.members === undefined ? [] : m.members
    if (v >= 4) { w.compactArrayLength(members.length) } else { w.arrayLength(members.length) }
    for (const item of members) writeMemberIdentity(w, v, item)
  }
  if ((v < 3) && m.members !== undefined && m.members.length > 0) throw new UnsupportedField('LeaveGroupRequest', 'members', v, 3)
  if (v >= 4) w.unsignedVarint(0)
}

export interface MemberResponse {
  memberId: string
  groupInstanceId: string | null
  errorCode: number
}

function readMemberResponse(r: Reader, v: number): MemberResponse {
  const memberId: string = v >= 3 ? (v >= 4 ? r.compactString() : r.string()) : ''
  const groupInstanceId: string | null = v >= 3 ? v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : ''
  const errorCode: number = v >= 3 ? r.int16() : 0
  if (v >= 4) r.skipTags()
  return { memberId, groupInstanceId, errorCode }
}

function writeMemberResponse(w: Writer, v: number, m: Draft<MemberResponse>): void {
  if (v >= 3) {
    const memberId = m.memberId === undefined ? '' : m.memberId
    if (v >= 4) { w.compactString(memberId) } else { w.string(memberId) }
  }
  if ((v < 3) && m.memberId !== undefined && m.memberId !== '') throw new UnsupportedField('LeaveGroupResponse', 'memberId', v, 3)
  if (v >= 3) {
    const groupInstanceId = m.groupInstanceId === undefined ? '' : m.groupInstanceId
    if (v >= 3) { if (v >= 4) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 4) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  if ((v < 3) && m.groupInstanceId !== undefined && m.groupInstanceId !== '') throw new UnsupportedField('LeaveGroupResponse', 'groupInstanceId', v, 3)
  if (v >= 3) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v < 3) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('LeaveGroupResponse', 'errorCode', v, 3)
  if (v >= 4) w.unsignedVarint(0)
}

export interface LeaveGroupResponse {
  throttleTimeMs: number
  errorCode: number
  members: MemberResponse[]
}

function readLeaveGroupResponse(r: Reader, v: number): LeaveGroupResponse {
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const members: MemberResponse[] = []
  if (v >= 3) {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) members.push(readMemberResponse(r, v))
  }
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, errorCode, members }
}

function writeLeaveGroupResponse(w: Writer, v: number, m: Draft<LeaveGroupResponse>): void {
  if (v >= 1) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 3) {
    const members = m.members === undefined ? [] : m.members
    if (v >= 4) { w.compactArrayLength(members.length) } else { w.arrayLength(members.length) }
    for (const item of members) writeMemberResponse(w, v, item)
  }
  if ((v < 3) && m.members !== undefined && m.members.length > 0) throw new UnsupportedField('LeaveGroupResponse', 'members', v, 3)
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
