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
  const { clientInstanceId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
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
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) acceptedCompressionTypes.push(r.int8())
  const pushIntervalMs = r.int32()
  const telemetryMaxBytes = r.int32()
  const deltaTemporality = r.boolean()
  const requestedMetrics: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) requestedMetrics.push(r.compactString())
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
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { clientInstanceId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(clientInstanceId)
  const { subscriptionId = 0 } = m
  w.int32(subscriptionId)
  const { acceptedCompressionTypes = [] } = m
  w.compactArrayLength(acceptedCompressionTypes.length)
  for (const item of acceptedCompressionTypes) w.int8(item)
  const { pushIntervalMs = 0 } = m
  w.int32(pushIntervalMs)
  const { telemetryMaxBytes = 0 } = m
  w.int32(telemetryMaxBytes)
  const { deltaTemporality = false } = m
  w.boolean(deltaTemporality)
  const { requestedMetrics = [] } = m
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
