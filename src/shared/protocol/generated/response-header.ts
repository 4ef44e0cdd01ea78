// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ResponseHeader {
  correlationId: number
}

function readResponseHeader(r: Reader, v: number): ResponseHeader {
  const correlationId = r.int32()
  if (v >= 1) r.skipTags()
  return { correlationId }
}

function writeResponseHeader(w: Writer, v: number, m: Draft<ResponseHeader>): void {
  const { correlationId = 0 } = m
  w.int32(correlationId)
  if (v >= 1) w.unsignedVarint(0)
}

export const responseHeader: Message<ResponseHeader> = {
  name: 'ResponseHeader',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encode: writeResponseHeader,
  decode: readResponseHeader,
}
