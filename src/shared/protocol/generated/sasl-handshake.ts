// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface SaslHandshakeRequest {
  mechanism: string
}

function readSaslHandshakeRequest(r: Reader, _v: number): SaslHandshakeRequest {
  const mechanism = r.string()
  return { mechanism }
}

function writeSaslHandshakeRequest(w: Writer, _v: number, m: Draft<SaslHandshakeRequest>): void {
  const { mechanism = '' } = m
  w.string(mechanism)
}

export interface SaslHandshakeResponse {
  errorCode: number
  mechanisms: string[]
}

function readSaslHandshakeResponse(r: Reader, _v: number): SaslHandshakeResponse {
  const errorCode = r.int16()
  const mechanisms: string[] = []
  for (let n = r.notNull(r.arrayLength(2)); n > 0; n--) mechanisms.push(r.string())
  return { errorCode, mechanisms }
}

function writeSaslHandshakeResponse(w: Writer, _v: number, m: Draft<SaslHandshakeResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { mechanisms = [] } = m
  w.arrayLength(mechanisms.length)
  for (const item of mechanisms) w.string(item)
}

export const saslHandshake: Api<SaslHandshakeRequest, SaslHandshakeResponse> = {
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 32767,
  encodeRequest: writeSaslHandshakeRequest,
  decodeRequest: readSaslHandshakeRequest,
  encodeResponse: writeSaslHandshakeResponse,
  decodeResponse: readSaslHandshakeResponse,
}
