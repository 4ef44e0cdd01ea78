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
  const principalType = m.principalType === undefined ? '' : m.principalType
  if (v >= 2) { w.compactString(principalType) } else { w.string(principalType) }
  const principalName = m.principalName === undefined ? '' : m.principalName
  if (v >= 2) { w.compactString(principalName) } else { w.string(principalName) }
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeDelegationTokenRequest {
  owners: DescribeDelegationTokenOwner[] | null
}

function readDescribeDelegationTokenRequest(r: Reader, v: number): DescribeDelegationTokenRequest {
  let owners: DescribeDelegationTokenOwner[] | null = []
  {
    const n = v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1)
    owners = n < 0 ? null : []
    if (owners) for (let i = 0; i < n; i++) owners.push(readDescribeDelegationTokenOwner(r, v))
  }
  if (v >= 2) r.skipTags()
  return { owners }
}

function writeDescribeDelegationTokenRequest(w: Writer, v: number, m: Draft<DescribeDelegationTokenRequest>): void {
  const owners = m.owners === undefined ? [] : m.owners
  if (owners === null) {
      if (v >= 2) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
    } else {
      if (v >= 2) { w.compactArrayLength(owners.length) } else { w.arrayLength(owners.length) }
      for (const item of owners) writeDescribeDelegationTokenOwner(w, v, item)
    }
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
  const principalType = m.principalType === undefined ? '' : m.principalType
  if (v >= 2) { w.compactString(principalType) } else { w.string(principalType) }
  const principalName = m.principalName === undefined ? '' : m.principalName
  if (v >= 2) { w.compactString(principalName) } else { w.string(principalName) }
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
  const tokenRequesterPrincipalType: string = v >= 3 ? (v >= 2 ? r.compactString() : r.string()) : ''
  const tokenRequesterPrincipalName: string = v >= 3 ? (v >= 2 ? r.compactString() : r.string()) : ''
  const issueTimestamp = r.int64()
  const expiryTimestamp = r.int64()
  const maxTimestamp = r.int64()
  const tokenId = v >= 2 ? r.compactString() : r.string()
  const hmac = v >= 2 ? r.compactBytes() : r.bytes()
  const renewers: DescribedDelegationTokenRenewer[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) renewers.push(readDescribedDelegationTokenRenewer(r, v))
  }
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
  const principalType = m.principalType === undefined ? '' : m.principalType
  if (v >= 2) { w.compactString(principalType) } else { w.string(principalType) }
  const principalName = m.principalName === undefined ? '' : m.principalName
  if (v >= 2) { w.compactString(principalName) } else { w.string(principalName) }
  if (v >= 3) {
    const tokenRequesterPrincipalType = m.tokenRequesterPrincipalType === undefined ? '' : m.tokenRequesterPrincipalType
    if (v >= 2) { w.compactString(tokenRequesterPrincipalType) } else { w.string(tokenRequesterPrincipalType) }
  }
  if ((v < 3) && m.tokenRequesterPrincipalType !== undefined && m.tokenRequesterPrincipalType !== '') throw new UnsupportedField('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalType', v, 3)
  if (v >= 3) {
    const tokenRequesterPrincipalName = m.tokenRequesterPrincipalName === undefined ? '' : m.tokenRequesterPrincipalName
    if (v >= 2) { w.compactString(tokenRequesterPrincipalName) } else { w.string(tokenRequesterPrincipalName) }
  }
  if ((v < 3) && m.tokenRequesterPrincipalName !== undefined && m.tokenRequesterPrincipalName !== '') throw new UnsupportedField('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalName', v, 3)
  const issueTimestamp = m.issueTimestamp === undefined ? 0 : m.issueTimestamp
  w.int64(issueTimestamp)
  const expiryTimestamp = m.expiryTimestamp === undefined ? 0 : m.expiryTimestamp
  w.int64(expiryTimestamp)
  const maxTimestamp = m.maxTimestamp === undefined ? 0 : m.maxTimestamp
  w.int64(maxTimestamp)
  const tokenId = m.tokenId === undefined ? '' : m.tokenId
  if (v >= 2) { w.compactString(tokenId) } else { w.string(tokenId) }
  const hmac = m.hmac === undefined ? NO_BYTES : m.hmac
  if (v >= 2) { w.compactBytes(hmac) } else { w.bytes(hmac) }
  const renewers = m.renewers === undefined ? [] : m.renewers
  if (v >= 2) { w.compactArrayLength(renewers.length) } else { w.arrayLength(renewers.length) }
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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) tokens.push(readDescribedDelegationToken(r, v))
  }
  const throttleTimeMs = r.int32()
  if (v >= 2) r.skipTags()
  return { errorCode, tokens, throttleTimeMs }
}

function writeDescribeDelegationTokenResponse(w: Writer, v: number, m: Draft<DescribeDelegationTokenResponse>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const tokens = m.tokens === undefined ? [] : m.tokens
  if (v >= 2) { w.compactArrayLength(tokens.length) } else { w.arrayLength(tokens.length) }
  for (const item of tokens) writeDescribedDelegationToken(w, v, item)
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
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
