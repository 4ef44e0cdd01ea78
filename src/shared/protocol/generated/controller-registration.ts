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
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const host = m.host === undefined ? '' : m.host
  w.compactString(host)
  const port = m.port === undefined ? 0 : m.port
  w.uint16(port)
  const securityProtocol = m.securityProtocol === undefined ? 0 : m.securityProtocol
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
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const minSupportedVersion = m.minSupportedVersion === undefined ? 0 : m.minSupportedVersion
  w.int16(minSupportedVersion)
  const maxSupportedVersion = m.maxSupportedVersion === undefined ? 0 : m.maxSupportedVersion
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) listeners.push(readListener(r, v))
  }
  const features: Feature[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) features.push(readFeature(r, v))
  }
  r.skipTags()
  return { controllerId, incarnationId, zkMigrationReady, listeners, features }
}

function writeControllerRegistrationRequest(w: Writer, v: number, m: Draft<ControllerRegistrationRequest>): void {
  const controllerId = m.controllerId === undefined ? 0 : m.controllerId
  w.int32(controllerId)
  const incarnationId = m.incarnationId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.incarnationId
  w.uuid(incarnationId)
  const zkMigrationReady = m.zkMigrationReady === undefined ? false : m.zkMigrationReady
  w.boolean(zkMigrationReady)
  const listeners = m.listeners === undefined ? [] : m.listeners
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  const features = m.features === undefined ? [] : m.features
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
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
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
