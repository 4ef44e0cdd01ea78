// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface CreatableRenewers {
  principalType: string
  principalName: string
}

function readCreatableRenewers(r: Reader, v: number): CreatableRenewers {
  const principalType = v >= 2 ? r.compactString() : r.string()
  const principalName = v >= 2 ? r.compactString() : r.string()
  if (v >= 2) r.skipTags()
  return { principalType, principalName }
}

function writeCreatableRenewers(w: Writer, v: number, m: Draft<CreatableRenewers>): void {
  const principalType = m.principalType === undefined ? '' : m.principalType
  if (v >= 2) { w.compactString(principalType) } else { w.string(principalType) }
  const principalName = m.principalName === undefined ? '' : m.principalName
  if (v >= 2) { w.compactString(principalName) } else { w.string(principalName) }
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreateDelegationTokenRequest {
  ownerPrincipalType: string | null
  ownerPrincipalName: string | null
  renewers: CreatableRenewers[]
  maxLifetimeMs: number
}

function readCreateDelegationTokenRequest(r: Reader, v: number): CreateDelegationTokenRequest {
  const ownerPrincipalType: string | null = v >= 3 ? v >= 3 ? (v >= 2 ? r.compactNullableString() : r.nullableString()) : (v >= 2 ? r.compactString() : r.string()) : ''
  const ownerPrincipalName: string | null = v >= 3 ? v >= 3 ? (v >= 2 ? r.compactNullableString() : r.nullableString()) : (v >= 2 ? r.compactString() : r.string()) : ''
  const renewers: CreatableRenewers[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) renewers.push(readCreatableRenewers(r, v))
  }
  const maxLifetimeMs = r.int64()
  if (v >= 2) r.skipTags()
  return { ownerPrincipalType, ownerPrincipalName, renewers, maxLifetimeMs }
}

function writeCreateDelegationTokenRequest(w: Writer, v: number, m: Draft<CreateDelegationTokenRequest>): void {
  if (v >= 3) {
    const ownerPrincipalType = m.ownerPrincipalType === undefined ? '' : m.ownerPrincipalType
    if (v >= 3) { if (v >= 2) { w.compactNullableString(ownerPrincipalType) } else { w.nullableString(ownerPrincipalType) } } else { if (v >= 2) { w.compactString(ownerPrincipalType!) } else { w.string(ownerPrincipalType!) } }
  }
  if ((v < 3) && m.ownerPrincipalType !== undefined && m.ownerPrincipalType !== '') throw new UnsupportedField('CreateDelegationTokenRequest', 'ownerPrincipalType', v, 3)
  if (v >= 3) {
    const ownerPrincipalName = m.ownerPrincipalName === undefined ? '' : m.ownerPrincipalName
    if (v >= 3) { if (v >= 2) { w.compactNullableString(ownerPrincipalName) } else { w.nullableString(ownerPrincipalName) } } else { if (v >= 2) { w.compactString(ownerPrincipalName!) } else { w.string(ownerPrincipalName!) } }
  }
  if ((v < 3) && m.ownerPrincipalName !== undefined && m.ownerPrincipalName !== '') throw new UnsupportedField('CreateDelegationTokenRequest', 'ownerPrincipalName', v, 3)
  const renewers = m.renewers === undefined ? [] : m.renewers
  if (v >= 2) { w.compactArrayLength(renewers.length) } else { w.arrayLength(renewers.length) }
  for (const item of renewers) writeCreatableRenewers(w, v, item)
  const maxLifetimeMs = m.maxLifetimeMs === undefined ? 0 : m.maxLifetimeMs
  w.int64(maxLifetimeMs)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreateDelegationTokenResponse {
  errorCode: number
  principalType: string
  principalName: string
  tokenRequesterPrincipalType: string
  tokenRequesterPrincipalName: string
  issueTimestampMs: number
  expiryTimestampMs: number
  maxTimestampMs: number
  tokenId: string
  hmac: Buffer
  throttleTimeMs: number
}

function readCreateDelegationTokenResponse(r: Reader, v: number): CreateDelegationTokenResponse {
  const errorCode = r.int16()
  const principalType = v >= 2 ? r.compactString() : r.string()
  const principalName = v >= 2 ? r.compactString() : r.string()
  const tokenRequesterPrincipalType: string = v >= 3 ? (v >= 2 ? r.compactString() : r.string()) : ''
  const tokenRequesterPrincipalName: string = v >= 3 ? (v >= 2 ? r.compactString() : r.string()) : ''
  const issueTimestampMs = r.int64()
  const expiryTimestampMs = r.int64()
  const maxTimestampMs = r.int64()
  const tokenId = v >= 2 ? r.compactString() : r.string()
  const hmac = v >= 2 ? r.compactBytes() : r.bytes()
  const throttleTimeMs = r.int32()
  if (v >= 2) r.skipTags()
  return {
    errorCode,
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestampMs,
    expiryTimestampMs,
    maxTimestampMs,
    tokenId,
    hmac,
    throttleTimeMs,
  }
}

function writeCreateDelegationTokenResponse(w: Writer, v: number, m: Draft<CreateDelegationTokenResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const principalType = m.principalType === undefined ? '' : m.principalType
  if (v >= 2) { w.compactString(principalType) } else { w.string(principalType) }
  const principalName = m.principalName === undefined ? '' : m.principalName
  if (v >= 2) { w.compactString(principalName) } else { w.string(principalName) }
  if (v >= 3) {
    const tokenRequesterPrincipalType = m.tokenRequesterPrincipalType === undefined ? '' : m.tokenRequesterPrincipalType
    if (v >= 2) { w.compactString(tokenRequesterPrincipalType) } else { w.string(tokenRequesterPrincipalType) }
  }
  if ((v < 3) && m.tokenRequesterPrincipalType !== undefined && m.tokenRequesterPrincipalType !== '') throw new UnsupportedField('CreateDelegationTokenResponse', 'tokenRequesterPrincipalType', v, 3)
  if (v >= 3) {
    const tokenRequesterPrincipalName = m.tokenRequesterPrincipalName === undefined ? '' : m.tokenRequesterPrincipalName
    if (v >= 2) { w.compactString(tokenRequesterPrincipalName) } else { w.string(tokenRequesterPrincipalName) }
  }
  if ((v < 3) && m.tokenRequesterPrincipalName !== undefined && m.tokenRequesterPrincipalName !== '') throw new UnsupportedField('CreateDelegationTokenResponse', 'tokenRequesterPrincipalName', v, 3)
  const issueTimestampMs = m.issueTimestampMs === undefined ? 0 : m.issueTimestampMs
  w.int64(issueTimestampMs)
  const expiryTimestampMs = m.expiryTimestampMs === undefined ? 0 : m.expiryTimestampMs
  w.int64(expiryTimestampMs)
  const maxTimestampMs = m.maxTimestampMs === undefined ? 0 : m.maxTimestampMs
  w.int64(maxTimestampMs)
  const tokenId = m.tokenId === undefined ? '' : m.tokenId
  if (v >= 2) { w.compactString(tokenId) } else { w.string(tokenId) }
  const hmac = m.hmac === undefined ? NO_BYTES : m.hmac
  if (v >= 2) { w.compactBytes(hmac) } else { w.bytes(hmac) }
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 2) w.unsignedVarint(0)
}

export const createDelegationToken: Api<CreateDelegationTokenRequest, CreateDelegationTokenResponse> = {
  key: 38,
  name: 'CreateDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeCreateDelegationTokenRequest,
  decodeRequest: readCreateDelegationTokenRequest,
  encodeResponse: writeCreateDelegationTokenResponse,
  decodeResponse: readCreateDelegationTokenResponse,
}
