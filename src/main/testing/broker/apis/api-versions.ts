/** ApiVersions: what this broker answers, and nothing else. Of Kafka's features it has the consumer protocol (KIP-848). */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  apiVersions,
} from '../../../../shared/protocol/generated/api-versions.ts'
import { consumerGroupHeartbeat } from '../../../../shared/protocol/generated/consumer-group-heartbeat.ts'
import { type AnyHandler, type Handler, minVersionOf } from '../handler.ts'

/** What a client may call itself (KIP-511). */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

const FEATURES = {
  supportedFeatures: [{ name: 'group.version', minVersion: 0, maxVersion: 1 }],
  finalizedFeatures: [{ name: 'group.version', minVersionLevel: 1, maxVersionLevel: 1 }],
  finalizedFeaturesEpoch: 0,
}

/** The handler for a table; the table is asked late, since this handler is part of it. */
export function apiVersionsOf(table: () => Iterable<AnyHandler>): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: apiVersions,
    handle(request, { version, faults, node }) {
      const fault = faults.failureOf()
      if (fault) return { errorCode: fault.error }
      const names = [request.clientSoftwareName, request.clientSoftwareVersion]
      if (version >= 3 && !names.every((name) => SOFTWARE_NAME.test(name))) return { errorCode: ErrorCode.INVALID_REQUEST }
      const spoken = [...table()].filter((handler) => node.versions.has(handler))
      const apiKeys = spoken.map((handler) => rangeOf(handler, node.versions.max(handler)))
      // a broker from before the consumer protocol knows of no such feature
      return { apiKeys, ...(apiKeys.some(({ apiKey }) => apiKey === consumerGroupHeartbeat.key) && FEATURES) }
    },
  }
}

/** The answer, in version 0, to a version that is too new: the client learns which ones there are. */
export function unsupportedApiVersions(maxVersion: number): Draft<ApiVersionsResponse> {
  const { key, minVersion } = apiVersions
  return { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}

function rangeOf(handler: AnyHandler, maxVersion: number): { apiKey: number; minVersion: number; maxVersion: number } {
  return {
    apiKey: handler.api.key,
    minVersion: handler.advertisedMinVersion ?? minVersionOf(handler),
    maxVersion,
  }
}
