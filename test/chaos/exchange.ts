/** One request that went past the proxy and the answer to it: what it is, and how its bytes become a body and a frame again. */
import type { Api, Draft } from '../../src/shared/protocol/api.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { encodeResponseFrame, readRequestHeader, readResponseHeader } from '../../src/shared/protocol/frame.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { apiByKey, apiCode } from '../../src/shared/protocol/registry.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'

const SIZE_BYTES = 4

export class Exchange {
  readonly node: number
  /** Counts the connections of the proxy. */
  readonly connection: number
  readonly code: Api
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly #request: Reader

  constructor(node: number, connection: number, code: Api, header: ReturnType<typeof readRequestHeader>, request: Reader) {
    this.node = node
    this.connection = connection
    this.code = code
    this.version = header.apiVersion
    this.correlationId = header.correlationId
    this.clientId = header.clientId
    this.#request = request
  }

  get api(): string {
    return this.code.name
  }

  /** The request's body, when it is one of `api`. */
  request<Request>(api: Api<Request>): Request | undefined {
    if (api.key !== this.code.key) return undefined
    const { buffer, offset, end } = this.#request
    return api.decodeRequest(new Reader(buffer, offset, end), this.version)
  }

  decodeAnswer<Response>(api: Api<unknown, Response>, frame: Buffer): Response {
    const reader = new Reader(frame, SIZE_BYTES)
    readResponseHeader(reader, api, this.version)
    return api.decodeResponse(reader, this.#answersIn(frame))
  }

  encodeAnswer<Response>(api: Api<unknown, Response>, body: Draft<Response>, version = this.version): Buffer {
    const writer = new Writer()
    encodeResponseFrame(writer, api, version, this.correlationId, body)
    return writer.finish()
  }

  /** A broker that does not know the version of an ApiVersions request answers in version 0 (KIP-511). */
  #answersIn(frame: Buffer): number {
    const refused = this.code.key === apiVersions.key && frame.readInt16BE(SIZE_BYTES + 4) === ErrorCode.UNSUPPORTED_VERSION
    return refused ? 0 : this.version
  }
}

export async function readExchange(node: number, connection: number, frame: Buffer): Promise<Exchange> {
  const reader = new Reader(frame, SIZE_BYTES)
  const header = readRequestHeader(reader, (key) => apiByKey(key)?.flexibleFrom ?? Number.POSITIVE_INFINITY)
  const code = await apiCode(header.apiKey)
  if (code === undefined) throw new RangeError(`there is no API with key ${header.apiKey}`)
  return new Exchange(node, connection, code, header, reader)
}
