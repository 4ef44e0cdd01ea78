// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AlterableConfig {
  name: string
  configOperation: number
  value: string | null
}

function readAlterableConfig(r: Reader, v: number): AlterableConfig {
  const name = v >= 1 ? r.compactString() : r.string()
  const configOperation = r.int8()
  const value: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  if (v >= 1) r.skipTags()
  return { name, configOperation, value }
}

function writeAlterableConfig(w: Writer, v: number, m: Draft<AlterableConfig>): void {
  const { name = '' } = m
  if (v >= 1) w.compactString(name)
  else w.string(name)
  const { configOperation = 0 } = m
  w.int8(configOperation)
  const { value = '' } = m
  if (v >= 1) w.compactNullableString(value)
  else w.nullableString(value)
  if (v >= 1) w.unsignedVarint(0)
}

export interface AlterConfigsResource {
  resourceType: number
  resourceName: string
  configs: AlterableConfig[]
}

function readAlterConfigsResource(r: Reader, v: number): AlterConfigsResource {
  const resourceType = r.int8()
  const resourceName = v >= 1 ? r.compactString() : r.string()
  const configs: AlterableConfig[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(4) : r.arrayLength(5)); n > 0; n--) configs.push(readAlterableConfig(r, v))
  if (v >= 1) r.skipTags()
  return { resourceType, resourceName, configs }
}

function writeAlterConfigsResource(w: Writer, v: number, m: Draft<AlterConfigsResource>): void {
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 1) w.compactString(resourceName)
  else w.string(resourceName)
  const { configs = [] } = m
  if (v >= 1) w.compactArrayLength(configs.length)
  else w.arrayLength(configs.length)
  for (const item of configs) writeAlterableConfig(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface IncrementalAlterConfigsRequest {
  resources: AlterConfigsResource[]
  validateOnly: boolean
}

function readIncrementalAlterConfigsRequest(r: Reader, v: number): IncrementalAlterConfigsRequest {
  const resources: AlterConfigsResource[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(4) : r.arrayLength(7)); n > 0; n--) resources.push(readAlterConfigsResource(r, v))
  const validateOnly = r.boolean()
  if (v >= 1) r.skipTags()
  return { resources, validateOnly }
}

function writeIncrementalAlterConfigsRequest(w: Writer, v: number, m: Draft<IncrementalAlterConfigsRequest>): void {
  const { resources = [] } = m
  if (v >= 1) w.compactArrayLength(resources.length)
  else w.arrayLength(resources.length)
  for (const item of resources) writeAlterConfigsResource(w, v, item)
  const { validateOnly = false } = m
  w.boolean(validateOnly)
  if (v >= 1) w.unsignedVarint(0)
}

export interface AlterConfigsResourceResponse {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
}

function readAlterConfigsResourceResponse(r: Reader, v: number): AlterConfigsResourceResponse {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  const resourceType = r.int8()
  const resourceName = v >= 1 ? r.compactString() : r.string()
  if (v >= 1) r.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName }
}

function writeAlterConfigsResourceResponse(w: Writer, v: number, m: Draft<AlterConfigsResourceResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 1) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 1) w.compactString(resourceName)
  else w.string(resourceName)
  if (v >= 1) w.unsignedVarint(0)
}

export interface IncrementalAlterConfigsResponse {
  throttleTimeMs: number
  responses: AlterConfigsResourceResponse[]
}

function readIncrementalAlterConfigsResponse(r: Reader, v: number): IncrementalAlterConfigsResponse {
  const throttleTimeMs = r.int32()
  const responses: AlterConfigsResourceResponse[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(6) : r.arrayLength(7)); n > 0; n--) responses.push(readAlterConfigsResourceResponse(r, v))
  if (v >= 1) r.skipTags()
  return { throttleTimeMs, responses }
}

function writeIncrementalAlterConfigsResponse(w: Writer, v: number, m: Draft<IncrementalAlterConfigsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { responses = [] } = m
  if (v >= 1) w.compactArrayLength(responses.length)
  else w.arrayLength(responses.length)
  for (const item of responses) writeAlterConfigsResourceResponse(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export const incrementalAlterConfigs: Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encodeRequest: writeIncrementalAlterConfigsRequest,
  decodeRequest: readIncrementalAlterConfigsRequest,
  encodeResponse: writeIncrementalAlterConfigsResponse,
  decodeResponse: readIncrementalAlterConfigsResponse,
}
