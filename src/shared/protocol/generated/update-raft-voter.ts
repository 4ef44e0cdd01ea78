// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Listener {
  name: string
  host: string
  port: number
}

function readListener(r: Reader, _v: number): Listener {
  const name = r.compactString()
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { name, host, port }
}

function writeListener(w: Writer, _v: number, m: Draft<Listener>): void {
  const { name = '' } = m
  w.compactString(name)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.uint16(port)
  w.unsignedVarint(0)
}

export interface KRaftVersionFeature {
  minSupportedVersion: number
  maxSupportedVersion: number
}

function readKRaftVersionFeature(r: Reader, _v: number): KRaftVersionFeature {
  const minSupportedVersion = r.int16()
  const maxSupportedVersion = r.int16()
  r.skipTags()
  return { minSupportedVersion, maxSupportedVersion }
}

function writeKRaftVersionFeature(w: Writer, _v: number, m: Draft<KRaftVersionFeature>): void {
  const { minSupportedVersion = 0 } = m
  w.int16(minSupportedVersion)
  const { maxSupportedVersion = 0 } = m
  w.int16(maxSupportedVersion)
  w.unsignedVarint(0)
}

export interface UpdateRaftVoterRequest {
  clusterId: string | null
  currentLeaderEpoch: number
  voterId: number
  voterDirectoryId: string
  listeners: Listener[]
  kRaftVersionFeature: KRaftVersionFeature
}

function readUpdateRaftVoterRequest(r: Reader, v: number): UpdateRaftVoterRequest {
  const clusterId: string | null = r.compactNullableString()
  const currentLeaderEpoch = r.int32()
  const voterId = r.int32()
  const voterDirectoryId = r.uuid()
  const listeners: Listener[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) listeners.push(readListener(r, v))
  const kRaftVersionFeature = readKRaftVersionFeature(r, v)
  r.skipTags()
  return { clusterId, currentLeaderEpoch, voterId, voterDirectoryId, listeners, kRaftVersionFeature }
}

function writeUpdateRaftVoterRequest(w: Writer, v: number, m: Draft<UpdateRaftVoterRequest>): void {
  const { clusterId = '' } = m
  w.compactNullableString(clusterId)
  const { currentLeaderEpoch = 0 } = m
  w.int32(currentLeaderEpoch)
  const { voterId = 0 } = m
  w.int32(voterId)
  const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(voterDirectoryId)
  const { listeners = [] } = m
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  const { kRaftVersionFeature = {} } = m
  writeKRaftVersionFeature(w, v, kRaftVersionFeature)
  w.unsignedVarint(0)
}

export interface CurrentLeader {
  leaderId: number
  leaderEpoch: number
  host: string
  port: number
}

function readCurrentLeader(r: Reader, _v: number): CurrentLeader {
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  const host = r.compactString()
  const port = r.int32()
  r.skipTags()
  return { leaderId, leaderEpoch, host, port }
}

function writeCurrentLeader(w: Writer, _v: number, m: Draft<CurrentLeader>): void {
  const { leaderId = -1 } = m
  w.int32(leaderId)
  const { leaderEpoch = -1 } = m
  w.int32(leaderEpoch)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.int32(port)
  w.unsignedVarint(0)
}

export interface UpdateRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  currentLeader: CurrentLeader
}

function readUpdateRaftVoterResponse(r: Reader, v: number): UpdateRaftVoterResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  let currentLeader: CurrentLeader = { leaderId: -1, leaderEpoch: -1, host: '', port: 0 }
  for (let tags = r.unsignedVarint(); tags > 0; tags--) {
    const tag = r.unsignedVarint()
    const end = r.tagEnd()
    if (tag === 0) {
      currentLeader = readCurrentLeader(r, v)
    } else r.skip(end - r.offset)
    r.expectAt(end)
  }
  return { throttleTimeMs, errorCode, currentLeader }
}

function writeUpdateRaftVoterResponse(w: Writer, v: number, m: Draft<UpdateRaftVoterResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { currentLeader = {} } = m
  const hasCurrentLeader = ((currentLeader.leaderId !== undefined && currentLeader.leaderId !== -1) || (currentLeader.leaderEpoch !== undefined && currentLeader.leaderEpoch !== -1) || (currentLeader.host !== undefined && currentLeader.host !== '') || (currentLeader.port !== undefined && currentLeader.port !== 0))
  w.unsignedVarint(Number(hasCurrentLeader))
  if (hasCurrentLeader) w.tag(0, (w) => writeCurrentLeader(w, v, currentLeader))
}

export const updateRaftVoter: Api<UpdateRaftVoterRequest, UpdateRaftVoterResponse> = {
  key: 82,
  name: 'UpdateRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeUpdateRaftVoterRequest,
  decodeRequest: readUpdateRaftVoterRequest,
  encodeResponse: writeUpdateRaftVoterResponse,
  decodeResponse: readUpdateRaftVoterResponse,
}
