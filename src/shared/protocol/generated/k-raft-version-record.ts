// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface KRaftVersionRecord {
  version: number
  kRaftVersion: number
}

function readKRaftVersionRecord(r: Reader, _v: number): KRaftVersionRecord {
  const version = r.int16()
  const kRaftVersion = r.int16()
  r.skipTags()
  return { version, kRaftVersion }
}

function writeKRaftVersionRecord(w: Writer, _v: number, m: Draft<KRaftVersionRecord>): void {
  const { version = 0 } = m
  w.int16(version)
  const { kRaftVersion = 0 } = m
  w.int16(kRaftVersion)
  w.unsignedVarint(0)
}

export const kRaftVersionRecord: Message<KRaftVersionRecord> = {
  name: 'KRaftVersionRecord',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: writeKRaftVersionRecord,
  decode: readKRaftVersionRecord,
}
