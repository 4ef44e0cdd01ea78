// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface SyncGroupRequestAssignment {
  memberId: string
  assignment: Buffer
}

function readSyncGroupRequestAssignment(r: Reader, v: number): SyncGroupRequestAssignment {
  const memberId = v >= 4 ? r.compactString() : r.string()
  const assignment = v >= 4 ? r.compactBytes() : r.bytes()
  if (v >= 4) r.skipTags()
  return { memberId, assignment }
}

function writeSyncGroupRequestAssignment(w: Writer, v: number, m: Draft<SyncGroupRequestAssignment>): void {
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 4) { w.compactString(memberId) } else { w.string(memberId) }
  const assignment = m.assignment === undefined ? NO_BYTES : m.assignment
  if (v >= 4) { w.compactBytes(assignment) } else { w.bytes(assignment) }
  if (v >= 4) w.unsignedVarint(0)
}

export interface SyncGroupRequest {
  groupId: string
  generationId: number
  memberId: string
  groupInstanceId: string | null
  protocolType: string | null
  protocolName: string | null
  assignments: SyncGroupRequestAssignment[]
}

function readSyncGroupRequest(r: Reader, v: number): SyncGroupRequest {
  const groupId = v >= 4 ? r.compactString() : r.string()
  const generationId = r.int32()
  const memberId = v >= 4 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 3 ? v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const protocolType: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const protocolName: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const assignments: SyncGroupRequestAssignment[] = []
  {
    const n = r.notNull(v >= 4 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) assignments.push(readSyncGroupRequestAssignment(r, v))
  }
  if (v >= 4) r.skipTags()
  return {
    groupId,
    generationId,
    memberId,
    groupInstanceId,
    protocolType,
    protocolName,
    assignments,
  }
}

function writeSyncGroupRequest(w: Writer, v: number, m: Draft<SyncGroupRequest>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 4) { w.compactString(groupId) } else { w.string(groupId) }
  const generationId = m.generationId === undefined ? 0 : m.generationId
  w.int32(generationId)
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 4) { w.compactString(memberId) } else { w.string(memberId) }
  if (v >= 3) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 3) { if (v >= 4) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 4) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  if ((v < 3) && m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('SyncGroupRequest', 'groupInstanceId', v, 3)
  if (v >= 5) {
    const protocolType = m.protocolType === undefined ? null : m.protocolType
    if (v >= 5) { if (v >= 4) { w.compactNullableString(protocolType) } else { w.nullableString(protocolType) } } else { if (v >= 4) { w.compactString(protocolType!) } else { w.string(protocolType!) } }
  }
  if (v >= 5) {
    const protocolName = m.protocolName === undefined ? null : m.protocolName
    if (v >= 5) { if (v >= 4) { w.compactNullableString(protocolName) } else { w.nullableString(protocolName) } } else { if (v >= 4) { w.compactString(protocolName!) } else { w.string(protocolName!) } }
  }
  const assignments = m.assignments === undefined ? [] : m.assignments
  if (v >= 4) { w.compactArrayLength(assignments.length) } else { w.arrayLength(assignments.length) }
  for (const item of assignments) writeSyncGroupRequestAssignment(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export interface SyncGroupResponse {
  throttleTimeMs: number
  errorCode: number
  protocolType: string | null
  protocolName: string | null
  assignment: Buffer
}

function readSyncGroupResponse(r: Reader, v: number): SyncGroupResponse {
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const protocolType: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const protocolName: string | null = v >= 5 ? v >= 5 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : (v >= 4 ? r.compactString() : r.string()) : null
  const assignment = v >= 4 ? r.compactBytes() : r.bytes()
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment }
}

function writeSyncGroupResponse(w: Writer, v: number, m: Draft<SyncGroupResponse>): void {
  if (v >= 1) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 5) {
    const protocolType = m.protocolType === undefined ? null : m.protocolType
    if (v >= 5) { if (v >= 4) { w.compactNullableString(protocolType) } else { w.nullableString(protocolType) } } else { if (v >= 4) { w.compactString(protocolType!) } else { w.string(protocolType!) } }
  }
  if (v >= 5) {
    const protocolName = m.protocolName === undefined ? null : m.protocolName
    if (v >= 5) { if (v >= 4) { w.compactNullableString(protocolName) } else { w.nullableString(protocolName) } } else { if (v >= 4) { w.compactString(protocolName!) } else { w.string(protocolName!) } }
  }
  const assignment = m.assignment === undefined ? NO_BYTES : m.assignment
  if (v >= 4) { w.compactBytes(assignment) } else { w.bytes(assignment) }
  if (v >= 4) w.unsignedVarint(0)
}

export const syncGroup: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 4,
  encodeRequest: writeSyncGroupRequest,
  decodeRequest: readSyncGroupRequest,
  encodeResponse: writeSyncGroupResponse,
  decodeResponse: readSyncGroupResponse,
}
