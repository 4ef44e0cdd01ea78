// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface UnregisterBrokerRequest {
  brokerId: number
}

function readUnregisterBrokerRequest(r: Reader, _v: number): UnregisterBrokerRequest {
  const brokerId = r.int32()
  r.skipTags()
  return { brokerId }
}

function writeUnregisterBrokerRequest(w: Writer, _v: number, m: Draft<UnregisterBrokerRequest>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  w.unsignedVarint(0)
}

export interface UnregisterBrokerResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
}

function readUnregisterBrokerResponse(r: Reader, _v: number): UnregisterBrokerResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

function writeUnregisterBrokerResponse(w: Writer, _v: number, m: Draft<UnregisterBrokerResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export const unregisterBroker: Api<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  key: 64,
  name: 'UnregisterBroker',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeUnregisterBrokerRequest,
  decodeRequest: readUnregisterBrokerRequest,
  encodeResponse: writeUnregisterBrokerResponse,
  decodeResponse: readUnregisterBrokerResponse,
}
