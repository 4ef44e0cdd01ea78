/**
 * SASL on a connection (KIP-43, KIP-152): names the mechanism, carries its conversation, and says what a refusal means. Knows no mechanism.
 */
import { KafkaError } from '../../shared/errors.ts'
import { heard } from '../../shared/heard.ts'
import type { Api, Draft } from '../../shared/protocol/api.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import { encodeRequestFrame, readResponseHeader } from '../../shared/protocol/frame.ts'
import { type SaslAuthenticateResponse, saslAuthenticate } from '../../shared/protocol/generated/sasl-authenticate.ts'
import { type SaslHandshakeResponse, saslHandshake } from '../../shared/protocol/generated/sasl-handshake.ts'
import { MalformedFrame } from '../../shared/protocol/reader.ts'
import { Writer } from '../../shared/protocol/writer.ts'
import type { Connection } from '../connection.ts'
import type { ApiRanges } from '../handshake.ts'
import type { Conversation } from './conversation.ts'

/** From here on conversations travel in SaslAuthenticate requests. */
const HANDSHAKE_VERSION = 1
const MAX_SAID = 300
const MAX_MECHANISM = 40

export interface SaslTerms {
  connection: Connection
  ranges: ApiRanges
  clientId: string
  timeoutMs: number
}

/**
 * Resolves with how long the broker takes requests from us without a new authentication; 0: for ever (KIP-368). What it says of
 * `secrets` does not get into an error.
 */
export async function authenticate(
  terms: SaslTerms,
  mechanism: string,
  conversation: Conversation,
  secrets: readonly string[],
): Promise<number> {
  const { broker } = terms.connection
  const shaken = await ask(terms, saslHandshake, HANDSHAKE_VERSION, { mechanism })
  if (shaken.errorCode !== ErrorCode.NONE) throw handshakeRefused(broker, mechanism, shaken, secrets)
  let lifetimeMs = 0
  try {
    await conversation(async (bytes) => {
      const answer = await ask(terms, saslAuthenticate, 0, { authBytes: Buffer.from(bytes) })
      if (answer.errorCode !== ErrorCode.NONE) throw refused(broker, mechanism, answer, secrets)
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
        const response = api.decodeResponse(reader, version)
        if (reader.remaining > 0) throw new MalformedFrame(`${reader.remaining} bytes follow the end of the response`)
        resolve(response)
        return true
      },
      onFailure: reject,
    })
  })
}

function handshakeRefused(
  broker: string,
  mechanism: string,
  { errorCode, mechanisms }: SaslHandshakeResponse,
  secrets: readonly string[],
): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const context = { broker, api: saslHandshake.name, brokerError: name, brokerErrorCode: errorCode }
  if (errorCode === ErrorCode.UNSUPPORTED_SASL_MECHANISM) {
    const offered = mechanisms.slice(0, 10).map((offer) => heard(offer, secrets, MAX_MECHANISM))
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

function refused(
  broker: string,
  mechanism: string,
  { errorCode, errorMessage }: SaslAuthenticateResponse,
  secrets: readonly string[],
): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const reason = errorMessage ? heard(errorMessage, secrets, MAX_SAID) : ''
  const said = reason && ` The broker says: ${reason.replace(/\.$/, '')}.`
  return new KafkaError(
    'AUTHENTICATION_FAILED',
    `${broker} refused this client's credentials (${mechanism}): ${name}.${said} Check user name, password or token, and that the cluster knows them.`,
    { broker, api: saslAuthenticate.name, brokerError: name, brokerErrorCode: errorCode, retriable },
  )
}
