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
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0 && v >= 1) {
      offlineLogDirs = []
      for (let n = r.notNull(r.compactArrayLength(16)); n > 0; n--) offlineLogDirs.push(r.uuid())
    } else if (tag === 1 && v >= 2) {
      const n = r.compactArrayLength(16)
      cordonedLogDirs = n < 0 ? null : []
      if (cordonedLogDirs) for (let i = 0; i < n; i++) cordonedLogDirs.push(r.uuid())
    } else r.skip(end - r.offset)
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
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  const { currentMetadataOffset = 0 } = m
  w.int64(currentMetadataOffset)
  const { wantFence = false } = m
  w.boolean(wantFence)
  const { wantShutDown = false } = m
  w.boolean(wantShutDown)
  const { offlineLogDirs = [] } = m
  const hasOfflineLogDirs = v >= 1 && offlineLogDirs.length > 0
  const { cordonedLogDirs = null } = m
  const hasCordonedLogDirs = v >= 2 && cordonedLogDirs !== null
  w.unsignedVarint(Number(hasOfflineLogDirs) + Number(hasCordonedLogDirs))
  if (hasOfflineLogDirs) {
    w.tag(0, (w) => {
      w.compactArrayLength(offlineLogDirs.length)
      for (const item of offlineLogDirs) w.uuid(item)
    })
  }
  if (hasCordonedLogDirs) {
    w.tag(1, (w) => {
      w.compactArrayLength(cordonedLogDirs === null ? -1 : cordonedLogDirs.length)
      for (const item of cordonedLogDirs ?? []) w.uuid(item)
    })
  }
  if (v < 1) {
    if (m.offlineLogDirs !== undefined && m.offlineLogDirs.length > 0) throw new UnsupportedField('BrokerHeartbeatRequest', 'offlineLogDirs', v, 1, 32767)
  }
  if (v < 2) {
    if (m.cordonedLogDirs !== undefined && m.cordonedLogDirs !== null) throw new UnsupportedField('BrokerHeartbeatRequest', 'cordonedLogDirs', v, 2, 32767)
  }
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
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { isCaughtUp = false } = m
  w.boolean(isCaughtUp)
  const { isFenced = true } = m
  w.boolean(isFenced)
  const { shouldShutDown = false } = m
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
