// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteGroupsRequest {
  groupsNames: string[]
}

function readDeleteGroupsRequest(r: Reader, v: number): DeleteGroupsRequest {
  const groupsNames: string[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(2)); n > 0; n--) groupsNames.push(v >= 2 ? r.compactString() : r.string())
  if (v >= 2) r.skipTags()
  return { groupsNames }
}

function writeDeleteGroupsRequest(w: Writer, v: number, m: Draft<DeleteGroupsRequest>): void {
  const { groupsNames = [] } = m
  if (v >= 2) w.compactArrayLength(groupsNames.length)
  else w.arrayLength(groupsNames.length)
  for (const item of groupsNames) {
    if (v >= 2) w.compactString(item)
    else w.string(item)
  }
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeletableGroupResult {
  groupId: string
  errorCode: number
}

function readDeletableGroupResult(r: Reader, v: number): DeletableGroupResult {
  const groupId = v >= 2 ? r.compactString() : r.string()
  const errorCode = r.int16()
  if (v >= 2) r.skipTags()
  return { groupId, errorCode }
}

function writeDeletableGroupResult(w: Writer, v: number, m: Draft<DeletableGroupResult>): void {
  const { groupId = '' } = m
  if (v >= 2) w.compactString(groupId)
  else w.string(groupId)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteGroupsResponse {
  throttleTimeMs: number
  results: DeletableGroupResult[]
}

function readDeleteGroupsResponse(r: Reader, v: number): DeleteGroupsResponse {
  const throttleTimeMs = r.int32()
  const results: DeletableGroupResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) results.push(readDeletableGroupResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, results }
}

function writeDeleteGroupsResponse(w: Writer, v: number, m: Draft<DeleteGroupsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
  if (v >= 2) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
  for (const item of results) writeDeletableGroupResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const deleteGroups: Api<DeleteGroupsRequest, DeleteGroupsResponse> = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeDeleteGroupsRequest,
  decodeRequest: readDeleteGroupsRequest,
  encodeResponse: writeDeleteGroupsResponse,
  decodeResponse: readDeleteGroupsResponse,
}
