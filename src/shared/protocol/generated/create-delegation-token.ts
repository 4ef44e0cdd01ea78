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
  const { principalType = '' } = m
  if (v >= 2) w.compactString(principalType)
  else w.string(principalType)
  const { principalName = '' } = m
  if (v >= 2) w.compactString(principalName)
  else w.string(principalName)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreateDelegationTokenRequest {
  ownerPrincipalType: string | null
  ownerPrincipalName: string | null
  renewers: CreatableRenewers[]
  maxLifetimeMs: number
}

function readCreateDelegationTokenRequest(r: Reader, v: number): CreateDelegationTokenRequest {
  const ownerPrincipalType: string | null = v >= 3 ? r.compactNullableString() : ''
  const ownerPrincipalName: string | null = v >= 3 ? r.compactNullableString() : ''
  const renewers: CreatableRenewers[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) renewers.push(readCreatableRenewers(r, v))
  const maxLifetimeMs = r.int64()
  if (v >= 2) r.skipTags()
  return { ownerPrincipalType, ownerPrincipalName, renewers, maxLifetimeMs }
}

function writeCreateDelegationTokenRequest(w: Writer, v: number, m: Draft<CreateDelegationTokenRequest>): void {
  if (v >= 3) {
    const { ownerPrincipalType = '' } = m
    w.compactNullableString(ownerPrincipalType)
  } else if (m.ownerPrincipalType !== undefined && m.ownerPrincipalType !== '') throw new UnsupportedField('CreateDelegationTokenRequest', 'ownerPrincipalType', v, 3, 32767)
  if (v >= 3) {
    const { ownerPrincipalName = '' } = m
    w.compactNullableString(ownerPrincipalName)
  } else if (m.ownerPrincipalName !== undefined && m.ownerPrincipalName !== '') throw new UnsupportedField('CreateDelegationTokenRequest', 'ownerPrincipalName', v, 3, 32767)
  const { renewers = [] } = m
  if (v >= 2) w.compactArrayLength(renewers.length)
  else w.arrayLength(renewers.length)
  for (const item of renewers) writeCreatableRenewers(w, v, item)
  const { maxLifetimeMs = 0 } = m
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
  const tokenRequesterPrincipalType = v >= 3 ? r.compactString() : ''
  const tokenRequesterPrincipalName = v >= 3 ? r.compactString() : ''
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { principalType = '' } = m
  if (v >= 2) w.compactString(principalType)
  else w.string(principalType)
  const { principalName = '' } = m
  if (v >= 2) w.compactString(principalName)
  else w.string(principalName)
  if (v >= 3) {
    const { tokenRequesterPrincipalType = '' } = m
    w.compactString(tokenRequesterPrincipalType)
  } else if (m.tokenRequesterPrincipalType !== undefined && m.tokenRequesterPrincipalType !== '') throw new UnsupportedField('CreateDelegationTokenResponse', 'tokenRequesterPrincipalType', v, 3, 32767)
  if (v >= 3) {
    const { tokenRequesterPrincipalName = '' } = m
    w.compactString(tokenRequesterPrincipalName)
  } else if (m.tokenRequesterPrincipalName !== undefined && m.tokenRequesterPrincipalName !== '') throw new UnsupportedField('CreateDelegationTokenResponse', 'tokenRequesterPrincipalName', v, 3, 32767)
  const { issueTimestampMs = 0 } = m
  w.int64(issueTimestampMs)
  const { expiryTimestampMs = 0 } = m
  w.int64(expiryTimestampMs)
  const { maxTimestampMs = 0 } = m
  w.int64(maxTimestampMs)
  const { tokenId = '' } = m
  if (v >= 2) w.compactString(tokenId)
  else w.string(tokenId)
  const { hmac = NO_BYTES } = m
  if (v >= 2) w.compactBytes(hmac)
  else w.bytes(hmac)
  const { throttleTimeMs = 0 } = m
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
