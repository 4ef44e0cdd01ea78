/** SASL OAUTHBEARER (RFC 7628, with KIP-342's extensions): a token that somebody else has issued. */
import { KafkaError } from '../../shared/errors.ts'
import { heard } from '../../shared/heard.ts'
import type { BearerToken } from '../../shared/security.ts'
import type { Conversation } from './conversation.ts'

const SEPARATOR = '\x01'
const MAX_REASON = 500

/** What brokers are told in confidence. */
export function secretsOf({ value, extensions }: BearerToken): string[] {
  return [value, ...extensions.map(([, text]) => text)]
}

export function oauthBearer(token: BearerToken): Conversation {
  const { value, extensions } = token
  const fields = [`auth=Bearer ${value}`, ...extensions.map(([name, text]) => `${name}=${text}`)]
  const first = ['n,,', ...fields, '', ''].join(SEPARATOR)
  return async (exchange) => {
    const reason = await exchange(Buffer.from(first))
    if (reason.length === 0) return
    // it says why it refuses, and wants that acknowledged before it refuses (RFC 7628, 3.2.2)
    await exchange(Buffer.from(SEPARATOR)).catch((thrown: unknown) => {
      if (thrown instanceof KafkaError && thrown.code !== 'AUTHENTICATION_FAILED') throw thrown
    })
    throw new KafkaError(
      'AUTHENTICATION_FAILED',
      `The broker did not accept the token: ${heard(reason.toString('utf8', 0, 4 * MAX_REASON), secretsOf(token), MAX_REASON)}. Check its issuer, audience, scope and expiry.`,
      { api: 'SaslAuthenticate', brokerError: 'SASL_AUTHENTICATION_FAILED', brokerErrorCode: 58 },
    )
  }
}
