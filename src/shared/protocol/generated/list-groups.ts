// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ListGroupsRequest {
  statesFilter: string[]
  typesFilter: string[]
}

function readListGroupsRequest(r: Reader, v: number): ListGroupsRequest {
  const statesFilter: string[] = []
  if (v >= 4) {
    for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) statesFilter.push(r.compactString())
  }
  const typesFilter: string[] = []
  if (v >= 5) {
    for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) typesFilter.push(r.compactString())
  }
  if (v >= 3) r.skipTags()
  return { statesFilter, typesFilter }
}

function writeListGroupsRequest(w: Writer, v: number, m: Draft<ListGroupsRequest>): void {
  if (v >= 4) {
    const { statesFilter = [] } = m
    w.compactArrayLength(statesFilter.length)
    for (const item of statesFilter) w.compactString(item)
  } else if (m.statesFilter !== undefined && m.statesFilter.length > 0) throw new UnsupportedField('ListGroupsRequest', 'statesFilter', v, 4, 32767)
  if (v >= 5) {
    const { typesFilter = [] } = m
    w.compactArrayLength(typesFilter.length)
    for (const item of typesFilter) w.compactString(item)
  } else if (m.typesFilter !== undefined && m.typesFilter.length > 0) throw new UnsupportedField('ListGroupsRequest', 'typesFilter', v, 5, 32767)
  if (v >= 3) w.unsignedVarint(0)
}

export interface ListedGroup {
  groupId: string
  protocolType: string
  groupState: string
  groupType: string
}

function readListedGroup(r: Reader, v: number): ListedGroup {
  const groupId = v >= 3 ? r.compactString() : r.string()
  const protocolType = v >= 3 ? r.compactString() : r.string()
  const groupState = v >= 4 ? r.compactString() : ''
  const groupType = v >= 5 ? r.compactString() : ''
  if (v >= 3) r.skipTags()
  return { groupId, protocolType, groupState, groupType }
}

function writeListedGroup(w: Writer, v: number, m: Draft<ListedGroup>): void {
  const { groupId = '' } = m
  if (v >= 3) w.compactString(groupId)
  else w.string(groupId)
  const { protocolType = '' } = m
  if (v >= 3) w.compactString(protocolType)
  else w.string(protocolType)
  if (v >= 4) {
    const { groupState = '' } = m
    w.compactString(groupState)
  }
  if (v >= 5) {
    const { groupType = '' } = m
    w.compactString(groupType)
  }
  if (v >= 3) w.unsignedVarint(0)
}

export interface ListGroupsResponse {
  throttleTimeMs: number
  errorCode: number
  groups: ListedGroup[]
}

function readListGroupsResponse(r: Reader, v: number): ListGroupsResponse {
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const groups: ListedGroup[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) groups.push(readListedGroup(r, v))
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode, groups }
}

function writeListGroupsResponse(w: Writer, v: number, m: Draft<ListGroupsResponse>): void {
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { groups = [] } = m
  if (v >= 3) w.compactArrayLength(groups.length)
  else w.arrayLength(groups.length)
  for (const item of groups) writeListedGroup(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export const listGroups: Api<ListGroupsRequest, ListGroupsResponse> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  encodeRequest: writeListGroupsRequest,
  decodeRequest: readListGroupsRequest,
  encodeResponse: writeListGroupsResponse,
  decodeResponse: readListGroupsResponse,
}
