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
  const { hmac = NO_BYTES } = m
  if (v >= 2) w.compactBytes(hmac)
  else w.bytes(hmac)
  const { renewPeriodMs = 0 } = m
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { expiryTimestampMs = 0 } = m
  w.int64(expiryTimestampMs)
  const { throttleTimeMs = 0 } = m
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
