// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface ScramCredentialDeletion {
  name: string
  mechanism: number
}

function readScramCredentialDeletion(r: Reader, _v: number): ScramCredentialDeletion {
  const name = r.compactString()
  const mechanism = r.int8()
  r.skipTags()
  return { name, mechanism }
}

function writeScramCredentialDeletion(w: Writer, _v: number, m: Draft<ScramCredentialDeletion>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const mechanism = m.mechanism === undefined ? 0 : m.mechanism
  w.int8(mechanism)
  w.unsignedVarint(0)
}

export interface ScramCredentialUpsertion {
  name: string
  mechanism: number
  iterations: number
  salt: Buffer
  saltedPassword: Buffer
}

function readScramCredentialUpsertion(r: Reader, _v: number): ScramCredentialUpsertion {
  const name = r.compactString()
  const mechanism = r.int8()
  const iterations = r.int32()
  const salt = r.compactBytes()
  const saltedPassword = r.compactBytes()
  r.skipTags()
  return { name, mechanism, iterations, salt, saltedPassword }
}

function writeScramCredentialUpsertion(w: Writer, _v: number, m: Draft<ScramCredentialUpsertion>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  const mechanism = m.mechanism === undefined ? 0 : m.mechanism
  w.int8(mechanism)
  const iterations = m.iterations === undefined ? 0 : m.iterations
  w.int32(iterations)
  const salt = m.salt === undefined ? NO_BYTES : m.salt
  w.compactBytes(salt)
  const saltedPassword = m.saltedPassword === undefined ? NO_BYTES : m.saltedPassword
  w.compactBytes(saltedPassword)
  w.unsignedVarint(0)
}

export interface AlterUserScramCredentialsRequest {
  deletions: ScramCredentialDeletion[]
  upsertions: ScramCredentialUpsertion[]
}

function readAlterUserScramCredentialsRequest(r: Reader, v: number): AlterUserScramCredentialsRequest {
  const deletions: ScramCredentialDeletion[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) deletions.push(readScramCredentialDeletion(r, v))
  }
  const upsertions: ScramCredentialUpsertion[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) upsertions.push(readScramCredentialUpsertion(r, v))
  }
  r.skipTags()
  return { deletions, upsertions }
}

function writeAlterUserScramCredentialsRequest(w: Writer, v: number, m: Draft<AlterUserScramCredentialsRequest>): void {
  const deletions = m.deletions === undefined ? [] : m.deletions
  w.compactArrayLength(deletions.length)
  for (const item of deletions) writeScramCredentialDeletion(w, v, item)
  const upsertions = m.upsertions === undefined ? [] : m.upsertions
  w.compactArrayLength(upsertions.length)
  for (const item of upsertions) writeScramCredentialUpsertion(w, v, item)
  w.unsignedVarint(0)
}

export interface AlterUserScramCredentialsResult {
  user: string
  errorCode: number
  errorMessage: string | null
}

function readAlterUserScramCredentialsResult(r: Reader, _v: number): AlterUserScramCredentialsResult {
  const user = r.compactString()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { user, errorCode, errorMessage }
}

function writeAlterUserScramCredentialsResult(w: Writer, _v: number, m: Draft<AlterUserScramCredentialsResult>): void {
  const user = m.user === undefined ? '' : m.user
  w.compactString(user)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface AlterUserScramCredentialsResponse {
  throttleTimeMs: number
  results: AlterUserScramCredentialsResult[]
}

function readAlterUserScramCredentialsResponse(r: Reader, v: number): AlterUserScramCredentialsResponse {
  const throttleTimeMs = r.int32()
  const results: AlterUserScramCredentialsResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readAlterUserScramCredentialsResult(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, results }
}

function writeAlterUserScramCredentialsResponse(w: Writer, v: number, m: Draft<AlterUserScramCredentialsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const results = m.results === undefined ? [] : m.results
  w.compactArrayLength(results.length)
  for (const item of results) writeAlterUserScramCredentialsResult(w, v, item)
  w.unsignedVarint(0)
}

export const alterUserScramCredentials: Api<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse> = {
  key: 51,
  name: 'AlterUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeAlterUserScramCredentialsRequest,
  decodeRequest: readAlterUserScramCredentialsRequest,
  encodeResponse: writeAlterUserScramCredentialsResponse,
  decodeResponse: readAlterUserScramCredentialsResponse,
}
