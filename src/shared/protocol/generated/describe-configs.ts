// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribeConfigsResource {
  resourceType: number
  resourceName: string
  configurationKeys: string[] | null
}

function readDescribeConfigsResource(r: Reader, v: number): DescribeConfigsResource {
  const resourceType = r.int8()
  const resourceName = v >= 4 ? r.compactString() : r.string()
  let configurationKeys: string[] | null
  {
    const n = v >= 4 ? r.compactArrayLength(1) : r.arrayLength(2)
    configurationKeys = n < 0 ? null : []
    if (configurationKeys) for (let i = 0; i < n; i++) configurationKeys.push(v >= 4 ? r.compactString() : r.string())
  }
  if (v >= 4) r.skipTags()
  return { resourceType, resourceName, configurationKeys }
}

function writeDescribeConfigsResource(w: Writer, v: number, m: Draft<DescribeConfigsResource>): void {
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 4) w.compactString(resourceName)
  else w.string(resourceName)
  const { configurationKeys = [] } = m
  if (v >= 4) w.compactArrayLength(configurationKeys === null ? -1 : configurationKeys.length)
  else w.arrayLength(configurationKeys === null ? -1 : configurationKeys.length)
  for (const item of configurationKeys ?? []) {
    if (v >= 4) w.compactString(item)
    else w.string(item)
  }
  if (v >= 4) w.unsignedVarint(0)
}

export interface DescribeConfigsRequest {
  resources: DescribeConfigsResource[]
  includeSynonyms: boolean
  includeDocumentation: boolean
}

function readDescribeConfigsRequest(r: Reader, v: number): DescribeConfigsRequest {
  const resources: DescribeConfigsResource[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(4) : r.arrayLength(7)); n > 0; n--) resources.push(readDescribeConfigsResource(r, v))
  const includeSynonyms = r.boolean()
  const includeDocumentation = v >= 3 ? r.boolean() : false
  if (v >= 4) r.skipTags()
  return { resources, includeSynonyms, includeDocumentation }
}

function writeDescribeConfigsRequest(w: Writer, v: number, m: Draft<DescribeConfigsRequest>): void {
  const { resources = [] } = m
  if (v >= 4) w.compactArrayLength(resources.length)
  else w.arrayLength(resources.length)
  for (const item of resources) writeDescribeConfigsResource(w, v, item)
  const { includeSynonyms = false } = m
  w.boolean(includeSynonyms)
  if (v >= 3) {
    const { includeDocumentation = false } = m
    w.boolean(includeDocumentation)
  } else if (m.includeDocumentation !== undefined && m.includeDocumentation !== false) throw new UnsupportedField('DescribeConfigsRequest', 'includeDocumentation', v, 3, 32767)
  if (v >= 4) w.unsignedVarint(0)
}

export interface DescribeConfigsSynonym {
  name: string
  value: string | null
  source: number
}

function readDescribeConfigsSynonym(r: Reader, v: number): DescribeConfigsSynonym {
  const name = v >= 4 ? r.compactString() : r.string()
  const value: string | null = v >= 4 ? r.compactNullableString() : r.nullableString()
  const source = r.int8()
  if (v >= 4) r.skipTags()
  return { name, value, source }
}

function writeDescribeConfigsSynonym(w: Writer, v: number, m: Draft<DescribeConfigsSynonym>): void {
  const { name = '' } = m
  if (v >= 4) w.compactString(name)
  else w.string(name)
  const { value = '' } = m
  if (v >= 4) w.compactNullableString(value)
  else w.nullableString(value)
  const { source = 0 } = m
  w.int8(source)
  if (v >= 4) w.unsignedVarint(0)
}

export interface DescribeConfigsResourceResult {
  name: string
  value: string | null
  readOnly: boolean
  configSource: number
  isSensitive: boolean
  synonyms: DescribeConfigsSynonym[]
  configType: number
  documentation: string | null
}

function readDescribeConfigsResourceResult(r: Reader, v: number): DescribeConfigsResourceResult {
  const name = v >= 4 ? r.compactString() : r.string()
  const value: string | null = v >= 4 ? r.compactNullableString() : r.nullableString()
  const readOnly = r.boolean()
  const configSource = r.int8()
  const isSensitive = r.boolean()
  const synonyms: DescribeConfigsSynonym[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(4) : r.arrayLength(5)); n > 0; n--) synonyms.push(readDescribeConfigsSynonym(r, v))
  const configType = v >= 3 ? r.int8() : 0
  const documentation: string | null = v >= 3 ? (v >= 4 ? r.compactNullableString() : r.nullableString()) : ''
  if (v >= 4) r.skipTags()
  return {
    name,
    value,
    readOnly,
    configSource,
    isSensitive,
    synonyms,
    configType,
    documentation,
  }
}

function writeDescribeConfigsResourceResult(w: Writer, v: number, m: Draft<DescribeConfigsResourceResult>): void {
  const { name = '' } = m
  if (v >= 4) w.compactString(name)
  else w.string(name)
  const { value = '' } = m
  if (v >= 4) w.compactNullableString(value)
  else w.nullableString(value)
  const { readOnly = false } = m
  w.boolean(readOnly)
  const { configSource = -1 } = m
  w.int8(configSource)
  const { isSensitive = false } = m
  w.boolean(isSensitive)
  const { synonyms = [] } = m
  if (v >= 4) w.compactArrayLength(synonyms.length)
  else w.arrayLength(synonyms.length)
  for (const item of synonyms) writeDescribeConfigsSynonym(w, v, item)
  if (v >= 3) {
    const { configType = 0 } = m
    w.int8(configType)
  }
  if (v >= 3) {
    const { documentation = '' } = m
    if (v >= 4) w.compactNullableString(documentation)
    else w.nullableString(documentation)
  }
  if (v >= 4) w.unsignedVarint(0)
}

export interface DescribeConfigsResult {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  configs: DescribeConfigsResourceResult[]
}

function readDescribeConfigsResult(r: Reader, v: number): DescribeConfigsResult {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 4 ? r.compactNullableString() : r.nullableString()
  const resourceType = r.int8()
  const resourceName = v >= 4 ? r.compactString() : r.string()
  const configs: DescribeConfigsResourceResult[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(9) : r.arrayLength(11)); n > 0; n--) configs.push(readDescribeConfigsResourceResult(r, v))
  if (v >= 4) r.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName, configs }
}

function writeDescribeConfigsResult(w: Writer, v: number, m: Draft<DescribeConfigsResult>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 4) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { resourceType = 0 } = m
  w.int8(resourceType)
  const { resourceName = '' } = m
  if (v >= 4) w.compactString(resourceName)
  else w.string(resourceName)
  const { configs = [] } = m
  if (v >= 4) w.compactArrayLength(configs.length)
  else w.arrayLength(configs.length)
  for (const item of configs) writeDescribeConfigsResourceResult(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export interface DescribeConfigsResponse {
  throttleTimeMs: number
  results: DescribeConfigsResult[]
}

function readDescribeConfigsResponse(r: Reader, v: number): DescribeConfigsResponse {
  const throttleTimeMs = r.int32()
  const results: DescribeConfigsResult[] = []
  for (let n = r.notNull(v >= 4 ? r.compactArrayLength(7) : r.arrayLength(11)); n > 0; n--) results.push(readDescribeConfigsResult(r, v))
  if (v >= 4) r.skipTags()
  return { throttleTimeMs, results }
}

function writeDescribeConfigsResponse(w: Writer, v: number, m: Draft<DescribeConfigsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { results = [] } = m
  if (v >= 4) w.compactArrayLength(results.length)
  else w.arrayLength(results.length)
  for (const item of results) writeDescribeConfigsResult(w, v, item)
  if (v >= 4) w.unsignedVarint(0)
}

export const describeConfigs: Api<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  flexibleFrom: 4,
  encodeRequest: writeDescribeConfigsRequest,
  decodeRequest: readDescribeConfigsRequest,
  encodeResponse: writeDescribeConfigsResponse,
  decodeResponse: readDescribeConfigsResponse,
}
