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
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const host = m.host === undefined ? '' : m.host
  w.compactString(host)
  const port = m.port === undefined ? 0 : m.port
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
  const minSupportedVersion = m.minSupportedVersion === undefined ? 0 : m.minSupportedVersion
  w.int16(minSupportedVersion)
  const maxSupportedVersion = m.maxSupportedVersion === undefined ? 0 : m.maxSupportedVersion
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) endpoints.push(readEndpoint(r, v))
  }
  const kRaftVersionFeature: KRaftVersionFeature = readKRaftVersionFeature(r, v)
  r.skipTags()
  return { voterId, voterDirectoryId, endpoints, kRaftVersionFeature }
}

function writeVoter(w: Writer, v: number, m: Draft<Voter>): void {
  const voterId = m.voterId === undefined ? 0 : m.voterId
  w.int32(voterId)
  const voterDirectoryId = m.voterDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.voterDirectoryId
  w.uuid(voterDirectoryId)
  const endpoints = m.endpoints === undefined ? [] : m.endpoints
  w.compactArrayLength(endpoints.length)
  for (const item of endpoints) writeEndpoint(w, v, item)
  const kRaftVersionFeature = m.kRaftVersionFeature === undefined ? { minSupportedVersion: 0, maxSupportedVersion: 0 } : m.kRaftVersionFeature
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) voters.push(readVoter(r, v))
  }
  r.skipTags()
  return { version, voters }
}

function writeVotersRecord(w: Writer, v: number, m: Draft<VotersRecord>): void {
  const version = m.version === undefined ? 0 : m.version
  w.int16(version)
  const voters = m.voters === undefined ? [] : m.voters
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
