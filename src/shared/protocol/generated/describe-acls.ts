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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) acls.push(readAclDescription(r, v))
  }
  if (v >= 2) r.skipTags()
  return { resourceType, resourceName, patternType, acls }
}

function writeDescribeAclsResource(w: Writer, v: number, m: Draft<DescribeAclsResource>): void {
  const resourceType = m.resourceType === undefined ? 0 : m.resourceType
  w.int8(resourceType)
  const resourceName = m.resourceName === undefined ? '' : m.resourceName
  if (v >= 2) { w.compactString(resourceName) } else { w.string(resourceName) }
  const patternType = m.patternType === undefined ? 3 : m.patternType
  w.int8(patternType)
  const acls = m.acls === undefined ? [] : m.acls
  if (v >= 2) { w.compactArrayLength(acls.length) } else { w.arrayLength(acls.length) }
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
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) resources.push(readDescribeAclsResource(r, v))
  }
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, resources }
}

function writeDescribeAclsResponse(w: Writer, v: number, m: Draft<DescribeAclsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 2) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  const resources = m.resources === undefined ? [] : m.resources
  if (v >= 2) { w.compactArrayLength(resources.length) } else { w.arrayLength(resources.length) }
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
