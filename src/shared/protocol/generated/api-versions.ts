// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ApiVersionsRequest {
  clientSoftwareName: string
  clientSoftwareVersion: string
}

function readApiVersionsRequest(r: Reader, v: number): ApiVersionsRequest {
  const clientSoftwareName: string = v >= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const clientSoftwareVersion: string = v >= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  if (v >= 3) r.skipTags()
  return { clientSoftwareName, clientSoftwareVersion }
}

function writeApiVersionsRequest(w: Writer, v: number, m: Draft<ApiVersionsRequest>): void {
  if (v >= 3) {
    const clientSoftwareName = m.clientSoftwareName === undefined ? '' : m.clientSoftwareName
    if (v >= 3) { w.compactString(clientSoftwareName) } else { w.string(clientSoftwareName) }
  }
  if (v >= 3) {
    const clientSoftwareVersion = m.clientSoftwareVersion === undefined ? '' : m.clientSoftwareVersion
    if (v >= 3) { w.compactString(clientSoftwareVersion) } else { w.string(clientSoftwareVersion) }
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
  const apiKey = m.apiKey === undefined ? 0 : m.apiKey
  w.int16(apiKey)
  const minVersion = m.minVersion === undefined ? 0 : m.minVersion
  w.int16(minVersion)
  const maxVersion = m.maxVersion === undefined ? 0 : m.maxVersion
  w.int16(maxVersion)
  if (v >= 3) w.unsignedVarint(0)
}

export interface SupportedFeatureKey {
  name: string
  minVersion: number
  maxVersion: number
}

function readSupportedFeatureKey(r: Reader, v: number): SupportedFeatureKey {
  const name: string = v >= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const minVersion: number = v >= 3 ? r.int16() : 0
  const maxVersion: number = v >= 3 ? r.int16() : 0
  if (v >= 3) r.skipTags()
  return { name, minVersion, maxVersion }
}

function writeSupportedFeatureKey(w: Writer, v: number, m: Draft<SupportedFeatureKey>): void {
  if (v >= 3) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 3) { w.compactString(name) } else { w.string(name) }
  }
  if ((v < 3) && m.name !== undefined && m.name !== '') throw new UnsupportedField('ApiVersionsResponse', 'name', v, 3)
  if (v >= 3) {
    const minVersion = m.minVersion === undefined ? 0 : m.minVersion
    w.int16(minVersion)
  }
  if ((v < 3) && m.minVersion !== undefined && m.minVersion !== 0) throw new UnsupportedField('ApiVersionsResponse', 'minVersion', v, 3)
  if (v >= 3) {
    const maxVersion = m.maxVersion === undefined ? 0 : m.maxVersion
    w.int16(maxVersion)
  }
  if ((v < 3) && m.maxVersion !== undefined && m.maxVersion !== 0) throw new UnsupportedField('ApiVersionsResponse', 'maxVersion', v, 3)
  if (v >= 3) w.unsignedVarint(0)
}

export interface FinalizedFeatureKey {
  name: string
  maxVersionLevel: number
  minVersionLevel: number
}

function readFinalizedFeatureKey(r: Reader, v: number): FinalizedFeatureKey {
  const name: string = v >= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const maxVersionLevel: number = v >= 3 ? r.int16() : 0
  const minVersionLevel: number = v >= 3 ? r.int16() : 0
  if (v >= 3) r.skipTags()
  return { name, maxVersionLevel, minVersionLevel }
}

function writeFinalizedFeatureKey(w: Writer, v: number, m: Draft<FinalizedFeatureKey>): void {
  if (v >= 3) {
    const name = m.name === undefined ? '' : m.name
    if (v >= 3) { w.compactString(name) } else { w.string(name) }
  }
  if ((v < 3) && m.name !== undefined && m.name !== '') throw new UnsupportedField('ApiVersionsResponse', 'name', v, 3)
  if (v >= 3) {
    const maxVersionLevel = m.maxVersionLevel === undefined ? 0 : m.maxVersionLevel
    w.int16(maxVersionLevel)
  }
  if ((v < 3) && m.maxVersionLevel !== undefined && m.maxVersionLevel !== 0) throw new UnsupportedField('ApiVersionsResponse', 'maxVersionLevel', v, 3)
  if (v >= 3) {
    const minVersionLevel = m.minVersionLevel === undefined ? 0 : m.minVersionLevel
    w.int16(minVersionLevel)
  }
  if ((v < 3) && m.minVersionLevel !== undefined && m.minVersionLevel !== 0) throw new UnsupportedField('ApiVersionsResponse', 'minVersionLevel', v, 3)
  if (v >= 3) w.unsignedVarint(0)
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
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) apiKeys.push(readApiVersion(r, v))
  }
  const throttleTimeMs: number = v >= 1 ? r.int32() : 0
  let supportedFeatures: SupportedFeatureKey[] = []
  let finalizedFeaturesEpoch: number = -1
  let finalizedFeatures: FinalizedFeatureKey[] = []
  let zkMigrationReady: boolean = false
  if (v >= 3) {
    for (let count = r.unsignedVarint(); count > 0; count--) {
      const tag = r.unsignedVarint()
      const size = r.unsignedVarint()
      const end = r.offset + size
      switch (tag) {
        case 0: {
          if (!(v >= 3)) {
            r.skip(size)
            break
          }
          supportedFeatures = []
          const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
          for (let i = 0; i < n; i++) supportedFeatures.push(readSupportedFeatureKey(r, v))
          break
        }
        case 1: {
          if (!(v >= 3)) {
            r.skip(size)
            break
          }
          finalizedFeaturesEpoch = r.int64()
          break
        }
        case 2: {
          if (!(v >= 3)) {
            r.skip(size)
            break
          }
          finalizedFeatures = []
          const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
          for (let i = 0; i < n; i++) finalizedFeatures.push(readFinalizedFeatureKey(r, v))
          break
        }
        case 3: {
          if (!(v >= 3)) {
            r.skip(size)
            break
          }
          zkMigrationReady = r.boolean()
          break
        }
        default:
          r.skip(size)
      }
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
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const apiKeys = m.apiKeys === undefined ? [] : m.apiKeys
  if (v >= 3) { w.compactArrayLength(apiKeys.length) } else { w.arrayLength(apiKeys.length) }
  for (const item of apiKeys) writeApiVersion(w, v, item)
  if (v >= 1) {
    const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
    w.int32(throttleTimeMs)
  }
  if (v >= 3) {
    let tags = 0
    const supportedFeatures = m.supportedFeatures === undefined ? [] : m.supportedFeatures
    const hasSupportedFeatures = v >= 3 && supportedFeatures.length > 0
    if (hasSupportedFeatures) tags++
    const finalizedFeaturesEpoch = m.finalizedFeaturesEpoch === undefined ? -1 : m.finalizedFeaturesEpoch
    const hasFinalizedFeaturesEpoch = v >= 3 && finalizedFeaturesEpoch !== -1
    if (hasFinalizedFeaturesEpoch) tags++
    const finalizedFeatures = m.finalizedFeatures === undefined ? [] : m.finalizedFeatures
    const hasFinalizedFeatures = v >= 3 && finalizedFeatures.length > 0
    if (hasFinalizedFeatures) tags++
    const zkMigrationReady = m.zkMigrationReady === undefined ? false : m.zkMigrationReady
    const hasZkMigrationReady = v >= 3 && zkMigrationReady !== false
    if (hasZkMigrationReady) tags++
    w.unsignedVarint(tags)
    if (hasSupportedFeatures) w.tag(0, (w) => {
      if (v >= 3) { w.compactArrayLength(supportedFeatures.length) } else { w.arrayLength(supportedFeatures.length) }
      for (const item of supportedFeatures) writeSupportedFeatureKey(w, v, item)
    })
    if (hasFinalizedFeaturesEpoch) w.tag(1, (w) => {
      w.int64(finalizedFeaturesEpoch)
    })
    if (hasFinalizedFeatures) w.tag(2, (w) => {
      if (v >= 3) { w.compactArrayLength(finalizedFeatures.length) } else { w.arrayLength(finalizedFeatures.length) }
      for (const item of finalizedFeatures) writeFinalizedFeatureKey(w, v, item)
    })
    if (hasZkMigrationReady) w.tag(3, (w) => {
      w.boolean(zkMigrationReady)
    })
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
