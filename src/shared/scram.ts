/**
 * The keys of SCRAM (RFC 5802), as clients, brokers and administrators derive them from a password. Knows no messages and no users.
 */
import { createHash, createHmac, pbkdf2, pbkdf2Sync } from 'node:crypto'
import { promisify } from 'node:util'
import type { ScramMechanism } from './security.ts'

export type { ScramMechanism }

export const scramMechanisms: readonly ScramMechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512']

/** Fewer are refused, here and by Kafka. */
export const MIN_SCRAM_ITERATIONS = 4096
/** More are refused by Kafka. */
export const MAX_SCRAM_ITERATIONS = 16_384

const hashOf = (mechanism: ScramMechanism): string => (mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512')
const bytesOf = (mechanism: ScramMechanism): number => (mechanism === 'SCRAM-SHA-256' ? 32 : 64)

/** How mechanisms are numbered in requests (KIP-554). */
export const scramCode = (mechanism: ScramMechanism): number => scramMechanisms.indexOf(mechanism) + 1

const derive = promisify(pbkdf2)

/** `SaltedPassword`, in a thread of Node's pool. */
export function saltPassword(
  mechanism: ScramMechanism,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Promise<Buffer> {
  return derive(password, salt, iterations, bytesOf(mechanism), hashOf(mechanism))
}

/** `SaltedPassword`, at once. */
export function saltPasswordNow(mechanism: ScramMechanism, password: Uint8Array, salt: Uint8Array, iterations: number): Buffer {
  return pbkdf2Sync(password, salt, iterations, bytesOf(mechanism), hashOf(mechanism))
}

export function hmac(mechanism: ScramMechanism, key: Uint8Array, text: string): Buffer {
  return createHmac(hashOf(mechanism), key).update(text).digest()
}

/** What the broker keeps of a password. */
export function scramKeys(mechanism: ScramMechanism, saltedPassword: Uint8Array): { storedKey: Buffer; serverKey: Buffer } {
  const clientKey = hmac(mechanism, saltedPassword, 'Client Key')
  return { storedKey: hash(mechanism, clientKey), serverKey: hmac(mechanism, saltedPassword, 'Server Key') }
}

export function hash(mechanism: ScramMechanism, bytes: Uint8Array): Buffer {
  return createHash(hashOf(mechanism)).update(bytes).digest()
}
