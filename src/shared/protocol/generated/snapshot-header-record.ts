// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface SnapshotHeaderRecord {
  version: number
  lastContainedLogTimestamp: number
}

function readSnapshotHeaderRecord(r: Reader, _v: number): SnapshotHeaderRecord {
  const version = r.int16()
  const lastContainedLogTimestamp = r.int64()
  r.skipTags()
  return { version, lastContainedLogTimestamp }
}

function writeSnapshotHeaderRecord(w: Writer, _v: number, m: Draft<SnapshotHeaderRecord>): void {
  const { version = 0 } = m
  w.int16(version)
  const { lastContainedLogTimestamp = 0 } = m
  w.int64(lastContainedLogTimestamp)
  w.unsignedVarint(0)
}

export const snapshotHeaderRecord: Message<SnapshotHeaderRecord> = {
  name: 'SnapshotHeaderRecord',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: writeSnapshotHeaderRecord,
  decode: readSnapshotHeaderRecord,
}
