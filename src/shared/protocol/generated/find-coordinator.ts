// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface FindCoordinatorRequest {
  key: string
  keyType: number
  coordinatorKeys: string[]
}

function readFindCoordinatorRequest(r: Reader, v: number): FindCoordinatorRequest {
  const key = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const keyType = v >= 1 ? r.int8() : 0
  const coordinatorKeys: string[] = []
  if (v >= 4) {
    for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) coordinatorKeys.push(r.compactString())
  }
  if (v >= 3) r.skipTags()
  return { key, keyType, coordinatorKeys }
}

function writeFindCoordinatorRequest(w: Writer, v: number, m: Draft<FindCoordinatorRequest>): void {
  if (v <= 3) {
    const { key = '' } = m
    if (v >= 3) w.compactString(key)
    else w.string(key)
  } else if (m.key !== undefined && m.key !== '') throw new UnsupportedField('FindCoordinatorRequest', 'key', v, 0, 3)
  if (v >= 1) {
    const { keyType = 0 } = m
    w.int8(keyType)
  } else if (m.keyType !== undefined && m.keyType !== 0) throw new UnsupportedField('FindCoordinatorRequest', 'keyType', v, 1, 32767)
  if (v >= 4) {
    const { coordinatorKeys = [] } = m
    w.compactArrayLength(coordinatorKeys.length)
    for (const item of coordinatorKeys) w.compactString(item)
  } else if (m.coordinatorKeys !== undefined && m.coordinatorKeys.length > 0) throw new UnsupportedField('FindCoordinatorRequest', 'coordinatorKeys', v, 4, 32767)
  if (v >= 3) w.unsignedVarint(0)
}

export interface Coordinator {
  key: string
  nodeId: number
  host: string
  port: number
  errorCode: number
  errorMessage: string | null
}

function readCoordinator(r: Reader, _v: number): Coordinator {
  const key = r.compactString()
  const nodeId = r.int32()
  const host = r.compactString()
  const port = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { key, nodeId, host, port, errorCode, errorMessage }
}

function writeCoordinator(w: Writer, _v: number, m: Draft<Coordinator>): void {
  const { key = '' } = m
  w.compactString(key)
  const { nodeId = 0 } = m
  w.int32(nodeId)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.int32(port)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface FindCoordinatorResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  nodeId: number
  host: string
  port: number
  coordinators: Coordinator[]
}

function readFindCoordinatorResponse(r: Reader, v: number): FindCoordinatorResponse {
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const errorCode = v <= 3 ? r.int16() : 0
  const errorMessage: string | null = v >= 1 && v <= 3 ? (v >= 3 ? r.compactNullableString() : r.nullableString()) : ''
  const nodeId = v <= 3 ? r.int32() : 0
  const host = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const port = v <= 3 ? r.int32() : 0
  const coordinators: Coordinator[] = []
  if (v >= 4) {
    for (let n = r.notNull(r.compactArrayLength(14)); n > 0; n--) coordinators.push(readCoordinator(r, v))
  }
  if (v >= 3) r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    nodeId,
    host,
    port,
    coordinators,
  }
}

function writeFindCoordinatorResponse(w: Writer, v: number, m: Draft<FindCoordinatorResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  if (v <= 3) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  } else if (m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'errorCode', v, 0, 3)
  if (v >= 1 && v <= 3) {
    const { errorMessage = '' } = m
    if (v >= 3) w.compactNullableString(errorMessage)
    else w.nullableString(errorMessage)
  }
  if (v <= 3) {
    const { nodeId = 0 } = m
    w.int32(nodeId)
  } else if (m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'nodeId', v, 0, 3)
  if (v <= 3) {
    const { host = '' } = m
    if (v >= 3) w.compactString(host)
    else w.string(host)
  } else if (m.host !== undefined && m.host !== '') throw new UnsupportedField('FindCoordinatorResponse', 'host', v, 0, 3)
  if (v <= 3) {
    const { port = 0 } = m
    w.int32(port)
  } else if (m.port !== undefined && m.port !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'port', v, 0, 3)
  if (v >= 4) {
    const { coordinators = [] } = m
    w.compactArrayLength(coordinators.length)
    for (const item of coordinators) writeCoordinator(w, v, item)
  } else if (m.coordinators !== undefined && m.coordinators.length > 0) throw new UnsupportedField('FindCoordinatorResponse', 'coordinators', v, 4, 32767)
  if (v >= 3) w.unsignedVarint(0)
}

export const findCoordinator: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 6,
  flexibleFrom: 3,
  encodeRequest: writeFindCoordinatorRequest,
  decodeRequest: readFindCoordinatorRequest,
  encodeResponse: writeFindCoordinatorResponse,
  decodeResponse: readFindCoordinatorResponse,
}
