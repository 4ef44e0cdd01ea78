// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface FeatureUpdateKey {
  feature: string
  maxVersionLevel: number
  allowDowngrade: boolean
  upgradeType: number
}

function readFeatureUpdateKey(r: Reader, v: number): FeatureUpdateKey {
  const feature = r.compactString()
  const maxVersionLevel = r.int16()
  const allowDowngrade = v <= 0 ? r.boolean() : false
  const upgradeType = v >= 1 ? r.int8() : 1
  r.skipTags()
  return { feature, maxVersionLevel, allowDowngrade, upgradeType }
}

function writeFeatureUpdateKey(w: Writer, v: number, m: Draft<FeatureUpdateKey>): void {
  const { feature = '' } = m
  w.compactString(feature)
  const { maxVersionLevel = 0 } = m
  w.int16(maxVersionLevel)
  if (v <= 0) {
    const { allowDowngrade = false } = m
    w.boolean(allowDowngrade)
  } else if (m.allowDowngrade !== undefined && m.allowDowngrade !== false) throw new UnsupportedField('UpdateFeaturesRequest', 'allowDowngrade', v, 0, 0)
  if (v >= 1) {
    const { upgradeType = 1 } = m
    w.int8(upgradeType)
  } else if (m.upgradeType !== undefined && m.upgradeType !== 1) throw new UnsupportedField('UpdateFeaturesRequest', 'upgradeType', v, 1, 32767)
  w.unsignedVarint(0)
}

export interface UpdateFeaturesRequest {
  timeoutMs: number
  featureUpdates: FeatureUpdateKey[]
  validateOnly: boolean
}

function readUpdateFeaturesRequest(r: Reader, v: number): UpdateFeaturesRequest {
  const timeoutMs = r.int32()
  const featureUpdates: FeatureUpdateKey[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) featureUpdates.push(readFeatureUpdateKey(r, v))
  const validateOnly = v >= 1 ? r.boolean() : false
  r.skipTags()
  return { timeoutMs, featureUpdates, validateOnly }
}

function writeUpdateFeaturesRequest(w: Writer, v: number, m: Draft<UpdateFeaturesRequest>): void {
  const { timeoutMs = 60000 } = m
  w.int32(timeoutMs)
  const { featureUpdates = [] } = m
  w.compactArrayLength(featureUpdates.length)
  for (const item of featureUpdates) writeFeatureUpdateKey(w, v, item)
  if (v >= 1) {
    const { validateOnly = false } = m
    w.boolean(validateOnly)
  } else if (m.validateOnly !== undefined && m.validateOnly !== false) throw new UnsupportedField('UpdateFeaturesRequest', 'validateOnly', v, 1, 32767)
  w.unsignedVarint(0)
}

export interface UpdatableFeatureResult {
  feature: string
  errorCode: number
  errorMessage: string | null
}

function readUpdatableFeatureResult(r: Reader, _v: number): UpdatableFeatureResult {
  const feature = r.compactString()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  r.skipTags()
  return { feature, errorCode, errorMessage }
}

function writeUpdatableFeatureResult(w: Writer, _v: number, m: Draft<UpdatableFeatureResult>): void {
  const { feature = '' } = m
  w.compactString(feature)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  w.unsignedVarint(0)
}

export interface UpdateFeaturesResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  results: UpdatableFeatureResult[]
}

function readUpdateFeaturesResponse(r: Reader, v: number): UpdateFeaturesResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const results: UpdatableFeatureResult[] = []
  if (v <= 1) {
    for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) results.push(readUpdatableFeatureResult(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

function writeUpdateFeaturesResponse(w: Writer, v: number, m: Draft<UpdateFeaturesResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = '' } = m
  w.compactNullableString(errorMessage)
  if (v <= 1) {
    const { results = [] } = m
    w.compactArrayLength(results.length)
    for (const item of results) writeUpdatableFeatureResult(w, v, item)
  }
  w.unsignedVarint(0)
}

export const updateFeatures: Api<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  key: 57,
  name: 'UpdateFeatures',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeUpdateFeaturesRequest,
  decodeRequest: readUpdateFeaturesRequest,
  encodeResponse: writeUpdateFeaturesResponse,
  decodeResponse: readUpdateFeaturesResponse,
}
