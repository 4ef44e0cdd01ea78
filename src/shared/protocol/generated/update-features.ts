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
  const allowDowngrade: boolean = v <= 0 ? r.boolean() : false
  const upgradeType: number = v >= 1 ? r.int8() : 1
  r.skipTags()
  return { feature, maxVersionLevel, allowDowngrade, upgradeType }
}

function writeFeatureUpdateKey(w: Writer, v: number, m: Draft<FeatureUpdateKey>): void {
  const feature = m.feature === undefined ? '' : m.feature
  w.compactString(feature)
  const maxVersionLevel = m.maxVersionLevel === undefined ? 0 : m.maxVersionLevel
  w.int16(maxVersionLevel)
  if (v <= 0) {
    const allowDowngrade = m.allowDowngrade === undefined ? false : m.allowDowngrade
    w.boolean(allowDowngrade)
  }
  if ((v > 0) && m.allowDowngrade !== undefined && m.allowDowngrade !== false) throw new UnsupportedField('UpdateFeaturesRequest', 'allowDowngrade', v, 0)
  if (v >= 1) {
    const upgradeType = m.upgradeType === undefined ? 1 : m.upgradeType
    w.int8(upgradeType)
  }
  if ((v < 1) && m.upgradeType !== undefined && m.upgradeType !== 1) throw new UnsupportedField('UpdateFeaturesRequest', 'upgradeType', v, 1)
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
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) featureUpdates.push(readFeatureUpdateKey(r, v))
  }
  const validateOnly: boolean = v >= 1 ? r.boolean() : false
  r.skipTags()
  return { timeoutMs, featureUpdates, validateOnly }
}

function writeUpdateFeaturesRequest(w: Writer, v: number, m: Draft<UpdateFeaturesRequest>): void {
  const timeoutMs = m.timeoutMs === undefined ? 60000 : m.timeoutMs
  w.int32(timeoutMs)
  const featureUpdates = m.featureUpdates === undefined ? [] : m.featureUpdates
  w.compactArrayLength(featureUpdates.length)
  for (const item of featureUpdates) writeFeatureUpdateKey(w, v, item)
  if (v >= 1) {
    const validateOnly = m.validateOnly === undefined ? false : m.validateOnly
    w.boolean(validateOnly)
  }
  if ((v < 1) && m.validateOnly !== undefined && m.validateOnly !== false) throw new UnsupportedField('UpdateFeaturesRequest', 'validateOnly', v, 1)
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
  const feature = m.feature === undefined ? '' : m.feature
  w.compactString(feature)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
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
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) results.push(readUpdatableFeatureResult(r, v))
  }
  r.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

function writeUpdateFeaturesResponse(w: Writer, v: number, m: Draft<UpdateFeaturesResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? '' : m.errorMessage
  w.compactNullableString(errorMessage)
  if (v <= 1) {
    const results = m.results === undefined ? [] : m.results
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
