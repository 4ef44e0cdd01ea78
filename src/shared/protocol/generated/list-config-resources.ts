// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ListConfigResourcesRequest {
  resourceTypes: number[]
}

function readListConfigResourcesRequest(r: Reader, v: number): ListConfigResourcesRequest {
  const resourceTypes: number[] = []
  if (v >= 1) {
    for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) resourceTypes.push(r.int8())
  }
  r.skipTags()
  return { resourceTypes }
}

function writeListConfigResourcesRequest(w: Writer, v: number, m: Draft<ListConfigResourcesRequest>): void {
  if (v >= 1) {
    const { resourceTypes = [] } = m
    w.compactArrayLength(resourceTypes.length)
    for (const item of resourceTypes) w.int8(item)
  } else if (m.resourceTypes !== undefined && m.resourceTypes.length > 0) throw new UnsupportedField('ListConfigResourcesRequest', 'resourceTypes', v, 1, 32767)
  w.unsignedVarint(0)
}

export interface ConfigResource {
  resourceName: string
  resourceType: number
}

function readConfigResource(r: Reader, v: number): ConfigResource {
  const resourceName = r.compactString()
  const resourceType = v >= 1 ? r.int8() : 16
  r.skipTags()
  return { resourceName, resourceType }
}

function writeConfigResource(w: Writer, v: number, m: Draft<ConfigResource>): void {
  const { resourceName = '' } = m
  w.compactString(resourceName)
  if (v >= 1) {
    const { resourceType = 16 } = m
    w.int8(resourceType)
  }
  w.unsignedVarint(0)
}

export interface ListConfigResourcesResponse {
  throttleTimeMs: number
  errorCode: number
  configResources: ConfigResource[]
}

function readListConfigResourcesResponse(r: Reader, v: number): ListConfigResourcesResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const configResources: ConfigResource[] = []
  for (let n = r.notNull(r.compactArrayLength(2)); n > 0; n--) configResources.push(readConfigResource(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, configResources }
}

function writeListConfigResourcesResponse(w: Writer, v: number, m: Draft<ListConfigResourcesResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { configResources = [] } = m
  w.compactArrayLength(configResources.length)
  for (const item of configResources) writeConfigResource(w, v, item)
  w.unsignedVarint(0)
}

export const listConfigResources: Api<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  key: 74,
  name: 'ListConfigResources',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encodeRequest: writeListConfigResourcesRequest,
  decodeRequest: readListConfigResourcesRequest,
  encodeResponse: writeListConfigResourcesResponse,
  decodeResponse: readListConfigResourcesResponse,
}
