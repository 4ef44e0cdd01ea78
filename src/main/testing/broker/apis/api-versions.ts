/**
 * ApiVersions: what this broker answers, and nothing else. Of Kafka's features it has the consumer protocol (KIP-848) and transactions
 * that raise the epoch (KIP-890).
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  apiVersions,
} from '../../../../shared/protocol/generated/api-versions.ts'
import type { Cluster } from '../cluster.ts'
import { type AnyHandler, type Handler, maxVersionOf, minVersionOf } from '../handler.ts'

/** What a client may call itself (KIP-511). */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

const SUPPORTED = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
]

/** A feature at level 0 is not there. */
function featuresOf({ transactions }: Cluster) {
  const levels: [name: string, level: number][] = [
    ['group.version', 1],
    ['transaction.version', transactions.settings.version],
  ]
  const finalizedFeatures = levels
    .filter(([, level]) => level > 0)
    .map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level }))
  return { supportedFeatures: SUPPORTED, finalizedFeatures, finalizedFeaturesEpoch: 0 }
}

/** The handler for a table; the table is asked late, since this handler is part of it. */
export function apiVersionsOf(table: () => Iterable<AnyHandler>): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: apiVersions,
    handle(request, { cluster, version, faults }) {
      const fault = faults.failureOf()
      if (fault) return { errorCode: fault.error }
      const names = [request.clientSoftwareName, request.clientSoftwareVersion]
      if (version >= 3 && !names.every((name) => SOFTWARE_NAME.test(name))) return { errorCode: ErrorCode.INVALID_REQUEST }
      return { apiKeys: Array.from(table(), rangeOf), ...featuresOf(cluster) }
    },
  }
}

/** The answer, in version 0, to a version that is too new: the client learns which ones there are. */
export function unsupportedApiVersions(): Draft<ApiVersionsResponse> {
  const { key, minVersion, maxVersion } = apiVersions
  return { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}

function rangeOf(handler: AnyHandler): { apiKey: number; minVersion: number; maxVersion: number } {
  return {
    apiKey: handler.api.key,
    minVersion: handler.advertisedMinVersion ?? minVersionOf(handler),
    maxVersion: maxVersionOf(handler),
  }
}
