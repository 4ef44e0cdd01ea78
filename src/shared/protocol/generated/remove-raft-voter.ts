// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface RemoveRaftVoterRequest {
  clusterId: string | null
  voterId: number
  voterDirectoryId: string
}

function readRemoveRaftVoterRequest(r: Reader, _v: number): RemoveRaftVoterRequest {
  const clusterId: string | null = r.compactNullableString()
  const voterId = r.int32()
  const voterDirectoryId = r.uuid()
  r.skipTags()
  return { clusterId, voterId, voterDirectoryId }
}

function writeRemoveRaftVoterRequest(w: Writer, _v: number, m: Draft<RemoveRaftVoterRequest>): void {
  const { clusterId = '' } = m
  w.compactNullableString(clusterId)
  const { voterId = 0 } = m
  w.int32(voterId)
  const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(voterDirectoryId)
  w.unsignedVarint(0)
}

export interface RemoveRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
}

function readRemoveRaftVoterResponse(r: Reader, _v: number): RemoveRaftVoterResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

function writeRemoveRaftVoterResponse(w: Writer, _v: number, m: Draft<RemoveRaftVoterResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export const removeRaftVoter: Api<RemoveRaftVoterRequest, RemoveRaftVoterResponse> = {
  key: 81,
  name: 'RemoveRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeRemoveRaftVoterRequest,
  decodeRequest: readRemoveRaftVoterRequest,
  encodeResponse: writeRemoveRaftVoterResponse,
  decodeResponse: readRemoveRaftVoterResponse,
}
