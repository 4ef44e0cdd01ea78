// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AclCreation {
  resourceType: number
  resourceName: string
  resourcePatternType: number
  principal: string
  host: string
  operation: number
  permissionType: number
}

function readAclCreation(r: Reader, v: number): AclCreation {
  const resourceType = r.int8()
  const resourceName = v >= 2 ? r.compactString() : r.string()
  const resourcePatternType = r.int8()
  const principal = v >= 2 ? r.compactString() : r.string()
  const host = v >= 2 ? r.compactString() : r.string()
  const operation = r.int8()
  const permissionType = r.int8()
  if (v >= 2) r.skipTags()
  return {
    resourceType,
    resourceName,
    resourcePatternType,
    principal,
    host,
    operation,
    permissionType,
  }
}

function writeAclCreation(w: Writer, v: number, m: Draft<AclCreation>): void {
  const resourceType = m.resourceType === undefined ? 0 : m.resourceType
  w.int8(resourceType)
  const resourceName = m.resourceName === undefined ? '' : m.resourceName
  if (v >= 2) { w.compactString(resourceName) } else { w.string(resourceName) }
  const resourcePatternType = m.resourcePatternType === undefined ? 3 : m.resourcePatternType
  w.int8(resourcePatternType)
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

export interface CreateAclsRequest {
  creations: AclCreation[]
}

function readCreateAclsRequest(r: Reader, v: number): CreateAclsRequest {
  const creations: AclCreation[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) creations.push(readAclCreation(r, v))
  }
  if (v >= 2) r.skipTags()
  return { creations }
}

function writeCreateAclsRequest(w: Writer, v: number, m: Draft<CreateAclsRequest>): void {
  const creations = m.creations === undefined ? [] : m.creations
  if (v >= 2) { w.compactArrayLength(creations.length) } else { w.arrayLength(creations.length) }
  for (const item of creations) writeAclCreation(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AclCreationResult {
  errorCode: number
  errorMessage: string | null
}

function readAclCreationResult(r: Reader, v: number): AclCreationResult {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  if (v >= 2) r.skipTags()
  return { errorCode, errorMessage }
}

function writeAclCreationResult(w: Writer, v: number, m: Draft<AclCreationResult>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 2) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreateAclsResponse {
  throttleTimeMs: number
  results: AclCreationResult[]
}

function readCreateAclsResponse(r: Reader, v: number): CreateAclsResponse {
  const throttleTimeMs = r.int32()
  const results: AclCreationResult[] = []
  {
    const n = r.notNull(v >= 2 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) results.push(readAclCreationResult(r, v))
  }
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, results }
}

function writeCreateAclsResponse(w: Writer, v: number, m: Draft<CreateAclsResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const results = m.results === undefined ? [] : m.results
  if (v >= 2) { w.compactArrayLength(results.length) } else { w.arrayLength(results.length) }
  for (const item of results) writeAclCreationResult(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const createAcls: Api<CreateAclsRequest, CreateAclsResponse> = {
  key: 30,
  name: 'CreateAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleFrom: 2,
  encodeRequest: writeCreateAclsRequest,
  decodeRequest: readCreateAclsRequest,
  encodeResponse: writeCreateAclsResponse,
  decodeResponse: readCreateAclsResponse,
}
