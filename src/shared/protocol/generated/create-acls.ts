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
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 2) w.compactString(resourceName)
  else w.string(resourceName)
  const { resourcePatternType = 3 } = m
  w.int8(resourcePatternType)
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

export interface CreateAclsRequest {
  creations: AclCreation[]
}

function readCreateAclsRequest(r: Reader, v: number): CreateAclsRequest {
  const creations: AclCreation[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(8) : r.arrayLength(10)); n > 0; n--) creations.push(readAclCreation(r, v))
  if (v >= 2) r.skipTags()
  return { creations }
}

function writeCreateAclsRequest(w: Writer, v: number, m: Draft<CreateAclsRequest>): void {
  const { creations = [] } = m
  if (v >= 2) w.compactArrayLength(creations.length)
  else w.arrayLength(creations.length)
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
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 2) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  if (v >= 2) w.unsignedVarint(0)
}

export interface CreateAclsResponse {
  throttleTimeMs: number
  results: AclCreationResult[]
}

function readCreateAclsResponse(r: Reader, v: number): CreateAclsResponse {
  const throttleTimeMs = r.int32()
  const results: AclCreationResult[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) results.push(readAclCreationResult(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, results }
}

function writeCreateAclsResponse(w: Writer, v: number, m: Draft<CreateAclsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
  if (v >= 2) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
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
