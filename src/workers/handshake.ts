/** The first words on a new connection: which API versions the broker speaks (KIP-35, KIP-511). */
import { KafkaError } from '../shared/errors.ts'
import type { Api } from '../shared/protocol/api.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { encodeRequestFrame, readResponseHeader } from '../shared/protocol/frame.ts'
import { type ApiVersionsResponse, apiVersions } from '../shared/protocol/generated/api-versions.ts'
import { Writer } from '../shared/protocol/writer.ts'
import type { Connection } from './connection.ts'

const SOFTWARE_NAME = 'odradek'
const SOFTWARE_VERSION = '0.1.0'

/** What a broker said it speaks. */
export class ApiRanges {
  readonly #broker: string
  readonly #ranges = new Map<number, { min: number; max: number }>()

  constructor(broker: string, response: ApiVersionsResponse) {
    this.#broker = broker
    for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
      if (minVersion >= 0 && minVersion <= maxVersion) this.#ranges.set(apiKey, { min: minVersion, max: maxVersion })
    }
  }

  /** The highest version that neither side is too old for; −1 when the broker has none. */
  highest(api: Api): number {
    return Math.min(api.maxVersion, this.#ranges.get(api.key)?.max ?? -1)
  }

  /** The highest version both sides speak; none below `least` will do. */
  version(api: Api, least = api.minVersion, most = api.maxVersion): number {
    const range = this.#ranges.get(api.key)
    const version = Math.min(this.highest(api), most)
    if (range && version >= Math.max(least, range.min)) return version
    const has = range
      ? `only versions ${range.min} to ${range.max}, this client speaks ${least} to ${Math.min(api.maxVersion, most)}`
      : 'none of its versions'
    throw new KafkaError(
      'UNSUPPORTED',
      `The broker ${this.#broker} does not offer what this needs: of ${api.name} it has ${has}. Upgrade the broker, or do without this call.`,
      {
        broker: this.#broker,
        api: api.name,
      },
    )
  }
}

export interface Handshake {
  ranges: ApiRanges
  throttleTimeMs: number
}

/**
 * Asks in the newest version; a broker that does not know it answers in version 0 and is asked again in one it does. `left`: how many
 * milliseconds it may take from now on.
 */
export function shakeHands(connection: Connection, clientId: string, left: () => number): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const ask = (version: number): void => {
      const correlationId = connection.nextCorrelationId()
      const writer = new Writer()
      encodeRequestFrame(writer, apiVersions, version, correlationId, clientId, {
        clientSoftwareName: SOFTWARE_NAME,
        clientSoftwareVersion: SOFTWARE_VERSION,
      })
      connection.send({
        api: apiVersions.name,
        chunks: writer.chunks(),
        correlationId,
        timeoutMs: left(),
        answered: true,
        onResponse: (reader) => {
          readResponseHeader(reader, apiVersions, version)
          const start = reader.offset
          const errorCode = reader.int16()
          reader.offset = start
          const refused = errorCode === ErrorCode.UNSUPPORTED_VERSION
          const response = apiVersions.decodeResponse(reader, refused ? 0 : version)
          if (errorCode === ErrorCode.NONE) {
            resolve({ ranges: new ApiRanges(connection.broker, response), throttleTimeMs: response.throttleTimeMs })
            return false
          }
          const range = response.apiKeys.find(({ apiKey }) => apiKey === apiVersions.key)
          const next = Math.min(range?.maxVersion ?? 0, version - 1)
          if (refused && version > 0 && next >= 0) {
            ask(next)
            return false
          }
          reject(handshakeRefused(connection.broker, errorCode))
          return false
        },
        onFailure: reject,
      })
    }
    ask(apiVersions.maxVersion)
  })
}

/** Only that no version is spoken is final; any other error may be gone with the next connection. */
function handshakeRefused(broker: string, errorCode: number): KafkaError {
  const { name } = brokerError(errorCode)
  const context = { broker, api: apiVersions.name, brokerError: name, brokerErrorCode: errorCode }
  if (errorCode === ErrorCode.UNSUPPORTED_VERSION) {
    const text = `${broker} refused to say which API versions it speaks: ${name}. Is it a Kafka broker of 2.1 or later?`
    return new KafkaError('UNSUPPORTED', text, context)
  }
  const text = `${broker} refused to say which API versions it speaks: ${name}. Its log may say why.`
  return new KafkaError('BROKER_ERROR', text, { ...context, retriable: true })
}
