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
  const { name = '' } = m
  w.compactString(name)
  const { mechanism = 0 } = m
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
  const { name = '' } = m
  w.compactString(name)
  const { mechanism = 0 } = m
  w.int8(mechanism)
  const { iterations = 0 } = m
  w.int32(iterations)
  const { salt = NO_BYTES } = m
  w.compactBytes(salt)
  const { saltedPassword = NO_BYTES } = m
  w.compactBytes(saltedPassword)
  w.unsignedVarint(0)
}

export interface AlterUserScramCredentialsRequest {
  deletions: ScramCredentialDeletion[]
  upsertions: ScramCredentialUpsertion[]
}

function readAlterUserScramCredentialsRequest(r: Reader, v: number): AlterUserScramCredentialsRequest {
  const deletions: ScramCredentialDeletion[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) deletions.push(readScramCredentialDeletion(r, v))
  const upsertions: ScramCredentialUpsertion[] = []
  for (let n = r.notNull(r.compactArrayLength(9)); n > 0; n--) upsertions.push(readScramCredentialUpsertion(r, v))
  r.skipTags()
  return { deletions, upsertions }
}

function writeAlterUserScramCredentialsRequest(w: Writer, v: number, m: Draft<AlterUserScramCredentialsRequest>): void {
  const { deletions = [] } = m
  w.compactArrayLength(deletions.length)
  for (const item of deletions) writeScramCredentialDeletion(w, v, item)
  const { upsertions = [] } = m
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
  const { user = '' } = m
  w.compactString(user)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
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
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) results.push(readAlterUserScramCredentialsResult(r, v))
  r.skipTags()
  return { throttleTimeMs, results }
}

function writeAlterUserScramCredentialsResponse(w: Writer, v: number, m: Draft<AlterUserScramCredentialsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
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
