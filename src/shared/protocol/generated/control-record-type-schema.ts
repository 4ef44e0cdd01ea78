// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ControlRecordTypeSchema {
  type: number
}

function readControlRecordTypeSchema(r: Reader, _v: number): ControlRecordTypeSchema {
  const type = r.int16()
  return { type }
}

function writeControlRecordTypeSchema(w: Writer, _v: number, m: Draft<ControlRecordTypeSchema>): void {
  const { type = 0 } = m
  w.int16(type)
}

export const controlRecordTypeSchema: Message<ControlRecordTypeSchema> = {
  name: 'ControlRecordTypeSchema',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 32767,
  encode: writeControlRecordTypeSchema,
  decode: readControlRecordTypeSchema,
}
