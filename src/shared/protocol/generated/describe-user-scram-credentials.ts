// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface UserName {
  name: string
}

function readUserName(r: Reader, _v: number): UserName {
  const name = r.compactString()
  r.skipTags()
  return { name }
}

function writeUserName(w: Writer, _v: number, m: Draft<UserName>): void {
  const name = m.name === undefined ? '' : m.name
  w.compactString(name)
  w.unsignedVarint(0)
}

export interface DescribeUserScramCredentialsRequest {
  users: UserName[] | null
}

function readDescribeUserScramCredentialsRequest(r: Reader, v: number): DescribeUserScramCredentialsRequest {
  let users: UserName[] | null = []
  {
    const n = r.compactArrayLength(1)
    users = n < 0 ? null : []
    if (users) for (let i = 0; i < n; i++) users.push(readUserName(r, v))
  }
  r.skipTags()
  return { users }
}

function writeDescribeUserScramCredentialsRequest(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsRequest>): void {
  const users = m.users === undefined ? [] : m.users
  if (users === null) {
      w.compactArrayLength(-1)
    } else {
      w.compactArrayLength(users.length)
      for (const item of users) writeUserName(w, v, item)
    }
  w.unsignedVarint(0)
}

export interface CredentialInfo {
  mechanism: number
  iterations: number
}

function readCredentialInfo(r: Reader, _v: number): CredentialInfo {
  const mechanism = r.int8()
  const iterations = r.int32()
  r.skipTags()
  return { mechanism, iterations }
}

function writeCredentialInfo(w: Writer, _v: number, m: Draft<CredentialInfo>): void {
  const mechanism = m.mechanism === undefined ? 0 : m.mechanism
  w.int8(mechanism)
  const iterations = m.iterations === undefined ? 0 : m.iterations
  w.int32(iterations)
  w.unsignedVarint(0)
}

export interface DescribeUserScramCredentialsResult {
  user: string
  errorCode: number
  errorMessage: string | null
  credentialInfos: CredentialInfo[]
}

function readDescribeUserScramCredentialsResult(r: Reader, v: number): DescribeUserScramCredentialsResult {
  const user = r.compactString()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const credentialInfos: CredentialInfo[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) credentialInfos.push(readCredentialInfo(r, v))
  }
  r.skipTags()
  return { user, errorCode, errorMessage, credentialInfos }
}

function writeDescribeUserScramCredentialsResult(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsResult>): void {
  const user = m.user === undefined ? '' : m.user
  w.compactString(user)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  w.compactNullableString(errorMessage)
  const credentialInfos = m.credentialInfos === undefined ? [] : m.credentialInfos
  w.compactArrayLength(credentialInfos.length)
  for (const item of credentialInfos) writeCredentialInfo(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeUserScramCredentialsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  results: DescribeUserScramCredentialsResult[]
}

function readDescribeUserScramCredentialsResponse(r: Reader, v: number): DescribeUserScramCredentialsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const results: DescribeUserScramCredentialsResult[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readDescribeUserScramCredentialsResult(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

function writeDescribeUserScramCredentialsResponse(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  w.compactNullableString(errorMessage)
  const results = m.results === undefined ? [] : m.results
  w.compactArrayLength(results.length)
  for (const item of results) writeDescribeUserScramCredentialsResult(w, v, item)
  w.unsignedVarint(0)
}

export const describeUserScramCredentials: Api<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> = {
  key: 50,
  name: 'DescribeUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDescribeUserScramCredentialsRequest,
  decodeRequest: readDescribeUserScramCredentialsRequest,
  encodeResponse: writeDescribeUserScramCredentialsResponse,
  decodeResponse: readDescribeUserScramCredentialsResponse,
}
