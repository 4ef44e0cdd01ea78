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
  const { name = '' } = m
  w.compactString(name)
  w.unsignedVarint(0)
}

export interface DescribeUserScramCredentialsRequest {
  users: UserName[] | null
}

function readDescribeUserScramCredentialsRequest(r: Reader, v: number): DescribeUserScramCredentialsRequest {
  let users: UserName[] | null
  {
    const n = r.compactArrayLength(2)
    users = n < 0 ? null : []
    if (users) for (let i = 0; i < n; i++) users.push(readUserName(r, v))
  }
  r.skipTags()
  return { users }
}

function writeDescribeUserScramCredentialsRequest(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsRequest>): void {
  const { users = [] } = m
  w.compactArrayLength(users === null ? -1 : users.length)
  for (const item of users ?? []) writeUserName(w, v, item)
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
  const { mechanism = 0 } = m
  w.int8(mechanism)
  const { iterations = 0 } = m
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
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) credentialInfos.push(readCredentialInfo(r, v))
  r.skipTags()
  return { user, errorCode, errorMessage, credentialInfos }
}

function writeDescribeUserScramCredentialsResult(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsResult>): void {
  const { user = '' } = m
  w.compactString(user)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  const { credentialInfos = [] } = m
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
  for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) results.push(readDescribeUserScramCredentialsResult(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

function writeDescribeUserScramCredentialsResponse(w: Writer, v: number, m: Draft<DescribeUserScramCredentialsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  const { results = [] } = m
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
