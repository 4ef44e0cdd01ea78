// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface RequestHeader {
  requestApiKey: number
  requestApiVersion: number
  correlationId: number
  clientId: string | null
}

function readRequestHeader(r: Reader, v: number): RequestHeader {
  const requestApiKey = r.int16()
  const requestApiVersion = r.int16()
  const correlationId = r.int32()
  const clientId: string | null = r.nullableString()
  if (v >= 2) r.skipTags()
  return { requestApiKey, requestApiVersion, correlationId, clientId }
}

function writeRequestHeader(w: Writer, v: number, m: Draft<RequestHeader>): void {
  const { requestApiKey = 0 } = m
  w.int16(requestApiKey)
  const { requestApiVersion = 0 } = m
  w.int16(requestApiVersion)
  const { correlationId = 0 } = m
  w.int32(correlationId)
  const { clientId = '' } = m
  w.nullableString(clientId)
  if (v >= 2) w.unsignedVarint(0)
}

export const requestHeader: Message<RequestHeader> = {
  name: 'RequestHeader',
  minVersion: 1,
  maxVersion: 2,
  flexibleFrom: 2,
  encode: writeRequestHeader,
  decode: readRequestHeader,
}
