// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
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

export interface BrokerRegistrationRequest {
  brokerId: number
  clusterId: string
  incarnationId: string
  listeners: Listener[]
  features: Feature[]
  rack: string | null
  isMigratingZkBroker: boolean
  logDirs: string[]
  previousBrokerEpoch: number
}

function readBrokerRegistrationRequest(r: Reader, v: number): BrokerRegistrationRequest {
  const brokerId = r.int32()
  const clusterId = r.compactString()
  const incarnationId = r.uuid()
  const listeners: Listener[] = []
  for (let n = r.notNull(r.compactArrayLength(7)); n > 0; n--) listeners.push(readListener(r, v))
  const features: Feature[] = []
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) features.push(readFeature(r, v))
  const rack: string | null = r.compactNullableString()
  const isMigratingZkBroker = v >= 1 ? r.boolean() : false
  const logDirs: string[] = []
  if (v >= 2) {
    for (let n = r.notNull(r.compactArrayLength(16)); n > 0; n--) logDirs.push(r.uuid())
  }
  const previousBrokerEpoch = v >= 3 ? r.int64() : -1
  r.skipTags()
  return {
    brokerId,
    clusterId,
    incarnationId,
    listeners,
    features,
    rack,
    isMigratingZkBroker,
    logDirs,
    previousBrokerEpoch,
  }
}

function writeBrokerRegistrationRequest(w: Writer, v: number, m: Draft<BrokerRegistrationRequest>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { clusterId = '' } = m
  w.compactString(clusterId)
  const { incarnationId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(incarnationId)
  const { listeners = [] } = m
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  const { features = [] } = m
  w.compactArrayLength(features.length)
  for (const item of features) writeFeature(w, v, item)
  const { rack = '' } = m
  w.compactNullableString(rack)
  if (v >= 1) {
    const { isMigratingZkBroker = false } = m
    w.boolean(isMigratingZkBroker)
  } else if (m.isMigratingZkBroker !== undefined && m.isMigratingZkBroker !== false) throw new UnsupportedField('BrokerRegistrationRequest', 'isMigratingZkBroker', v, 1, 32767)
  if (v >= 2) {
    const { logDirs = [] } = m
    w.compactArrayLength(logDirs.length)
    for (const item of logDirs) w.uuid(item)
  }
  if (v >= 3) {
    const { previousBrokerEpoch = -1 } = m
    w.int64(previousBrokerEpoch)
  }
  w.unsignedVarint(0)
}

export interface BrokerRegistrationResponse {
  throttleTimeMs: number
  errorCode: number
  brokerEpoch: number
}

function readBrokerRegistrationResponse(r: Reader, _v: number): BrokerRegistrationResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const brokerEpoch = r.int64()
  r.skipTags()
  return { throttleTimeMs, errorCode, brokerEpoch }
}

function writeBrokerRegistrationResponse(w: Writer, _v: number, m: Draft<BrokerRegistrationResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  w.unsignedVarint(0)
}

export const brokerRegistration: Api<BrokerRegistrationRequest, BrokerRegistrationResponse> = {
  key: 62,
  name: 'BrokerRegistration',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 0,
  encodeRequest: writeBrokerRegistrationRequest,
  decodeRequest: readBrokerRegistrationRequest,
  encodeResponse: writeBrokerRegistrationResponse,
  decodeResponse: readBrokerRegistrationResponse,
}
