// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ApiVersionsRequest {
  clientSoftwareName: string
  clientSoftwareVersion: string
}

function readApiVersionsRequest(r: Reader, v: number): ApiVersionsRequest {
  const clientSoftwareName = v >= 3 ? r.compactString() : ''
  const clientSoftwareVersion = v >= 3 ? r.compactString() : ''
  if (v >= 3) r.skipTags()
  return { clientSoftwareName, clientSoftwareVersion }
}

function writeApiVersionsRequest(w: Writer, v: number, m: Draft<ApiVersionsRequest>): void {
  if (v >= 3) {
    const { clientSoftwareName = '' } = m
    w.compactString(clientSoftwareName)
  }
  if (v >= 3) {
    const { clientSoftwareVersion = '' } = m
    w.compactString(clientSoftwareVersion)
  }
  if (v >= 3) w.unsignedVarint(0)
}

export interface ApiVersion {
  apiKey: number
  minVersion: number
  maxVersion: number
}

function readApiVersion(r: Reader, v: number): ApiVersion {
  const apiKey = r.int16()
  const minVersion = r.int16()
  const maxVersion = r.int16()
  if (v >= 3) r.skipTags()
  return { apiKey, minVersion, maxVersion }
}

function writeApiVersion(w: Writer, v: number, m: Draft<ApiVersion>): void {
  const { apiKey = 0 } = m
  w.int16(apiKey)
  const { minVersion = 0 } = m
  w.int16(minVersion)
  const { maxVersion = 0 } = m
  w.int16(maxVersion)
  if (v >= 3) w.unsignedVarint(0)
}

export interface SupportedFeatureKey {
  name: string
  minVersion: number
  maxVersion: number
}

function readSupportedFeatureKey(r: Reader, _v: number): SupportedFeatureKey {
  const name = r.compactString()
  const minVersion = r.int16()
  const maxVersion = r.int16()
  r.skipTags()
  return { name, minVersion, maxVersion }
}

function writeSupportedFeatureKey(w: Writer, _v: number, m: Draft<SupportedFeatureKey>): void {
  const { name = '' } = m
  w.compactString(name)
  const { minVersion = 0 } = m
  w.int16(minVersion)
  const { maxVersion = 0 } = m
  w.int16(maxVersion)
  w.unsignedVarint(0)
}

export interface FinalizedFeatureKey {
  name: string
  maxVersionLevel: number
  minVersionLevel: number
}

function readFinalizedFeatureKey(r: Reader, _v: number): FinalizedFeatureKey {
  const name = r.compactString()
  const maxVersionLevel = r.int16()
  const minVersionLevel = r.int16()
  r.skipTags()
  return { name, maxVersionLevel, minVersionLevel }
}

function writeFinalizedFeatureKey(w: Writer, _v: number, m: Draft<FinalizedFeatureKey>): void {
  const { name = '' } = m
  w.compactString(name)
  const { maxVersionLevel = 0 } = m
  w.int16(maxVersionLevel)
  const { minVersionLevel = 0 } = m
  w.int16(minVersionLevel)
  w.unsignedVarint(0)
}

export interface ApiVersionsResponse {
  errorCode: number
  apiKeys: ApiVersion[]
  throttleTimeMs: number
  supportedFeatures: SupportedFeatureKey[]
  finalizedFeaturesEpoch: number
  finalizedFeatures: FinalizedFeatureKey[]
  zkMigrationReady: boolean
}

function readApiVersionsResponse(r: Reader, v: number): ApiVersionsResponse {
  const errorCode = r.int16()
  const apiKeys: ApiVersion[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(7) : r.arrayLength(6)); n > 0; n--) apiKeys.push(readApiVersion(r, v))
  const throttleTimeMs = v >= 1 ? r.int32() : 0
  let supportedFeatures: SupportedFeatureKey[] = []
  let finalizedFeaturesEpoch: number = -1
  let finalizedFeatures: FinalizedFeatureKey[] = []
  let zkMigrationReady: boolean = false
  if (v >= 3) {
    for (let tags = r.unsignedVarint(); tags > 0; tags--) {
      const tag = r.unsignedVarint()
      const end = r.tagEnd()
      if (tag === 0) {
        supportedFeatures = []
        for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) supportedFeatures.push(readSupportedFeatureKey(r, v))
      } else if (tag === 1) {
        finalizedFeaturesEpoch = r.int64()
      } else if (tag === 2) {
        finalizedFeatures = []
        for (let n = r.notNull(r.compactArrayLength(6)); n > 0; n--) finalizedFeatures.push(readFinalizedFeatureKey(r, v))
      } else if (tag === 3) {
        zkMigrationReady = r.boolean()
      } else r.skip(end - r.offset)
      r.expectAt(end)
    }
  }
  return {
    errorCode,
    apiKeys,
    throttleTimeMs,
    supportedFeatures,
    finalizedFeaturesEpoch,
    finalizedFeatures,
    zkMigrationReady,
  }
}

function writeApiVersionsResponse(w: Writer, v: number, m: Draft<ApiVersionsResponse>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { apiKeys = [] } = m
  if (v >= 3) w.compactArrayLength(apiKeys.length)
  else w.arrayLength(apiKeys.length)
  for (const item of apiKeys) writeApiVersion(w, v, item)
  if (v >= 1) {
    const { throttleTimeMs = 0 } = m
    w.int32(throttleTimeMs)
  }
  if (v >= 3) {
    const { supportedFeatures = [] } = m
    const hasSupportedFeatures = supportedFeatures.length > 0
    const { finalizedFeaturesEpoch = -1 } = m
    const hasFinalizedFeaturesEpoch = finalizedFeaturesEpoch !== -1
    const { finalizedFeatures = [] } = m
    const hasFinalizedFeatures = finalizedFeatures.length > 0
    const { zkMigrationReady = false } = m
    const hasZkMigrationReady = zkMigrationReady !== false
    w.unsignedVarint(Number(hasSupportedFeatures) + Number(hasFinalizedFeaturesEpoch) + Number(hasFinalizedFeatures) + Number(hasZkMigrationReady))
    if (hasSupportedFeatures) {
      w.tag(0, (w) => {
        w.compactArrayLength(supportedFeatures.length)
        for (const item of supportedFeatures) writeSupportedFeatureKey(w, v, item)
      })
    }
    if (hasFinalizedFeaturesEpoch) w.tag(1, (w) => w.int64(finalizedFeaturesEpoch))
    if (hasFinalizedFeatures) {
      w.tag(2, (w) => {
        w.compactArrayLength(finalizedFeatures.length)
        for (const item of finalizedFeatures) writeFinalizedFeatureKey(w, v, item)
      })
    }
    if (hasZkMigrationReady) w.tag(3, (w) => w.boolean(zkMigrationReady))
  }
}

export const apiVersions: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  encodeRequest: writeApiVersionsRequest,
  decodeRequest: readApiVersionsRequest,
  encodeResponse: writeApiVersionsResponse,
  decodeResponse: readApiVersionsResponse,
}
