// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AlterableConfig {
  name: string
  value: string | null
}

function readAlterableConfig(r: Reader, v: number): AlterableConfig {
  const name = v >= 2 ? r.compactString() : r.string()
  const value: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  if (v >= 2) r.skipTags()
  return { name, value }
}

function writeAlterableConfig(w: Writer, v: number, m: Draft<AlterableConfig>): void {
  const { name = '' } = m
  if (v >= 2) w.compactString(name)
  else w.string(name)
  const { value = '' } = m
  if (v >= 2) w.compactNullableString(value)
  else w.nullableString(value)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterConfigsResource {
  resourceType: number
  resourceName: string
  configs: AlterableConfig[]
}

function readAlterConfigsResource(r: Reader, v: number): AlterConfigsResource {
  const resourceType = r.int8()
  const resourceName = v >= 2 ? r.compactString() : r.string()
  const configs: AlterableConfig[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) configs.push(readAlterableConfig(r, v))
  if (v >= 2) r.skipTags()
  return { resourceType, resourceName, configs }
}

function writeAlterConfigsResource(w: Writer, v: number, m: Draft<AlterConfigsResource>): void {
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 2) w.compactString(resourceName)
  else w.string(resourceName)
  const { configs = [] } = m
  if (v >= 2) w.compactArrayLength(configs.length)
  else w.arrayLength(configs.length)
  for (const item of configs) writeAlterableConfig(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterConfigsRequest {
  resources: AlterConfigsResource[]
  validateOnly: boolean
}

function readAlterConfigsRequest(r: Reader, v: number): AlterConfigsRequest {
  const resources: AlterConfigsResource[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(4) : r.arrayLength(7)); n > 0; n--) resources.push(readAlterConfigsResource(r, v))
  const validateOnly = r.boolean()
  if (v >= 2) r.skipTags()
  return { resources, validateOnly }
}

function writeAlterConfigsRequest(w: Writer, v: number, m: Draft<AlterConfigsRequest>): void {
  const { resources = [] } = m
  if (v >= 2) w.compactArrayLength(resources.length)
  else w.arrayLength(resources.length)
  for (const item of resources) writeAlterConfigsResource(w, v, item)
  const { validateOnly = false } = m
  w.boolean(validateOnly)
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterConfigsResourceResponse {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
}

function readAlterConfigsResourceResponse(r: Reader, v: number): AlterConfigsResourceResponse {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const resourceType = r.int8()
  const resourceName = v >= 2 ? r.compactString() : r.string()
  if (v >= 2) r.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName }
}

function writeAlterConfigsResourceResponse(w: Writer, v: number, m: Draft<AlterConfigsResourceResponse>): void {
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
  if (v >= 2) w.unsignedVarint(0)
}

export interface AlterConfigsResponse {
  throttleTimeMs: number
  responses: AlterConfigsResourceResponse[]
}

function readAlterConfigsResponse(r: Reader, v: number): AlterConfigsResponse {
  const throttleTimeMs = r.int32()
  const responses: AlterConfigsResourceResponse[] = []
  for (let n = r.notNull(v >= 2 ? r.compactArrayLength(6) : r.arrayLength(7)); n > 0; n--) responses.push(readAlterConfigsResourceResponse(r, v))
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, responses }
}

function writeAlterConfigsResponse(w: Writer, v: number, m: Draft<AlterConfigsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { responses = [] } = m
  if (v >= 2) w.compactArrayLength(responses.length)
  else w.arrayLength(responses.length)
  for (const item of responses) writeAlterConfigsResourceResponse(w, v, item)
  if (v >= 2) w.unsignedVarint(0)
}

export const alterConfigs: Api<AlterConfigsRequest, AlterConfigsResponse> = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  encodeRequest: writeAlterConfigsRequest,
  decodeRequest: readAlterConfigsRequest,
  encodeResponse: writeAlterConfigsResponse,
  decodeResponse: readAlterConfigsResponse,
}
