// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface PushTelemetryRequest {
  clientInstanceId: string
  subscriptionId: number
  terminating: boolean
  compressionType: number
  metrics: Buffer
}

function readPushTelemetryRequest(r: Reader, _v: number): PushTelemetryRequest {
  const clientInstanceId = r.uuid()
  const subscriptionId = r.int32()
  const terminating = r.boolean()
  const compressionType = r.int8()
  const metrics = r.compactBytes()
  r.skipTags()
  return { clientInstanceId, subscriptionId, terminating, compressionType, metrics }
}

function writePushTelemetryRequest(w: Writer, _v: number, m: Draft<PushTelemetryRequest>): void {
  const { clientInstanceId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(clientInstanceId)
  const { subscriptionId = 0 } = m
  w.int32(subscriptionId)
  const { terminating = false } = m
  w.boolean(terminating)
  const { compressionType = 0 } = m
  w.int8(compressionType)
  const { metrics = NO_BYTES } = m
  w.compactBytes(metrics)
  w.unsignedVarint(0)
}

export interface PushTelemetryResponse {
  throttleTimeMs: number
  errorCode: number
}

function readPushTelemetryResponse(r: Reader, _v: number): PushTelemetryResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  r.skipTags()
  return { throttleTimeMs, errorCode }
}

function writePushTelemetryResponse(w: Writer, _v: number, m: Draft<PushTelemetryResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  w.unsignedVarint(0)
}

export const pushTelemetry: Api<PushTelemetryRequest, PushTelemetryResponse> = {
  key: 72,
  name: 'PushTelemetry',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writePushTelemetryRequest,
  decodeRequest: readPushTelemetryRequest,
  encodeResponse: writePushTelemetryResponse,
  decodeResponse: readPushTelemetryResponse,
}
