// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface EnvelopeRequest {
  requestData: Buffer
  requestPrincipal: Buffer | null
  clientHostAddress: Buffer
}

function readEnvelopeRequest(r: Reader, _v: number): EnvelopeRequest {
  const requestData = r.compactBytes()
  const requestPrincipal: Buffer | null = r.compactNullableBytes()
  const clientHostAddress = r.compactBytes()
  r.skipTags()
  return { requestData, requestPrincipal, clientHostAddress }
}

function writeEnvelopeRequest(w: Writer, _v: number, m: Draft<EnvelopeRequest>): void {
  const { requestData = NO_BYTES } = m
  w.compactBytes(requestData)
  const { requestPrincipal = NO_BYTES } = m
  w.compactNullableBytes(requestPrincipal)
  const { clientHostAddress = NO_BYTES } = m
  w.compactBytes(clientHostAddress)
  w.unsignedVarint(0)
}

export interface EnvelopeResponse {
  responseData: Buffer | null
  errorCode: number
}

function readEnvelopeResponse(r: Reader, _v: number): EnvelopeResponse {
  const responseData: Buffer | null = r.compactNullableBytes()
  const errorCode = r.int16()
  r.skipTags()
  return { responseData, errorCode }
}

function writeEnvelopeResponse(w: Writer, _v: number, m: Draft<EnvelopeResponse>): void {
  const { responseData = null } = m
  w.compactNullableBytes(responseData)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export const envelope: Api<EnvelopeRequest, EnvelopeResponse> = {
  key: 58,
  name: 'Envelope',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeEnvelopeRequest,
  decodeRequest: readEnvelopeRequest,
  encodeResponse: writeEnvelopeResponse,
  decodeResponse: readEnvelopeResponse,
}
