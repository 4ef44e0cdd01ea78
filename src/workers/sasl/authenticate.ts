/**
 * SASL on a connection (KIP-43, KIP-152): names the mechanism, carries its conversation, and says what a refusal means. Knows no mechanism.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { Api, Draft } from '../../shared/protocol/api.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import { encodeRequestFrame, readResponseHeader } from '../../shared/protocol/frame.ts'
import { type SaslAuthenticateResponse, saslAuthenticate } from '../../shared/protocol/generated/sasl-authenticate.ts'
import { type SaslHandshakeResponse, saslHandshake } from '../../shared/protocol/generated/sasl-handshake.ts'
import { Writer } from '../../shared/protocol/writer.ts'
import type { Connection } from '../connection.ts'
import type { ApiRanges } from '../handshake.ts'
import type { Conversation } from './conversation.ts'

/** From here on conversations travel in SaslAuthenticate requests. */
const HANDSHAKE_VERSION = 1
const MAX_SAID = 300

export interface SaslTerms {
  connection: Connection
  ranges: ApiRanges
  clientId: string
  timeoutMs: number
}

/** Resolves with how long the broker takes requests from us without a new authentication; 0: for ever (KIP-368). */
export async function authenticate(terms: SaslTerms, mechanism: string, conversation: Conversation): Promise<number> {
  const { broker } = terms.connection
  const shaken = await ask(terms, saslHandshake, HANDSHAKE_VERSION, { mechanism })
  if (shaken.errorCode !== ErrorCode.NONE) throw handshakeRefused(broker, mechanism, shaken)
  let lifetimeMs = 0
  try {
    await conversation(async (bytes) => {
      const answer = await ask(terms, saslAuthenticate, 0, { authBytes: Buffer.from(bytes) })
      if (answer.errorCode !== ErrorCode.NONE) throw refused(broker, mechanism, answer)
      lifetimeMs = answer.sessionLifetimeMs
      // copied: the answer's bytes are borrowed
      return answer.authBytes
    })
  } catch (thrown) {
    const error = KafkaError.from(thrown, `SASL ${mechanism}`)
    throw error.context.broker === undefined ? error.with({ broker }) : error
  }
  return Math.max(0, lifetimeMs)
}

function ask<Request, Response>(
  { connection, ranges, clientId, timeoutMs }: SaslTerms,
  api: Api<Request, Response>,
  least: number,
  body: Draft<Request>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const version = ranges.version(api, Math.max(least, api.minVersion))
    const correlationId = connection.nextCorrelationId()
    const writer = new Writer()
    encodeRequestFrame(writer, api, version, correlationId, clientId, body)
    connection.send({
      api: api.name,
      chunks: writer.chunks(),
      correlationId,
      timeoutMs,
      answered: true,
      // its bytes are read after this call returned
      ownFrame: true,
      onResponse: (reader) => {
        readResponseHeader(reader, api, version)
        resolve(api.decodeResponse(reader, version))
        return true
      },
      onFailure: reject,
    })
  })
}

function handshakeRefused(broker: string, mechanism: string, { errorCode, mechanisms }: SaslHandshakeResponse): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const context = { broker, api: saslHandshake.name, brokerError: name, brokerErrorCode: errorCode }
  if (errorCode === ErrorCode.UNSUPPORTED_SASL_MECHANISM) {
    const offered = mechanisms.slice(0, 10).map((offer) => offer.slice(0, 40))
    const text = `${broker} does not offer the SASL mechanism ${mechanism}; it has ${offered.join(', ') || 'none'}. Change 'sasl.mechanism', or sasl.enabled.mechanisms of the listener.`
    return new KafkaError('AUTHENTICATION_FAILED', text, context)
  }
  if (errorCode === ErrorCode.ILLEGAL_SASL_STATE) {
    const text = `The listener ${broker} has no SASL: ${name}. Leave out 'sasl', or use the port of a listener that has it.`
    return new KafkaError('AUTHENTICATION_FAILED', text, context)
  }
  return new KafkaError('AUTHENTICATION_FAILED', `${broker} refused to begin SASL: ${name}. Its log may say why.`, {
    ...context,
    retriable,
  })
}

function refused(broker: string, mechanism: string, { errorCode, errorMessage }: SaslAuthenticateResponse): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const said = errorMessage ? ` The broker says: ${errorMessage.slice(0, MAX_SAID).replace(/\.$/, '')}.` : ''
  return new KafkaError(
    'AUTHENTICATION_FAILED',
    `${broker} refused this client's credentials (${mechanism}): ${name}.${said} Check user name, password or token, and that the cluster knows them.`,
    { broker, api: saslAuthenticate.name, brokerError: name, brokerErrorCode: errorCode, retriable },
  )
}

/** The same error without secrets that a broker may have sent back to us. */
export function withoutSecrets(error: KafkaError, secrets: readonly string[]): KafkaError {
  const found = secrets.filter((secret) => secret.length > 0 && error.message.includes(secret))
  if (found.length === 0) return error
  const text = found.reduce((message, secret) => message.replaceAll(secret, '***'), error.message)
  return new KafkaError(error.code, text, { ...error.context, retriable: error.retriable })
}
