// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface ExpireDelegationTokenRequest {
  hmac: Buffer
  expiryTimePeriodMs: number
}

function readExpireDelegationTokenRequest(r: Reader, v: number): ExpireDelegationTokenRequest {
  const hmac = v >= 2 ? r.compactBytes() : r.bytes()
  const expiryTimePeriodMs = r.int64()
  if (v >= 2) r.skipTags()
  return { hmac, expiryTimePeriodMs }
}

function writeExpireDelegationTokenRequest(w: Writer, v: number, m: Draft<ExpireDelegationTokenRequest>): void {
  const { hmac = NO_BYTES } = m
  if (v >= 2) w.compactBytes(hmac)
  else w.bytes(hmac)
  const { expiryTimePeriodMs = 0 } = m
  w.int64(expiryTimePeriodMs)
  if (v >= 2) w.unsignedVarint(0)
}

export interface ExpireDelegationTokenResponse {
  errorCode: number
  expiryTimestampMs: number
  throttleTimeMs: number
}

function readExpireDelegationTokenResponse(r: Reader, v: number): ExpireDelegationTokenResponse {
  const errorCode = r.int16()
  const expiryTimestampMs = r.int64()
  const throttleTimeMs = r.int32()
  if (v >= 2) r.skipTags()
  return { errorCode, expiryTimestampMs, throttleTimeMs }
}

function writeExpireDelegationTokenResponse(w: Writer, v: number, m: Draft<ExpireDelegationTokenResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { expiryTimestampMs = 0 } = m
  w.int64(expiryTimestampMs)
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 2) w.unsignedVarint(0)
}

export const expireDelegationToken: Api<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> = {
  key: 40,
  name: 'ExpireDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeExpireDelegationTokenRequest,
  decodeRequest: readExpireDelegationTokenRequest,
  encodeResponse: writeExpireDelegationTokenResponse,
  decodeResponse: readExpireDelegationTokenResponse,
}
