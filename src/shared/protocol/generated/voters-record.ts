// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Endpoint {
  name: string
  host: string
  port: number
}

function readEndpoint(r: Reader, _v: number): Endpoint {
  const name = r.compactString()
  const host = r.compactString()
  const port = r.uint16()
  r.skipTags()
  return { name, host, port }
}

function writeEndpoint(w: Writer, _v: number, m: Draft<Endpoint>): void {
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

export interface Voter {
  voterId: number
  voterDirectoryId: string
  endpoints: Endpoint[]
  kRaftVersionFeature: KRaftVersionFeature
}

function readVoter(r: Reader, v: number): Voter {
  const voterId = r.int32()
  const voterDirectoryId = r.uuid()
  const endpoints: Endpoint[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) endpoints.push(readEndpoint(r, v))
  const kRaftVersionFeature = readKRaftVersionFeature(r, v)
  r.skipTags()
  return { voterId, voterDirectoryId, endpoints, kRaftVersionFeature }
}

function writeVoter(w: Writer, v: number, m: Draft<Voter>): void {
  const { voterId = 0 } = m
  w.int32(voterId)
  const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
  w.uuid(voterDirectoryId)
  const { endpoints = [] } = m
  w.compactArrayLength(endpoints.length)
  for (const item of endpoints) writeEndpoint(w, v, item)
  const { kRaftVersionFeature = {} } = m
  writeKRaftVersionFeature(w, v, kRaftVersionFeature)
  w.unsignedVarint(0)
}

export interface VotersRecord {
  version: number
  voters: Voter[]
}

function readVotersRecord(r: Reader, v: number): VotersRecord {
  const version = r.int16()
  const voters: Voter[] = []
  for (let n = r.notNull(r.compactArrayLength(27)); n > 0; n--) voters.push(readVoter(r, v))
  r.skipTags()
  return { version, voters }
}

function writeVotersRecord(w: Writer, v: number, m: Draft<VotersRecord>): void {
  const { version = 0 } = m
  w.int16(version)
  const { voters = [] } = m
  w.compactArrayLength(voters.length)
  for (const item of voters) writeVoter(w, v, item)
  w.unsignedVarint(0)
}

export const votersRecord: Message<VotersRecord> = {
  name: 'VotersRecord',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: writeVotersRecord,
  decode: readVotersRecord,
}
