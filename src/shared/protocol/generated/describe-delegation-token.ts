// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface DescribeDelegationTokenOwner {
  principalType: string
  principalName: string
}

function readDescribeDelegationTokenOwner(r: Reader, v: number): DescribeDelegationTokenOwner {
  const principalType = v >= 2 ? r.compactString() : r.string()
  const principalName = v >= 2 ? r.compactString() : r.string()
  if (v >= 2) r.skipTags()
  return { principalType, principalName }
}

function writeDescribeDelegationTokenOwner(w: Writer, v: number, m: Draft<DescribeDelegationTokenOwner>): void {
  const { principalType = '' } = m
  if (v >= 2) w.compactString(principalType)
  else w.string(principalType)
  const { principalName = '' } = m
  if (v >= 2) w.compactString(principalName)
  else w.string(principalName)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeDelegationTokenRequest {
  owners: DescribeDelegationTokenOwner[] | null
}

function readDescribeDelegationTokenRequest(r: Reader, v: number): DescribeDelegationTokenRequest {
  let owners: DescribeDelegationTokenOwner[] | null
  {
    const n = v >= 2 ? r.compactArrayLength(3) : r.arrayLength(4)
    owners = n < 0 ? null : []
    if (owners) for (let i = 0; i < n; i++) owners.push(readDescribeDelegationTokenOwner(r, v))
  }
  if (v >= 2) r.skipTags()
  return { owners }
}

function writeDescribeDelegationTokenRequest(w: Writer, v: number, m: Draft<DescribeDelegationTokenRequest>): void {
  const { owners = [] } = m
  if (v >= 2) w.compactArrayLength(owners === null ? -1 : owners.length)
  else w.arrayLength(owners === null ? -1 : owners.length)
  for (const item of owners ?? []) writeDescribeDelegationTokenOwner(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribedDelegationTokenRenewer {
  principalType: string
  principalName: string
}

function readDescribedDelegationTokenRenewer(r: Reader, v: number): DescribedDelegationTokenRenewer {
  const principalType = v >= 2 ? r.compactString() : r.string()
  const principalName = v >= 2 ? r.compactString() : r.string()
  if (v >= 2) r.skipTags()
  return { principalType, principalName }
}

function writeDescribedDelegationTokenRenewer(w: Writer, v: number, m: Draft<DescribedDelegationTokenRenewer>): void {
  const { principalType = '' } = m
  if (v >= 2) w.compactString(principalType)
  else w.string(principalType)
  const { principalName = '' } = m
  if (v >= 2) w.compactString(principalName)
  else w.string(principalName)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribedDelegationToken {
  principalType: string
  principalName: string
  tokenRequesterPrincipalType: string
  tokenRequesterPrincipalName: string
  issueTimestamp: number
  expiryTimestamp: number
  maxTimestamp: number
  tokenId: string
  hmac: Buffer
  renewers: DescribedDelegationTokenRenewer[]
}

function readDescribedDelegationToken(r: Reader, v: number): DescribedDelegationToken {
  const principalType = v >= 2 ? r.compactString() : r.string()
  const principalName = v >= 2 ? r.compactString() : r.string()
  const tokenRequesterPrincipalType = v >= 3 ? r.compactString() : ''
  const tokenRequesterPrincipalName = v >= 3 ? r.compactString() : ''
  const issueTimestamp = r.int64()
  const expiryTimestamp = r.int64()
  const maxTimestamp = r.int64()
  const tokenId = v >= 2 ? r.compactString() : r.string()
  const hmac = v >= 2 ? r.compactBytes() : r.bytes()
  const renewers: DescribedDelegationTokenRenewer[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) renewers.push(readDescribedDelegationTokenRenewer(r, v))
  if (v >= 2) r.skipTags()
  return {
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestamp,
    expiryTimestamp,
    maxTimestamp,
    tokenId,
    hmac,
    renewers,
  }
}

function writeDescribedDelegationToken(w: Writer, v: number, m: Draft<DescribedDelegationToken>): void {
  const { principalType = '' } = m
  if (v >= 2) w.compactString(principalType)
  else w.string(principalType)
  const { principalName = '' } = m
  if (v >= 2) w.compactString(principalName)
  else w.string(principalName)
  if (v >= 3) {
    const { tokenRequesterPrincipalType = '' } = m
    w.compactString(tokenRequesterPrincipalType)
  } else if (m.tokenRequesterPrincipalType !== undefined && m.tokenRequesterPrincipalType !== '') throw new UnsupportedField('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalType', v, 3, 32767)
  if (v >= 3) {
    const { tokenRequesterPrincipalName = '' } = m
    w.compactString(tokenRequesterPrincipalName)
  } else if (m.tokenRequesterPrincipalName !== undefined && m.tokenRequesterPrincipalName !== '') throw new UnsupportedField('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalName', v, 3, 32767)
  const { issueTimestamp = 0 } = m
  w.int64(issueTimestamp)
  const { expiryTimestamp = 0 } = m
  w.int64(expiryTimestamp)
  const { maxTimestamp = 0 } = m
  w.int64(maxTimestamp)
  const { tokenId = '' } = m
  if (v >= 2) w.compactString(tokenId)
  else w.string(tokenId)
  const { hmac = NO_BYTES } = m
  if (v >= 2) w.compactBytes(hmac)
  else w.bytes(hmac)
  const { renewers = [] } = m
  if (v >= 2) w.compactArrayLength(renewers.length)
  else w.arrayLength(renewers.length)
  for (const item of renewers) writeDescribedDelegationTokenRenewer(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeDelegationTokenResponse {
  errorCode: number
  tokens: DescribedDelegationToken[]
  throttleTimeMs: number
}

function readDescribeDelegationTokenResponse(r: Reader, v: number): DescribeDelegationTokenResponse {
  const errorCode = r.int16()
  const tokens: DescribedDelegationToken[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(30) : r.arrayLength(38)); n > 0; n--) tokens.push(readDescribedDelegationToken(r, v))
  const throttleTimeMs = r.int32()
  if (v >= 2) r.skipTags()
  return { errorCode, tokens, throttleTimeMs }
}

function writeDescribeDelegationTokenResponse(w: Writer, v: number, m: Draft<DescribeDelegationTokenResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { tokens = [] } = m
  if (v >= 2) w.compactArrayLength(tokens.length)
  else w.arrayLength(tokens.length)
  for (const item of tokens) writeDescribedDelegationToken(w, v, item)
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 2) w.unsignedVarint(0)
}

export const describeDelegationToken: Api<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> = {
  key: 41,
  name: 'DescribeDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeDescribeDelegationTokenRequest,
  decodeRequest: readDescribeDelegationTokenRequest,
  encodeResponse: writeDescribeDelegationTokenResponse,
  decodeResponse: readDescribeDelegationTokenResponse,
}
