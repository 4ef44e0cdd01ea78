/** Requests and responses with the headers around them. */
import type { Api, Draft } from './api.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

const API_VERSIONS = 18

export interface RequestHeader {
  apiKey: number
  apiVersion: number
  correlationId: number
  clientId: string | null
}

/** Writes size, header and body. */
export function encodeRequestFrame<Request>(
  w: Writer,
  api: Api<Request>,
  version: number,
  correlationId: number,
  clientId: string | null,
  body: Draft<Request>,
): void {
  w.int32(0)
  w.int16(api.key)
  w.int16(version)
  w.int32(correlationId)
  // never compact, so that brokers can read the header of a version they do not know
  w.nullableString(clientId)
  if (version >= api.flexibleFrom) w.unsignedVarint(0)
  api.encodeRequest(w, version, body)
  w.patchSize()
}

/** Reads a request's header, behind its size. `flexibleFrom` is told by the key. */
export function readRequestHeader(r: Reader, flexibleFrom: (apiKey: number) => number): RequestHeader {
  const apiKey = r.int16()
  const apiVersion = r.int16()
  const correlationId = r.int32()
  const clientId = r.nullableString()
  if (apiVersion >= flexibleFrom(apiKey)) r.skipTags()
  return { apiKey, apiVersion, correlationId, clientId }
}

/** Writes size, header and body. */
export function encodeResponseFrame<Response>(
  w: Writer,
  // biome-ignore lint/suspicious/noExplicitAny: what is asked does not matter here
  api: Api<any, Response>,
  version: number,
  correlationId: number,
  body: Draft<Response>,
): void {
  w.int32(0)
  w.int32(correlationId)
  if (hasTags(api, version)) w.unsignedVarint(0)
  api.encodeResponse(w, version, body)
  w.patchSize()
}

/** Reads a response's header, behind its size; returns the correlation id. */
export function readResponseHeader(r: Reader, api: Api, version: number): number {
  const correlationId = r.int32()
  if (hasTags(api, version)) r.skipTags()
  return correlationId
}

/** The answer to ApiVersions is understood before versions are agreed on, so its header never changes (KIP-511). */
function hasTags(api: Pick<Api, 'key' | 'flexibleFrom'>, version: number): boolean {
  return version >= api.flexibleFrom && api.key !== API_VERSIONS
}
