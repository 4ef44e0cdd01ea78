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
  const entityType = m.entityType === undefined ? '' : m.entityType
  if (v >= 1) { w.compactString(entityType) } else { w.string(entityType) }
  const matchType = m.matchType === undefined ? 0 : m.matchType
  w.int8(matchType)
  const match = m.match === undefined ? '' : m.match
  if (v >= 1) { w.compactNullableString(match) } else { w.nullableString(match) }
  if (v >= 1) w.unsignedVarint(0)
}

export interface DescribeClientQuotasRequest {
  components: ComponentData[]
  strict: boolean
}

function readDescribeClientQuotasRequest(r: Reader, v: number): DescribeClientQuotasRequest {
  const components: ComponentData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) components.push(readComponentData(r, v))
  }
  const strict = r.boolean()
  if (v >= 1) r.skipTags()
  return { components, strict }
}

function writeDescribeClientQuotasRequest(w: Writer, v: number, m: Draft<DescribeClientQuotasRequest>): void {
  const components = m.components === undefined ? [] : m.components
  if (v >= 1) { w.compactArrayLength(components.length) } else { w.arrayLength(components.length) }
  for (const item of components) writeComponentData(w, v, item)
  const strict = m.strict === undefined ? false : m.strict
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
  const entityType = m.entityType === undefined ? '' : m.entityType
  if (v >= 1) { w.compactString(entityType) } else { w.string(entityType) }
  const entityName = m.entityName === undefined ? '' : m.entityName
  if (v >= 1) { w.compactNullableString(entityName) } else { w.nullableString(entityName) }
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
  const key = m.key === undefined ? '' : m.key
  if (v >= 1) { w.compactString(key) } else { w.string(key) }
  const value = m.value === undefined ? 0 : m.value
  w.float64(value)
  if (v >= 1) w.unsignedVarint(0)
}

export interface EntryData {
  entity: EntityData[]
  values: ValueData[]
}

function readEntryData(r: Reader, v: number): EntryData {
  const entity: EntityData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) entity.push(readEntityData(r, v))
  }
  const values: ValueData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) values.push(readValueData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { entity, values }
}

function writeEntryData(w: Writer, v: number, m: Draft<EntryData>): void {
  const entity = m.entity === undefined ? [] : m.entity
  if (v >= 1) { w.compactArrayLength(entity.length) } else { w.arrayLength(entity.length) }
  for (const item of entity) writeEntityData(w, v, item)
  const values = m.values === undefined ? [] : m.values
  if (v >= 1) { w.compactArrayLength(values.length) } else { w.arrayLength(values.length) }
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
  let entries: EntryData[] | null = []
  {
    const n = v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1)
    entries = n < 0 ? null : []
    if (entries) for (let i = 0; i < n; i++) entries.push(readEntryData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, entries }
}

function writeDescribeClientQuotasResponse(w: Writer, v: number, m: Draft<DescribeClientQuotasResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 1) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  const entries = m.entries === undefined ? [] : m.entries
  if (entries === null) {
      if (v >= 1) { w.compactArrayLength(-1) } else { w.arrayLength(-1) }
    } else {
      if (v >= 1) { w.compactArrayLength(entries.length) } else { w.arrayLength(entries.length) }
      for (const item of entries) writeEntryData(w, v, item)
    }
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
