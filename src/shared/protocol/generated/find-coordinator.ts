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
  const key: string = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const keyType: number = v >= 1 ? r.int8() : 0
  const coordinatorKeys: string[] = []
  if (v >= 4) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) coordinatorKeys.push((v >= 3 ? r.compactString() : r.string()))
  }
  if (v >= 3) r.skipTags()
  return { key, keyType, coordinatorKeys }
}

function writeFindCoordinatorRequest(w: Writer, v: number, m: Draft<FindCoordinatorRequest>): void {
  if (v <= 3) {
    const key = m.key === undefined ? '' : m.key
    if (v >= 3) { w.compactString(key) } else { w.string(key) }
  }
  if ((v > 3) && m.key !== undefined && m.key !== '') throw new UnsupportedField('FindCoordinatorRequest', 'key', v, 0)
  if (v >= 1) {
    const keyType = m.keyType === undefined ? 0 : m.keyType
    w.int8(keyType)
  }
  if ((v < 1) && m.keyType !== undefined && m.keyType !== 0) throw new UnsupportedField('FindCoordinatorRequest', 'keyType', v, 1)
  if (v >= 4) {
    const coordinatorKeys = m.coordinatorKeys === undefined ? [] : m.coordinatorKeys
    if (v >= 3) { w.compactArrayLength(coordinatorKeys.length) } else { w.arrayLength(coordinatorKeys.length) }
    for (const item of coordinatorKeys) if (v >= 3) { w.compactString(item) } else { w.string(item) }
  }
  if ((v < 4) && m.coordinatorKeys !== undefined && m.coordinatorKeys.length > 0) throw new UnsupportedField('FindCoordinatorRequest', 'coordinatorKeys', v, 4)
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

function readCoordinator(r: Reader, v: number): Coordinator {
  const key: string = v >= 4 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const nodeId: number = v >= 4 ? r.int32() : 0
  const host: string = v >= 4 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const port: number = v >= 4 ? r.int32() : 0
  const errorCode: number = v >= 4 ? r.int16() : 0
  const errorMessage: string | null = v >= 4 ? v >= 4 ? (v >= 3 ? r.compactNullableString() : r.nullableString()) : (v >= 3 ? r.compactString() : r.string()) : ''
  if (v >= 3) r.skipTags()
  return { key, nodeId, host, port, errorCode, errorMessage }
}

function writeCoordinator(w: Writer, v: number, m: Draft<Coordinator>): void {
  if (v >= 4) {
    const key = m.key === undefined ? '' : m.key
    if (v >= 3) { w.compactString(key) } else { w.string(key) }
  }
  if ((v < 4) && m.key !== undefined && m.key !== '') throw new UnsupportedField('FindCoordinatorResponse', 'key', v, 4)
  if (v >= 4) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v < 4) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'nodeId', v, 4)
  if (v >= 4) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 3) { w.compactString(host) } else { w.string(host) }
  }
  if ((v < 4) && m.host !== undefined && m.host !== '') throw new UnsupportedField('FindCoordinatorResponse', 'host', v, 4)
  if (v >= 4) {
    const port = m.port === undefined ? 0 : m.port
    w.int32(port)
  }
  if ((v < 4) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'port', v, 4)
  if (v >= 4) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v < 4) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'errorCode', v, 4)
  if (v >= 4) {
    const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
    if (v >= 4) { if (v >= 3) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) } } else { if (v >= 3) { w.compactString(errorMessage!) } else { w.string(errorMessage!) } }
  }
  if (v >= 3) w.unsignedVarint(0)
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
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  const errorCode: number = v <= 3 ? r.int16() : 0
  const errorMessage: string | null = (v >= 1 && v <= 3) ? (v >= 1 && v <= 3) ? (v >= 3 ? r.compactNullableString() : r.nullableString()) : (v >= 3 ? r.compactString() : r.string()) : ''
  const nodeId: number = v <= 3 ? r.int32() : 0
  const host: string = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const port: number = v <= 3 ? r.int32() : 0
  const coordinators: Coordinator[] = []
  if (v >= 4) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) coordinators.push(readCoordinator(r, v))
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
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  if (v <= 3) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if ((v > 3) && m.errorCode !== undefined && m.errorCode !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'errorCode', v, 0)
  if (v >= 1 && v <= 3) {
    const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
    if (v >= 1 && v <= 3) { if (v >= 3) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) } } else { if (v >= 3) { w.compactString(errorMessage!) } else { w.string(errorMessage!) } }
  }
  if (v <= 3) {
    const nodeId = m.nodeId === undefined ? 0 : m.nodeId
    w.int32(nodeId)
  }
  if ((v > 3) && m.nodeId !== undefined && m.nodeId !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'nodeId', v, 0)
  if (v <= 3) {
    const host = m.host === undefined ? '' : m.host
    if (v >= 3) { w.compactString(host) } else { w.string(host) }
  }
  if ((v > 3) && m.host !== undefined && m.host !== '') throw new UnsupportedField('FindCoordinatorResponse', 'host', v, 0)
  if (v <= 3) {
    const port = m.port === undefined ? 0 : m.port
    w.int32(port)
  }
  if ((v > 3) && m.port !== undefined && m.port !== 0) throw new UnsupportedField('FindCoordinatorResponse', 'port', v, 0)
  if (v >= 4) {
    const coordinators = m.coordinators === undefined ? [] : m.coordinators
    if (v >= 3) { w.compactArrayLength(coordinators.length) } else { w.arrayLength(coordinators.length) }
    for (const item of coordinators) writeCoordinator(w, v, item)
  }
  if ((v < 4) && m.coordinators !== undefined && m.coordinators.length > 0) throw new UnsupportedField('FindCoordinatorResponse', 'coordinators', v, 4)
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
