// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DeleteAclsFilter {
  resourceTypeFilter: number
  resourceNameFilter: string | null
  patternTypeFilter: number
  principalFilter: string | null
  hostFilter: string | null
  operation: number
  permissionType: number
}

function readDeleteAclsFilter(r: Reader, v: number): DeleteAclsFilter {
  const resourceTypeFilter = r.int8()
  const resourceNameFilter: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const patternTypeFilter = r.int8()
  const principalFilter: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const hostFilter: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const operation = r.int8()
  const permissionType = r.int8()
  if (v >= 2) r.skipTags()
  return {
    resourceTypeFilter,
    resourceNameFilter,
    patternTypeFilter,
    principalFilter,
    hostFilter,
    operation,
    permissionType,
  }
}

function writeDeleteAclsFilter(w: Writer, v: number, m: Draft<DeleteAclsFilter>): void {
  const resourceTypeFilter = m.resourceTypeFilter === undefined ? 0 : m.resourceTypeFilter
  w.int8(resourceTypeFilter)
  const resourceNameFilter = m.resourceNameFilter === undefined ? '' : m.resourceNameFilter
  if (v >= 2) { w.compactNullableString(resourceNameFilter) } else { w.nullableString(resourceNameFilter) }
  const patternTypeFilter = m.patternTypeFilter === undefined ? 3 : m.patternTypeFilter
  w.int8(patternTypeFilter)
  const principalFilter = m.principalFilter === undefined ? '' : m.principalFilter
  if (v >= 2) { w.compactNullableString(principalFilter) } else { w.nullableString(principalFilter) }
  const hostFilter = m.hostFilter === undefined ? '' : m.hostFilter
  if (v >= 2) { w.compactNullableString(hostFilter) } else { w.nullableString(hostFilter) }
  const operation = m.operation === undefined ? 0 : m.operation
  w.int8(operation)
  const permissionType = m.permissionType === undefined ? 0 : m.permissionType
  w.int8(permissionType)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteAclsRequest {
  filters: DeleteAclsFilter[]
}

function readDeleteAclsRequest(r: Reader, v: number): DeleteAclsRequest {
  const filters: DeleteAclsFilter[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) filters.push(readDeleteAclsFilter(r, v))
  }
  if (v >= 2) r.skipTags()
  return { filters }
}

function writeDeleteAclsRequest(w: Writer, v: number, m: Draft<DeleteAclsRequest>): void {
  const filters = m.filters === undefined ? [] : m.filters
  if (v >= 2) { w.compactArrayLength(filters.length) } else { w.arrayLength(filters.length) }
  for (const item of filters) writeDeleteAclsFilter(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteAclsMatchingAcl {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  patternType: number
  principal: string
  host: string
  operation: number
  permissionType: number
}

function readDeleteAclsMatchingAcl(r: Reader, v: number): DeleteAclsMatchingAcl {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const resourceType = r.int8()
  const resourceName = v >= 2 ? r.compactString() : r.string()
  const patternType = r.int8()
  const principal = v >= 2 ? r.compactString() : r.string()
  const host = v >= 2 ? r.compactString() : r.string()
  const operation = r.int8()
  const permissionType = r.int8()
  if (v >= 2) r.skipTags()
  return {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  }
}

function writeDeleteAclsMatchingAcl(w: Writer, v: number, m: Draft<DeleteAclsMatchingAcl>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 2) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  const resourceType = m.resourceType === undefined ? 0 : m.resourceType
  w.int8(resourceType)
  const resourceName = m.resourceName === undefined ? '' : m.resourceName
  if (v >= 2) { w.compactString(resourceName) } else { w.string(resourceName) }
  const patternType = m.patternType === undefined ? 3 : m.patternType
  w.int8(patternType)
  const principal = m.principal === undefined ? '' : m.principal
  if (v >= 2) { w.compactString(principal) } else { w.string(principal) }
  const host = m.host === undefined ? '' : m.host
  if (v >= 2) { w.compactString(host) } else { w.string(host) }
  const operation = m.operation === undefined ? 0 : m.operation
  w.int8(operation)
  const permissionType = m.permissionType === undefined ? 0 : m.permissionType
  w.int8(permissionType)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteAclsFilterResult {
  errorCode: number
  errorMessage: string | null
  matchingAcls: DeleteAclsMatchingAcl[]
}

function readDeleteAclsFilterResult(r: Reader, v: number): DeleteAclsFilterResult {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const matchingAcls: DeleteAclsMatchingAcl[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) matchingAcls.push(readDeleteAclsMatchingAcl(r, v))
  }
  if (v >= 2) r.skipTags()
  return { errorCode, errorMessage, matchingAcls }
}

function writeDeleteAclsFilterResult(w: Writer, v: number, m: Draft<DeleteAclsFilterResult>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 2) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  const matchingAcls = m.matchingAcls === undefined ? [] : m.matchingAcls
  if (v >= 2) { w.compactArrayLength(matchingAcls.length) } else { w.arrayLength(matchingAcls.length) }
  for (const item of matchingAcls) writeDeleteAclsMatchingAcl(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteAclsResponse {
  throttleTimeMs: number
  filterResults: DeleteAclsFilterResult[]
}

function readDeleteAclsResponse(r: Reader, v: number): DeleteAclsResponse {
  const throttleTimeMs = r.int32()
  const filterResults: DeleteAclsFilterResult[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) filterResults.push(readDeleteAclsFilterResult(r, v))
  }
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, filterResults }
}

function writeDeleteAclsResponse(w: Writer, v: number, m: Draft<DeleteAclsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const filterResults = m.filterResults === undefined ? [] : m.filterResults
  if (v >= 2) { w.compactArrayLength(filterResults.length) } else { w.arrayLength(filterResults.length) }
  for (const item of filterResults) writeDeleteAclsFilterResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const deleteAcls: Api<DeleteAclsRequest, DeleteAclsResponse> = {
  key: 31,
  name: 'DeleteAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeDeleteAclsRequest,
  decodeRequest: readDeleteAclsRequest,
  encodeResponse: writeDeleteAclsResponse,
  decodeResponse: readDeleteAclsResponse,
}
