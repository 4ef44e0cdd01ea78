// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface RenewDelegationTokenRequest {
  hmac: Buffer
  renewPeriodMs: number
}

function readRenewDelegationTokenRequest(r: Reader, v: number): RenewDelegationTokenRequest {
  const hmac = v >= 2 ? r.compactBytes() : r.bytes()
  const renewPeriodMs = r.int64()
  if (v >= 2) r.skipTags()
  return { hmac, renewPeriodMs }
}

function writeRenewDelegationTokenRequest(w: Writer, v: number, m: Draft<RenewDelegationTokenRequest>): void {
  const hmac = m.hmac === undefined ? NO_BYTES : m.hmac
  if (v >= 2) { w.compactBytes(hmac) } else { w.bytes(hmac) }
  const renewPeriodMs = m.renewPeriodMs === undefined ? 0 : m.renewPeriodMs
  w.int64(renewPeriodMs)
  if (v >= 2) w.unsignedVarint(0)
}

export interface RenewDelegationTokenResponse {
  errorCode: number
  expiryTimestampMs: number
  throttleTimeMs: number
}

function readRenewDelegationTokenResponse(r: Reader, v: number): RenewDelegationTokenResponse {
  const errorCode = r.int16()
  const expiryTimestampMs = r.int64()
  const throttleTimeMs = r.int32()
  if (v >= 2) r.skipTags()
  return { errorCode, expiryTimestampMs, throttleTimeMs }
}

function writeRenewDelegationTokenResponse(w: Writer, v: number, m: Draft<RenewDelegationTokenResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const expiryTimestampMs = m.expiryTimestampMs === undefined ? 0 : m.expiryTimestampMs
  w.int64(expiryTimestampMs)
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 2) w.unsignedVarint(0)
}

export const renewDelegationToken: Api<RenewDelegationTokenRequest, RenewDelegationTokenResponse> = {
  key: 39,
  name: 'RenewDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeRenewDelegationTokenRequest,
  decodeRequest: readRenewDelegationTokenRequest,
  encodeResponse: writeRenewDelegationTokenResponse,
  decodeResponse: readRenewDelegationTokenResponse,
}
