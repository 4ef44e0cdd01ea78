// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DefaultPrincipalData {
  type: string
  name: string
  tokenAuthenticated: boolean
}

function readDefaultPrincipalData(r: Reader, _v: number): DefaultPrincipalData {
  const type = r.compactString()
  const name = r.compactString()
  const tokenAuthenticated = r.boolean()
  r.skipTags()
  return { type, name, tokenAuthenticated }
}

function writeDefaultPrincipalData(w: Writer, _v: number, m: Draft<DefaultPrincipalData>): void {
  const { type = '' } = m
  w.compactString(type)
  const { name = '' } = m
  w.compactString(name)
  const { tokenAuthenticated = false } = m
  w.boolean(tokenAuthenticated)
  w.unsignedVarint(0)
}

export const defaultPrincipalData: Message<DefaultPrincipalData> = {
  name: 'DefaultPrincipalData',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encode: writeDefaultPrincipalData,
  decode: readDefaultPrincipalData,
}
