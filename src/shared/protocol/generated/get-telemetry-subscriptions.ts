// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface GetTelemetrySubscriptionsRequest {
  clientInstanceId: string
}

function readGetTelemetrySubscriptionsRequest(r: Reader, _v: number): GetTelemetrySubscriptionsRequest {
  const clientInstanceId = r.uuid()
  r.skipTags()
  return { clientInstanceId }
}

function writeGetTelemetrySubscriptionsRequest(w: Writer, _v: number, m: Draft<GetTelemetrySubscriptionsRequest>): void {
  const clientInstanceId = m.clientInstanceId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.clientInstanceId
  w.uuid(clientInstanceId)
  w.unsignedVarint(0)
}

export interface GetTelemetrySubscriptionsResponse {
  throttleTimeMs: number
  errorCode: number
  clientInstanceId: string
  subscriptionId: number
  acceptedCompressionTypes: number[]
  pushIntervalMs: number
  telemetryMaxBytes: number
  deltaTemporality: boolean
  requestedMetrics: string[]
}

function readGetTelemetrySubscriptionsResponse(r: Reader, _v: number): GetTelemetrySubscriptionsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const clientInstanceId = r.uuid()
  const subscriptionId = r.int32()
  const acceptedCompressionTypes: number[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) acceptedCompressionTypes.push(r.int8())
  }
  const pushIntervalMs = r.int32()
  const telemetryMaxBytes = r.int32()
  const deltaTemporality = r.boolean()
  const requestedMetrics: string[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) requestedMetrics.push((r.compactString()))
  }
  r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    clientInstanceId,
    subscriptionId,
    acceptedCompressionTypes,
    pushIntervalMs,
    telemetryMaxBytes,
    deltaTemporality,
    requestedMetrics,
  }
}

function writeGetTelemetrySubscriptionsResponse(w: Writer, _v: number, m: Draft<GetTelemetrySubscriptionsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const clientInstanceId = m.clientInstanceId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.clientInstanceId
  w.uuid(clientInstanceId)
  const subscriptionId = m.subscriptionId === undefined ? 0 : m.subscriptionId
  w.int32(subscriptionId)
  const acceptedCompressionTypes = m.acceptedCompressionTypes === undefined ? [] : m.acceptedCompressionTypes
  w.compactArrayLength(acceptedCompressionTypes.length)
  for (const item of acceptedCompressionTypes) w.int8(item)
  const pushIntervalMs = m.pushIntervalMs === undefined ? 0 : m.pushIntervalMs
  w.int32(pushIntervalMs)
  const telemetryMaxBytes = m.telemetryMaxBytes === undefined ? 0 : m.telemetryMaxBytes
  w.int32(telemetryMaxBytes)
  const deltaTemporality = m.deltaTemporality === undefined ? false : m.deltaTemporality
  w.boolean(deltaTemporality)
  const requestedMetrics = m.requestedMetrics === undefined ? [] : m.requestedMetrics
  w.compactArrayLength(requestedMetrics.length)
  for (const item of requestedMetrics) w.compactString(item)
  w.unsignedVarint(0)
}

export const getTelemetrySubscriptions: Api<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> = {
  key: 71,
  name: 'GetTelemetrySubscriptions',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeGetTelemetrySubscriptionsRequest,
  decodeRequest: readGetTelemetrySubscriptionsRequest,
  encodeResponse: writeGetTelemetrySubscriptionsResponse,
  decodeResponse: readGetTelemetrySubscriptionsResponse,
}
