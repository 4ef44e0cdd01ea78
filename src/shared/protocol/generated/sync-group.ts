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
  const { memberId = '' } = m
  if (v >= 4) w.compactString(memberId)
  else w.string(memberId)
  const { assignment = NO_BYTES } = m
  if (v >= 4) w.compactBytes(assignment)
  else w.bytes(assignment)
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
  const groupInstanceId: string | null = v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : null
  const protocolType: string | null = v >= 5 ? r.compactNullableString() : null
  const protocolName: string | null = v >= 5 ? r.compactNullableString() : null
  const assignments: SyncGroupRequestAssignment[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) assignments.push(readSyncGroupRequestAssignment(r, v))
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
  const { groupId = '' } = m
  if (v >= 4) w.compactString(groupId)
  else w.string(groupId)
  const { generationId = 0 } = m
  w.int32(generationId)
  const { memberId = '' } = m
  if (v >= 4) w.compactString(memberId)
  else w.string(memberId)
  if (v >= 3) {
    const { groupInstanceId = null } = m
    if (v >= 4) w.compactNullableString(groupInstanceId)
    else w.nullableString(groupInstanceId)
  } else if (m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('SyncGroupRequest', 'groupInstanceId', v, 3, 32767)
  if (v >= 5) {
    const { protocolType = null } = m
    w.compactNullableString(protocolType)
  }
  if (v >= 5) {
    const { protocolName = null } = m
    w.compactNullableString(protocolName)
  }
  const { assignments = [] } = m
  if (v >= 4) w.compactArrayLength(assignments.length)
  else w.arrayLength(assignments.length)
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
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const protocolType: string | null = v >= 5 ? r.compactNullableString() : null
  const protocolName: string | null = v >= 5 ? r.compactNullableString() : null
  const assignment = v >= 4 ? r.compactBytes() : r.bytes()
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment }
}

function writeSyncGroupResponse(w: Writer, v: number, m: Draft<SyncGroupResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 5) {
    const { protocolType = null } = m
    w.compactNullableString(protocolType)
  }
  if (v >= 5) {
    const { protocolName = null } = m
    w.compactNullableString(protocolName)
  }
  const { assignment = NO_BYTES } = m
  if (v >= 4) w.compactBytes(assignment)
  else w.bytes(assignment)
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
