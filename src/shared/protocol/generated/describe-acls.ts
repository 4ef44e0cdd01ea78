// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribeAclsRequest {
  resourceTypeFilter: number
  resourceNameFilter: string | null
  patternTypeFilter: number
  principalFilter: string | null
  hostFilter: string | null
  operation: number
  permissionType: number
}

function readDescribeAclsRequest(r: Reader, v: number): DescribeAclsRequest {
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

function writeDescribeAclsRequest(w: Writer, v: number, m: Draft<DescribeAclsRequest>): void {
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

export interface AclDescription {
  principal: string
  host: string
  operation: number
  permissionType: number
}

function readAclDescription(r: Reader, v: number): AclDescription {
  const principal = v >= 2 ? r.compactString() : r.string()
  const host = v >= 2 ? r.compactString() : r.string()
  const operation = r.int8()
  const permissionType = r.int8()
  if (v >= 2) r.skipTags()
  return { principal, host, operation, permissionType }
}

function writeAclDescription(w: Writer, v: number, m: Draft<AclDescription>): void {
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

export interface DescribeAclsResource {
  resourceType: number
  resourceName: string
  patternType: number
  acls: AclDescription[]
}

function readDescribeAclsResource(r: Reader, v: number): DescribeAclsResource {
  const resourceType = r.int8()
  const resourceName = v >= 2 ? r.compactString() : r.string()
  const patternType = r.int8()
  const acls: AclDescription[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(5) : r.arrayLength(6)); n > 0; n--) acls.push(readAclDescription(r, v))
  if (v >= 2) r.skipTags()
  return { resourceType, resourceName, patternType, acls }
}

function writeDescribeAclsResource(w: Writer, v: number, m: Draft<DescribeAclsResource>): void {
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 2) w.compactString(resourceName)
  else w.string(resourceName)
  const { patternType = 3 } = m
  w.int8(patternType)
  const { acls = [] } = m
  if (v >= 2) w.compactArrayLength(acls.length)
  else w.arrayLength(acls.length)
  for (const item of acls) writeAclDescription(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface DescribeAclsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  resources: DescribeAclsResource[]
}

function readDescribeAclsResponse(r: Reader, v: number): DescribeAclsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const resources: DescribeAclsResource[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(5) : r.arrayLength(8)); n > 0; n--) resources.push(readDescribeAclsResource(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, resources }
}

function writeDescribeAclsResponse(w: Writer, v: number, m: Draft<DescribeAclsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { resources = [] } = m
  if (v >= 2) w.compactArrayLength(resources.length)
  else w.arrayLength(resources.length)
  for (const item of resources) writeDescribeAclsResource(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const describeAcls: Api<DescribeAclsRequest, DescribeAclsResponse> = {
  key: 29,
  name: 'DescribeAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeDescribeAclsRequest,
  decodeRequest: readDescribeAclsRequest,
  encodeResponse: writeDescribeAclsResponse,
  decodeResponse: readDescribeAclsResponse,
}
