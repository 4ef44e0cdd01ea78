// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

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

export interface OpData {
  key: string
  value: number
  remove: boolean
}

function readOpData(r: Reader, v: number): OpData {
  const key = v >= 1 ? r.compactString() : r.string()
  const value = r.float64()
  const remove = r.boolean()
  if (v >= 1) r.skipTags()
  return { key, value, remove }
}

function writeOpData(w: Writer, v: number, m: Draft<OpData>): void {
  const key = m.key === undefined ? '' : m.key
  if (v >= 1) { w.compactString(key) } else { w.string(key) }
  const value = m.value === undefined ? 0 : m.value
  w.float64(value)
  const remove = m.remove === undefined ? false : m.remove
  w.boolean(remove)
  if (v >= 1) w.unsignedVarint(0)
}

export interface EntryData {
  entity: EntityData[]
  ops: OpData[]
}

function readEntryData(r: Reader, v: number): EntryData {
  const entity: EntityData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) entity.push(readEntityData(r, v))
  }
  const ops: OpData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) ops.push(readOpData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { entity, ops }
}

function writeEntryData(w: Writer, v: number, m: Draft<EntryData>): void {
  const entity = m.entity === undefined ? [] : m.entity
  if (v >= 1) { w.compactArrayLength(entity.length) } else { w.arrayLength(entity.length) }
  for (const item of entity) writeEntityData(w, v, item)
  const ops = m.ops === undefined ? [] : m.ops
  if (v >= 1) { w.compactArrayLength(ops.length) } else { w.arrayLength(ops.length) }
  for (const item of ops) writeOpData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface AlterClientQuotasRequest {
  entries: EntryData[]
  validateOnly: boolean
}

function readAlterClientQuotasRequest(r: Reader, v: number): AlterClientQuotasRequest {
  const entries: EntryData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) entries.push(readEntryData(r, v))
  }
  const validateOnly = r.boolean()
  if (v >= 1) r.skipTags()
  return { entries, validateOnly }
}

function writeAlterClientQuotasRequest(w: Writer, v: number, m: Draft<AlterClientQuotasRequest>): void {
  const entries = m.entries === undefined ? [] : m.entries
  if (v >= 1) { w.compactArrayLength(entries.length) } else { w.arrayLength(entries.length) }
  for (const item of entries) writeEntryData(w, v, item)
  const validateOnly = m.validateOnly === undefined ? false : m.validateOnly
  w.boolean(validateOnly)
  if (v >= 1) w.unsignedVarint(0)
}

export interface ResponseEntityData {
  entityType: string
  entityName: string | null
}

function readResponseEntityData(r: Reader, v: number): ResponseEntityData {
  const entityType = v >= 1 ? r.compactString() : r.string()
  const entityName: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  if (v >= 1) r.skipTags()
  return { entityType, entityName }
}

function writeResponseEntityData(w: Writer, v: number, m: Draft<ResponseEntityData>): void {
  const entityType = m.entityType === undefined ? '' : m.entityType
  if (v >= 1) { w.compactString(entityType) } else { w.string(entityType) }
  const entityName = m.entityName === undefined ? '' : m.entityName
  if (v >= 1) { w.compactNullableString(entityName) } else { w.nullableString(entityName) }
  if (v >= 1) w.unsignedVarint(0)
}

export interface ResponseEntryData {
  errorCode: number
  errorMessage: string | null
  entity: ResponseEntityData[]
}

function readResponseEntryData(r: Reader, v: number): ResponseEntryData {
  const errorCode = r.int16()
  const errorMessage: string | null = v >= 1 ? r.compactNullableString() : r.nullableString()
  const entity: ResponseEntityData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) entity.push(readResponseEntityData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { errorCode, errorMessage, entity }
}

function writeResponseEntryData(w: Writer, v: number, m: Draft<ResponseEntryData>): void {
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  if (v >= 1) { w.compactNullableString(errorMessage) } else { w.nullableString(errorMessage) }
  const entity = m.entity === undefined ? [] : m.entity
  if (v >= 1) { w.compactArrayLength(entity.length) } else { w.arrayLength(entity.length) }
  for (const item of entity) writeResponseEntityData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface AlterClientQuotasResponse {
  throttleTimeMs: number
  entries: ResponseEntryData[]
}

function readAlterClientQuotasResponse(r: Reader, v: number): AlterClientQuotasResponse {
  const throttleTimeMs = r.int32()
  const entries: ResponseEntryData[] = []
  {
    const n = r.notNull(v >= 1 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) entries.push(readResponseEntryData(r, v))
  }
  if (v >= 1) r.skipTags()
  return { throttleTimeMs, entries }
}

function writeAlterClientQuotasResponse(w: Writer, v: number, m: Draft<AlterClientQuotasResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const entries = m.entries === undefined ? [] : m.entries
  if (v >= 1) { w.compactArrayLength(entries.length) } else { w.arrayLength(entries.length) }
  for (const item of entries) writeResponseEntryData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export const alterClientQuotas: Api<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  key: 49,
  name: 'AlterClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  encodeRequest: writeAlterClientQuotasRequest,
  decodeRequest: readAlterClientQuotasRequest,
  encodeResponse: writeAlterClientQuotasResponse,
  decodeResponse: readAlterClientQuotasResponse,
}
