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
  const { entityType = '' } = m
  if (v >= 1) w.compactString(entityType)
  else w.string(entityType)
  const { entityName = '' } = m
  if (v >= 1) w.compactNullableString(entityName)
  else w.nullableString(entityName)
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
  const { key = '' } = m
  if (v >= 1) w.compactString(key)
  else w.string(key)
  const { value = 0 } = m
  w.float64(value)
  const { remove = false } = m
  w.boolean(remove)
  if (v >= 1) w.unsignedVarint(0)
}

export interface EntryData {
  entity: EntityData[]
  ops: OpData[]
}

function readEntryData(r: Reader, v: number): EntryData {
  const entity: EntityData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) entity.push(readEntityData(r, v))
  const ops: OpData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(11) : r.arrayLength(11)); n > 0; n--) ops.push(readOpData(r, v))
  if (v >= 1) r.skipTags()
  return { entity, ops }
}

function writeEntryData(w: Writer, v: number, m: Draft<EntryData>): void {
  const { entity = [] } = m
  if (v >= 1) w.compactArrayLength(entity.length)
  else w.arrayLength(entity.length)
  for (const item of entity) writeEntityData(w, v, item)
  const { ops = [] } = m
  if (v >= 1) w.compactArrayLength(ops.length)
  else w.arrayLength(ops.length)
  for (const item of ops) writeOpData(w, v, item)
  if (v >= 1) w.unsignedVarint(0)
}

export interface AlterClientQuotasRequest {
  entries: EntryData[]
  validateOnly: boolean
}

function readAlterClientQuotasRequest(r: Reader, v: number): AlterClientQuotasRequest {
  const entries: EntryData[] = []
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(8)); n > 0; n--) entries.push(readEntryData(r, v))
  const validateOnly = r.boolean()
  if (v >= 1) r.skipTags()
  return { entries, validateOnly }
}

function writeAlterClientQuotasRequest(w: Writer, v: number, m: Draft<AlterClientQuotasRequest>): void {
  const { entries = [] } = m
  if (v >= 1) w.compactArrayLength(entries.length)
  else w.arrayLength(entries.length)
  for (const item of entries) writeEntryData(w, v, item)
  const { validateOnly = false } = m
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
  const { entityType = '' } = m
  if (v >= 1) w.compactString(entityType)
  else w.string(entityType)
  const { entityName = '' } = m
  if (v >= 1) w.compactNullableString(entityName)
  else w.nullableString(entityName)
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
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(3) : r.arrayLength(4)); n > 0; n--) entity.push(readResponseEntityData(r, v))
  if (v >= 1) r.skipTags()
  return { errorCode, errorMessage, entity }
}

function writeResponseEntryData(w: Writer, v: number, m: Draft<ResponseEntryData>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  if (v >= 1) w.compactNullableString(errorMessage)
  else w.nullableString(errorMessage)
  const { entity = [] } = m
  if (v >= 1) w.compactArrayLength(entity.length)
  else w.arrayLength(entity.length)
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
  for (let n = r.notNull(v >= 1 ? r.compactArrayLength(5) : r.arrayLength(8)); n > 0; n--) entries.push(readResponseEntryData(r, v))
  if (v >= 1) r.skipTags()
  return { throttleTimeMs, entries }
}

function writeAlterClientQuotasResponse(w: Writer, v: number, m: Draft<AlterClientQuotasResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { entries = [] } = m
  if (v >= 1) w.compactArrayLength(entries.length)
  else w.arrayLength(entries.length)
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
