// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface BrokerHeartbeatRequest {
  brokerId: number
  brokerEpoch: number
  currentMetadataOffset: number
  wantFence: boolean
  wantShutDown: boolean
  offlineLogDirs: string[]
  cordonedLogDirs: string[] | null
}

function readBrokerHeartbeatRequest(r: Reader, v: number): BrokerHeartbeatRequest {
  const brokerId = r.int32()
  const brokerEpoch = r.int64()
  const currentMetadataOffset = r.int64()
  const wantFence = r.boolean()
  const wantShutDown = r.boolean()
  let offlineLogDirs: string[] = []
  let cordonedLogDirs: string[] | null = null
  for (let count = r.unsignedVarint(); count > 0; count--) {
    const tag = r.unsignedVarint()
    const size = r.unsignedVarint()
    const end = r.offset + size
    switch (tag) {
      case 0: {
        if (!(v >= 1)) {
          r.skip(size)
          break
        }
        offlineLogDirs = []
        const n = r.notNull(r.compactArrayLength(16))
        for (let i = 0; i < n; i++) offlineLogDirs.push(r.uuid())
        break
      }
      case 1: {
        if (!(v >= 2)) {
          r.skip(size)
          break
        }
        const n = r.compactArrayLength(16)
        if (!(v >= 2)) r.notNull(n)
        cordonedLogDirs = n < 0 ? null : []
        if (cordonedLogDirs) for (let i = 0; i < n; i++) cordonedLogDirs.push(r.uuid())
        break
      }
      default:
        r.skip(size)
    }
    r.expectAt(end)
  }
  return {
    brokerId,
    brokerEpoch,
    currentMetadataOffset,
    wantFence,
    wantShutDown,
    offlineLogDirs,
    cordonedLogDirs,
  }
}

function writeBrokerHeartbeatRequest(w: Writer, v: number, m: Draft<BrokerHeartbeatRequest>): void {
  const brokerId = m.brokerId === undefined ? 0 : m.brokerId
  w.int32(brokerId)
  const brokerEpoch = m.brokerEpoch === undefined ? -1 : m.brokerEpoch
  w.int64(brokerEpoch)
  const currentMetadataOffset = m.currentMetadataOffset === undefined ? 0 : m.currentMetadataOffset
  w.int64(currentMetadataOffset)
  const wantFence = m.wantFence === undefined ? false : m.wantFence
  w.boolean(wantFence)
  const wantShutDown = m.wantShutDown === undefined ? false : m.wantShutDown
  w.boolean(wantShutDown)
  let tags = 0
  const offlineLogDirs = m.offlineLogDirs === undefined ? [] : m.offlineLogDirs
  const hasOfflineLogDirs = v >= 1 && offlineLogDirs.length > 0
  if (hasOfflineLogDirs) tags++
  const cordonedLogDirs = m.cordonedLogDirs === undefined ? null : m.cordonedLogDirs
  const hasCordonedLogDirs = v >= 2 && cordonedLogDirs !== null
  if (hasCordonedLogDirs) tags++
  w.unsignedVarint(tags)
  if (hasOfflineLogDirs) w.tag(0, (w) => {
    w.compactArrayLength(offlineLogDirs.length)
    for (const item of offlineLogDirs) w.uuid(item)
  })
  if (hasCordonedLogDirs) w.tag(1, (w) => {
    if (cordonedLogDirs === null) {
        if (!(v >= 2)) throw new TypeError('BrokerHeartbeatRequest: cordonedLogDirs must not be null in version ' + v)
    w.compactArrayLength(-1)
      } else {
        w.compactArrayLength(cordonedLogDirs.length)
        for (const item of cordonedLogDirs) w.uuid(item)
      }
  })
  if ((v < 1) && m.offlineLogDirs !== undefined && m.offlineLogDirs.length > 0) throw new UnsupportedField('BrokerHeartbeatRequest', 'offlineLogDirs', v, 1)
  if ((v < 2) && m.cordonedLogDirs !== undefined && m.cordonedLogDirs !== null) throw new UnsupportedField('BrokerHeartbeatRequest', 'cordonedLogDirs', v, 2)
}

export interface BrokerHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  isCaughtUp: boolean
  isFenced: boolean
  shouldShutDown: boolean
}

function readBrokerHeartbeatResponse(r: Reader, _v: number): BrokerHeartbeatResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const isCaughtUp = r.boolean()
  const isFenced = r.boolean()
  const shouldShutDown = r.boolean()
  r.skipTags()
  return { throttleTimeMs, errorCode, isCaughtUp, isFenced, shouldShutDown }
}

function writeBrokerHeartbeatResponse(w: Writer, _v: number, m: Draft<BrokerHeartbeatResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const isCaughtUp = m.isCaughtUp === undefined ? false : m.isCaughtUp
  w.boolean(isCaughtUp)
  const isFenced = m.isFenced === undefined ? true : m.isFenced
  w.boolean(isFenced)
  const shouldShutDown = m.shouldShutDown === undefined ? false : m.shouldShutDown
  w.boolean(shouldShutDown)
  w.unsignedVarint(0)
}

export const brokerHeartbeat: Api<BrokerHeartbeatRequest, BrokerHeartbeatResponse> = {
  key: 63,
  name: 'BrokerHeartbeat',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeBrokerHeartbeatRequest,
  decodeRequest: readBrokerHeartbeatRequest,
  encodeResponse: writeBrokerHeartbeatResponse,
  decodeResponse: readBrokerHeartbeatResponse,
}
