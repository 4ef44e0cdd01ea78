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
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) statesFilter.push((v >= 3 ? r.compactString() : r.string()))
  }
  const typesFilter: string[] = []
  if (v >= 5) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) typesFilter.push((v >= 3 ? r.compactString() : r.string()))
  }
  if (v >= 3) r.skipTags()
  return { statesFilter, typesFilter }
}

function writeListGroupsRequest(w: Writer, v: number, m: Draft<ListGroupsRequest>): void {
  if (v >= 4) {
    const statesFilter = m.statesFilter === undefined ? [] : m.statesFilter
    if (v >= 3) { w.compactArrayLength(statesFilter.length) } else { w.arrayLength(statesFilter.length) }
    for (const item of statesFilter) if (v >= 3) { w.compactString(item) } else { w.string(item) }
  }
  if ((v < 4) && m.statesFilter !== undefined && m.statesFilter.length > 0) throw new UnsupportedField('ListGroupsRequest', 'statesFilter', v, 4)
  if (v >= 5) {
    const typesFilter = m.typesFilter === undefined ? [] : m.typesFilter
    if (v >= 3) { w.compactArrayLength(typesFilter.length) } else { w.arrayLength(typesFilter.length) }
    for (const item of typesFilter) if (v >= 3) { w.compactString(item) } else { w.string(item) }
  }
  if ((v < 5) && m.typesFilter !== undefined && m.typesFilter.length > 0) throw new UnsupportedField('ListGroupsRequest', 'typesFilter', v, 5)
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
  const groupState: string = v >= 4 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const groupType: string = v >= 5 ? (v >= 3 ? r.compactString() : r.string()) : ''
  if (v >= 3) r.skipTags()
  return { groupId, protocolType, groupState, groupType }
}

function writeListedGroup(w: Writer, v: number, m: Draft<ListedGroup>): void {
  const groupId = m.groupId === undefined ? '' : m.groupId
  if (v >= 3) { w.compactString(groupId) } else { w.string(groupId) }
  const protocolType = m.protocolType === undefined ? '' : m.protocolType
  if (v >= 3) { w.compactString(protocolType) } else { w.string(protocolType) }
  if (v >= 4) {
    const groupState = m.groupState === undefined ? '' : m.groupState
    if (v >= 3) { w.compactString(groupState) } else { w.string(groupState) }
  }
  if (v >= 5) {
    const groupType = m.groupType === undefined ? '' : m.groupType
    if (v >= 3) { w.compactString(groupType) } else { w.string(groupType) }
  }
  if (v >= 3) w.unsignedVarint(0)
}

export interface ListGroupsResponse {
  throttleTimeMs: number
  errorCode: number
  groups: ListedGroup[]
}

function readListGroupsResponse(r: Reader, v: number): ListGroupsResponse {
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  const errorCode = r.int16()
  const groups: ListedGroup[] = []
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) groups.push(readListedGroup(r, v))
  }
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode, groups }
}

function writeListGroupsResponse(w: Writer, v: number, m: Draft<ListGroupsResponse>): void {
  if (v >= 1) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const groups = m.groups === undefined ? [] : m.groups
  if (v >= 3) { w.compactArrayLength(groups.length) } else { w.arrayLength(groups.length) }
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
