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
  const { resourceTypeFilter = 0 } = m
  w.int8(resourceTypeFilter)
  const { resourceNameFilter = '' } = m
  if (v >= 2) w.compactNullableString(resourceNameFilter)
  else w.nullableString(resourceNameFilter)
  const { patternTypeFilter = 3 } = m
  w.int8(patternTypeFilter)
  const { principalFilter = '' } = m
  if (v >= 2) w.compactNullableString(principalFilter)
  else w.nullableString(principalFilter)
  const { hostFilter = '' } = m
  if (v >= 2) w.compactNullableString(hostFilter)
  else w.nullableString(hostFilter)
  const { operation = 0 } = m
  w.int8(operation)
  const { permissionType = 0 } = m
  w.int8(permissionType)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DeleteAclsRequest {
  filters: DeleteAclsFilter[]
}

function readDeleteAclsRequest(r: Reader, v: number): DeleteAclsRequest {
  const filters: DeleteAclsFilter[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(8) : r.arrayLength(10)); n > 0; n--) filters.push(readDeleteAclsFilter(r, v))
  if (v >= 2) r.skipTags()
  return { filters }
}

function writeDeleteAclsRequest(w: Writer, v: number, m: Draft<DeleteAclsRequest>): void {
  const { filters = [] } = m
  if (v >= 2) w.compactArrayLength(filters.length)
  else w.arrayLength(filters.length)
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 2) w.compactString(resourceName)
  else w.string(resourceName)
  const { patternType = 3 } = m
  w.int8(patternType)
  const { principal = '' } = m
  if (v >= 2) w.compactString(principal)
  else w.string(principal)
  const { host = '' } = m
  if (v >= 2) w.compactString(host)
  else w.string(host)
  const { operation = 0 } = m
  w.int8(operation)
  const { permissionType = 0 } = m
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
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(11) : r.arrayLength(14)); n > 0; n--) matchingAcls.push(readDeleteAclsMatchingAcl(r, v))
  if (v >= 2) r.skipTags()
  return { errorCode, errorMessage, matchingAcls }
}

function writeDeleteAclsFilterResult(w: Writer, v: number, m: Draft<DeleteAclsFilterResult>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { matchingAcls = [] } = m
  if (v >= 2) w.compactArrayLength(matchingAcls.length)
  else w.arrayLength(matchingAcls.length)
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
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(5) : r.arrayLength(8)); n > 0; n--) filterResults.push(readDeleteAclsFilterResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, filterResults }
}

function writeDeleteAclsResponse(w: Writer, v: number, m: Draft<DeleteAclsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { filterResults = [] } = m
  if (v >= 2) w.compactArrayLength(filterResults.length)
  else w.arrayLength(filterResults.length)
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
