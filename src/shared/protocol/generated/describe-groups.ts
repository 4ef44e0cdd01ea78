// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

const NO_BYTES = Buffer.alloc(0)

export interface DescribeGroupsRequest {
  groups: string[]
  includeAuthorizedOperations: boolean
}

function readDescribeGroupsRequest(r: Reader, v: number): DescribeGroupsRequest {
  const groups: string[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) groups.push((v >= 5 ? r.compactString() : r.string()))
  }
  const includeAuthorizedOperations: boolean = v >= 3 ? r.boolean() : false
  if (v >= 5) r.skipTags()
  return { groups, includeAuthorizedOperations }
}

function writeDescribeGroupsRequest(w: Writer, v: number, m: Draft<DescribeGroupsRequest>): void {
  const groups = m.groups === undefined ? [] : m.groups
  if (v >= 5) { w.compactArrayLength(groups.length) } else { w.arrayLength(groups.length) }
  for (const item of groups) if (v >= 5) { w.compactString(item) } else { w.string(item) }
  if (v >= 3) {
    const includeAuthorizedOperations = m.includeAuthorizedOperations === undefined ? false : m.includeAuthorizedOperations
    w.boolean(includeAuthorizedOperations)
  }
  if ((v < 3) && m.includeAuthorizedOperations !== undefined && m.includeAuthorizedOperations !== false) throw new UnsupportedField('DescribeGroupsRequest', 'includeAuthorizedOperations', v, 3)
  if (v >= 5) w.unsignedVarint(0)
}

export interface DescribedGroupMember {
  memberId: string
  groupInstanceId: string | null
  clientId: string
  clientHost: string
  memberMetadata: Buffer
  memberAssignment: Buffer
}

function readDescribedGroupMember(r: Reader, v: number): DescribedGroupMember {
  const memberId = v >= 5 ? r.compactString() : r.string()
  const groupInstanceId: string | null = v >= 4 ? v >= 4 ? (v >= 5 ? r.compactNullableString() : r.nullableString()) : (v >= 5 ? r.compactString() : r.string()) : null
  const clientId = v >= 5 ? r.compactString() : r.string()
  const clientHost = v >= 5 ? r.compactString() : r.string()
  const memberMetadata = v >= 5 ? r.compactBytes() : r.bytes()
  const memberAssignment = v >= 5 ? r.compactBytes() : r.bytes()
  if (v >= 5) r.skipTags()
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment }
}

function writeDescribedGroupMember(w: Writer, v: number, m: Draft<DescribedGroupMember>): void {
  const memberId = m.memberId === undefined ? '' : m.memberId
  if (v >= 5) { w.compactString(memberId) } else { w.string(memberId) }
  if (v >= 4) {
    const groupInstanceId = m.groupInstanceId === undefined ? null : m.groupInstanceId
    if (v >= 4) { if (v >= 5) { w.compactNullableString(groupInstanceId) } else { w.nullableString(groupInstanceId) } } else { if (v >= 5) { w.compactString(groupInstanceId!) } else { w.string(groupInstanceId!) } }
  }
  const clientId = m.clientId === undefined ? '' : m.clientId
  if (v >= 5) { w.compactString(clientId) } else { w.string(clientId) }
  const clientHost = m.clientHost === undefined ? '' : m.clientHost
  if (v >= 5) { w.compactString(clientHost) } else { w.string(clientHost) }
  const memberMetadata = m.memberMetadata === undefined ? NO_BYTES : m.memberMetadata
  if (v >= 5) { w.compactBytes(memberMetadata) } else { w.bytes(memberMetadata) }
  const memberAssignment = m.memberAssignment === undefined ? NO_BYTES : m.memberAssignment
  if (v >= 5) { w.compactBytes(memberAssignment) } else { w.bytes(memberAssignment) }
  if (v >= 5) w.unsignedVarint(0)
}

export interface DescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  protocolType: string
  protocolData: string
  members: DescribedGroupMember[]
  authorizedOperations: number
}

function readDescribedGroup(r: Reader, v: number): DescribedGroup {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 6 ? v >= 6 ? (v >= 5 ? r.compactNullableString() : r.nullableString()) : (v >= 5 ? r.compactString() : r.string()) : null
  const groupId = v >= 5 ? r.compactString() : r.string()
  const groupState = v >= 5 ? r.compactString() : r.string()
  const protocolType = v >= 5 ? r.compactString() : r.string()
  const protocolData = v >= 5 ? r.compactString() : r.string()
  const members: DescribedGroupMember[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) members.push(readDescribedGroupMember(r, v))
  }
  const authorizedOperations: number = v >= 3 ? r.int32() : -2147483648
  if (v >= 5) r.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    protocolType,
    protocolData,
    members,
    authorizedOperations,
  }
}

function writeDescribedGroup(w: Writer, v: number, m: Draft<DescribedGroup>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  if (v >= 6) {
    const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
    if (v >= 6) { if (v >= 5) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) } } else { if (v >= 5) { w.compactString(errorMessage!) } else { w.string(errorMessage!) } }
  }
  if ((v < 6) && m.errorMessage !== undefined && m.errorMessage !== null) throw new UnsupportedField('DescribeGroupsResponse', 'errorMessage', v, 6)
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 5) { w.compactString(groupId) } else { w.string(groupId) }
  const groupState = m.groupState === undefined ? '' : m.groupState
  if (v >= 5) { w.compactString(groupState) } else { w.string(groupState) }
  const protocolType = m.protocolType === undefined ? '' : m.protocolType
  if (v >= 5) { w.compactString(protocolType) } else { w.string(protocolType) }
  const protocolData = m.protocolData === undefined ? '' : m.protocolData
  if (v >= 5) { w.compactString(protocolData) } else { w.string(protocolData) }
  const members = m.members === undefined ? [] : m.members
  if (v >= 5) { w.compactArrayLength(members.length) } else { w.arrayLength(members.length) }
  for (const item of members) writeDescribedGroupMember(w, v, item)
  if (v >= 3) {
    const authorizedOperations = m.authorizedOperations === undefined ? -2147483648 : m.authorizedOperations
    w.int32(authorizedOperations)
  }
  if ((v < 3) && m.authorizedOperations !== undefined && m.authorizedOperations !== -2147483648) throw new UnsupportedField('DescribeGroupsResponse', 'authorizedOperations', v, 3)
  if (v >= 5) w.unsignedVarint(0)
}

export interface DescribeGroupsResponse {
  throttleTimeMs: number
  groups: DescribedGroup[]
}

function readDescribeGroupsResponse(r: Reader, v: number): DescribeGroupsResponse {
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  const groups: DescribedGroup[] = []
  {
    const n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readDescribedGroup(r, v))
  }
  if (v >= 5) r.skipTags()
  return { throttleTimeMs, groups }
}

function writeDescribeGroupsResponse(w: Writer, v: number, m: Draft<DescribeGroupsResponse>): void {
  if (v >= 1) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const groups = m.groups === undefined ? [] : m.groups
  if (v >= 5) { w.compactArrayLength(groups.length) } else { w.arrayLength(groups.length) }
  for (const item of groups) writeDescribedGroup(w, v, item)
  if (v >= 5) w.unsignedVarint(0)
}

export const describeGroups: Api<DescribeGroupsRequest, DescribeGroupsResponse> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 6,
  flexibleFrom: 5,
  encodeRequest: writeDescribeGroupsRequest,
  decodeRequest: readDescribeGroupsRequest,
  encodeResponse: writeDescribeGroupsResponse,
  decodeResponse: readDescribeGroupsResponse,
}
