// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Listener {
  name: string
  host: string
  port: number
  securityProtocol: number
}

function readListener(r: Reader, _v: number): Listener {
  const name = r.compactString()
  const host = r.compactString()
  const port = r.uint16()
  const securityProtocol = r.int16()
  r.skipTags()
  return { name, host, port, securityProtocol }
}

function writeListener(w: Writer, _v: number, m: Draft<Listener>): void {
  const { name = '' } = m
  w.compactString(name)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  const { securityProtocol = 0 } = m
  w.int16(securityProtocol)
  w.unsignedVarint(0)
}

export interface Feature {
  name: string
  minSupportedVersion: number
  maxSupportedVersion: number
}

function readFeature(r: Reader, _v: number): Feature {
  const name = r.compactString()
  const minSupportedVersion = r.int16()
  const maxSupportedVersion = r.int16()
  r.skipTags()
  return { name, minSupportedVersion, maxSupportedVersion }
}

function writeFeature(w: Writer, _v: number, m: Draft<Feature>): void {
  const { name = '' } = m
  w.compactString(name)
  const { minSupportedVersion = 0 } = m
  w.int16(minSupportedVersion)
  const { maxSupportedVersion = 0 } = m
  w.int16(maxSupportedVersion)
  w.unsignedVarint(0)
}

export interface ControllerRegistrationRequest {
  controllerId: number
  incarnationId: string
  zkMigrationReady: boolean
  listeners: Listener[]
  features: Feature[]
}

function readControllerRegistrationRequest(r: Reader, v: number): ControllerRegistrationRequest {
  const controllerId = r.int32()
  const incarnationId = r.uuid()
  const zkMigrationReady = r.boolean()
  const listeners: Listener[] = []
  for (let n = r.notNull(r.compactArrayLength(7)); n > 0; n--) listeners.push(readListener(r, v))
  const features: Feature[] = []
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) features.push(readFeature(r, v))
  r.skipTags()
  return { controllerId, incarnationId, zkMigrationReady, listeners, features }
}

function writeControllerRegistrationRequest(w: Writer, v: number, m: Draft<ControllerRegistrationRequest>): void {
  const { controllerId = 0 } = m
  w.int32(controllerId)
  const { incarnationId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(incarnationId)
  const { zkMigrationReady = false } = m
  w.boolean(zkMigrationReady)
  const { listeners = [] } = m
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  const { features = [] } = m
  w.compactArrayLength(features.length)
  for (const item of features) writeFeature(w, v, item)
  w.unsignedVarint(0)
}

export interface ControllerRegistrationResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
}

function readControllerRegistrationResponse(r: Reader, _v: number): ControllerRegistrationResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

function writeControllerRegistrationResponse(w: Writer, _v: number, m: Draft<ControllerRegistrationResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export const controllerRegistration: Api<ControllerRegistrationRequest, ControllerRegistrationResponse> = {
  key: 70,
  name: 'ControllerRegistration',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeControllerRegistrationRequest,
  decodeRequest: readControllerRegistrationRequest,
  encodeResponse: writeControllerRegistrationResponse,
  decodeResponse: readControllerRegistrationResponse,
}
