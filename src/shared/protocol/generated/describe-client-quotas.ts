// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ComponentData {
  entityType: string
  matchType: number
  match: string | null
}

function readComponentData(r: Reader, v: number): ComponentData {
  const entityType = v >= 1 ? r.compactString() : r.string()
  const matchType = r.int8()
  const match: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  if (v >= 1) r.skipTags()
  return { entityType, matchType, match }
}

function writeComponentData(w: Writer, v: number, m: Draft<ComponentData>): void {
  const { entityType = '' } = m
  if (v >= 1) w.compactString(entityType)
  else w.string(entityType)
  const { matchType = 0 } = m
  w.int8(matchType)
  const { match = '' } = m
  if (v >= 1) w.compactNullableString(match)
  else w.nullableString(match)
  if (v >= 1) w.unsignedVarint(0)
}

export interface DescribeClientQuotasRequest {
  components: ComponentData[]
  strict: boolean
}

function readDescribeClientQuotasRequest(r: Reader, v: number): DescribeClientQuotasRequest {
  const components: ComponentData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(4) : r.arrayLength(5)); n > 0; n--) components.push(readComponentData(r, v))
  const strict = r.boolean()
  if (v >= 1) r.skipTags()
  return { components, strict }
}

function writeDescribeClientQuotasRequest(w: Writer, v: number, m: Draft<DescribeClientQuotasRequest>): void {
  const { components = [] } = m
  if (v >= 1) w.compactArrayLength(components.length)
  else w.arrayLength(components.length)
  for (const item of components) writeComponentData(w, v, item)
  const { strict = false } = m
  w.boolean(strict)
  if (v >= 1) w.unsignedVarint(0)
}

export interface EntityData {
  entityType: string
  entityName: string | null
}

function readEntityData(r: Reader, v: number): EntityData {
  const entityType = v >= 1 ? r.compactString() : r.string()
  const entityName: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  if (v >= 1) r.skipTags()
  return { entityType, entityName }
}

function writeEntityData(w: Writer, v: number, m: Draft<EntityData>): void {
  const { entityType = '' } = m
  if (v >= 1) w.compactString(entityType)
  else w.string(entityType)
  const { entityName = '' } = m
  if (v >= 1) w.compactNullableString(entityName)
  else w.nullableString(entityName)
  if (v >= 1) w.unsignedVarint(0)
}

export interface ValueData {
  key: string
  value: number
}

function readValueData(r: Reader, v: number): ValueData {
  const key = v >= 1 ? r.compactString() : r.string()
  const value = r.float64()
  if (v >= 1) r.skipTags()
  return { key, value }
}

function writeValueData(w: Writer, v: number, m: Draft<ValueData>): void {
  const { key = '' } = m
  if (v >= 1) w.compactString(key)
  else w.string(key)
  const { value = 0 } = m
  w.float64(value)
  if (v >= 1) w.unsignedVarint(0)
}

export interface EntryData {
  entity: EntityData[]
  values: ValueData[]
}

function readEntryData(r: Reader, v: number): EntryData {
  const entity: EntityData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) entity.push(readEntityData(r, v))
  const values: ValueData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(10) : r.arrayLength(10)); n > 0; n--) values.push(readValueData(r, v))
  if (v >= 1) r.skipTags()
  return { entity, values }
}

function writeEntryData(w: Writer, v: number, m: Draft<EntryData>): void {
  const { entity = [] } = m
  if (v >= 1) w.compactArrayLength(entity.length)
  else w.arrayLength(entity.length)
  for (const item of entity) writeEntityData(w, v, item)
  const { values = [] } = m
  if (v >= 1) w.compactArrayLength(values.length)
  else w.arrayLength(values.length)
  for (const item of values) writeValueData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface DescribeClientQuotasResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  entries: EntryData[] | null
}

function readDescribeClientQuotasResponse(r: Reader, v: number): DescribeClientQuotasResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  let entries: EntryData[] | null
  {
    const n = v >= 1 ? r.compactArrayLength(3) : r.arrayLength(8)
    entries = n < 0 ? null : []
    if (entries) for (let i = 0; i < n; i++) entries.push(readEntryData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, entries }
}

function writeDescribeClientQuotasResponse(w: Writer, v: number, m: Draft<DescribeClientQuotasResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 1) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { entries = [] } = m
  if (v >= 1) w.compactArrayLength(entries === null ? -1 : entries.length)
  else w.arrayLength(entries === null ? -1 : entries.length)
  for (const item of entries ?? []) writeEntryData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export const describeClientQuotas: Api<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  key: 48,
  name: 'DescribeClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encodeRequest: writeDescribeClientQuotasRequest,
  decodeRequest: readDescribeClientQuotasRequest,
  encodeResponse: writeDescribeClientQuotasResponse,
  decodeResponse: readDescribeClientQuotasResponse,
}
