// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
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

export interface AddRaftVoterRequest {
  clusterId: string | null
  timeoutMs: number
  voterId: number
  voterDirectoryId: string
  listeners: Listener[]
  ackWhenCommitted: boolean
}

function readAddRaftVoterRequest(r: Reader, v: number): AddRaftVoterRequest {
  const clusterId: string | null = r.compactNullableString()
  const timeoutMs = r.int32()
  const voterId = r.int32()
  const voterDirectoryId = r.uuid()
  const listeners: Listener[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) listeners.push(readListener(r, v))
  const ackWhenCommitted = v >= 1 ? r.boolean() : true
  r.skipTags()
  return { clusterId, timeoutMs, voterId, voterDirectoryId, listeners, ackWhenCommitted }
}

function writeAddRaftVoterRequest(w: Writer, v: number, m: Draft<AddRaftVoterRequest>): void {
  const { clusterId = '' } = m
  w.compactNullableString(clusterId)
  const { timeoutMs = 0 } = m
  w.int32(timeoutMs)
  const { voterId = 0 } = m
  w.int32(voterId)
  const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(voterDirectoryId)
  const { listeners = [] } = m
  w.compactArrayLength(listeners.length)
  for (const item of listeners) writeListener(w, v, item)
  if (v >= 1) {
    const { ackWhenCommitted = true } = m
    w.boolean(ackWhenCommitted)
  } else if (m.ackWhenCommitted !== undefined && m.ackWhenCommitted !== true) throw new UnsupportedField('AddRaftVoterRequest', 'ackWhenCommitted', v, 1, 32767)
  w.unsignedVarint(0)
}

export interface AddRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
}

function readAddRaftVoterResponse(r: Reader, _v: number): AddRaftVoterResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

function writeAddRaftVoterResponse(w: Writer, _v: number, m: Draft<AddRaftVoterResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export const addRaftVoter: Api<AddRaftVoterRequest, AddRaftVoterResponse> = {
  key: 80,
  name: 'AddRaftVoter',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeAddRaftVoterRequest,
  decodeRequest: readAddRaftVoterRequest,
  encodeResponse: writeAddRaftVoterResponse,
  decodeResponse: readAddRaftVoterResponse,
}
