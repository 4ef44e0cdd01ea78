// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface SaslAuthenticateRequest {
  authBytes: Buffer
}

function readSaslAuthenticateRequest(r: Reader, v: number): SaslAuthenticateRequest {
  const authBytes = v >= 2 ? r.compactBytes() : r.bytes()
  if (v >= 2) r.skipTags()
  return { authBytes }
}

function writeSaslAuthenticateRequest(w: Writer, v: number, m: Draft<SaslAuthenticateRequest>): void {
  const { authBytes = NO_BYTES } = m
  if (v >= 2) w.compactBytes(authBytes)
  else w.bytes(authBytes)
  if (v >= 2) w.unsignedVarint(0)
}

export interface SaslAuthenticateResponse {
  errorCode: number
  errorMessage: string | null
  authBytes: Buffer
  sessionLifetimeMs: number
}

function readSaslAuthenticateResponse(r: Reader, v: number): SaslAuthenticateResponse {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const authBytes = v >= 2 ? r.compactBytes() : r.bytes()
  const sessionLifetimeMs = v >= 1 ? r.int64() : 0
  if (v >= 2) r.skipTags()
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs }
}

function writeSaslAuthenticateResponse(w: Writer, v: number, m: Draft<SaslAuthenticateResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { authBytes = NO_BYTES } = m
  if (v >= 2) w.compactBytes(authBytes)
  else w.bytes(authBytes)
  if (v >= 1) {
    const { sessionLifetimeMs = 0 } = m
    w.int64(sessionLifetimeMs)
  }
  if (v >= 2) w.unsignedVarint(0)
}

export const saslAuthenticate: Api<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeSaslAuthenticateRequest,
  decodeRequest: readSaslAuthenticateRequest,
  encodeResponse: writeSaslAuthenticateResponse,
  decodeResponse: readSaslAuthenticateResponse,
}
