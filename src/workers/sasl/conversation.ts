/** What a SASL mechanism is to the handshake: one side of a conversation in bytes. Knows no request and no connection. */
import { KafkaError } from '../../shared/errors.ts'

/** Sends bytes and gives the broker's answer. Rejects when it refuses. */
export type Exchange = (bytes: Uint8Array) => Promise<Buffer>

/** Says all that the mechanism has to say. Resolves when this client is content with the broker; rejects with AUTHENTICATION_FAILED. */
export type Conversation = (exchange: Exchange) => Promise<void>

/** The broker did not keep to the mechanism, or is not who it says: nothing more is sent to it. */
export function mistrust(mechanism: string, why: string): KafkaError {
  return new KafkaError(
    'AUTHENTICATION_FAILED',
    `The broker did not authenticate itself with ${mechanism}: ${why}. Nothing more was sent to it. Check that 'brokers' leads to the right cluster, and what is between.`,
    { api: 'SaslAuthenticate' },
  )
}
