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
import { consumerGroupHeartbeat } from '../../../../shared/protocol/generated/consumer-group-heartbeat.ts'
import { endTxn } from '../../../../shared/protocol/generated/end-txn.ts'
import type { Cluster } from '../cluster.ts'
import { type AnyHandler, type Handler, minVersionOf } from '../handler.ts'

/** From here on EndTxn raises the producer's epoch, which is what a transaction version of 2 is about (KIP-890). */
const EPOCH_BUMPS_SINCE = 5
/** What a client may call itself (KIP-511). */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

const SUPPORTED = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
]

type ApiRange = { apiKey: number; minVersion: number; maxVersion: number }

/** A feature at level 0 is not there; those of newer APIs go with them. */
function featuresOf({ transactions }: Cluster, apiKeys: readonly ApiRange[]) {
  const has = (key: number, version: number): boolean =>
    apiKeys.some(({ apiKey, maxVersion }) => apiKey === key && maxVersion >= version)
  const levels = new Map<string, number>([
    ['group.version', has(consumerGroupHeartbeat.key, 0) ? 1 : 0],
    ['transaction.version', has(endTxn.key, EPOCH_BUMPS_SINCE) ? transactions.settings.version : 0],
  ])
  const finalizedFeatures = Array.from(levels)
    .filter(([, level]) => level > 0)
    .map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level }))
  const isOld = levels.get('group.version') === 0
  return { supportedFeatures: isOld ? [] : SUPPORTED, finalizedFeatures, finalizedFeaturesEpoch: 0 }
}

/** The handler for a table; the table is asked late, since this handler is part of it. */
export function apiVersionsOf(table: () => Iterable<AnyHandler>): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: apiVersions,
    handle(request, { cluster, version, faults, node, session }) {
      const fault = faults.failureOf()
      if (fault) return { errorCode: fault.error }
      const names = [request.clientSoftwareName, request.clientSoftwareVersion]
      if (version >= 3 && !names.every((name) => SOFTWARE_NAME.test(name))) return { errorCode: ErrorCode.INVALID_REQUEST }
      session?.versionsTold()
      const spoken = [...table()].filter((handler) => node.versions.has(handler))
      const apiKeys = spoken.map((handler) => rangeOf(handler, node.versions.max(handler)))
      return { apiKeys, ...featuresOf(cluster, apiKeys) }
    },
  }
}

/** The answer, in version 0, to a version that is too new: the client learns which ones there are. */
export function unsupportedApiVersions(maxVersion: number): Draft<ApiVersionsResponse> {
  const { key, minVersion } = apiVersions
  return { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}

function rangeOf(handler: AnyHandler, maxVersion: number): ApiRange {
  return {
    apiKey: handler.api.key,
    minVersion: handler.advertisedMinVersion ?? minVersionOf(handler),
    maxVersion,
  }
}
