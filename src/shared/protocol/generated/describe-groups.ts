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
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(1) : r.arrayLength(2)); n > 0; n--) groups.push(v >= 5 ? r.compactString() : r.string())
  const includeAuthorizedOperations = v >= 3 ? r.boolean() : false
  if (v >= 5) r.skipTags()
  return { groups, includeAuthorizedOperations }
}

function writeDescribeGroupsRequest(w: Writer, v: number, m: Draft<DescribeGroupsRequest>): void {
  const { groups = [] } = m
  if (v >= 5) w.compactArrayLength(groups.length)
  else w.arrayLength(groups.length)
  for (const item of groups) {
    if (v >= 5) w.compactString(item)
    else w.string(item)
  }
  if (v >= 3) {
    const { includeAuthorizedOperations = false } = m
    w.boolean(includeAuthorizedOperations)
  } else if (m.includeAuthorizedOperations !== undefined && m.includeAuthorizedOperations !== false) throw new UnsupportedField('DescribeGroupsRequest', 'includeAuthorizedOperations', v, 3, 32767)
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
  const groupInstanceId: string | null = v >= 4 ? (v >= 5 ? r.compactNullableString() : r.nullableString()) : null
  const clientId = v >= 5 ? r.compactString() : r.string()
  const clientHost = v >= 5 ? r.compactString() : r.string()
  const memberMetadata = v >= 5 ? r.compactBytes() : r.bytes()
  const memberAssignment = v >= 5 ? r.compactBytes() : r.bytes()
  if (v >= 5) r.skipTags()
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment }
}

function writeDescribedGroupMember(w: Writer, v: number, m: Draft<DescribedGroupMember>): void {
  const { memberId = '' } = m
  if (v >= 5) w.compactString(memberId)
  else w.string(memberId)
  if (v >= 4) {
    const { groupInstanceId = null } = m
    if (v >= 5) w.compactNullableString(groupInstanceId)
    else w.nullableString(groupInstanceId)
  }
  const { clientId = '' } = m
  if (v >= 5) w.compactString(clientId)
  else w.string(clientId)
  const { clientHost = '' } = m
  if (v >= 5) w.compactString(clientHost)
  else w.string(clientHost)
  const { memberMetadata = NO_BYTES } = m
  if (v >= 5) w.compactBytes(memberMetadata)
  else w.bytes(memberMetadata)
  const { memberAssignment = NO_BYTES } = m
  if (v >= 5) w.compactBytes(memberAssignment)
  else w.bytes(memberAssignment)
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
  const errorMessage: string | null = v >= 6 ? r.compactNullableString() : null
  const groupId = v >= 5 ? r.compactString() : r.string()
  const groupState = v >= 5 ? r.compactString() : r.string()
  const protocolType = v >= 5 ? r.compactString() : r.string()
  const protocolData = v >= 5 ? r.compactString() : r.string()
  const members: DescribedGroupMember[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(7) : r.arrayLength(14)); n > 0; n--) members.push(readDescribedGroupMember(r, v))
  const authorizedOperations = v >= 3 ? r.int32() : -2147483648
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 6) {
    const { errorMessage = null } = m
    w.compactNullableString(errorMessage)
  } else if (m.errorMessage !== undefined && m.errorMessage !== null) throw new UnsupportedField('DescribeGroupsResponse', 'errorMessage', v, 6, 32767)
  const { groupId = '' } = m
  if (v >= 5) w.compactString(groupId)
  else w.string(groupId)
  const { groupState = '' } = m
  if (v >= 5) w.compactString(groupState)
  else w.string(groupState)
  const { protocolType = '' } = m
  if (v >= 5) w.compactString(protocolType)
  else w.string(protocolType)
  const { protocolData = '' } = m
  if (v >= 5) w.compactString(protocolData)
  else w.string(protocolData)
  const { members = [] } = m
  if (v >= 5) w.compactArrayLength(members.length)
  else w.arrayLength(members.length)
  for (const item of members) writeDescribedGroupMember(w, v, item)
  if (v >= 3) {
    const { authorizedOperations = -2147483648 } = m
    w.int32(authorizedOperations)
  } else if (m.authorizedOperations !== undefined && m.authorizedOperations !== -2147483648) throw new UnsupportedField('DescribeGroupsResponse', 'authorizedOperations', v, 3, 32767)
  if (v >= 5) w.unsignedVarint(0)
}

export interface DescribeGroupsResponse {
  throttleTimeMs: number
  groups: DescribedGroup[]
}

function readDescribeGroupsResponse(r: Reader, v: number): DescribeGroupsResponse {
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const groups: DescribedGroup[] = []
  for (let n = r.notNull(v >= 5 ? r.compactArrayLength(12) : r.arrayLength(14)); n > 0; n--) groups.push(readDescribedGroup(r, v))
  if (v >= 5) r.skipTags()
  return { throttleTimeMs, groups }
}

function writeDescribeGroupsResponse(w: Writer, v: number, m: Draft<DescribeGroupsResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { groups = [] } = m
  if (v >= 5) w.compactArrayLength(groups.length)
  else w.arrayLength(groups.length)
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
