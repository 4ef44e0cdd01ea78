// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface SnapshotFooterRecord {
  version: number
}

function readSnapshotFooterRecord(r: Reader, _v: number): SnapshotFooterRecord {
  const version = r.int16()
  r.skipTags()
  return { version }
}

function writeSnapshotFooterRecord(w: Writer, _v: number, m: Draft<SnapshotFooterRecord>): void {
  const { version = 0 } = m
  w.int16(version)
  w.unsignedVarint(0)
}

export const snapshotFooterRecord: Message<SnapshotFooterRecord> = {
  name: 'SnapshotFooterRecord',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: writeSnapshotFooterRecord,
  decode: readSnapshotFooterRecord,
}
