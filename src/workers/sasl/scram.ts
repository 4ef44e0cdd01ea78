/**
 * SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677, KIP-84): the broker learns that this client knows the password, and proves that it
 * knows it too. The answers of a broker that may be anybody are read strictly, and cost no more than the option allows.
 */
import { isUtf8 } from 'node:buffer'
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { saslprep } from '@mongodb-js/saslprep'
import { KafkaError } from '../../shared/errors.ts'
import { heard } from '../../shared/heard.ts'
import type { Credentials, ScramMechanism } from '../../shared/security.ts'
import { type Conversation, mistrust } from './conversation.ts'

export interface IterationBounds {
  minIterations: number
  maxIterations: number
}

const derive = promisify(pbkdf2)
/** No channel binding, no other identity. */
const GS2_HEADER = 'n,,'
const NONCE_BYTES = 24
/** Far above any that brokers send. */
const MAX_MESSAGE_BYTES = 4_096
const MAX_SALT_BYTES = 1_024
const MAX_ERROR = 100

// What may follow: attributes with a value, of other names than those that SCRAM has (RFC 5802, 7).
const EXTENSIONS = '(?:,(?:[bdf-hj-loqtuw-zA-Z]|[A-Za-z]{2,})=[^\\0,]+)*'
const SERVER_FIRST = new RegExp(`^r=([\\x21-\\x2b\\x2d-\\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\\d{0,15})${EXTENSIONS}$`)
const SERVER_FINAL = new RegExp(`^v=([A-Za-z0-9+/]+={0,2})${EXTENSIONS}$`)

/** `nonce`: for tests with the RFCs' vectors. */
export function scram(
  mechanism: ScramMechanism,
  credentials: Credentials,
  bounds: IterationBounds,
  nonce = randomBytes(NONCE_BYTES).toString('base64'),
): Conversation {
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const hmac = (key: Uint8Array, text: string): Buffer => createHmac(hash, key).update(text).digest()
  return async (exchange) => {
    const password = prepared(credentials.password)
    const clientFirst = `n=${escapeName(prepared(credentials.username))},r=${nonce}`
    const serverFirst = textOf(mechanism, await exchange(Buffer.from(GS2_HEADER + clientFirst)))
    refuseError(mechanism, serverFirst, credentials.password)
    const { serverNonce, salt, iterations } = readServerFirst(mechanism, serverFirst, nonce, bounds)
    const salted = await derive(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash)
    const clientKey = hmac(salted, 'Client Key')
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${serverNonce}`
    const authMessage = `${clientFirst},${serverFirst},${withoutProof}`
    const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage)
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64')
    const serverFinal = textOf(mechanism, await exchange(Buffer.from(`${withoutProof},p=${proof}`)))
    refuseError(mechanism, serverFinal, credentials.password)
    checkServerFinal(mechanism, serverFinal, hmac(hmac(salted, 'Server Key'), authMessage))
  }
}

function prepared(text: string): string {
  try {
    return saslprep(text)
  } catch {
    // what the library says holds the characters themselves
    throw new KafkaError(
      'AUTHENTICATION_FAILED',
      'The user name or the password has characters that SASLprep (RFC 4013) forbids, so that brokers cannot know it. Choose others.',
      { api: 'SaslAuthenticate' },
    )
  }
}

function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C')
}

function textOf(mechanism: string, bytes: Buffer): string {
  if (bytes.length > MAX_MESSAGE_BYTES)
    throw mistrust(mechanism, `it sent ${bytes.length} bytes, over the limit of ${MAX_MESSAGE_BYTES}`)
  if (!isUtf8(bytes)) throw mistrust(mechanism, 'what it sent is not UTF-8')
  return bytes.toString('utf8')
}

/** It says why it does not go on. */
function refuseError(mechanism: string, text: string, password: string): void {
  const error = /^e=([\w-]+)/.exec(text)?.[1]
  if (error) throw mistrust(mechanism, `it said '${heard(error, [password], MAX_ERROR)}'`)
}

/** The salt and the number of iterations, and the nonce of both sides, in this order and nothing else (RFC 5802, 5.1). */
function readServerFirst(
  mechanism: string,
  text: string,
  nonce: string,
  { minIterations, maxIterations }: IterationBounds,
): { serverNonce: string; salt: Buffer; iterations: number } {
  const parts = SERVER_FIRST.exec(text)
  if (!parts) throw mistrust(mechanism, 'its first message is not one of SCRAM')
  const [, serverNonce, base64, count] = parts as unknown as [string, string, string, string]
  if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length)
    throw mistrust(mechanism, 'its nonce does not go on from ours')
  const salt = Buffer.from(base64, 'base64')
  if (salt.length === 0 || salt.length > MAX_SALT_BYTES || salt.toString('base64') !== base64)
    throw mistrust(mechanism, 'its salt is not one')
  const iterations = Number(count)
  if (iterations < minIterations || iterations > maxIterations)
    throw iterationError(mechanism, iterations, { minIterations, maxIterations })
  return { serverNonce, salt, iterations }
}

function iterationError(mechanism: string, iterations: number, { minIterations, maxIterations }: IterationBounds): KafkaError {
  const few = iterations < minIterations
  const [option, limit] = few ? ['sasl.minIterations', minIterations] : ['sasl.maxIterations', maxIterations]
  const why = few
    ? 'so few make the password easy to guess for whoever listens'
    : 'so many would only keep this client busy, which may be what it is after'
  return new KafkaError(
    'AUTHENTICATION_FAILED',
    `The broker asks for ${iterations} iterations of ${mechanism}, ${few ? 'less' : 'more'} than ${limit} (${option}): ${why}. Change the user's SCRAM credential, or the option if you trust that broker.`,
    { api: 'SaslAuthenticate', option, size: iterations, limit: Number(limit) },
  )
}

function checkServerFinal(mechanism: string, text: string, expected: Buffer): void {
  const base64 = SERVER_FINAL.exec(text)?.[1]
  const signature = Buffer.from(base64 ?? '', 'base64')
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw mistrust(mechanism, base64 ? 'its signature is wrong, so that it does not know the password' : 'it sent no signature')
}
