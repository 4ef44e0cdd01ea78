// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface HeartbeatRequest {
  groupId: string
  generationId: number
  memberId: string
  groupInstanceId: string | null
}

function readHeartbeatRequest(r: Reader, v: number): HeartbeatRequest {
  const groupId = v >= 4 ? r.compactString() : r.string()
  const generationId = r.int32()
  const memberId = v >= 4 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : null
  if (v >= 4) r.skipTags()
  return { groupId, generationId, memberId, groupInstanceId }
}

function writeHeartbeatRequest(w: Writer, v: number, m: Draft<HeartbeatRequest>): void {
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
  } else if (m.groupInstanceId !== undefined && m.groupInstanceId !== null) throw new UnsupportedField('HeartbeatRequest', 'groupInstanceId', v, 3, 32767)
  if (v >= 4) w.unsignedVarint(0)
}

export interface HeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
}

function readHeartbeatResponse(r: Reader, v: number): HeartbeatResponse {
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, errorCode }
}

function writeHeartbeatResponse(w: Writer, v: number, m: Draft<HeartbeatResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 4) w.unsignedVarint(0)
}

export const heartbeat: Api<HeartbeatRequest, HeartbeatResponse> = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 4,
  encodeRequest: writeHeartbeatRequest,
  decodeRequest: readHeartbeatRequest,
  encodeResponse: writeHeartbeatResponse,
  decodeResponse: readHeartbeatResponse,
}
